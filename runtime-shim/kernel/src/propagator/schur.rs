//! Triangular form by rotations.
//!
//! 1. Eigenvalues that can be read off the matrix are moved to its ends by exchanges alone, as for any chain of
//!    compartments without a way back: nothing is rounded.
//! 2. The rest becomes a Hessenberg matrix, then a triangular one by steps with a shift (J. G. F. Francis,
//!    Comput. J. 4 (1961) 265; G. H. Golub and C. F. Van Loan, Matrix Computations, section 7.5), in real numbers:
//!    compartments that exchange have real eigenvalues. Where they are complex, the caller has another way.

use super::matrix::{get, set, set_identity};

/// Most steps for one eigenvalue.
const STEPS: u32 = 40;

/// A matrix on its way to triangular form: `A = Q T Qᵀ`, both row by row.
pub(super) struct Schur<'a> {
    pub(super) n: usize,
    /// At first `A`, then `T`.
    pub(super) t: &'a mut [f64],
    /// The product of all rotations so far.
    pub(super) q: &'a mut [f64],
}

impl Schur<'_> {
    /// Makes the matrix upper triangular; returns false where steps with real shifts do not get there, as with
    /// eigenvalues that are not real.
    #[inline(never)]
    pub(super) fn run(&mut self) -> bool {
        set_identity(self.q, self.n);
        let (low, high) = self.isolate();
        if low + 1 < high {
            self.reduce(low, high);
            return self.iterate(low, high);
        }
        true
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        get(self.t, self.n, row, column)
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        set(self.t, self.n, row, column, value);
    }

    /// Moves rows, then columns, without entries off the diagonal to the ends; returns the range that is left.
    fn isolate(&mut self) -> (usize, usize) {
        let (mut low, mut high) = (0, self.n);
        while let Some(row) = self.lonely(low, high, true) {
            high -= 1;
            self.exchange(row, high);
        }
        while let Some(column) = self.lonely(low, high, false) {
            self.exchange(column, low);
            low += 1;
        }
        (low, high)
    }

    /// Returns the last row, or column, of a range that has no entries of the range off its diagonal.
    #[inline(never)]
    fn lonely(&self, low: usize, high: usize, by_row: bool) -> Option<usize> {
        let entry = |a, b| if by_row { self.at(a, b) } else { self.at(b, a) };
        (low..high).rev().find(|a| (low..high).all(|b| *a == b || entry(*a, b) == 0.0))
    }

    /// Exchanges two states.
    #[inline(never)]
    fn exchange(&mut self, i: usize, j: usize) {
        let n = self.n;
        for k in 0..n {
            let (a, b) = (self.at(i, k), self.at(j, k));
            self.set(i, k, b);
            self.set(j, k, a);
        }
        for row in self.t.chunks_mut(n).chain(self.q.chunks_mut(n)) {
            row.swap(i, j);
        }
    }

    /// Turns the axes `i` and `i + 1` so that the first one points along (`x`, `y`).
    #[inline(never)]
    fn rotate(&mut self, i: usize, x: f64, y: f64) {
        let larger = if x.abs() < y.abs() { y.abs() } else { x.abs() };
        if larger == 0.0 {
            return;
        }
        let (x, y) = (x / larger, y / larger);
        let r = pmc_math::sqrt(x * x + y * y);
        let (c, s) = (x / r, y / r);
        let n = self.n;
        if let Some((first, second)) = self.t.get_mut(i * n..(i + 2) * n).map(|rows| rows.split_at_mut(n)) {
            for (a, b) in first.iter_mut().zip(second) {
                (*a, *b) = (c * *a + s * *b, c * *b - s * *a);
            }
        }
        for row in self.t.chunks_mut(n).chain(self.q.chunks_mut(n)) {
            if let Some([a, b]) = row.get_mut(i..i + 2) {
                (*a, *b) = (c * *a + s * *b, c * *b - s * *a);
            }
        }
    }

    /// Clears everything below the first subdiagonal of a range.
    fn reduce(&mut self, low: usize, high: usize) {
        for column in low..high {
            for row in (column + 2..high).rev() {
                let (x, y) = (self.at(row - 1, column), self.at(row, column));
                if y != 0.0 {
                    self.rotate(row - 1, x, y);
                    self.set(row, column, 0.0);
                }
            }
        }
    }

    /// Clears the subdiagonal of a range.
    fn iterate(&mut self, low: usize, mut high: usize) -> bool {
        let mut steps = 0;
        while low + 1 < high {
            let last = high - 1;
            let first = self.start_of_block(low, last);
            if first == last {
                high = last;
                steps = 0;
                continue;
            }
            let Some(shift) = self.shift(last) else { return false };
            steps += 1;
            if steps > STEPS {
                return false;
            }
            self.step(first, last, shift);
        }
        true
    }

    /// Returns where the unreduced block that ends at `last` starts; clears what is negligible above it.
    fn start_of_block(&mut self, low: usize, last: usize) -> usize {
        let mut first = last;
        while first > low {
            let below = self.at(first, first - 1).abs();
            let beside = self.at(first, first).abs() + self.at(first - 1, first - 1).abs();
            if below <= 0.5 * f64::EPSILON * beside {
                self.set(first, first - 1, 0.0);
                break;
            }
            first -= 1;
        }
        first
    }

    /// Returns the eigenvalue of the last 2 × 2 block that is nearer to its last entry, if it is real.
    fn shift(&self, last: usize) -> Option<f64> {
        let (a, b) = (self.at(last - 1, last - 1), self.at(last - 1, last));
        let (c, d) = (self.at(last, last - 1), self.at(last, last));
        let half = 0.5 * (a - d);
        let product = b * c;
        let discriminant = half * half + product;
        if discriminant < 0.0 {
            return None;
        }
        let root = pmc_math::sqrt(discriminant).copysign(half);
        Some(if half + root == 0.0 { d } else { d - product / (half + root) })
    }

    /// One step with a shift on an unreduced block.
    fn step(&mut self, first: usize, last: usize, shift: f64) {
        let (mut x, mut y) = (self.at(first, first) - shift, self.at(first + 1, first));
        for i in first..last {
            self.rotate(i, x, y);
            if i > first {
                self.set(i + 1, i - 1, 0.0);
            }
            if i + 1 < last {
                x = self.at(i + 1, i);
                y = self.at(i + 2, i);
            }
        }
    }

    /// Sorts the eigenvalues of a triangular matrix in descending order, by rotations of neighbours.
    #[inline(never)]
    pub(super) fn sort(&mut self) {
        for end in (1..self.n).rev() {
            for i in 0..end {
                let (before, after) = (self.at(i, i), self.at(i + 1, i + 1));
                if before < after {
                    self.rotate(i, self.at(i, i + 1), after - before);
                    self.set(i + 1, i, 0.0);
                    self.set(i, i, after);
                    self.set(i + 1, i + 1, before);
                }
            }
        }
    }
}

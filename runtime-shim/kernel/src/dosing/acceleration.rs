//! Acceleration of a sequence that approaches a fixed point: D. G. Anderson, J. ACM 12 (1965) 547, in the form of
//! H. F. Walker and P. Ni, SIAM J. Numer. Anal. 49 (2011) 1715.
//!
//! The next point is where the change would vanish if the map were linear on the space of the last few points.
//! On a linear system with `n` states it is exact after `n` points; what decays fast needs no acceleration.

use crate::propagator::dot;
use crate::slab::take;
use crate::solver::step::copy;

/// Most differences of points that are kept.
const DEPTH: usize = 6;

/// Differences that are shorter than this part of themselves after the others have been taken out are dropped.
const INDEPENDENT: f64 = 1e-9;

/// The last points of a sequence, newest last, and their changes.
pub(super) struct Acceleration<'a> {
    n: usize,
    /// How many differences are kept.
    depth: usize,
    /// Whether a point has been seen.
    begun: bool,
    point: &'a mut [f64],
    change: &'a mut [f64],
    /// Differences of points, one after the other.
    points: &'a mut [f64],
    /// Differences of changes.
    changes: &'a mut [f64],
    /// Differences of weighted changes, made orthogonal, and what they are differences of.
    basis: &'a mut [f64],
    images: &'a mut [f64],
}

impl<'a> Acceleration<'a> {
    /// Returns the length of the slab for this many states.
    pub(super) const fn length(n: usize) -> usize {
        n * (2 + 4 * DEPTH)
    }

    pub(super) fn new(mut slab: &'a mut [f64], n: usize) -> Self {
        let slab = &mut slab;
        Self {
            n,
            depth: 0,
            begun: false,
            point: take(slab, n),
            change: take(slab, n),
            points: take(slab, n * DEPTH),
            changes: take(slab, n * DEPTH),
            basis: take(slab, n * DEPTH),
            images: take(slab, n * DEPTH),
        }
    }

    /// Forgets all points.
    pub(super) fn forget(&mut self) {
        self.depth = 0;
        self.begun = false;
    }

    /// Takes a point and its change, and replaces the change by the step to the next point. Components are
    /// measured by `weights`.
    pub(super) fn step(&mut self, point: &[f64], change: &mut [f64], weights: &[f64]) {
        if self.begun {
            self.keep(point, change);
        }
        self.begun = true;
        copy(self.point, point);
        copy(self.change, change);
        self.orthogonalise(weights);
        let n = self.n.max(1);
        for (basis, image) in self.basis.chunks(n).zip(self.images.chunks(n)).take(self.depth) {
            let products = basis.iter().zip(self.change.iter().zip(weights));
            let factor: f64 = products.map(|(basis, (change, weight))| basis * change * weight).sum();
            add_scaled(change, -factor, image);
        }
    }

    /// Keeps the differences from the point before.
    fn keep(&mut self, point: &[f64], change: &[f64]) {
        let n = self.n;
        if self.depth == DEPTH {
            // The oldest makes room.
            shift(self.points, n);
            shift(self.changes, n);
            self.depth -= 1;
        }
        let place = self.depth * n..(self.depth + 1) * n;
        subtract(self.points.get_mut(place.clone()), point, self.point);
        subtract(self.changes.get_mut(place), change, self.change);
        self.depth += 1;
    }

    /// Makes the weighted differences of changes orthonormal, newest first.
    fn orthogonalise(&mut self, weights: &[f64]) {
        let n = self.n.max(1);
        let newest = (0..self.depth).rev();
        for (place, source) in newest.enumerate() {
            let source = source * n;
            let (Some((done, rest)), Some((done_images, rest_images))) =
                (self.basis.split_at_mut_checked(place * n), self.images.split_at_mut_checked(place * n))
            else {
                return;
            };
            let changes = self.changes.get(source..).unwrap_or_default();
            let points = self.points.get(source..).unwrap_or_default();
            let (own, image) = (rest.get_mut(..n).unwrap_or_default(), rest_images);
            for ((own, change), weight) in own.iter_mut().zip(changes).zip(weights) {
                *own = weight * change;
            }
            for ((image, change), point) in image.iter_mut().zip(changes).zip(points).take(n) {
                *image = point + change;
            }
            let before = dot(own, own);
            // Twice is enough (L. Giraud and others, Numer. Math. 101 (2005) 87), once is not: of a vector that is
            // dependent on the others rounding leaves a little, which would count as a direction of its own.
            for _ in 0..2 {
                for (basis, basis_image) in done.chunks(n).zip(done_images.chunks(n)) {
                    let factor = -dot(basis, own);
                    add_scaled(own, factor, basis);
                    add_scaled(image, factor, basis_image);
                }
            }
            let after = dot(own, own);
            let scale =
                if after > INDEPENDENT * INDEPENDENT * before { 1.0 / pmc_math::sqrt(after) } else { 0.0 };
            own.iter_mut().chain(image.iter_mut().take(n)).for_each(|value| *value *= scale);
        }
    }
}

/// Moves all elements to the front by `n` places.
#[inline(never)]
fn shift(vector: &mut [f64], n: usize) {
    for from in n..vector.len() {
        vector.swap(from - n, from);
    }
}

/// Adds a multiple of a vector to another.
#[inline(never)]
fn add_scaled(to: &mut [f64], factor: f64, vector: &[f64]) {
    to.iter_mut().zip(vector).for_each(|(to, value)| *to += factor * value);
}

/// Writes the difference of two vectors.
#[inline(never)]
fn subtract(out: Option<&mut [f64]>, a: &[f64], b: &[f64]) {
    let out = out.unwrap_or_default();
    out.iter_mut().zip(a).zip(b).for_each(|((out, a), b)| *out = a - b);
}

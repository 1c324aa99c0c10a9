//! From triangular to block-diagonal form: `T = S D S⁻¹` with a unit upper triangular `S`, after C. Bavely and
//! G. W. Stewart, SIAM J. Numer. Anal. 16 (1979) 359.

use super::matrix::{get, set};
use crate::solver::step::clear;

/// Eigenvalues that differ by less than this, relatively, are kept in one block.
const CLOSE: f64 = 0.03;

/// The same for eigenvalues next to zero, relative to the largest entry of the matrix.
pub(super) const CLOSE_TO_ZERO: f64 = 1e-12;

/// Largest entry of `S` that is accepted: it tells how many digits are lost.
const LARGEST_ENTRY: f64 = 1e5;

/// Returns whether two eigenvalues belong together in a matrix whose largest entry is `scale`.
pub(super) fn are_close(a: f64, b: f64, scale: f64) -> bool {
    let larger = if a.abs() < b.abs() { b.abs() } else { a.abs() };
    let distance = (a - b).abs();
    distance <= CLOSE * larger || distance <= CLOSE_TO_ZERO * scale
}

/// Returns whether eigenvalues that belong together stand apart on the diagonal of a triangular matrix.
#[inline(never)]
pub(super) fn must_sort(t: &[f64], n: usize, scale: f64) -> bool {
    let close = |i: usize, j: usize| are_close(get(t, n, i, i), get(t, n, j, j), scale);
    (0..n).any(|i| (i + 2..n).any(|j| close(i, j) && !(i..j).all(|k| close(k, k + 1))))
}

/// Returns for each row of a triangular matrix the first row of its block.
pub(super) fn find(t: &[f64], n: usize, scale: f64) -> impl Iterator<Item = usize> {
    let mut start = 0;
    let mut before = f64::NAN;
    (0..n).map(move |row| {
        let eigenvalue = get(t, n, row, row);
        if !are_close(before, eigenvalue, scale) {
            start = row;
        }
        before = eigenvalue;
        start
    })
}

/// Replaces a triangular matrix by its diagonal blocks and writes `S`; returns whether few digits are lost.
///
/// `S` is found column by column, each from the bottom: row `i` of `T S = S D` has one unknown at a time.
#[inline(never)]
pub(super) fn separate(
    t: &mut [f64],
    s: &mut [f64],
    firsts: impl Iterator<Item = usize> + Clone,
    n: usize,
) -> bool {
    clear(s);
    let mut small = true;
    for (j, block) in firsts.clone().enumerate() {
        set(s, n, j, j, 1.0);
        for i in (0..block).rev() {
            let above: f64 = (i + 1..=j).map(|k| get(t, n, i, k) * get(s, n, k, j)).sum();
            let within: f64 = (block..j).map(|k| get(s, n, i, k) * get(t, n, k, j)).sum();
            let entry = (within - above) / (get(t, n, i, i) - get(t, n, j, j));
            set(s, n, i, j, entry);
            // NaN is not small.
            small &= entry.abs() <= LARGEST_ENTRY;
        }
    }
    for (j, first) in firsts.enumerate() {
        (0..first).for_each(|i| set(t, n, i, j, 0.0));
    }
    small
}

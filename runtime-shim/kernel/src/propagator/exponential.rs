//! The exponential of a matrix by scaling and squaring, with the constant part of the derivatives as one more
//! column: C. Moler and C. Van Loan, SIAM Review 45 (2003) 3, methods 3 and 1.

use super::matrix::{dot, get, largest, set, set_identity};
use crate::slab::take;
use crate::solver::step::{clear, copy};

/// Terms of the series.
const TERMS: u32 = 14;

/// Most squarings; more than the exponents of numbers allow.
const MOST_SQUARINGS: u32 = 1_000;

/// Computes the exponential over a time `h` of a matrix with a constant part beside it; it stands in the first
/// third of `augmented`.
#[inline(never)]
pub(super) fn compute(augmented: &mut [f64], matrix: &[f64], constant: &[f64], h: f64) {
    let side = constant.len() + 1;
    let mut slab = augmented;
    let [result, scaled, product] = core::array::from_fn(|_| take(&mut slab, side * side));
    // The constant part in units of its own: it must not make the matrix look larger than it is.
    let (size, unit) = (largest(matrix), largest(constant));
    let unit = if size > 0.0 { unit / size } else { unit };
    let unit = if unit > 0.0 && unit < f64::INFINITY { unit } else { 1.0 };
    fill(scaled, matrix, constant, h, unit);
    exponential(result, scaled, product, side);
    for row in 0..side {
        set(result, side, row, side - 1, get(result, side, row, side - 1) * unit);
    }
}

/// Writes the state to which an exponential that has been computed takes a state.
#[inline(never)]
pub(super) fn apply(augmented: &[f64], state: &[f64], out: &mut [f64]) {
    let mut rest = augmented;
    for out in out {
        let Some((row, rows)) = rest.split_at_checked(state.len() + 1) else { return };
        rest = rows;
        *out = dot(row, state) + row.last().unwrap_or(&0.0);
    }
}

/// Writes the matrix, with the constant part in a unit beside it, times `h`.
fn fill(scaled: &mut [f64], matrix: &[f64], constant: &[f64], h: f64, unit: f64) {
    let n = constant.len();
    clear(scaled);
    for (row, constant) in constant.iter().enumerate() {
        for column in 0..n {
            set(scaled, n + 1, row, column, h * get(matrix, n, row, column));
        }
        set(scaled, n + 1, row, n, h * (constant / unit));
    }
}

/// Replaces `result` by the exponential of `matrix`, which it changes.
fn exponential(result: &mut [f64], matrix: &mut [f64], product: &mut [f64], side: usize) {
    let mut norm = largest(matrix) * side as f64;
    let mut squarings = 0;
    let mut scale = 1.0;
    while norm > 0.5 && squarings < MOST_SQUARINGS {
        norm *= 0.5;
        scale *= 0.5;
        squarings += 1;
    }
    for entry in &mut *matrix {
        *entry *= scale;
    }
    set_identity(result, side);
    for term in (1..=TERMS).rev() {
        multiply(product, matrix, result, side);
        for (entry, value) in result.iter_mut().zip(&*product) {
            *entry = value / f64::from(term);
        }
        for row in 0..side {
            set(result, side, row, row, get(result, side, row, row) + 1.0);
        }
    }
    for _ in 0..squarings {
        multiply(product, result, result, side);
        copy(result, product);
    }
}

#[inline(never)]
fn multiply(out: &mut [f64], a: &[f64], b: &[f64], side: usize) {
    for (row, out) in a.chunks(side).zip(out.chunks_mut(side)) {
        clear(out);
        for (factor, other) in row.iter().zip(b.chunks(side)) {
            for (out, other) in out.iter_mut().zip(other) {
                *out += factor * other;
            }
        }
    }
}

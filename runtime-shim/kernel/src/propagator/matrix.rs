//! Entries of a square matrix that lies row by row in a slice.
//!
//! What happens once a matrix goes through these two: they are small where checks of bounds at every place would
//! be large, and no slower to speak of. Reading outside gives zero, writing outside does nothing.
use crate::solver::step::clear;

/// Returns an entry.
#[inline(never)]
pub(super) fn get(matrix: &[f64], n: usize, row: usize, column: usize) -> f64 {
    matrix.get(row * n + column).copied().unwrap_or(0.0)
}

/// Writes an entry.
#[inline(never)]
pub(super) fn set(matrix: &mut [f64], n: usize, row: usize, column: usize, value: f64) {
    if let Some(place) = matrix.get_mut(row * n + column) {
        *place = value;
    }
}

/// Writes the identity.
#[inline(never)]
pub(super) fn set_identity(matrix: &mut [f64], n: usize) {
    clear(matrix);
    (0..n).for_each(|row| set(matrix, n, row, row, 1.0));
}

/// Returns the sum of products of the entries that both have.
#[inline(never)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Returns the largest absolute value of an entry.
#[inline(never)]
pub(super) fn largest(matrix: &[f64]) -> f64 {
    matrix.iter().fold(0.0, |largest, entry| if entry.abs() > largest { entry.abs() } else { largest })
}

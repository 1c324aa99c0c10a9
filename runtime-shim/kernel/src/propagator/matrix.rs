//! Entries of a square matrix that lies row by row in a slice.
//!
//! What happens once a matrix goes through these two: they are small where checks of bounds at every place would
//! be large, and no slower to speak of. Reading outside gives zero, writing outside does nothing.

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

/// Writes the product of a matrix, row by row, with a vector; returns the sum of the sizes of its entries.
///
/// Rows are cut off one by one: iterators over chunks would divide by their length first, which takes longer than a
/// small product.
#[inline(always)]
#[allow(clippy::inline_always, reason = "what an observation costs")]
pub(super) fn multiply(matrix: &[f64], vector: &[f64], out: &mut [f64]) -> f64 {
    let mut rest = matrix;
    let mut size = 0.0;
    for out in out {
        let Some((row, rows)) = rest.split_at_checked(vector.len()) else { return size };
        rest = rows;
        let mut sum = 0.0;
        for (weight, value) in row.iter().zip(vector) {
            sum += weight * value;
        }
        *out = sum;
        size += sum.abs();
    }
    size
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

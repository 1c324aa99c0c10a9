//! Dense linear systems: LU decomposition in place with partial pivoting.

use super::tolerance::is_infinite_or_nan;

/// Replaces a matrix, row by row, by its factors; returns whether it is regular and finite.
///
/// Reciprocals of the pivots stand on the diagonal. `exchanges[k]` says how far below row `k` the row was that
/// changed places with it in step `k`.
pub(crate) fn factorise(matrix: &mut [f64], exchanges: &mut [f64]) -> bool {
    let n = exchanges.len();
    let mut rest = matrix;
    for (column, exchange) in exchanges.iter_mut().enumerate() {
        let distance = distance_of_largest(rest, n, column);
        *exchange = distance as f64;
        let (pivot_row, others) = rest.split_at_mut(n);
        if distance > 0 {
            for (a, b) in pivot_row.iter_mut().zip(&mut others[(distance - 1) * n..]) {
                core::mem::swap(a, b);
            }
        }
        let Some((pivot, right)) = pivot_row[column..].split_first_mut() else { return false };
        if *pivot == 0.0 || is_infinite_or_nan(pivot.abs()) {
            return false;
        }
        *pivot = 1.0 / *pivot;
        for row in others.chunks_mut(n) {
            let Some((factor, tail)) = row[column..].split_first_mut() else { return false };
            // Most entries of many Jacobians are zero.
            if *factor != 0.0 {
                *factor *= *pivot;
                for (entry, above) in tail.iter_mut().zip(&*right) {
                    *entry -= *factor * above;
                }
            }
        }
        rest = others;
    }
    true
}

/// Returns the number of the row with the largest entry in a column.
fn distance_of_largest(rows: &[f64], n: usize, column: usize) -> usize {
    let mut largest = 0.0;
    let mut place = column;
    let mut at = column;
    while let Some(entry) = rows.get(at) {
        if entry.abs() > largest {
            largest = entry.abs();
            place = at;
        }
        at += n;
    }
    place / n
}

/// Replaces the right-hand side of a factorised system by its solution.
pub(crate) fn solve(factors: &[f64], exchanges: &[f64], vector: &mut [f64]) {
    let n = exchanges.len();
    for (row, &exchange) in exchanges.iter().enumerate() {
        vector.swap(row, row + exchange as usize);
    }
    for (row, factors) in factors.chunks(n).enumerate() {
        let (known, rest) = vector.split_at_mut(row);
        rest[0] -= dot(factors, known);
    }
    for (row, factors) in factors.chunks(n).enumerate().rev() {
        let (rest, known) = vector.split_at_mut(row + 1);
        let (pivot, right) = factors[row..].split_at(1);
        rest[row] = (rest[row] - dot(right, known)) * pivot[0];
    }
}

/// Returns the sum of products of the entries that both have.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

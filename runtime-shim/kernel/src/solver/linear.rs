//! Dense linear systems: LU decomposition in place with partial pivoting.

/// Replaces a matrix, row by row, by its factors; returns whether it is regular and finite.
///
/// Reciprocals of the pivots stand on the diagonal. `exchanges[k]` says how far below row `k` the row was that
/// changed places with it in step `k`.
pub(super) fn factorise(matrix: &mut [f64], exchanges: &mut [f64]) -> bool {
    let n = exchanges.len();
    let mut rest = matrix;
    for (column, exchange) in exchanges.iter_mut().enumerate() {
        let distance = distance_of_largest(rest, n, column);
        *exchange = distance as f64;
        for i in 0..n {
            rest.swap(i, distance * n + i);
        }
        let (pivot_row, others) = rest.split_at_mut(n);
        let (pivot, right) = from(pivot_row, column);
        *pivot = 1.0 / *pivot;
        if !pivot.is_finite() {
            return false;
        }
        for row in others.chunks_exact_mut(n) {
            let (factor, tail) = from(row, column);
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

/// Splits what a row holds from a column on into the first entry and the others.
fn from(row: &mut [f64], column: usize) -> (&mut f64, &mut [f64]) {
    let (first, others) = row.split_at_mut(column).1.split_at_mut(1);
    (&mut first[0], others)
}

/// Returns the number of the row with the largest entry in a column.
fn distance_of_largest(rows: &[f64], n: usize, column: usize) -> usize {
    let mut largest = 0.0;
    let mut distance = 0;
    for (number, row) in rows.chunks_exact(n).enumerate() {
        let size = row[column].abs();
        if size > largest {
            largest = size;
            distance = number;
        }
    }
    distance
}

/// Replaces the right-hand side of a factorised system by its solution.
pub(super) fn solve(factors: &[f64], exchanges: &[f64], vector: &mut [f64]) {
    let n = exchanges.len();
    for (row, &exchange) in exchanges.iter().enumerate() {
        vector.swap(row, row + exchange as usize);
    }
    for (row, factors) in factors.chunks_exact(n).enumerate() {
        let (known, rest) = vector.split_at_mut(row);
        rest[0] -= dot(factors, known);
    }
    for (row, factors) in factors.chunks_exact(n).enumerate().rev() {
        let (rest, known) = vector.split_at_mut(row + 1);
        let (pivot, right) = factors[row..].split_at(1);
        rest[row] = (rest[row] - dot(right, known)) * pivot[0];
    }
}

/// Returns the sum of products of the entries that both have.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

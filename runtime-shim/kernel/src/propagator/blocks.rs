//! From triangular to block-diagonal form: `T = S D S⁻¹` with a unit upper triangular `S`, after C. Bavely and
//! G. W. Stewart, SIAM J. Numer. Anal. 16 (1979) 359.

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
pub(super) fn must_sort(t: &[f64], n: usize, scale: f64) -> bool {
    let eigenvalue = |index: usize| t[index * (n + 1)];
    let close = |i: usize, j: usize| are_close(eigenvalue(i), eigenvalue(j), scale);
    (0..n).any(|i| (i + 2..n).any(|j| close(i, j) && !(i..j).all(|k| close(k, k + 1))))
}

/// Writes for each row of a triangular matrix the first row of its block.
pub(super) fn find(t: &[f64], n: usize, scale: f64, first: &mut [f64]) {
    let mut start = 0;
    for row in 0..n {
        if row > 0 && !are_close(t[(row - 1) * (n + 1)], t[row * (n + 1)], scale) {
            start = row;
        }
        first[row] = start as f64;
    }
}

/// Replaces a triangular matrix by its diagonal blocks and writes `S`; returns whether few digits are lost.
///
/// `S` is found column by column, each from the bottom: row `i` of `T S = S D` has one unknown at a time.
pub(super) fn separate(t: &mut [f64], s: &mut [f64], first: &[f64], n: usize) -> bool {
    s.fill(0.0);
    let mut largest = 0.0;
    for j in 0..n {
        s[j * n + j] = 1.0;
        let block = first[j] as usize;
        for i in (0..block).rev() {
            let mut sum = 0.0;
            for k in i + 1..=j {
                sum -= t[i * n + k] * s[k * n + j];
            }
            for k in block..j {
                sum += s[i * n + k] * t[k * n + j];
            }
            let entry = sum / (t[i * n + i] - t[j * n + j]);
            s[i * n + j] = entry;
            // Written so that NaN counts as large.
            if !(entry.abs() <= largest) {
                largest = entry.abs();
            }
        }
    }
    for j in 0..n {
        for i in 0..first[j] as usize {
            t[i * n + j] = 0.0;
        }
    }
    largest <= LARGEST_ENTRY
}

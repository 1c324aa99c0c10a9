//! How much arithmetic the elimination of a matrix with few entries takes.

/// Bits of a word.
const BITS: usize = u64::BITS as usize;

/// Returns how many multiplications eliminate a matrix with the given entries, and its diagonal, in the order that the
/// kernel chooses: pivots on the diagonal, first those that touch the fewest entries.
pub(crate) fn multiplications(n: usize, entries: impl Iterator<Item = (usize, usize)>) -> u64 {
    let words = n.div_ceil(BITS);
    let (mut rows, mut columns) = (vec![vec![0; words]; n], vec![vec![0; words]; n]);
    for (row, column) in entries.chain((0..n).map(|index| (index, index))) {
        insert(&mut rows[row], column);
        insert(&mut columns[column], row);
    }
    let mut counts: Vec<(u64, u64)> =
        rows.iter().zip(&columns).map(|(row, column)| (size(row), size(column))).collect();
    let mut left: Vec<usize> = (0..n).collect();
    let mut sum = 0;
    while let Some(at) = (0..left.len()).min_by_key(|at| {
        let (row, column) = counts[left[*at]];
        row * column
    }) {
        let pivot = left.swap_remove(at);
        let (row, column) = (core::mem::take(&mut rows[pivot]), core::mem::take(&mut columns[pivot]));
        sum += counts[pivot].0 * counts[pivot].1;
        for other in &left {
            if holds(&column, *other) {
                join(&mut rows[*other], &row, pivot);
                counts[*other].0 = size(&rows[*other]);
            }
            if holds(&row, *other) {
                join(&mut columns[*other], &column, pivot);
                counts[*other].1 = size(&columns[*other]);
            }
        }
    }
    sum
}

fn insert(set: &mut [u64], index: usize) {
    set[index / BITS] |= 1 << (index % BITS);
}

fn holds(set: &[u64], index: usize) -> bool {
    set[index / BITS] & (1 << (index % BITS)) != 0
}

fn size(set: &[u64]) -> u64 {
    set.iter().map(|word| u64::from(word.count_ones())).sum()
}

/// Adds the members of another set but for one, which is taken out.
fn join(set: &mut [u64], other: &[u64], without: usize) {
    for (word, more) in set.iter_mut().zip(other) {
        *word |= more;
    }
    set[without / BITS] &= !(1 << (without % BITS));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_matrix_takes_a_third_of_its_cube() {
        let n = 30;
        let all = (0..n).flat_map(|row| (0..n).map(move |column| (row, column)));
        let squares: u64 = (1..=n as u64).map(|size| size * size).sum();
        assert_eq!(multiplications(n, all), squares);
    }

    #[test]
    fn what_fills_nothing_in_takes_as_much_as_there_are_entries() {
        let chain = (1..1_000).map(|row| (row, row - 1));
        assert!(multiplications(1_000, chain) <= 4 * 1_000);
        // A hub that all others exchange with is eliminated last.
        let hub = (1..500).flat_map(|other| [(0, other), (other, 0)]);
        assert!(multiplications(500, hub) <= 4 * 500);
    }
}

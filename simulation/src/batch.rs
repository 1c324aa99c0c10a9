//! Subjects that are predicted together.

use core::ops::Range;

use crate::dataset::{Dataset, Subject};

/// Most subjects of a batch: enough for an engine that runs several side by side.
const MOST: usize = 64;

/// Batches that a dataset should have at least, so that many threads have something to do and progress can be seen.
const FEWEST: usize = 64;

/// Consecutive subjects of a dataset, which an engine may run side by side.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'d> {
    pub(crate) dataset: &'d Dataset,
    /// Index in the dataset of the first subject.
    pub(crate) first: usize,
    pub(crate) subjects: &'d [Subject],
}

impl Batch<'_> {
    /// Returns the number of subjects.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Returns whether there is no subject.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }
}

/// Splits some subjects of a dataset, given by their indices, into batches in file order.
///
/// The sizes depend on nothing but the number of subjects: what becomes of a batch is the same on any number of
/// threads, even with a module that remembers its last call.
pub fn batches(dataset: &Dataset, subjects: Range<usize>) -> impl ExactSizeIterator<Item = Batch<'_>> {
    let end = subjects.end.min(dataset.subjects.len());
    let first = subjects.start.min(end);
    let chosen = dataset.subjects.get(first..end).unwrap_or_default();
    let size = chosen.len().div_ceil(FEWEST).clamp(1, MOST);
    let part = move |(index, subjects)| Batch { dataset, first: first + index * size, subjects };
    chosen.chunks(size).enumerate().map(part)
}

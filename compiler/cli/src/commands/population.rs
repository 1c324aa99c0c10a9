//! Predictions of many subjects, on all cores.

use pmc_host::{Model, RunError};
use pmc_simulation::{
    Batch, Curve, Dataset, PredictError, Rows, SubjectFailure, SubjectWarning, batches, columns,
    curves_of_batch, table_head, table_piece,
};

use crate::Failure;
use crate::progress::Progress;
use crate::spool::Spool;
use crate::workers::Workers;

/// A model and the subjects that it is to predict.
pub(crate) struct Population<'p> {
    pub(crate) model: &'p dyn Model,
    pub(crate) dataset: &'p Dataset,
    /// Threads, 0 for one a core.
    pub(crate) jobs: usize,
    /// Whether somebody wants to see a progress bar.
    pub(crate) watched: bool,
}

/// The table of a population.
pub(crate) struct Table {
    pub(crate) text: Spool,
    /// Subjects of which there is more to say than their lines, in file order.
    pub(crate) warnings: Vec<SubjectWarning>,
}

/// Why a population could not be predicted.
pub(crate) enum Stop {
    /// The predictions of some subjects failed.
    Subjects(PredictError),
    /// The model could not be copied for a thread.
    Model(RunError),
    /// Threads could not be started, or a file could not be written.
    Shell(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Shell(failure)
    }
}

impl Population<'_> {
    /// Predicts all subjects and writes their lines in file order.
    ///
    /// # Errors
    ///
    /// All subjects whose predictions failed, in file order.
    pub(crate) fn table(&self, rows: Rows) -> Result<Table, Stop> {
        let mut table = Table { text: Spool::new(), warnings: Vec::new() };
        let mut failures = Vec::new();
        table.text.push(&table_head(&columns(self.model)))?;
        let work = |model: &mut dyn Model, batch: Batch<'_>| table_piece(model, batch, rows);
        self.in_order(self.dataset.subjects.len(), work, |piece| {
            failures.extend(piece.failures);
            table.warnings.extend(piece.warnings);
            // The lines of the others are of no use beside a failure.
            if failures.is_empty() { table.text.push(&piece.text) } else { Ok(()) }
        })?;
        succeeded(table, failures)
    }

    /// Predicts the first subjects, as many as are `drawn`, at `points` times each.
    ///
    /// # Errors
    ///
    /// Those of them whose predictions failed, in file order.
    pub(crate) fn curves(&self, drawn: usize, points: usize) -> Result<Vec<Curve>, Stop> {
        let mut curves = Vec::new();
        let mut failures = Vec::new();
        let work = |model: &mut dyn Model, batch: Batch<'_>| curves_of_batch(model, batch, points);
        self.in_order(drawn.min(self.dataset.subjects.len()), work, |result| {
            match result {
                Ok(more) => curves.extend(more),
                Err(error) => failures.extend(error.failures),
            }
            Ok(())
        })?;
        succeeded(curves, failures)
    }

    /// Does `work` on batches of the first subjects, each with a model of its own, and hands the results over in order.
    ///
    /// A fresh model for each batch makes results the same on any number of threads, even with a module that
    /// remembers its last call.
    fn in_order<R: Send>(
        &self,
        subjects: usize,
        work: impl Fn(&mut dyn Model, Batch<'_>) -> R + Sync,
        mut take: impl FnMut(R) -> Result<(), Failure>,
    ) -> Result<(), Stop> {
        let batches = batches(self.dataset, 0..subjects);
        let workers = Workers::new(self.jobs, batches.len()).map_err(Failure::from)?;
        let mut progress = Progress::new(subjects, self.watched);
        let counter = progress.counter();
        let mut broken = None;
        let items = batches.map_while(|batch| match self.model.fork() {
            Ok(model) => Some((model, batch)),
            Err(error) => {
                broken = Some(error);
                None
            }
        });
        let work = |(mut model, batch): (Box<dyn Model>, Batch<'_>)| {
            let result = work(&mut *model, batch);
            counter.inc(batch.len() as u64);
            result
        };
        workers.in_order(items, work, &mut take, || progress.refresh())?;
        broken.map_or(Ok(()), |error| Err(Stop::Model(error)))
    }
}

fn succeeded<T>(result: T, failures: Vec<SubjectFailure>) -> Result<T, Stop> {
    if failures.is_empty() { Ok(result) } else { Err(Stop::Subjects(PredictError { failures })) }
}

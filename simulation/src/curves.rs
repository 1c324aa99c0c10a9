//! Predictions on a fine grid, for pictures.

use pmc_host::Model;

use crate::batch::{Batch, batches};
use crate::dataset::Dataset;
use crate::outcome::{PredictError, SubjectFailure};
use crate::predict::{rows_of, width};
use crate::schedules::{dense, schedules};

/// The predictions of one subject on a fine grid, for a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Index of the subject in the dataset.
    pub subject: usize,
    /// Time and one value per output, then for each quantile of a stochastic model one per output; two points at one
    /// time are a jump.
    pub points: Vec<(f64, Vec<f64>)>,
}

/// Predicts all subjects at `points` equally spaced times beside those of their records.
///
/// # Errors
///
/// Every subject whose simulation failed.
pub fn curves(model: &mut dyn Model, dataset: &Dataset, points: usize) -> Result<Vec<Curve>, PredictError> {
    let mut curves = Vec::new();
    let mut failures = Vec::new();
    for batch in batches(dataset, 0..dataset.subjects.len()) {
        match curves_of_batch(model, batch, points) {
            Ok(more) => curves.extend(more),
            Err(error) => failures.extend(error.failures),
        }
    }
    if failures.is_empty() { Ok(curves) } else { Err(PredictError { failures }) }
}

/// Predicts the subjects of a batch at `points` equally spaced times beside those of their records.
///
/// # Errors
///
/// Every subject of the batch whose simulation failed.
pub fn curves_of_batch(
    model: &mut dyn Model,
    batch: Batch<'_>,
    points: usize,
) -> Result<Vec<Curve>, PredictError> {
    let width = width(model);
    let (schedules, owners) = schedules(model.manifest(), batch, |records| dense(records, points));
    let results = model.simulate_many(&schedules);
    let mut curves = Vec::new();
    let mut failures: Vec<SubjectFailure> = Vec::new();
    let mut failed = None;
    for ((place, schedule), result) in owners.into_iter().zip(&schedules).zip(results) {
        match result {
            Ok(simulated) => {
                let times = schedule.records.iter().filter(|record| record.report).map(|record| record.time);
                let rows = rows_of(&simulated.values, width).map(<[f64]>::to_vec);
                curves.push(Curve { subject: batch.first + place, points: times.zip(rows).collect() });
            }
            // A subject is named once, whatever becomes of it after a reset.
            Err(error) if failed.replace(place) != Some(place) => {
                let id = batch.subjects.get(place).map_or_else(String::new, |subject| subject.id.clone());
                failures.push(SubjectFailure { id, error });
            }
            Err(_) => {}
        }
    }
    if failures.is_empty() { Ok(curves) } else { Err(PredictError { failures }) }
}

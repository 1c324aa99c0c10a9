//! From a dataset and a model to predictions.

use pmc_diagnostics::Diagnostics;
use pmc_host::{Model, RunError, Simulated};

use crate::batch::{Batch, batches};
use crate::dataset::{Dataset, Event, Record};
use crate::outcome::{PredictError, SubjectFailure, SubjectWarning, warnings_to_diagnostics};
use crate::schedules::{schedule_record, schedules};

/// Which rows of the data get predictions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Observations (EVID 0), whether they hold a value or not.
    Observations,
    /// All rows.
    All,
}

/// Predictions of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// Names of the outputs; of a stochastic model also those of their quantiles, `cp_q05` for 0.05 of `cp`.
    pub outputs: Vec<String>,
    /// One entry per row, in file order.
    pub rows: Vec<PredictedRow>,
    /// Subjects of which there is more to say than their rows, in file order.
    pub warnings: Vec<SubjectWarning>,
}

/// The predictions of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictedSubject {
    /// The subject's identifier.
    pub id: String,
    /// One entry per row, in file order.
    pub rows: Vec<PredictedRow>,
    /// Bits of [`pmc_abi::warning`].
    pub warnings: u32,
}

/// Predictions of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictedRow {
    /// The subject's identifier as written.
    pub id: String,
    /// Line of the data file.
    pub row: u64,
    /// When.
    pub time: f64,
    /// One value per name; NaN after a time at which the model stopped the system.
    pub values: Vec<f64>,
}

impl Predictions {
    /// Returns the warnings as findings, one a kind with the first subjects that it concerns.
    pub fn to_diagnostics(&self) -> Diagnostics {
        warnings_to_diagnostics(&self.warnings)
    }
}

/// Predicts all subjects with the parameters that the model has.
///
/// # Errors
///
/// Every subject whose simulation failed.
pub fn predict(model: &mut dyn Model, dataset: &Dataset, rows: Rows) -> Result<Predictions, PredictError> {
    let mut predictions = Predictions { outputs: columns(model), rows: Vec::new(), warnings: Vec::new() };
    let mut failures = Vec::new();
    for batch in batches(dataset, 0..dataset.subjects.len()) {
        for outcome in predict_batch(model, batch, rows) {
            match outcome {
                Ok(predicted) => {
                    predictions.warnings.extend(predicted.warning());
                    predictions.rows.extend(predicted.rows);
                }
                Err(failure) => failures.push(failure),
            }
        }
    }
    if failures.is_empty() { Ok(predictions) } else { Err(PredictError { failures }) }
}

/// Predicts the subjects of a batch with the parameters that the model has; one result a subject, in file order.
pub fn predict_batch(
    model: &mut dyn Model,
    batch: Batch<'_>,
    rows: Rows,
) -> Vec<Result<PredictedSubject, SubjectFailure>> {
    let wanted = |record: &Record| rows == Rows::All || matches!(record.event, Event::Observation(_));
    let width = width(model);
    let (schedules, owners) = schedules(model.manifest(), batch, |records| {
        records.iter().map(|record| schedule_record(record, wanted(record))).collect()
    });
    let outcomes = by_subject(batch.subjects.len(), &owners, model.simulate_many(&schedules));
    let predicted = batch.subjects.iter().zip(outcomes).map(|(subject, outcome)| {
        let id = subject.id.clone();
        let Simulated { values, warnings } = match outcome {
            Ok(simulated) => simulated,
            Err(error) => return Err(SubjectFailure { id, error }),
        };
        let records = subject.records.iter().filter(|record| wanted(record));
        let rows = records.zip(rows_of(&values, width)).map(|(record, values)| PredictedRow {
            id: subject.id.clone(),
            row: record.row,
            time: record.time,
            values: values.to_vec(),
        });
        Ok(PredictedSubject { rows: rows.collect(), id, warnings })
    });
    predicted.collect()
}

impl PredictedSubject {
    /// Returns what there is to say beside the rows, if anything.
    pub fn warning(&self) -> Option<SubjectWarning> {
        (self.warnings != 0).then(|| SubjectWarning { id: self.id.clone(), bits: self.warnings })
    }
}

/// Joins the results of the schedules of each subject; the first failure of a subject is its result.
fn by_subject(
    subjects: usize,
    owners: &[usize],
    results: Vec<Result<Simulated, RunError>>,
) -> Vec<Result<Simulated, RunError>> {
    let mut outcomes: Vec<_> = (0..subjects).map(|_| Ok(Simulated::default())).collect();
    for (owner, result) in owners.iter().zip(results) {
        let Some(outcome) = outcomes.get_mut(*owner) else { continue };
        match (&mut *outcome, result) {
            (Ok(whole), Ok(part)) => {
                whole.values.extend(part.values);
                whole.warnings |= part.warnings;
            }
            (Ok(_), Err(error)) => *outcome = Err(error),
            (Err(_), _) => {}
        }
    }
    outcomes
}

/// Returns how many numbers a row of results holds.
pub(crate) fn width(model: &dyn Model) -> usize {
    model.manifest().outputs.len() * (1 + model.quantiles().len())
}

/// Returns the names of the numbers of a row: outputs, then those of each quantile, `cp_q05` for 0.05 of `cp`.
pub fn columns(model: &dyn Model) -> Vec<String> {
    let outputs = &model.manifest().outputs;
    let means = outputs.iter().map(|output| output.name.clone());
    let quantiles = model.quantiles().iter().flat_map(|probability| {
        let suffix = percent(*probability);
        outputs.iter().map(move |output| format!("{}_q{suffix}", output.name))
    });
    means.chain(quantiles).collect()
}

/// Writes a probability by its digits: 05, 50, 975, and 00 and 100 at the ends.
fn percent(probability: f64) -> String {
    let text = probability.to_string();
    match text.strip_prefix("0.") {
        Some(digits) => format!("{digits:0<2}"),
        None if probability == 0.0 => "00".to_owned(),
        None => format!("{text}00"),
    }
}

/// Splits numbers into rows.
pub(crate) fn rows_of(values: &[f64], width: usize) -> impl Iterator<Item = &[f64]> {
    values.chunks(width.max(1))
}

//! From a dataset and a model to predictions.

use core::fmt;
use core::ops::Range;
use std::borrow::Cow;

use pmc_abi::manifest::Manifest;
use pmc_abi::schedule::{event, modelled};
use pmc_abi::warning;
use pmc_diagnostics::Diagnostics;
use pmc_host::{Model, RunError, Schedule, ScheduleRecord};

use crate::dataset::{Dataset, Dose, Event, Input, Record, Subject};

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
    /// One entry per row, in file order.
    pub rows: Vec<PredictedRow>,
    /// Bits of [`pmc_abi::warning`].
    pub warnings: u32,
}

/// What the author of the data should know of a subject's predictions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectWarning {
    /// The subject's identifier.
    pub id: String,
    /// Bits of [`pmc_abi::warning`], at least one.
    pub bits: u32,
}

impl Predictions {
    /// Returns the warnings as findings, one a kind with the first subjects that it concerns.
    pub fn to_diagnostics(&self) -> Diagnostics {
        const LISTED: usize = 5;
        let mut diagnostics = Diagnostics::new();
        let reduced = self.warnings.iter().filter(|warning| warning.bits & warning::LAG_REDUCED != 0);
        let subjects: Vec<&str> = reduced.map(|warning| warning.id.as_str()).collect();
        if !subjects.is_empty() {
            diagnostics.lag_reduced(&subjects[..subjects.len().min(LISTED)], subjects.len());
        }
        diagnostics
    }
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

/// The predictions of one subject on a fine grid, for a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Index of the subject in the dataset.
    pub subject: usize,
    /// Time and one value per output, then for each quantile of a stochastic model one per output; two points at one
    /// time are a jump.
    pub points: Vec<(f64, Vec<f64>)>,
}

/// A subject whose prediction failed.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectFailure {
    /// The subject's identifier.
    pub id: String,
    /// Why.
    pub error: RunError,
}

/// All subjects whose predictions failed.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictError {
    /// The failures, in file order.
    pub failures: Vec<SubjectFailure>,
}

impl PredictError {
    /// Returns the failures as findings, the first twenty one by one.
    pub fn to_diagnostics(&self) -> Diagnostics {
        const LISTED: usize = 20;
        let mut diagnostics = Diagnostics::new();
        for failure in self.failures.iter().take(LISTED) {
            let place = format!("subject {}", failure.id);
            let message = failure.error.to_string();
            diagnostics.run_failed(failure.error.code.0, &place, &message, failure.error.help());
        }
        if self.failures.len() > LISTED {
            diagnostics.more_run_failures(self.failures.len() - LISTED);
        }
        diagnostics
    }
}

impl fmt::Display for PredictError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, failure) in self.failures.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}subject {}: {}", failure.id, failure.error)?;
        }
        Ok(())
    }
}

impl core::error::Error for PredictError {}

/// Predicts all subjects with the parameters that the model has.
///
/// # Errors
///
/// Every subject whose simulation failed.
pub fn predict(model: &mut dyn Model, dataset: &Dataset, rows: Rows) -> Result<Predictions, PredictError> {
    let outputs = columns(model);
    let subjects = each_subject(dataset, |subject| predict_subject(model, dataset, subject, rows))?;
    let mut predictions = Predictions { outputs, rows: Vec::new(), warnings: Vec::new() };
    for (subject, predicted) in dataset.subjects.iter().zip(subjects) {
        predictions.rows.extend(predicted.rows);
        if predicted.warnings != 0 {
            let warning = SubjectWarning { id: subject.id.clone(), bits: predicted.warnings };
            predictions.warnings.push(warning);
        }
    }
    Ok(predictions)
}

/// Predicts one subject with the parameters that the model has.
///
/// # Errors
///
/// The failure of the simulation.
pub fn predict_subject(
    model: &mut dyn Model,
    dataset: &Dataset,
    subject: &Subject,
    rows: Rows,
) -> Result<PredictedSubject, RunError> {
    let width = width(model);
    let mut predicted = PredictedSubject { rows: Vec::new(), warnings: 0 };
    let subject_records = carried(model.manifest(), &subject.records);
    let ordinal = ordinal(model, dataset, subject);
    for (run, range) in runs(&subject_records).into_iter().enumerate() {
        let records = &subject_records[range];
        let wanted = |record: &Record| rows == Rows::All || matches!(record.event, Event::Observation(_));
        let scheduled = records.iter().map(|record| schedule_record(record, wanted(record))).collect();
        let stream = stream(ordinal, run);
        let values = model.simulate(&schedule(model, dataset, stream, scheduled))?;
        predicted.warnings |= model.warnings();
        for (record, values) in records.iter().filter(|record| wanted(record)).zip(rows_of(&values, width)) {
            let id = subject.id.clone();
            predicted.rows.push(PredictedRow { id, row: record.row, time: record.time, values });
        }
    }
    Ok(predicted)
}

/// Predicts all subjects at `points` equally spaced times beside those of their records.
///
/// # Errors
///
/// Every subject whose simulation failed.
pub fn curves(model: &mut dyn Model, dataset: &Dataset, points: usize) -> Result<Vec<Curve>, PredictError> {
    let width = width(model);
    let mut index = 0;
    let results = each_subject(dataset, |subject| {
        let mut curves = Vec::new();
        let records = carried(model.manifest(), &subject.records);
        for (run, range) in runs(&records).into_iter().enumerate() {
            let scheduled = dense(&records[range], points);
            let times: Vec<f64> =
                scheduled.iter().filter(|record| record.report).map(|record| record.time).collect();
            let values = model.simulate(&schedule(model, dataset, stream(index, run), scheduled))?;
            let points = times.into_iter().zip(rows_of(&values, width)).collect();
            curves.push(Curve { subject: index, points });
        }
        index += 1;
        Ok(curves)
    })?;
    Ok(results.into_iter().flatten().collect())
}

fn each_subject<T>(
    dataset: &Dataset,
    mut run: impl FnMut(&Subject) -> Result<T, RunError>,
) -> Result<Vec<T>, PredictError> {
    let mut results = Vec::new();
    let mut failures = Vec::new();
    for subject in &dataset.subjects {
        match run(subject) {
            Ok(result) => results.push(result),
            Err(error) => failures.push(SubjectFailure { id: subject.id.clone(), error }),
        }
    }
    if failures.is_empty() { Ok(results) } else { Err(PredictError { failures }) }
}

/// Returns a subject's records with covariates carried over resets that turn time back.
///
/// What is known of a subject does not end with a run: where a run holds no value of a covariate, the last one
/// before it holds, else the first one after it; and a covariate that is carried forward starts each run with
/// the last value before it.
fn carried<'r>(manifest: &Manifest, records: &'r [Record]) -> Cow<'r, [Record]> {
    let runs = runs(records);
    if runs.len() <= 1 {
        return Cow::Borrowed(records);
    }
    let mut carried = records.to_vec();
    for run in runs {
        for (index, covariate) in manifest.covariates.iter().enumerate() {
            let known =
                |record: &Record| record.covariates.get(index).copied().filter(|value| !value.is_nan());
            let before = records[..run.start].iter().rev().find_map(known);
            let forward = covariate.interpolation.as_deref() == Some("locf");
            let value = if records[run.clone()].iter().any(|record| known(record).is_some()) {
                before.filter(|_| forward && known(&records[run.start]).is_none())
            } else {
                before.or_else(|| records[run.end..].iter().find_map(known))
            };
            let first = carried.get_mut(run.start).and_then(|record| record.covariates.get_mut(index));
            if let (Some(value), Some(first)) = (value, first) {
                *first = value;
            }
        }
    }
    Cow::Owned(carried)
}

/// Splits records where a reset turns time back: nothing but covariates can matter after it.
fn runs(records: &[Record]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    for (index, pair) in records.windows(2).enumerate() {
        if let [before, after] = pair
            && after.time < before.time
        {
            runs.push(start..index + 1);
            start = index + 1;
        }
    }
    if start < records.len() {
        runs.push(start..records.len());
    }
    runs
}

/// Returns how many numbers a row of results holds.
fn width(model: &dyn Model) -> usize {
    model.manifest().outputs.len() * (1 + model.quantiles().len())
}

/// Returns the names of the numbers of a row: outputs, then those of each quantile, `cp_q05` for 0.05 of `cp`.
fn columns(model: &dyn Model) -> Vec<String> {
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

/// Returns the place of a subject in the data, which only stochastic models ask for.
fn ordinal(model: &dyn Model, dataset: &Dataset, subject: &Subject) -> usize {
    if model.manifest().kind != "sde" {
        return 0;
    }
    dataset.subjects.iter().position(|other| core::ptr::eq(other, subject)).unwrap_or_default()
}

/// Returns the stream of random numbers of a run of a subject: one a subject, and others where a reset turns its time
/// back. They repeat beyond a million subjects or four thousand runs of one.
fn stream(subject: usize, run: usize) -> u32 {
    (subject as u32).wrapping_add((run as u32) << 20)
}

fn schedule(model: &dyn Model, dataset: &Dataset, stream: u32, records: Vec<ScheduleRecord>) -> Schedule {
    Schedule {
        policy: dataset.policy,
        data_interpolation: dataset.interpolation,
        covariates: model.manifest().covariates.len() as u32,
        stream,
        records,
    }
}

fn schedule_record(record: &Record, report: bool) -> ScheduleRecord {
    let plain =
        ScheduleRecord { report, ..ScheduleRecord::observation(record.time, record.covariates.clone()) };
    match record.event {
        Event::Observation(_) => plain,
        Event::Other => ScheduleRecord { event: event::OTHER, ..plain },
        Event::Reset => ScheduleRecord { event: event::RESET, ..plain },
        Event::Dose(dose) => with_dose(plain, event::DOSE, dose),
        Event::ResetAndDose(dose) => with_dose(plain, event::RESET_AND_DOSE, dose),
    }
}

fn with_dose(plain: ScheduleRecord, event: u32, dose: Dose) -> ScheduleRecord {
    ScheduleRecord {
        event,
        route: Some(dose.route),
        amount: dose.amount,
        rate: match dose.input {
            Input::Bolus => 0.0,
            Input::Rate(rate) => rate,
            Input::ModelledRate => modelled::RATE,
            Input::ModelledDuration => modelled::DURATION,
        },
        additional: dose.additional,
        interval: dose.interval,
        steady_state: dose.steady_state,
        ..plain
    }
}

/// Adds reported times to records: a grid, and the moment before each record that may make a jump.
fn dense(records: &[Record], points: usize) -> Vec<ScheduleRecord> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return Vec::new() };
    let step = (last.time - first.time) / points.max(1) as f64;
    let silent = |time| ScheduleRecord::observation(time, vec![f64::NAN; first.covariates.len()]);
    let mut grid = (1..points).map(|index| first.time + step * index as f64).peekable();
    let mut scheduled: Vec<ScheduleRecord> = Vec::new();
    for record in records {
        while let Some(time) = grid.next_if(|time| *time <= record.time) {
            if time < record.time {
                scheduled.push(silent(time));
            }
        }
        let jump = !matches!(record.event, Event::Observation(_) | Event::Other);
        if jump && scheduled.last().is_some_and(|before| before.time < record.time) {
            scheduled.push(silent(record.time));
        }
        scheduled.push(schedule_record(record, true));
    }
    scheduled
}

fn rows_of(values: &[f64], width: usize) -> impl Iterator<Item = Vec<f64>> {
    values.chunks(width.max(1)).map(<[f64]>::to_vec)
}

//! From the records of subjects to schedules.

use core::ops::Range;
use std::borrow::Cow;

use pmc_abi::manifest::Manifest;
use pmc_abi::schedule::{event, modelled};
use pmc_host::{Schedule, ScheduleRecord};

use crate::batch::Batch;
use crate::dataset::{Dose, Event, Input, Record};

/// Makes the schedules of a batch: one a subject, and more where a reset turns its time back.
///
/// `plan` makes the records of a schedule from those of the data. Returns the schedules with, for each, the place
/// of its subject in the batch.
pub(crate) fn schedules(
    manifest: &Manifest,
    batch: Batch<'_>,
    plan: impl Fn(&[Record]) -> Vec<ScheduleRecord>,
) -> (Vec<Schedule>, Vec<usize>) {
    let mut schedules = Vec::with_capacity(batch.subjects.len());
    let mut owners = Vec::with_capacity(batch.subjects.len());
    for (place, subject) in batch.subjects.iter().enumerate() {
        let records = carried(manifest, &subject.records);
        for (run, range) in runs(&records).into_iter().enumerate() {
            schedules.push(Schedule {
                policy: batch.dataset.policy,
                data_interpolation: batch.dataset.interpolation,
                covariates: manifest.covariates.len() as u32,
                stream: stream(batch.first + place, run),
                records: plan(&records[range]),
            });
            owners.push(place);
        }
    }
    (schedules, owners)
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

/// Returns the stream of random numbers of a run of a subject: one a subject, and others where a reset turns its time
/// back. They repeat beyond a million subjects or four thousand runs of one.
fn stream(subject: usize, run: usize) -> u32 {
    (subject as u32).wrapping_add((run as u32) << 20)
}

/// Makes the record of a schedule from one of the data.
pub(crate) fn schedule_record(record: &Record, report: bool) -> ScheduleRecord {
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
pub(crate) fn dense(records: &[Record], points: usize) -> Vec<ScheduleRecord> {
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

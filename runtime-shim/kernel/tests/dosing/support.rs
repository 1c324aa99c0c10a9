//! Subjects and how to run them.

use pmc_abi::descriptor::{SolverSettings, interpolation, solver};
use pmc_abi::schedule::{MAGIC, Record, event};
use pmc_kernel::dosing::{Doses, Schedule, Track, Workspace, simulate};
use pmc_kernel::{Failure, Model};

/// Tight enough that 1e-6 is reached by any path of the solver.
pub(crate) const SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 1e-8,
    absolute_tolerance: 1e-10,
    maximum_step: f64::INFINITY,
    maximum_steps: 1e6,
    solver: solver::AUTOMATIC,
    particles: 0,
    seed: 0,
};

/// Records of one subject under construction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    records: Vec<(Record, Vec<f64>)>,
    pub(crate) policy: u32,
    pub(crate) data_interpolation: Option<u32>,
}

impl Subject {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a record without covariates.
    pub(crate) fn record(mut self, record: Record) -> Self {
        self.records.push((record, Vec::new()));
        self
    }

    /// Gives the last record covariates.
    pub(crate) fn with(mut self, covariates: &[f64]) -> Self {
        self.records.last_mut().expect("a record").1 = covariates.to_vec();
        self
    }

    pub(crate) fn policy(mut self, policy: u32) -> Self {
        self.policy = policy;
        self
    }

    /// Adds observations.
    pub(crate) fn observe(mut self, times: impl IntoIterator<Item = f64>) -> Self {
        self.records.extend(times.into_iter().map(|time| (observation(time), Vec::new())));
        self
    }

    /// Sorts records by time, keeping the order at equal times.
    pub(crate) fn sorted(mut self) -> Self {
        self.records.sort_by(|(left, _), (right, _)| left.time.total_cmp(&right.time));
        self
    }

    /// Writes the schedule for a model with so many covariates.
    pub(crate) fn words(&self, covariates: usize) -> Vec<u64> {
        let mode = self.data_interpolation.unwrap_or(interpolation::LAST_FORWARD);
        let mut words = vec![
            pair(MAGIC, self.records.len() as u32),
            pair(covariates as u32, self.policy),
            pair(mode, 0),
            pair(0, 0),
        ];
        for (record, values) in &self.records {
            words.extend([record.time, record.amount, record.rate, record.interval].map(f64::to_bits));
            words.extend([pair(record.event, record.route), pair(record.additional, record.flags)]);
            words.extend((0..covariates).map(|at| values.get(at).copied().unwrap_or(f64::NAN).to_bits()));
        }
        words
    }
}

fn pair(low: u32, high: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// An observation that is reported.
pub(crate) fn observation(time: f64) -> Record {
    Record::observation(time)
}

/// A bolus that is not reported.
pub(crate) fn bolus(time: f64, route: u32, amount: f64) -> Record {
    Record { amount, route, event: event::DOSE, flags: 0, ..observation(time) }
}

/// An infusion that is not reported.
pub(crate) fn infusion(time: f64, route: u32, amount: f64, rate: f64) -> Record {
    Record { rate, ..bolus(time, route, amount) }
}

/// Something that gives no dose.
pub(crate) fn happening(time: f64, event: u32) -> Record {
    Record { event, flags: 0, ..observation(time) }
}

/// Runs a subject; returns the outputs of each report.
pub(crate) fn try_run(
    model: &impl Model,
    parameters: &[f64],
    subject: &Subject,
) -> Result<Vec<Vec<f64>>, Failure> {
    run_with(model, parameters, subject, SETTINGS)
}

/// Runs a subject with settings.
pub(crate) fn run_with(
    model: &impl Model,
    parameters: &[f64],
    subject: &Subject,
    settings: SolverSettings,
) -> Result<Vec<Vec<f64>>, Failure> {
    let descriptor = model.descriptor();
    let words = subject.words(descriptor.covariates.len());
    let schedule = Schedule::new(&words, &descriptor)?;
    // Whatever lies in the memory before must not matter.
    let mut numbers = vec![f64::NAN; Workspace::numbers(&descriptor)];
    let mut tracks = vec![Track::default(); descriptor.covariates.len()];
    let mut doses = Doses::new();
    let mut workspace = Workspace { numbers: &mut numbers, tracks: &mut tracks, doses: &mut doses };
    workspace.parameters(&descriptor.layout).copy_from_slice(parameters);
    let mut out = vec![0.0; schedule.reports() * descriptor.outputs as usize];
    simulate(model, workspace, settings, &schedule, &mut out)?;
    Ok(out.chunks_exact(descriptor.outputs as usize).map(<[f64]>::to_vec).collect())
}

/// Runs a subject that must succeed.
pub(crate) fn run(model: &impl Model, parameters: &[f64], subject: &Subject) -> Vec<Vec<f64>> {
    try_run(model, parameters, subject).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// Asserts that the first output of each report is close to what is expected, relative to the largest.
pub(crate) fn assert_close(found: &[Vec<f64>], expected: impl IntoIterator<Item = f64>, tolerance: f64) {
    let expected: Vec<f64> = expected.into_iter().collect();
    assert_eq!(found.len(), expected.len(), "number of reports");
    let largest = expected.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let error = (found[0] - expected).abs() / expected.abs().max(largest * 1e-4);
        assert!(error <= tolerance, "report {index}: {} expected {expected}, error {error:e}", found[0]);
    }
}

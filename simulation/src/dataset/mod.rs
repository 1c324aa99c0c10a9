//! Datasets: what happened to each subject, and what was observed.

mod columns;
mod covariates;
mod dose;
mod findings;
mod notes;
mod read;
mod route;
mod row;

use pmc_host::SteadyState;

pub use read::{DatasetOptions, read_dataset};

/// The records of a study, checked against the model that they were read for.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Subjects in file order.
    pub subjects: Vec<Subject>,
    /// Bits of [`pmc_abi::schedule::policy`] that this kind of data asks for.
    pub policy: u32,
    /// How values of covariates arise whose mode the model leaves open: one of
    /// [`pmc_abi::descriptor::interpolation`].
    pub interpolation: u32,
}

/// The records of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The identifier as written.
    pub id: String,
    /// Records in file order; times do not decrease, except at a reset.
    pub records: Vec<Record>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Line of the file.
    pub row: u64,
    /// When.
    pub time: f64,
    /// What happened.
    pub event: Event,
    /// One value per covariate of the model, NaN where the row has none.
    pub covariates: Vec<f64>,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// An observation (EVID 0).
    Observation(Observation),
    /// A dose (EVID 1).
    Dose(Dose),
    /// Nothing but covariates (EVID 2).
    Other,
    /// A reset (EVID 3).
    Reset,
    /// A reset, then a dose (EVID 4).
    ResetAndDose(Dose),
}

/// What was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The value; absent where the row only asks for a prediction.
    pub value: Option<f64>,
    /// Index of the output that was observed; absent if the model has no such output.
    pub output: Option<usize>,
}

/// What was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dose {
    /// Index of the route.
    pub route: u32,
    /// The amount, above 0; 0 for an infusion at steady state that has always run and ends with its record.
    pub amount: f64,
    /// How fast.
    pub input: Input,
    /// Number of further doses.
    pub additional: u32,
    /// Time between them, and between the doses of a steady state; 0 if there are none.
    pub interval: f64,
    /// Whether the dose has been given for ever.
    pub steady_state: SteadyState,
}

/// How fast a dose enters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// At once.
    Bolus,
    /// At this rate, above 0.
    Rate(f64),
    /// At the rate that the model gives (RATE −1).
    ModelledRate,
    /// For the duration that the model gives (RATE −2).
    ModelledDuration,
}

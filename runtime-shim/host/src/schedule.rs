//! The events and observations of one subject.

use pmc_abi::Status;
use pmc_abi::manifest::Manifest;
use pmc_abi::schedule::{Header, MAGIC, NO_ROUTE, event, flag};

use crate::error::RunError;

/// The events and observations of one subject, in order, for [`simulate`](crate::Model::simulate).
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Bits of [`pmc_abi::schedule::policy`].
    pub policy: u32,
    /// Interpolation of covariates whose mode the data decide (see [`pmc_abi::descriptor::interpolation`]).
    pub data_interpolation: u32,
    /// Number of covariates on each record.
    pub covariates: u32,
    /// Which stream of random numbers a stochastic model takes: another one for each subject. Of no meaning to
    /// other models.
    pub stream: u32,
    /// Records in order; times must not decrease.
    pub records: Vec<ScheduleRecord>,
}

/// One record.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduleRecord {
    /// When.
    pub time: f64,
    /// One of [`pmc_abi::schedule::event`].
    pub event: u32,
    /// Index of the route of a dose.
    pub route: Option<u32>,
    /// Amount of a dose.
    pub amount: f64,
    /// 0 for a bolus, above 0 for an infusion at this rate, or one of [`pmc_abi::schedule::modelled`].
    pub rate: f64,
    /// Number of additional doses.
    pub additional: u32,
    /// Time between additional doses, and between those of a steady state.
    pub interval: f64,
    /// Whether the dose has been given for ever.
    pub steady_state: SteadyState,
    /// Whether outputs are wanted after this record.
    pub report: bool,
    /// One value per covariate, NaN where the data have none.
    pub covariates: Vec<f64>,
}

/// What went before a dose, the SS of NONMEM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SteadyState {
    /// What the schedule says (SS = 0).
    #[default]
    None,
    /// The same dose for ever and nothing else: its steady state replaces what was there (SS = 1).
    Replace,
    /// The same dose for ever beside what the schedule says: its steady state is added to what was there
    /// (SS = 2).
    Add,
}

impl SteadyState {
    /// Returns what a number in a column SS stands for, if it stands for anything.
    pub fn from_column(number: f64) -> Option<Self> {
        [(0.0, Self::None), (1.0, Self::Replace), (2.0, Self::Add)]
            .into_iter()
            .find(|(code, _)| *code == number)
            .map(|(_, steady_state)| steady_state)
    }

    /// Returns the bits of [`flag`].
    const fn flags(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Replace => flag::STEADY_STATE,
            Self::Add => flag::STEADY_STATE_ADDED,
        }
    }
}

impl ScheduleRecord {
    /// Makes an observation whose outputs are wanted.
    pub fn observation(time: f64, covariates: Vec<f64>) -> Self {
        Self {
            time,
            event: event::OBSERVATION,
            route: None,
            amount: 0.0,
            rate: 0.0,
            additional: 0,
            interval: 0.0,
            steady_state: SteadyState::None,
            report: true,
            covariates,
        }
    }
}

impl Schedule {
    /// Returns the number of records whose outputs are wanted.
    pub fn reports(&self) -> usize {
        self.records.iter().filter(|record| record.report).count()
    }

    /// Checks the number of covariates for a model.
    pub(crate) fn check(&self, manifest: &Manifest) -> Result<(), RunError> {
        let (given, expected) = (self.covariates, manifest.covariates.len());
        if given as usize == expected {
            return Ok(());
        }
        Err(RunError::bad_value(format!("{given} covariates given, expected {expected}")))
    }

    /// Says of an error of its simulation what the model cannot know.
    pub fn explain(&self, error: RunError, manifest: &Manifest) -> RunError {
        let asks = |record: &ScheduleRecord| record.steady_state != SteadyState::None;
        let is_refused = error.status == Some(Status::NotSupported) && manifest.kind == "sde";
        if is_refused && self.records.iter().any(asks) { error.of_stochastic_steady_state() } else { error }
    }

    /// Writes the layout that `plugin_simulate` reads as words of memory.
    pub fn to_words(&self) -> Vec<u64> {
        self.to_bytes().as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect()
    }

    /// Writes the layout that `plugin_simulate` reads (see [`pmc_abi::schedule`]).
    ///
    /// Values of covariates beyond [`covariates`](Self::covariates) are left out, absent ones are NaN.
    pub fn to_bytes(&self) -> Vec<u8> {
        let width = size_of::<pmc_abi::schedule::Record>() + 8 * self.covariates as usize;
        let mut bytes = Vec::with_capacity(size_of::<Header>() + width * self.records.len());
        let header =
            [MAGIC, self.records.len() as u32, self.covariates, self.policy, self.data_interpolation];
        for word in header.into_iter().chain([self.stream, 0, 0]) {
            bytes.extend(word.to_le_bytes());
        }
        for record in &self.records {
            for number in [record.time, record.amount, record.rate, record.interval] {
                bytes.extend(number.to_le_bytes());
            }
            let flags = record.steady_state.flags() | if record.report { flag::REPORT } else { 0 };
            for word in [record.event, record.route.unwrap_or(NO_ROUTE), record.additional, flags] {
                bytes.extend(word.to_le_bytes());
            }
            for index in 0..self.covariates as usize {
                let value = record.covariates.get(index).copied().unwrap_or(f64::NAN);
                bytes.extend(value.to_le_bytes());
            }
        }
        bytes
    }
}

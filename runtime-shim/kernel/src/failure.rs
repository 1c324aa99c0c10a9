//! How the kernel says that a simulation could not go on.

use pmc_abi::Status;

/// The cause of an early end, with the time and what is to blame, as far as that is known.
///
/// It is small, because it travels through everything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// The cause.
    pub status: Status,
    /// A state; of a bad dose its route and, from [`PROPERTY`] on, a property; perhaps with [`IMAGINED`].
    subject: u32,
    /// When, in model time.
    pub time: f64,
    /// What the property of a bad dose is.
    value: f64,
}

/// What is wrong with a dose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// Index of its route.
    pub route: u32,
    /// One of [`pmc_abi::route_property`] or [`pmc_abi::dose_property`].
    pub property: u32,
    /// What it is.
    pub value: f64,
}

/// Stands for no subject.
const NOTHING: u32 = IMAGINED - 1;

/// Bit of a failure in the past that the search for a steady state imagines.
const IMAGINED: u32 = 1 << 31;

/// First bit of a property; routes are fewer than what lies below.
const PROPERTY: u32 = 24;

impl Failure {
    /// Makes a failure that nothing is to blame for.
    pub const fn new(status: Status, time: f64) -> Self {
        Self { status, subject: NOTHING, time, value: 0.0 }
    }

    /// Makes a failure for which a state is to blame, if it is known.
    pub const fn of_state(status: Status, time: f64, state: Option<u32>) -> Self {
        let subject = match state {
            Some(state) => state,
            None => NOTHING,
        };
        Self { status, subject, time, value: 0.0 }
    }

    /// Makes the failure of a dose.
    pub const fn of_dose(time: f64, fault: Fault) -> Self {
        let Fault { route, property, value } = fault;
        Self { status: Status::BadDose, subject: route | property << PROPERTY, time, value }
    }

    /// Returns the same failure as one in the past that the search for a steady state imagines, at the time of its dose.
    #[must_use]
    pub const fn imagined(self, time: f64) -> Self {
        Self { subject: self.subject | IMAGINED, time, ..self }
    }

    /// Returns the state to blame.
    pub fn state(&self) -> Option<u32> {
        self.subject().filter(|_| self.status != Status::BadDose)
    }

    /// Returns what is wrong with a dose.
    pub fn fault(&self) -> Option<Fault> {
        let subject = self.subject().filter(|_| self.status == Status::BadDose)?;
        let route = subject & ((1 << PROPERTY) - 1);
        Some(Fault { route, property: subject >> PROPERTY, value: self.value })
    }

    /// Returns whether it happened in the past that the search for a steady state imagines; the time is then that of
    /// the dose.
    pub fn is_imagined(&self) -> bool {
        self.subject & IMAGINED != 0
    }

    fn subject(&self) -> Option<u32> {
        let subject = self.subject & !IMAGINED;
        (subject != NOTHING).then_some(subject)
    }
}

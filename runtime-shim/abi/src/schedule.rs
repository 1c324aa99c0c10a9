//! The binary layout of the schedule that `plugin_simulate` runs.
//!
//! Little endian: a [`Header`] of 32 bytes, then `records` entries, each a [`Record`] of 48 bytes followed
//! by one `f64` per covariate of the model: its value on that record, NaN where the data have none.
//! Records stand in file order with ascending times. Results are `f64`s: for each record with
//! [`flag::REPORT`], in order, the outputs of the model after that record; of a stochastic system their means, then
//! for each quantile that the configuration asks for that of each output.

/// The magic number of a header: `PMS1` as little-endian bytes.
pub const MAGIC: u32 = u32::from_le_bytes(*b"PMS1");

/// Marks the absence of a route.
pub const NO_ROUTE: u32 = u32::MAX;

/// The start of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Header {
    /// [`MAGIC`].
    pub magic: u32,
    /// Number of records.
    pub records: u32,
    /// Number of covariates on each record; must be that of the model.
    pub covariates: u32,
    /// Bits of [`policy`].
    pub policy: u32,
    /// Interpolation of covariates whose mode the data decide: one of
    /// [`interpolation`](crate::descriptor::interpolation), not `DATA`.
    pub data_interpolation: u32,
    /// Which of the independent streams of random numbers a stochastic system takes: another one for each
    /// subject. Of no meaning to other systems.
    pub stream: u32,
    /// Zero.
    pub reserved: [u32; 2],
}

/// How records at equal times are ordered, and how resets start.
pub mod policy {
    /// At equal times observations come before boluses and boluses before infusions (Pmetrics); otherwise
    /// records keep their order (NONMEM).
    pub const OBSERVATIONS_FIRST: u32 = 1 << 0;
    /// A reset sets states to zero instead of their initial values.
    pub const RESET_TO_ZERO: u32 = 1 << 1;
}

/// What a record is; the numbers of NONMEM's EVID.
pub mod event {
    /// An observation.
    pub const OBSERVATION: u32 = 0;
    /// A dose.
    pub const DOSE: u32 = 1;
    /// Nothing but its covariates.
    pub const OTHER: u32 = 2;
    /// A reset.
    pub const RESET: u32 = 3;
    /// A reset, then a dose.
    pub const RESET_AND_DOSE: u32 = 4;
}

/// Bits of [`Record::flags`].
pub mod flag {
    /// Outputs are wanted after this record.
    pub const REPORT: u32 = 1 << 0;
    /// Steady state replaces the state (SS = 1).
    pub const STEADY_STATE: u32 = 1 << 1;
    /// Steady state is added to the state (SS = 2).
    pub const STEADY_STATE_ADDED: u32 = 1 << 2;
}

/// Values of [`Record::rate`] that stand for modelled quantities.
pub mod modelled {
    /// The rate is the route's property (RATE = −1).
    pub const RATE: f64 = -1.0;
    /// The duration is the route's property (RATE = −2).
    pub const DURATION: f64 = -2.0;
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Record {
    /// When.
    pub time: f64,
    /// Amount of a dose.
    pub amount: f64,
    /// 0 for a bolus, above 0 for an infusion at this rate, or one of [`modelled`].
    pub rate: f64,
    /// Time between additional doses.
    pub interval: f64,
    /// One of [`event`].
    pub event: u32,
    /// Index of the route of a dose, or [`NO_ROUTE`].
    pub route: u32,
    /// Number of additional doses.
    pub additional: u32,
    /// Bits of [`flag`].
    pub flags: u32,
}

impl Record {
    /// Returns an observation that is reported.
    pub const fn observation(time: f64) -> Self {
        Self {
            time,
            amount: 0.0,
            rate: 0.0,
            interval: 0.0,
            event: event::OBSERVATION,
            route: NO_ROUTE,
            additional: 0,
            flags: flag::REPORT,
        }
    }
}

//! What lies beside a module once the passes have run, and the form that back ends take.

use crate::{Expr, Handle, Module, State};

/// A module with everything that back ends need to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The module.
    pub module: Module,
    /// Partial derivatives of the right-hand side.
    pub jacobian: Jacobian,
    /// When each value is computed.
    pub staging: Staging,
    /// Whether the system is linear between events.
    pub linearity: Linearity,
    /// What the functions of events compute.
    pub events: EventFunctions,
}

/// What the kernel asks of events, as values in the module; all of it empty without events and switches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFunctions {
    /// Times of the switches, then a first time and an interval for each event: the interval is 0 for one that
    /// happens once, and both are +∞ and 0 for one that waits for a condition.
    pub times: Vec<Handle<Expr>>,
    /// For each event whether its condition holds, real or Boolean; 0 for one that happens at a time.
    pub conditions: Vec<Handle<Expr>>,
    /// For each event pairs of a place and a value: states by index, then variables, then whether it stops the
    /// system, then for each of its doses route (−1 if it is not given), amount and duration (0 of a bolus).
    pub effects: Vec<Vec<(u32, Handle<Expr>)>>,
}

/// Whether the right-hand side is a constant matrix times the states plus a constant vector between events.
///
/// In ascending order of what is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Linearity {
    /// No, or not known to be.
    #[default]
    None,
    /// Yes, while no covariate is on a slope.
    UnlessSloped,
    /// Yes, always.
    Always,
}

/// The partial derivatives of the right-hand side that are not identically zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jacobian {
    /// With respect to states, sorted by row, then column.
    pub entries: Vec<JacobianEntry>,
    /// With respect to time, explicitly: pairs of row and value, sorted by row.
    pub time: Vec<(Handle<State>, Handle<Expr>)>,
}

/// One partial derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JacobianEntry {
    /// Whose derivative.
    pub row: Handle<State>,
    /// With respect to what.
    pub column: Handle<State>,
    /// The value.
    pub value: Handle<Expr>,
}

/// The rarest moment at which a value can be computed, in ascending order of frequency.
///
/// The stage of an expression is the largest stage of what it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// At compile time.
    Constant,
    /// Once a parameter set: parameters and random effects.
    Parameters,
    /// Once a covariate segment: covariates that are constant between records, and `is_missing`.
    Covariates,
    /// Once an event: infusion rates, times of last doses, dose number, variables, the time of the event.
    Event,
    /// At each time while a covariate is on a slope, else once a segment: covariates that are linear or
    /// whose interpolation the data decide.
    Interpolated,
    /// At each time.
    Time,
    /// At each state.
    State,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 7] = [
        Self::Constant,
        Self::Parameters,
        Self::Covariates,
        Self::Event,
        Self::Interpolated,
        Self::Time,
        Self::State,
    ];
}

/// When each value is computed and where the ones worth keeping are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staging {
    /// The stage of each expression, by index.
    pub stages: Vec<Stage>,
    /// The kept values: slot `k` of the frame's staged part holds expression `slots[k]`, which is of a
    /// stage from `Parameters` to `Interpolated` and is computed by that stage's function. Slots are
    /// sorted by stage, then handle. Booleans are kept as 1 and 0. A value without a slot is computed
    /// wherever it is used.
    pub slots: Vec<Handle<Expr>>,
}

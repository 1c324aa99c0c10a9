//! The functions that the kernel imports: their names, signatures and parameters.

use pmc_abi::export::model;
use wasm_encoder::ValType::{self, F64, I32};

/// The signature of a function of the model, and where it finds what expressions read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// The name by which the kernel imports it.
    pub name: &'static str,
    /// Types of its parameters.
    pub parameters: &'static [ValType],
    /// Types of its results.
    pub results: &'static [ValType],
    /// Number of the parameter that holds time.
    pub time: Option<u32>,
    /// Number of the parameter that holds the address of the frame.
    pub frame: u32,
    /// Number of the parameter that holds the address of the states that expressions may read.
    pub state: Option<u32>,
}

impl Entry {
    /// Returns the number of the parameter that holds the address of the results, of a function that has one.
    pub(super) const fn out(&self) -> u32 {
        // Results come after what is read.
        if self.state.is_some() { 3 } else { 2 }
    }
}

/// Returns the address of the descriptor.
pub(super) const DESCRIPTOR: Entry =
    Entry { name: model::DESCRIPTOR, parameters: &[], results: &[I32], time: None, frame: 0, state: None };

/// Stores the values of stage `Parameters`.
pub(super) const STAGE_PARAMETERS: Entry = stage(model::STAGE_PARAMETERS);

/// Stores the values of stage `Covariates`.
pub(super) const STAGE_COVARIATES: Entry = stage(model::STAGE_COVARIATES);

/// Stores the values of stage `Event`.
pub(super) const STAGE_EVENT: Entry = stage(model::STAGE_EVENT);

/// Stores the values of stage `Interpolated`.
pub(super) const STAGE_INTERPOLATED: Entry = Entry {
    name: model::STAGE_INTERPOLATED,
    parameters: &[F64, I32],
    results: &[],
    time: Some(0),
    frame: 1,
    state: None,
};

/// Writes initial values to its third parameter.
pub(super) const INITIAL: Entry = Entry {
    name: model::INITIAL,
    parameters: &[F64, I32, I32],
    results: &[],
    time: Some(0),
    frame: 1,
    state: None,
};

/// Writes time derivatives to its fourth parameter.
pub(super) const DERIVATIVES: Entry = of_state(model::DERIVATIVES, &[F64, I32, I32, I32]);

/// Writes partial derivatives to its fourth and fifth parameters.
pub(super) const JACOBIAN: Entry = of_state(model::JACOBIAN, &[F64, I32, I32, I32, I32]);

/// Writes outputs to its fourth parameter.
pub(super) const OUTPUTS: Entry = of_state(model::OUTPUTS, &[F64, I32, I32, I32]);

/// Returns the property (fourth parameter) of a route (third parameter).
pub(super) const ROUTE_PROPERTY: Entry = Entry {
    name: model::ROUTE_PROPERTY,
    parameters: &[F64, I32, I32, I32],
    results: &[F64],
    time: Some(0),
    frame: 1,
    state: None,
};

/// Writes the initial values of variables to its third parameter.
pub(super) const VARIABLES: Entry = Entry { name: model::VARIABLES, ..INITIAL };

/// Writes times of switches and events to its third parameter.
pub(super) const EVENT_TIMES: Entry = Entry { name: model::EVENT_TIMES, ..INITIAL };

/// Writes whether conditions hold to its fourth parameter.
pub(super) const EVENT_CONDITIONS: Entry = of_state(model::EVENT_CONDITIONS, &[F64, I32, I32, I32]);

/// Writes the effects of an event (fourth parameter) to its fifth parameter.
pub(super) const EVENT_EFFECTS: Entry = of_state(model::EVENT_EFFECTS, &[F64, I32, I32, I32, I32]);

/// The effects of one event; the kernel does not import it, [`EVENT_EFFECTS`] calls it.
pub(super) const ONE_EVENT: Entry = of_state("event", &[F64, I32, I32, I32]);

/// Writes coefficients of Wiener processes to its fourth parameter.
pub(super) const DIFFUSION: Entry = of_state(model::DIFFUSION, &[F64, I32, I32, I32]);

/// One property of one route; the kernel does not import it, [`ROUTE_PROPERTY`] calls it.
pub(super) const ONE_PROPERTY: Entry =
    Entry { name: "route", parameters: &[F64, I32], results: &[F64], time: Some(0), frame: 1, state: None };

/// All functions that a kernel may import.
pub(crate) const ALL: [Entry; 15] = [
    DESCRIPTOR,
    STAGE_PARAMETERS,
    STAGE_COVARIATES,
    STAGE_EVENT,
    STAGE_INTERPOLATED,
    INITIAL,
    DERIVATIVES,
    JACOBIAN,
    OUTPUTS,
    ROUTE_PROPERTY,
    VARIABLES,
    EVENT_TIMES,
    EVENT_CONDITIONS,
    EVENT_EFFECTS,
    DIFFUSION,
];

/// Number of the parameter to which [`JACOBIAN`] writes derivatives with respect to time.
pub(super) const TIME_DERIVATIVE_OUT: u32 = 4;

/// Makes the entry of a stage that knows no time.
const fn stage(name: &'static str) -> Entry {
    Entry { name, parameters: &[I32], results: &[], time: None, frame: 0, state: None }
}

/// Makes the entry of a function of time, frame and state that writes to what follows.
const fn of_state(name: &'static str, parameters: &'static [ValType]) -> Entry {
    Entry { name, parameters, results: &[], time: Some(0), frame: 1, state: Some(2) }
}

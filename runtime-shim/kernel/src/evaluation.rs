//! The functions of a model at any time and state, for hosts with an integrator of their own.

use pmc_abi::Status;

use crate::Model;
use crate::solver::step::clear;

/// Which function is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The initial values: one number per state.
    Initial,
    /// The time derivatives: one number per state.
    Derivatives,
    /// The partial derivatives: row by row one number per state and state.
    Jacobian,
    /// The outputs.
    Outputs,
    /// The [properties](pmc_abi::route_property) of this route: lag, bioavailability, rate and duration.
    Route(u32),
}

/// Lag, bioavailability, rate and duration where the model does not define them.
const UNDEFINED: [f64; 4] = [0.0, 1.0, f64::NAN, f64::NAN];

impl Function {
    /// Returns how many numbers are written for a model with so many states and outputs.
    pub const fn length(self, states: u32, outputs: u32) -> u32 {
        match self {
            Self::Initial | Self::Derivatives => states,
            Self::Jacobian => states * states,
            Self::Outputs => outputs,
            Self::Route(_) => UNDEFINED.len() as u32,
        }
    }

    /// Returns whether the function reads states.
    pub const fn reads_states(self) -> bool {
        !matches!(self, Self::Initial | Self::Route(_))
    }
}

/// Evaluates a function on a frame that holds what the model reads.
///
/// `out` has the [length](Function::length) of the function's results; only the Jacobian writes `time_derivative`, one
/// number per state. Fails with [`Status::NotFinite`] if a result is not a number, and with [`Status::BadValue`] if there
/// is no such route.
pub fn evaluate<M: Model>(
    model: &M,
    t: f64,
    function: Function,
    frame: &[f64],
    state: &[f64],
    out: &mut [f64],
    time_derivative: &mut [f64],
) -> Result<(), Status> {
    clear(out);
    match function {
        Function::Initial => model.initial(t, frame, out),
        Function::Derivatives => model.derivatives(t, frame, state, out),
        Function::Jacobian => {
            clear(time_derivative);
            model.jacobian(t, frame, state, out, time_derivative);
        }
        Function::Outputs => model.outputs(t, frame, state, out),
        Function::Route(route) => return write_properties(model, t, route, frame, out),
    }
    if out.iter().any(|value| value.is_nan()) { Err(Status::NotFinite) } else { Ok(()) }
}

/// Writes the properties of a route.
fn write_properties<M: Model>(
    model: &M,
    t: f64,
    route: u32,
    frame: &[f64],
    out: &mut [f64],
) -> Result<(), Status> {
    let defined = model.descriptor().routes.get(route as usize).ok_or(Status::BadValue)?.properties;
    for ((property, place), undefined) in (0..).zip(out).zip(UNDEFINED) {
        let known = defined & (1 << property) != 0;
        *place = if known { model.route_property(t, frame, route, property) } else { undefined };
    }
    Ok(())
}

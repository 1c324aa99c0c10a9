//! What the kernel needs of a model.

use pmc_abi::Status;
use pmc_abi::descriptor::Descriptor;

use crate::dosing::{DoseRequest, Engine};
use crate::solver::sparse::Elimination;

/// A model as the kernel sees it: functions of time, frame and state.
///
/// `frame` is laid out as [`pmc_abi::frame::FrameLayout`] says; the kernel fills it and calls the stage
/// functions so that each staged value is current: parameters once, covariates at each segment, event after
/// each dose or change of rate, interpolated at each time while a slope is not zero, else at each segment.
/// A stage function may read what earlier stages have stored. All other functions read the frame only.
pub trait Model {
    /// Returns the constants of the model.
    fn descriptor(&self) -> Descriptor<'_>;

    /// Stores the values that depend on parameters only.
    fn stage_parameters(&self, frame: &mut [f64]);

    /// Stores the values that depend on covariates that are constant between records.
    fn stage_covariates(&self, frame: &mut [f64]);

    /// Stores the values that depend on infusion rates and dose history.
    fn stage_event(&self, frame: &mut [f64]);

    /// Stores the values that depend on interpolated covariates.
    fn stage_interpolated(&self, t: f64, frame: &mut [f64]);

    /// Writes the initial values.
    fn initial(&self, t: f64, frame: &[f64], state: &mut [f64]);

    /// Writes the time derivatives of the states, infusions included.
    fn derivatives(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]);

    /// Writes the partial derivatives of the right-hand side: `matrix[row * n + column]` with respect to
    /// states, `time_derivative[row]` with respect to time. Entries that are identically zero are not
    /// written; the caller clears both first.
    fn jacobian(&self, t: f64, frame: &[f64], state: &[f64], matrix: &mut [f64], time_derivative: &mut [f64]);

    /// Writes the outputs.
    fn outputs(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]);

    /// Returns a property of a route that its descriptor announces (see [`pmc_abi::route_property`]).
    fn route_property(&self, t: f64, frame: &[f64], route: u32, property: u32) -> f64;

    /// Writes the initial values of variables.
    fn variables(&self, _t: f64, _frame: &[f64], _out: &mut [f64]) {}

    /// Writes the times of switches, then for each event its first time and the interval between two: 0 if it
    /// happens once, +∞ and 0 if it waits for a condition.
    fn event_times(&self, _t: f64, _frame: &[f64], _out: &mut [f64]) {}

    /// Writes for each event 1 if its condition holds, else 0.
    fn event_conditions(&self, _t: f64, _frame: &[f64], _state: &[f64], _out: &mut [f64]) {}

    /// Writes what an event changes: states, variables, 1 if it stops the system, and for each of its doses
    /// route, amount and duration (route −1 for a dose that is not given, duration 0 for a bolus). What it does
    /// not change it does not write; the caller has filled in what holds without it.
    fn event_effects(&self, _t: f64, _frame: &[f64], _state: &[f64], _event: u32, _out: &mut [f64]) {}

    /// Writes the coefficients of the Wiener processes of the states that the descriptor calls diffusing, and of no
    /// others.
    fn diffusion(&self, _t: f64, _frame: &[f64], _state: &[f64], _out: &mut [f64]) {}

    // What follows are parts of the kernel that not every model needs. Natively each is the function that it
    // calls; in a module it is a call by name, which the compiler resolves or leaves out (see
    // `pmc_abi::export::part`).

    /// Lets an engine go to a target where the solution is not known: by [steps](Self::step), or as
    /// [`Engine::sweep_to`] says.
    fn integrate(engine: &mut Engine<'_, Self>, target: f64, barrier: f64) -> Result<(), Status>
    where
        Self: Sized,
    {
        if engine.is_swept() { engine.sweep_to(target, barrier) } else { Self::step(engine, target, barrier) }
    }

    /// Lets an engine step to a target; see [`Engine::step_to`].
    fn step(engine: &mut Engine<'_, Self>, target: f64, barrier: f64) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.step_to(target, barrier)
    }

    /// Lets an engine go to a target by the exact solution; see [`Engine::propagate_to`].
    fn propagate(engine: &mut Engine<'_, Self>, target: f64) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.propagate_to(target)
    }

    /// Lets an engine move particles to a target; see [`Engine::disperse_to`].
    fn disperse(engine: &mut Engine<'_, Self>, target: f64) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.disperse_to(target)
    }

    /// Lets an engine write means and quantiles of outputs; see [`Engine::write_summary`].
    fn summarise(engine: &mut Engine<'_, Self>, out: &mut [f64]) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.write_summary(out)
    }

    /// Lets an engine find where states start in equilibrium; see [`Engine::find_balance`].
    fn balance(engine: &mut Engine<'_, Self>) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.find_balance()
    }

    /// Lets an engine find where states do not change; see [`Engine::find_equilibrium`].
    fn equilibrium(engine: &mut Engine<'_, Self>, room: &mut [f64]) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.find_equilibrium(room)
    }

    /// Does a task on a linear system with few entries; see [`Elimination::run`].
    fn eliminate(elimination: &mut Elimination<'_>)
    where
        Self: Sized,
    {
        elimination.run();
    }

    /// Lets an engine find a steady state; see [`Engine::find_steady_state`].
    fn steady_state(engine: &mut Engine<'_, Self>, request: &DoseRequest, lag: f64) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.find_steady_state(request, lag)
    }

    /// Lets an engine raise events; see [`Engine::raise`].
    fn raise_events(engine: &mut Engine<'_, Self>) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.raise()
    }

    /// Lets an engine step and watch conditions; see [`Engine::step_and_watch`].
    fn watch_conditions(engine: &mut Engine<'_, Self>, target: f64, barrier: f64) -> Result<(), Status>
    where
        Self: Sized,
    {
        engine.step_and_watch(target, barrier)
    }
}

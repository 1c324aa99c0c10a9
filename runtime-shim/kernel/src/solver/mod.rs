//! Initial-value solvers: an explicit pair, an L-stable Rosenbrock method, and the switch between them.
//!
//! Both methods have order 5, an embedded error estimate and an interpolant of order 4, and share one loop
//! over stages, one step-size control and one measure of errors:
//!
//! - `tableau`: coefficients of both methods;
//! - `stepper`: from one step to the next;
//! - `explicit`: stages of the explicit method, for one subject or for several side by side;
//! - `step`: an attempt at a step, its error, the solution within it;
//! - `control`, `power`: step sizes;
//! - `switch`: which method;
//! - `tolerance`: the measure of errors;
//! - `linear`, `sparse`: systems of linear equations for the Rosenbrock method;
//! - `workspace`: where everything lies.
//!
//! What each tolerance costs on which problem is in `docs/work-precision.csv`.
//!
//! A method of higher order for tight tolerances was measured and not taken. The pair of orders 8, 5 and 3 of
//! E. Hairer, S. P. Nørsett and G. Wanner (`DOP853`, Solving Ordinary Differential Equations I, section II.5) evaluates,
//! at the same achieved error, as often as the explicit method here at relative tolerance 1e-6 (1,700 times to 1,711 for
//! one compartment with seven doses, 1,850 to 1,801 for PK–PD) and at 1e-9 0.6 to 0.7 times as often (3,700 to 6,157, 4,600
//! to 6,493; Arenstorf's orbit 2,850 to 4,963). But its coefficients alone, with those of its interpolant, are 161
//! numbers or 1.3 KB in every module beside the code, and each of its twelve stages and three
//! more for the interpolant sums twice as many terms.
//!
//! Only `+ - * /` and operations on bits are used, so the results are the same everywhere.

mod control;
mod explicit;
mod linear;
mod power;
pub mod sparse;
#[cfg(test)]
mod sparse_tests;
pub(crate) mod step;
mod stepper;
mod switch;
mod tableau;
#[cfg(test)]
mod tests;
pub(crate) mod tolerance;
mod workspace;

use pmc_abi::Status;
use pmc_abi::descriptor::{SolverSettings, solver};

use self::stepper::Stepper;
use self::tolerance::{Tolerance, is_infinite_or_nan};
use self::workspace::Workspace;
use crate::propagator::uniform::{self, Uniform};
use crate::{Failure, Model, System};

pub(crate) use self::explicit::{Value, Vectors, take as take_explicit};
pub(crate) use self::linear::{factorise, solve};
pub use self::workspace::workspace_length;
pub(crate) use self::workspace::{STAGES, unplanned_length};

/// Counts of what an integrator has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Accepted steps.
    pub accepted: u32,
    /// Rejected steps.
    pub rejected: u32,
    /// Evaluations of the right-hand side.
    pub derivatives: u32,
    /// Evaluations of the Jacobian.
    pub jacobians: u32,
    /// Switches between explicit and stiff method.
    pub switches: u32,
}

/// Advances one system through time and knows its solution on the last step.
///
/// Local errors are held below `absolute + relative * |y|` in each state by itself. Within a step the
/// solution is as accurate as the error estimate, one order less than at its ends.
pub struct Integrator<'a> {
    workspace: &'a mut [f64],
    /// Number of states, known from the first start on.
    states: usize,
    stepper: Stepper,
    /// Whether attempts at a step are being made elsewhere.
    attempting: bool,
}

/// Number of the stage that holds the derivatives at the end of an explicit step.
const SLOPE: usize = 6;

impl<'a> Integrator<'a> {
    /// Makes an integrator over a workspace of at least [`workspace_length`] elements.
    pub fn new(workspace: &'a mut [f64], settings: SolverSettings) -> Self {
        Self { workspace, states: 0, stepper: Stepper::new(settings), attempting: false }
    }

    /// Says whether the right-hand side stays the same function of the state until the next barrier, which is not taken
    /// for granted. If so, a system that rests where it starts gets there in one step.
    ///
    /// Covariates on a slope are a dependence on time.
    pub fn set_autonomous(&mut self, autonomous: bool) {
        self.stepper.autonomous = autonomous;
    }

    /// Starts at a time and state, or starts again after any discontinuity of state or right-hand side.
    ///
    /// The step size of the past and the choice of method serve as hints, never as facts. A state or
    /// derivative that is not finite is reported by the next [`advance`](Self::advance).
    pub fn restart<M: Model>(&mut self, system: &mut System<'_, M>, t: f64, state: &[f64]) {
        let is_another = self.states != state.len();
        self.states = state.len();
        self.attempting = false;
        self.stepper.restart(t, is_another);
        let (end, latest) = Workspace::beginning(self.workspace, self.states);
        step::copy(end, state);
        system.derivatives(t, state, latest);
    }

    /// Lets steps grow slowly from a first guess after a restart, whatever the step size of the past was.
    ///
    /// A step that goes far beyond what the solution does next is correct, relative to where it ends, but tells
    /// little about its start.
    pub fn forget_step_size(&mut self) {
        self.stepper.forget_step_size();
    }

    /// Takes steps until the solution is known at `target`, evaluating nothing beyond `barrier`.
    ///
    /// `barrier >= target` is the next time at which right-hand side or state may jump; steps end on it
    /// exactly. Between them the solution may be known well past `target` already. After a failure only
    /// [`restart`](Self::restart) is of use.
    pub fn advance<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        target: f64,
        barrier: f64,
    ) -> Result<(), Failure> {
        self.skip_without_states(target);
        while self.stepper.reached() < target {
            self.next_step(system, barrier)?;
        }
        Ok(())
    }

    /// Takes one step if there are states to be stepped; otherwise goes to `target` at once.
    ///
    /// `target` and `barrier` are those of [`advance`](Self::advance).
    pub fn step<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        target: f64,
        barrier: f64,
    ) -> Result<(), Failure> {
        if self.states == 0 {
            self.stepper.skip_to(target);
            return Ok(());
        }
        self.next_step(system, barrier)
    }

    /// Returns the time at which the last step started.
    pub fn started(&self) -> f64 {
        self.stepper.started()
    }

    /// Returns the time up to which the solution is known.
    pub fn reached(&self) -> f64 {
        self.stepper.reached()
    }

    /// Returns the settings.
    pub(crate) fn settings(&self) -> &SolverSettings {
        &self.stepper.settings
    }

    /// Takes other settings; returns those before.
    pub(crate) fn exchange(&mut self, settings: SolverSettings) -> SolverSettings {
        self.stepper.exchange(settings)
    }

    /// Returns the slab, of at least `states * (2 * states + 3)` elements; the integrator must be restarted.
    pub(crate) fn slab(&mut self) -> &mut [f64] {
        self.workspace
    }

    /// Writes the solution at a time within the last step, ends included (there exactly).
    pub fn state_at(&self, t: f64, out: &mut [f64]) {
        let (mut start, mut end, stages) = Workspace::solution(self.workspace, self.states);
        if self.stepper.flipped {
            core::mem::swap(&mut start, &mut end);
        }
        self.stepper.write_state(t, (start, end, stages), out);
    }

    /// Returns what has been done so far.
    pub fn statistics(&self) -> Statistics {
        self.stepper.statistics
    }

    /// Returns whether a step has been taken since the last start.
    pub(crate) fn has_stepped(&self) -> bool {
        self.stepper.started() != self.stepper.reached()
    }

    /// Lets uniformisation start at a time and state; returns false if steps are better: for the matrix, for a jump at
    /// `barrier` that is too far away, because a method was asked for, or where the problem has proven stiff.
    ///
    /// Otherwise no step may follow before the next start.
    pub(crate) fn begin_sweep<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        (t, state): (f64, &[f64]),
        accumulators: &[u32],
        barrier: f64,
    ) -> bool {
        if self.stepper.settings.solver != solver::AUTOMATIC || self.stepper.next_is_stiff() {
            return false;
        }
        self.states = state.len();
        let work = Workspace::of(self.workspace, self.states, false);
        system.jacobian(t, state, work.jacobian, work.time_derivative);
        self.stepper.statistics.jacobians += 1;
        let found = uniform::rate(work.jacobian, accumulators, work.scratch);
        let found = found.filter(|rate| !uniform::is_too_far(*rate, barrier - t, state.len()));
        let Some(rate) = found else { return false };
        let Some(mut uniform) = Uniform::cut(self.workspace, self.states) else { return false };
        uniform.start(t, state, rate);
        self.stepper.stand_at(t);
        true
    }

    /// Writes the state at a target, or where steps are better from there on; returns the time of the two.
    pub(crate) fn sweep<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        target: f64,
        out: &mut [f64],
    ) -> Result<f64, Failure> {
        let Some(mut uniform) = Uniform::cut(self.workspace, self.states) else { return Ok(self.reached()) };
        let end = uniform.end();
        let time = if target < end { target } else { end };
        let cost = uniform.state_at(system, time, out);
        let Stepper { statistics, settings, .. } = &mut self.stepper;
        statistics.accepted = statistics.accepted.saturating_add(cost.pieces);
        statistics.derivatives = statistics.derivatives.saturating_add(cost.derivatives);
        // A look into a piece that is there costs nothing.
        if cost.pieces > 0 && f64::from(statistics.accepted) > settings.maximum_steps {
            return Err(Failure::new(Status::BudgetExceeded, time));
        }
        match out.iter().position(|value| is_infinite_or_nan(value.abs())) {
            Some(state) => Err(Failure::of_state(Status::NotFinite, time, Some(state as u32))),
            None => Ok(time),
        }
    }

    /// Counts a step of another method, with its evaluations of the right-hand side; fails at the limit of steps.
    pub(crate) fn count_step(&mut self, t: f64, derivatives: u32) -> Result<(), Failure> {
        let Stepper { statistics, settings, .. } = &mut self.stepper;
        if f64::from(statistics.accepted) >= settings.maximum_steps {
            return Err(Failure::new(Status::BudgetExceeded, t));
        }
        statistics.accepted += 1;
        statistics.derivatives = statistics.derivatives.saturating_add(derivatives);
        Ok(())
    }

    /// Takes one step, with as many attempts as it needs.
    fn next_step<M: Model>(&mut self, system: &mut System<'_, M>, barrier: f64) -> Result<(), Failure> {
        self.stepper.turn();
        let mut work = Workspace::of(self.workspace, self.states, self.stepper.flipped);
        if !self.stepper.begin(system, &mut work, barrier)? {
            return Ok(());
        }
        loop {
            self.stepper.propose(system, &mut work, barrier)?;
            let tolerance = Tolerance::new(&self.stepper.settings);
            let estimate = step::attempt(system, &mut work, &self.stepper.step, tolerance);
            if self.stepper.judge(&mut work, estimate) {
                return Ok(());
            }
        }
    }

    /// Returns whether a step is needed before the solution is known at a target.
    pub(crate) fn needs_step(&mut self, target: f64) -> bool {
        self.skip_without_states(target);
        // An attempt that did not count has reached nothing, wherever it ends.
        self.attempting || self.stepper.reached() < target
    }

    /// Goes on with a step until an attempt with the explicit method is proposed; returns false if the step is done
    /// without one.
    ///
    /// Somebody else then computes the [stages](Self::attempt_vectors), and [`judge_attempt`](Self::judge_attempt)
    /// follows.
    pub(crate) fn propose_attempt<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        barrier: f64,
    ) -> Result<bool, Failure> {
        if !self.attempting {
            if self.stepper.next_is_stiff() {
                self.next_step(system, barrier)?;
                return Ok(false);
            }
            self.stepper.turn();
            let mut work = Workspace::of(self.workspace, self.states, self.stepper.flipped);
            if !self.stepper.begin(system, &mut work, barrier)? {
                return Ok(false);
            }
            self.attempting = true;
        }
        let mut work = Workspace::of(self.workspace, self.states, self.stepper.flipped);
        self.stepper.propose(system, &mut work, barrier)?;
        Ok(true)
    }

    /// Returns the times between which an attempt has been proposed.
    pub(crate) fn attempt_times(&self) -> (f64, f64) {
        (self.stepper.step.start, self.stepper.step.end)
    }

    /// Returns the vectors of a proposed attempt.
    pub(crate) fn attempt_vectors(&mut self) -> Vectors<'_, f64> {
        let work = Workspace::of(self.workspace, self.states, self.stepper.flipped);
        let Workspace { start, end, stages, latest, scratch, .. } = work;
        Vectors { start, end, stages, latest, scratch }
    }

    /// Takes over an attempt whose stages have been computed.
    pub(crate) fn judge_attempt(&mut self) {
        let mut work = Workspace::of(self.workspace, self.states, self.stepper.flipped);
        let tolerance = Tolerance::new(&self.stepper.settings);
        let estimate = step::estimate(&mut work, &self.stepper.step, tolerance);
        self.attempting = !self.stepper.judge(&mut work, estimate);
    }

    /// Reaches a target without steps if there are no states to be stepped.
    fn skip_without_states(&mut self, target: f64) {
        if self.states == 0 {
            self.stepper.skip_to(target);
        }
    }
}

//! Initial-value solvers: an explicit pair, an L-stable Rosenbrock method, and the switch between them.
//!
//! Both methods have order 5, an embedded error estimate and an interpolant of order 4, and share one loop
//! over stages, one step-size control and one measure of errors:
//!
//! - `tableau`: coefficients of both methods;
//! - `step`: an attempt at a step, its error, the solution within it;
//! - `control`, `power`: step sizes;
//! - `first_step`: the size of the very first;
//! - `switch`: which method;
//! - `tolerance`: the measure of errors;
//! - `linear`: systems of linear equations for the Rosenbrock method;
//! - `workspace`: where everything lies.
//!
//! Only `+ - * /` and operations on bits are used, so the results are the same everywhere.

mod control;
mod first_step;
mod linear;
mod power;
mod step;
mod switch;
mod tableau;
mod tolerance;
mod workspace;

use pmc_abi::Status;
use pmc_abi::descriptor::SolverSettings;

use self::control::Control;
use self::step::Step;
use self::switch::Switch;
use self::tableau::Method;
use self::tolerance::{Estimate, Tolerance};
use self::workspace::Workspace;
use crate::{Failure, Model, System};

pub use self::workspace::workspace_length;

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
    settings: SolverSettings,
    /// Number of states, known from the first start on.
    states: usize,
    /// The last step.
    step: Step,
    control: Control,
    switch: Switch,
    /// Whether the derivatives at the end of the last step are in their place among the stages.
    slope_known: bool,
    statistics: Statistics,
}

/// Number of the stage that holds the derivatives at the end of an explicit step.
const SLOPE: usize = 6;

impl<'a> Integrator<'a> {
    /// Makes an integrator over a workspace of at least [`workspace_length`] elements.
    pub fn new(workspace: &'a mut [f64], settings: SolverSettings) -> Self {
        let switch = Switch::new(settings.solver);
        Self {
            workspace,
            settings,
            states: 0,
            step: Step { start: 0.0, end: 0.0, method: switch.method },
            control: Control::new(),
            switch,
            slope_known: false,
            statistics: Statistics::default(),
        }
    }

    /// Starts at a time and state, or starts again after any discontinuity of state or right-hand side.
    ///
    /// The step size of the past and the choice of method serve as hints, never as facts. A state or
    /// derivative that is not finite is reported by the next [`advance`](Self::advance).
    pub fn restart<M: Model>(&mut self, system: &mut System<'_, M>, t: f64, state: &[f64]) {
        self.states = state.len();
        self.step = Step { start: t, end: t, ..self.step };
        self.control.restart();
        let work = Workspace::cut(self.workspace, self.states);
        step::copy(work.end, state);
        self.slope_known = true;
        self.statistics.derivatives += 1;
        system.derivatives(t, state, &mut work.stages[SLOPE * self.states..][..self.states]);
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
        if self.states == 0 {
            self.step.end = target;
        }
        while self.step.end < target {
            self.next_step(system, barrier)?;
        }
        Ok(())
    }

    /// Writes the solution at a time within the last step, ends included (there exactly).
    pub fn state_at(&self, t: f64, out: &mut [f64]) {
        let (start, end, stages) = Workspace::solution(self.workspace, self.states);
        if t >= self.step.end {
            step::copy(out, end);
        } else if t <= self.step.start {
            step::copy(out, start);
        } else {
            let fraction = (t - self.step.start) / self.step.length();
            step::interpolate(start, stages, &self.step, fraction, out);
        }
    }

    /// Returns what has been done so far.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Takes one step, with as many attempts as it needs.
    fn next_step<M: Model>(&mut self, system: &mut System<'_, M>, barrier: f64) -> Result<(), Failure> {
        self.begin(system, barrier)?;
        let start = self.step.start;
        let mut worst = Estimate { norm: 0.0, state: None };
        let mut jacobian_known = false;
        while resolves(start, self.control.size) {
            if f64::from(self.statistics.accepted) + f64::from(self.statistics.rejected)
                >= self.settings.maximum_steps
            {
                return Err(Failure::new(Status::BudgetExceeded, start));
            }
            self.step.end = self.control.end_of_step(start, barrier, &self.settings);
            worst = self.attempt(system, &mut jacobian_known);
            if worst.norm <= 1.0 {
                self.accept(worst.norm);
                return Ok(());
            }
            self.statistics.rejected += 1;
            self.control.reject(self.step.length(), worst.norm);
        }
        let status = if worst.norm.is_nan() { Status::NotFinite } else { Status::StepTooSmall };
        Err(Failure { status, time: start, state: worst.state })
    }

    /// Makes the end of the last step the start of the next one.
    fn begin<M: Model>(&mut self, system: &mut System<'_, M>, barrier: f64) -> Result<(), Failure> {
        let t = self.step.end;
        let mut work = Workspace::cut(self.workspace, self.states);
        step::copy(work.start, work.end);
        self.step = Step { start: t, end: t, method: self.switch.method };
        if self.control.fresh {
            let pairs = work.start.iter().zip(&work.stages[SLOPE * self.states..]);
            if let Some(state) =
                pairs.map(|(y, slope)| y.is_finite() && slope.is_finite()).position(|finite| !finite)
            {
                return Err(Failure { status: Status::NotFinite, time: t, state: Some(state as u32) });
            }
        }
        if !resolves(t, self.control.size) {
            let tolerance = Tolerance::new(&self.settings);
            self.statistics.derivatives += 1;
            self.control.size = first_step::guess(system, &mut work, t, barrier, tolerance);
        }
        if self.step.method == Method::Explicit {
            if !self.slope_known {
                self.statistics.derivatives += 1;
                system.derivatives(t, work.start, &mut work.stages[SLOPE * self.states..][..self.states]);
            }
            let (first, last) = work.stages.split_at_mut(SLOPE * self.states);
            step::copy(&mut first[..self.states], last);
        }
        self.slope_known = self.step.method == Method::Explicit;
        Ok(())
    }

    /// Attempts the step and estimates its error.
    fn attempt<M: Model>(&mut self, system: &mut System<'_, M>, jacobian_known: &mut bool) -> Estimate {
        let mut work = Workspace::cut(self.workspace, self.states);
        let step = self.step;
        if step.method == Method::Stiff {
            if !*jacobian_known {
                *jacobian_known = true;
                self.statistics.jacobians += 1;
                system.jacobian(step.start, work.start, work.jacobian, work.time_derivative);
            }
            if !step::prepare(&mut work, step.length()) {
                return Estimate { norm: f64::NAN, state: None };
            }
        }
        self.statistics.derivatives += (step.method.stages() - step.method.first_stage()) as u32;
        step::take(system, &mut work, &step);
        step::estimate(&work, &step, Tolerance::new(&self.settings))
    }

    /// Keeps a step with an acceptable error, and learns from it.
    fn accept(&mut self, error: f64) {
        self.statistics.accepted += 1;
        let h = self.step.length();
        self.control.accept(h, error);
        if !self.switch.automatic {
            return;
        }
        let work = Workspace::cut(self.workspace, self.states);
        let tolerance = Tolerance::new(&self.settings);
        let eigenvalue = match self.step.method {
            Method::Explicit => step::eigenvalue(&work, tolerance),
            Method::Stiff => tolerance.matrix_norm(work.jacobian, work.start),
        };
        if self.switch.observe(h * eigenvalue) {
            self.statistics.switches += 1;
        }
    }
}

/// Returns whether steps of a size are more than rounding errors of the time.
fn resolves(t: f64, size: f64) -> bool {
    t + 0.125 * size > t
}

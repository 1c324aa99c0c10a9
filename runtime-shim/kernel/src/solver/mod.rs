//! Initial-value solvers: an explicit pair, an L-stable Rosenbrock method, and the switch between them.
//!
//! Both methods have order 5, an embedded error estimate and an interpolant of order 4, and share one loop
//! over stages, one step-size control and one measure of errors:
//!
//! - `tableau`: coefficients of both methods;
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
mod linear;
mod power;
pub mod sparse;
#[cfg(test)]
mod sparse_tests;
pub(crate) mod step;
mod switch;
mod tableau;
#[cfg(test)]
mod tests;
pub(crate) mod tolerance;
mod workspace;

use pmc_abi::Status;
use pmc_abi::descriptor::SolverSettings;

use self::control::Control;
use self::step::Step;
use self::switch::Switch;
use self::tableau::Method;
use self::tolerance::{Estimate, Largest, Tolerance, is_infinite_or_nan};
use self::workspace::Workspace;
use crate::{Failure, Model, System};

pub(crate) use self::linear::{factorise, solve};
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
    /// Whether start and end of the last step have changed places in the workspace.
    flipped: bool,
    known: Known,
    /// Whether the right-hand side does not depend on time.
    autonomous: bool,
    /// The state with the largest error in the last attempt.
    worst: Option<u32>,
    statistics: Statistics,
}

/// What the workspace holds beside the last step.
#[derive(Clone, Copy)]
struct Known {
    /// Whether the latest stage is the derivatives at the end of the last step.
    slope: bool,
    /// Whether there is a plan for sparse elimination; not asked until the first stiff step.
    plan: Option<bool>,
}

/// The shortest step that is tried first, relative to the time.
const SHORTEST: f64 = 16.0 * f64::EPSILON;

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
            flipped: false,
            known: Known { slope: false, plan: None },
            autonomous: false,
            worst: None,
            statistics: Statistics::default(),
        }
    }

    /// Says whether the right-hand side stays the same function of the state until the next barrier, which is not taken
    /// for granted. If so, a system that rests where it starts gets there in one step.
    ///
    /// Covariates on a slope are a dependence on time.
    pub fn set_autonomous(&mut self, autonomous: bool) {
        self.autonomous = autonomous;
    }

    /// Starts at a time and state, or starts again after any discontinuity of state or right-hand side.
    ///
    /// The step size of the past and the choice of method serve as hints, never as facts. A state or
    /// derivative that is not finite is reported by the next [`advance`](Self::advance).
    pub fn restart<M: Model>(&mut self, system: &mut System<'_, M>, t: f64, state: &[f64]) {
        if self.states != state.len() {
            self.known.plan = None;
        }
        self.states = state.len();
        self.step = Step { start: t, end: t, ..self.step };
        self.control.restart();
        let (end, latest) = Workspace::beginning(self.workspace, self.states);
        self.flipped = false;
        step::copy(end, state);
        self.known.slope = true;
        self.statistics.derivatives += 1;
        system.derivatives(t, state, latest);
    }

    /// Lets steps grow slowly from a first guess after a restart, whatever the step size of the past was.
    ///
    /// A step that goes far beyond what the solution does next is correct, relative to where it ends, but tells
    /// little about its start.
    pub fn forget_step_size(&mut self) {
        self.control.forget();
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
            self.step = Step { start: self.step.end, end: target, ..self.step };
            return Ok(());
        }
        self.next_step(system, barrier)
    }

    /// Returns the time at which the last step started.
    pub fn started(&self) -> f64 {
        self.step.start
    }

    /// Returns the time up to which the solution is known.
    pub fn reached(&self) -> f64 {
        self.step.end
    }

    /// Returns the settings.
    pub(crate) fn settings(&self) -> &SolverSettings {
        &self.settings
    }

    /// Takes other settings; returns those before.
    pub(crate) fn exchange(&mut self, settings: SolverSettings) -> SolverSettings {
        if settings.solver != self.settings.solver {
            self.switch = Switch::new(settings.solver);
        }
        core::mem::replace(&mut self.settings, settings)
    }

    /// Returns the slab, of at least `states * (2 * states + 3)` elements; the integrator must be restarted.
    pub(crate) fn slab(&mut self) -> &mut [f64] {
        self.workspace
    }

    /// Writes the solution at a time within the last step, ends included (there exactly).
    pub fn state_at(&self, t: f64, out: &mut [f64]) {
        let (mut start, mut end, stages) = Workspace::solution(self.workspace, self.states);
        if self.flipped {
            core::mem::swap(&mut start, &mut end);
        }
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

    /// Counts a step of another method, with its evaluations of the right-hand side; fails at the limit of steps.
    pub(crate) fn count_step(&mut self, t: f64, derivatives: u32) -> Result<(), Failure> {
        if f64::from(self.statistics.accepted) >= self.settings.maximum_steps {
            return Err(Failure::new(Status::BudgetExceeded, t));
        }
        self.statistics.accepted += 1;
        self.statistics.derivatives = self.statistics.derivatives.saturating_add(derivatives);
        Ok(())
    }

    /// Takes one step, with as many attempts as it needs.
    fn next_step<M: Model>(&mut self, system: &mut System<'_, M>, barrier: f64) -> Result<(), Failure> {
        let mut work = Workspace::cut(self.workspace, self.states);
        let tolerance = Tolerance::new(&self.settings);
        let start = self.step.end;
        let first = self.step.length() == 0.0;
        self.step = Step { start, end: start, method: self.switch.method };
        self.flipped = !self.flipped;
        if self.flipped {
            core::mem::swap(&mut work.start, &mut work.end);
        }
        if first {
            check_finite(start, work.start, work.latest)?;
            // A largest step is there to be kept: somebody looks at what the states do not tell.
            if self.autonomous && self.settings.maximum_step == f64::INFINITY && rest(&mut work) {
                // Finite, so that fractions of it are.
                self.step.end = if barrier < f64::MAX { barrier } else { f64::MAX };
                self.statistics.accepted += 1;
                return Ok(());
            }
        }
        if !resolves(start, self.control.size) {
            let guess = first_size(&work, tolerance);
            // Far from zero a guess may be less than times can tell apart.
            self.control.size = if resolves(start, guess) { guess } else { SHORTEST * start.abs() };
        }
        prepare(system, &mut work, &self.step, &mut self.known, &mut self.statistics);
        let mut worst = Estimate { norm: 0.0, state: None, rate: 0.0 };
        while resolves(start, self.control.size) {
            let Statistics { accepted, rejected, .. } = self.statistics;
            if f64::from(accepted) + f64::from(rejected) >= self.settings.maximum_steps {
                return Err(Failure::of_state(Status::BudgetExceeded, start, self.worst));
            }
            self.step.end = self.control.end_of_step(start, barrier, &self.settings);
            self.statistics.derivatives += self.step.method.evaluations() as u32;
            worst = step::attempt(system, &mut work, &self.step, tolerance);
            self.worst = worst.state;
            if worst.norm <= 1.0 {
                self.statistics.accepted += 1;
                self.control.accept(self.step.length(), worst.norm);
                if self.switch.automatic {
                    let rate = match self.step.method {
                        Method::Explicit => worst.rate,
                        Method::Stiff => tolerance.matrix_norm(work.jacobian, work.start),
                    };
                    let product = self.step.length() * rate;
                    self.statistics.switches += u32::from(self.switch.observe(product));
                }
                return Ok(());
            }
            self.statistics.rejected += 1;
            self.control.reject(self.step.length(), worst.norm);
            if self.step.method == Method::Explicit {
                for (latest, row) in work.latest.iter_mut().zip(&*work.stages) {
                    *latest = row[0];
                }
            }
        }
        Err(failure(system, &mut work, &self.step, worst))
    }
}

/// Returns why no step from here succeeds, however short, given the estimate of the last attempt.
fn failure<M: Model>(
    system: &mut System<'_, M>,
    work: &mut Workspace<'_>,
    step: &Step,
    worst: Estimate,
) -> Failure {
    let Estimate { norm, state, .. } = worst;
    if !norm.is_nan() {
        return Failure::of_state(Status::StepTooSmall, step.start, state);
    }
    // Where the attempt went, perhaps a derivative says which state is to blame.
    system.derivatives(step.end, work.start, work.latest);
    let blamed = check_finite(step.start, work.start, work.latest).err();
    blamed.unwrap_or(Failure::of_state(Status::NotFinite, step.start, state))
}

/// Makes a step of any length from a state that rests; returns whether it does.
fn rest(work: &mut Workspace<'_>) -> bool {
    let rests = work.latest.iter().all(|slope| *slope == 0.0);
    if rests {
        step::copy(work.end, work.start);
        work.stages.as_flattened_mut().fill(0.0);
    }
    rests
}

/// Evaluates what all attempts at a step have in common: the first stage or the Jacobian.
fn prepare<M: Model>(
    system: &mut System<'_, M>,
    work: &mut Workspace<'_>,
    step: &Step,
    known: &mut Known,
    statistics: &mut Statistics,
) {
    if step.method == Method::Stiff {
        known.slope = false;
        statistics.jacobians += 1;
        if known.plan.is_none() {
            known.plan = Some(step::plan(system, work, step.start));
        }
        work.planned = known.plan == Some(true);
        system.jacobian(step.start, work.start, work.jacobian, work.time_derivative);
    } else if !known.slope {
        known.slope = true;
        statistics.derivatives += 1;
        system.derivatives(step.start, work.start, work.latest);
    }
}

/// Fails if a component of a state or of its derivative is not finite.
fn check_finite(t: f64, state: &[f64], slope: &[f64]) -> Result<(), Failure> {
    match state.iter().zip(slope).position(|(y, slope)| is_infinite_or_nan(y.abs() + slope.abs())) {
        Some(state) => Err(Failure::of_state(Status::NotFinite, t, Some(state as u32))),
        None => Ok(()),
    }
}

/// Guesses the size of the very first step: a hundredth of the time in which the state, growing as it does at
/// the start, would change by its own size.
///
/// That is the first guess of E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I,
/// section II.4, and too small where a state starts from zero; steps may grow fast from there.
fn first_size(work: &Workspace<'_>, tolerance: Tolerance) -> f64 {
    let (mut above, mut below) = (Largest::NONE, Largest::NONE);
    for (state, slope) in work.start.iter().zip(&*work.latest) {
        let unit = 1.0 / tolerance.at(state.abs());
        above.take(slope * unit);
        below.take(state * unit);
    }
    let size = 0.01 * below.value() / above.value();
    if size > 0.0 && size < f64::INFINITY { size } else { 1e-6 }
}

/// Returns whether steps of a size are more than rounding errors of the time.
fn resolves(t: f64, size: f64) -> bool {
    t + 0.125 * size > t
}

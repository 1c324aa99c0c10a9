//! From one step to the next: which method, how long, and whether an attempt counts.
//!
//! A step is [begun](Stepper::begin), then attempts are [proposed](Stepper::propose), made by whoever can, and
//! [judged](Stepper::judge) until one counts. So attempts of several subjects can be made side by side.

use pmc_abi::Status;
use pmc_abi::descriptor::SolverSettings;

use super::Statistics;
use super::control::Control;
use super::step::{self, Step};
use super::switch::Switch;
use super::tableau::Method;
use super::tolerance::{Estimate, Largest, Tolerance, is_infinite_or_nan};
use super::workspace::{STAGES, Workspace};
use crate::{Failure, Model, System};

/// What an integrator knows beside the numbers in its workspace.
pub(super) struct Stepper {
    pub(super) settings: SolverSettings,
    /// The last step.
    pub(super) step: Step,
    control: Control,
    switch: Switch,
    /// Whether start and end of the last step have changed places in the workspace.
    pub(super) flipped: bool,
    known: Known,
    /// Whether the right-hand side does not depend on time.
    pub(super) autonomous: bool,
    /// What the last attempt at the present step came to.
    estimate: Estimate,
    /// The state with the largest error in the last attempt.
    worst: Option<u32>,
    pub(super) statistics: Statistics,
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

impl Stepper {
    pub(super) fn new(settings: SolverSettings) -> Self {
        let switch = Switch::new(settings.solver);
        Self {
            settings,
            step: Step { start: 0.0, end: 0.0, method: switch.method },
            control: Control::new(),
            switch,
            flipped: false,
            known: Known { slope: false, plan: None },
            autonomous: false,
            estimate: Estimate::NONE,
            worst: None,
            statistics: Statistics::default(),
        }
    }

    /// Starts at a time, where the derivatives are being evaluated; `another` says whether the number of states is
    /// another one than before.
    pub(super) fn restart(&mut self, t: f64, another: bool) {
        if another {
            self.known.plan = None;
        }
        self.stand_at(t);
        self.control.restart();
        self.flipped = false;
        self.known.slope = true;
        self.statistics.derivatives += 1;
    }

    /// Takes other settings; returns those before.
    pub(super) fn exchange(&mut self, settings: SolverSettings) -> SolverSettings {
        if settings.solver != self.settings.solver {
            self.switch = Switch::new(settings.solver);
        }
        core::mem::replace(&mut self.settings, settings)
    }

    pub(super) fn forget_step_size(&mut self) {
        self.control.forget();
    }

    /// Goes to a time without a step.
    pub(super) fn skip_to(&mut self, t: f64) {
        self.step = Step { start: self.step.end, end: t, ..self.step };
    }

    /// Forgets the last step, at a time.
    pub(super) fn stand_at(&mut self, t: f64) {
        self.step = Step { start: t, end: t, ..self.step };
    }

    pub(super) fn started(&self) -> f64 {
        self.step.start
    }

    pub(super) fn reached(&self) -> f64 {
        self.step.end
    }

    /// Writes the solution at a time within the last step from state at its start, state at its end and stages.
    pub(super) fn write_state(
        &self,
        t: f64,
        (start, end, stages): (&[f64], &[f64], &[[f64; STAGES]]),
        out: &mut [f64],
    ) {
        if t >= self.step.end {
            step::copy(out, end);
        } else if t <= self.step.start {
            step::copy(out, start);
        } else {
            let fraction = (t - self.step.start) / self.step.length();
            step::interpolate(start, stages, &self.step, fraction, out);
        }
    }

    /// Returns whether the next step is one of the stiff method.
    pub(super) fn next_is_stiff(&self) -> bool {
        self.switch.method == Method::Stiff
    }

    /// Lets the end of the last step be the start of the next: the workspace is to be cut anew.
    pub(super) fn turn(&mut self) {
        self.flipped = !self.flipped;
    }

    /// Begins a step after a [turn](Self::turn); returns whether attempts are needed: a system at rest needs none.
    pub(super) fn begin<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        work: &mut Workspace<'_>,
        barrier: f64,
    ) -> Result<bool, Failure> {
        let start = self.step.end;
        let first = self.step.length() == 0.0;
        self.step = Step { start, end: start, method: self.switch.method };
        if first {
            check_finite(start, work.start, work.latest)?;
            // A largest step is there to be kept: somebody looks at what the states do not tell.
            if self.autonomous && self.settings.maximum_step == f64::INFINITY && rest(work) {
                // Finite, so that fractions of it are.
                self.step.end = if barrier < f64::MAX { barrier } else { f64::MAX };
                self.statistics.accepted += 1;
                return Ok(false);
            }
        }
        if !resolves(start, self.control.size) {
            let guess = first_size(work, Tolerance::new(&self.settings));
            // Far from zero a guess may be less than times can tell apart.
            self.control.size = if resolves(start, guess) { guess } else { SHORTEST * start.abs() };
        }
        self.prepare(system, work);
        self.estimate = Estimate::NONE;
        Ok(true)
    }

    /// Decides where the next attempt ends.
    ///
    /// Fails at the limit of steps, and if no step from here succeeds, however short.
    pub(super) fn propose<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        work: &mut Workspace<'_>,
        barrier: f64,
    ) -> Result<(), Failure> {
        let start = self.step.start;
        if !resolves(start, self.control.size) {
            return Err(failure(system, work, &self.step, self.estimate));
        }
        let Statistics { accepted, rejected, .. } = self.statistics;
        if f64::from(accepted) + f64::from(rejected) >= self.settings.maximum_steps {
            return Err(Failure::of_state(Status::BudgetExceeded, start, self.worst));
        }
        self.step.end = self.control.end_of_step(start, barrier, &self.settings);
        self.statistics.derivatives += self.step.method.evaluations() as u32;
        Ok(())
    }

    /// Takes over what an attempt came to; returns whether it counts.
    pub(super) fn judge(&mut self, work: &mut Workspace<'_>, estimate: Estimate) -> bool {
        self.estimate = estimate;
        self.worst = estimate.state;
        let length = self.step.length();
        if estimate.norm <= 1.0 {
            self.statistics.accepted += 1;
            self.control.accept(length, estimate.norm);
            if self.switch.automatic {
                let rate = match self.step.method {
                    Method::Explicit => estimate.rate,
                    Method::Stiff => Tolerance::new(&self.settings).matrix_norm(work.jacobian, work.start),
                };
                self.statistics.switches += u32::from(self.switch.observe(length * rate));
            }
            return true;
        }
        self.statistics.rejected += 1;
        self.control.reject(length, estimate.norm);
        if self.step.method == Method::Explicit {
            for (latest, row) in work.latest.iter_mut().zip(&*work.stages) {
                *latest = row[0];
            }
        }
        false
    }

    /// Evaluates what all attempts at a step have in common: the first stage or the Jacobian.
    fn prepare<M: Model>(&mut self, system: &mut System<'_, M>, work: &mut Workspace<'_>) {
        let (step, known, statistics) = (&self.step, &mut self.known, &mut self.statistics);
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

//! The dosing engine: doses, infusions, resets and covariates as a state machine around a solver.
//!
//! Time moves in two ways only: [`Engine::advance`] integrates to a time and lets happen what is pending on the
//! way; a dose, reset or change of inputs then acts at that time. Nothing allocates, and nothing depends on the
//! times at which somebody looks: the solver's steps end at jumps, never at observations.
//!
//! - `doses`: the queues of pending doses and running infusions.
//! - `schedule`: reading of a schedule in place.
//! - `covariates`: their lines between records, and the next record at which something jumps.
//! - `inputs`: writing of rates and covariates that a host holds constant.
//! - `simulate`: running of a whole schedule.

mod covariates;
mod doses;
mod inputs;
mod schedule;
mod simulate;

use pmc_abi::Status;
use pmc_abi::descriptor::{Descriptor, SolverSettings, input};
use pmc_abi::frame::FrameLayout;
use pmc_abi::route_property;
use pmc_abi::schedule::modelled;

pub use covariates::Track;
pub use doses::{Doses, INFUSIONS, TRAINS};
pub use inputs::{forget_doses, hold_inputs};
pub use schedule::Schedule;
pub use simulate::simulate;

use crate::solver::{self, Integrator, Statistics};
use crate::{Failure, Model, System};
use doses::{Dose, Train};

/// The memory that an engine works in.
///
/// It outlives the engine: an engine made on the same memory goes on where the one before stopped.
#[derive(Debug)]
pub struct Workspace<'a> {
    /// At least [`Workspace::numbers`] numbers: the frame, the state, then the solver's.
    pub numbers: &'a mut [f64],
    /// One track per covariate.
    pub tracks: &'a mut [Track],
    /// The queues.
    pub doses: &'a mut Doses,
}

impl<'a> Workspace<'a> {
    /// Returns how many numbers an engine needs for a model.
    pub const fn numbers(descriptor: &Descriptor<'_>) -> usize {
        let states = descriptor.states as usize;
        descriptor.layout.len() as usize + states + solver::workspace_length(states)
    }

    /// Takes the workspace of a model apart, the tracks on their own; `None` if it is too small.
    fn split(self, descriptor: &Descriptor<'_>) -> Option<(Parts<'a>, &'a mut [Track])> {
        let Workspace { numbers, tracks, doses } = self;
        let (frame, rest) = numbers.split_at_mut_checked(descriptor.layout.len() as usize)?;
        let (state, solver) = rest.split_at_mut_checked(descriptor.states as usize)?;
        let enough = solver::workspace_length(state.len()) <= solver.len()
            && descriptor.covariates.len() <= tracks.len();
        enough.then_some((Parts { frame, state, solver, doses }, tracks))
    }

    /// Returns the values of parameters and random effects, which must be set before an engine is made.
    pub fn parameters(&mut self, layout: &FrameLayout) -> &mut [f64] {
        self.numbers.get_mut(layout.parameter() as usize..layout.covariate() as usize).unwrap_or_default()
    }
}

/// A workspace taken apart, without its tracks.
struct Parts<'a> {
    frame: &'a mut [f64],
    state: &'a mut [f64],
    solver: &'a mut [f64],
    doses: &'a mut Doses,
}

/// What a dose record asks for, before the model has had its say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoseRequest {
    /// Index of the route.
    pub route: u32,
    /// The amount, without bioavailability.
    pub amount: f64,
    /// 0 for a bolus, above 0 for an infusion at this rate, or one of [`modelled`].
    pub rate: f64,
    /// Time between additional doses.
    pub interval: f64,
    /// Number of additional doses.
    pub additional: u32,
}

/// One subject on its way through time.
pub struct Engine<'a, M> {
    system: System<'a, M>,
    descriptor: Descriptor<'a>,
    integrator: Integrator<'a>,
    state: &'a mut [f64],
    doses: &'a mut Doses,
    time: f64,
    /// What the integrator said when it could not go on.
    trouble: Option<Failure>,
    /// Whether state or right-hand side have jumped since the integrator last saw them.
    jumped: bool,
}

impl<'a, M: Model> Engine<'a, M> {
    /// Makes an engine that goes on at a time with the state, frame and queues that the workspace holds.
    ///
    /// Fails with [`Status::OutOfMemory`] if the workspace is too small.
    pub fn resume(
        model: &'a M,
        workspace: Workspace<'a>,
        settings: SolverSettings,
        time: f64,
    ) -> Result<Self, Failure> {
        let descriptor = model.descriptor();
        let (parts, _) = workspace.split(&descriptor).ok_or(Failure::new(Status::OutOfMemory, time))?;
        let mut engine = Self::new(model, descriptor, parts, settings, time);
        engine.covariates_changed();
        Ok(engine)
    }

    fn new(
        model: &'a M,
        descriptor: Descriptor<'a>,
        parts: Parts<'a>,
        settings: SolverSettings,
        time: f64,
    ) -> Self {
        let Parts { frame, state, solver, doses } = parts;
        model.stage_parameters(frame);
        let integrator = Integrator::new(solver, settings);
        let system = System { model, frame, sloped: false };
        Self { system, descriptor, integrator, state, doses, time, trouble: None, jumped: true }
    }

    /// Returns the time that the engine has reached.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// Returns the state at that time.
    pub fn state(&self) -> &[f64] {
        self.state
    }

    /// Returns the whole failure of a status that a method of the engine has just returned.
    pub fn explain(&self, status: Status) -> Failure {
        self.trouble.unwrap_or(Failure::new(status, self.time))
    }

    /// Returns what the solver has done so far.
    pub fn statistics(&self) -> Statistics {
        self.integrator.statistics()
    }

    /// Starts afresh at a time: initial values, nothing pending, no dose ever given, no infusion.
    ///
    /// The frame must hold the covariates of that time.
    pub fn start(&mut self, time: f64) {
        self.time = time;
        self.reset(false);
    }

    /// Holds infusion rates by route and covariates constant from now on; see [`hold_inputs`].
    ///
    /// A rate given here replaces that of the infusions which run on its route.
    pub fn hold(&mut self, rates: &[f64], covariates: &[f64]) -> Result<(), Status> {
        let held = hold_inputs(self.system.model, self.time, self.system.frame, rates, covariates);
        self.system.sloped = false;
        self.jumped = true;
        held
    }

    /// Goes back to initial values, or to zero; cancels pending doses and running infusions and forgets the
    /// doses of the past.
    fn reset(&mut self, to_zero: bool) {
        let layout = self.descriptor.layout;
        self.doses.clear();
        forget_doses(&layout, self.system.frame);
        for route in 0..layout.routes {
            self.set(layout.rate() + route, 0.0);
        }
        self.covariates_changed();
        self.state.fill(0.0);
        if !to_zero {
            self.system.model.initial(self.time, self.system.frame, self.state);
        }
    }

    /// Lets time pass up to a target, with all that is pending before it and, if `inclusive`, at it.
    ///
    /// `barrier` is the next time at which something else may jump.
    fn pass(&mut self, target: f64, inclusive: bool, barrier: f64) -> Result<(), Status> {
        loop {
            let next = self.doses.next();
            if target < next || (target == next && !inclusive) {
                return self.integrate(target, if next < barrier { next } else { barrier });
            }
            // Doses can be overdue where their lag rounds away.
            if self.time < next {
                self.integrate(next, next)?;
            }
            self.happen()?;
        }
    }

    /// Advances to a time, which must not lie in the past, with all that is pending up to then.
    ///
    /// Nothing beyond that time is evaluated.
    pub fn advance(&mut self, target: f64) -> Result<(), Status> {
        self.pass(target, true, target)
    }

    /// Integrates to a time; no jump may lie before it.
    fn integrate(&mut self, target: f64, barrier: f64) -> Result<(), Status> {
        if self.time < target {
            if self.jumped {
                self.integrator.restart(&mut self.system, self.time, self.state);
                self.jumped = false;
            }
            if let Err(failure) = self.integrator.advance(&mut self.system, target, barrier) {
                self.trouble = Some(failure);
                return Err(failure.status);
            }
            self.integrator.state_at(target, self.state);
            self.time = target;
        }
        Ok(())
    }

    /// Ends infusions and gives doses that are due.
    fn happen(&mut self) -> Result<(), Status> {
        if self.doses.end_infusions(self.time) {
            for route in 0..self.descriptor.layout.routes {
                self.set(self.descriptor.layout.rate() + route, self.doses.rate(route));
            }
            self.event_happened();
        }
        while let Some(dose) = self.doses.take_due(self.time) {
            self.give(&dose)?;
        }
        Ok(())
    }

    /// Gives a dose now, or later where the model says so, and expects its repetitions.
    ///
    /// Fails with [`Status::BadDose`] or [`Status::QueueFull`].
    pub fn dose(&mut self, request: &DoseRequest) -> Result<(), Status> {
        self.event_happened();
        let dose = self.resolve(request)?;
        let lag = self.property(request.route, route_property::LAG).unwrap_or(0.0);
        let start = self.time + lag;
        let repeats = request.additional != 0;
        let second = start + request.interval;
        // An interval that rounding swallows would give all doses at once.
        let regular = !repeats || (start < second && second.is_finite());
        if !(0.0 <= lag && start.is_finite() && regular) {
            return Err(Status::BadDose);
        }
        let now = start <= self.time;
        if !now || repeats {
            let (interval, additional) = (request.interval, request.additional);
            let train = Train { dose, start, interval, given: u32::from(now), additional };
            self.doses.expect(train)?;
        }
        if now {
            self.give(&dose)?;
        }
        Ok(())
    }

    /// Evaluates what the model says of a dose that is recorded now.
    fn resolve(&self, request: &DoseRequest) -> Result<Dose, Status> {
        let route = request.route;
        let Some(described) = self.descriptor.routes.get(route as usize) else {
            return Err(Status::BadDose);
        };
        let bioavailability = self.property(route, route_property::BIOAVAILABILITY).unwrap_or(1.0);
        let amount = bioavailability * request.amount;
        if !amount.is_finite() || !request.amount.is_finite() {
            return Err(Status::BadDose);
        }
        if request.rate == 0.0 {
            let accepted =
                described.input & input::BOLUS != 0 && described.destination < self.descriptor.states;
            let dose = Dose { route, amount, rate: 0.0, duration: 0.0 };
            return if accepted { Ok(dose) } else { Err(Status::BadDose) };
        }
        let (rate, duration) = if request.rate == modelled::DURATION {
            let duration = self.property(route, route_property::DURATION).unwrap_or(f64::NAN);
            (amount / duration, duration)
        } else if request.rate == modelled::RATE {
            let rate = self.property(route, route_property::RATE).unwrap_or(f64::NAN);
            (rate, amount / rate)
        } else {
            (request.rate, amount / request.rate)
        };
        let nothing = bioavailability == 0.0 && 0.0 < request.amount;
        let sensible = (0.0 < rate && 0.0 < duration) || (nothing && 0.0 <= rate && 0.0 <= duration);
        let accepted = described.input & input::INFUSION != 0;
        if accepted && sensible && rate.is_finite() && duration.is_finite() {
            Ok(Dose { route, amount: 0.0, rate, duration: if nothing { 0.0 } else { duration } })
        } else {
            Err(Status::BadDose)
        }
    }

    /// Gives a dose now.
    fn give(&mut self, dose: &Dose) -> Result<(), Status> {
        let layout = self.descriptor.layout;
        self.set(FrameLayout::LAST_DOSE, self.time);
        self.set(layout.last_dose() + dose.route, self.time);
        if let Some(number) = self.system.frame.get_mut(FrameLayout::DOSE_NUMBER as usize) {
            *number += 1.0;
        }
        if 0.0 < dose.duration {
            let end = self.time + dose.duration;
            // Times are rounded: an infusion so short that this changes what is given is refused, not falsified.
            if (end - self.time - dose.duration).abs() > 1e-6 * dose.duration {
                return Err(Status::BadDose);
            }
            self.doses.infuse(dose.route, dose.rate, end)?;
            self.set(layout.rate() + dose.route, self.doses.rate(dose.route));
        } else if let Some(route) = self.descriptor.routes.get(dose.route as usize)
            && let Some(amount) = self.state.get_mut(route.destination as usize)
        {
            *amount += dose.amount;
        }
        self.event_happened();
        Ok(())
    }

    /// Returns a property of a route at the present time, if the model defines it.
    fn property(&self, route: u32, property: u32) -> Option<f64> {
        let described = self.descriptor.routes.get(route as usize)?;
        let defined = described.properties & (1 << property) != 0;
        defined.then(|| self.system.model.route_property(self.time, self.system.frame, route, property))
    }

    /// Writes the outputs at the present time.
    ///
    /// Fails with [`Status::NotFinite`] if one is not a number; infinite ones are results like others.
    pub fn outputs(&mut self, out: &mut [f64]) -> Result<(), Status> {
        self.system.outputs(self.time, self.state, out);
        if out.iter().any(|value| value.is_nan()) { Err(Status::NotFinite) } else { Ok(()) }
    }

    /// Takes over a frame whose covariates have changed at the present time.
    fn covariates_changed(&mut self) {
        self.system.sloped = covariates::sloped(&self.descriptor.layout, self.system.frame);
        self.system.model.stage_covariates(self.system.frame);
        self.event_happened();
    }

    /// Brings staged values up to date after an event at the present time.
    fn event_happened(&mut self) {
        self.system.model.stage_event(self.system.frame);
        self.system.model.stage_interpolated(self.time, self.system.frame);
        self.jumped = true;
    }

    fn set(&mut self, offset: u32, value: f64) {
        inputs::set(self.system.frame, offset, value);
    }
}

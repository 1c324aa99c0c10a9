//! The machine and its motion through time.

use pmc_abi::Status;
use pmc_abi::descriptor::{Descriptor, SolverSettings, feature};
use pmc_abi::frame::FrameLayout;

use super::clock::Clock;
use super::workspace::{Parts, described};
use super::{Doses, Workspace, covariates, forget_doses, hold_inputs, inputs};
use crate::propagator::Propagator;
use crate::solver::step::{clear, copy};
use crate::solver::{Integrator, Statistics};
use crate::stochastic::Cloud;
use crate::{Failure, Model, System};

/// One subject on its way through time.
pub struct Engine<'a, M> {
    pub(crate) system: System<'a, M>,
    pub(super) descriptor: Descriptor<'a>,
    pub(crate) integrator: Integrator<'a>,
    pub(super) propagator: Propagator<'a>,
    pub(super) clock: Clock<'a>,
    /// What the search for a steady state works in.
    pub(super) steady_state: &'a mut [f64],
    /// The state; of a stochastic system what its particles have still to take over.
    pub(crate) state: &'a mut [f64],
    /// Rates that the host holds, by route.
    held: &'a mut [f64],
    /// The particles of a stochastic system, which move in place of the state.
    pub(super) cloud: Cloud<'a>,
    /// Which random numbers they get.
    pub(super) stream: u32,
    pub(super) doses: &'a mut Doses,
    pub(super) time: f64,
    /// What the integrator said when it could not go on.
    pub(super) trouble: Option<Failure>,
    /// Whether state or right-hand side have jumped since the solver last saw them.
    pub(super) jumped: bool,
    /// Whether the right-hand side may be another function of the states than the propagator knows.
    pub(super) turned: bool,
    /// Bits of [`pmc_abi::warning`].
    pub(super) warnings: u32,
    /// Times at which time has stood still so far; they count as the solver's steps do.
    stops: u32,
}

/// A way through time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage {
    /// Where it ends.
    pub(super) target: f64,
    /// Whether doses at the target belong to it.
    pub(super) inclusive: bool,
    /// The next time at which something else than doses and events may jump.
    pub(super) barrier: f64,
}

/// A part of a passage without a stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    /// Where it ends, perhaps in the past.
    pub(super) goal: f64,
    /// The next time at which something may jump.
    pub(super) barrier: f64,
    /// Whether the passage ends there as well.
    arrives: bool,
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
        let descriptor = described(model, &settings);
        let (parts, _) = workspace.split(&descriptor).ok_or(Failure::new(Status::OutOfMemory, time))?;
        let mut engine = Self::new(model, descriptor, parts, settings, time);
        engine.clock.resume();
        engine.covariates_changed();
        Ok(engine)
    }

    pub(super) fn new(
        model: &'a M,
        descriptor: Descriptor<'a>,
        parts: Parts<'a>,
        settings: SolverSettings,
        time: f64,
    ) -> Self {
        let Parts { frame, state, held, cloud, solver, propagator, clock, mask, steady_state, doses } = parts;
        model.stage_parameters(frame);
        Self {
            system: System { mask, ..System::new(model, frame) },
            integrator: Integrator::new(solver, settings),
            propagator: Propagator::new(propagator, state.len()),
            clock: Clock::new(clock, &descriptor, time),
            descriptor,
            steady_state,
            state,
            held,
            cloud,
            stream: 0,
            doses,
            time,
            trouble: None,
            jumped: true,
            turned: true,
            warnings: 0,
            stops: 0,
        }
    }

    /// Returns the time that the engine has reached.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// Returns the state at that time; of a stochastic system, whose particles move, it means nothing.
    pub fn state(&self) -> &[f64] {
        self.state
    }

    /// Returns the whole failure of a status that a method of the engine has just returned.
    pub fn explain(&self, status: Status) -> Failure {
        match self.trouble {
            Some(trouble) if trouble.status == status => trouble,
            _ => Failure::new(status, self.time),
        }
    }

    /// Returns what the solver has done so far.
    pub fn statistics(&self) -> Statistics {
        self.integrator.statistics()
    }

    /// Returns what the author of the data should know, as bits of [`pmc_abi::warning`].
    pub fn warnings(&self) -> u32 {
        self.warnings
    }

    /// Starts afresh at a time: initial values, nothing pending, no dose ever given, no infusion.
    ///
    /// The frame must hold the covariates of that time. Fails with [`Status::NoSteadyState`] if states are to
    /// start in an equilibrium that is not found.
    pub fn start(&mut self, time: f64) -> Result<(), Status> {
        self.time = time;
        self.clock.start(time);
        clear(self.held);
        self.cloud.restart();
        self.reset(false)
    }

    /// Holds infusion rates by route and covariates constant from now on; see [`hold_inputs`].
    ///
    /// A rate given here adds to those of the infusions which run on its route.
    pub fn hold(&mut self, rates: &[f64], covariates: &[f64]) -> Result<(), Status> {
        let held = hold_inputs(self.system.model, self.time, self.system.frame, rates, covariates);
        copy(self.held, rates);
        self.set_rates();
        self.system.sloped = false;
        self.event_happened();
        held
    }

    /// Goes back to initial values, or to zero; cancels pending doses and running infusions and forgets the
    /// doses of the past.
    pub(super) fn reset(&mut self, to_zero: bool) -> Result<(), Status> {
        self.doses.clear();
        forget_doses(&self.descriptor.layout, self.system.frame);
        self.set_rates();
        self.covariates_changed();
        if self.descriptor.layout.variables > 0 {
            self.reset_variables();
        }
        // First, because a system that has been stopped does not look for an equilibrium.
        self.clock.rearm(self.time);
        clear(self.state);
        if !to_zero {
            self.system.model.initial(self.time, self.system.frame, self.state);
            if !self.descriptor.dynamics.steady.is_empty() {
                M::balance(self)?;
            }
        }
        self.cloud.renew();
        Ok(())
    }

    /// Lets time pass up to a target, with all that is pending before it.
    ///
    /// Events of the model at the target happen in any case.
    pub(super) fn pass(&mut self, passage: &Passage) -> Result<(), Status> {
        loop {
            let leg = self.next_leg(passage)?;
            if self.time < leg.goal {
                self.integrate(leg.goal, leg.barrier)?;
            }
            if self.end_leg(passage, &leg)? {
                return Ok(());
            }
        }
    }

    /// Returns how far time can pass now.
    pub(super) fn next_leg(&mut self, passage: &Passage) -> Result<Leg, Status> {
        let Passage { target, inclusive, barrier } = *passage;
        self.settle()?;
        let (dose, event) = (self.doses.next(), self.clock.next());
        let next = if dose < event { dose } else { event };
        let arrives = target < next || (target == next && !inclusive && target < event);
        let goal = if arrives { target } else { next };
        // Doses can be overdue where their lag rounds away.
        Ok(Leg { goal, barrier: if next < barrier { next } else { barrier }, arrives })
    }

    /// Lets happen what is due after a leg; returns whether the passage is over.
    pub(super) fn end_leg(&mut self, passage: &Passage, leg: &Leg) -> Result<bool, Status> {
        if self.time < leg.goal {
            // A condition has become true on the way.
            self.count_stop()?;
            return Ok(false);
        }
        if leg.arrives {
            return Ok(true);
        }
        self.count_stop()?;
        if passage.inclusive || self.time < passage.target {
            self.happen()?;
        } else {
            self.state_jumped();
        }
        Ok(false)
    }

    /// Counts a stop on the way; records are none, so that the budget does not depend on who looks.
    pub(super) fn count_stop(&mut self) -> Result<(), Status> {
        self.stops += 1;
        // Doses or switches at vanishing intervals would never end.
        if f64::from(self.stops) > self.integrator.settings().maximum_steps {
            return Err(Status::BudgetExceeded);
        }
        Ok(())
    }

    /// Advances to a time, which must not lie in the past, with all that is pending up to then.
    ///
    /// Nothing beyond that time is evaluated.
    pub fn advance(&mut self, target: f64) -> Result<(), Status> {
        self.pass(&Passage { target, inclusive: true, barrier: target })
    }

    /// Lets time pass up to a target by the solver that the model needs; no jump may lie before it.
    ///
    /// Stops before the target where a condition of an event becomes true.
    pub(super) fn integrate(&mut self, target: f64, barrier: f64) -> Result<(), Status> {
        let dynamics = &self.descriptor.dynamics;
        if self.clock.has_stopped() {
            self.time = target;
            return Ok(());
        }
        if dynamics.has(feature::STOCHASTIC) {
            return M::disperse(self, target);
        }
        let sloped = self.system.sloped && dynamics.has(feature::SLOPED);
        if dynamics.has(feature::LINEAR) && !sloped {
            M::propagate(self, target)
        } else {
            M::integrate(self, target, barrier)
        }
    }

    /// Steps to a target; the part behind [`Model::step`].
    pub fn step_to(&mut self, target: f64, barrier: f64) -> Result<(), Status> {
        self.begin_steps();
        if self.clock.is_watching() {
            return M::watch_conditions(self, target, barrier);
        }
        let advanced = self.integrator.advance(&mut self.system, target, barrier);
        self.note(advanced)?;
        self.end_steps(target);
        Ok(())
    }

    /// Returns whether attempts at steps can be made along with those of other subjects.
    pub(super) fn steps_abreast(&self) -> bool {
        let dynamics = &self.descriptor.dynamics;
        let steps = !dynamics.has(feature::STOCHASTIC | feature::LINEAR | feature::LARGE);
        steps && !self.system.sloped && !self.clock.is_watching() && !self.clock.has_stopped()
    }

    /// Lets the integrator see what has jumped.
    pub(super) fn begin_steps(&mut self) {
        if self.jumped {
            let still = self.descriptor.dynamics.has(feature::AUTONOMOUS) && !self.system.sloped;
            self.integrator.set_autonomous(still);
            self.integrator.restart(&mut self.system, self.time, self.state);
            self.clock.lookout.restart(self.time);
            if self.clock.is_watching() {
                self.integrator.forget_step_size();
            }
            self.jumped = false;
        }
    }

    /// Goes on with a step until an attempt is proposed; returns false if the step is done without one.
    pub(super) fn propose_attempt(&mut self, barrier: f64) -> Result<bool, Status> {
        let mut proposed = false;
        let result = self.integrator.propose_attempt(&mut self.system, barrier);
        self.note(result.map(|answer| proposed = answer))?;
        Ok(proposed)
    }

    /// Takes over the solution at a time that the integrator has reached.
    pub(super) fn end_steps(&mut self, target: f64) {
        self.integrator.state_at(target, self.state);
        self.time = target;
    }

    /// Goes to a target by the exact solution; the part behind [`Model::propagate`].
    pub fn propagate_to(&mut self, target: f64) -> Result<(), Status> {
        if self.jumped {
            let restarted = self.propagator.restart(&mut self.system, self.time, self.state, self.turned);
            self.note(restarted)?;
            self.jumped = false;
            self.turned = false;
        }
        let found = self.propagator.state_at(target, self.state);
        self.note(found)?;
        self.time = target;
        Ok(())
    }

    /// Keeps the details of a failure.
    pub(super) fn note(&mut self, result: Result<(), Failure>) -> Result<(), Status> {
        result.map_err(|failure| {
            self.trouble = Some(failure);
            failure.status
        })
    }

    /// Ends infusions and gives doses that are due, and lets the model's events see it.
    pub(super) fn happen(&mut self) -> Result<(), Status> {
        self.state_jumped();
        if self.clock.has_stopped() {
            self.doses.clear();
            return Ok(());
        }
        if self.doses.end_infusions(self.time) {
            self.set_rates();
            self.event_happened();
        }
        while let Some(dose) = self.doses.take_due(self.time) {
            self.give(&dose)?;
        }
        Ok(())
    }

    /// Returns how many numbers [`outputs`](Self::outputs) writes.
    pub fn width(&self) -> usize {
        self.cloud.width()
    }

    /// Returns whether chance has a part in the system.
    pub(super) fn is_stochastic(&self) -> bool {
        self.descriptor.dynamics.has(feature::STOCHASTIC)
    }

    /// Writes the outputs at the present time; of a stochastic system their means, then for each quantile that the
    /// [workspace](Workspace::cloud) asks for that of each output.
    ///
    /// Fails with [`Status::NotFinite`] if one is not a number; infinite ones are results like others. After the model
    /// has stopped the system there are none: they are NaN.
    pub fn outputs(&mut self, out: &mut [f64]) -> Result<(), Status> {
        self.settle()?;
        if self.clock.had_stopped_before(self.time) {
            out.fill(f64::NAN);
            return Ok(());
        }
        if self.is_stochastic() {
            return M::summarise(self, out);
        }
        self.system.outputs(self.time, self.state, out);
        if out.iter().any(|value| value.is_nan()) { Err(Status::NotFinite) } else { Ok(()) }
    }

    /// Lets events of the model happen that are due, or that something at the present time has brought about.
    pub(super) fn settle(&mut self) -> Result<(), Status> {
        if self.clock.must_settle() { M::raise_events(self) } else { Ok(()) }
    }

    /// Takes over a frame whose covariates have changed at the present time.
    pub(super) fn covariates_changed(&mut self) {
        self.system.sloped = covariates::sloped(&self.descriptor.layout, self.system.frame);
        self.system.model.stage_covariates(self.system.frame);
        self.event_happened();
    }

    /// Brings staged values up to date after an event at the present time.
    pub(super) fn event_happened(&mut self) {
        self.turned = true;
        self.state_jumped();
    }

    /// Does the same after an event that changes at most states, and what is known of doses and events.
    pub(super) fn state_jumped(&mut self) {
        self.turned |= !self.descriptor.dynamics.has(feature::STANDING);
        self.set(FrameLayout::EVENT_TIME, self.time);
        self.system.model.stage_event(self.system.frame);
        self.system.model.stage_interpolated(self.time, self.system.frame);
        self.jumped = true;
        self.clock.unsettle();
    }

    /// Writes the infusion rates of the infusions that run.
    pub(super) fn set_rates(&mut self) {
        let layout = self.descriptor.layout;
        for route in 0..layout.routes {
            self.set(layout.rate() + route, self.rate_on(route));
        }
    }

    /// Returns the present rate on a route: what is held and what runs.
    pub(super) fn rate_on(&self, route: u32) -> f64 {
        self.held.get(route as usize).copied().unwrap_or(0.0) + self.doses.rate(route)
    }

    pub(super) fn set(&mut self, offset: u32, value: f64) {
        inputs::set(self.system.frame, offset, value);
    }
}

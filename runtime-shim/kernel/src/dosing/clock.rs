//! The model's own events: what happens at known times, or because a condition has become true.
//!
//! At every stop of the engine, once all that the data say of that time so far has taken effect, the clock lets
//! the events happen that are due, in the order of the text, then those whose condition has become true, and
//! looks again until nothing happens any more. It also knows the next time at which the engine has to stop: that
//! of an event, or of a switch, where the right-hand side changes its branch.

use pmc_abi::descriptor::Descriptor;
use pmc_abi::{Status, dose_property, route_property};

use super::inputs::set;
use super::watch::Lookout;
use super::{DoseRequest, Engine, History};
use crate::Model;
use crate::slab::take;
use crate::solver::step::copy;

/// Most events at one time.
const MOST_EVENTS: u32 = 1_000;

/// Times that differ by less than this, relatively, count as one where events follow one another without end.
const SAME_TIME: f64 = 1e-12;

/// Returns the number of `f64`s that the clock of a model works in.
pub(super) const fn clock_length(descriptor: &Descriptor<'_>) -> usize {
    let Sizes { times, events, effects, states } = sizes(descriptor);
    times + 3 * events + effects + states + 2
}

struct Sizes {
    times: usize,
    events: usize,
    effects: usize,
    /// Room for a state while conditions are watched.
    states: usize,
}

const fn sizes(descriptor: &Descriptor<'_>) -> Sizes {
    let dynamics = &descriptor.dynamics;
    let (events, states) = (dynamics.events as usize, descriptor.states as usize);
    let variables = descriptor.layout.variables as usize;
    Sizes {
        times: dynamics.switches as usize + 2 * events,
        events,
        // Also where the initial values of variables go, which may be there without events.
        effects: if events == 0 { variables } else { effects_length(descriptor) },
        states: if events == 0 { 0 } else { states },
    }
}

const fn effects_length(descriptor: &Descriptor<'_>) -> usize {
    let doses = descriptor.dynamics.event_doses as usize;
    descriptor.states as usize + descriptor.layout.variables as usize + 1 + 3 * doses
}

/// When the model's events happen.
#[derive(Debug)]
pub(super) struct Clock<'a> {
    switches: usize,
    events: usize,
    /// When the data start: what lies before does not happen.
    origin: f64,
    /// All events at times up to here have happened.
    fired: f64,
    /// The next time of an event or switch; infinity if there is none.
    next: f64,
    /// Events in a row at one time.
    in_a_row: u32,
    /// When the last one happened.
    last: f64,
    unsettled: bool,
    /// Whether conditions that hold do not count as having become true.
    rearmed: bool,
    /// Whether some event waits for a condition.
    watching: bool,
    /// How far conditions have been looked at while time passes.
    pub(super) lookout: Lookout,
    /// When the system was stopped; infinity if it runs.
    halted: f64,
    /// Whether the system was stopped (1) and when, in elements that outlive the clock.
    stopped: &'a mut [f64],
    /// Times of switches, then start and interval of each event.
    times: &'a mut [f64],
    /// For each event whether its condition held when it was last looked at.
    pub(super) held: &'a mut [f64],
    /// The same while it is looked at.
    pub(super) fresh: &'a mut [f64],
    /// For each event whether it is to happen now.
    due: &'a mut [f64],
    /// What an event changes.
    effects: &'a mut [f64],
    /// Room for a state.
    pub(super) state: &'a mut [f64],
    /// Memory for all that events need, until the first look at them, since models without events never need it; also
    /// room for the initial values of variables.
    slab: &'a mut [f64],
}

impl<'a> Clock<'a> {
    pub(super) fn new(mut slab: &'a mut [f64], descriptor: &Descriptor<'_>, time: f64) -> Self {
        let stopped = take(&mut slab, 2);
        Self {
            switches: descriptor.dynamics.switches as usize,
            events: descriptor.dynamics.events as usize,
            origin: time,
            fired: time,
            next: f64::INFINITY,
            in_a_row: 0,
            last: f64::NEG_INFINITY,
            unsettled: false,
            rearmed: true,
            watching: false,
            lookout: Lookout::NEW,
            halted: if let [1.0, time] = *stopped { time } else { f64::INFINITY },
            stopped,
            times: &mut [],
            held: &mut [],
            fresh: &mut [],
            due: &mut [],
            effects: &mut [],
            state: &mut [],
            slab,
        }
    }

    /// Lays out what events need, before the first look at them.
    fn lay_out(&mut self, descriptor: &Descriptor<'_>) {
        let mut slab = core::mem::take(&mut self.slab);
        if slab.is_empty() {
            return;
        }
        let Sizes { times, events, effects, states } = sizes(descriptor);
        let slab = &mut slab;
        self.times = take(slab, times);
        self.held = take(slab, events);
        self.fresh = take(slab, events);
        self.due = take(slab, events);
        self.effects = take(slab, effects);
        self.state = take(slab, states);
    }

    /// Starts at a time, at which events may happen.
    pub(super) fn start(&mut self, time: f64) {
        self.origin = time;
        self.fired = time.next_down();
        self.in_a_row = 0;
        self.run();
    }

    /// Goes on at the time for which the clock was made: events at that time have happened, and what conditions held
    /// then is in memory.
    pub(super) fn resume(&mut self) {
        self.origin = f64::NEG_INFINITY;
        self.rearmed = false;
    }

    /// Takes conditions that hold as they are, after initial values at a time.
    pub(super) fn rearm(&mut self, time: f64) {
        if self.has_stopped() {
            // What would have happened meanwhile is not made up for.
            self.fired = time;
        }
        self.run();
        self.rearmed = true;
    }

    /// Notes that something has happened which events may depend on.
    pub(super) fn unsettle(&mut self) {
        self.unsettled = self.switches + self.events > 0;
    }

    pub(super) fn must_settle(&self) -> bool {
        self.unsettled
    }

    /// Returns the next time of an event or switch; infinity if there is none.
    pub(super) fn next(&self) -> f64 {
        self.next
    }

    /// Returns whether conditions are to be watched while time passes.
    pub(super) fn is_watching(&self) -> bool {
        self.watching
    }

    /// Lets conditions be, for an imagined past; returns whether they were watched.
    pub(super) fn look_away(&mut self) -> bool {
        core::mem::replace(&mut self.watching, false)
    }

    /// Watches conditions again.
    pub(super) fn watch(&mut self, watching: bool) {
        self.watching = watching;
    }

    pub(super) fn has_stopped(&self) -> bool {
        self.had_stopped_before(f64::INFINITY)
    }

    /// Returns whether the system had been stopped before a time.
    pub(super) fn had_stopped_before(&self, time: f64) -> bool {
        self.halted < time
    }

    /// Lets the system run.
    fn run(&mut self) {
        self.halted = f64::INFINITY;
        self.stopped.fill(0.0);
    }

    /// Stops the system at a time.
    fn halt(&mut self, time: f64) {
        self.halted = time;
        copy(self.stopped, &[1.0, time]);
    }

    /// Returns the start of an event and the interval between two of it.
    fn series(&self, event: usize) -> (f64, f64) {
        match self.times.get(self.switches + 2 * event..) {
            Some([start, interval, ..]) => (*start, *interval),
            _ => (f64::INFINITY, 0.0),
        }
    }

    /// Returns the first time after `after` at which an event happens; infinity if there is none.
    fn first_after(&self, start: f64, interval: f64, after: f64) -> f64 {
        let mut time = start;
        if start <= after || start < self.origin {
            // NaN is no interval either.
            if interval.is_nan() || interval <= 0.0 {
                return f64::INFINITY;
            }
            let bound = if after < self.origin.next_down() { self.origin.next_down() } else { after };
            let mut count = pmc_math::floor((bound - start) / interval);
            time = start + count * interval;
            // Rounding may put the count off by one.
            if bound < time - interval {
                time -= interval;
            } else if time <= bound {
                count += 1.0;
                time = start + count * interval;
                if time <= bound {
                    time = start + (count + 1.0) * interval;
                }
            }
        }
        // An interval that rounding swallows happens at once, again and again, until that is noticed.
        if time.is_nan() {
            f64::INFINITY
        } else if time < after {
            after
        } else {
            time
        }
    }
}

impl<M: Model> Engine<'_, M> {
    /// Lets everything happen that is due; the part behind [`Model::raise_events`].
    pub fn raise(&mut self) -> Result<(), Status> {
        self.clock.lay_out(&self.descriptor);
        loop {
            self.clock.unsettled = false;
            if self.clock.has_stopped() {
                self.clock.next = f64::INFINITY;
                return Ok(());
            }
            self.system.model.event_times(self.time, self.system.frame, self.clock.times);
            let timed = self.mark_due();
            let conditional = self.mark_true();
            if !timed && !conditional {
                break;
            }
            self.count_events()?;
            for event in 0..self.clock.events {
                if self.clock.due.get(event).is_some_and(|due| *due != 0.0) {
                    self.fire(event as u32)?;
                }
            }
        }
        self.clock.next = self.next_time();
        // An interval that rounding swallows.
        if self.clock.next <= self.time { Err(Status::Chattering) } else { Ok(()) }
    }

    /// Writes the initial values of variables to the frame.
    pub(super) fn reset_variables(&mut self) {
        let (first, count) = (self.descriptor.layout.variable(), self.descriptor.layout.variables as usize);
        let Clock { slab, effects, .. } = &mut self.clock;
        let room = if slab.is_empty() { effects } else { slab };
        let values = room.get_mut(..count).unwrap_or_default();
        self.system.model.variables(self.time, self.system.frame, values);
        for (offset, value) in (first..).zip(&*values) {
            set(self.system.frame, offset, *value);
        }
        self.event_happened();
    }

    /// Marks the events at times that are due; returns whether there are any.
    fn mark_due(&mut self) -> bool {
        let fired = self.clock.fired;
        let mut any = false;
        for event in 0..self.clock.events {
            let (start, interval) = self.clock.series(event);
            let is_due = fired < self.time && self.clock.first_after(start, interval, fired) <= self.time;
            if let Some(due) = self.clock.due.get_mut(event) {
                *due = f64::from(u8::from(is_due));
            }
            any |= is_due;
        }
        if fired < self.time {
            self.clock.fired = self.time;
        }
        any
    }

    /// Marks the events whose condition has become true as well; returns whether there are any.
    fn mark_true(&mut self) -> bool {
        let clock = &mut self.clock;
        let rearmed = core::mem::replace(&mut clock.rearmed, false);
        self.system.model.event_conditions(self.time, self.system.frame, self.state, clock.fresh);
        let series = clock.times.get(clock.switches..).unwrap_or_default().chunks(2);
        // Events at times start before infinity.
        clock.watching = series.into_iter().any(|series| series.first() == Some(&f64::INFINITY));
        let mut any = false;
        for ((held, fresh), due) in clock.held.iter_mut().zip(&*clock.fresh).zip(&mut *clock.due) {
            if *fresh != 0.0 && *held == 0.0 && !rearmed {
                *due = 1.0;
                any = true;
            }
            *held = *fresh;
        }
        any
    }

    /// Counts what happens at one time; fails where there is no end to it.
    fn count_events(&mut self) -> Result<(), Status> {
        let clock = &mut self.clock;
        if self.time - clock.last > SAME_TIME * self.time.abs() {
            clock.in_a_row = 0;
        }
        clock.last = self.time;
        clock.in_a_row += 1;
        if clock.in_a_row > MOST_EVENTS { Err(Status::Chattering) } else { Ok(()) }
    }

    /// Lets an event happen.
    fn fire(&mut self, event: u32) -> Result<(), Status> {
        let layout = self.descriptor.layout;
        let variables = layout.variable() as usize..layout.staged() as usize;
        // The clock is without its places for effects while these take effect.
        let effects = core::mem::take(&mut self.clock.effects);
        let mut rest = &mut *effects;
        let states = take(&mut rest, self.state.len());
        let assigned = take(&mut rest, variables.len());
        copy(states, self.state);
        copy(assigned, self.system.frame.get(variables.clone()).unwrap_or_default());
        rest.fill(-1.0);
        self.system.model.event_effects(self.time, self.system.frame, self.state, event, effects);
        let (states, rest) = effects.split_at(self.state.len());
        let (assigned, rest) = rest.split_at(variables.len());
        copy(self.state, states);
        copy(self.system.frame.get_mut(variables).unwrap_or_default(), assigned);
        let (stop, doses) = rest.split_at(1);
        if stop.iter().any(|stop| *stop > 0.0) {
            self.clock.halt(self.time);
        }
        self.event_happened();
        let mut given = Ok(());
        for dose in doses.chunks_exact(3) {
            if let [route, amount, duration] = *dose
                && 0.0 <= route
                && given.is_ok()
            {
                given = self.give_of_event(route as u32, amount, duration);
            }
        }
        self.clock.effects = effects;
        given
    }

    /// Gives a dose of an event.
    fn give_of_event(&mut self, route: u32, amount: f64, duration: f64) -> Result<(), Status> {
        if amount == 0.0 && duration != 0.0 {
            return Ok(());
        }
        let lag = self.lag(route)?;
        let mut rate = 0.0;
        if duration != 0.0 {
            // As with a modelled duration, bioavailability changes the rate and not how long the infusion takes.
            let available = self.bioavailability(route)?;
            self.must_be_positive(route, dose_property::AMOUNT, amount)?;
            self.must_be_positive(route, route_property::DURATION, duration)?;
            rate = if available == 0.0 { amount } else { available * amount } / duration;
            // One of 0, by rounding, would be read as a bolus.
            self.must_be_positive(route, route_property::RATE, rate)?;
        }
        let history = History::Recorded;
        self.expect(&DoseRequest { route, amount, rate, interval: 0.0, additional: 0, history }, lag)
    }

    /// Returns the next switch before a time, else that time.
    pub(super) fn next_switch(&mut self, end: f64) -> f64 {
        let clock = &mut self.clock;
        if clock.switches == 0 {
            return end;
        }
        self.system.model.event_times(self.time, self.system.frame, clock.times);
        let switches = clock.times.iter().take(clock.switches).filter(|time| self.time < **time);
        switches.fold(end, |next, time| if *time < next { *time } else { next })
    }

    /// Returns the next time of an event or switch.
    fn next_time(&self) -> f64 {
        let clock = &self.clock;
        let switches = clock.times.iter().take(clock.switches).copied().filter(|time| self.time < *time);
        let events = (0..clock.events).map(|event| {
            let (start, interval) = clock.series(event);
            clock.first_after(start, interval, clock.fired)
        });
        switches.chain(events).fold(f64::INFINITY, |next, time| if time < next { time } else { next })
    }
}

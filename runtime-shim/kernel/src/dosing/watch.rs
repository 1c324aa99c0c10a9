//! Conditions of events while time passes: where in a step one becomes true.

use pmc_abi::Status;

use super::Engine;
use crate::Model;
use crate::solver::step::copy;

/// Parts of a step at whose ends conditions are looked at: a condition that holds for less may be missed.
const PARTS: f64 = 8.0;

/// Where the first look falls in a step that starts at a jump, as a part of the step, if numbers can tell: steps
/// may be very long.
const FIRST_LOOK: f64 = 1.0 / (1_u128 << 100) as f64;

/// How much further from the jump each of the following looks is.
const FURTHER: f64 = 4.0;

/// Times that differ by less than this, relatively, are close.
const CLOSE: f64 = 1e-10;

/// Most conditions in a row of which each becomes true close after the one before.
const MOST_IN_A_ROW: u32 = 30;

/// Most halvings of an interval: the numbers between two times have run out by then.
const HALVINGS: u32 = 1_100;

/// How far conditions have been looked at.
///
/// Looks fall at places of the solver's steps, which no observation moves. So a look may be ahead of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookout {
    /// The last jump.
    jump: f64,
    /// The time of the last look.
    looked: f64,
    /// When a condition becomes true that did not hold at the look before; infinity if none does.
    crossing: f64,
    /// When a condition became true last.
    last: f64,
    /// How often one has become true close after the one before.
    in_a_row: u32,
}

impl Lookout {
    pub(super) const NEW: Self =
        Self { jump: 0.0, looked: 0.0, crossing: f64::INFINITY, last: f64::NEG_INFINITY, in_a_row: 0 };

    /// Starts at a jump, where conditions have been looked at.
    pub(super) fn restart(&mut self, time: f64) {
        (self.jump, self.looked, self.crossing) = (time, time, f64::INFINITY);
    }

    /// Returns the time of the next look at a step.
    ///
    /// Events put states on borders, which these leave for a short time only, as a ball leaves the ground. So
    /// after a jump looks are as close as numbers allow and become wider.
    fn next(&self, start: f64, end: f64) -> f64 {
        let length = end - start;
        let part = length / PARTS;
        let distance = self.looked - start;
        let further = if start == self.jump && distance < part {
            let near = if distance < FIRST_LOOK * length { FIRST_LOOK * length } else { FURTHER * distance };
            if near < part { near } else { part }
        } else {
            (pmc_math::floor(distance / part) + 1.0) * part
        };
        // Parts may be shorter than numbers can tell.
        let next = start + further;
        let next = if next <= self.looked { self.looked.next_up() } else { next };
        if next < end { next } else { end }
    }

    /// Counts a condition that has become true; fails where there is no end to it.
    fn count(&mut self, time: f64) -> Result<(), Status> {
        self.in_a_row = if time - self.last > CLOSE * time.abs() { 0 } else { self.in_a_row + 1 };
        self.last = time;
        if self.in_a_row > MOST_IN_A_ROW { Err(Status::Chattering) } else { Ok(()) }
    }
}

impl<M: Model> Engine<'_, M> {
    /// Steps to a target, or to where a condition becomes true; the part behind [`Model::watch_conditions`].
    ///
    /// The time found is the first one at which the condition holds on the solver's own curve, to the last bit,
    /// whatever the target is.
    pub fn step_and_watch(&mut self, target: f64, barrier: f64) -> Result<(), Status> {
        loop {
            let Lookout { looked, crossing, .. } = self.clock.lookout;
            if crossing <= target {
                self.integrator.state_at(crossing, self.state);
                self.time = crossing;
                self.clock.lookout.count(crossing)?;
                self.event_happened();
                return Ok(());
            }
            if target <= looked {
                self.integrator.state_at(target, self.state);
                self.time = target;
                return Ok(());
            }
            if self.integrator.reached() <= looked {
                let stepped = self.integrator.step(&mut self.system, target, barrier);
                self.note(stepped)?;
            }
            let (start, end) = (self.integrator.started(), self.integrator.reached());
            let look = self.clock.lookout.next(start, end);
            self.clock.lookout.crossing = self.crossing(looked, look).unwrap_or(f64::INFINITY);
            self.clock.lookout.looked = look;
        }
    }

    /// Returns the time after `before` and up to `after` at which a condition first holds that did not hold
    /// before; if there is none, takes note of those that hold at the end.
    fn crossing(&mut self, mut before: f64, mut after: f64) -> Option<f64> {
        if !self.becomes_true(after) {
            copy(self.clock.held, self.clock.fresh);
            return None;
        }
        for _ in 0..HALVINGS {
            let middle = before + 0.5 * (after - before);
            if middle <= before || after <= middle {
                break;
            }
            if self.becomes_true(middle) {
                after = middle;
            } else {
                before = middle;
            }
        }
        Some(after)
    }

    /// Returns whether a condition holds at a time that did not hold when conditions were last looked at.
    fn becomes_true(&mut self, time: f64) -> bool {
        let clock = &mut self.clock;
        self.integrator.state_at(time, clock.state);
        self.system.move_to(time);
        self.system.model.event_conditions(time, self.system.frame, clock.state, clock.fresh);
        clock.held.iter().zip(&*clock.fresh).any(|(held, fresh)| *held == 0.0 && *fresh != 0.0)
    }
}

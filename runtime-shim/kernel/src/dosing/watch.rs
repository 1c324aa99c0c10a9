//! Conditions of events while time passes: where in a step one becomes true.

use pmc_abi::Status;

use super::Engine;
use crate::Model;
use crate::solver::step::copy;

/// Parts of a step at whose ends conditions are looked at: a condition that holds for less may be missed.
const PARTS: u32 = 8;

/// Most halvings of an interval: the numbers between two times have run out by then.
const HALVINGS: u32 = 1_100;

impl<M: Model> Engine<'_, M> {
    /// Steps to a target, or to where a condition becomes true; the part behind [`Model::watch_conditions`].
    ///
    /// The time found is the first one at which the condition holds on the solver's own curve, to the last bit,
    /// whatever the target is.
    pub fn step_and_watch(&mut self, target: f64, barrier: f64) -> Result<(), Status> {
        while self.time < target {
            if self.integrator.reached() <= self.time {
                let stepped = self.integrator.step(&mut self.system, target, barrier);
                self.note(stepped)?;
            }
            let reached = self.integrator.reached();
            let goal = if reached < target { reached } else { target };
            let (start, length) = (self.integrator.started(), reached - self.integrator.started());
            for part in 1..=PARTS {
                let look = start + f64::from(part) / f64::from(PARTS) * length;
                let look = if part == PARTS || goal < look { goal } else { look };
                if self.time < look {
                    if let Some(time) = self.crossing(look) {
                        self.integrator.state_at(time, self.state);
                        self.time = time;
                        self.event_happened();
                        return Ok(());
                    }
                    self.time = look;
                }
            }
        }
        self.integrator.state_at(target, self.state);
        Ok(())
    }

    /// Returns the time up to `end` at which a condition first holds that did not hold before; if there is none,
    /// takes note of those that hold at the end.
    fn crossing(&mut self, end: f64) -> Option<f64> {
        if !self.becomes_true(end) {
            copy(self.clock.held, self.clock.fresh);
            return None;
        }
        let (mut before, mut after) = (self.time, end);
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

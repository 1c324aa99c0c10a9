//! Large linear systems in the engine: by uniformisation where it can be had, by steps elsewhere.
//!
//! It takes the place of the steps, and lies in their memory, so that other models know nothing of it. While an
//! integrator has not stepped since it was started, it is uniformisation that moves the state.

use pmc_abi::Status;
use pmc_abi::descriptor::feature;

use super::Engine;
use crate::Model;

impl<M: Model> Engine<'_, M> {
    /// Returns whether the model is of the kind for which [`sweep_to`](Self::sweep_to) is there.
    pub fn is_swept(&self) -> bool {
        self.descriptor.dynamics.has(feature::LARGE)
    }

    /// Goes to a target by uniformisation or by steps; the part in place of [`step_to`](Self::step_to).
    ///
    /// Which one depends on the matrix and on the time since the last jump, never on who looks.
    pub fn sweep_to(&mut self, target: f64, barrier: f64) -> Result<(), Status> {
        if self.sweeps_to(target, barrier)? { Ok(()) } else { M::step(self, target, barrier) }
    }

    /// Goes to a target as far as uniformisation leads; returns whether that is all the way.
    fn sweeps_to(&mut self, target: f64, barrier: f64) -> Result<bool, Status> {
        let sweeps = if self.jumped { self.begin_sweep(barrier) } else { !self.integrator.has_stepped() };
        if !sweeps {
            return Ok(false);
        }
        let mut time = target;
        let swept = self.integrator.sweep(&mut self.system, target, self.state);
        self.note(swept.map(|reached| time = reached))?;
        self.time = time;
        // Where it has led no further, steps start anew.
        self.jumped = time < target;
        Ok(!self.jumped)
    }

    /// Lets uniformisation start; returns false if steps are better.
    fn begin_sweep(&mut self, barrier: f64) -> bool {
        let is_sloped = self.system.sloped && self.descriptor.dynamics.has(feature::SLOPED);
        if is_sloped || self.clock.is_watching() {
            return false;
        }
        let accumulators = self.descriptor.dynamics.accumulators;
        let begun = (self.time, &*self.state);
        self.integrator.begin_sweep(&mut self.system, begun, accumulators, barrier)
    }
}

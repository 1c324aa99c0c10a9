//! Stochastic systems in the engine: particles move where a state does otherwise.
//!
//! Whatever sets or changes the state of an engine does so here too; before particles move or are looked at, all take
//! that over. So nothing else of the engine knows of them, and modules without chance do without all this.

use pmc_abi::Status;

use super::Engine;
use crate::Model;
use crate::stochastic::{Method, Source, Span};

/// The longest step where neither model nor host name one, in the unit of time.
const LONGEST: f64 = 0.1;

/// Part of a step that is rounding: differences of times are not whole multiples of a step to the last bit.
const ROUNDING: f64 = 1e-9;

impl<M: Model> Engine<'_, M> {
    /// Moves all particles to a target by equal steps, the fewest that are not longer than allowed; the part behind
    /// [`Model::disperse`].
    pub fn disperse_to(&mut self, target: f64) -> Result<(), Status> {
        let settings = *self.integrator.settings();
        let longest = if settings.maximum_step < f64::INFINITY { settings.maximum_step } else { LONGEST };
        let (start, whole) = (self.time, target - self.time);
        let count = pmc_math::ceil((1.0 - ROUNDING) * whole / longest);
        let count = if 1.0 <= count { count } else { 1.0 };
        let span = Span {
            source: Source { seed: settings.seed, stream: self.stream },
            method: Method::of(settings.solver),
            diffusing: self.descriptor.dynamics.diffusing,
            length: whole / count,
        };
        let evaluations = settings.particles.wrapping_mul(span.method.drifts());
        self.cloud.take_over(self.state);
        self.cloud.clear();
        let mut done = 0.0;
        while done < count {
            let counted = self.integrator.count_step(self.time, evaluations);
            self.note(counted)?;
            let stepped = self.cloud.step(&mut self.system, &span, self.time);
            self.note(stepped)?;
            done += 1.0;
            self.time = if done < count { start + done * span.length } else { target };
        }
        Ok(())
    }

    /// Writes means and quantiles of the outputs; the part behind [`Model::summarise`].
    pub fn write_summary(&mut self, out: &mut [f64]) -> Result<(), Status> {
        self.cloud.take_over(self.state);
        self.cloud.summarise(&mut self.system, self.time, out)
    }
}

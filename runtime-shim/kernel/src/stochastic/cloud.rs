//! All particles, and where they lie.

use pmc_abi::Status;
use pmc_abi::descriptor::{Descriptor, MOST_QUANTILES, feature};

use super::generator::Source;
use super::method::{Method, Step, VECTORS, Work};
use crate::{Failure, Model, System};

/// Numbers before the particles: how many steps have been taken, whether particles are to start anew, how many
/// quantiles are wanted, and which.
const HEAD: usize = 3 + MOST_QUANTILES;

/// Place of the number of steps.
const STEPS: usize = 0;

/// Place of the mark that particles start anew.
const FRESH: usize = 1;

/// Place of the number of quantiles; their probabilities follow.
const QUANTILES: usize = 2;

/// The particles of a stochastic system; none of any other.
#[derive(Debug)]
pub struct Cloud<'a> {
    slab: &'a mut [f64],
    pub(super) states: usize,
    pub(super) outputs: usize,
    pub(super) particles: usize,
}

/// Equal steps of a method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span<'a> {
    /// Where the random numbers come from.
    pub(crate) source: Source,
    pub(crate) method: Method,
    /// States that have a diffusion.
    pub(crate) diffusing: &'a [u32],
    /// The length of a step.
    pub(crate) length: f64,
}

/// The parts of a slab.
pub(super) struct Parts<'a> {
    /// Probabilities of the quantiles that are wanted.
    pub(super) probabilities: &'a [f64],
    /// States of the particles, one after the other.
    pub(super) states: &'a mut [f64],
    /// What a step works in.
    work: &'a mut [f64],
    /// The outputs of one particle.
    pub(super) outputs: &'a mut [f64],
    /// For each output its value for each particle.
    pub(super) samples: &'a mut [f64],
}

impl<'a> Cloud<'a> {
    /// Returns the number of `f64`s that the particles of a system need; none if it is not stochastic.
    pub const fn length(descriptor: &Descriptor<'_>) -> usize {
        if !descriptor.dynamics.has(feature::STOCHASTIC) {
            return 0;
        }
        let (states, outputs) = (descriptor.states as usize, descriptor.outputs as usize);
        HEAD + VECTORS * states + outputs + particles(descriptor) * (states + outputs)
    }

    /// Returns how many numbers the states and outputs of all particles are; none if the system is not stochastic.
    ///
    /// Where addresses have 32 bits, [`length`](Self::length) overflows if these alone are more than fit.
    pub const fn particle_numbers(descriptor: &Descriptor<'_>) -> u64 {
        let one = descriptor.states as u64 + descriptor.outputs as u64;
        particles(descriptor) as u64 * one
    }

    /// Takes over a slab of at least [`length`](Self::length) elements as it is; `None` if it is too short.
    pub fn new(slab: &'a mut [f64], descriptor: &Descriptor<'_>) -> Option<Self> {
        let slab = slab.get_mut(..Self::length(descriptor))?;
        let (states, outputs) = (descriptor.states as usize, descriptor.outputs as usize);
        Some(Self { slab, states, outputs, particles: particles(descriptor) })
    }

    /// Asks for quantiles of outputs at probabilities, of which at most [`MOST_QUANTILES`] count.
    pub fn ask(&mut self, probabilities: &[f64]) {
        let Some(head) = self.slab.first_chunk_mut::<HEAD>() else { return };
        let (_, places) = head.split_at_mut(QUANTILES + 1);
        places.iter_mut().zip(probabilities).for_each(|(place, probability)| *place = *probability);
        head[QUANTILES] = probabilities.len() as f64;
    }

    /// Returns how many numbers describe the outputs at one time: means, and for each quantile as many.
    pub fn width(&self) -> usize {
        self.outputs * (1 + quantiles(self.slab))
    }

    /// Forgets the steps of the past.
    pub(crate) fn restart(&mut self) {
        if let Some(steps) = self.slab.get_mut(STEPS) {
            *steps = 0.0;
        }
    }

    /// Notes that the state which the engine holds is where all particles start anew.
    pub(crate) fn renew(&mut self) {
        if let Some(fresh) = self.slab.get_mut(FRESH) {
            *fresh = 1.0;
        }
    }

    /// Lets all particles take over what has happened to the state that the engine holds: where they start, or what has
    /// been added since, which becomes nothing.
    pub(crate) fn take_over(&mut self, state: &mut [f64]) {
        let Some(fresh) = self.slab.get_mut(FRESH) else { return };
        let starts = core::mem::replace(fresh, 0.0) != 0.0;
        for particle in self.cut().states.chunks_exact_mut(state.len().max(1)) {
            for (place, added) in particle.iter_mut().zip(&*state) {
                *place = if starts { *added } else { *place + added };
            }
        }
        state.fill(0.0);
    }

    /// Clears what steps work in, so that a diffusion which the model does not write is none.
    pub(crate) fn clear(&mut self) {
        self.cut().work.fill(0.0);
    }

    /// Moves all particles by one step.
    pub(crate) fn step<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        span: &Span<'_>,
        start: f64,
    ) -> Result<(), Failure> {
        let number = self.count(start)?;
        let n = self.states;
        let Parts { states, work, .. } = self.cut();
        let mut work = Work::cut(work, n);
        let root = pmc_math::sqrt(span.length);
        for (particle, state) in (0..).zip(states.chunks_exact_mut(n.max(1))) {
            let step = Step { start, length: span.length, root, number, particle };
            step.draw(span.method, &span.source, span.diffusing, &mut work);
            step.advance(span.method, system, state, &mut work);
            if let Some(at) = state.iter().position(|value| !value.is_finite()) {
                let (status, time) = (Status::NotFinite, start + span.length);
                return Err(Failure::of_state(status, time, Some(at as u32)));
            }
        }
        Ok(())
    }

    /// Returns the number of the next step.
    fn count(&mut self, time: f64) -> Result<u32, Failure> {
        let exhausted = Failure::new(Status::BudgetExceeded, time);
        let steps = self.slab.get_mut(STEPS).ok_or(exhausted)?;
        let number = *steps;
        *steps += 1.0;
        // Beyond, random numbers would repeat.
        if number < f64::from(u32::MAX) { Ok(number as u32) } else { Err(exhausted) }
    }

    pub(super) fn cut(&mut self) -> Parts<'_> {
        let count = quantiles(self.slab);
        let (head, rest) = self.slab.split_at_mut(HEAD);
        let (states, rest) = rest.split_at_mut(self.states * self.particles);
        let (work, rest) = rest.split_at_mut(VECTORS * self.states);
        let (outputs, samples) = rest.split_at_mut(self.outputs);
        let (_, probabilities) = head.split_at(QUANTILES + 1);
        Parts { probabilities: &probabilities[..count], states, work, outputs, samples }
    }
}

/// Returns the number of particles of a stochastic system.
const fn particles(descriptor: &Descriptor<'_>) -> usize {
    match descriptor.settings.particles as usize {
        _ if !descriptor.dynamics.has(feature::STOCHASTIC) => 0,
        0 => 1,
        count => count,
    }
}

/// Returns how many quantiles the head of a slab asks for; whatever it holds, not more than there is room for.
fn quantiles(slab: &[f64]) -> usize {
    let count = slab.get(QUANTILES).map_or(0, |count| *count as usize);
    if count <= MOST_QUANTILES { count } else { 0 }
}

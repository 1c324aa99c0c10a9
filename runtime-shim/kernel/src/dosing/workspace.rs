//! The memory of an engine.

use pmc_abi::descriptor::{Descriptor, SolverSettings, feature};
use pmc_abi::frame::FrameLayout;

use super::clock::clock_length;
use super::steady_state::steady_state_length;
use super::{Doses, Track};
use crate::Model;
use crate::propagator::propagator_length;
use crate::solver;
use crate::stochastic::Cloud;

/// The memory that an engine works in.
///
/// It outlives the engine: an engine made on the same memory goes on where the one before stopped.
#[derive(Debug)]
pub struct Workspace<'a> {
    /// At least [`Workspace::numbers`] numbers: the frame, the state, particles, then what solvers and events need.
    pub numbers: &'a mut [f64],
    /// One track per covariate.
    pub tracks: &'a mut [Track],
    /// The queues.
    pub doses: &'a mut Doses,
}

/// Returns the constants of a model with the number of particles that settings ask for, which is all of them that
/// lengths depend on.
pub fn described<'m, M: Model>(model: &'m M, settings: &SolverSettings) -> Descriptor<'m> {
    let mut descriptor = model.descriptor();
    descriptor.settings.particles = settings.particles;
    descriptor
}

/// Lengths of the slabs behind frame and state.
struct Lengths {
    held: usize,
    cloud: usize,
    solver: usize,
    propagator: usize,
    clock: usize,
    mask: usize,
    steady_state: usize,
}

const fn lengths(descriptor: &Descriptor<'_>) -> Lengths {
    let states = descriptor.states as usize;
    let dynamics = &descriptor.dynamics;
    let may_stand_still = !(descriptor.routes.is_empty() && dynamics.steady.is_empty());
    Lengths {
        held: descriptor.routes.len(),
        cloud: Cloud::length(descriptor),
        solver: solver::workspace_length(states),
        propagator: if dynamics.has(feature::LINEAR) { propagator_length(states) } else { 0 },
        clock: clock_length(descriptor),
        mask: if may_stand_still { states } else { 0 },
        steady_state: if may_stand_still {
            steady_state_length(states, descriptor.layout.covariates as usize)
        } else {
            0
        },
    }
}

impl<'a> Workspace<'a> {
    /// Returns how many numbers an engine needs for a model, with the particles that its settings ask for.
    pub const fn numbers(descriptor: &Descriptor<'_>) -> usize {
        let Lengths { held, cloud, solver, propagator, clock, mask, steady_state } = lengths(descriptor);
        let first = descriptor.layout.len() as usize + descriptor.states as usize;
        first + held + cloud + solver + propagator + clock + mask + steady_state
    }

    /// Takes the workspace of a model apart, the tracks on their own; `None` if it is too small.
    pub(super) fn split(self, descriptor: &Descriptor<'_>) -> Option<(Parts<'a>, &'a mut [Track])> {
        let Workspace { numbers, tracks, doses } = self;
        let lengths = lengths(descriptor);
        let (frame, rest) = numbers.split_at_mut_checked(descriptor.layout.len() as usize)?;
        let (state, rest) = rest.split_at_mut_checked(descriptor.states as usize)?;
        let (cloud, rest) = rest.split_at_mut_checked(lengths.cloud)?;
        let (solver, rest) = rest.split_at_mut_checked(lengths.solver)?;
        let (propagator, rest) = rest.split_at_mut_checked(lengths.propagator)?;
        let (clock, rest) = rest.split_at_mut_checked(lengths.clock)?;
        let (mask, rest) = rest.split_at_mut_checked(lengths.mask)?;
        let (steady_state, rest) = rest.split_at_mut_checked(lengths.steady_state)?;
        let held = rest.get_mut(..lengths.held)?;
        let enough = descriptor.covariates.len() <= tracks.len();
        let cloud = Cloud::new(cloud, descriptor)?;
        let parts = Parts { frame, state, held, cloud, solver, propagator, clock, mask, steady_state, doses };
        enough.then_some((parts, tracks))
    }

    /// Returns the particles of a model as they are, and none if it is not stochastic; `None` if the workspace is
    /// too small.
    pub fn cloud(&mut self, descriptor: &Descriptor<'_>) -> Option<Cloud<'_>> {
        let start = (descriptor.layout.len() + descriptor.states) as usize;
        Cloud::new(self.numbers.get_mut(start..)?, descriptor)
    }

    /// Returns the values of parameters and random effects, which must be set before an engine is made.
    pub fn parameters(&mut self, layout: &FrameLayout) -> &mut [f64] {
        self.numbers.get_mut(layout.parameter() as usize..layout.covariate() as usize).unwrap_or_default()
    }
}

/// A workspace taken apart, without its tracks.
pub(super) struct Parts<'a> {
    pub(super) frame: &'a mut [f64],
    pub(super) state: &'a mut [f64],
    pub(super) held: &'a mut [f64],
    pub(super) cloud: Cloud<'a>,
    pub(super) solver: &'a mut [f64],
    pub(super) propagator: &'a mut [f64],
    pub(super) clock: &'a mut [f64],
    pub(super) mask: &'a mut [f64],
    pub(super) steady_state: &'a mut [f64],
    pub(super) doses: &'a mut Doses,
}

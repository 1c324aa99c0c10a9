//! One slab of numbers, cut into the vectors and matrices that an integrator works in.

use super::sparse::plan_length;

/// Number of vectors of the length of the state in a slab.
const VECTORS: usize = 8 + STAGES;

/// Most stages that a method has.
pub(crate) const STAGES: usize = 8;

/// Returns the number of `f64`s that an [`Integrator`](super::Integrator) for this many states works in.
pub const fn workspace_length(states: usize) -> usize {
    unplanned_length(states) + plan_length(states)
}

/// Returns the same without the plan of an elimination, which lies at the end and serves from one start to the next.
pub(crate) const fn unplanned_length(states: usize) -> usize {
    states * (VECTORS + 2 * states)
}

/// The parts of a slab.
pub(super) struct Workspace<'a> {
    /// State at the start of the step.
    pub(super) start: &'a mut [f64],
    /// State at the end of the step; before that, the argument of the stage at hand.
    pub(super) end: &'a mut [f64],
    /// Stages, state by state: so a sum of stages walks through memory in one direction and needs one check of
    /// bounds, and its weights stay in registers.
    pub(super) stages: &'a mut [[f64; STAGES]],
    /// The stage that was computed last, perhaps not among `stages` yet; between steps of the explicit method the
    /// derivatives at the end of the last one.
    pub(super) latest: &'a mut [f64],
    /// Explicit: argument of the last stage but one. Stiff: derivatives at the stage at hand.
    pub(super) scratch: &'a mut [f64],
    /// Right-hand side of the linear system of the stage at hand.
    pub(super) increment: &'a mut [f64],
    /// Partial derivative of the right-hand side with respect to time at the start of the step.
    pub(super) time_derivative: &'a mut [f64],
    /// Row exchanges of the factorisation.
    pub(super) exchanges: &'a mut [f64],
    /// Jacobian at the start of the step, row by row.
    pub(super) jacobian: &'a mut [f64],
    /// Factors of the matrix of the stages' linear systems, and behind them room for a vector.
    pub(super) factors: &'a mut [f64],
    /// Order of a sparse elimination.
    pub(super) plan: &'a mut [f64],
    /// Whether there is one.
    pub(super) planned: bool,
}

impl<'a> Workspace<'a> {
    /// Cuts a slab of at least [`workspace_length`] elements; if flipped, start and end have changed places.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn of(slab: &'a mut [f64], states: usize, flipped: bool) -> Self {
        let mut work = Self::cut(slab, states);
        if flipped {
            core::mem::swap(&mut work.start, &mut work.end);
        }
        work
    }

    /// Cuts a slab of at least [`workspace_length`] elements.
    // So that the optimiser sees which lengths agree; a tenth of the code goes away.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn cut(slab: &'a mut [f64], states: usize) -> Self {
        let (start, slab) = slab.split_at_mut(states);
        let (end, slab) = slab.split_at_mut(states);
        let (latest, slab) = slab.split_at_mut(states);
        let (stages, slab) = slab.split_at_mut(states * STAGES);
        let (stages, _) = stages.as_chunks_mut();
        let (scratch, slab) = slab.split_at_mut(states);
        let (increment, slab) = slab.split_at_mut(states);
        let (time_derivative, slab) = slab.split_at_mut(states);
        let (exchanges, slab) = slab.split_at_mut(states);
        let (jacobian, slab) = slab.split_at_mut(states * states);
        let (factors, slab) = slab.split_at_mut(states * (states + 1));
        let plan = &mut slab[..plan_length(states)];
        Self {
            start,
            end,
            stages,
            latest,
            scratch,
            increment,
            time_derivative,
            exchanges,
            jacobian,
            factors,
            plan,
            planned: false,
        }
    }

    /// Returns the places of the state at the end and of the latest stage, where a start begins.
    pub(super) fn beginning(slab: &'a mut [f64], states: usize) -> (&'a mut [f64], &'a mut [f64]) {
        let (_, slab) = slab.split_at_mut(states);
        let (end, slab) = slab.split_at_mut(states);
        (end, slab.split_at_mut(states).0)
    }

    /// Returns state at the start, state at the end and stages of a slab.
    pub(super) fn solution(slab: &'a [f64], states: usize) -> (&'a [f64], &'a [f64], &'a [[f64; STAGES]]) {
        let (start, slab) = slab.split_at(states);
        let (end, slab) = slab.split_at(states);
        let (_, stages) = slab.split_at(states);
        (start, end, stages.as_chunks().0)
    }
}

//! The size of the first step.

use pmc_math::minimum;

use super::SLOPE;
use super::power::{exponential, logarithm};
use super::step::copy;
use super::tolerance::Tolerance;
use super::workspace::Workspace;
use crate::{Model, System};

/// Guesses the size of a first step from the derivatives at `t` and after a small explicit Euler step: E.
/// Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I, section II.4.
///
/// State and derivatives are where the last step ends; the derivatives are evaluated once more, not beyond
/// `barrier`.
pub(super) fn guess<M: Model>(
    system: &mut System<'_, M>,
    work: &mut Workspace<'_>,
    t: f64,
    barrier: f64,
    tolerance: Tolerance,
) -> f64 {
    let n = work.start.len();
    let (other, slope) = work.stages.split_at_mut(SLOPE * n);
    let (other, slope) = (&mut other[..n], &slope[..n]);
    work.scratch.fill(0.0);
    let size_of_state = tolerance.distance(work.start, work.scratch, work.start);
    let size_of_slope = tolerance.distance(slope, work.scratch, work.start);
    let mut small = 0.01 * size_of_state / size_of_slope;
    // Also if it is not a number.
    if !(size_of_state > 1e-5 && size_of_slope > 1e-5 && small > 0.0) {
        small = 1e-6;
    }
    small = minimum(small, barrier - t);
    for ((end, start), slope) in work.end.iter_mut().zip(&*work.start).zip(slope) {
        *end = start + small * slope;
    }
    system.derivatives(minimum(t + small, barrier), work.end, other);
    copy(work.end, work.start);
    let curvature = tolerance.distance(other, slope, work.start) / small;
    let largest = if curvature > size_of_slope { curvature } else { size_of_slope };
    let size = if largest > 1e-15 { exponential(0.2 * logarithm(0.01 / largest)) } else { 1e-6 };
    minimum(size, 100.0 * small)
}

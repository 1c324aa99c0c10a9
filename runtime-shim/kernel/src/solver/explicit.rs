//! Stages of the explicit method, for one subject or for several side by side.
//!
//! The arithmetic is written once, over [`Value`]: a number, or as many numbers as there are subjects. Both do the same
//! operations in the same order, so a subject has the same bits in company.

use core::ops::{Add, Mul};

use super::SLOPE;
use super::tableau::Method;
use super::workspace::STAGES;

/// What stages are made of.
pub(crate) trait Value: Copy + Add<Output = Self> + Mul<Output = Self> {
    /// Multiplies by a coefficient of the method, which comes first.
    fn scaled(self, coefficient: f64) -> Self;
}

impl Value for f64 {
    fn scaled(self, coefficient: f64) -> Self {
        coefficient * self
    }
}

/// The vectors of a step.
pub(crate) struct Vectors<'w, V> {
    /// State at the start.
    pub(crate) start: &'w [V],
    /// State at the end; before that, the argument of the stage at hand.
    pub(crate) end: &'w mut [V],
    /// Stages, state by state.
    pub(crate) stages: &'w mut [[V; STAGES]],
    /// The derivatives at the start, then the stage that was computed last.
    pub(crate) latest: &'w mut [V],
    /// Argument of the last stage but one.
    pub(crate) scratch: &'w mut [V],
}

/// Computes all stages and the state at the end; `derivatives` evaluates the right-hand side after a fraction of the step.
///
/// No vector is copied: engines call out of a module for that, which costs more than a stage of a small model.
pub(crate) fn take<V: Value>(work: Vectors<'_, V>, h: V, mut derivatives: impl FnMut(f64, &[V], &mut [V])) {
    let Vectors { start, end, stages, latest, scratch } = work;
    for stage in 1..=SLOPE {
        // The test for stiffness compares the last two arguments.
        let argument = if stage == SLOPE - 1 { &mut *scratch } else { &mut *end };
        combine(argument, start, stages, latest, Method::Explicit.argument(stage), h);
        derivatives(Method::Explicit.node(stage), argument, latest);
    }
}

/// Puts the latest stage in its place and writes `base` plus `scale` times the weighted sum of stages up to it.
#[inline(never)]
pub(super) fn combine<V: Value>(
    out: &mut [V],
    base: &[V],
    stages: &mut [[V; STAGES]],
    latest: &[V],
    weights: &[f64],
    scale: V,
) {
    let places = out.iter_mut().zip(base).zip(stages).zip(latest);
    /// Does it for one number of stages, so that the weights stay in registers.
    macro_rules! sum {
        ($($weight:ident $stage:literal),*; $last:ident $of:literal) => {{
            for (((out, base), row), latest) in places {
                row[$of] = *latest;
                // The sum first: it is small beside the base, and so are its rounding errors.
                *out = *base + scale * (latest.scaled($last) $(+ row[$stage].scaled($weight))*);
            }
        }};
    }
    match *weights {
        [a] => sum!(; a 0),
        [a, b] => sum!(a 0; b 1),
        [a, b, c] => sum!(a 0, b 1; c 2),
        [a, b, c, d] => sum!(a 0, b 1, c 2; d 3),
        [a, b, c, d, e] => sum!(a 0, b 1, c 2, d 3; e 4),
        [a, b, c, d, e, f] => sum!(a 0, b 1, c 2, d 3, e 4; f 5),
        [a, b, c, d, e, f, g] => sum!(a 0, b 1, c 2, d 3, e 4, f 5; g 6),
        _ => {}
    }
}

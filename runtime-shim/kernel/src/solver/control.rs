//! Choice of the step size.

use pmc_abi::descriptor::SolverSettings;

use super::power::{exponential, logarithm};

/// Logarithm to base 2 of the part of the ideal step that is taken: 0.93.
///
/// With an estimate of order 5 the error of a step is then 0.7 of what is allowed. A factor of 0.9 and a share of
/// the error before, as E. Hairer and G. Wanner advise (Solving Ordinary Differential Equations II, section IV.2), took
/// 12 to 14 % more evaluations on pharmacological models, Robertson's and HIRES, and 4 to 6 % fewer on van der Pol's
/// oscillator and on orbits, at the same ratio of error to tolerance. Where stability limits the explicit method, which
/// is what that share is for, the stiff one takes over.
const SAFETY: f64 = -0.1;

/// Exponent of the error in the factor of step sizes, for estimates of order 5.
const EXPONENT: f64 = 0.2;

/// Logarithm of the largest cut of a step.
const LARGEST_CUT: f64 = -2.5;

/// Logarithm of the smallest cut of a rejected step.
const SMALLEST_CUT: f64 = -0.3;

/// Logarithm of the largest growth of a step.
const LARGEST_GROWTH: f64 = 3.0;

/// Logarithm of the largest growth while the size is a guess.
const LARGEST_FIRST_GROWTH: f64 = 10.0;

/// Step size, and what its choice must remember.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    /// Size of the next step if nothing stands in its way; 0 if unknown.
    pub(super) size: f64,
    /// What the size became after the first steps from the last start: a good guess for the next start.
    after_start: f64,
    /// Whether the size is still a guess: since the start every step has grown fast.
    fresh: bool,
    /// Whether the last attempt was rejected.
    rejected: bool,
}

impl Control {
    /// Knows nothing.
    pub(super) const fn new() -> Self {
        Self { size: 0.0, after_start: 0.0, fresh: true, rejected: false }
    }

    /// Forgets what belongs to the time before a discontinuity.
    pub(super) fn restart(&mut self) {
        *self = Self { size: self.after_start, after_start: self.after_start, ..Self::new() };
    }

    /// Forgets the step size of the past after a restart, and lets steps grow slowly from the first guess.
    pub(super) fn forget(&mut self) {
        *self = Self { fresh: false, ..Self::new() };
    }

    /// Returns the end of the next step: on the barrier if it is near, at half the way if it is near the
    /// second step from here.
    pub(super) fn end_of_step(&self, start: f64, barrier: f64, settings: &SolverSettings) -> f64 {
        let maximum = settings.maximum_step;
        let size = if self.size < maximum { self.size } else { maximum };
        let distance = barrier - start;
        if distance <= size || (distance <= 1.05 * size && distance <= maximum) {
            return barrier;
        }
        start + if distance < 2.0 * size { 0.5 * distance } else { size }
    }

    /// Chooses the next size after a step of size `h` with an acceptable error.
    pub(super) fn accept(&mut self, h: f64, error: f64) {
        let mut ceiling = if self.fresh { LARGEST_FIRST_GROWTH } else { LARGEST_GROWTH };
        if self.rejected {
            ceiling = 0.0;
        }
        let change = change(error, ceiling);
        let size = h * exponential(change);
        // A step that a barrier cut short says nothing against longer ones.
        if change < ceiling || size > self.size {
            self.size = size;
        }
        if self.fresh {
            self.after_start = self.size;
            self.fresh = change > LARGEST_GROWTH;
        }
        self.rejected = false;
    }

    /// Chooses a smaller size after a step of size `h` with too large an error.
    pub(super) fn reject(&mut self, h: f64, error: f64) {
        self.size = h * exponential(change(error, SMALLEST_CUT));
        self.rejected = true;
    }
}

/// Returns the logarithm of the change of size that an error asks for, kept between the largest cut and a ceiling.
fn change(error: f64, ceiling: f64) -> f64 {
    let change = SAFETY - EXPONENT * logarithm(error);
    if change < LARGEST_CUT {
        return LARGEST_CUT;
    }
    if change > ceiling { ceiling } else { change }
}

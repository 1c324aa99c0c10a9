//! How errors and differences are measured: by the worst component, so that one more state never loosens what
//! is asked of the others.

use pmc_abi::descriptor::SolverSettings;

/// The allowed error of a component as a function of its size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tolerance {
    relative: f64,
    absolute: f64,
}

/// The local error of a step, in units of what is allowed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    /// Error of the worst component; NaN if a component is not finite.
    pub(super) norm: f64,
    /// That component, if one is to blame.
    pub(super) state: Option<u32>,
    /// Explicit: estimate of the largest absolute value of an eigenvalue of the Jacobian.
    pub(super) rate: f64,
}

impl Estimate {
    /// No error yet.
    pub(super) const NONE: Self = Self { norm: 0.0, state: None, rate: 0.0 };
}

impl Tolerance {
    /// Takes the tolerances from the settings.
    pub(super) fn new(settings: &SolverSettings) -> Self {
        // Never zero, so that a state that stays at zero has no error even where no absolute one is allowed.
        let absolute = settings.absolute_tolerance + f64::MIN_POSITIVE;
        Self { relative: settings.relative_tolerance, absolute }
    }

    /// Returns the allowed error of a component of this size.
    pub(super) fn at(self, size: f64) -> f64 {
        self.absolute + self.relative * size
    }

    /// Returns the allowed error of a component that changes from one size to another.
    pub(super) fn at_larger(self, start: f64, end: f64) -> f64 {
        let (start, end) = (start.abs(), end.abs());
        self.at(if start < end { end } else { start })
    }

    /// Returns the norm of a matrix that belongs to this measure of vectors: an upper bound of the absolute
    /// values of its eigenvalues that does not depend on the units of the states.
    pub(super) fn matrix_norm(self, matrix: &[f64], state: &[f64]) -> f64 {
        let mut norm = Largest::NONE;
        let mut entries = matrix.iter();
        for row in state {
            let mut sum = 0.0;
            for (column, entry) in state.iter().zip(&mut entries) {
                sum += entry.abs() * self.at(column.abs());
            }
            norm.take(sum / self.at(row.abs()));
        }
        norm.value()
    }
}

/// The largest absolute value so far and where it was; NaN beats every number.
///
/// Numbers without sign are ordered like their bits, and a choice between integers is no branch to mispredict: errors
/// that rise from state to state would cost more in branches than all stages of a step.
pub(super) struct Largest {
    bits: u64,
    place: u32,
    seen: u32,
}

impl Largest {
    /// Of nothing.
    pub(super) const NONE: Self = Self { bits: 0, place: 0, seen: 0 };

    /// Takes the next value.
    pub(super) fn take(&mut self, value: f64) {
        let bits = value.abs().to_bits();
        let larger = bits > self.bits;
        self.bits = if larger { bits } else { self.bits };
        self.place = if larger { self.seen } else { self.place };
        self.seen += 1;
    }

    /// Returns the value.
    pub(super) fn value(&self) -> f64 {
        f64::from_bits(self.bits)
    }

    /// Returns its number.
    pub(super) fn place(&self) -> u32 {
        self.place
    }
}

/// Returns whether a number that is not negative is infinite or not a number; shorter in WebAssembly than the
/// test of bits that `is_finite` becomes.
pub(crate) fn is_infinite_or_nan(size: f64) -> bool {
    size.is_nan() || size == f64::INFINITY
}

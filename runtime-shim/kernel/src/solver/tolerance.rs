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
}

impl Tolerance {
    /// Takes the tolerances from the settings.
    pub(super) fn new(settings: &SolverSettings) -> Self {
        Self { relative: settings.relative_tolerance, absolute: settings.absolute_tolerance }
    }

    /// Returns the allowed error of a component of this size.
    pub(super) fn at(self, size: f64) -> f64 {
        self.absolute + self.relative * size
    }

    /// Returns the largest component of a difference in units of what is allowed at a state.
    pub(super) fn distance(self, a: &[f64], b: &[f64], state: &[f64]) -> f64 {
        let mut largest = 0.0;
        for ((a, b), size) in a.iter().zip(b).zip(state) {
            let (difference, allowed) = ((a - b).abs(), self.at(size.abs()));
            if difference > largest * allowed {
                largest = difference / allowed;
            }
        }
        largest
    }

    /// Returns the norm of a matrix that belongs to this measure of vectors: an upper bound of the absolute
    /// values of its eigenvalues that does not depend on the units of the states.
    pub(super) fn matrix_norm(self, matrix: &[f64], state: &[f64]) -> f64 {
        let mut largest = 0.0;
        for (row, size) in matrix.chunks_exact(state.len()).zip(state) {
            let sum: f64 = row.iter().zip(state).map(|(entry, size)| entry.abs() * self.at(size.abs())).sum();
            let allowed = self.at(size.abs());
            if sum > largest * allowed {
                largest = sum / allowed;
            }
        }
        largest
    }
}

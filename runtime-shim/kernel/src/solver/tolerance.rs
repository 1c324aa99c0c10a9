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

    /// Returns how fast `a - b` is per `c - d`, each measured by its largest component in units of what is
    /// allowed at a state.
    pub(super) fn rate(self, a: &[f64], b: &[f64], c: &[f64], d: &[f64], state: &[f64]) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        for ((((a, b), c), d), size) in a.iter().zip(b).zip(c).zip(d).zip(state) {
            let allowed = self.at(size.abs());
            raise(&mut above, (a - b).abs(), allowed);
            raise(&mut below, (c - d).abs(), allowed);
        }
        above / below
    }

    /// Returns the norm of a matrix that belongs to this measure of vectors: an upper bound of the absolute
    /// values of its eigenvalues that does not depend on the units of the states.
    pub(super) fn matrix_norm(self, matrix: &[f64], state: &[f64]) -> f64 {
        let mut norm = 0.0;
        let mut entries = matrix.iter();
        for row in state {
            let mut sum = 0.0;
            for (column, entry) in state.iter().zip(&mut entries) {
                sum += entry.abs() * self.at(column.abs());
            }
            raise(&mut norm, sum, self.at(row.abs()));
        }
        norm
    }
}

/// Raises `largest` to `value / unit` if that is more, without dividing if not.
fn raise(largest: &mut f64, value: f64, unit: f64) {
    if value > *largest * unit {
        *largest = value / unit;
    }
}

/// Returns whether a number that is not negative is infinite or not a number; shorter in WebAssembly than the
/// test of bits that `is_finite` becomes.
pub(crate) fn is_infinite_or_nan(size: f64) -> bool {
    size.is_nan() || size == f64::INFINITY
}

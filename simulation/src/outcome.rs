//! What there is to say of subjects: warnings and failures.

use core::fmt;

use pmc_abi::warning;
use pmc_diagnostics::Diagnostics;
use pmc_host::RunError;

/// What the author of the data should know of a subject's predictions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectWarning {
    /// The subject's identifier.
    pub id: String,
    /// Bits of [`pmc_abi::warning`], at least one.
    pub bits: u32,
}

/// Returns warnings as findings, one a kind with the first subjects that it concerns.
pub fn warnings_to_diagnostics(warnings: &[SubjectWarning]) -> Diagnostics {
    const LISTED: usize = 5;
    let mut diagnostics = Diagnostics::new();
    let reduced = warnings.iter().filter(|warning| warning.bits & warning::LAG_REDUCED != 0);
    let subjects: Vec<&str> = reduced.map(|warning| warning.id.as_str()).collect();
    if !subjects.is_empty() {
        diagnostics.lag_reduced(&subjects[..subjects.len().min(LISTED)], subjects.len());
    }
    diagnostics
}

/// A subject whose prediction failed.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectFailure {
    /// The subject's identifier.
    pub id: String,
    /// Why.
    pub error: RunError,
}

/// All subjects whose predictions failed.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictError {
    /// The failures, in file order.
    pub failures: Vec<SubjectFailure>,
}

impl PredictError {
    /// Returns the failures as findings, the first twenty one by one.
    pub fn to_diagnostics(&self) -> Diagnostics {
        const LISTED: usize = 20;
        let mut diagnostics = Diagnostics::new();
        for failure in self.failures.iter().take(LISTED) {
            let place = format!("subject {}", failure.id);
            let message = failure.error.to_string();
            diagnostics.run_failed(failure.error.code.0, &place, &message, failure.error.help());
        }
        if self.failures.len() > LISTED {
            diagnostics.more_run_failures(self.failures.len() - LISTED);
        }
        diagnostics
    }
}

impl fmt::Display for PredictError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, failure) in self.failures.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}subject {}: {}", failure.id, failure.error)?;
        }
        Ok(())
    }
}

impl core::error::Error for PredictError {}

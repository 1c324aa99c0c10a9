//! A list of findings with a limit, so that a wrong file of a million rows gives a page of errors.

use pmc_diagnostics::Diagnostics;

/// Most errors that are listed.
const LISTED: usize = 20;

/// Findings about a dataset.
pub(crate) struct Findings {
    diagnostics: Diagnostics,
    errors: usize,
}

impl Findings {
    /// Makes an empty list.
    pub(crate) fn new() -> Self {
        Self { diagnostics: Diagnostics::new(), errors: 0 }
    }

    /// Adds an error, or only counts it beyond the limit.
    pub(crate) fn error(&mut self, add: impl FnOnce(&mut Diagnostics)) {
        self.errors += 1;
        if self.errors <= LISTED {
            add(&mut self.diagnostics);
        }
    }

    /// Adds something that is no error.
    pub(crate) fn remark(&mut self, add: impl FnOnce(&mut Diagnostics)) {
        add(&mut self.diagnostics);
    }

    /// Returns the number of errors so far.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// Returns whether there was an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Returns the list; it ends with the number of errors that it leaves out.
    pub(crate) fn finish(mut self) -> Diagnostics {
        if self.errors > LISTED {
            self.diagnostics.more_data_errors(self.errors - LISTED);
        }
        self.diagnostics
    }
}

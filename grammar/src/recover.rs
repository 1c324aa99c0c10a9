//! From the generator's errors to diagnostics; the only file that knows their types.

use lalrpop_util::ParseError;
use pmc_diagnostics::{Diagnostics, Span};

use crate::terminal::{Placed, Terminal};

/// Explains errors by the text around them.
pub(crate) struct Reporter<'source> {
    source: &'source str,
    terminals: &'source [Placed<'source>],
}

impl<'source> Reporter<'source> {
    /// Makes a reporter for a text and its terminals.
    pub(crate) fn new(source: &'source str, terminals: &'source [Placed<'source>]) -> Self {
        Self { source, terminals }
    }

    /// Reports one error.
    pub(crate) fn report(
        &self,
        diagnostics: &mut Diagnostics,
        error: &ParseError<u32, Terminal<'source>, core::convert::Infallible>,
    ) {
        let span = match error {
            ParseError::UnrecognizedToken { token: (start, _, end), .. }
            | ParseError::ExtraToken { token: (start, _, end) } => Span::new(*start, *end),
            ParseError::UnrecognizedEof { location, .. } | ParseError::InvalidToken { location } => {
                Span::new(*location, *location)
            }
            ParseError::User { error } => match *error {},
        };
        let found = self.source.get(span.range()).unwrap_or("");
        let _ = self.terminals;
        diagnostics.unexpected_text(span, found);
    }
}

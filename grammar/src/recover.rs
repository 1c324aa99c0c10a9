//! From the generator's errors to ours; the only file that knows its error types.

use core::convert::Infallible;

use lalrpop_util::ParseError;

use crate::terminal::{Placed, Terminal};

/// An error of the generated parser.
pub(crate) type Unread<'source> = ParseError<u32, Terminal<'source>, Infallible>;

/// Where the parser could not go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surprise<'source, 'error> {
    /// What stood there.
    pub(crate) found: Placed<'source>,
    /// What could have stood there.
    pub(crate) expected: Expected<'error>,
}

/// The terminals that the grammar allows at one place, by their names in the grammar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'error>(&'error [String]);

impl Expected<'_> {
    /// Returns whether the grammar allows a terminal.
    pub(crate) fn allows(self, terminal: &str) -> bool {
        self.0.iter().any(|name| name.trim_matches('"') == terminal)
    }
}

/// Translates an error.
pub(crate) fn surprise<'source, 'error>(error: &'error Unread<'source>) -> Surprise<'source, 'error> {
    match error {
        ParseError::UnrecognizedToken { token, expected } => {
            Surprise { found: *token, expected: Expected(expected) }
        }
        ParseError::UnrecognizedEof { location, expected } => {
            Surprise { found: (*location, Terminal::Separator, *location), expected: Expected(expected) }
        }
        ParseError::ExtraToken { token } => Surprise { found: *token, expected: Expected(&[]) },
        ParseError::InvalidToken { location } => {
            Surprise { found: (*location, Terminal::Invalid, *location), expected: Expected(&[]) }
        }
        ParseError::User { error } => match *error {},
    }
}

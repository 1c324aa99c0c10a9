//! Codes of diagnostics.

use core::fmt;

/// The stable number of a kind of diagnostic, printed as `PK0123`.
///
/// Ranges: 00xx text and syntax, 01xx names, 02xx types, shapes and constants, 03xx assignment and
/// coverage, 04xx routes and doses, 05xx declarations and options, 06xx limits, 07xx emission, 08xx the line
/// from text to module, 09xx not supported yet, 10xx datasets, 11xx events, 12xx kinds
/// of system, 20xx run time, 30xx loading of modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PK{:04}", self.0)
    }
}

/// Returns the one-line title of a code, if the code exists.
pub fn describe_code(code: Code) -> Option<&'static str> {
    crate::catalogue::TITLES
        .iter()
        .flat_map(|family| family.iter())
        .find(|(number, _)| *number == code.0)
        .map(|(_, title)| *title)
}

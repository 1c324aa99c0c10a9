//! `pmc check`.

use pmc::InputKind;

use crate::arguments::Check;
use crate::report::Reporter;
use crate::{Failure, files};

/// Reports the mistakes of all files.
pub(crate) fn run(command: &Check, reporter: &mut Reporter) -> Result<(), Failure> {
    let mut sound = true;
    for path in &command.models {
        let bytes = files::read(path)?;
        let (checked, source) = match InputKind::of(&bytes) {
            InputKind::Document => (pmc::check_ir(&bytes), ""),
            InputKind::Text | InputKind::Module => {
                let source = files::as_text(&bytes, path)?;
                (pmc::check(source), source)
            }
        };
        reporter.report(&checked.diagnostics, &files::shown(path), source);
        sound &= !checked.diagnostics.has_errors();
    }
    if sound { Ok(()) } else { Err(Failure::Reported) }
}

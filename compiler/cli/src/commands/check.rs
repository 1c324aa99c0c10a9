//! `pmc check`.

use crate::arguments::Check;
use crate::report::Reporter;
use crate::{Failure, files};

/// Reports the mistakes of all files.
pub(crate) fn run(command: &Check, reporter: &mut Reporter) -> Result<(), Failure> {
    let mut sound = true;
    for path in &command.models {
        let source = files::read_text(path)?;
        let checked = pmc::check(&source);
        reporter.report(&checked.diagnostics, &files::shown(path), &source);
        sound &= !checked.diagnostics.has_errors();
    }
    if sound { Ok(()) } else { Err(Failure::Reported) }
}

//! Reading and writing; `-` stands for standard input and output.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::Failure;

/// The path that stands for standard input or output.
const STANDARD: &str = "-";

/// Returns whether a path stands for standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD
}

/// Returns a path as findings show it.
pub(crate) fn shown(path: &Path) -> String {
    if is_standard(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Reads all bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if is_standard(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    Ok(bytes.with_context(|| format!("cannot read `{}`", shown(path)))?)
}

/// Takes bytes of a file as text.
pub(crate) fn as_text<'b>(bytes: &'b [u8], path: &Path) -> Result<&'b str, Failure> {
    str::from_utf8(bytes).map_err(|error| {
        let place = error.valid_up_to();
        anyhow!("cannot read `{}`: byte {place} is not UTF-8 text", shown(path)).into()
    })
}

/// Writes all bytes of a result.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_with(path, |output| output.write_all(bytes))
}

/// Opens a file or standard output and lets `action` write the whole of a result.
pub(crate) fn write_with(
    path: &Path,
    action: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if !is_standard(path) {
        let written = fs::File::create(path).and_then(|mut file| action(&mut file));
        return Ok(written.with_context(|| format!("cannot write `{}`", path.display()))?);
    }
    let mut output = io::stdout().lock();
    match action(&mut output).and_then(|()| output.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::BrokenPipe),
        Err(error) => Err(anyhow!(error).context("cannot write to standard output").into()),
    }
}

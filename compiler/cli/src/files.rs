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

/// Reads all bytes of a file; none that is read here is text in another encoding than UTF-8.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if is_standard(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.with_context(|| format!("cannot read `{}`", shown(path)))?;
    match foreign_encoding(&bytes) {
        Some(name) => {
            Err(anyhow!("cannot read `{}`: it is text in {name}; save it as UTF-8", shown(path)).into())
        }
        None => Ok(bytes),
    }
}

/// Returns the encoding of a text that is not UTF-8, told by its byte order mark or by the zeros between its letters.
fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    let is_letter =
        |byte: &u8| *byte == b'\n' || *byte == b'\r' || *byte == b'\t' || (b' '..=b'~').contains(byte);
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] if is_letter(a) && is_letter(b) => Some("UTF-16"),
        _ => None,
    }
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

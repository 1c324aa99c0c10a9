//! A result that waits until everything has succeeded.

use std::io::{self, Seek, Write};
use std::path::Path;

use anyhow::Context;
use tempfile::{SpooledData, SpooledTempFile};

use crate::{Failure, files};

/// Bytes that wait in memory; more go to a temporary file.
const IN_MEMORY: usize = 16 << 20;

/// A text that is written where it belongs once it is complete.
///
/// It waits in memory, or if it is long in a temporary file without a name, of which nothing is left however the
/// program ends. A failing run so leaves the file as it was, and standard output empty.
pub(crate) struct Spool {
    waiting: SpooledTempFile,
}

impl Spool {
    /// Makes an empty text.
    pub(crate) fn new() -> Self {
        Self::with(IN_MEMORY)
    }

    /// Makes an empty text of which so many bytes wait in memory.
    fn with(in_memory: usize) -> Self {
        Self { waiting: SpooledTempFile::new(in_memory) }
    }

    /// Adds a piece.
    pub(crate) fn push(&mut self, piece: &str) -> Result<(), Failure> {
        let pushed = self.waiting.write_all(piece.as_bytes());
        Ok(pushed.context("cannot keep the table in a temporary file")?)
    }

    /// Writes the whole to a file or standard output.
    pub(crate) fn write(self, path: &Path) -> Result<(), Failure> {
        match self.waiting.into_inner() {
            SpooledData::InMemory(bytes) => files::write(path, bytes.get_ref()),
            SpooledData::OnDisk(mut file) => {
                file.rewind().context("cannot read the temporary file of the table")?;
                files::write_with(path, |output| io::copy(&mut file, output).map(drop))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_written_as_a_short_one() {
        let path = std::env::temp_dir().join(format!("pmc-spool-{}", std::process::id()));
        for in_memory in [0, 7, 1_000] {
            let mut spool = Spool::with(in_memory);
            for piece in ["id,time\n", "1,0\n", "", "2,0\n"] {
                assert!(spool.push(piece).is_ok());
            }
            assert!(spool.write(&path).is_ok());
            let written = std::fs::read_to_string(&path).expect("it was written");
            assert_eq!(written, "id,time\n1,0\n2,0\n", "{in_memory} bytes in memory");
        }
        std::fs::remove_file(&path).expect("it can be removed");
    }
}

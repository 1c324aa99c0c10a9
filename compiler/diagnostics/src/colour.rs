//! Colours of a terminal, by ANSI escape sequences.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;

const RESET: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";

/// Text with escape sequences in the making.
#[derive(Default)]
pub(crate) struct ColouredText {
    bytes: Vec<u8>,
}

impl ColouredText {
    /// Returns the text.
    pub(crate) fn into_string(self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Write for ColouredText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for ColouredText {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        write!(self, "{BOLD}{}", colour(severity))
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        write!(self, "{BOLD}")
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        write!(self, "{CYAN}")
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        write!(self, "{CYAN}")
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        write!(self, "{CYAN}")
    }

    fn set_label(&mut self, severity: Severity, style: LabelStyle) -> io::Result<()> {
        let colour = match style {
            LabelStyle::Primary => colour(severity),
            LabelStyle::Secondary => CYAN,
        };
        write!(self, "{colour}")
    }

    fn reset(&mut self) -> io::Result<()> {
        write!(self, "{RESET}")
    }
}

fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Bug | Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Note => GREEN,
        Severity::Help => CYAN,
    }
}

//! Findings on standard error.

use std::io::{self, IsTerminal, Write};

use pmc_diagnostics::{Diagnostic, Diagnostics, Severity, Style, plain, render, render_coloured, to_json};

use crate::arguments::{Color, MessageFormat};

/// Writes findings and counts them.
pub(crate) struct Reporter {
    format: MessageFormat,
    coloured: bool,
    watched: bool,
    errors: usize,
    warnings: usize,
}

impl Reporter {
    /// Makes a reporter for a format; `auto` colours only on a terminal where `NO_COLOR` is not set.
    pub(crate) fn new(format: MessageFormat, color: Color) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let capable = !dumb && io::stderr().is_terminal();
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let coloured = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => capable && !refused,
        };
        // Who wants no colours ever wants none of a terminal's other sequences either.
        let watched = capable && format == MessageFormat::Human && color != Color::Never;
        Self { format, coloured, watched, errors: 0, warnings: 0 }
    }

    /// Returns whether a person watches standard error on a terminal that can draw a progress bar.
    pub(crate) fn is_watched(&self) -> bool {
        self.watched
    }

    /// Writes findings about a file.
    pub(crate) fn report(&mut self, diagnostics: &Diagnostics, file: &str, source: &str) {
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => {}
            }
            say(&self.text(diagnostic, file, source));
        }
    }

    /// Writes a line about progress, for people only.
    pub(crate) fn remark(&self, line: &str) {
        if self.format == MessageFormat::Human {
            say(&format!("{}\n", plain(line)));
        }
    }

    /// Writes how many errors and warnings there were, for people only.
    pub(crate) fn summarise(&self) {
        let count = |number: usize, what: &str| match number {
            0 => None,
            1 => Some(format!("1 {what}")),
            _ => Some(format!("{number} {what}s")),
        };
        let counts = [count(self.errors, "error"), count(self.warnings, "warning")];
        let line = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        if !line.is_empty() {
            self.remark(&line);
        }
    }

    /// Writes why the command could not be carried out.
    pub(crate) fn stopped(&self, error: &anyhow::Error) {
        let message = format!("{error:#}");
        let message = plain(&message);
        match self.format {
            MessageFormat::Json => {
                let object = serde_json::json!({
                    "file": null,
                    "code": null,
                    "severity": "error",
                    "message": message,
                    "labels": [],
                    "help": null,
                    "fixes": [],
                });
                say(&format!("{object}\n"));
            }
            MessageFormat::Human | MessageFormat::Short if self.coloured => {
                say(&format!("\x1b[1m\x1b[31merror\x1b[0m\x1b[1m: {message}\x1b[0m\n"));
            }
            MessageFormat::Human | MessageFormat::Short => say(&format!("error: {message}\n")),
        }
    }

    fn text(&self, diagnostic: &Diagnostic, file: &str, source: &str) -> String {
        let style = match self.format {
            MessageFormat::Json => return format!("{}\n", to_json(diagnostic, file, source)),
            MessageFormat::Human => Style::Full,
            MessageFormat::Short => Style::Short,
        };
        let render = if self.coloured { render_coloured } else { render };
        let text = render(diagnostic, file, source, style);
        if diagnostic.primary.is_some() {
            return text;
        }
        // Nothing in the text itself says which file it is about.
        let file = plain(file);
        match style {
            Style::Short => format!("{file}: {text}"),
            Style::Full => match text.split_once('\n') {
                Some((head, rest)) => format!("{head}\n ┌─ {file}\n{rest}"),
                None => text,
            },
        }
    }
}

/// Writes to standard error; there is nobody to tell if that fails.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

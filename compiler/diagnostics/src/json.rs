//! Diagnostics for programs: one JSON object each, JSON Lines.

use serde_json::{Value, json};

use crate::{Diagnostic, Fix, Label, Severity};

/// Renders one diagnostic as a JSON object in one line.
///
/// Fields: `file`, `code`, `severity` (`error`, `warning`, `note`), `message`, `labels` (the primary one first;
/// `file`, byte offsets `start` and `end`, 1-based `line` and `column` of the start, `text`, `primary`),
/// `help` (string or null), `fixes` (`message`, `edits` with `start`, `end`, `replacement`).
/// Readers must ignore fields that they do not know.
pub fn to_json(diagnostic: &Diagnostic, file: &str, source: &str) -> String {
    let primary = diagnostic.primary.iter().map(|label| label_value(label, file, source, true));
    let secondary = diagnostic.secondary.iter().map(|label| label_value(label, file, source, false));
    json!({
        "file": file,
        "code": diagnostic.code.to_string(),
        "severity": severity_name(diagnostic.severity),
        "message": diagnostic.message,
        "labels": primary.chain(secondary).collect::<Vec<_>>(),
        "help": diagnostic.help,
        "fixes": diagnostic.fixes.iter().map(fix_value).collect::<Vec<_>>(),
    })
    .to_string()
}

fn label_value(label: &Label, file: &str, source: &str, primary: bool) -> Value {
    let (line, column) = line_and_column(source, label.span.start as usize);
    json!({
        "file": file,
        "start": label.span.start,
        "end": label.span.end,
        "line": line,
        "column": column,
        "text": label.text,
        "primary": primary,
    })
}

fn fix_value(fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(
        |edit| json!({ "start": edit.span.start, "end": edit.span.end, "replacement": edit.replacement }),
    );
    json!({ "message": fix.message, "edits": edits.collect::<Vec<_>>() })
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Returns the 1-based line and the 1-based column, in characters, of a byte offset.
fn line_and_column(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset.min(source.len())).unwrap_or(source);
    let line_start = before.rfind('\n').map_or(0, |position| position + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

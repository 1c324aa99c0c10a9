//! Diagnostics for programs: one JSON object each, JSON Lines.

use serde_json::{Value, json};

use crate::plain::{acts_on_terminals, plain};
use crate::{Diagnostic, Fix, Label, Severity};

/// Renders one diagnostic as a JSON object in one line.
///
/// Fields: `file`, `code`, `severity` (`error`, `warning`, `note`), `message`, `labels` (the primary one first;
/// `file`, byte offsets `start` and `end`, 1-based `line` and `column` of the start, `text`, `primary`),
/// `help` (string or null), `fixes` (`message`, `edits` with `start`, `end`, `replacement`).
/// Readers must ignore fields that they do not know. Texts for people are [`plain()`].
pub fn to_json(diagnostic: &Diagnostic, file: &str, source: &str) -> String {
    let primary = diagnostic.primary.iter().map(|label| label_value(label, file, source, true));
    let secondary = diagnostic.secondary.iter().map(|label| label_value(label, file, source, false));
    let object = json!({
        "file": file,
        "code": diagnostic.code.to_string(),
        "severity": severity_name(diagnostic.severity),
        "message": plain(&diagnostic.message),
        "labels": primary.chain(secondary).collect::<Vec<_>>(),
        "help": diagnostic.help.as_deref().map(plain),
        "fixes": diagnostic.fixes.iter().map(fix_value).collect::<Vec<_>>(),
    });
    escape(&object.to_string())
}

/// Escapes what JSON may hold as it is, and a terminal must not.
fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if acts_on_terminals(character) {
            // All of them lie below U+10000.
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn label_value(label: &Label, file: &str, source: &str, primary: bool) -> Value {
    let (line, column) = line_and_column(source, label.span.start as usize);
    json!({
        "file": file,
        "start": label.span.start,
        "end": label.span.end,
        "line": line,
        "column": column,
        "text": plain(&label.text),
        "primary": primary,
    })
}

fn fix_value(fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(
        |edit| json!({ "start": edit.span.start, "end": edit.span.end, "replacement": edit.replacement }),
    );
    json!({ "message": plain(&fix.message), "edits": edits.collect::<Vec<_>>() })
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

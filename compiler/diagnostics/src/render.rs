//! Diagnostics for people: source excerpts in a terminal.

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term;

use crate::colour::ColouredText;
use crate::plain::{Source, plain};
use crate::{Diagnostic, Label, Severity};

/// How much to print for each diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Message, source excerpt, labels, help.
    Full,
    /// One line each: `file:line:column: error[PK0123]: message`.
    Short,
}

/// Renders one diagnostic as plain text that ends in a newline.
///
/// Whatever message, file and source hold, nothing of it acts on a terminal; see [`plain()`].
pub fn render(diagnostic: &Diagnostic, file: &str, source: &str, style: Style) -> String {
    let source = Source::new(source);
    let files = SimpleFile::new(plain(file), &*source.text);
    let mut text = String::new();
    match term::emit_to_string(&mut text, &config(style), &files, &convert(diagnostic, &source, style)) {
        Ok(()) => text,
        Err(_) => one_line(diagnostic),
    }
}

/// Renders one diagnostic as [`render`] does, with the colours of a terminal.
pub fn render_coloured(diagnostic: &Diagnostic, file: &str, source: &str, style: Style) -> String {
    let source = Source::new(source);
    let files = SimpleFile::new(plain(file), &*source.text);
    let mut text = ColouredText::default();
    match term::emit_to_write_style(&mut text, &config(style), &files, &convert(diagnostic, &source, style)) {
        Ok(()) => text.into_string(),
        Err(_) => one_line(diagnostic),
    }
}

fn config(style: Style) -> term::Config {
    let display_style = match style {
        Style::Full => term::DisplayStyle::Rich,
        Style::Short => term::DisplayStyle::Short,
    };
    term::Config { display_style, ..term::Config::default() }
}

/// Renders a diagnostic whose labels do not fit the source.
fn one_line(diagnostic: &Diagnostic) -> String {
    format!("{}[{}]: {}\n", word(diagnostic), diagnostic.code, plain(&diagnostic.message))
}

fn convert(diagnostic: &Diagnostic, source: &Source<'_>, style: Style) -> codespan::Diagnostic<()> {
    let severity = match diagnostic.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Note => codespan::Severity::Note,
    };
    let label = |style, label: &Label| {
        let range = source.place(label.span.start as usize)..source.place(label.span.end as usize);
        codespan::Label::new(style, (), range).with_message(plain(&label.text))
    };
    let primary = diagnostic.primary.iter().map(|found| label(codespan::LabelStyle::Primary, found));
    let secondary = diagnostic.secondary.iter().map(|found| label(codespan::LabelStyle::Secondary, found));
    let notes = match style {
        Style::Full => notes(diagnostic),
        Style::Short => Vec::new(),
    };
    codespan::Diagnostic::new(severity)
        .with_code(diagnostic.code.to_string())
        .with_message(plain(&diagnostic.message))
        .with_labels(primary.chain(secondary).collect())
        .with_notes(notes)
}

fn notes(diagnostic: &Diagnostic) -> Vec<String> {
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    let fixes = diagnostic.fixes.iter().map(|fix| match fix.edits.as_slice() {
        [edit] if !edit.replacement.is_empty() && !edit.replacement.contains('\n') => {
            format!("fix: {}: `{}`", fix.message, edit.replacement.trim())
        }
        _ => format!("fix: {}", fix.message),
    });
    help.chain(fixes).map(|note| plain(&note).into_owned()).collect()
}

fn word(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

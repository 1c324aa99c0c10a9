//! `PK00xx`: the text and its grammar.

use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (1, "unexpected text"),
    (2, "closing bracket without opening bracket"),
    (3, "wrong closing bracket"),
    (4, "bracket never closed"),
    (5, "number too large"),
    (6, "several statements on one line"),
    (7, "nested too deeply"),
    (8, "text too long"),
    (9, "too many tokens"),
];

impl Diagnostics {
    /// Text that fits nowhere.
    pub fn unexpected_text(&mut self, span: Span, found: &str) {
        self.push(Diagnostic::error(1, span, format!("`{found}` is not expected here")));
    }

    /// A closing bracket that nothing opens.
    pub fn closing_without_opening(&mut self, span: Span, found: char) {
        self.push(
            Diagnostic::error(2, span, format!("`{found}` closes nothing"))
                .label("no bracket is open here")
                .help(format!("remove this `{found}`, or open the bracket before it")),
        );
    }

    /// A closing bracket of another kind than the opening one.
    pub fn wrong_closing_bracket(&mut self, span: Span, found: char, expected: char, opening: Span) {
        self.push(
            Diagnostic::error(3, span, format!("found `{found}`, expected `{expected}`"))
                .secondary(opening, "to close this bracket")
                .fix(format!("replace `{found}`"), span, expected.to_string()),
        );
    }

    /// A bracket whose closing one is missing.
    pub fn bracket_never_closed(&mut self, opening: Span, expected: char) {
        self.push(
            Diagnostic::error(4, opening, format!("missing `{expected}`"))
                .label("this bracket is never closed")
                .help(format!("add `{expected}` where it should end")),
        );
    }

    /// A number beyond the largest double.
    pub fn number_too_large(&mut self, span: Span, text: &str) {
        self.push(
            Diagnostic::error(5, span, format!("`{text}` is too large for a number"))
                .help("the largest number is about 1.8e308"),
        );
    }

    /// Two statements without anything between them.
    pub fn statements_on_one_line(&mut self, second: Span) {
        self.push(
            Diagnostic::error(6, second, "a second statement on the same line")
                .label("the next statement starts here")
                .help("put each statement on its own line, or separate them by `;`")
                .fix("separate the statements", Span::new(second.start, second.start), "; "),
        );
    }

    /// An expression or a block inside too many others.
    pub fn nested_too_deeply(&mut self, span: Span, limit: usize) {
        self.push(
            Diagnostic::error(7, span, format!("this is nested more than {limit} levels deep"))
                .help("give parts of it names of their own"),
        );
    }

    /// A text beyond the limit.
    pub fn text_too_long(&mut self, bytes: usize, limit: usize) {
        self.push(
            Diagnostic::error_without_span(
                8,
                format!("the text has {bytes} bytes, more than the {limit} allowed"),
            )
            .help("a model of this size is better generated in parts"),
        );
    }

    /// A text with too many tokens.
    pub fn too_many_tokens(&mut self, span: Span, limit: usize) {
        self.push(
            Diagnostic::error(9, span, format!("the text has more than the {limit} tokens allowed"))
                .label("reading stopped here")
                .help("a model of this size is better generated in parts"),
        );
    }
}

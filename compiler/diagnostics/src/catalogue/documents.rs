//! `PK31xx`: documents of the intermediate representation.

use crate::{Diagnostic, Diagnostics};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (3101, "not a document of the intermediate representation"),
    (3102, "document too large"),
    (3103, "malformed document"),
    (3104, "unknown version of the intermediate representation"),
    (3105, "unknown feature of a document"),
    (3106, "feature of a document not declared"),
    (3107, "document that breaks a rule"),
    (3108, "document without what was asked for"),
    (3109, "document that passes have not seen"),
];

impl Diagnostics {
    /// A document of a module as a front end makes it, where what passes compute of it is needed.
    pub fn document_not_derived(&mut self) {
        self.push(
            Diagnostic::error_without_span(
                3109,
                "the document has no field `derived`, which running it needs".to_owned(),
            )
            .help("let the compiler add it: `pmc compile model.pkir.json --emit ir-json`"),
        );
    }

    /// Bytes that are no document, or one of another format.
    pub fn not_a_document(&mut self, reason: &str) {
        self.push(
            Diagnostic::error_without_span(3101, format!("not a document of pmc-ir: {reason}"))
                .help("a document is JSON or CBOR with the field `format`, which says \"pmc-ir\""),
        );
    }

    /// A document beyond the limit of size.
    pub fn document_too_large(&mut self, bytes: usize, limit: usize) {
        self.push(Diagnostic::error_without_span(
            3102,
            format!("the document has {bytes} bytes, the limit is {limit}"),
        ));
    }

    /// A document of more values and names of fields than are read.
    pub fn document_of_too_many_values(&mut self, limit: usize) {
        self.push(Diagnostic::error_without_span(
            3102,
            format!("the document has more than {limit} values and names of fields"),
        ));
    }

    /// A document that is not what its format says; `place` names fields and items.
    pub fn malformed_document(&mut self, place: &str, reason: &str) {
        let message = match place {
            "." => format!("the document is malformed: {reason}"),
            _ => format!("the document is malformed at `{place}`: {reason}"),
        };
        self.push(Diagnostic::error_without_span(3103, message));
    }

    /// A document of a major version that is not known.
    pub fn document_version(&mut self, found: u32, expected: u32) {
        self.push(
            Diagnostic::error_without_span(
                3104,
                format!("the document has version {found} of pmc-ir, this reader knows version {expected}"),
            )
            .help("use a newer release, or write the document anew from the model's text"),
        );
    }

    /// A document that needs something that is not known.
    pub fn document_feature(&mut self, name: &str, known: &[&str]) {
        self.push(
            Diagnostic::error_without_span(
                3105,
                format!("the document needs `{}`, which this reader does not know", name.escape_debug()),
            )
            .help(format!("this reader knows `{}`; use a newer release", known.join("`, `"))),
        );
    }

    /// A document that uses what it does not declare.
    pub fn undeclared_document_feature(&mut self, name: &str) {
        self.push(
            Diagnostic::error_without_span(
                3106,
                format!("the document uses `{name}` and does not declare it"),
            )
            .help(format!("add \"{name}\" to `features`")),
        );
    }

    /// A document that breaks a rule of the intermediate representation; `place` says where.
    pub fn invalid_document(&mut self, place: &str, rule: &str) {
        self.push(Diagnostic::error_without_span(
            3107,
            format!("the document breaks a rule, {place}: {rule}"),
        ));
    }

    /// A request for what stands only in the text of a model.
    pub fn not_in_document(&mut self, what: &str) {
        self.push(
            Diagnostic::error_without_span(3108, format!("a document holds no {what}"))
                .help("start from the text of the model"),
        );
    }
}

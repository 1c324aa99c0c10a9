//! `PK07xx`: what a module cannot hold.

use crate::{Diagnostic, Diagnostics};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (701, "model larger than the module's memory"),
    (702, "model larger than a module may be"),
    (703, "model larger than a document may be"),
];

/// What makes a module smaller.
const SMALLER: &str =
    "use smaller arrays; what many routes and events share, assign to a state or a variable";

impl Diagnostics {
    /// A model whose constants and frame alone exceed the memory that the module may have, both in bytes.
    pub fn module_memory_exceeded(&mut self, needed: u64, maximum: u64) {
        let (needed, maximum) = (mebibytes(needed), mebibytes(maximum));
        self.push(
            Diagnostic::error_without_span(
                701,
                format!("the model needs at least {needed} MiB of memory, the module may have {maximum} MiB"),
            )
            .help("allow the module more memory, or shorten the arrays of the model"),
        );
    }

    /// A model whose functions, those of routes and events among them, are too large or too many.
    pub fn module_code_exceeded(&mut self) {
        self.push(
            Diagnostic::error_without_span(702, "the functions of the model are too large").help(SMALLER),
        );
    }

    /// A model whose module, with names, constants and all, exceeds the bytes that it may have.
    pub fn module_size_exceeded(&mut self, maximum: usize) {
        let maximum = mebibytes(maximum as u64);
        self.push(
            Diagnostic::error_without_span(
                702,
                format!("the model is too large for a module, which may have {maximum} MiB"),
            )
            .help(SMALLER),
        );
    }

    /// A model whose document no reader would take; `reason` says why.
    pub fn document_limit_exceeded(&mut self, reason: &str) {
        self.push(
            Diagnostic::error_without_span(703, format!("no reader would take the document: {reason}"))
                .help("CBOR takes fewer bytes than JSON; else compile to a module, or use smaller arrays"),
        );
    }
}

/// Returns a number of bytes in mebibytes, rounded up.
const fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

//! `PK09xx`: parts of the language that this release does not run yet.

use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (906, "delays are not supported yet"),
    (907, "function is not supported yet"),
    (908, "the dialect of pharmsol is not supported yet"),
    (909, "label shared by two kinds of dose is not supported yet"),
];

impl Diagnostics {
    /// `past(x) = …`.
    pub fn past_not_supported(&mut self, span: Span) {
        self.push(
            Diagnostic::error(906, span, "`past` and delays are not supported yet")
                .help("approximate the delay by a chain of states"),
        );
    }

    /// A built-in function of the language that this release does not have.
    pub fn function_not_supported(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(907, span, format!("`{name}` is not supported yet"))
                .help("write the effect with other functions"),
        );
    }

    /// `option dialect = pharmsol`.
    pub fn dialect_not_supported(&mut self, span: Span) {
        self.push(
            Diagnostic::error(908, span, "the dialect of pharmsol is not supported yet")
                .help("remove the option; where the languages differ, a warning says so"),
        );
    }

    /// A label whose boluses and infusions differ in destination, lag or bioavailability.
    pub fn shared_label_not_supported(&mut self, span: Span, label: &str, first: Span) {
        self.push(
            Diagnostic::error(
                909,
                span,
                format!("boluses and infusions of `{label}` differ, which is not supported yet"),
            )
            .secondary(first, "first used here")
            .label("another kind of dose under the same label")
            .help("lag and bioavailability would belong to the bolus alone; give the infusion a label of its own, or use `dose(…)` without a factor, and `fa(…)`"),
        );
    }

    /// A factor of `dose(…)`, which would count for the rate and again for the amount of an infusion.
    pub fn scaled_dose_not_supported(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::error(909, span, format!("a factor of `dose({label})` is not supported yet"))
                .label("boluses and infusions enter here")
                .help(format!("write `dose({label})` without a factor and `fa({label}) = …`")),
        );
    }
}

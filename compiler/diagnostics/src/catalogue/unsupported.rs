//! `PK09xx`: parts of the language that this release does not run yet.

use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (901, "stochastic models are not supported yet"),
    (902, "closed forms are not supported yet"),
    (903, "events are not supported yet"),
    (904, "event variables are not supported yet"),
    (905, "starting at equilibrium is not supported yet"),
    (906, "delays are not supported yet"),
    (907, "function is not supported yet"),
    (908, "the dialect of pharmsol is not supported yet"),
    (909, "label shared by two kinds of dose is not supported yet"),
];

impl Diagnostics {
    /// `kind = sde`, `noise(…)`, `particles`.
    pub fn stochastic_not_supported(&mut self, span: Span) {
        self.push(
            Diagnostic::error(901, span, "stochastic models are not supported yet")
                .help("write the model without noise as an ode"),
        );
    }

    /// `kind = analytical`, `structure = …`.
    pub fn closed_form_not_supported(&mut self, span: Span) {
        self.push(
            Diagnostic::error(902, span, "closed forms are not supported yet")
                .help("write the equations with `ddt(…)`"),
        );
    }

    /// `when`, `at`, `every`.
    pub fn event_not_supported(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(903, span, format!("`{word}` blocks are not supported yet"))
                .help("remove the block; doses and resets can come from the data"),
        );
    }

    /// `give(…)` or `stop()` outside an event.
    pub fn event_call_outside(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(903, span, format!("`{word}` belongs to events, which are not supported yet"))
                .help("doses can come from the data"),
        );
    }

    /// `var …`.
    pub fn variable_not_supported(&mut self, span: Span) {
        self.push(
            Diagnostic::error(904, span, "variables that events assign are not supported yet")
                .help("use a parameter, a covariate or a state"),
        );
    }

    /// `init(x) = steady`.
    pub fn steady_not_supported(&mut self, span: Span) {
        self.push(
            Diagnostic::error(905, span, "`steady` is not supported yet")
                .help("write the value at equilibrium, for example `kin / kout`"),
        );
    }

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

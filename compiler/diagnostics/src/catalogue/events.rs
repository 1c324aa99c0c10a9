//! `PK11xx`: events and the variables that they assign.

use super::types::suggest;
use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (1101, "variable without a value"),
    (1102, "variable assigned outside an event"),
    (1103, "event action outside an event"),
    (1104, "event assigns more than states and variables"),
    (1105, "equation inside an event"),
    (1106, "event waits for an equality"),
    (1107, "condition of an event never changes"),
    (1108, "time of an event reads time or a state"),
    (1109, "interval of an event is not positive"),
    (1110, "route does not accept the dose of an event"),
    (1111, "state assigned after a dose"),
    (1112, "initial value of a variable reads a state"),
    (1113, "events in a stochastic model"),
    (1114, "event at something other than time"),
    (1115, "duration of a dose is not positive"),
];

impl Diagnostics {
    /// `var v` without `= …`.
    pub fn variable_without_value(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(1101, span, format!("variable `{name}` has no value to start with"))
                .help(format!("write `var {name} = 0`, or another value")),
        );
    }

    /// `v = …` for a variable `v`, outside any event.
    pub fn variable_assigned_outside(&mut self, span: Span, name: &str, declared: Span) {
        self.push(
            Diagnostic::error(1102, span, format!("`{name}` is a variable and changes only in events"))
                .secondary(declared, "declared here")
                .help(format!("assign it in a block such as `when (…) {{ {name} = … }}`, or drop the word `var` to make it a derived value")),
        );
    }

    /// `give(…)` or `stop()` outside an event.
    pub fn event_call_outside(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(1103, span, format!("`{word}` stands outside an event")).help(format!(
                "put it into a block that says when, such as `at t = 24 {{ {word}(…) }}`; regular doses can come from the data"
            )),
        );
    }

    /// An assignment in an event to a name that is neither a state nor a variable; `meaning` is what it is,
    /// with its article, or `None` if it is not declared.
    pub fn not_assignable_in_event(&mut self, span: Span, name: &str, meaning: Option<&str>) {
        let diagnostic = match meaning {
            Some(meaning) => Diagnostic::error(
                1104,
                span,
                format!("`{name}` is {meaning}, which an event does not assign"),
            )
            .help(format!("events assign states and variables; write `let` and a new name for a value of this block, or declare `var {name} = …` instead")),
            None => Diagnostic::error(
                1104,
                span,
                format!("`{name}` is neither a state nor a variable"),
            )
            .help(format!("write `let {name} = …` for a value of this block, or declare `var {name} = 0` for one that lasts")),
        };
        self.push(diagnostic.label("events assign states and variables"));
    }

    /// `ddt(x) = …` and its kin in an event.
    pub fn equation_in_event(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(1105, span, format!("`{word}(…) = …` stands inside an event"))
                .label("holds always, not at one time")
                .help("move it out of the block; to change an equation at an event, assign a variable here and read it there"),
        );
    }

    /// An event whose condition holds only where two numbers are exactly equal.
    pub fn event_at_equality(&mut self, span: Span, of_time: Option<Option<f64>>) {
        let diagnostic = Diagnostic::warning(1106, span, "an event that waits for an exact equality")
            .label("seldom becomes true at a time that is looked at");
        self.push(match of_time {
            Some(at) => {
                let at = at.map_or_else(|| "…".to_owned(), |number| number.to_string());
                diagnostic.help(format!("write `at t = {at} {{ … }}`"))
            }
            None => {
                diagnostic.help("compare with `>=` or `<=`: the event happens when the border is crossed")
            }
        });
    }

    /// An event whose condition depends on nothing that changes.
    pub fn event_never_changes(&mut self, span: Span) {
        self.push(
            Diagnostic::warning(1107, span, "this condition never changes, so the event never happens")
                .label("reads neither states nor time")
                .help("an event happens when its condition becomes true; what holds from the start belongs to `init(…)` or to an `if`"),
        );
    }

    /// A time of an event that is not known beforehand; `word` is `at` or `every`.
    pub fn event_time_reads_state(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(1108, span, format!("the times of `{word}` depend on time or on a state"))
                .label("directly, or through a derived value")
                .help("use parameters, covariates and variables, or `when (…)` for what depends on a state"),
        );
    }

    /// `every x` with a constant that is not above 0.
    pub fn event_interval_not_positive(&mut self, span: Span, found: f64) {
        self.push(
            Diagnostic::error(1109, span, format!("the interval is {found}, not above 0"))
                .help("write the time from one occurrence to the next; `at` is for what happens once"),
        );
    }

    /// `give(r, amount)` on a route for infusions.
    pub fn event_bolus_refused(&mut self, span: Span, label: &str, declared: Span) {
        self.push(
            Diagnostic::error(
                1110,
                span,
                format!("route `{label}` takes infusions, and this dose has no duration"),
            )
            .secondary(declared, "the route")
            .help(format!("write `give({label}, amount, duration)`, or give by a route for boluses")),
        );
    }

    /// `give(r, amount, duration)` on a route for boluses.
    pub fn event_infusion_refused(&mut self, span: Span, label: &str, declared: Span) {
        self.push(
            Diagnostic::error(
                1110,
                span,
                format!("route `{label}` takes boluses, and this dose has a duration"),
            )
            .secondary(declared, "the route")
            .help(format!("write `give({label}, amount)`, or give by a route for infusions")),
        );
    }

    /// A state that a block assigns below a dose into it: the dose is given afterwards all the same.
    pub fn assigned_after_dose(&mut self, span: Span, state: &str, dose: Span) {
        self.push(
            Diagnostic::warning(
                1111,
                span,
                format!("the dose into `{state}` is given after this assignment"),
            )
            .secondary(dose, "given when the block is done")
            .help("assignments of a block take effect first, then its doses; write them in this order"),
        );
    }

    /// `var v = …` that reads what has no value before the start.
    pub fn variable_reads_state(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(
                1112,
                span,
                format!("the first value of `{name}` reads a state, a rate or a variable"),
            )
            .label("directly, or through a derived value")
            .help("states have no values yet; use parameters, covariates and constants"),
        );
    }

    /// `when`, `at` or `every` in a stochastic model.
    pub fn event_in_stochastic(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(1113, span, format!("`{word}` is not supported in a stochastic model"))
                .label("each particle would have its own event")
                .help("remove the block, or write the model without noise; doses and resets can come from the data"),
        );
    }

    /// `at name = …` with a name other than `t` or `time`.
    pub fn event_at_other_name(&mut self, span: Span, name: &str) {
        let diagnostic = Diagnostic::error(1114, span, format!("`{name}` is not the time"));
        self.push(suggest(diagnostic, span, name, &["t", "time"]));
    }

    /// `at t == …`.
    pub fn event_at_comparison(&mut self, span: Span, operator: Span) {
        self.push(
            Diagnostic::error(1114, span, "found a comparison, expected a time")
                .help("write `at t = … { … }`")
                .fix("replace `==`", operator, "="),
        );
    }

    /// `give(r, amount, duration)` with a constant duration that is not above 0.
    pub fn event_duration_not_positive(&mut self, span: Span, label: &str, found: f64) {
        self.push(
            Diagnostic::error(1115, span, format!("the duration is {found}, not above 0"))
                .help(format!("write `give({label}, amount)` for a bolus")),
        );
    }
}

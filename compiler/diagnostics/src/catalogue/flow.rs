//! `PK03xx`: assignment and coverage.

use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (301, "use before assignment"),
    (302, "assigned on some paths only"),
    (303, "state without an equation"),
    (304, "equation on some paths only"),
    (305, "equation written twice"),
    (306, "overwritten equation holds an input"),
    (307, "name cannot be assigned"),
    (308, "output on some paths only"),
    (309, "initial value reads a state"),
    (310, "secondary quantity reads a state"),
    (311, "state assigned without `ddt`"),
    (312, "assigned twice"),
    (313, "call as a statement"),
    (314, "value changes further down"),
    (315, "property is added to"),
];

impl Diagnostics {
    /// A value that is read before it is assigned; `assigned` is where that happens.
    pub fn used_before_assignment(&mut self, span: Span, name: &str, assigned: Option<Span>) {
        let diagnostic = Diagnostic::error(301, span, format!("`{name}` is used before it is assigned"));
        let further_down = assigned.filter(|place| place.start > span.start);
        self.push(match further_down {
            Some(place) => diagnostic
                .secondary(place, "assigned here")
                .help(format!("statements run from top to bottom; move the line that assigns `{name}` up")),
            None => diagnostic.help(format!("assign `{name}` on a line above")),
        });
    }

    /// A value that only some paths assign.
    pub fn assigned_on_some_paths(&mut self, span: Span, name: &str, assigned: Span) {
        let diagnostic =
            Diagnostic::error(302, span, format!("`{name}` is assigned only on some paths to here"));
        let diagnostic =
            if assigned == span { diagnostic } else { diagnostic.secondary(assigned, "assigned here") };
        self.push(
            diagnostic.help(format!("add an `else` that assigns `{name}`, or assign it before the `if`")),
        );
    }

    /// A state, or elements of one, without an equation.
    pub fn missing_equation(&mut self, span: Span, names: &[String]) {
        let shown: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
        let rest = names.len().saturating_sub(shown.len());
        let list = match rest {
            0 => shown.join(", "),
            _ => format!("{} and {rest} more", shown.join(", ")),
        };
        let first = names.first().map_or("…", String::as_str);
        self.push(
            Diagnostic::error(303, span, format!("no equation for {list}"))
                .label("declared here")
                .help(format!("write `ddt({first}) = …`, or `ddt({first}) = 0` if it never changes")),
        );
    }

    /// An equation under an `if` without an `else`.
    pub fn equation_on_some_paths(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::warning(304, span, format!("`{name}` has an equation only on some paths"))
                .label("on the other paths its derivative is 0")
                .help(format!("add `ddt({name}) = 0` in an `else` if that is meant")),
        );
    }

    /// A second equation for a state.
    pub fn equation_overwritten(&mut self, span: Span, name: &str, first: Span) {
        self.push(
            Diagnostic::warning(305, span, format!("a second equation for `{name}` replaces the first"))
                .secondary(first, "replaced")
                .help("write `+=` to add to the first equation, or remove one of the two"),
        );
    }

    /// A second equation that would lose a dose.
    pub fn overwritten_input(&mut self, span: Span, name: &str, first: Span) {
        self.push(
            Diagnostic::error(
                306,
                span,
                format!("a second equation for `{name}` would lose the doses of the first"),
            )
            .secondary(first, "holds an input")
            .help("write `+=` to add to the first equation, or join the two"),
        );
    }

    /// An assignment to something that is not assigned; `declared` is where it comes from.
    pub fn cannot_assign(&mut self, span: Span, name: &str, meaning: &str, declared: Option<Span>) {
        let diagnostic =
            Diagnostic::error(307, span, format!("`{name}` is {meaning} and cannot be assigned"));
        let diagnostic = match declared {
            Some(place) => diagnostic.secondary(place, "declared here"),
            None => diagnostic,
        };
        self.push(diagnostic.help("assign to a new name"));
    }

    /// An output under an `if` without an `else`.
    pub fn output_on_some_paths(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(308, span, format!("output `{name}` is assigned only on some paths"))
                .help("an output needs a value always; add an `else`"),
        );
    }

    /// An initial value that depends on a state.
    pub fn initial_reads_state(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(309, span, format!("the initial value of `{name}` reads a state or a rate"))
                .label("directly, or through a derived value")
                .help("states have no values yet; use parameters, covariates and constants"),
        );
    }

    /// A secondary quantity that depends on more than parameters and covariates.
    pub fn secondary_reads_state(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(
                310,
                span,
                format!("secondary quantity `{name}` depends on time or on a state"),
            )
            .help("secondary quantities are computed once; use an output for what changes with time"),
        );
    }

    /// `x = …` for a state `x`.
    pub fn state_assigned(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(
                311,
                span,
                format!("`{name}` is a state and changes only through its equation"),
            )
            .help(format!("write `ddt({name}) = …` or `init({name}) = …`")),
        );
    }

    /// A second initial value, output or property; the last one holds.
    pub fn assigned_twice(&mut self, span: Span, target: &str, first: Span) {
        self.push(
            Diagnostic::warning(312, span, format!("a second `{target}` replaces the first"))
                .secondary(first, "replaced")
                .help("remove one of the two"),
        );
    }

    /// A call that stands alone and is no event action.
    pub fn call_as_statement(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(313, span, format!("`{name}(…)` alone does nothing"))
                .help("assign its value to a name"),
        );
    }

    /// An equation that reads a derived value which is assigned again further down.
    pub fn changed_further_down(&mut self, span: Span, name: &str, again: Span) {
        self.push(
            Diagnostic::warning(314, span, format!("`{name}` has here the value of the lines above"))
                .secondary(again, "assigned again")
                .help("statements run from top to bottom (pharmsol would use the last value); move the line if the last value is meant"),
        );
    }

    /// `lag(r) += …`.
    pub fn property_accumulated(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(315, span, format!("`{word}` is set with `=`, not with `+=`"))
                .help("write the whole value on one line"),
        );
    }
}

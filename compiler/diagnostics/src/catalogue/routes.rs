//! `PK04xx`: routes, doses and input terms.

use crate::{Diagnostic, Diagnostics, Span, nearest};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (401, "unknown route"),
    (402, "route declared twice"),
    (403, "route declared and written as a term"),
    (404, "bolus outside an equation"),
    (405, "equation is not linear in a bolus"),
    (406, "scale of a bolus reads a state"),
    (407, "bolus with two destinations"),
    (408, "bolus written twice"),
    (409, "declared infusion is also written in an equation"),
    (410, "rate of a bolus"),
    (411, "property of a route reads a state"),
    (412, "rate or duration of a bolus"),
    (413, "bioavailability is taken at the dose"),
    (414, "label of a route is taken"),
    (415, "label of an output for a route"),
    (416, "label of a route for an output"),
    (417, "unknown property of a route"),
    (418, "modelled rate and duration"),
    (419, "infusion is added to the equation"),
    (420, "bolus without a destination"),
    (421, "state array without an index"),
    (422, "second name in a target"),
];

impl Diagnostics {
    /// A label that no route has.
    pub fn unknown_route<'a>(
        &mut self,
        span: Span,
        label: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) {
        let diagnostic = Diagnostic::error(401, span, format!("there is no route `{label}`"));
        self.push(match nearest(label, candidates) {
            Some(near) => diagnostic.help(format!("a route like it is `{near}`")).fix(
                format!("replace `{label}`"),
                span,
                near,
            ),
            None => {
                diagnostic.help(format!("declare it with `bolus({label}) -> …` or `infusion({label}) -> …`"))
            }
        });
    }

    /// Two declarations of one label for one kind of dose.
    pub fn route_declared_twice(&mut self, span: Span, label: &str, first: Span) {
        self.push(
            Diagnostic::error(402, span, format!("route `{label}` is declared twice"))
                .secondary(first, "first declared here")
                .help("a label may have one route for boluses and one for infusions; rename one of the two"),
        );
    }

    /// A label that is declared and also stands as a term of an equation.
    pub fn declared_and_term(&mut self, span: Span, label: &str, declared: Span) {
        self.push(
            Diagnostic::error(403, span, format!("route `{label}` is declared and also written as a term"))
                .secondary(declared, "declared here")
                .help("remove the declaration, or remove the term and let the declaration bring the dose"),
        );
    }

    /// A bolus term where no equation is.
    pub fn bolus_outside_equation(&mut self, span: Span, label: &str) {
        self.push(Diagnostic::error(404, span, format!("`bolus({label})` stands outside an equation")).help(
            "a bolus is an amount given at once; write it in the `ddt(…)` of the state that it enters",
        ));
    }

    /// A bolus in a product with itself, a function or a condition.
    pub fn bolus_not_linear(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::error(405, span, format!("the equation is not linear in `bolus({label})`"))
                .label("inside a function, a power, a divisor or a condition")
                .help(format!("write it as a term of its own, such as `bolus({label}) * f`")),
        );
    }

    /// A bolus multiplied by something that depends on a state.
    pub fn bolus_coefficient_reads_state(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::error(406, span, format!("the factor of `bolus({label})` reads a state or a rate"))
                .help("the factor is the bioavailability; use parameters, covariates and time"),
        );
    }

    /// A bolus that enters two states.
    pub fn two_destinations(&mut self, span: Span, label: &str, first: &str, second: &str, place: Span) {
        self.push(
            Diagnostic::error(407, span, format!("`bolus({label})` enters `{first}` and `{second}`"))
                .secondary(place, "first used here")
                .help("a label has one destination; use two labels and give a dose on each"),
        );
    }

    /// Two terms of one bolus.
    pub fn bolus_written_twice(&mut self, span: Span, label: &str, first: Span) {
        self.push(
            Diagnostic::error(408, span, format!("`bolus({label})` is written twice"))
                .secondary(first, "first written here")
                .help("join the two terms into one"),
        );
    }

    /// A declared infusion of which an equation also reads the rate.
    pub fn infusion_also_written(&mut self, span: Span, label: &str, declared: Span) {
        self.push(
            Diagnostic::warning(
                409,
                span,
                format!("the infusion `{label}` counts once, where it is written"),
            )
            .secondary(declared, "not added to its destination by the declaration")
            .help("remove the term to let the declaration add the infusion"),
        );
    }

    /// `rate(r)` of a route that takes boluses only.
    pub fn rate_of_bolus(&mut self, span: Span, word: &str, label: &str) {
        self.push(
            Diagnostic::error(
                410,
                span,
                format!("`{word}({label})` reads a rate, but `{label}` takes boluses only"),
            )
            .help(format!("declare `infusion({label}) -> …` or `dose({label}) -> …`")),
        );
    }

    /// A property that depends on a state.
    pub fn property_reads_state(&mut self, span: Span, word: &str, label: &str) {
        self.push(
            Diagnostic::error(411, span, format!("`{word}({label})` depends on a state or on a rate"))
                .label("directly, or through a derived value")
                .help("it is evaluated when a dose is recorded; use parameters, covariates and time"),
        );
    }

    /// `rate(r) = …` or `dur(r) = …` for a bolus.
    pub fn rate_property_of_bolus(&mut self, span: Span, word: &str, label: &str) {
        self.push(
            Diagnostic::error(
                412,
                span,
                format!("`{word}({label})` is set, but `{label}` takes boluses only"),
            )
            .help(format!("declare `infusion({label}) -> …` or `dose({label}) -> …`")),
        );
    }

    /// Bioavailability that changes with time, on a route with lag.
    pub fn bioavailability_at_dose_time(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::note(
                413,
                span,
                format!("the bioavailability of `{label}` is taken when the dose is recorded"),
            )
            .label("not when the lag has passed, as in pharmsol")
            .help("nothing need change"),
        );
    }

    /// A label that is also another name.
    pub fn label_taken(&mut self, span: Span, label: &str, meaning: &str, first: Span) {
        self.push(
            Diagnostic::error(414, span, format!("route `{label}` has the name of {meaning}"))
                .secondary(first, "the other meaning")
                .help("give the route another label"),
        );
    }

    /// `outeq_1` as a route.
    pub fn output_label_for_route(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::error(415, span, format!("`{label}` is a label for outputs"))
                .help("numbered routes are called `input_1`, `input_2`, …"),
        );
    }

    /// `input_1` as an output.
    pub fn route_label_for_output(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::error(416, span, format!("`{label}` is a label for routes"))
                .help("numbered outputs are called `outeq_1`, `outeq_2`, …"),
        );
    }

    /// An unknown property in a canonical route.
    pub fn unknown_property(&mut self, span: Span, name: &str) {
        let known = ["lag", "bioavailability", "rate", "dur"];
        let diagnostic = Diagnostic::error(417, span, format!("routes have no property `{name}`"));
        self.push(super::types::suggest(diagnostic, span, name, &known));
    }

    /// Both `rate(r)` and `dur(r)`.
    pub fn rate_and_duration(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::note(
                418,
                span,
                format!("route `{label}` has a modelled rate and a modelled duration"),
            )
            .help("the data choose: RATE = -1 takes the rate, RATE = -2 the duration"),
        );
    }

    /// A declared infusion into an element whose equation the user wrote.
    pub fn infusion_added(&mut self, span: Span, label: &str, state: &str) {
        self.push(
            Diagnostic::note(
                419,
                span,
                format!("the infusion `{label}` is added to the equation of `{state}`"),
            )
            .label("in pharmsol it replaces the equation")
            .help("nothing need change"),
        );
    }

    /// A bolus term that no path reaches.
    pub fn bolus_without_destination(&mut self, span: Span, label: &str) {
        self.push(
            Diagnostic::error(420, span, format!("`bolus({label})` enters no state"))
                .help("write it in the `ddt(…)` of the state that it enters, on a path that is taken"),
        );
    }

    /// An array of states without an index.
    pub fn state_array_without_index(&mut self, span: Span, name: &str, size: usize) {
        self.push(
            Diagnostic::error(421, span, format!("`{name}` has {size} elements, one must be chosen"))
                .help(format!("write `{name}[…]`, with an index from 0 to {}", size.saturating_sub(1))),
        );
    }

    /// `ddt(x, y)`.
    pub fn second_name_in_target(&mut self, span: Span) {
        self.push(Diagnostic::error(422, span, "found a second name in the parentheses").help("remove it"));
    }
}

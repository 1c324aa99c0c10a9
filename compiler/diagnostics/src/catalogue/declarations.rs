//! `PK05xx`: declarations and options.

use super::types::suggest;
use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (501, "said twice"),
    (502, "unknown kind"),
    (503, "unknown annotation"),
    (504, "attribute not applicable"),
    (505, "empty range"),
    (506, "unknown option"),
    (507, "wrong value of an option"),
    (508, "units are not checked"),
    (509, "listed but not assigned"),
    (510, "assigned but not listed"),
    (511, "unknown error model"),
    (512, "unknown argument of an error model"),
    (513, "assay error without lambda or gamma"),
    (514, "error model without an output"),
    (515, "argument depends on more than parameters"),
    (516, "unknown distribution"),
    (517, "wrong number of variances"),
    (518, "constant without a value"),
    (519, "model without states"),
    (520, "default out of range"),
    (521, "range of a covariate is not checked"),
    (522, "size not applicable"),
    (523, "state with a value"),
    (524, "array without a size"),
    (525, "logit without bounds"),
    (526, "not part of this kind of model"),
    (527, "value is not finite"),
    (528, "output with the name of a column"),
];

impl Diagnostics {
    /// Something that may be said once.
    pub fn said_twice(&mut self, span: Span, what: &str, first: Span) {
        self.push(
            Diagnostic::error(501, span, format!("{what} is given twice"))
                .secondary(first, "first given here")
                .help("remove one of the two"),
        );
    }

    /// `kind = …` with an unknown word.
    pub fn unknown_kind(&mut self, span: Span, word: &str) {
        let diagnostic = Diagnostic::error(502, span, format!("there is no kind of model `{word}`"));
        self.push(suggest(diagnostic, span, word, &["ode", "analytical", "sde"]));
    }

    /// `@…` with an unknown word; `known` is empty where no annotation is allowed.
    pub fn unknown_annotation(&mut self, span: Span, word: &str, kind: &str, known: &[&str]) {
        let diagnostic = Diagnostic::error(503, span, format!("{kind} takes no annotation `@{word}`"));
        self.push(match known {
            [] => diagnostic.help("remove it"),
            _ => suggest(diagnostic, span, word, known),
        });
    }

    /// An attribute that means nothing for a kind of name.
    pub fn attribute_not_applicable(&mut self, span: Span, attribute: &str, kind: &str) {
        self.push(
            Diagnostic::error(504, span, format!("{kind} takes no {}", bare(attribute))).help("remove it"),
        );
    }

    /// `in 5..1`.
    pub fn empty_range(&mut self, span: Span, low: f64, high: f64) {
        self.push(
            Diagnostic::error(505, span, format!("the range from {low} to {high} is empty"))
                .help("write the smaller number first"),
        );
    }

    /// An option that does not exist.
    pub fn unknown_option(&mut self, span: Span, name: &str, known: &[&str]) {
        let diagnostic = Diagnostic::error(506, span, format!("there is no option `{name}`"));
        self.push(suggest(diagnostic, span, name, known));
    }

    /// A word that an option does not take.
    pub fn unknown_option_word(&mut self, span: Span, option: &str, word: &str, known: &[&str]) {
        let diagnostic = Diagnostic::error(507, span, format!("option `{option}` has no setting `{word}`"));
        self.push(suggest(diagnostic, span, word, known));
    }

    /// A value of the wrong sort.
    pub fn option_value(&mut self, span: Span, option: &str, expected: &str) {
        self.push(
            Diagnostic::error(507, span, format!("option `{option}` needs {expected}"))
                .help(format!("write `option {option} = …` with {expected}")),
        );
    }

    /// `option units = check`.
    pub fn units_not_checked(&mut self, span: Span) {
        self.push(
            Diagnostic::warning(508, span, "unit checking is not supported yet; units are kept as text")
                .help("check the units by hand, or remove the option to silence this warning"),
        );
    }

    /// A name in `derived = …` or `outputs = …` that nothing assigns.
    pub fn listed_not_assigned(&mut self, span: Span, list: &str, name: &str) {
        let (noun, target) = match list {
            "outputs" => ("outputs", format!("out({name})")),
            _ => ("derived values", name.to_owned()),
        };
        self.push(
            Diagnostic::error(
                509,
                span,
                format!("`{name}` is listed among the {noun}, but nothing assigns it"),
            )
            .help(format!("write `{target} = …`, or remove the name from the list")),
        );
    }

    /// A name that `derived = …` or `outputs = …` leaves out.
    pub fn assigned_not_listed(&mut self, span: Span, list: &str, name: &str) {
        self.push(
            Diagnostic::error(510, span, format!("`{name}` is assigned, but not in the list `{list} = …`"))
                .help("add it to the list, or remove the list"),
        );
    }

    /// An error model that does not exist.
    pub fn unknown_error_model(&mut self, span: Span, word: &str, known: &[&str]) {
        let diagnostic = Diagnostic::error(511, span, format!("there is no error model `{word}`"));
        self.push(suggest(diagnostic, span, word, known));
    }

    /// A named argument that an error model does not have.
    pub fn unknown_error_argument(&mut self, span: Span, model: &str, word: &str) {
        let known: &[&str] = match model {
            "assay" => &["lambda", "gamma", "lloq", "uloq"],
            _ => &["lloq", "uloq"],
        };
        let diagnostic = Diagnostic::error(512, span, format!("`{model}` has no argument `{word}`"));
        self.push(suggest(diagnostic, span, word, known));
    }

    /// `assay(…)` that does not say which of the two formulas is meant.
    pub fn assay_without_scale(&mut self, span: Span) {
        self.push(
            Diagnostic::error(513, span, "`assay` needs `lambda = …` or `gamma = …`")
                .help("`lambda` adds to the standard deviation, `gamma` multiplies it"),
        );
    }

    /// `~` after something that is no output.
    pub fn error_model_without_output(&mut self, span: Span) {
        self.push(
            Diagnostic::error(514, span, "only outputs have an error model")
                .help("remove what follows the `~`, or make this an output with `out(…) = …`"),
        );
    }

    /// An argument that depends on time, covariates, states or random effects.
    pub fn not_a_parameter_expression(&mut self, span: Span, of: &str) {
        self.push(
            Diagnostic::error(515, span, format!("an argument of {of} depends on more than parameters"))
                .help("use numbers, constants and parameters"),
        );
    }

    /// `eta a ~ …` with an unknown word.
    pub fn unknown_distribution(&mut self, span: Span, word: &str, known: &[&str]) {
        let diagnostic = Diagnostic::error(516, span, format!("there is no spread `{word}`"));
        self.push(suggest(diagnostic, span, word, known));
    }

    /// Too few or too many entries of a variance.
    pub fn wrong_spread_count(
        &mut self,
        span: Span,
        word: &str,
        found: usize,
        expected: usize,
        effects: usize,
    ) {
        let help = match word {
            "cov" => "`cov` lists the lower triangle of the matrix, row by row",
            "corr" => {
                "`corr` lists all standard deviations, then the correlations below the diagonal, row by row"
            }
            _ => "give one value for each name",
        };
        let noun = if effects == 1 { "random effect" } else { "random effects" };
        self.push(
            Diagnostic::error(
                517,
                span,
                format!("found {found} values in `{word}` of {effects} {noun}, expected {expected}"),
            )
            .help(help),
        );
    }

    /// `const n`.
    pub fn constant_without_value(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(518, span, format!("constant `{name}` has no value"))
                .help(format!("write `const {name} = …`")),
        );
    }

    /// A model that declares no state.
    pub fn no_states(&mut self, span: Span) {
        let start = Span::new(span.start, span.start);
        self.push(
            Diagnostic::error(519, start, "the model has no states").help("declare them with `states = …`"),
        );
    }

    /// A default outside the declared range or set.
    pub fn default_out_of_range(&mut self, span: Span, name: &str, value: f64) {
        self.push(
            Diagnostic::error(520, span, format!("the default {value} of `{name}` is out of its range"))
                .help("change the default or the range"),
        );
    }

    /// `cov wt in 20..200`.
    pub fn covariate_range_unchecked(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::warning(521, span, format!("the range of covariate `{name}` is not checked"))
                .help("a set of values, `in {0, 1}`, is checked against the data"),
        );
    }

    /// A size where none makes sense.
    pub fn size_not_applicable(&mut self, span: Span, kind: &str) {
        self.push(Diagnostic::error(522, span, format!("{kind} has no size")).help("remove the size"));
    }

    /// `state x = 5`.
    pub fn state_with_value(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(
                523,
                span,
                format!("state `{name}` cannot be given a value in its declaration"),
            )
            .help(format!("write `init({name}) = …`")),
        );
    }

    /// `array y`.
    pub fn array_without_size(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(524, span, format!("array `{name}` has no size"))
                .help(format!("write `array {name}[…]`; a single derived value needs no declaration")),
        );
    }

    /// `@logit` without a range.
    pub fn logit_without_bounds(&mut self, span: Span) {
        self.push(
            Diagnostic::error(525, span, "`@logit` needs a range")
                .help("add `in low..high` to the declaration"),
        );
    }

    /// An infinite default.
    pub fn value_not_finite(&mut self, span: Span) {
        self.push(
            Diagnostic::error(527, span, "found an infinite value, expected a finite one")
                .help("leave the value out if there is none"),
        );
    }

    /// An output that is called like a column that each table has.
    pub fn output_named_like_column(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(528, span, format!("tables have a column `{name}` beside those of outputs"))
                .help("choose another name for the output"),
        );
    }

    /// Part of a model of another kind; `kind` is what the model is, with its article, `other` the word for
    /// the kind that has such a part.
    pub fn not_in_this_kind(&mut self, span: Span, what: &str, kind: &str, other: &str) {
        self.push(
            Diagnostic::error(526, span, format!("{what} is not part of {kind} model"))
                .help(format!("remove it, or write `kind = {other}`")),
        );
    }
}

/// Returns a word without its article.
fn bare(word: &str) -> &str {
    word.strip_prefix("a ").or_else(|| word.strip_prefix("an ")).unwrap_or(word)
}

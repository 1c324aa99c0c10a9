//! `PK01xx`: names.

use crate::{Diagnostic, Diagnostics, Span, nearest};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (101, "unknown name"),
    (102, "name declared twice"),
    (103, "names differ only by case"),
    (104, "unknown function"),
    (105, "call of something that is no function"),
    (106, "reserved name"),
    (107, "local name hides another"),
    (108, "unknown state"),
    (109, "place is no state"),
    (110, "function reads a name that is no argument"),
    (111, "function without arguments"),
    (112, "name is no covariate"),
    (113, "undeclared array"),
    (114, "name is not known at compile time"),
    (115, "recursive function"),
];

impl Diagnostics {
    /// A name that nothing declares.
    pub fn unknown_name<'a>(
        &mut self,
        span: Span,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) {
        let diagnostic =
            Diagnostic::error(101, span, format!("`{name}` is not declared")).label("unknown name");
        self.push(match nearest(name, candidates) {
            Some(near) => {
                // In a name of three letters one that differs is a third of it: worth a hint, not a fix.
                let certain = name.chars().count() > 3 || name.eq_ignore_ascii_case(near);
                let hinted = diagnostic.help(format!("a name like it is `{near}`"));
                if certain { hinted.fix(format!("replace `{name}`"), span, near) } else { hinted }
            }
            None => diagnostic.help("every parameter, covariate, state and derived value must be declared"),
        });
    }

    /// A name that already stands for something else.
    pub fn declared_twice(&mut self, span: Span, name: &str, first: Span, meaning: &str) {
        self.push(
            Diagnostic::error(102, span, format!("`{name}` already stands for {meaning}"))
                .label("second meaning")
                .secondary(first, "first meaning")
                .help("parameters, covariates, states, derived values, outputs and functions share one set of names; rename one of the two"),
        );
    }

    /// Two names that only upper and lower case tell apart.
    pub fn names_differ_by_case(&mut self, span: Span, name: &str, other: &str, first: Span) {
        self.push(
            Diagnostic::warning(103, span, format!("`{name}` and `{other}` differ only by case"))
                .secondary(first, format!("`{other}` is here"))
                .help("give one of them a name that cannot be mistaken for the other"),
        );
    }

    /// A call of a function that does not exist.
    pub fn unknown_function<'a>(
        &mut self,
        span: Span,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) {
        let diagnostic = Diagnostic::error(104, span, format!("there is no function `{name}`"));
        self.push(match nearest(name, candidates) {
            Some(near) => diagnostic.help(format!("a function like it is `{near}`")).fix(
                format!("replace `{name}`"),
                span,
                near,
            ),
            None => diagnostic.help(format!("define it with `fun {name}(…) = …`")),
        });
    }

    /// A call of something that is no function.
    pub fn not_a_function(&mut self, span: Span, name: &str, meaning: &str, is_array: bool) {
        let help = if is_array {
            format!("an element of an array is written `{name}[…]`")
        } else {
            format!("a product is written `{name} * (…)`")
        };
        self.push(Diagnostic::error(105, span, format!("`{name}` is {meaning}, not a function")).help(help));
    }

    /// A declaration of a name that the language keeps for time.
    pub fn reserved_name(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(106, span, format!("`{name}` always stands for time"))
                .help("choose another name"),
        );
    }

    /// A `let` or a loop variable that hides another name.
    pub fn local_shadows(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(107, span, format!("`{name}` already has a meaning outside this block"))
                .help("choose another name for the local one"),
        );
    }

    /// A state that is not declared.
    pub fn unknown_state<'a>(
        &mut self,
        span: Span,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) {
        let diagnostic = Diagnostic::error(108, span, format!("there is no state `{name}`"));
        self.push(match nearest(name, candidates) {
            Some(near) => diagnostic.help(format!("a state like it is `{near}`")).fix(
                format!("replace `{name}`"),
                span,
                near,
            ),
            None => diagnostic.help(format!("declare it with `state {name}`")),
        });
    }

    /// Something else where a state is needed.
    pub fn not_a_state(&mut self, span: Span, name: &str, meaning: &str) {
        self.push(
            Diagnostic::error(109, span, format!("`{name}` is {meaning}, not a state"))
                .help("doses, equations and initial values belong to states"),
        );
    }

    /// A function body that reads more than its arguments and constants.
    pub fn function_reads_outer(&mut self, span: Span, function: &str, name: &str, meaning: &str) {
        self.push(
            Diagnostic::error(110, span, format!("function `{function}` reads {meaning}, `{name}`"))
                .label("not an argument")
                .help(format!(
                    "a function reads its arguments and constants only; add `{name}` to its arguments"
                )),
        );
    }

    /// A function's name without parentheses.
    pub fn function_without_arguments(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(111, span, format!("`{name}` is a function, not a value"))
                .help(format!("call it: `{name}(…)`")),
        );
    }

    /// Something else where a covariate is needed.
    pub fn not_a_covariate(&mut self, span: Span, name: &str, meaning: &str) {
        self.push(
            Diagnostic::error(112, span, format!("`{name}` is {meaning}, not a covariate"))
                .help(format!("declare it with `cov {name}`, or name a covariate")),
        );
    }

    /// An assignment to an element of something that is not declared.
    pub fn undeclared_array(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(113, span, format!("there is no array `{name}`"))
                .help(format!("declare it with `array {name}[…]`")),
        );
    }

    /// A constant or size that reads a name whose value is not known at compile time.
    pub fn not_a_constant_name(&mut self, span: Span, name: &str, meaning: &str) {
        self.push(
            Diagnostic::error(114, span, format!("`{name}` is {meaning}, which has no value yet"))
                .help("constants, sizes, defaults and bounds may read numbers and constants declared above"),
        );
    }

    /// A function that calls itself, directly or through others.
    pub fn recursive_function(&mut self, span: Span, name: &str) {
        self.push(Diagnostic::error(115, span, format!("function `{name}` calls itself")).help(
            "functions are written out where they are called, so the calls must end; use a `for` loop",
        ));
    }

    /// A function body that reads doses, rates or whether data are missing.
    pub fn function_reads_doses(&mut self, span: Span, function: &str, word: &str) {
        self.push(
            Diagnostic::error(110, span, format!("function `{function}` calls `{word}`"))
                .label("depends on doses or data")
                .help(format!(
                    "a function reads its arguments and constants only; pass `{word}(…)` as an argument"
                )),
        );
    }
}

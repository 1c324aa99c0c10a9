//! `PK02xx`: types, shapes and constants.

use crate::{Diagnostic, Diagnostics, Edit, Fix, Span, nearest};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (201, "condition where a number is needed"),
    (202, "number where a condition is needed"),
    (203, "chain of comparisons"),
    (204, "wrong number of arguments"),
    (205, "array where a number is needed"),
    (206, "index of something that is no array"),
    (207, "index is not known at compile time"),
    (208, "index out of range"),
    (209, "value is not known at compile time"),
    (210, "size is not positive"),
    (211, "value is no whole number"),
    (212, "list of the wrong length"),
    (213, "named argument"),
    (214, "minus before a power"),
    (215, "time compared by equality"),
    (216, "fractional power of a state"),
    (217, "constant is not a number"),
    (218, "condition assigned"),
    (219, "branches of different types"),
    (220, "text in an expression"),
    (221, "array needed"),
    (222, "tables of different lengths"),
    (223, "table is not ascending"),
    (224, "label of a route needed"),
    (225, "whole array assigned"),
    (226, "list for a single name"),
];

impl Diagnostics {
    /// A condition where a number is needed.
    pub fn condition_as_number(&mut self, span: Span) {
        self.push(
            Diagnostic::error(201, span, "found a condition where a number is needed")
                .help("write `if (…) 1 else 0` to make a number of it"),
        );
    }

    /// A number where a condition is needed.
    pub fn number_as_condition(&mut self, span: Span) {
        self.push(
            Diagnostic::error(202, span, "found a number where a condition is needed")
                .help("compare it, for example `… != 0`"),
        );
    }

    /// `a < b < c`.
    pub fn chain_of_comparisons(&mut self, span: Span) {
        self.push(
            Diagnostic::error(203, span, "found a comparison where a number is needed")
                .label("this is true or false")
                .help("write `a < b && b < c` for a chain of comparisons"),
        );
    }

    /// Too few or too many arguments.
    pub fn wrong_argument_count(&mut self, span: Span, name: &str, found: usize, expected: &str) {
        let noun = if found == 1 { "argument" } else { "arguments" };
        self.push(
            Diagnostic::error(204, span, format!("`{name}` got {found} {noun}, expected {expected}"))
                .help("add what is missing or remove what is too much"),
        );
    }

    /// An array without an index.
    pub fn array_without_index(&mut self, span: Span) {
        self.push(
            Diagnostic::error(205, span, "found an array where a number is needed")
                .help("choose an element with `[…]`, or use `sum(…)`, `prod(…)` or `length(…)`"),
        );
    }

    /// An index of something that has no elements.
    pub fn index_of_scalar(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(206, span, format!("`{name}` has no elements to choose from"))
                .help("remove the index, or declare the name with a size"),
        );
    }

    /// An index that depends on something known only at run time.
    pub fn index_not_constant(&mut self, span: Span) {
        self.push(
            Diagnostic::error(207, span, "the index is not known at compile time")
                .help("an index is made of numbers, constants and loop variables; choose between elements with `if (…) … else …`"),
        );
    }

    /// An index that is no whole number.
    pub fn index_not_whole(&mut self, span: Span, value: f64) {
        self.push(
            Diagnostic::error(207, span, format!("the index is {value}, expected a whole number"))
                .help("elements are numbered 0, 1, 2, …"),
        );
    }

    /// An index beyond the ends of an array.
    pub fn index_out_of_range(&mut self, span: Span, name: &str, index: i64, length: usize) {
        self.push(
            Diagnostic::error(208, span, format!("`{name}[{index}]` does not exist"))
                .label(format!("the index is {index} here"))
                .help(format!(
                    "`{name}` has {length} elements, numbered from 0 to {}",
                    length.saturating_sub(1)
                )),
        );
    }

    /// A size, bound or constant that depends on something known only at run time.
    pub fn not_a_constant(&mut self, span: Span) {
        self.push(
            Diagnostic::error(209, span, "found a value that is known only at run time, expected a constant")
                .help("use numbers and names declared with `const`"),
        );
    }

    /// A size below 1.
    pub fn size_not_positive(&mut self, span: Span, name: &str, size: i64) {
        self.push(
            Diagnostic::error(210, span, format!("the size of `{name}` is {size}, expected 1 or more"))
                .help("an array has at least one element"),
        );
    }

    /// A size or loop bound with a fraction.
    pub fn not_a_whole_number(&mut self, span: Span, value: f64) {
        self.push(
            Diagnostic::error(211, span, format!("found {value}, expected a whole number"))
                .help("sizes and bounds of loops are whole numbers; use `idiv(a, b)` for a whole quotient"),
        );
    }

    /// A list with more or fewer entries than the array has elements.
    pub fn wrong_length(&mut self, span: Span, name: &str, found: usize, expected: usize) {
        self.push(
            Diagnostic::error(
                212,
                span,
                format!("found {found} values for `{name}`, which has {expected} elements"),
            )
            .help("give one value for each element, or a single number for all"),
        );
    }

    /// A named argument where none has a name.
    pub fn named_argument(&mut self, span: Span, function: &str) {
        self.push(
            Diagnostic::error(213, span, format!("arguments of `{function}` have no names"))
                .help("give the value alone; the order tells which argument it is"),
        );
    }

    /// `-a^b`, which is −(a^b) here and (−a)^b in pharmsol.
    pub fn negated_power(&mut self, span: Span, base: Span, power: Span) {
        let insert =
            |offset: u32, text: &str| Edit { span: Span::new(offset, offset), replacement: text.to_owned() };
        let mut diagnostic =
            Diagnostic::warning(214, span, "the power is taken before the minus sign is applied")
                .label("this is `-(a^b)`, in pharmsol `(-a)^b`")
                .help("write the parentheses that are meant");
        diagnostic.fixes.push(Fix {
            message: "keep the meaning: `-(a^b)`".to_owned(),
            edits: vec![insert(power.start, "("), insert(power.end, ")")],
        });
        diagnostic.fixes.push(Fix {
            message: "take the power of the negative: `(-a)^b`".to_owned(),
            edits: vec![insert(span.start, "("), insert(base.end, ")")],
        });
        self.push(diagnostic);
    }

    /// `t == c`.
    ///
    /// `other` is what time is compared with, where it is a number.
    pub fn time_equality(&mut self, span: Span, other: Option<f64>) {
        let at = other.map_or_else(|| "…".to_owned(), |number| number.to_string());
        self.push(
            Diagnostic::warning(215, span, "time equals a number only for an instant")
                .label("the solver need not stop there")
                .help(format!(
                    "compare with `<` or `>=`; for what happens at one time write `at t = {at} {{ … }}`"
                )),
        );
    }

    /// A state to a power that need not be whole.
    pub fn power_of_state(&mut self, base: Span) {
        let mut diagnostic =
            Diagnostic::warning(216, base, "a power of a state that may be slightly negative")
                .label("rounding can make this negative, and the power is not a number then")
                .help("take the power of `max(…, 0)`");
        diagnostic.fixes.push(Fix {
            message: "keep the base from being negative: `max(…, 0)`".to_owned(),
            edits: vec![
                Edit { span: Span::new(base.start, base.start), replacement: "max(".to_owned() },
                Edit { span: Span::new(base.end, base.end), replacement: ", 0)".to_owned() },
            ],
        });
        self.push(diagnostic);
    }

    /// A constant such as `0 / 0`.
    pub fn constant_is_not_a_number(&mut self, span: Span) {
        self.push(
            Diagnostic::error(217, span, "this constant is not a number")
                .help("look for `0 / 0`, a logarithm or a root of a negative number"),
        );
    }

    /// A derived value, output or property that is given a condition.
    pub fn boolean_assigned(&mut self, span: Span) {
        self.push(
            Diagnostic::error(218, span, "found a condition, expected a number")
                .help("values are numbers; write `if (…) 1 else 0` to keep the result of a comparison"),
        );
    }

    /// A conditional with a number in one branch and a condition in the other.
    pub fn branches_differ(&mut self, span: Span, then: Span, otherwise: Span) {
        self.push(
            Diagnostic::error(219, span, "the two branches are not of one type")
                .secondary(then, "if it holds")
                .secondary(otherwise, "if it does not")
                .help("let both branches be numbers, or both conditions"),
        );
    }

    /// A string where a number is needed.
    pub fn text_in_expression(&mut self, span: Span) {
        self.push(
            Diagnostic::error(220, span, "found text, expected a number")
                .help("text in quotes is for labels and options"),
        );
    }

    /// A number where an array is needed.
    pub fn array_expected(&mut self, span: Span) {
        self.push(
            Diagnostic::error(221, span, "found a number, expected an array")
                .help("give the name of an array without an index, or a list such as `[1, 2, 3]`"),
        );
    }

    /// Two tables of different lengths.
    pub fn tables_differ(&mut self, span: Span, found: usize, expected: usize) {
        self.push(
            Diagnostic::error(222, span, format!("found {found} values for {expected} positions"))
                .help("give one value for each position"),
        );
    }

    /// A table whose positions do not ascend.
    pub fn table_not_ascending(&mut self, span: Span) {
        self.push(
            Diagnostic::error(223, span, "the positions of the table do not ascend")
                .help("sort the positions, each one larger than the one before"),
        );
    }

    /// Something else where the label of a route or the name of a covariate is needed.
    pub fn label_expected(&mut self, span: Span, function: &str) {
        let (what, help) = match function {
            "is_missing" => ("the name of a covariate", "write a plain name between the parentheses"),
            _ => (
                "the label of a route",
                "write a plain name; numbered routes are called `input_1`, `input_2`, …",
            ),
        };
        self.push(Diagnostic::error(224, span, format!("`{function}` takes {what}")).help(help));
    }

    /// `y = …` for an array `y`.
    pub fn array_assigned_whole(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(
                225,
                span,
                format!("`{name}` is an array, its elements are assigned one by one"),
            )
            .help(format!("write `{name}[…] = …`, for example in a `for` loop")),
        );
    }

    /// `param a = [1, 2]` without a size.
    pub fn list_for_scalar(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(226, span, format!("found a list, but `{name}` is a single number"))
                .help(format!("declare it with a size, `{name}[…]`, or give one number")),
        );
    }
}

/// Adds the nearest of the known words as a help and a fix, or lists them all.
pub(super) fn suggest(diagnostic: Diagnostic, span: Span, word: &str, known: &[&str]) -> Diagnostic {
    match nearest(word, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("known are `{}`", known.join("`, `"))).fix(
            format!("replace `{word}`"),
            span,
            near,
        ),
        None => diagnostic.help(format!("known are `{}`", known.join("`, `"))),
    }
}

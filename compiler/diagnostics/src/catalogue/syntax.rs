//! `PK00xx`: the text and its grammar.

use crate::{Diagnostic, Diagnostics, Span, nearest};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (1, "unexpected text"),
    (2, "closing bracket without opening bracket"),
    (3, "wrong closing bracket"),
    (4, "bracket never closed"),
    (5, "number too large"),
    (6, "several statements on one line"),
    (7, "nested too deeply"),
    (8, "text too long"),
    (9, "too many tokens"),
    (10, "too many findings"),
    (11, "character outside the language"),
    (12, "string never closed"),
    (13, "string in an expression"),
    (14, "reserved word as a name"),
    (15, "number as a label"),
    (16, "name missing"),
    (17, "value missing"),
    (18, "operator missing"),
    (19, "comma missing"),
    (20, "arrow missing"),
    (21, "equals sign missing"),
    (22, "block missing"),
    (23, "arguments missing"),
    (24, "`=` inside an expression"),
    (25, "`==` in place of `=`"),
    (26, "foreign assignment operator"),
    (27, "`else` without `if`"),
    (28, "value without `else`"),
    (29, "condition without parentheses"),
    (30, "incomplete statement"),
    (31, "unknown keyword"),
    (32, "list in braces"),
    (33, "details in a plain list"),
    (34, "statement outside a section"),
    (35, "canonical block in the authoring spelling"),
    (36, "old keyword"),
    (37, "second assignment in a statement"),
    (38, "assignment to a call"),
    (39, "control character in a string"),
];

// Brackets, separators and limits.
impl Diagnostics {
    /// Text that fits nowhere; `expected` names what would, if it can be said.
    pub fn unexpected_text(&mut self, span: Span, found: &str, expected: Option<&str>) {
        let message = match expected {
            Some(expected) => format!("found {found}, expected {expected}"),
            None => format!("{found} is not expected here"),
        };
        self.push(
            Diagnostic::error(1, span, message)
                .help("this statement was skipped; the others were read as usual"),
        );
    }

    /// A closing bracket that nothing opens.
    pub fn closing_without_opening(&mut self, span: Span, found: char) {
        self.push(
            Diagnostic::error(2, span, format!("`{found}` closes nothing"))
                .label("no bracket is open here")
                .help(format!("remove this `{found}`, or open the bracket before it")),
        );
    }

    /// A closing bracket of another kind than the opening one.
    pub fn wrong_closing_bracket(&mut self, span: Span, found: char, expected: char, opening: Span) {
        self.push(
            Diagnostic::error(3, span, format!("found `{found}`, expected `{expected}`"))
                .secondary(opening, "to close this bracket")
                .fix(format!("replace `{found}`"), span, expected.to_string()),
        );
    }

    /// A bracket whose closing one is missing, at the latest at `latest`.
    pub fn bracket_never_closed(&mut self, opening: Span, expected: char, latest: Span) {
        self.push(
            Diagnostic::error(4, opening, format!("missing `{expected}`"))
                .label("this bracket is never closed")
                .secondary(latest, "its end is here at the latest")
                .help(format!("add `{expected}` where it should end")),
        );
    }

    /// A number beyond the largest double.
    pub fn number_too_large(&mut self, span: Span, text: &str) {
        self.push(
            Diagnostic::error(5, span, format!("`{text}` is too large for a number"))
                .help("the largest number is about 1.8e308"),
        );
    }

    /// Two statements without anything between them.
    pub fn statements_on_one_line(&mut self, second: Span) {
        let before = Span::new(second.start, second.start);
        self.push(
            Diagnostic::error(6, second, "found a second statement on the same line")
                .label("the next statement starts here")
                .help("put each statement on its own line, or `;` between them")
                .fix("separate the statements", before, "; "),
        );
    }

    /// An expression or a block inside too many others.
    pub fn nested_too_deeply(&mut self, span: Span, limit: usize) {
        self.push(
            Diagnostic::error(7, span, format!("found more than {limit} levels of nesting"))
                .help("split it: give parts of the expression names of their own"),
        );
    }

    /// A text beyond the limit.
    pub fn text_too_long(&mut self, bytes: usize, limit: usize) {
        let message = format!("the text has {bytes} bytes, more than the {limit} allowed");
        self.push(
            Diagnostic::error_without_span(8, message)
                .help("repeat equations with arrays and `for` instead of writing them out"),
        );
    }

    /// A text with too many tokens.
    pub fn too_many_tokens(&mut self, span: Span, limit: usize) {
        self.push(
            Diagnostic::error(9, span, format!("the text has more than the {limit} tokens allowed"))
                .label("reading stopped here")
                .help("repeat equations with arrays and `for` instead of writing them out"),
        );
    }

    /// So many findings that the rest of the text was not read.
    pub fn too_many_findings(&mut self, span: Span) {
        self.push(
            Diagnostic::error(10, span, "too many errors, the rest of the text was not read")
                .help("correct the first errors; is this a `.pk` file?"),
        );
    }
}

// Characters and words.
impl Diagnostics {
    /// A character that the language does not have, with what stands for it, if anything does.
    pub fn unknown_character(&mut self, span: Span, found: &str, instead: Option<&str>, advice: &str) {
        let diagnostic = Diagnostic::error(11, span, format!("`{found}` is not part of the language"));
        let diagnostic = diagnostic.help(advice);
        self.push(match instead {
            Some(instead) => diagnostic.fix(format!("replace `{found}`"), span, instead),
            None => diagnostic,
        });
    }

    /// A string whose line ends before it does.
    pub fn string_never_closed(&mut self, span: Span) {
        let end = Span::new(span.end, span.end);
        self.push(
            Diagnostic::error(12, span, "this string has no closing `\"`")
                .help("a string ends on the line on which it starts")
                .fix("close the string", end, "\""),
        );
    }

    /// A character in a string that is not shown but does something.
    pub fn control_character(&mut self, span: Span) {
        self.push(
            Diagnostic::error(39, span, "this string has a control character")
                .help("write blanks in place of tabs, and remove what is not shown"),
        );
    }

    /// A string where a value is expected.
    pub fn string_in_expression(&mut self, span: Span) {
        self.push(
            Diagnostic::error(13, span, "found a string, expected a value")
                .help("strings are labels of declared names, model names and values of options only"),
        );
    }

    /// A reserved word in the place of a name.
    pub fn reserved_word(&mut self, span: Span, word: &str) {
        self.push(
            Diagnostic::error(14, span, format!("`{word}` is a reserved word and cannot be a name"))
                .help("the reserved words are `if`, `else`, `for`, `in`, `let`, `true` and `false`")
                .fix("use another name", span, format!("{word}_")),
        );
    }

    /// A bare number in the place of a label.
    pub fn number_as_label(&mut self, span: Span, number: &str, instead: &str) {
        self.push(
            Diagnostic::error(15, span, format!("found the number `{number}`, expected a label"))
                .help(format!("a label is a name; `{instead}` is addressed by `{number}` in the data"))
                .fix("use a name", span, instead),
        );
    }

    /// Something else in the place of a name; `what` says of what.
    pub fn name_missing(&mut self, span: Span, found: &str, what: &str) {
        self.push(
            Diagnostic::error(16, span, format!("found {found}, expected {what}"))
                .help("a name starts with a letter or `_` and goes on with letters, digits and `_`"),
        );
    }

    /// An assignment to something like a call, with the words that may stand there.
    pub fn unknown_target<'a>(
        &mut self,
        span: Span,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        let all: Vec<_> = candidates.clone().into_iter().map(|word| format!("`{word}`")).collect();
        let diagnostic = Diagnostic::error(38, span, format!("`{word}(…)` cannot be assigned"))
            .help(format!("one of these can: {}; a function starts with `fun`", all.join(", ")));
        self.push(match nearest(word, candidates) {
            Some(near) => diagnostic.fix(format!("replace `{word}`"), span, near),
            None => diagnostic,
        });
    }

    /// A word in the place of a keyword, with the keywords that could stand there.
    pub fn unknown_keyword<'a>(
        &mut self,
        span: Span,
        word: &str,
        what: &str,
        candidates: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        let all: Vec<_> = candidates.clone().into_iter().map(|word| format!("`{word}`")).collect();
        let diagnostic = Diagnostic::error(31, span, format!("`{word}` does not start {what}"))
            .help(format!("one of these does: {}", all.join(", ")));
        self.push(match nearest(word, candidates) {
            Some(near) => diagnostic.fix(format!("replace `{word}`"), span, near),
            None => diagnostic,
        });
    }
}

// Expressions.
impl Diagnostics {
    /// Nothing where a value is expected; `place` says where.
    pub fn value_missing(&mut self, span: Span, place: &str) {
        self.push(
            Diagnostic::error(17, span, format!("a value is missing {place}"))
                .help("a value is a number, a name, a call or an expression in parentheses"),
        );
    }

    /// Two values without an operator between them.
    ///
    /// `product` is the text of their product, if it can be written in one line.
    pub fn operator_missing(&mut self, span: Span, before: &str, after: &str, product: Option<&str>) {
        let help = match product {
            Some(product) => format!("to multiply, write `{product}`"),
            None => "to multiply, write `*` between them".to_owned(),
        };
        let message = format!("an operator is missing between `{before}` and `{after}`");
        self.push(Diagnostic::error(18, span, message).help(help));
    }

    /// An assignment after the value of another.
    pub fn second_assignment(&mut self, span: Span, found: &str) {
        self.push(
            Diagnostic::error(37, span, format!("found `{found}`, expected the end of the statement"))
                .help("a statement assigns once; `==` compares"),
        );
    }

    /// An assignment inside an expression.
    pub fn assignment_in_expression(&mut self, span: Span) {
        self.push(
            Diagnostic::error(24, span, "found `=` inside an expression")
                .help("`==` compares; an assignment is a statement of its own")
                .fix("compare", span, "=="),
        );
    }

    /// A conditional value without its second half.
    pub fn else_missing(&mut self, span: Span, conditional: Span) {
        self.push(
            Diagnostic::error(28, span, "this value has no `else`")
                .secondary(conditional, "for this `if`")
                .help("an `if` inside an expression has a value in both cases: `if (c) a else b`"),
        );
    }

    /// The condition of a conditional value without parentheses.
    pub fn condition_without_parentheses(&mut self, span: Span, found: &str, example: &str) {
        self.push(
            Diagnostic::error(29, span, format!("found {found}, expected `(`"))
                .help(format!("write the condition in parentheses: `{example}`")),
        );
    }

    /// Values in braces.
    pub fn list_in_braces(&mut self, span: Span) {
        self.push(
            Diagnostic::error(32, span, "found `{`, expected a value")
                .help("a list of values stands in square brackets: `[1, 2, 3]`"),
        );
    }
}

// Statements and declarations.
impl Diagnostics {
    /// Two items of a list without a comma between them.
    pub fn comma_missing(&mut self, between: Span, next: Span, name: &str) {
        self.push(
            Diagnostic::error(19, next, format!("found `{name}`, expected `,`"))
                .help("put `,` between the items of a list, or start a new line")
                .fix("insert `,`", between, ","),
        );
    }

    /// A route without its arrow, which can be inserted if a place is given.
    pub fn arrow_missing(&mut self, span: Span, found: &str, insertion: Option<Span>) {
        let diagnostic = Diagnostic::error(20, span, format!("found {found}, expected `->`"))
            .help("a route leads to a state: `bolus(oral) -> depot`");
        self.push(match insertion {
            Some(before) => diagnostic.fix("insert `->`", before, "-> "),
            None => diagnostic,
        });
    }

    /// An assignment or a setting without `=`; `before` is what stands before.
    pub fn equals_missing(&mut self, span: Span, found: &str, before: &str) {
        self.push(
            Diagnostic::error(21, span, format!("found {found}, expected `=`"))
                .help(format!("write `{before} = …`")),
        );
    }

    /// A keyword without its block.
    pub fn block_missing(&mut self, span: Span, found: &str, keyword: &str, keyword_span: Span) {
        self.push(
            Diagnostic::error(22, span, format!("found {found}, expected `{{`"))
                .secondary(keyword_span, "for this")
                .help(format!("what belongs to `{keyword}` stands in braces: `{{ … }}`")),
        );
    }

    /// A name that must be followed by arguments.
    pub fn arguments_missing(&mut self, span: Span, found: &str, name: &str) {
        self.push(
            Diagnostic::error(23, span, format!("found {found}, expected `(`"))
                .help(format!("write the arguments in parentheses: `{name}(…)`")),
        );
    }

    /// A comparison where an assignment is expected.
    pub fn equality_as_assignment(&mut self, span: Span) {
        self.push(
            Diagnostic::error(25, span, "found `==`, expected `=`")
                .help("`==` compares, `=` assigns")
                .fix("assign", span, "="),
        );
    }

    /// An assignment as other languages write it.
    pub fn foreign_assignment(&mut self, span: Span, found: &str, instead: &str) {
        self.push(
            Diagnostic::error(26, span, format!("found `{found}`, expected `=`"))
                .help(format!("write `{instead}`; the only other assignment is `+=`")),
        );
    }

    /// An `else` that belongs to no `if`.
    pub fn else_without_if(&mut self, span: Span) {
        self.push(
            Diagnostic::error(27, span, "this `else` belongs to no `if`")
                .help("`else` follows the `}` of an `if`, or the first value of `if (c) a else b`"),
        );
    }

    /// A statement that ends too early.
    pub fn incomplete_statement(&mut self, span: Span, text: &str) {
        self.push(
            Diagnostic::error(30, span, format!("`{text}` alone is not a statement"))
                .help(format!("to give it a value, write `{text} = …`")),
        );
    }

    /// A detail of a declared name in a list of plain names.
    pub fn detail_in_plain_list(&mut self, span: Span, list: &str, declaration: &str) {
        self.push(
            Diagnostic::error(33, span, format!("`{list} = …` only lists names"))
                .label("not possible here")
                .help(format!("declare details with `{declaration} …`")),
        );
    }

    /// A statement directly in a canonical model.
    pub fn statement_outside_section(&mut self, span: Span) {
        self.push(
            Diagnostic::error(34, span, "found a statement outside the sections of a model")
                .help("in `model … { }` statements stand in `derive { }`, `dynamics { }`, `outputs { }`, …"),
        );
    }

    /// A block of the canonical spelling outside `model … { }`.
    pub fn canonical_block_in_authoring_text(&mut self, span: Span, word: &str) {
        let instead = match word {
            "routes" => "`bolus(label) -> state`",
            "analytical" => "`structure = …`",
            "constants" => "`const name = …`",
            "covariates" => "`covariates = …`",
            "states" => "`states = …`",
            _ => "`params = …`",
        };
        self.push(
            Diagnostic::error(35, span, format!("`{word} {{ }}` belongs inside `model … {{ }}`"))
                .help(format!("without `model … {{ }}` around it, write {instead}")),
        );
    }

    /// `model = …`, which was renamed.
    pub fn model_was_renamed(&mut self, span: Span) {
        self.push(Diagnostic::error(36, span, "`model = …` is now `name = …`").help("rename it").fix(
            "replace `model`",
            span,
            "name",
        ));
    }
}

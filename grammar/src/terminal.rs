//! What the grammar reads: tokens whose role in their statement is already decided.

use crate::ast::{RouteKind, SectionKind, TargetKind};

/// A terminal of the grammar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Terminal<'source> {
    /// Starts a text in the authoring spelling.
    AuthoringText,
    /// Starts a text in the canonical spelling.
    CanonicalText,
    /// Ends every statement, declaration and entry.
    Separator,
    /// A name.
    Word(&'source str),
    /// A number: its value and its digits.
    Number(f64, &'source str),
    /// A string without its quotes.
    Text(&'source str),
    /// `true`, `false`.
    Boolean(bool),
    /// Something that is no token of the language.
    Invalid,
    /// `{` before statements, declarations or entries.
    OpenBlock,
    /// `{` before a value of a conditional, or before a set.
    OpenInline,
    /// `}`.
    CloseBrace,
    /// `(`.
    OpenParenthesis,
    /// `)`.
    CloseParenthesis,
    /// `(` after `if` inside an expression.
    OpenCondition,
    /// `)` of such a condition.
    CloseCondition,
    /// `[`.
    OpenBracket,
    /// `]`.
    CloseBracket,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// `@`.
    Annotation,
    /// `~`.
    Tilde,
    /// `%`.
    Percent,
    /// `->`.
    Arrow,
    /// `..`.
    Range,
    /// `=`.
    Assign,
    /// `+=`.
    Accumulate,
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `*`.
    Times,
    /// `/`.
    Divide,
    /// `^` or `**`.
    Power,
    /// `!`.
    Not,
    /// `if` at the start of a statement.
    If,
    /// `else` of a statement.
    Else,
    /// `if` inside an expression.
    IfValue,
    /// `else` inside an expression.
    ElseValue,
    /// `for`.
    For,
    /// `in`.
    In,
    /// `let`.
    Let,
    /// `model` before a canonical model.
    Model,
    /// `name` before `=`.
    Name,
    /// `kind`.
    Kind,
    /// `structure` before `=`.
    Structure,
    /// `analytical` before a block.
    Analytical,
    /// `particles`.
    Particles,
    /// `params`, `covariates` or `states` before `=`.
    List(Declared),
    /// `parameters`, `covariates`, `states` or `constants` before a block.
    Block(Declared),
    /// `param`, `cov`, `state`, `array`, `const` or `var` before a name.
    Declare(Declared),
    /// `derived` before `=`.
    Derived,
    /// `outputs` before `=`.
    Outputs,
    /// `fun`.
    Fun,
    /// `eta`.
    Eta,
    /// `per` after the distribution of random effects.
    Per,
    /// `option`.
    Option,
    /// `bolus`, `infusion` or `dose` before a label.
    Route(RouteKind),
    /// `routes` before a block.
    Routes,
    /// `derive`, `dynamics` and so on before a block.
    Section(SectionKind),
    /// `when`.
    When,
    /// `at`.
    At,
    /// `every`.
    Every,
    /// `from` after the interval of `every`.
    From,
    /// `ddt`, `out` and so on before a parenthesis.
    Target(TargetKind),
}

/// What a declaration declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declared {
    /// Parameters.
    Parameters,
    /// Covariates.
    Covariates,
    /// States.
    States,
    /// Derived arrays.
    Arrays,
    /// Constants.
    Constants,
    /// Variables of events.
    Variables,
}

/// A terminal between two byte offsets of the text.
pub(crate) type Placed<'source> = (u32, Terminal<'source>, u32);

//! The syntax tree of both spellings.
//!
//! Every node carries the span of its text. Names are kept as written; nothing is resolved. The canonical
//! `parameters { … }` and the authoring `params = …` and `param …` give the same item, so that later
//! stages see one language.

use pmc_diagnostics::Span;

/// A whole source text.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Which spelling it uses.
    pub spelling: Spelling,
    /// Its models: exactly one in the authoring spelling, any number in the canonical one.
    pub models: Vec<Model>,
}

/// The two spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// One statement a line, `params = …`.
    Authoring,
    /// `model name { … }`.
    Canonical,
}

/// One model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The name after `model` in the canonical spelling; the authoring spelling has an [`ItemKind::Name`].
    pub name: Option<Name>,
    /// Declarations, sections and statements in the order of the text.
    pub items: Vec<Item>,
    /// The whole model.
    pub span: Span,
}

/// A word of the text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A declaration, a section or, in the authoring spelling, a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The whole item.
    pub span: Span,
}

/// What an item can be.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `name = one_compartment`.
    Name(Name),
    /// `kind = ode`.
    Kind(Name),
    /// `structure = one_compartment_cl`, or the canonical `analytical { structure = … }`.
    Structure(Name),
    /// `particles = 500`.
    Particles(Expr),
    /// `params = …`, `parameters = …`, `param …`, `parameters { … }`.
    Parameters(Vec<Declaration>),
    /// `covariates = …`, `cov …`, `covariates { … }`.
    Covariates(Vec<Declaration>),
    /// `states = …`, `state …`, `states { … }`.
    States(Vec<Declaration>),
    /// `array …`: derived arrays.
    Arrays(Vec<Declaration>),
    /// `const …`, `constants { … }`; the value is the attribute [`AttributeKind::Default`].
    Constants(Vec<Declaration>),
    /// `var …`: variables that events assign.
    Variables(Vec<Declaration>),
    /// `derived = …`: a list to check against.
    Derived(Vec<Name>),
    /// `outputs = …`: a list to check against, and the order of outputs.
    Outputs(Vec<Name>),
    /// `fun f(a, b) = …`.
    Function(Function),
    /// `eta (a, b) ~ cov(…) per occasion`.
    RandomEffects(RandomEffects),
    /// `option rtol = 1e-8, solver = stiff`.
    Options(Vec<OptionSetting>),
    /// `bolus(oral) -> depot`, or one entry of the canonical `routes { … }`.
    Route(Route),
    /// A statement outside any section (authoring).
    Statement(Statement),
    /// `dynamics { … }` and its kin.
    Section(Section),
    /// `when (condition) { … }`.
    When(When),
    /// `at time { … }`.
    At(At),
    /// `every interval from start { … }`.
    Every(Every),
    /// Text that could not be read; already reported.
    Error,
}

/// One declared name with what was said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The name.
    pub name: Name,
    /// The size in `name[size]`.
    pub size: Option<Expr>,
    /// The unit after `:`.
    pub unit: Option<Unit>,
    /// Default, range, annotations and label, in the order of the text.
    pub attributes: Vec<Attribute>,
    /// The whole declaration.
    pub span: Span,
}

/// Something said of a declared name.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// What is said.
    pub kind: AttributeKind,
    /// Where.
    pub span: Span,
}

/// What can be said of a declared name.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeKind {
    /// `= 5.0`.
    Default(Expr),
    /// `in 0..100`.
    Interval(Expr, Expr),
    /// `in {0, 1}`.
    Set(Vec<Expr>),
    /// `@log`, `@linear`.
    Annotation(Name),
    /// `"clearance at 70 kg"`, without the quotes.
    Label(String),
}

/// A unit: factors multiplied or divided from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The factors; the first is never divided.
    pub factors: Vec<UnitFactor>,
    /// The whole unit.
    pub span: Span,
}

/// One factor of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFactor {
    /// Whether `/` stands before it.
    pub divided: bool,
    /// A unit symbol, a number or `%`, as written.
    pub symbol: String,
    /// The power after `^`, 1 if there is none.
    pub power: f64,
}

/// `fun name(parameters) = body`.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// The function's name.
    pub name: Name,
    /// The names of its arguments.
    pub parameters: Vec<Name>,
    /// The value.
    pub body: Expr,
}

/// `eta (names) ~ distribution(arguments) per occasion`.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomEffects {
    /// One or several effects.
    pub names: Vec<Name>,
    /// `sd`, `var`, `cv`, `cov` or `corr`, unchecked.
    pub distribution: Name,
    /// The arguments of the distribution.
    pub arguments: Vec<Argument>,
    /// The covariate that numbers the occasions.
    pub per: Option<Name>,
}

/// One setting of an `option` line.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionSetting {
    /// Which option.
    pub name: Name,
    /// Its value: a word ([`ExprKind::Name`]), a number, or a string ([`ExprKind::Text`]).
    pub value: Expr,
    /// The whole setting.
    pub span: Span,
}

/// A declared route.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// `None` for the canonical route without a kind, which accepts both.
    pub kind: Option<RouteKind>,
    /// The label by which data address it.
    pub label: Name,
    /// Where the dose goes.
    pub destination: Place,
    /// Canonical properties: `lag = …`, `bioavailability = …`.
    pub properties: Vec<(Name, Expr)>,
    /// The whole route.
    pub span: Span,
}

/// What a declared route accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteKind {
    /// Amounts given at once.
    Bolus,
    /// Amounts given at a rate.
    Infusion,
    /// Both.
    Dose,
}

/// A name, or an element of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The name.
    pub name: Name,
    /// The index in `name[index]`.
    pub index: Option<Expr>,
    /// The whole place.
    pub span: Span,
}

/// A section of statements.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Which section.
    pub kind: SectionKind,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// The sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// Derived values.
    Derive,
    /// Derivatives of an ode model.
    Dynamics,
    /// Derivatives of an sde model.
    Drift,
    /// Noise coefficients of an sde model.
    Diffusion,
    /// Initial values.
    Init,
    /// Outputs.
    Outputs,
    /// Quantities computed from parameters.
    Secondary,
}

/// `when (condition) { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// Fires when this becomes true.
    pub condition: Expr,
    /// What happens.
    pub body: Vec<Statement>,
}

/// `at time { … }` or `at t = time { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct At {
    /// The name before `=`, unchecked.
    pub variable: Option<Name>,
    /// When it happens.
    pub time: Expr,
    /// What happens.
    pub body: Vec<Statement>,
}

/// `every interval from start { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Every {
    /// Time between two occurrences.
    pub interval: Expr,
    /// The first occurrence, if given.
    pub start: Option<Expr>,
    /// What happens.
    pub body: Vec<Statement>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// The whole statement.
    pub span: Span,
}

/// What a statement can be.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `target = value` or `target += value`.
    Assign(Assign),
    /// `if condition { … } else { … }`; `else if` is an `else` of one statement.
    If {
        /// The condition.
        condition: Expr,
        /// Statements if it holds.
        then: Vec<Statement>,
        /// Statements if it does not; empty without `else`.
        otherwise: Vec<Statement>,
    },
    /// `for variable in from..to { … }`, `to` excluded.
    For {
        /// The loop variable.
        variable: Name,
        /// The first value.
        from: Expr,
        /// One past the last value.
        to: Expr,
        /// The body.
        body: Vec<Statement>,
    },
    /// `give(…)`, `stop()`.
    Call {
        /// What is called.
        function: Name,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// Text that could not be read; already reported.
    Error,
}

/// An assignment.
#[derive(Clone, Debug, PartialEq)]
pub struct Assign {
    /// Whether it starts with `let`.
    pub binding: bool,
    /// What is assigned.
    pub target: Target,
    /// The unit after the target.
    pub unit: Option<Unit>,
    /// Whether it adds (`+=`) instead of replacing.
    pub accumulate: bool,
    /// The value.
    pub value: Expr,
    /// The error model after `~`.
    pub error_model: Option<ErrorModel>,
}

/// `~ proportional(0.1, lloq = 0.05)`.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorModel {
    /// Its name, unchecked.
    pub name: Name,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// The whole error model without the `~`.
    pub span: Span,
}

/// What an assignment assigns.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// `x` or `x[i]`.
    Place(Place),
    /// `ddt(x)`, `out(cp)`, `lag(oral)`.
    Call {
        /// Which of the targets.
        function: TargetKind,
        /// Where the word stands.
        function_span: Span,
        /// What stands in the parentheses.
        place: Place,
        /// A second name in the parentheses.
        second: Option<Name>,
    },
}

/// The words that may be assigned to with parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// `ddt(x)` or `dx(x)`: the derivative of a state.
    Derivative,
    /// `noise(x)`: the noise coefficient of a state.
    Noise,
    /// `init(x)`: the initial value of a state.
    Initial,
    /// `past(x)`: the history of a state.
    Past,
    /// `out(y)`: an output.
    Output,
    /// `lag(r)`: the lag time of a route.
    Lag,
    /// `fa(r)` or the canonical `bioavailability`: the bioavailability of a route.
    Bioavailability,
    /// `rate(r)`: the modelled rate of a route.
    Rate,
    /// `dur(r)`: the modelled duration of a route.
    Duration,
}

/// An argument of a call, named or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The name in `name = value`.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole expression.
    pub span: Span,
}

/// What an expression can be.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number; the text tells `3` from `3.5`.
    Number {
        /// The value, always finite.
        value: f64,
        /// The digits as written.
        text: String,
    },
    /// `true` or `false`.
    Boolean(bool),
    /// A string, without the quotes; only options have them.
    Text(String),
    /// A name.
    Name(String),
    /// `base[index]`; an input term such as `bolus[oral]` also parses as this.
    Index {
        /// What is indexed.
        base: Box<Expr>,
        /// The index.
        index: Box<Expr>,
    },
    /// `function(arguments)`; an input term such as `bolus(oral)` also parses as this.
    Call {
        /// What is called.
        function: Name,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// A prefix operator.
    Unary {
        /// Which.
        operator: UnaryOperator,
        /// On what.
        operand: Box<Expr>,
    },
    /// An infix operator.
    Binary {
        /// Which.
        operator: BinaryOperator,
        /// Where the operator stands.
        operator_span: Span,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
    /// `if (condition) a else b`.
    Conditional {
        /// The condition.
        condition: Box<Expr>,
        /// The value if it holds.
        then: Box<Expr>,
        /// The value if it does not.
        otherwise: Box<Expr>,
    },
    /// `[a, b, c]`.
    Array(Vec<Expr>),
    /// `(a)`: kept, because `-a^b` warns and `-(a^b)` does not, and because the formatter keeps them.
    Parenthesised(Box<Expr>),
    /// Text that could not be read; already reported.
    Error,
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `+`.
    Plus,
    /// `-`.
    Negate,
    /// `!`.
    Not,
}

/// Infix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
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
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `^` or `**`.
    Power,
}

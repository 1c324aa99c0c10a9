//! Expressions.

use core::fmt;
use core::hash::{Hash, Hasher};

use crate::{Covariate, Handle, Parameter, RandomEffect, Route, State, Variable};

/// A finite or infinite 64-bit float that compares and hashes by its bits; never NaN in a valid module.
#[derive(Clone, Copy)]
pub struct Real(pub f64);

impl PartialEq for Real {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Real {}

impl Hash for Real {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Debug for Real {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.0)
    }
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A 64-bit float.
    Real,
    /// A truth value.
    Boolean,
}

/// One value. Operands always have smaller handles than the expression itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A number.
    Constant(Real),
    /// A truth value.
    Boolean(bool),
    /// The independent variable.
    Time,
    /// The value of a parameter.
    Parameter(Handle<Parameter>),
    /// The value of a random effect; zero unless the host gives one.
    RandomEffect(Handle<RandomEffect>),
    /// The value of a covariate at the current time.
    Covariate(Handle<Covariate>),
    /// The slope of a covariate with respect to time in the current segment; zero unless the covariate is
    /// linear or the data decide. Arises from differentiation.
    CovariateSlope(Handle<Covariate>),
    /// Whether the data hold no value of a covariate for the subject (Boolean).
    CovariateMissing(Handle<Covariate>),
    /// The current value of a state.
    State(Handle<State>),
    /// The current value of a variable, constant between events.
    Variable(Handle<Variable>),
    /// The time of the last event, of whatever kind: a dose, a reset, a change of covariates, an event of the
    /// model, the start. Arises where a comparison with time is held until time passes its border.
    EventTime,
    /// The current infusion rate on a route, bioavailability included.
    InfusionRate(Handle<Route>),
    /// The time of the last dose, lag included, on a route or on any; minus infinity before the first.
    LastDoseTime(Option<Handle<Route>>),
    /// How many doses have been given so far.
    DoseNumber,
    /// An operation on one operand.
    Unary(UnaryOperation, Handle<Expr>),
    /// An operation on two real operands.
    Binary(BinaryOperation, Handle<Expr>, Handle<Expr>),
    /// A comparison of two reals (Boolean); false when either is NaN, except `NotEqual`.
    Compare(Comparison, Handle<Expr>, Handle<Expr>),
    /// A connective of two Booleans.
    Logic(Logic, Handle<Expr>, Handle<Expr>),
    /// The second operand if the first (Boolean) holds, else the third.
    Select(Handle<Expr>, Handle<Expr>, Handle<Expr>),
    /// A function of the kernel's mathematics, with as many arguments as [`Function::arity`] says.
    Call(Function, Vec<Handle<Expr>>),
}

impl Expr {
    /// Calls `visit` with each operand, in order.
    pub fn for_each_operand(&self, mut visit: impl FnMut(Handle<Self>)) {
        match self {
            Self::Unary(_, operand) => visit(*operand),
            Self::Binary(_, left, right) | Self::Compare(_, left, right) | Self::Logic(_, left, right) => {
                visit(*left);
                visit(*right);
            }
            Self::Select(condition, then, otherwise) => {
                visit(*condition);
                visit(*then);
                visit(*otherwise);
            }
            Self::Call(_, arguments) => arguments.iter().copied().for_each(visit),
            Self::Constant(_)
            | Self::Boolean(_)
            | Self::Time
            | Self::Parameter(_)
            | Self::RandomEffect(_)
            | Self::Covariate(_)
            | Self::CovariateSlope(_)
            | Self::CovariateMissing(_)
            | Self::State(_)
            | Self::Variable(_)
            | Self::EventTime
            | Self::InfusionRate(_)
            | Self::LastDoseTime(_)
            | Self::DoseNumber => {}
        }
    }

    /// Returns the expression with each operand replaced by what `map` gives for it.
    pub fn map_operands(&self, mut map: impl FnMut(Handle<Self>) -> Handle<Self>) -> Self {
        match self {
            Self::Unary(operation, operand) => Self::Unary(*operation, map(*operand)),
            Self::Binary(operation, left, right) => Self::Binary(*operation, map(*left), map(*right)),
            Self::Compare(comparison, left, right) => Self::Compare(*comparison, map(*left), map(*right)),
            Self::Logic(logic, left, right) => Self::Logic(*logic, map(*left), map(*right)),
            Self::Select(condition, then, otherwise) => {
                Self::Select(map(*condition), map(*then), map(*otherwise))
            }
            Self::Call(function, arguments) => {
                Self::Call(*function, arguments.iter().map(|argument| map(*argument)).collect())
            }
            leaf => leaf.clone(),
        }
    }

    /// Returns the type of the value.
    ///
    /// The type of a `Select` is that of its branches, which `type_of_operand` looks up.
    pub fn result_type(&self, type_of_operand: impl Fn(Handle<Self>) -> Type) -> Type {
        match self {
            Self::Boolean(_)
            | Self::CovariateMissing(_)
            | Self::Compare(..)
            | Self::Logic(..)
            | Self::Unary(UnaryOperation::Not, _) => Type::Boolean,
            Self::Select(_, then, _) => type_of_operand(*then),
            _ => Type::Real,
        }
    }
}

/// Operations on one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperation {
    /// Sign change.
    Negate,
    /// Absolute value.
    Absolute,
    /// Square root, correctly rounded.
    SquareRoot,
    /// Largest whole number not above.
    Floor,
    /// Smallest whole number not below.
    Ceiling,
    /// Whole part.
    Truncate,
    /// Negation of a Boolean.
    Not,
}

/// Operations on two reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperation {
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Quotient.
    Divide,
    /// The smaller; NaN if either is NaN; −0 is smaller than +0.
    Minimum,
    /// The larger; NaN if either is NaN; +0 is larger than −0.
    Maximum,
}

/// Comparisons of two reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
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
}

/// Connectives of two Booleans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Logic {
    /// Both.
    And,
    /// At least one.
    Or,
}

/// Functions of the kernel's mathematics; the crate `pmc-math` has one of the same name for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// e to the power of x.
    Exp,
    /// e to the power of x, less 1.
    Expm1,
    /// Natural logarithm.
    Log,
    /// Natural logarithm of 1 + x.
    Log1p,
    /// Logarithm to base 2.
    Log2,
    /// Logarithm to base 10.
    Log10,
    /// x to the power of y.
    Pow,
    /// Cube root.
    Cbrt,
    /// Square root of x² + y².
    Hypot,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent.
    Tan,
    /// Inverse sine.
    Asin,
    /// Inverse cosine.
    Acos,
    /// Inverse tangent.
    Atan,
    /// Inverse tangent of y/x in the quadrant of (x, y); arguments in the order y, x.
    Atan2,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Error function.
    Erf,
    /// Complement of the error function.
    Erfc,
    /// Gamma function.
    Gamma,
    /// Logarithm of the absolute value of the gamma function.
    LogGamma,
    /// Logarithmic derivative of the gamma function. Arises from differentiation.
    Digamma,
    /// Nearest whole number, halves away from zero.
    Round,
}

impl Function {
    /// All functions, in the order of their declaration.
    pub const ALL: [Self; 25] = [
        Self::Exp,
        Self::Expm1,
        Self::Log,
        Self::Log1p,
        Self::Log2,
        Self::Log10,
        Self::Pow,
        Self::Cbrt,
        Self::Hypot,
        Self::Sin,
        Self::Cos,
        Self::Tan,
        Self::Asin,
        Self::Acos,
        Self::Atan,
        Self::Atan2,
        Self::Sinh,
        Self::Cosh,
        Self::Tanh,
        Self::Erf,
        Self::Erfc,
        Self::Gamma,
        Self::LogGamma,
        Self::Digamma,
        Self::Round,
    ];

    /// Returns the name of the function in `pmc-math`, in the text form and, after `math_`, among the
    /// exports of the kernel.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exp => "exp",
            Self::Expm1 => "expm1",
            Self::Log => "log",
            Self::Log1p => "log1p",
            Self::Log2 => "log2",
            Self::Log10 => "log10",
            Self::Pow => "pow",
            Self::Cbrt => "cbrt",
            Self::Hypot => "hypot",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Tan => "tan",
            Self::Asin => "asin",
            Self::Acos => "acos",
            Self::Atan => "atan",
            Self::Atan2 => "atan2",
            Self::Sinh => "sinh",
            Self::Cosh => "cosh",
            Self::Tanh => "tanh",
            Self::Erf => "erf",
            Self::Erfc => "erfc",
            Self::Gamma => "tgamma",
            Self::LogGamma => "lgamma",
            Self::Digamma => "digamma",
            Self::Round => "round",
        }
    }

    /// Returns the number of arguments: 1 or 2.
    pub const fn arity(self) -> usize {
        match self {
            Self::Pow | Self::Hypot | Self::Atan2 => 2,
            _ => 1,
        }
    }
}

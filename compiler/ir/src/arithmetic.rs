//! What operations compute: the one definition that folding, evaluation and interpretation share.
//!
//! It is the arithmetic of the run time: IEEE 754 as in WebAssembly, functions from `pmc-math`.

use crate::{BinaryOperation, Comparison, Function, Logic, UnaryOperation};

impl UnaryOperation {
    /// Returns the result of the operation on a real; [`Not`](Self::Not), which takes none, gives NaN.
    #[inline]
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Self::Negate => -x,
            Self::Absolute => x.abs(),
            Self::SquareRoot => pmc_math::sqrt(x),
            Self::Floor => pmc_math::floor(x),
            Self::Ceiling => pmc_math::ceil(x),
            Self::Truncate => pmc_math::trunc(x),
            Self::Not => f64::NAN,
        }
    }
}

impl BinaryOperation {
    /// Returns the result of the operation.
    #[inline]
    pub fn apply(self, x: f64, y: f64) -> f64 {
        match self {
            Self::Add => x + y,
            Self::Subtract => x - y,
            Self::Multiply => x * y,
            Self::Divide => x / y,
            Self::Minimum => pmc_math::minimum(x, y),
            Self::Maximum => pmc_math::maximum(x, y),
        }
    }
}

impl Comparison {
    /// Returns the result of the comparison.
    #[inline]
    pub fn apply(self, x: f64, y: f64) -> bool {
        match self {
            Self::Equal => x == y,
            Self::NotEqual => x != y,
            Self::Less => x < y,
            Self::LessEqual => x <= y,
            Self::Greater => x > y,
            Self::GreaterEqual => x >= y,
        }
    }
}

impl Logic {
    /// Returns the result of the connective.
    #[inline]
    pub fn apply(self, x: bool, y: bool) -> bool {
        match self {
            Self::And => x && y,
            Self::Or => x || y,
        }
    }
}

/// A function of `pmc-math`.
#[derive(Clone, Copy, Debug)]
pub enum Implementation {
    /// Of one argument.
    One(fn(f64) -> f64),
    /// Of two arguments.
    Two(fn(f64, f64) -> f64),
}

impl Function {
    /// Returns what computes the function, with as many arguments as [`arity`](Self::arity) says.
    pub const fn implementation(self) -> Implementation {
        match self {
            Self::Exp => Implementation::One(pmc_math::exp),
            Self::Expm1 => Implementation::One(pmc_math::expm1),
            Self::Log => Implementation::One(pmc_math::log),
            Self::Log1p => Implementation::One(pmc_math::log1p),
            Self::Log2 => Implementation::One(pmc_math::log2),
            Self::Log10 => Implementation::One(pmc_math::log10),
            Self::Pow => Implementation::Two(pmc_math::pow),
            Self::Cbrt => Implementation::One(pmc_math::cbrt),
            Self::Hypot => Implementation::Two(pmc_math::hypot),
            Self::Sin => Implementation::One(pmc_math::sin),
            Self::Cos => Implementation::One(pmc_math::cos),
            Self::Tan => Implementation::One(pmc_math::tan),
            Self::Asin => Implementation::One(pmc_math::asin),
            Self::Acos => Implementation::One(pmc_math::acos),
            Self::Atan => Implementation::One(pmc_math::atan),
            Self::Atan2 => Implementation::Two(pmc_math::atan2),
            Self::Sinh => Implementation::One(pmc_math::sinh),
            Self::Cosh => Implementation::One(pmc_math::cosh),
            Self::Tanh => Implementation::One(pmc_math::tanh),
            Self::Erf => Implementation::One(pmc_math::erf),
            Self::Erfc => Implementation::One(pmc_math::erfc),
            Self::Gamma => Implementation::One(pmc_math::tgamma),
            Self::LogGamma => Implementation::One(pmc_math::lgamma),
            Self::Digamma => Implementation::One(pmc_math::digamma),
            Self::Round => Implementation::One(pmc_math::round),
        }
    }

    /// Returns the value of the function; `y` is the second argument where there is one.
    pub fn apply(self, x: f64, y: f64) -> f64 {
        match self.implementation() {
            Implementation::One(function) => function(x),
            Implementation::Two(function) => function(x, y),
        }
    }
}

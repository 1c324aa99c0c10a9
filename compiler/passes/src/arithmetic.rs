//! What operations compute: the one definition that folding and evaluation share.
//!
//! It is the arithmetic of the run time: IEEE 754 as in WebAssembly, functions from `pmc-math`.

use pmc_ir as ir;

/// Returns the result of an operation on a real; `Not`, which takes none, gives NaN.
pub(crate) fn apply_unary(operation: ir::UnaryOperation, x: f64) -> f64 {
    match operation {
        ir::UnaryOperation::Negate => -x,
        ir::UnaryOperation::Absolute => x.abs(),
        ir::UnaryOperation::SquareRoot => pmc_math::sqrt(x),
        ir::UnaryOperation::Floor => pmc_math::floor(x),
        ir::UnaryOperation::Ceiling => pmc_math::ceil(x),
        ir::UnaryOperation::Truncate => pmc_math::trunc(x),
        ir::UnaryOperation::Not => f64::NAN,
    }
}

/// Returns the result of an operation on two reals.
pub(crate) fn apply_binary(operation: ir::BinaryOperation, x: f64, y: f64) -> f64 {
    match operation {
        ir::BinaryOperation::Add => x + y,
        ir::BinaryOperation::Subtract => x - y,
        ir::BinaryOperation::Multiply => x * y,
        ir::BinaryOperation::Divide => x / y,
        ir::BinaryOperation::Minimum => pmc_math::minimum(x, y),
        ir::BinaryOperation::Maximum => pmc_math::maximum(x, y),
    }
}

/// Returns the result of a comparison.
pub(crate) fn apply_comparison(comparison: ir::Comparison, x: f64, y: f64) -> bool {
    match comparison {
        ir::Comparison::Equal => x == y,
        ir::Comparison::NotEqual => x != y,
        ir::Comparison::Less => x < y,
        ir::Comparison::LessEqual => x <= y,
        ir::Comparison::Greater => x > y,
        ir::Comparison::GreaterEqual => x >= y,
    }
}

/// Returns the result of a connective.
pub(crate) fn apply_logic(logic: ir::Logic, x: bool, y: bool) -> bool {
    match logic {
        ir::Logic::And => x && y,
        ir::Logic::Or => x || y,
    }
}

/// Returns the value of a function; `y` is the second argument where there is one.
pub(crate) fn apply_function(function: ir::Function, x: f64, y: f64) -> f64 {
    match function {
        ir::Function::Exp => pmc_math::exp(x),
        ir::Function::Expm1 => pmc_math::expm1(x),
        ir::Function::Log => pmc_math::log(x),
        ir::Function::Log1p => pmc_math::log1p(x),
        ir::Function::Log2 => pmc_math::log2(x),
        ir::Function::Log10 => pmc_math::log10(x),
        ir::Function::Pow => pmc_math::pow(x, y),
        ir::Function::Cbrt => pmc_math::cbrt(x),
        ir::Function::Hypot => pmc_math::hypot(x, y),
        ir::Function::Sin => pmc_math::sin(x),
        ir::Function::Cos => pmc_math::cos(x),
        ir::Function::Tan => pmc_math::tan(x),
        ir::Function::Asin => pmc_math::asin(x),
        ir::Function::Acos => pmc_math::acos(x),
        ir::Function::Atan => pmc_math::atan(x),
        ir::Function::Atan2 => pmc_math::atan2(x, y),
        ir::Function::Sinh => pmc_math::sinh(x),
        ir::Function::Cosh => pmc_math::cosh(x),
        ir::Function::Tanh => pmc_math::tanh(x),
        ir::Function::Erf => pmc_math::erf(x),
        ir::Function::Erfc => pmc_math::erfc(x),
        ir::Function::Gamma => pmc_math::tgamma(x),
        ir::Function::LogGamma => pmc_math::lgamma(x),
        ir::Function::Digamma => pmc_math::digamma(x),
        ir::Function::Round => pmc_math::round(x),
    }
}

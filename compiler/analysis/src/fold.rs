//! Constant folding with the kernel's own mathematics, so that a folded value has the bits of a computed one.

use pmc_ir::{BinaryOperation, Comparison, Expr, Function, Handle, Logic, Real, UnaryOperation};

use crate::graph::Graph;

/// What folding found.
pub(crate) enum Simplified {
    /// The expression equals one of its operands.
    Existing(Handle<Expr>),
    /// The expression equals this simpler one.
    New(Expr),
    /// Nothing to fold.
    Unchanged,
}

/// Folds an expression whose operands are constants, and selections whose condition is one.
///
/// A result that is not a number stays unfolded: a module holds no such constant.
pub(crate) fn simplify(expression: &Expr, graph: &Graph) -> Simplified {
    match expression {
        Expr::Unary(UnaryOperation::Not, operand) => truth(graph.truth(*operand).map(|value| !value)),
        Expr::Unary(operation, operand) => {
            number(graph.number(*operand).map(|value| unary(*operation, value)))
        }
        Expr::Binary(operation, left, right) => {
            number(both(graph, *left, *right).map(|(left, right)| binary(*operation, left, right)))
        }
        Expr::Compare(comparison, left, right) => {
            truth(both(graph, *left, *right).map(|(left, right)| compare(*comparison, left, right)))
        }
        Expr::Logic(logic, left, right) => connect(*logic, *left, *right, graph),
        Expr::Select(condition, then, otherwise) => match graph.truth(*condition) {
            Some(true) => Simplified::Existing(*then),
            Some(false) => Simplified::Existing(*otherwise),
            None if then == otherwise => Simplified::Existing(*then),
            None => Simplified::Unchanged,
        },
        Expr::Call(function, arguments) => match arguments.as_slice() {
            [first] => number(graph.number(*first).map(|value| call(*function, value, 0.0))),
            [first, second] => {
                number(both(graph, *first, *second).map(|(first, second)| call(*function, first, second)))
            }
            _ => Simplified::Unchanged,
        },
        _ => Simplified::Unchanged,
    }
}

fn both(graph: &Graph, left: Handle<Expr>, right: Handle<Expr>) -> Option<(f64, f64)> {
    Some((graph.number(left)?, graph.number(right)?))
}

fn number(value: Option<f64>) -> Simplified {
    match value {
        Some(value) if !value.is_nan() => Simplified::New(Expr::Constant(Real(value))),
        _ => Simplified::Unchanged,
    }
}

fn truth(value: Option<bool>) -> Simplified {
    value.map_or(Simplified::Unchanged, |value| Simplified::New(Expr::Boolean(value)))
}

fn connect(logic: Logic, left: Handle<Expr>, right: Handle<Expr>, graph: &Graph) -> Simplified {
    let (constant, other) = match (graph.truth(left), graph.truth(right)) {
        (Some(value), _) => (value, right),
        (None, Some(value)) => (value, left),
        (None, None) => return Simplified::Unchanged,
    };
    match (logic, constant) {
        (Logic::And, true) | (Logic::Or, false) => Simplified::Existing(other),
        (Logic::And, false) => Simplified::New(Expr::Boolean(false)),
        (Logic::Or, true) => Simplified::New(Expr::Boolean(true)),
    }
}

fn unary(operation: UnaryOperation, value: f64) -> f64 {
    match operation {
        UnaryOperation::Negate => -value,
        UnaryOperation::Absolute => value.abs(),
        UnaryOperation::SquareRoot => pmc_math::sqrt(value),
        UnaryOperation::Floor => pmc_math::floor(value),
        UnaryOperation::Ceiling => pmc_math::ceil(value),
        UnaryOperation::Truncate => pmc_math::trunc(value),
        UnaryOperation::Not => unreachable!("`!` has a Boolean operand"),
    }
}

fn binary(operation: BinaryOperation, left: f64, right: f64) -> f64 {
    match operation {
        BinaryOperation::Add => left + right,
        BinaryOperation::Subtract => left - right,
        BinaryOperation::Multiply => left * right,
        BinaryOperation::Divide => left / right,
        BinaryOperation::Minimum => pmc_math::minimum(left, right),
        BinaryOperation::Maximum => pmc_math::maximum(left, right),
    }
}

fn compare(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterEqual => left >= right,
    }
}

fn call(function: Function, first: f64, second: f64) -> f64 {
    match function {
        Function::Exp => pmc_math::exp(first),
        Function::Expm1 => pmc_math::expm1(first),
        Function::Log => pmc_math::log(first),
        Function::Log1p => pmc_math::log1p(first),
        Function::Log2 => pmc_math::log2(first),
        Function::Log10 => pmc_math::log10(first),
        Function::Pow => pmc_math::pow(first, second),
        Function::Cbrt => pmc_math::cbrt(first),
        Function::Hypot => pmc_math::hypot(first, second),
        Function::Sin => pmc_math::sin(first),
        Function::Cos => pmc_math::cos(first),
        Function::Tan => pmc_math::tan(first),
        Function::Asin => pmc_math::asin(first),
        Function::Acos => pmc_math::acos(first),
        Function::Atan => pmc_math::atan(first),
        Function::Atan2 => pmc_math::atan2(first, second),
        Function::Sinh => pmc_math::sinh(first),
        Function::Cosh => pmc_math::cosh(first),
        Function::Tanh => pmc_math::tanh(first),
        Function::Erf => pmc_math::erf(first),
        Function::Erfc => pmc_math::erfc(first),
        Function::Gamma => pmc_math::tgamma(first),
        Function::LogGamma => pmc_math::lgamma(first),
        Function::Digamma => pmc_math::digamma(first),
        Function::Round => pmc_math::round(first),
    }
}

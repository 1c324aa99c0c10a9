//! Constant folding with the arithmetic of the run time, so that a folded value has the bits of a computed one.

use pmc_ir::{Expr, Handle, Logic, Real, UnaryOperation};

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
        Expr::Unary(operation, operand) => number(graph.number(*operand).map(|value| operation.apply(value))),
        Expr::Binary(operation, left, right) => {
            number(both(graph, *left, *right).map(|(left, right)| operation.apply(left, right)))
        }
        Expr::Compare(comparison, left, right) => {
            truth(both(graph, *left, *right).map(|(left, right)| comparison.apply(left, right)))
        }
        Expr::Logic(logic, left, right) => connect(*logic, *left, *right, graph),
        Expr::Select(condition, then, otherwise) => match graph.truth(*condition) {
            Some(true) => Simplified::Existing(*then),
            Some(false) => Simplified::Existing(*otherwise),
            None if then == otherwise => Simplified::Existing(*then),
            None => Simplified::Unchanged,
        },
        Expr::Call(function, arguments) => match arguments.as_slice() {
            [first] => number(graph.number(*first).map(|value| function.apply(value, 0.0))),
            [first, second] => {
                number(both(graph, *first, *second).map(|(first, second)| function.apply(first, second)))
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

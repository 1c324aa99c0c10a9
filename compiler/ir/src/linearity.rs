//! Whether a system is linear between events.

use crate::{BinaryOperation, Expr, Handle, Kind, Linearity, Module, Solver, Trigger, UnaryOperation};

/// How a value depends on the states.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dependence {
    Free,
    Affine,
    Other,
}

/// Finds out whether the right-hand side is a matrix times the states plus a vector, both of which stand still
/// between events.
///
/// The author need not say so, and is not asked: nothing is approximated. A system for which the model asks a
/// solver by name is left to it, and so is one whose events wait for conditions.
pub fn linearity(module: &Module) -> Linearity {
    let is_free = module.options.solver == Solver::Automatic;
    // Conditions are watched along the steps of a solver.
    let waits = module.events.iter().any(|(_, event)| matches!(event.trigger, Trigger::When(_)));
    if module.states.is_empty() || !is_free || waits || module.kind == Kind::Stochastic {
        return Linearity::None;
    }
    let live = module.needed_by(module.derivatives());
    let dependences = dependences(module);
    if module.derivatives().any(|derivative| dependences[derivative.index()] == Dependence::Other) {
        return Linearity::None;
    }
    let mut linearity = Linearity::Always;
    for (_, expression) in module.expressions.iter().filter(|(handle, _)| live[handle.index()]) {
        match expression {
            Expr::Time => return Linearity::None,
            Expr::Covariate(covariate) if module.covariates[*covariate].may_slope() => {
                linearity = Linearity::UnlessSloped;
            }
            _ => {}
        }
    }
    linearity
}

fn dependences(module: &Module) -> Vec<Dependence> {
    let mut all: Vec<Dependence> = Vec::with_capacity(module.expressions.len());
    for (_, expression) in module.expressions.iter() {
        let dependence = dependence(expression, |operand| all[operand.index()]);
        all.push(dependence);
    }
    all
}

fn dependence(expression: &Expr, of: impl Fn(Handle<Expr>) -> Dependence) -> Dependence {
    use BinaryOperation::{Add, Divide, Multiply, Subtract};
    use Dependence::{Affine, Free, Other};
    let mut is_free = true;
    expression.for_each_operand(|operand| is_free &= of(operand) == Free);
    match expression {
        Expr::State(_) => Affine,
        _ if is_free => Free,
        Expr::Unary(UnaryOperation::Negate, x) => of(*x),
        Expr::Binary(Add | Subtract, x, y) if of(*x) != Other && of(*y) != Other => Affine,
        Expr::Binary(Multiply, x, y) => match (of(*x), of(*y)) {
            (Free, other) | (other, Free) => other,
            _ => Other,
        },
        Expr::Binary(Divide, x, y) if of(*y) == Free => of(*x),
        Expr::Select(condition, then, otherwise)
            if of(*condition) == Free && of(*then) != Other && of(*otherwise) != Other =>
        {
            Affine
        }
        _ => Other,
    }
}

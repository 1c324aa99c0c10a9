//! Rules about the arena of expressions.

use super::declarations::check_handle;
use super::{Errors, Place, Rule};
use crate::{Expr, Handle, Module, Type, UnaryOperation, types};

/// Checks what all further checks rest on: handles in range, operands before users, arity, and constants.
/// Returns whether all of it holds.
pub(super) fn check_structure(module: &Module, errors: &mut Errors) -> bool {
    let before = errors.count;
    for (handle, expression) in module.expressions.iter() {
        check_operands(handle, expression, errors);
        check_leaf(module, handle, expression, errors);
    }
    module.for_each_root(|root, value| check_handle(&module.expressions, value, root.into(), errors));
    errors.count == before
}

fn check_operands(handle: Handle<Expr>, expression: &Expr, errors: &mut Errors) {
    let place = Place::Expression(handle);
    if let Expr::Call(function, arguments) = expression {
        let (found, expected) = (arguments.len(), function.arity());
        if found != expected {
            let message = format!("`{}` has {found} arguments, expected {expected}", function.name());
            errors.add(Rule::Arity, place, message);
        }
    }
    expression.for_each_operand(|operand| {
        if operand >= handle {
            errors.add(Rule::OperandOrder, place, format!("operand {operand:?} does not come before it"));
        }
    });
}

fn check_leaf(module: &Module, handle: Handle<Expr>, expression: &Expr, errors: &mut Errors) {
    let place = Place::Expression(handle);
    match expression {
        Expr::Constant(value) => {
            errors.require(!value.0.is_nan(), Rule::Number, place, "the constant is NaN");
        }
        Expr::Parameter(target) => check_handle(&module.parameters, *target, place, errors),
        Expr::RandomEffect(target) => check_handle(&module.random_effects, *target, place, errors),
        Expr::Covariate(target) | Expr::CovariateSlope(target) | Expr::CovariateMissing(target) => {
            check_handle(&module.covariates, *target, place, errors);
        }
        Expr::State(target) => check_handle(&module.states, *target, place, errors),
        Expr::Variable(target) => check_handle(&module.variables, *target, place, errors),
        Expr::InfusionRate(target) | Expr::LastDoseTime(Some(target)) => {
            check_handle(&module.routes, *target, place, errors);
        }
        Expr::LastDoseTime(None)
        | Expr::Boolean(_)
        | Expr::Time
        | Expr::EventTime
        | Expr::DoseNumber
        | Expr::Unary(..)
        | Expr::Binary(..)
        | Expr::Compare(..)
        | Expr::Logic(..)
        | Expr::Select(..)
        | Expr::Call(..) => {}
    }
}

/// Checks the types of operands and roots, in an arena whose structure is sound.
pub(super) fn check_types(module: &Module, errors: &mut Errors) {
    let types = types(module);
    for (handle, expression) in module.expressions.iter() {
        let place = Place::Expression(handle);
        let mut expect = |operand: Handle<Expr>, expected: Type| {
            if types[operand.index()] != expected {
                errors.add(Rule::Type, place, format!("operand {operand:?} is not {}", type_name(expected)));
            }
        };
        match expression {
            Expr::Unary(UnaryOperation::Not, operand) => expect(*operand, Type::Boolean),
            Expr::Logic(_, left, right) => {
                expect(*left, Type::Boolean);
                expect(*right, Type::Boolean);
            }
            Expr::Select(condition, then, otherwise) => {
                expect(*condition, Type::Boolean);
                expect(*otherwise, types[then.index()]);
            }
            other => other.for_each_operand(|operand| expect(operand, Type::Real)),
        }
    }
    module.for_each_root(|root, value| {
        let expected = root.expected_type();
        if types[value.index()] != expected {
            let message = format!("a value that it names is not {}", type_name(expected));
            errors.add(Rule::Type, root.into(), message);
        }
    });
}

fn type_name(value_type: Type) -> &'static str {
    match value_type {
        Type::Real => "real",
        Type::Boolean => "Boolean",
    }
}

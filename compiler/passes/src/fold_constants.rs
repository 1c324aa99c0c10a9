//! Computing what is known, and dropping what changes nothing.

use pmc_ir as ir;

use crate::builder::{Builder, rebuild};

type Value = ir::Handle<ir::Expr>;

/// Folds operations on constants and applies the identities that hold for every input, bit for bit.
///
/// - Constants fold through the arithmetic of the run time; a result that is NaN is left to the run time.
/// - x + −0, x − 0, x · 1, x / 1 are x; x · −1, x / −1, −0 − x are −x; a divisor that is a power of two
///   becomes a factor.
/// - Signs move out of products and quotients, where sums take them up and what is left can be shared.
/// - x + 0 (wrong at −0), x · 0 (wrong at NaN, infinity and below zero), 0 − x (wrong at 0) and x − x stay.
/// - A `Select` whose condition is known, or whose branches are the same, is its branch.
///
/// Entries of the Jacobian that turn out to be zero are removed.
pub fn fold_constants(module: &mut ir::Module, jacobian: &mut ir::Jacobian) {
    rebuild(module, jacobian, |builder, expression| {
        fold(builder, &expression).unwrap_or_else(|| builder.push(expression))
    });
    let is_zero = |value: Value| match &module.expressions[value] {
        ir::Expr::Constant(constant) => constant.0 == 0.0,
        _ => false,
    };
    jacobian.entries.retain(|entry| !is_zero(entry.value));
    jacobian.time.retain(|(_, value)| !is_zero(*value));
}

/// Returns a simpler value than the expression, if there is one.
fn fold(builder: &mut Builder, expression: &ir::Expr) -> Option<Value> {
    match expression {
        ir::Expr::Unary(ir::UnaryOperation::Not, x) => fold_not(builder, *x),
        ir::Expr::Unary(operation, x) => fold_unary(builder, *operation, *x),
        ir::Expr::Binary(operation, x, y) => fold_binary(builder, *operation, *x, *y),
        ir::Expr::Compare(comparison, x, y) => {
            let result = comparison.apply(builder.as_constant(*x)?, builder.as_constant(*y)?);
            Some(builder.push(ir::Expr::Boolean(result)))
        }
        ir::Expr::Logic(logic, x, y) => fold_logic(builder, *logic, *x, *y),
        ir::Expr::Select(condition, then, otherwise) => fold_select(builder, *condition, *then, *otherwise),
        ir::Expr::Call(function, arguments) => fold_call(builder, *function, arguments),
        ir::Expr::Constant(_)
        | ir::Expr::Boolean(_)
        | ir::Expr::Time
        | ir::Expr::Parameter(_)
        | ir::Expr::RandomEffect(_)
        | ir::Expr::Covariate(_)
        | ir::Expr::CovariateSlope(_)
        | ir::Expr::CovariateMissing(_)
        | ir::Expr::State(_)
        | ir::Expr::InfusionRate(_)
        | ir::Expr::LastDoseTime(_)
        | ir::Expr::DoseNumber
        | ir::Expr::Variable(_)
        | ir::Expr::EventTime => None,
    }
}

/// Adds a result, unless it is NaN.
fn result(builder: &mut Builder, value: f64) -> Option<Value> {
    if value.is_nan() { None } else { Some(builder.constant(value)) }
}

fn fold_unary(builder: &mut Builder, operation: ir::UnaryOperation, x: Value) -> Option<Value> {
    if let Some(value) = builder.as_constant(x) {
        return result(builder, operation.apply(value));
    }
    match (operation, builder.get(x)) {
        (ir::UnaryOperation::Negate, ir::Expr::Unary(ir::UnaryOperation::Negate, inner)) => Some(*inner),
        (ir::UnaryOperation::Absolute, ir::Expr::Unary(ir::UnaryOperation::Absolute, _)) => Some(x),
        (ir::UnaryOperation::Absolute, ir::Expr::Unary(ir::UnaryOperation::Negate, inner)) => {
            let inner = *inner;
            Some(builder.unary(ir::UnaryOperation::Absolute, inner))
        }
        _ => None,
    }
}

fn fold_not(builder: &mut Builder, x: Value) -> Option<Value> {
    let folded = match builder.get(x) {
        ir::Expr::Boolean(value) => ir::Expr::Boolean(!value),
        ir::Expr::Unary(ir::UnaryOperation::Not, inner) => return Some(*inner),
        // The order comparisons have no opposite: both are false of NaN.
        ir::Expr::Compare(ir::Comparison::Equal, x, y) => ir::Expr::Compare(ir::Comparison::NotEqual, *x, *y),
        ir::Expr::Compare(ir::Comparison::NotEqual, x, y) => ir::Expr::Compare(ir::Comparison::Equal, *x, *y),
        _ => return None,
    };
    Some(builder.push(folded))
}

fn fold_binary(builder: &mut Builder, operation: ir::BinaryOperation, x: Value, y: Value) -> Option<Value> {
    if let (Some(left), Some(right)) = (builder.as_constant(x), builder.as_constant(y)) {
        return result(builder, operation.apply(left, right));
    }
    match operation {
        ir::BinaryOperation::Add => fold_add(builder, x, y),
        ir::BinaryOperation::Subtract => fold_subtract(builder, x, y),
        ir::BinaryOperation::Multiply => {
            fold_multiply(builder, x, y).or_else(|| fold_multiply(builder, y, x))
        }
        ir::BinaryOperation::Divide => fold_divide(builder, x, y),
        ir::BinaryOperation::Minimum | ir::BinaryOperation::Maximum => (x == y).then_some(x),
    }
}

fn fold_add(builder: &mut Builder, x: Value, y: Value) -> Option<Value> {
    if is_constant(builder, y, -0.0) {
        return Some(x);
    }
    if is_constant(builder, x, -0.0) {
        return Some(y);
    }
    if let Some(negated) = as_negation(builder, y) {
        return Some(builder.binary(ir::BinaryOperation::Subtract, x, negated));
    }
    let negated = as_negation(builder, x)?;
    Some(builder.binary(ir::BinaryOperation::Subtract, y, negated))
}

fn fold_subtract(builder: &mut Builder, x: Value, y: Value) -> Option<Value> {
    if is_constant(builder, y, 0.0) {
        return Some(x);
    }
    if is_constant(builder, x, -0.0) {
        return Some(builder.unary(ir::UnaryOperation::Negate, y));
    }
    let negated = as_negation(builder, y)?;
    Some(builder.binary(ir::BinaryOperation::Add, x, negated))
}

/// Folds a product by looking at `y` for a constant and at `x` for a sign.
fn fold_multiply(builder: &mut Builder, x: Value, y: Value) -> Option<Value> {
    match builder.as_constant(y) {
        Some(1.0) => Some(x),
        Some(-1.0) => Some(builder.unary(ir::UnaryOperation::Negate, x)),
        Some(factor) => {
            let negated = as_negation(builder, x)?;
            let factor = builder.constant(-factor);
            Some(builder.binary(ir::BinaryOperation::Multiply, negated, factor))
        }
        None => {
            let negated = as_negation(builder, x)?;
            if let Some(other) = as_negation(builder, y) {
                return Some(builder.binary(ir::BinaryOperation::Multiply, negated, other));
            }
            let product = builder.binary(ir::BinaryOperation::Multiply, negated, y);
            Some(builder.unary(ir::UnaryOperation::Negate, product))
        }
    }
}

fn fold_divide(builder: &mut Builder, x: Value, y: Value) -> Option<Value> {
    match builder.as_constant(y) {
        Some(1.0) => Some(x),
        Some(-1.0) => Some(builder.unary(ir::UnaryOperation::Negate, x)),
        Some(divisor) if is_power_of_two(divisor) => {
            let factor = builder.constant(1.0 / divisor);
            Some(builder.binary(ir::BinaryOperation::Multiply, x, factor))
        }
        Some(divisor) => {
            let negated = as_negation(builder, x)?;
            let divisor = builder.constant(-divisor);
            Some(builder.binary(ir::BinaryOperation::Divide, negated, divisor))
        }
        None => fold_signs_of_quotient(builder, x, y),
    }
}

fn fold_signs_of_quotient(builder: &mut Builder, x: Value, y: Value) -> Option<Value> {
    let (numerator, denominator) = (as_negation(builder, x), as_negation(builder, y));
    if let (Some(constant), Some(denominator)) = (builder.as_constant(x), denominator) {
        let numerator = builder.constant(-constant);
        return Some(builder.binary(ir::BinaryOperation::Divide, numerator, denominator));
    }
    if numerator.is_none() && denominator.is_none() {
        return None;
    }
    let quotient =
        builder.binary(ir::BinaryOperation::Divide, numerator.unwrap_or(x), denominator.unwrap_or(y));
    if numerator.is_some() && denominator.is_some() {
        return Some(quotient);
    }
    Some(builder.unary(ir::UnaryOperation::Negate, quotient))
}

/// Returns whether a number is ± a power of two with an exact reciprocal.
fn is_power_of_two(value: f64) -> bool {
    let fraction = value.to_bits() & ((1 << (f64::MANTISSA_DIGITS - 1)) - 1);
    value.is_normal() && fraction == 0
}

fn fold_logic(builder: &mut Builder, logic: ir::Logic, x: Value, y: Value) -> Option<Value> {
    match (builder.as_boolean(x), builder.as_boolean(y)) {
        (Some(left), Some(right)) => {
            let result = logic.apply(left, right);
            Some(builder.push(ir::Expr::Boolean(result)))
        }
        // The value that decides alone is `true` for `or`, `false` for `and`.
        (Some(known), None) => Some(if known == (logic == ir::Logic::Or) { x } else { y }),
        (None, Some(known)) => Some(if known == (logic == ir::Logic::Or) { y } else { x }),
        (None, None) => (x == y).then_some(x),
    }
}

fn fold_select(builder: &mut Builder, condition: Value, then: Value, otherwise: Value) -> Option<Value> {
    if let Some(holds) = builder.as_boolean(condition) {
        return Some(if holds { then } else { otherwise });
    }
    if then == otherwise {
        return Some(then);
    }
    if let ir::Expr::Unary(ir::UnaryOperation::Not, inner) = builder.get(condition) {
        let swapped = ir::Expr::Select(*inner, otherwise, then);
        return Some(builder.push(swapped));
    }
    match (builder.as_boolean(then)?, builder.as_boolean(otherwise)?) {
        (true, false) => Some(condition),
        (false, true) => Some(builder.unary(ir::UnaryOperation::Not, condition)),
        (_, _) => Some(then),
    }
}

fn fold_call(builder: &mut Builder, function: ir::Function, arguments: &[Value]) -> Option<Value> {
    let first = builder.as_constant(*arguments.first()?)?;
    let second = match arguments.get(1) {
        Some(argument) => builder.as_constant(*argument)?,
        None => f64::NAN,
    };
    result(builder, function.apply(first, second))
}

/// Returns whether a value is this very constant, sign of zero included.
fn is_constant(builder: &Builder, value: Value, constant: f64) -> bool {
    builder.as_constant(value).is_some_and(|value| value.to_bits() == constant.to_bits())
}

fn as_negation(builder: &Builder, value: Value) -> Option<Value> {
    match builder.get(value) {
        ir::Expr::Unary(ir::UnaryOperation::Negate, inner) => Some(*inner),
        _ => None,
    }
}

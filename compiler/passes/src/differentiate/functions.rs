//! Derivatives of single operations with respect to one operand.

use core::f64::consts::{FRAC_2_SQRT_PI, LOG2_E, LOG10_E};

use pmc_ir as ir;

use super::partial::Partial;
use crate::builder::Builder;

type Value = ir::Handle<ir::Expr>;

/// Returns the derivative of an operation on one operand, or `None` if it is zero. `own` is the operation.
///
/// |x| counts as rising at 0. Floor, ceiling and whole part are flat, jumps included.
pub(super) fn of_unary(
    builder: &mut Builder,
    operation: ir::UnaryOperation,
    own: Value,
    x: Value,
) -> Option<Partial> {
    match operation {
        ir::UnaryOperation::Negate => Some(Partial::ONE.negated()),
        ir::UnaryOperation::Absolute => {
            let zero = builder.constant(0.0);
            let is_negative = builder.push(ir::Expr::Compare(ir::Comparison::Less, x, zero));
            Partial::select(is_negative, Some(Partial::ONE.negated()), Some(Partial::ONE), builder)
        }
        ir::UnaryOperation::SquareRoot => {
            let half = builder.constant(0.5);
            Some(Partial::of(divide(builder, half, own)))
        }
        ir::UnaryOperation::Floor
        | ir::UnaryOperation::Ceiling
        | ir::UnaryOperation::Truncate
        | ir::UnaryOperation::Not => None,
    }
}

/// Returns the derivative of a quotient with respect to its denominator; `inverse` is 1 over it.
pub(super) fn of_denominator(builder: &mut Builder, own: Value, inverse: Value) -> Partial {
    Partial::of(multiply(builder, own, inverse)).negated()
}

/// Returns the derivative of a function with respect to an argument, or `None` if it is zero. `own` is the
/// call.
///
/// Where the function has no derivative but the model may well be (zero to a power, both arguments of
/// `hypot` or `atan2` zero), the value is the one that [`of_base`], [`of_exponent`] and [`over_radius`]
/// describe. `round` is flat, jumps included. Digamma does not occur: the validator keeps it out of
/// derivatives.
pub(super) fn of_function(
    builder: &mut Builder,
    function: ir::Function,
    own: Value,
    arguments: &[Value],
    position: usize,
) -> Option<Partial> {
    let (x, y) = (*arguments.first()?, arguments.last().copied()?);
    let value = match function {
        ir::Function::Exp => own,
        ir::Function::Expm1 => call(builder, ir::Function::Exp, &[x]),
        ir::Function::Log => reciprocal(builder, 1.0, x),
        ir::Function::Log1p => of_log1p(builder, x),
        ir::Function::Log2 => reciprocal(builder, LOG2_E, x),
        ir::Function::Log10 => reciprocal(builder, LOG10_E, x),
        ir::Function::Pow if position == 0 => of_base(builder, x, y),
        ir::Function::Pow => of_exponent(builder, own, x),
        ir::Function::Cbrt => of_cube_root(builder, own),
        ir::Function::Hypot => over_radius(builder, own, arguments[position]),
        ir::Function::Atan2 => return Some(of_atan2(builder, arguments, position)),
        ir::Function::Gamma => of_gamma(builder, own, x),
        ir::Function::LogGamma => call(builder, ir::Function::Digamma, &[x]),
        ir::Function::Erf => of_erf(builder, x),
        ir::Function::Erfc => return Some(Partial::of(of_erf(builder, x)).negated()),
        ir::Function::Round | ir::Function::Digamma => return None,
        ir::Function::Asin => of_inverse_sine(builder, x),
        ir::Function::Acos => return Some(Partial::of(of_inverse_sine(builder, x)).negated()),
        ir::Function::Atan => of_inverse_tangent(builder, x),
        ir::Function::Sin => call(builder, ir::Function::Cos, &[x]),
        ir::Function::Cos => return Some(Partial::of(call(builder, ir::Function::Sin, &[x])).negated()),
        ir::Function::Tan => one_plus_square(builder, own),
        ir::Function::Sinh => call(builder, ir::Function::Cosh, &[x]),
        ir::Function::Cosh => call(builder, ir::Function::Sinh, &[x]),
        ir::Function::Tanh => one_minus_square(builder, own),
    };
    Some(Partial::of(value))
}

/// Adds d(x^y)/dx = y·x^(y − 1), and 0 for y = 0 also where x is 0.
fn of_base(builder: &mut Builder, x: Value, y: Value) -> Value {
    let one = builder.constant(1.0);
    let lower = builder.binary(ir::BinaryOperation::Subtract, y, one);
    let power = call(builder, ir::Function::Pow, &[x, lower]);
    let product = multiply(builder, y, power);
    zero_where_zero(builder, y, product)
}

/// Adds d(x^y)/dy = x^y·ln x, and its limit 0 where x^y is 0.
fn of_exponent(builder: &mut Builder, own: Value, x: Value) -> Value {
    let log = call(builder, ir::Function::Log, &[x]);
    let product = multiply(builder, own, log);
    zero_where_zero(builder, own, product)
}

/// Adds the derivative of atan2(y, x): x/r² with respect to y, −y/r² with respect to x, and 0 at the origin.
fn of_atan2(builder: &mut Builder, arguments: &[Value], position: usize) -> Partial {
    let radius = call(builder, ir::Function::Hypot, arguments);
    // Two divisions, because r² overflows and underflows before the result does.
    let other = over_radius(builder, radius, arguments[1 - position]);
    let value = over_radius(builder, radius, other);
    if position == 0 { Partial::of(value) } else { Partial::of(value).negated() }
}

/// Adds x / r, and 0 where r is 0.
fn over_radius(builder: &mut Builder, radius: Value, x: Value) -> Value {
    let quotient = divide(builder, x, radius);
    zero_where_zero(builder, radius, quotient)
}

fn of_log1p(builder: &mut Builder, x: Value) -> Value {
    let one = builder.constant(1.0);
    let sum = builder.binary(ir::BinaryOperation::Add, one, x);
    divide(builder, one, sum)
}

/// Adds the derivative of the cube root, a third of the inverse of its square.
fn of_cube_root(builder: &mut Builder, own: Value) -> Value {
    let square = multiply(builder, own, own);
    reciprocal(builder, 1.0 / 3.0, square)
}

fn of_gamma(builder: &mut Builder, own: Value, x: Value) -> Value {
    let digamma = call(builder, ir::Function::Digamma, &[x]);
    multiply(builder, own, digamma)
}

fn of_inverse_sine(builder: &mut Builder, x: Value) -> Value {
    let square = one_minus_square(builder, x);
    let root = builder.unary(ir::UnaryOperation::SquareRoot, square);
    reciprocal(builder, 1.0, root)
}

fn of_inverse_tangent(builder: &mut Builder, x: Value) -> Value {
    let square = one_plus_square(builder, x);
    reciprocal(builder, 1.0, square)
}

/// Adds the derivative of the error function, 2/√π · exp(−x²).
fn of_erf(builder: &mut Builder, x: Value) -> Value {
    let square = multiply(builder, x, x);
    let negated = builder.unary(ir::UnaryOperation::Negate, square);
    let exponential = call(builder, ir::Function::Exp, &[negated]);
    let factor = builder.constant(FRAC_2_SQRT_PI);
    multiply(builder, factor, exponential)
}

/// Adds 1 + x².
fn one_plus_square(builder: &mut Builder, x: Value) -> Value {
    let one = builder.constant(1.0);
    let square = multiply(builder, x, x);
    builder.binary(ir::BinaryOperation::Add, one, square)
}

/// Adds 1 − x² as (1 − x)(1 + x), which keeps its digits near ±1.
fn one_minus_square(builder: &mut Builder, x: Value) -> Value {
    let one = builder.constant(1.0);
    let difference = builder.binary(ir::BinaryOperation::Subtract, one, x);
    let sum = builder.binary(ir::BinaryOperation::Add, one, x);
    multiply(builder, difference, sum)
}

/// Adds `value`, but 0 where `test` is 0.
fn zero_where_zero(builder: &mut Builder, test: Value, value: Value) -> Value {
    let zero = builder.constant(0.0);
    let is_zero = builder.push(ir::Expr::Compare(ir::Comparison::Equal, test, zero));
    builder.push(ir::Expr::Select(is_zero, zero, value))
}

/// Adds `numerator` / x.
pub(super) fn reciprocal(builder: &mut Builder, numerator: f64, x: Value) -> Value {
    let numerator = builder.constant(numerator);
    divide(builder, numerator, x)
}

fn divide(builder: &mut Builder, x: Value, y: Value) -> Value {
    builder.binary(ir::BinaryOperation::Divide, x, y)
}

fn multiply(builder: &mut Builder, x: Value, y: Value) -> Value {
    builder.binary(ir::BinaryOperation::Multiply, x, y)
}

fn call(builder: &mut Builder, function: ir::Function, arguments: &[Value]) -> Value {
    builder.push(ir::Expr::Call(function, arguments.to_vec()))
}

//! Products and roots in place of powers.

use pmc_ir as ir;

use crate::builder::{Builder, rebuild};

/// The largest magnitude of a whole exponent that becomes a product.
const LARGEST: f64 = 8.0;

/// Replaces `pow` with a constant exponent k by products, quotients and square roots, where k is a whole
/// number from −8 to 8 or one of −1/2, 1/2 and 3/2.
///
/// This is what such a power means in the language, not an approximation of what `pow` computes. The two
/// differ
/// - in rounding: a product of n factors is within n units in the last place of the exact value;
/// - for negative exponents where x^|k| overflows or underflows, though 1/x^|k| would not quite;
/// - for ±1/2 at −∞, where the root is NaN and the power ∞, and at −0, where the root keeps the sign.
///
/// Exponents that are constant but not yet folded are left alone.
pub fn expand_powers(module: &mut ir::Module, jacobian: &mut ir::Jacobian) {
    rebuild(module, jacobian, |builder, expression| {
        let expanded = match &expression {
            ir::Expr::Call(ir::Function::Pow, arguments) => match arguments.as_slice() {
                [base, exponent] => {
                    builder.as_constant(*exponent).and_then(|exponent| expand(builder, *base, exponent))
                }
                _ => None,
            },
            _ => None,
        };
        expanded.unwrap_or_else(|| builder.push(expression))
    });
}

fn expand(builder: &mut Builder, base: ir::Handle<ir::Expr>, exponent: f64) -> Option<ir::Handle<ir::Expr>> {
    let magnitude = exponent.abs();
    let positive = if magnitude == 0.5 {
        builder.unary(ir::UnaryOperation::SquareRoot, base)
    } else if exponent == 1.5 {
        let root = builder.unary(ir::UnaryOperation::SquareRoot, base);
        builder.binary(ir::BinaryOperation::Multiply, base, root)
    } else if magnitude <= LARGEST && pmc_math::trunc(magnitude) == magnitude {
        product(builder, base, magnitude as u32)
    } else {
        return None;
    };
    if exponent < 0.0 {
        let one = builder.constant(1.0);
        return Some(builder.binary(ir::BinaryOperation::Divide, one, positive));
    }
    Some(positive)
}

/// Adds the product of `count` factors by repeated squaring.
fn product(builder: &mut Builder, factor: ir::Handle<ir::Expr>, count: u32) -> ir::Handle<ir::Expr> {
    let mut result = None;
    let mut square = factor;
    let mut rest = count;
    while rest > 0 {
        if rest % 2 == 1 {
            result = Some(match result {
                Some(result) => builder.binary(ir::BinaryOperation::Multiply, result, square),
                None => square,
            });
        }
        rest /= 2;
        if rest > 0 {
            square = builder.binary(ir::BinaryOperation::Multiply, square, square);
        }
    }
    result.unwrap_or_else(|| builder.constant(1.0))
}

//! Pairs of operations that one instruction does.

use pmc_ir::{BinaryOperation, Expr, Handle, UnaryOperation};

use crate::instruction::{Instruction, Operand};

/// Makes an instruction from where its result goes, the operands of the inner operation and the other operand of the
/// outer one.
pub(crate) type Join = fn(Operand, Operand, Operand, Operand) -> Instruction;

/// On which side of the outer operation the inner one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A pair of operations on reals.
pub(crate) struct Pair {
    /// The inner operation, whose value nothing else needs.
    pub inner: Handle<Expr>,
    /// The other operand of the outer operation.
    pub other: Handle<Expr>,
    /// What does both.
    pub join: Join,
}

/// Finds an operand of an expression that can be computed along with it; `inner` returns an operand's expression if
/// nothing else needs it.
pub(crate) fn pair<'e>(outer: &Expr, inner: impl Fn(Handle<Expr>) -> Option<&'e Expr>) -> Option<Pair> {
    let Expr::Binary(operation, left, right) = *outer else { return None };
    let sides = [(Side::Left, left, right), (Side::Right, right, left)];
    let candidates = sides.into_iter().filter_map(|(side, this, other)| {
        let Expr::Binary(within, ..) = inner(this)? else { return None };
        let join = join(operation, *within, side)?;
        Some((*within, Pair { inner: this, other, join }))
    });
    // Products first: sums of products are what right-hand sides are made of.
    candidates.min_by_key(|(within, _)| *within != BinaryOperation::Multiply).map(|(_, pair)| pair)
}

/// Returns whether an expression negates a product that nothing else needs.
pub(crate) fn negated_product<'e>(
    outer: &Expr,
    inner: impl Fn(Handle<Expr>) -> Option<&'e Expr>,
) -> Option<Handle<Expr>> {
    let Expr::Unary(UnaryOperation::Negate, operand) = *outer else { return None };
    matches!(inner(operand)?, Expr::Binary(BinaryOperation::Multiply, ..)).then_some(operand)
}

/// Returns the comparison that a selection asks, if nothing else needs it.
pub(crate) fn compared<'e>(
    outer: &Expr,
    inner: impl Fn(Handle<Expr>) -> Option<&'e Expr>,
) -> Option<Handle<Expr>> {
    let Expr::Select(condition, ..) = *outer else { return None };
    matches!(inner(condition)?, Expr::Compare(..)).then_some(condition)
}

/// Returns the instruction for a pair, if there is one. Sums and products do not mind the order of their operands.
fn join(outer: BinaryOperation, inner: BinaryOperation, side: Side) -> Option<Join> {
    use BinaryOperation::{Add, Divide, Multiply, Subtract};
    Some(match (outer, inner, side) {
        (Add, Multiply, _) => |out, a, b, c| Instruction::ProductPlus { out, a, b, c },
        (Subtract, Multiply, Side::Left) => |out, a, b, c| Instruction::ProductMinus { out, a, b, c },
        (Subtract, Multiply, Side::Right) => |out, a, b, c| Instruction::MinusProduct { out, a, b, c },
        (Multiply, Multiply, _) => |out, a, b, c| Instruction::ProductTimes { out, a, b, c },
        (Divide, Multiply, Side::Left) => |out, a, b, c| Instruction::ProductOver { out, a, b, c },
        (Multiply, Divide, _) => |out, a, b, c| Instruction::QuotientTimes { out, a, b, c },
        (Add, Divide, _) => |out, a, b, c| Instruction::QuotientPlus { out, a, b, c },
        (Subtract, Divide, Side::Right) => |out, a, b, c| Instruction::MinusQuotient { out, a, b, c },
        (Divide, Add, Side::Right) => |out, a, b, c| Instruction::OverSum { out, a, b, c },
        (Multiply, Add, _) => |out, a, b, c| Instruction::SumTimes { out, a, b, c },
        (Multiply, Subtract, _) => |out, a, b, c| Instruction::DifferenceTimes { out, a, b, c },
        (Add, Add, _) => |out, a, b, c| Instruction::SumPlus { out, a, b, c },
        (Subtract, Add, Side::Left) => |out, a, b, c| Instruction::SumMinus { out, a, b, c },
        (Subtract, Subtract, Side::Left) => |out, a, b, c| Instruction::DifferenceMinus { out, a, b, c },
        (Add, Subtract, _) => |out, a, b, c| Instruction::DifferencePlus { out, a, b, c },
        _ => return None,
    })
}

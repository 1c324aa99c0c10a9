//! Operations that one instruction does together.

use pmc_ir::{BinaryOperation, Comparison, Expr, Handle, UnaryOperation};

use crate::instruction::Operation;

/// What computes a value along with some of its operands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fused {
    /// What is computed.
    pub operation: Operation,
    /// The operands that are computed along with it.
    pub inner: [Option<Handle<Expr>>; 2],
    /// What is read, in order; unused places repeat the first.
    pub reads: [Handle<Expr>; 4],
}

/// Finds how a value can be computed along with operands; `inner` returns an operand's expression if it may be.
pub(crate) fn fuse<'e>(outer: &Expr, inner: impl Fn(Handle<Expr>) -> Option<&'e Expr>) -> Option<Fused> {
    match *outer {
        Expr::Unary(UnaryOperation::Negate, operand) => {
            let (BinaryOperation::Multiply, [a, b]) = pair(inner(operand)?)? else { return None };
            let operation = Operation::NegatedProduct;
            Some(Fused { operation, inner: [Some(operand), None], reads: [a, b, a, a] })
        }
        Expr::Select(condition, then, otherwise) => {
            let Expr::Compare(comparison, a, b) = *inner(condition)? else { return None };
            let (operation, a, b) = selection(comparison, a, b);
            Some(Fused { operation, inner: [Some(condition), None], reads: [a, b, then, otherwise] })
        }
        Expr::Binary(operation, left, right) => {
            products(operation, [left, right], &inner).or_else(|| one(operation, [left, right], &inner))
        }
        _ => None,
    }
}

/// Returns the operation of a comparison, with its operands in the order that it takes.
pub(crate) fn comparison<T>(comparison: Comparison, a: T, b: T) -> (Operation, T, T) {
    match comparison {
        Comparison::Equal => (Operation::Equal, a, b),
        Comparison::NotEqual => (Operation::NotEqual, a, b),
        Comparison::Less => (Operation::Less, a, b),
        Comparison::LessEqual => (Operation::LessEqual, a, b),
        Comparison::Greater => (Operation::Less, b, a),
        Comparison::GreaterEqual => (Operation::LessEqual, b, a),
    }
}

/// Returns the operation that selects by a comparison.
fn selection<T>(by: Comparison, a: T, b: T) -> (Operation, T, T) {
    let (operation, a, b) = comparison(by, a, b);
    let operation = match operation {
        Operation::Equal => Operation::SelectEqual,
        Operation::NotEqual => Operation::SelectNotEqual,
        Operation::Less => Operation::SelectLess,
        _ => Operation::SelectLessEqual,
    };
    (operation, a, b)
}

/// Returns the operands of an operation on two reals.
fn pair(expression: &Expr) -> Option<(BinaryOperation, [Handle<Expr>; 2])> {
    match *expression {
        Expr::Binary(operation, a, b) => Some((operation, [a, b])),
        _ => None,
    }
}

/// Finds a sum or difference of two products.
fn products<'e>(
    operation: BinaryOperation,
    [left, right]: [Handle<Expr>; 2],
    inner: impl Fn(Handle<Expr>) -> Option<&'e Expr>,
) -> Option<Fused> {
    let operation = match operation {
        BinaryOperation::Add => Operation::ProductPlusProduct,
        BinaryOperation::Subtract => Operation::ProductMinusProduct,
        _ => return None,
    };
    let (BinaryOperation::Multiply, [a, b]) = pair(inner(left)?)? else { return None };
    let (BinaryOperation::Multiply, [c, d]) = pair(inner(right)?)? else { return None };
    Some(Fused { operation, inner: [Some(left), Some(right)], reads: [a, b, c, d] })
}

/// On which side of the outer operation the inner one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Finds a pair of operations.
fn one<'e>(
    operation: BinaryOperation,
    [left, right]: [Handle<Expr>; 2],
    inner: impl Fn(Handle<Expr>) -> Option<&'e Expr>,
) -> Option<Fused> {
    let sides = [(Side::Left, left, right), (Side::Right, right, left)];
    let candidates = sides.into_iter().filter_map(|(side, this, other)| {
        let (within, [a, b]) = pair(inner(this)?)?;
        let operation = join(operation, within, side)?;
        Some((within, Fused { operation, inner: [Some(this), None], reads: [a, b, other, a] }))
    });
    // Products first: sums of products are what right-hand sides are made of.
    candidates.min_by_key(|(within, _)| *within != BinaryOperation::Multiply).map(|(_, fused)| fused)
}

/// Returns the operation for a pair, if there is one. Sums and products do not mind the order of their operands.
fn join(outer: BinaryOperation, inner: BinaryOperation, side: Side) -> Option<Operation> {
    use BinaryOperation::{Add, Divide, Multiply, Subtract};
    Some(match (outer, inner, side) {
        (Add, Multiply, _) => Operation::ProductPlus,
        (Subtract, Multiply, Side::Left) => Operation::ProductMinus,
        (Subtract, Multiply, Side::Right) => Operation::MinusProduct,
        (Multiply, Multiply, _) => Operation::ProductTimes,
        (Divide, Multiply, Side::Left) => Operation::ProductOver,
        (Multiply, Divide, _) => Operation::QuotientTimes,
        (Add, Divide, _) => Operation::QuotientPlus,
        (Subtract, Divide, Side::Left) => Operation::QuotientMinus,
        (Subtract, Divide, Side::Right) => Operation::MinusQuotient,
        (Divide, Add, Side::Right) => Operation::OverSum,
        (Multiply, Add, _) => Operation::SumTimes,
        (Multiply, Subtract, _) => Operation::DifferenceTimes,
        (Add, Add, _) => Operation::SumPlus,
        (Subtract, Add, Side::Left) => Operation::SumMinus,
        (Subtract, Add, Side::Right) => Operation::MinusSum,
        (Subtract, Subtract, Side::Left) => Operation::DifferenceMinus,
        (Subtract, Subtract, Side::Right) => Operation::MinusDifference,
        (Add, Subtract, _) => Operation::DifferencePlus,
        _ => return None,
    })
}

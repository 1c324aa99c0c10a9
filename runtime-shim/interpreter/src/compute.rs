//! What each operation computes, for one subject or for several side by side.
#![allow(
    clippy::inline_always,
    reason = "each operation is written once and becomes part of whatever runs it"
)]

use pmc_ir::{BinaryOperation, Comparison, Function, Implementation, UnaryOperation};
use pmc_kernel::lanes::{LANES, Lanes};

use crate::instruction::Operation;

/// What a register holds: a number, or one of each subject.
pub(crate) trait Number: Copy {
    /// Applies a function to operands, number by number.
    fn apply<const OPERANDS: usize>(
        operands: [Self; OPERANDS],
        function: impl Fn([f64; OPERANDS]) -> f64,
    ) -> Self;
}

impl Number for f64 {
    #[inline(always)]
    fn apply<const OPERANDS: usize>(
        operands: [Self; OPERANDS],
        function: impl Fn([f64; OPERANDS]) -> f64,
    ) -> Self {
        function(operands)
    }
}

/// Lets several numbers be computed as one is, in a loop that the compiler makes instructions on vectors of.
macro_rules! several {
    ($several:ty, $make:expr, $count:expr) => {
        impl $crate::compute::Number for $several {
            #[inline(always)]
            fn apply<const OPERANDS: usize>(
                operands: [Self; OPERANDS],
                function: impl Fn([f64; OPERANDS]) -> f64,
            ) -> Self {
                let mut numbers = [0.0; $count];
                for (place, number) in numbers.iter_mut().enumerate() {
                    *number = function(operands.map(|operand| operand.0[place]));
                }
                $make(numbers)
            }
        }
    };
}

several!(Lanes, Lanes, LANES);
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use several;

/// Computes an operation of its operands, which `read` finds by their place; operations that say how often to do another one
/// compute nothing.
///
/// `function` is the number of the function that an operation calls.
#[inline(always)]
pub(crate) fn compute<N: Number>(
    operation: Operation,
    function: impl Fn() -> u32,
    read: impl Fn(usize) -> N,
) -> N {
    let one = || [read(0)];
    let two = || [read(0), read(1)];
    let three = || [read(0), read(1), read(2)];
    let four = || [read(0), read(1), read(2), read(3)];
    match operation {
        Operation::Repeat | Operation::Accumulate | Operation::Copy => read(0),
        Operation::Negate => N::apply(one(), |[a]| UnaryOperation::Negate.apply(a)),
        Operation::Absolute => N::apply(one(), |[a]| UnaryOperation::Absolute.apply(a)),
        Operation::SquareRoot => N::apply(one(), |[a]| UnaryOperation::SquareRoot.apply(a)),
        Operation::Floor => N::apply(one(), |[a]| UnaryOperation::Floor.apply(a)),
        Operation::Ceiling => N::apply(one(), |[a]| UnaryOperation::Ceiling.apply(a)),
        Operation::Truncate => N::apply(one(), |[a]| UnaryOperation::Truncate.apply(a)),
        Operation::Not => N::apply(one(), |[a]| number(!holds(a))),
        Operation::Call => call(function(), read(0), || read(0)),
        Operation::CallTwo => call(function(), read(0), || read(1)),
        Operation::Add => N::apply(two(), |[a, b]| a + b),
        Operation::Subtract => N::apply(two(), |[a, b]| a - b),
        Operation::Multiply => N::apply(two(), |[a, b]| a * b),
        Operation::Divide => N::apply(two(), |[a, b]| a / b),
        Operation::Minimum => N::apply(two(), |[a, b]| BinaryOperation::Minimum.apply(a, b)),
        Operation::Maximum => N::apply(two(), |[a, b]| BinaryOperation::Maximum.apply(a, b)),
        Operation::And => N::apply(two(), |[a, b]| number(holds(a) & holds(b))),
        Operation::Or => N::apply(two(), |[a, b]| number(holds(a) | holds(b))),
        Operation::Equal => N::apply(two(), |[a, b]| number(Comparison::Equal.apply(a, b))),
        Operation::NotEqual => N::apply(two(), |[a, b]| number(Comparison::NotEqual.apply(a, b))),
        Operation::Less => N::apply(two(), |[a, b]| number(Comparison::Less.apply(a, b))),
        Operation::LessEqual => N::apply(two(), |[a, b]| number(Comparison::LessEqual.apply(a, b))),
        Operation::Select => N::apply(three(), |[a, b, c]| if holds(a) { b } else { c }),
        Operation::SelectEqual => N::apply(four(), |[a, b, c, d]| if a == b { c } else { d }),
        Operation::SelectNotEqual => N::apply(four(), |[a, b, c, d]| if a == b { d } else { c }),
        Operation::SelectLess => N::apply(four(), |[a, b, c, d]| if a < b { c } else { d }),
        Operation::SelectLessEqual => N::apply(four(), |[a, b, c, d]| if a <= b { c } else { d }),
        Operation::NegatedProduct => N::apply(two(), |[a, b]| -(a * b)),
        Operation::ProductPlusProduct => N::apply(four(), |[a, b, c, d]| a * b + c * d),
        Operation::ProductMinusProduct => N::apply(four(), |[a, b, c, d]| a * b - c * d),
        _ => three_together(operation, three()),
    }
}

/// Computes sums, products and quotients of three operands.
#[inline(always)]
pub(crate) fn three_together<N: Number>(operation: Operation, operands: [N; 3]) -> N {
    match operation {
        Operation::ProductPlus => N::apply(operands, |[a, b, c]| a * b + c),
        Operation::ProductMinus => N::apply(operands, |[a, b, c]| a * b - c),
        Operation::MinusProduct => N::apply(operands, |[a, b, c]| c - a * b),
        Operation::ProductTimes => N::apply(operands, |[a, b, c]| a * b * c),
        Operation::ProductOver => N::apply(operands, |[a, b, c]| a * b / c),
        Operation::QuotientTimes => N::apply(operands, |[a, b, c]| a / b * c),
        Operation::QuotientPlus => N::apply(operands, |[a, b, c]| a / b + c),
        Operation::QuotientMinus => N::apply(operands, |[a, b, c]| a / b - c),
        Operation::MinusQuotient => N::apply(operands, |[a, b, c]| c - a / b),
        Operation::OverSum => N::apply(operands, |[a, b, c]| c / (a + b)),
        Operation::SumTimes => N::apply(operands, |[a, b, c]| (a + b) * c),
        Operation::DifferenceTimes => N::apply(operands, |[a, b, c]| (a - b) * c),
        Operation::SumPlus => N::apply(operands, |[a, b, c]| a + b + c),
        Operation::SumMinus => N::apply(operands, |[a, b, c]| a + b - c),
        Operation::DifferenceMinus => N::apply(operands, |[a, b, c]| a - b - c),
        Operation::DifferencePlus => N::apply(operands, |[a, b, c]| a - b + c),
        Operation::MinusDifference => N::apply(operands, |[a, b, c]| c - (a - b)),
        Operation::MinusSum => N::apply(operands, |[a, b, c]| c - (a + b)),
        _ => unreachable!("`compute` does the others"),
    }
}

/// Calls a function of the mathematics.
#[inline(always)]
fn call<N: Number>(number: u32, a: N, b: impl Fn() -> N) -> N {
    match Function::ALL.get(number as usize).map(|function| function.implementation()) {
        Some(Implementation::One(function)) => N::apply([a], |[a]| function(a)),
        Some(Implementation::Two(function)) => N::apply([a, b()], |[a, b]| function(a, b)),
        None => a,
    }
}

/// Returns the number that stands for a truth value.
#[inline(always)]
fn number(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}

/// Returns the truth value that a number stands for.
#[inline(always)]
fn holds(number: f64) -> bool {
    number != 0.0
}

//! What each instruction computes.
#![allow(unsafe_code, reason = "operands are checked when the code is made, arrays before it runs")]
#![allow(
    clippy::inline_always,
    reason = "the loop is one function, written once for one subject and for several"
)]

use pmc_ir::{BinaryOperation, Comparison, UnaryOperation};

use crate::instruction::{Instruction, Operand, SPACES};

/// Applies functions to operands, for one subject or for several side by side.
trait Machine {
    fn one(&mut self, out: Operand, a: Operand, apply: impl Fn(f64) -> f64);
    fn two(&mut self, out: Operand, operands: [Operand; 2], apply: impl Fn(f64, f64) -> f64);
    fn three(&mut self, out: Operand, operands: [Operand; 3], apply: impl Fn(f64, f64, f64) -> f64);
    fn four(&mut self, out: Operand, operands: [Operand; 4], apply: impl Fn(f64, f64, f64, f64) -> f64);
}

/// The arrays of one subject, by the number of their space.
struct One([*mut f64; SPACES]);

/// Runs instructions on the arrays of one subject.
///
/// # Safety
///
/// Each array has the elements that the instructions name; what they write to may be written.
pub(crate) unsafe fn run(instructions: &[Instruction], arrays: [*mut f64; SPACES]) {
    execute(&mut One(arrays), instructions);
}

impl One {
    #[inline(always)]
    fn read(&self, operand: Operand) -> f64 {
        // SAFETY: the caller of `run` has promised that the element exists.
        unsafe { *self.0[operand.space()].add(operand.element()) }
    }

    #[inline(always)]
    fn write(&mut self, operand: Operand, value: f64) {
        // SAFETY: as above.
        unsafe { *self.0[operand.space()].add(operand.element()) = value }
    }
}

impl Machine for One {
    #[inline(always)]
    fn one(&mut self, out: Operand, a: Operand, apply: impl Fn(f64) -> f64) {
        self.write(out, apply(self.read(a)));
    }

    #[inline(always)]
    fn two(&mut self, out: Operand, [a, b]: [Operand; 2], apply: impl Fn(f64, f64) -> f64) {
        self.write(out, apply(self.read(a), self.read(b)));
    }

    #[inline(always)]
    fn three(&mut self, out: Operand, [a, b, c]: [Operand; 3], apply: impl Fn(f64, f64, f64) -> f64) {
        self.write(out, apply(self.read(a), self.read(b), self.read(c)));
    }

    #[inline(always)]
    fn four(&mut self, out: Operand, [a, b, c, d]: [Operand; 4], apply: impl Fn(f64, f64, f64, f64) -> f64) {
        self.write(out, apply(self.read(a), self.read(b), self.read(c), self.read(d)));
    }
}

/// Runs instructions one after the other.
#[inline(always)]
fn execute<M: Machine>(machine: &mut M, instructions: &[Instruction]) {
    for instruction in instructions {
        step(machine, *instruction);
    }
}

#[inline(always)]
fn step<M: Machine>(machine: &mut M, instruction: Instruction) {
    use BinaryOperation::{Add, Divide, Maximum, Minimum, Multiply, Subtract};
    match instruction {
        Instruction::Copy { out, a } => machine.one(out, a, |a| a),
        Instruction::Negate { out, a } => machine.one(out, a, |a| UnaryOperation::Negate.apply(a)),
        Instruction::Absolute { out, a } => machine.one(out, a, |a| UnaryOperation::Absolute.apply(a)),
        Instruction::SquareRoot { out, a } => machine.one(out, a, |a| UnaryOperation::SquareRoot.apply(a)),
        Instruction::Floor { out, a } => machine.one(out, a, |a| UnaryOperation::Floor.apply(a)),
        Instruction::Ceiling { out, a } => machine.one(out, a, |a| UnaryOperation::Ceiling.apply(a)),
        Instruction::Truncate { out, a } => machine.one(out, a, |a| UnaryOperation::Truncate.apply(a)),
        Instruction::Not { out, a } => machine.one(out, a, |a| number(!holds(a))),
        Instruction::Call { out, a, function } => machine.one(out, a, function),
        Instruction::Add { out, a, b } => machine.two(out, [a, b], |a, b| Add.apply(a, b)),
        Instruction::Subtract { out, a, b } => machine.two(out, [a, b], |a, b| Subtract.apply(a, b)),
        Instruction::Multiply { out, a, b } => machine.two(out, [a, b], |a, b| Multiply.apply(a, b)),
        Instruction::Divide { out, a, b } => machine.two(out, [a, b], |a, b| Divide.apply(a, b)),
        Instruction::Minimum { out, a, b } => machine.two(out, [a, b], |a, b| Minimum.apply(a, b)),
        Instruction::Maximum { out, a, b } => machine.two(out, [a, b], |a, b| Maximum.apply(a, b)),
        Instruction::And { out, a, b } => machine.two(out, [a, b], |a, b| number(holds(a) & holds(b))),
        Instruction::Or { out, a, b } => machine.two(out, [a, b], |a, b| number(holds(a) | holds(b))),
        Instruction::NegatedProduct { out, a, b } => machine.two(out, [a, b], |a, b| -(a * b)),
        Instruction::CallTwo { out, a, b, function } => machine.two(out, [a, b], function),
        Instruction::Compare { comparison, out, a, b } => compare(machine, comparison, out, [a, b]),
        Instruction::Select { out, a, b, c } => {
            machine.three(out, [a, b, c], |a, b, c| if holds(a) { b } else { c });
        }
        Instruction::CompareSelect { comparison, out, a, b, c, d } => {
            compare_select(machine, comparison, out, [a, b, c, d]);
        }
        Instruction::ProductPlus { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a * b + c),
        Instruction::ProductMinus { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a * b - c),
        Instruction::MinusProduct { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| c - a * b),
        Instruction::ProductTimes { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a * b * c),
        Instruction::ProductOver { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a * b / c),
        Instruction::QuotientTimes { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a / b * c),
        Instruction::QuotientPlus { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a / b + c),
        Instruction::MinusQuotient { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| c - a / b),
        Instruction::OverSum { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| c / (a + b)),
        Instruction::SumTimes { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| (a + b) * c),
        Instruction::DifferenceTimes { out, a, b, c } => {
            machine.three(out, [a, b, c], |a, b, c| (a - b) * c);
        }
        Instruction::SumPlus { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a + b + c),
        Instruction::SumMinus { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a + b - c),
        Instruction::DifferenceMinus { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a - b - c),
        Instruction::DifferencePlus { out, a, b, c } => machine.three(out, [a, b, c], |a, b, c| a - b + c),
    }
}

/// Compares two operands.
#[inline(always)]
fn compare<M: Machine>(machine: &mut M, comparison: Comparison, out: Operand, operands: [Operand; 2]) {
    macro_rules! by {
        ($($comparison:ident)*) => {
            match comparison {
                $(Comparison::$comparison => {
                    machine.two(out, operands, |a, b| number(Comparison::$comparison.apply(a, b)));
                })*
            }
        };
    }
    by!(Equal NotEqual Less LessEqual Greater GreaterEqual);
}

/// Takes the third operand if a comparison of the first two holds, else the fourth.
#[inline(always)]
fn compare_select<M: Machine>(machine: &mut M, comparison: Comparison, out: Operand, operands: [Operand; 4]) {
    macro_rules! by {
        ($($comparison:ident)*) => {
            match comparison {
                $(Comparison::$comparison => machine.four(out, operands, |a, b, c, d| {
                    if Comparison::$comparison.apply(a, b) { c } else { d }
                }),)*
            }
        };
    }
    by!(Equal NotEqual Less LessEqual Greater GreaterEqual);
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

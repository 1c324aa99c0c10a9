//! What each instruction computes.
#![allow(unsafe_code, reason = "registers are numbered when the code is made, and counted before it runs")]
#![allow(clippy::inline_always, reason = "the loop is written once, for one subject and for several")]

use pmc_ir::{BinaryOperation, Comparison, Function, Implementation, UnaryOperation};

use pmc_kernel::lanes::{LANES, Lanes};

use crate::instruction::{Instruction, Operation, Register, Stride};

/// Applies functions to registers, for one subject or for several side by side.
trait Machine {
    fn one(&mut self, instruction: &Instruction, apply: impl Fn(f64) -> f64);
    fn two(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64) -> f64);
    fn three(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64, f64) -> f64);
    fn four(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64, f64, f64) -> f64);
    /// Applies a function again and again to two operands and its last result, which is not written in between: from
    /// memory it would come several times later than the function takes.
    fn accumulate(&mut self, by: &Instruction, first: &Instruction, apply: impl Fn(f64, f64, f64) -> f64);
}

/// The registers of one subject.
#[derive(Clone, Copy)]
struct One(*mut f64);

/// Runs instructions on the registers of one subject.
///
/// # Safety
///
/// All registers that the instructions name exist and are nobody else's for the time of the call.
#[inline]
pub(crate) unsafe fn run(instructions: &[Instruction], registers: *mut f64) {
    execute(&mut One(registers), instructions);
}

/// The registers of several subjects.
#[derive(Clone, Copy)]
struct Abreast(*mut Lanes);

/// Runs instructions on the registers of several subjects.
///
/// # Safety
///
/// As for [`run`].
pub(crate) unsafe fn run_abreast(instructions: &[Instruction], registers: *mut Lanes) {
    execute(&mut Abreast(registers), instructions);
}

impl Abreast {
    #[inline(always)]
    fn read(&self, register: Register) -> [f64; LANES] {
        // SAFETY: the caller of `run_abreast` has promised that the register exists.
        unsafe { (*self.0.add(register as usize)).0 }
    }

    #[inline(always)]
    fn write(&mut self, register: Register, value: impl Fn(usize) -> f64) {
        // Computed before it is written: the result may go to the register of an operand.
        let values = Lanes(core::array::from_fn(value));
        // SAFETY: as above.
        unsafe { *self.0.add(register as usize) = values };
    }
}

impl Machine for Abreast {
    #[inline(always)]
    fn one(&mut self, instruction: &Instruction, apply: impl Fn(f64) -> f64) {
        let a = self.read(instruction.operands[0]);
        self.write(instruction.out, |lane| apply(a[lane]));
    }

    #[inline(always)]
    fn two(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64) -> f64) {
        let [a, b, ..] = instruction.operands;
        let (a, b) = (self.read(a), self.read(b));
        self.write(instruction.out, |lane| apply(a[lane], b[lane]));
    }

    #[inline(always)]
    fn three(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64, f64) -> f64) {
        let [a, b, c, _] = instruction.operands;
        let (a, b, c) = (self.read(a), self.read(b), self.read(c));
        self.write(instruction.out, |lane| apply(a[lane], b[lane], c[lane]));
    }

    #[inline(always)]
    fn four(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64, f64, f64) -> f64) {
        let [a, b, c, d] = instruction.operands.map(|register| self.read(register));
        self.write(instruction.out, |lane| apply(a[lane], b[lane], c[lane], d[lane]));
    }

    #[inline(always)]
    fn accumulate(&mut self, by: &Instruction, first: &Instruction, apply: impl Fn(f64, f64, f64) -> f64) {
        let [mut a, mut b, ..] = first.operands;
        let mut sum = self.read(first.out);
        for _ in 0..by.out {
            let (one, other) = (self.read(a), self.read(b));
            sum = core::array::from_fn(|lane| apply(one[lane], other[lane], sum[lane]));
            (a, b) = (a.wrapping_add(by.operands[0]), b.wrapping_add(by.operands[1]));
        }
        self.write(first.out, |lane| sum[lane]);
    }
}

impl One {
    #[inline(always)]
    fn read(&self, register: Register) -> f64 {
        // SAFETY: the caller of `run` has promised that the register exists.
        unsafe { *self.0.add(register as usize) }
    }

    #[inline(always)]
    fn write(&mut self, register: Register, value: f64) {
        // SAFETY: as above.
        unsafe { *self.0.add(register as usize) = value }
    }
}

impl Machine for One {
    #[inline(always)]
    fn one(&mut self, instruction: &Instruction, apply: impl Fn(f64) -> f64) {
        let [a, ..] = instruction.operands;
        self.write(instruction.out, apply(self.read(a)));
    }

    #[inline(always)]
    fn two(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64) -> f64) {
        let [a, b, ..] = instruction.operands;
        self.write(instruction.out, apply(self.read(a), self.read(b)));
    }

    #[inline(always)]
    fn three(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64, f64) -> f64) {
        let [a, b, c, _] = instruction.operands;
        self.write(instruction.out, apply(self.read(a), self.read(b), self.read(c)));
    }

    #[inline(always)]
    fn four(&mut self, instruction: &Instruction, apply: impl Fn(f64, f64, f64, f64) -> f64) {
        let [a, b, c, d] = instruction.operands;
        self.write(instruction.out, apply(self.read(a), self.read(b), self.read(c), self.read(d)));
    }

    #[inline(always)]
    fn accumulate(&mut self, by: &Instruction, first: &Instruction, apply: impl Fn(f64, f64, f64) -> f64) {
        let [mut a, mut b, ..] = first.operands;
        let mut sum = self.read(first.out);
        for _ in 0..by.out {
            sum = apply(self.read(a), self.read(b), sum);
            (a, b) = (a.wrapping_add(by.operands[0]), b.wrapping_add(by.operands[1]));
        }
        self.write(first.out, sum);
    }
}

/// Registers that move on while an instruction is repeated.
struct Repeating<'m, M> {
    machine: &'m mut M,
    times: u32,
    stride: Stride,
}

impl<M: Machine> Repeating<'_, M> {
    #[inline(always)]
    fn repeat(&mut self, first: &Instruction, mut run: impl FnMut(&mut M, &Instruction)) {
        let mut at = *first;
        for _ in 0..self.times {
            run(self.machine, &at);
            at = at.advanced(self.stride);
        }
    }
}

impl<M: Machine> Machine for Repeating<'_, M> {
    #[inline(always)]
    fn one(&mut self, first: &Instruction, apply: impl Fn(f64) -> f64) {
        self.repeat(first, |machine, at| machine.one(at, &apply));
    }

    #[inline(always)]
    fn two(&mut self, first: &Instruction, apply: impl Fn(f64, f64) -> f64) {
        self.repeat(first, |machine, at| machine.two(at, &apply));
    }

    #[inline(always)]
    fn three(&mut self, first: &Instruction, apply: impl Fn(f64, f64, f64) -> f64) {
        self.repeat(first, |machine, at| machine.three(at, &apply));
    }

    #[inline(always)]
    fn four(&mut self, first: &Instruction, apply: impl Fn(f64, f64, f64, f64) -> f64) {
        self.repeat(first, |machine, at| machine.four(at, &apply));
    }

    fn accumulate(&mut self, _: &Instruction, _: &Instruction, _: impl Fn(f64, f64, f64) -> f64) {
        unreachable!("repetitions are not nested")
    }
}

/// Runs instructions one after the other.
#[inline(always)]
fn execute<M: Machine + Copy>(machine: &mut M, instructions: &[Instruction]) {
    let mut rest = instructions.iter();
    while let Some(at) = rest.next() {
        match at.operation {
            Operation::Repeat | Operation::Accumulate => {
                if let Some(first) = rest.next() {
                    repeat(*machine, at, first);
                }
            }
            _ => step(machine, at),
        }
    }
}

/// Runs an instruction again and again.
///
/// Out of line, and with a machine of its own, so that the loop above keeps its own in a register.
#[inline(never)]
fn repeat<M: Machine + Copy>(mut machine: M, by: &Instruction, first: &Instruction) {
    if by.operation == Operation::Accumulate {
        return accumulate(&mut machine, by, first);
    }
    let stride = Stride { out: 1, operands: by.operands };
    step(&mut Repeating { machine: &mut machine, times: by.out, stride }, first);
}

/// Adds up products or quotients.
#[inline(always)]
fn accumulate<M: Machine>(machine: &mut M, by: &Instruction, first: &Instruction) {
    match first.operation {
        Operation::ProductPlus => machine.accumulate(by, first, |a, b, c| a * b + c),
        Operation::MinusProduct => machine.accumulate(by, first, |a, b, c| c - a * b),
        Operation::QuotientPlus => machine.accumulate(by, first, |a, b, c| a / b + c),
        Operation::MinusQuotient => machine.accumulate(by, first, |a, b, c| c - a / b),
        _ => unreachable!("`repeat` leaves others alone"),
    }
}

#[inline(always)]
fn step<M: Machine>(machine: &mut M, at: &Instruction) {
    match at.operation {
        Operation::Copy => machine.one(at, |a| a),
        Operation::Negate => machine.one(at, |a| UnaryOperation::Negate.apply(a)),
        Operation::Absolute => machine.one(at, |a| UnaryOperation::Absolute.apply(a)),
        Operation::SquareRoot => machine.one(at, |a| UnaryOperation::SquareRoot.apply(a)),
        Operation::Floor => machine.one(at, |a| UnaryOperation::Floor.apply(a)),
        Operation::Ceiling => machine.one(at, |a| UnaryOperation::Ceiling.apply(a)),
        Operation::Truncate => machine.one(at, |a| UnaryOperation::Truncate.apply(a)),
        Operation::Not => machine.one(at, |a| number(!holds(a))),
        Operation::Call | Operation::CallTwo => call(machine, at),
        Operation::Add => machine.two(at, |a, b| a + b),
        Operation::Subtract => machine.two(at, |a, b| a - b),
        Operation::Multiply => machine.two(at, |a, b| a * b),
        Operation::Divide => machine.two(at, |a, b| a / b),
        Operation::Minimum => machine.two(at, |a, b| BinaryOperation::Minimum.apply(a, b)),
        Operation::Maximum => machine.two(at, |a, b| BinaryOperation::Maximum.apply(a, b)),
        Operation::And => machine.two(at, |a, b| number(holds(a) & holds(b))),
        Operation::Or => machine.two(at, |a, b| number(holds(a) | holds(b))),
        Operation::Equal => machine.two(at, |a, b| number(Comparison::Equal.apply(a, b))),
        Operation::NotEqual => machine.two(at, |a, b| number(Comparison::NotEqual.apply(a, b))),
        Operation::Less => machine.two(at, |a, b| number(Comparison::Less.apply(a, b))),
        Operation::LessEqual => machine.two(at, |a, b| number(Comparison::LessEqual.apply(a, b))),
        Operation::Select => machine.three(at, |a, b, c| if holds(a) { b } else { c }),
        Operation::SelectEqual => machine.four(at, |a, b, c, d| if a == b { c } else { d }),
        Operation::SelectNotEqual => machine.four(at, |a, b, c, d| if a == b { d } else { c }),
        Operation::SelectLess => machine.four(at, |a, b, c, d| if a < b { c } else { d }),
        Operation::SelectLessEqual => machine.four(at, |a, b, c, d| if a <= b { c } else { d }),
        _ => fused(machine, at),
    }
}

/// Sums, products and quotients of three or four operands.
#[inline(always)]
fn fused<M: Machine>(machine: &mut M, at: &Instruction) {
    match at.operation {
        Operation::NegatedProduct => machine.two(at, |a, b| -(a * b)),
        Operation::ProductPlus => machine.three(at, |a, b, c| a * b + c),
        Operation::ProductMinus => machine.three(at, |a, b, c| a * b - c),
        Operation::MinusProduct => machine.three(at, |a, b, c| c - a * b),
        Operation::ProductTimes => machine.three(at, |a, b, c| a * b * c),
        Operation::ProductOver => machine.three(at, |a, b, c| a * b / c),
        Operation::QuotientTimes => machine.three(at, |a, b, c| a / b * c),
        Operation::QuotientPlus => machine.three(at, |a, b, c| a / b + c),
        Operation::QuotientMinus => machine.three(at, |a, b, c| a / b - c),
        Operation::MinusQuotient => machine.three(at, |a, b, c| c - a / b),
        Operation::OverSum => machine.three(at, |a, b, c| c / (a + b)),
        Operation::SumTimes => machine.three(at, |a, b, c| (a + b) * c),
        Operation::DifferenceTimes => machine.three(at, |a, b, c| (a - b) * c),
        Operation::SumPlus => machine.three(at, |a, b, c| a + b + c),
        Operation::SumMinus => machine.three(at, |a, b, c| a + b - c),
        Operation::DifferenceMinus => machine.three(at, |a, b, c| a - b - c),
        Operation::DifferencePlus => machine.three(at, |a, b, c| a - b + c),
        Operation::MinusDifference => machine.three(at, |a, b, c| c - (a - b)),
        Operation::MinusSum => machine.three(at, |a, b, c| c - (a + b)),
        Operation::ProductPlusProduct => machine.four(at, |a, b, c, d| a * b + c * d),
        Operation::ProductMinusProduct => machine.four(at, |a, b, c, d| a * b - c * d),
        _ => unreachable!("`execute` and `step` do the others"),
    }
}

/// Calls a function of the mathematics.
#[inline(always)]
fn call<M: Machine>(machine: &mut M, at: &Instruction) {
    let [_, second, third, _] = at.operands;
    let number = if at.operation == Operation::Call { second } else { third };
    let function = Function::ALL.get(number as usize).map(|function| function.implementation());
    match function {
        Some(Implementation::One(function)) => machine.one(at, function),
        Some(Implementation::Two(function)) => machine.two(at, function),
        None => {}
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

//! One instruction or a few for each operation.

use pmc_ir::{BinaryOperation, Comparison, Logic, UnaryOperation};
use wasm_encoder::{InstructionSink, MemArg, MemArgTarget};

/// Returns the immediate of an aligned access to an `f64` at an offset in bytes.
pub(super) fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 3, target: MemArgTarget::Memory(0), ordering: None }
}

/// Writes an operation on one operand.
pub(super) fn unary(sink: &mut InstructionSink<'_>, operation: UnaryOperation) {
    match operation {
        UnaryOperation::Negate => sink.f64_neg(),
        UnaryOperation::Absolute => sink.f64_abs(),
        UnaryOperation::SquareRoot => sink.f64_sqrt(),
        UnaryOperation::Floor => sink.f64_floor(),
        UnaryOperation::Ceiling => sink.f64_ceil(),
        UnaryOperation::Truncate => sink.f64_trunc(),
        UnaryOperation::Not => sink.i32_eqz(),
    };
}

/// Writes an operation on two reals.
pub(super) fn binary(sink: &mut InstructionSink<'_>, operation: BinaryOperation) {
    match operation {
        BinaryOperation::Add => sink.f64_add(),
        BinaryOperation::Subtract => sink.f64_sub(),
        BinaryOperation::Multiply => sink.f64_mul(),
        BinaryOperation::Divide => sink.f64_div(),
        BinaryOperation::Minimum => sink.f64_min(),
        BinaryOperation::Maximum => sink.f64_max(),
    };
}

/// Writes a comparison of two reals.
pub(super) fn compare(sink: &mut InstructionSink<'_>, comparison: Comparison) {
    match comparison {
        Comparison::Equal => sink.f64_eq(),
        Comparison::NotEqual => sink.f64_ne(),
        Comparison::Less => sink.f64_lt(),
        Comparison::LessEqual => sink.f64_le(),
        Comparison::Greater => sink.f64_gt(),
        Comparison::GreaterEqual => sink.f64_ge(),
    };
}

/// Writes a connective of two Booleans.
pub(super) fn logic(sink: &mut InstructionSink<'_>, logic: Logic) {
    match logic {
        Logic::And => sink.i32_and(),
        Logic::Or => sink.i32_or(),
    };
}

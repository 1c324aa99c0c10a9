//! Runs of one operation over registers at equal distances, as arrays make them.

use crate::instruction::{Instruction, Operation, Stride};

/// Runs shorter than this are cheaper one by one.
const SHORTEST: usize = 4;

/// Puts one instruction and how often to repeat it in place of each run.
///
/// A run does in order what its instructions do, so that one may read what the one before it has written.
pub(crate) fn repeat(instructions: &[Instruction]) -> Box<[Instruction]> {
    let mut written = Vec::with_capacity(instructions.len());
    let mut rest = instructions;
    while let [first, ..] = rest {
        let (length, stride) = run(rest);
        let done = if let Some(operation) = repetition(&rest[..length], stride) {
            let operands = stride.operands;
            written.push(Instruction { operation, function: 0, out: length as u32, operands });
            written.push(*first);
            length
        } else {
            // The last one may start a run of its own, those before it do not.
            let done = length.saturating_sub(1).max(1);
            written.extend_from_slice(&rest[..done]);
            done
        };
        rest = &rest[done..];
    }
    written.into_boxed_slice()
}

/// Returns the length of the run that instructions start with, and its stride.
fn run(instructions: &[Instruction]) -> (usize, Stride) {
    let [first, second, ..] = instructions else {
        return (instructions.len(), Stride { out: 0, operands: [0; 4] });
    };
    let stride = first.distance(second);
    let goes_on = |pair: &&[Instruction]| {
        let same = pair[0].operation == pair[1].operation && pair[0].function == pair[1].function;
        same && pair[0].distance(&pair[1]) == stride
    };
    (1 + instructions.windows(2).take_while(goes_on).count(), stride)
}

/// Returns the operation that repeats a run, if there is one and it pays.
fn repetition(run: &[Instruction], stride: Stride) -> Option<Operation> {
    if run.len() < SHORTEST {
        return None;
    }
    let adds_up = |at: &Instruction| {
        let [a, b, c, _] = at.operands;
        at.operation.accumulates() && c == at.out && a != at.out && b != at.out
    };
    match stride.out {
        1 => Some(Operation::Repeat),
        0 if run.iter().all(adds_up) => Some(Operation::Accumulate),
        _ => None,
    }
}

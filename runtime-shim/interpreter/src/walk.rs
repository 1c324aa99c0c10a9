//! A program as a loop over its instructions: what runs where many small functions cost too much room, and a call of a
//! function that is looked up costs more than a branch, as in WebAssembly.
//!
//! Does what `chain` does, which is two to three times faster where processors run it.
#![allow(unsafe_code, reason = "registers are numbered when the code is made, and counted before it runs")]

use core::marker::PhantomData;

use crate::compute::{Number, compute};
use crate::instruction::{Arrays, Instruction, units};

/// Instructions with where arrays go.
#[derive(Clone, Debug)]
pub(crate) struct Walk<N> {
    instructions: Box<[Instruction]>,
    arrays: Arrays,
    number: PhantomData<N>,
}

impl<N: Number> Walk<N> {
    /// Takes instructions over.
    pub(crate) fn new(instructions: &[Instruction], arrays: Arrays) -> Self {
        Self { instructions: instructions.into(), arrays, number: PhantomData }
    }

    /// Loads the states and runs it; results go to `out`.
    ///
    /// # Safety
    ///
    /// All registers that the instructions name and all states exist, and there is room for all results; they are nobody
    /// else's for the time of the call. `out` may be where the registers of the results are.
    pub(crate) unsafe fn run(&self, registers: *mut N, out: *mut N, states: *const N) {
        let Arrays { states: first, count, results, places } = self.arrays;
        // SAFETY: what the caller has promised.
        unsafe {
            core::ptr::copy_nonoverlapping(states, registers.add(first as usize), count as usize);
            for unit in units(&self.instructions) {
                let stride = unit.stride();
                let Instruction { operation, function, mut out, mut operands } = *unit.first;
                for _ in 0..unit.times() {
                    let read = |operand: usize| *registers.add(operands[operand] as usize);
                    *registers.add(out as usize) = compute(operation, || function, read);
                    out = out.wrapping_add(stride.out);
                    operands =
                        core::array::from_fn(|place| operands[place].wrapping_add(stride.operands[place]));
                }
            }
            core::ptr::copy(registers.add(results as usize), out, places);
        }
    }
}

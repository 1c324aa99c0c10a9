//! The right-hand side of several subjects at once.
#![allow(unsafe_code, reason = "registers are counted here, before code runs on them")]

use std::sync::Arc;

use pmc_kernel::lanes::{LANES, LaneModel, Lanes};

use crate::program::Program;
use crate::scalar::Interpreter;
use crate::tape::Tape;

/// Registers for the right-hand side of several subjects.
pub struct LaneInterpreter {
    tape: Arc<Tape>,
    program: Program<Lanes>,
    registers: Vec<Lanes>,
    /// Whose frame each lane holds, and in which state.
    holds: [(*const Interpreter, u64); LANES],
}

impl LaneInterpreter {
    /// Makes registers for a tape.
    pub fn new(tape: Arc<Tape>) -> Self {
        let code = &tape.functions.derivatives;
        let mut registers = vec![Lanes::all(0.0); code.registers];
        for (register, constant) in registers.iter_mut().zip(&code.constants) {
            *register = Lanes::all(*constant);
        }
        let program = Program::new(&code.instructions, code.arrays);
        Self { program, registers, holds: [(core::ptr::null(), 0); LANES], tape }
    }
}

impl LaneModel<Interpreter> for LaneInterpreter {
    fn take_over(&mut self, lane: usize, model: &Interpreter, frame: &[f64]) {
        let holds = (core::ptr::from_ref(model), model.version());
        let Some(held) = self.holds.get_mut(lane).filter(|held| **held != holds) else { return };
        *held = holds;
        let code = &self.tape.functions.derivatives;
        for (register, element) in self.registers.iter_mut().skip(code.constants.len()).zip(&code.frame) {
            register.0[lane] = frame[*element as usize];
        }
    }

    fn derivatives(&mut self, t: Lanes, state: &[Lanes], out: &mut [Lanes]) {
        let code = &self.tape.functions.derivatives;
        let time = code.time as usize;
        assert!(
            code.arrays.count as usize <= state.len() && code.places.len() <= out.len(),
            "states and results have room"
        );
        self.registers[time] = t;
        // SAFETY: there are as many registers as the code names, and they are borrowed.
        unsafe { self.program.run(self.registers.as_mut_ptr(), out.as_mut_ptr(), state.as_ptr()) };
    }
}

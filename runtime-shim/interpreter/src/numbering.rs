//! From places by kind to numbers of registers.

use std::collections::BTreeMap;

use pmc_backend::Place;
use pmc_ir::{Expr, Handle};

use crate::instruction::{Arrays, Instruction, Register};
use crate::program::Program;
use crate::repeat::repeat;
use crate::translate::{Code, Draft};

/// Where a value stands while a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// Among the constants.
    Constant(u32),
    /// Among the elements of the frame that the function reads.
    Frame(u32),
    /// Time.
    Time,
    /// A state.
    State(u32),
    /// A result.
    Result(u32),
    /// On its way.
    Temporary(u32),
}

/// What the registers of a function hold when it starts.
#[derive(Default)]
pub(crate) struct Numbering {
    constants: Vec<f64>,
    /// The place of each constant by its bits.
    constant_places: BTreeMap<u64, u32>,
    frame: Vec<u32>,
    /// The place of each element of the frame; wide keys, so that both maps share their code.
    frame_places: BTreeMap<u64, u32>,
    states: u32,
}

impl Numbering {
    /// Returns the place of a constant.
    pub(crate) fn constant(&mut self, value: f64) -> Operand {
        let constants = &mut self.constants;
        Operand::Constant(*self.constant_places.entry(value.to_bits()).or_insert_with(|| {
            constants.push(value);
            constants.len() as u32 - 1
        }))
    }

    /// Returns the place of an element of the frame.
    pub(crate) fn frame(&mut self, element: u32) -> Operand {
        let frame = &mut self.frame;
        Operand::Frame(*self.frame_places.entry(u64::from(element)).or_insert_with(|| {
            frame.push(element);
            frame.len() as u32 - 1
        }))
    }

    /// Returns the place of a state.
    pub(crate) fn state(&mut self, state: u32) -> Operand {
        self.states = self.states.max(state + 1);
        Operand::State(state)
    }

    /// Numbers all registers.
    pub(crate) fn finish(
        self,
        drafts: &[Draft],
        results: &[(Place, Handle<Expr>)],
        temporaries: u32,
    ) -> Code {
        let frame = self.constants.len() as u32;
        let time = frame + self.frame.len() as u32;
        let first_result = time + 1 + self.states;
        // One apart, so that no run of registers holds both.
        let first_temporary = first_result + results.len() as u32 + 1;
        let register = |operand: Operand| -> Register {
            match operand {
                Operand::Constant(place) => place,
                Operand::Frame(place) => frame + place,
                Operand::Time => time,
                Operand::State(place) => time + 1 + place,
                Operand::Result(place) => first_result + place,
                Operand::Temporary(place) => first_temporary + place,
            }
        };
        let instruction = |draft: &Draft| Instruction {
            operation: draft.operation,
            function: draft.function,
            out: register(draft.out),
            operands: draft.operands.map(|operand| operand.map_or(0, register)),
        };
        let plain: Vec<Instruction> = drafts.iter().map(instruction).collect();
        let registers = first_temporary + temporaries;
        for Instruction { out, operands, .. } in &plain {
            // What runs instructions trusts in this.
            assert!(operands.iter().fold(*out, |last, operand| last.max(*operand)) < registers);
        }
        let instructions = repeat(&plain);
        let arrays =
            Arrays { states: time + 1, count: self.states, results: first_result, places: results.len() };
        Code {
            program: Program::new(&instructions, arrays),
            instructions,
            arrays,
            constants: self.constants.into_boxed_slice(),
            frame: self.frame.into_boxed_slice(),
            time,
            places: results.iter().map(|(place, _)| *place).collect(),
            registers: registers as usize,
        }
    }
}

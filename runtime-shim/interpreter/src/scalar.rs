//! The kernel's model for one subject.
#![allow(unsafe_code, reason = "arrays are checked here, before code runs on them")]

use core::cell::UnsafeCell;
use std::sync::Arc;

use pmc_abi::descriptor::Descriptor;
use pmc_kernel::Model;

use crate::execute;
use crate::instruction::{SPACES, Space};
use crate::tape::Tape;
use crate::translate::Code;

/// A tape with registers of its own.
pub struct Interpreter {
    tape: Arc<Tape>,
    registers: UnsafeCell<Box<[f64]>>,
}

/// The arrays of one call beside registers and constants.
struct Arrays<'a> {
    frame: *mut f64,
    frame_length: usize,
    state: &'a [f64],
    out: &'a mut [f64],
    time_derivative: &'a mut [f64],
}

impl Interpreter {
    /// Makes registers for a tape.
    pub fn new(tape: Arc<Tape>) -> Self {
        let registers = vec![0.0; tape.registers].into_boxed_slice();
        Self { tape, registers: UnsafeCell::new(registers) }
    }

    /// Returns the tape.
    pub fn tape(&self) -> &Arc<Tape> {
        &self.tape
    }

    /// Runs code that writes to the frame.
    fn stage(&self, code: &Code, t: f64, frame: &mut [f64]) {
        let (frame, frame_length) = (frame.as_mut_ptr(), frame.len());
        self.run(code, t, Arrays { frame, frame_length, state: &[], out: &mut [], time_derivative: &mut [] });
    }

    /// Runs code that writes to the results only.
    fn evaluate(&self, code: &Code, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        // Only code of stages writes to the frame.
        let (frame, frame_length) = (frame.as_ptr().cast_mut(), frame.len());
        self.run(code, t, Arrays { frame, frame_length, state, out, time_derivative: &mut [] });
    }

    fn run(&self, code: &Code, mut t: f64, arrays: Arrays<'_>) {
        let Arrays { frame, frame_length, state, out, time_derivative } = arrays;
        let has = |space: Space, length: usize| code.extent[space as usize] <= length;
        assert!(
            has(Space::Frame, frame_length)
                && has(Space::State, state.len())
                && has(Space::Out, out.len())
                && has(Space::TimeDerivative, time_derivative.len()),
            "the kernel gives arrays of the lengths of the descriptor"
        );
        let mut bases = [core::ptr::null_mut(); SPACES];
        // SAFETY: code borrows the registers for the length of a call, and no call makes another.
        bases[Space::Register as usize] = unsafe { (*self.registers.get()).as_mut_ptr() };
        bases[Space::Frame as usize] = frame;
        bases[Space::State as usize] = state.as_ptr().cast_mut();
        bases[Space::Out as usize] = out.as_mut_ptr();
        bases[Space::TimeDerivative as usize] = time_derivative.as_mut_ptr();
        bases[Space::Time as usize] = &raw mut t;
        bases[Space::Constant as usize] = self.tape.constants.as_ptr().cast_mut();
        // SAFETY: the lengths have been checked above, registers and constants belong to the code's own tape, and
        // translation writes to registers and to the places of results alone.
        unsafe { execute::run(&code.instructions, bases) };
    }
}

impl Model for Interpreter {
    fn descriptor(&self) -> Descriptor<'_> {
        self.tape.description.descriptor()
    }

    fn stage_parameters(&self, frame: &mut [f64]) {
        self.stage(&self.tape.functions.stage_parameters, f64::NAN, frame);
    }

    fn stage_covariates(&self, frame: &mut [f64]) {
        self.stage(&self.tape.functions.stage_covariates, f64::NAN, frame);
    }

    fn stage_event(&self, frame: &mut [f64]) {
        self.stage(&self.tape.functions.stage_event, f64::NAN, frame);
    }

    fn stage_interpolated(&self, t: f64, frame: &mut [f64]) {
        self.stage(&self.tape.functions.stage_interpolated, t, frame);
    }

    fn initial(&self, t: f64, frame: &[f64], state: &mut [f64]) {
        self.evaluate(&self.tape.functions.initial, t, frame, &[], state);
    }

    #[inline]
    fn derivatives(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        self.evaluate(&self.tape.functions.derivatives, t, frame, state, out);
    }

    fn jacobian(
        &self,
        t: f64,
        frame: &[f64],
        state: &[f64],
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        let (frame, frame_length) = (frame.as_ptr().cast_mut(), frame.len());
        let arrays = Arrays { frame, frame_length, state, out: matrix, time_derivative };
        self.run(&self.tape.functions.jacobian, t, arrays);
    }

    fn outputs(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        self.evaluate(&self.tape.functions.outputs, t, frame, state, out);
    }

    fn route_property(&self, t: f64, frame: &[f64], route: u32, property: u32) -> f64 {
        let mut out = [f64::NAN];
        let found = self.tape.properties.iter().find(|(of, number, _)| (*of, *number) == (route, property));
        if let Some((_, _, code)) = found {
            self.evaluate(code, t, frame, &[], &mut out);
        }
        out[0]
    }

    fn variables(&self, t: f64, frame: &[f64], out: &mut [f64]) {
        self.evaluate(&self.tape.functions.variables, t, frame, &[], out);
    }

    fn event_times(&self, t: f64, frame: &[f64], out: &mut [f64]) {
        self.evaluate(&self.tape.functions.event_times, t, frame, &[], out);
    }

    fn event_conditions(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        self.evaluate(&self.tape.functions.event_conditions, t, frame, state, out);
    }

    fn event_effects(&self, t: f64, frame: &[f64], state: &[f64], event: u32, out: &mut [f64]) {
        if let Some(code) = self.tape.effects.get(event as usize) {
            self.evaluate(code, t, frame, state, out);
        }
    }

    fn diffusion(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        self.evaluate(&self.tape.functions.diffusion, t, frame, state, out);
    }
}

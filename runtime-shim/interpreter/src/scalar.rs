//! The kernel's model for one subject.
#![allow(unsafe_code, reason = "registers are counted here, before code runs on them")]

use core::cell::{Cell, RefCell, RefMut, UnsafeCell};
use std::sync::Arc;

use pmc_abi::descriptor::Descriptor;
use pmc_backend::Place;
use pmc_kernel::Model;

use crate::tape::Tape;
use crate::translate::Code;

/// A tape with registers of its own.
///
/// The right-hand side, which solvers ask for most often, does not look at the frame again before
/// [`stage_interpolated`](Model::stage_interpolated) is called, which the kernel does last after each change of the frame.
pub struct Interpreter {
    tape: Arc<Tape>,
    /// Registers of the right-hand side.
    derivatives: UnsafeCell<Box<[f64]>>,
    /// Registers of whatever else runs.
    others: RefCell<Vec<f64>>,
    /// How often the frame has changed.
    version: Cell<u64>,
}

impl Interpreter {
    /// Makes registers for a tape.
    pub fn new(tape: Arc<Tape>) -> Self {
        let code = &tape.functions.derivatives;
        let mut registers = vec![0.0; code.registers].into_boxed_slice();
        registers[..code.constants.len()].copy_from_slice(&code.constants);
        Self {
            derivatives: UnsafeCell::new(registers),
            others: RefCell::default(),
            version: Cell::new(0),
            tape,
        }
    }

    /// Returns the tape.
    pub fn tape(&self) -> &Arc<Tape> {
        &self.tape
    }

    /// Returns a number that is another one after each change of the frame.
    pub(crate) fn version(&self) -> u64 {
        self.version.get()
    }

    /// Runs code and returns the registers.
    fn run(&self, code: &Code, t: f64, frame: &[f64], state: &[f64]) -> RefMut<'_, Vec<f64>> {
        let mut registers = self.others.borrow_mut();
        if registers.len() < code.registers {
            registers.resize(code.registers, 0.0);
        }
        let (constants, rest) = registers.split_at_mut(code.constants.len());
        constants.copy_from_slice(&code.constants);
        load(rest, &code.frame, frame);
        registers[code.time as usize] = t;
        assert!(code.arrays.count as usize <= state.len(), "there are as many states as the code reads");
        // SAFETY: there are as many registers as the code names, and they are borrowed; so are the states.
        unsafe {
            let registers = registers.as_mut_ptr();
            code.program.run(registers, registers.add(code.arrays.results as usize), state.as_ptr());
        }
        registers
    }

    /// Runs code that writes to the frame.
    fn stage(&self, code: &Code, t: f64, frame: &mut [f64]) {
        if code.places.is_empty() {
            return;
        }
        let registers = self.run(code, t, frame, &[]);
        for (place, result) in code.results(&registers) {
            if let Place::Frame(element) = place {
                frame[element as usize] = result;
            }
        }
    }

    /// Runs code that writes to an array.
    fn evaluate(&self, code: &Code, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let registers = self.run(code, t, frame, state);
        for (place, result) in code.results(&registers) {
            if let Place::Out(element) = place {
                out[element as usize] = result;
            }
        }
    }

    /// Returns whether the registers of the right-hand side hold what the frame holds.
    fn mirrors(&self, frame: &[f64]) -> bool {
        let code = &self.tape.functions.derivatives;
        // SAFETY: nothing else uses the registers during the call.
        let registers = unsafe { &*self.derivatives.get() };
        let held = &registers[code.constants.len()..];
        let same = |(element, held): (&u32, &f64)| frame[*element as usize].to_bits() == held.to_bits();
        code.frame.iter().zip(held).all(same)
    }
}

impl Code {
    /// Returns the results with their places.
    fn results<'r>(&'r self, registers: &'r [f64]) -> impl Iterator<Item = (Place, f64)> + 'r {
        self.places.iter().copied().zip(registers[self.arrays.results as usize..].iter().copied())
    }
}

/// Loads elements of the frame into registers.
fn load(registers: &mut [f64], elements: &[u32], frame: &[f64]) {
    for (register, element) in registers.iter_mut().zip(elements) {
        *register = frame[*element as usize];
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
        let code = &self.tape.functions.derivatives;
        // SAFETY: nothing else uses the registers during the call.
        let registers = unsafe { &mut *self.derivatives.get() };
        load(&mut registers[code.constants.len()..], &code.frame, frame);
        self.version.set(self.version.get() + 1);
    }

    fn initial(&self, t: f64, frame: &[f64], state: &mut [f64]) {
        self.evaluate(&self.tape.functions.initial, t, frame, &[], state);
    }

    #[inline]
    fn derivatives(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let code = &self.tape.functions.derivatives;
        debug_assert!(self.mirrors(frame), "the kernel stages after each change of the frame");
        let results = code.places.len();
        assert!(
            code.arrays.count as usize <= state.len() && results <= out.len(),
            "states and results have room"
        );
        // SAFETY: the registers are as many as the code names and nothing else uses them during the call; the lengths
        // of states and results have been checked, and results of a right-hand side stand in the order of the states.
        unsafe {
            let registers = (*self.derivatives.get()).as_mut_ptr();
            *registers.add(code.time as usize) = t;
            code.program.run(registers, out.as_mut_ptr(), state.as_ptr());
        }
    }

    fn jacobian(
        &self,
        t: f64,
        frame: &[f64],
        state: &[f64],
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        let code = &self.tape.functions.jacobian;
        let registers = self.run(code, t, frame, state);
        for (place, result) in code.results(&registers) {
            match place {
                Place::Out(element) => matrix[element as usize] = result,
                Place::TimeDerivative(element) => time_derivative[element as usize] = result,
                Place::Frame(_) => {}
            }
        }
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

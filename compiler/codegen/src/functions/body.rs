//! The bytes of a function while it is written: instructions, locals, and the one peephole.

use wasm_encoder::{Function, InstructionSink, ValType};

/// A function in the making.
pub(super) struct Body {
    bytes: Vec<u8>,
    parameters: u32,
    locals: Vec<ValType>,
    free_floats: Vec<u32>,
    free_integers: Vec<u32>,
    pending: Option<u32>,
}

impl Body {
    /// Starts a function with a number of parameters.
    pub(super) const fn new(parameters: u32) -> Self {
        Self {
            bytes: Vec::new(),
            parameters,
            locals: Vec::new(),
            free_floats: Vec::new(),
            free_integers: Vec::new(),
            pending: None,
        }
    }

    /// Returns the sink for the next instruction.
    pub(super) fn sink(&mut self) -> InstructionSink<'_> {
        if let Some(local) = self.pending.take() {
            InstructionSink::new(&mut self.bytes).local_set(local);
        }
        InstructionSink::new(&mut self.bytes)
    }

    /// Moves the top of the stack to a local that no later value needs yet, and returns it.
    pub(super) fn define(&mut self, of: ValType) -> u32 {
        let local = self.allocate(of);
        self.sink();
        self.pending = Some(local);
        local
    }

    /// Pushes a local that is used again later.
    pub(super) fn get(&mut self, local: u32) {
        if self.pending == Some(local) {
            self.pending = None;
            InstructionSink::new(&mut self.bytes).local_tee(local);
        } else {
            self.sink().local_get(local);
        }
    }

    /// Pushes a local for the last time and gives it free.
    pub(super) fn take(&mut self, local: u32) {
        if self.pending == Some(local) {
            self.pending = None;
        } else {
            self.sink().local_get(local);
        }
        let of = self.locals[(local - self.parameters) as usize];
        self.free_list(of).push(local);
    }

    /// Ends the function.
    pub(super) fn finish(mut self) -> Function {
        self.sink().end();
        let mut function = Function::new_with_locals_types(self.locals);
        function.raw(self.bytes);
        function
    }

    /// Returns a free local of a type.
    fn allocate(&mut self, of: ValType) -> u32 {
        self.free_list(of).pop().unwrap_or_else(|| {
            self.locals.push(of);
            self.parameters + self.locals.len() as u32 - 1
        })
    }

    /// Returns the free locals of a type.
    fn free_list(&mut self, of: ValType) -> &mut Vec<u32> {
        if of == ValType::F64 { &mut self.free_floats } else { &mut self.free_integers }
    }
}

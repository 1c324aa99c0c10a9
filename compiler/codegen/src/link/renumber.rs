//! The kernel's functions under their new indices.

use std::collections::BTreeMap;

use wasm_encoder::CodeSection;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{FunctionBody, Operator};

use super::kernel::Kernel;
use super::live::Live;
use crate::types::Types;

/// The new index of each live function of a kernel.
pub(crate) struct Numbering {
    functions: BTreeMap<usize, u32>,
}

impl Numbering {
    /// Numbers live functions from 0.
    pub(crate) fn new(live: &Live) -> Self {
        Self { functions: live.functions.iter().copied().zip(0..).collect() }
    }

    /// Returns the number of functions.
    pub(crate) fn len(&self) -> u32 {
        self.functions.len() as u32
    }

    /// Returns the new index of a function that the kernel exports.
    pub(crate) fn export(&self, kernel: &Kernel<'_>, name: &str) -> Option<u32> {
        self.functions.get(&kernel.defined(*kernel.exports.get(name)?)?).copied()
    }
}

/// Writes the bodies of the live functions in order of their new indices.
pub(crate) fn reencode(
    kernel: &Kernel<'_>,
    live: &Live,
    numbering: &Numbering,
    model: &BTreeMap<&'static str, u32>,
    types: &mut Types,
    code: &mut CodeSection,
) -> Result<(), Error<&'static str>> {
    let globals = live.globals.iter().copied().zip(0..).collect();
    let mut renumberer = Renumberer { kernel, numbering, globals, model, types };
    for function in &live.functions {
        renumberer.parse_function_body(code, kernel.functions[*function].body.clone())?;
    }
    Ok(())
}

/// Maps old indices to new ones.
struct Renumberer<'a> {
    kernel: &'a Kernel<'a>,
    numbering: &'a Numbering,
    globals: BTreeMap<u32, u32>,
    model: &'a BTreeMap<&'static str, u32>,
    types: &'a mut Types,
}

impl Reencode for Renumberer<'_> {
    type Error = &'static str;

    /// Writes a body, and after a comparison of an integer with zero that a `select` consumes an operation
    /// without effect.
    ///
    /// Without it wasmi 2.0.0 takes the comparison and the `select` for one instruction, drops the former and
    /// lets the latter read a register that nothing has written.
    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut reader = body.get_operators_reader()?;
        let mut after_zero = false;
        while !reader.eof() {
            let operator = reader.read()?;
            let compares_with_zero = match operator {
                Operator::I32Eqz => true,
                Operator::I32Eq | Operator::I32Ne => after_zero,
                _ => false,
            };
            after_zero = matches!(operator, Operator::I32Const { value: 0 });
            function.instruction(&self.instruction(operator)?);
            if compares_with_zero && matches!(reader.clone().read(), Ok(Operator::Select)) {
                function.instructions().i32_const(1).i32_and();
            }
        }
        code.function(&function);
        Ok(())
    }

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Self::Error>> {
        let found = match self.kernel.defined(index) {
            Some(defined) => self.numbering.functions.get(&defined),
            None => self.model.get(self.kernel.imports[index as usize]),
        };
        found.copied().ok_or(Error::UserError("a call leaves the live functions"))
    }

    fn global_index(&mut self, index: u32) -> Result<u32, Error<Self::Error>> {
        self.globals.get(&index).copied().ok_or(Error::UserError("a live function uses a dead global"))
    }

    fn type_index(&mut self, index: u32) -> Result<u32, Error<Self::Error>> {
        let of = self.kernel.types.get(index as usize).ok_or(Error::UserError("a type is missing"))?;
        Ok(self.types.of_kernel(of))
    }
}

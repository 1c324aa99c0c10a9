//! The type section: each signature once.

use wasm_encoder::{FuncType, TypeSection, ValType};

/// Signatures in the order of their first use.
#[derive(Default)]
pub(crate) struct Types {
    list: Vec<FuncType>,
}

impl Types {
    /// Returns the index of a signature.
    pub(crate) fn of(&mut self, parameters: &[ValType], results: &[ValType]) -> u32 {
        self.add(FuncType::new(parameters.iter().copied(), results.iter().copied()))
    }

    /// Returns the index of a signature that the kernel uses.
    pub(crate) fn of_kernel(&mut self, of: &wasmparser::FuncType) -> u32 {
        let convert =
            |types: &[wasmparser::ValType]| types.iter().copied().map(value_type).collect::<Vec<_>>();
        self.add(FuncType::new(convert(of.params()), convert(of.results())))
    }

    /// Returns the section.
    pub(crate) fn section(&self) -> TypeSection {
        let mut section = TypeSection::new();
        for of in &self.list {
            section.ty().func_type(of);
        }
        section
    }

    /// Returns the index of a signature, new or known.
    fn add(&mut self, of: FuncType) -> u32 {
        let known = self.list.iter().position(|known| *known == of);
        known.unwrap_or_else(|| {
            self.list.push(of);
            self.list.len() - 1
        }) as u32
    }
}

/// Returns a type in the encoder's words.
pub(crate) fn value_type(of: wasmparser::ValType) -> ValType {
    match of {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(_) => unreachable!("tested: the kernel has no references"),
    }
}

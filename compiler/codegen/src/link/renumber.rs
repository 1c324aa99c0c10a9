//! The kernel's functions under their new indices.

use std::collections::BTreeMap;

use wasm_encoder::CodeSection;

use super::kernel::{Import, Kernel};
use super::live::Live;
use super::template::Reference;

/// The new index of each live function and global of a kernel.
pub(crate) struct Numbering {
    functions: BTreeMap<usize, u32>,
    globals: BTreeMap<u32, u32>,
}

impl Numbering {
    /// Numbers what is live from 0.
    pub(crate) fn new(live: &Live) -> Self {
        Self {
            functions: live.functions.iter().copied().zip(0..).collect(),
            globals: live.globals.iter().copied().zip(0..).collect(),
        }
    }

    /// Returns the number of functions.
    pub(crate) fn number_of_functions(&self) -> u32 {
        self.functions.len() as u32
    }

    /// Returns the new index of a live function that the kernel exports.
    pub(crate) fn export(&self, kernel: &Kernel<'_>, name: &str) -> Option<u32> {
        self.functions.get(&kernel.defined(*kernel.exports.get(name)?)?).copied()
    }

    /// Writes the bodies of the live functions in order of their new indices; `model` has what the kernel imports
    /// of the model, `absent` stands for each part that is left out, by index among the imports.
    pub(crate) fn write(
        &self,
        kernel: &Kernel<'_>,
        model: &BTreeMap<&'static str, u32>,
        absent: &BTreeMap<usize, u32>,
        code: &mut CodeSection,
    ) {
        let defined = |index| kernel.defined(index).and_then(|defined| self.functions.get(&defined));
        let index_of = |reference| match reference {
            Reference::Global(index) => self.globals[&index],
            Reference::Function(index) => match kernel.imports.get(index as usize) {
                Some(Import::Model { name }) => model[name],
                Some(Import::Part { exports, .. }) => {
                    let live = exports.iter().find_map(|(_, export)| defined(*export));
                    live.copied().unwrap_or_else(|| absent[&(index as usize)])
                }
                None => *defined(index).unwrap_or_else(|| unreachable!("walked: function {index} is live")),
            },
        };
        for function in self.functions.keys() {
            code.raw(&kernel.functions[*function].template.fill(index_of));
        }
    }
}

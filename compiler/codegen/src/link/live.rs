//! What of a kernel a module needs.

use std::collections::BTreeSet;

use super::kernel::{Import, Kernel};
use super::template::Reference;

/// The live parts of a kernel, each in ascending order of its index in the kernel.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Live {
    /// Functions, by index among the defined ones.
    pub functions: BTreeSet<usize>,
    /// Globals.
    pub globals: BTreeSet<u32>,
    /// Data symbols.
    pub data: BTreeSet<usize>,
    /// Functions of the model, by index among the imports.
    pub model: BTreeSet<usize>,
    /// Parts of the kernel that are called but left out, by index among the imports.
    pub absent: BTreeSet<usize>,
}

impl Live {
    /// Walks from the functions with the indices `roots`, imports counted, to all that they need.
    ///
    /// Of the kernel's parts only those with certain names are followed.
    pub(crate) fn walk(
        &mut self,
        kernel: &Kernel<'_>,
        parts: &BTreeSet<&str>,
        roots: impl IntoIterator<Item = u32>,
    ) {
        let mut waiting: Vec<u32> = roots.into_iter().collect();
        while let Some(index) = waiting.pop() {
            let Some(defined) = kernel.defined(index) else {
                waiting.extend(self.add_import(kernel, parts, index as usize));
                continue;
            };
            if self.functions.insert(defined) {
                let function = &kernel.functions[defined];
                for reference in function.template.references() {
                    match reference {
                        Reference::Function(index) => waiting.push(index),
                        Reference::Global(index) => {
                            self.globals.insert(index);
                        }
                    }
                }
                self.add_data(kernel, &function.data);
            }
        }
    }

    /// Adds what an import stands for; returns the function of the kernel, if it is one.
    fn add_import(&mut self, kernel: &Kernel<'_>, parts: &BTreeSet<&str>, import: usize) -> Option<u32> {
        match &kernel.imports[import] {
            Import::Model { .. } => {
                self.model.insert(import);
                None
            }
            Import::Part { exports, .. } => {
                let needed = exports.iter().find(|(name, _)| parts.contains(name)).map(|(_, export)| *export);
                if needed.is_none() {
                    self.absent.insert(import);
                }
                needed
            }
        }
    }

    /// Adds data symbols with all that their contents refer to.
    fn add_data(&mut self, kernel: &Kernel<'_>, symbols: &[usize]) {
        let mut waiting = symbols.to_vec();
        while let Some(symbol) = waiting.pop() {
            if self.data.insert(symbol) {
                waiting.extend(&kernel.symbols[symbol].data);
            }
        }
    }
}

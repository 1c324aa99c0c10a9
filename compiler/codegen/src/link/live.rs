//! What of a kernel a module needs.

use std::collections::BTreeSet;

use super::kernel::Kernel;
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
}

impl Live {
    /// Walks from the functions with the indices `roots`, imports counted, to all that they need.
    pub(crate) fn walk(kernel: &Kernel<'_>, roots: impl IntoIterator<Item = u32>) -> Self {
        let mut live = Self::default();
        let mut waiting: Vec<u32> = roots.into_iter().collect();
        while let Some(index) = waiting.pop() {
            let Some(defined) = kernel.defined(index) else { continue };
            if live.functions.insert(defined) {
                let function = &kernel.functions[defined];
                for reference in function.template.references() {
                    match reference {
                        Reference::Function(index) => waiting.push(index),
                        Reference::Global(index) => {
                            live.globals.insert(index);
                        }
                    }
                }
                live.add_data(kernel, &function.data);
            }
        }
        live
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

//! From the intermediate representation to a WebAssembly module.
//!
//! 1. `functions`: the model's own functions, from the graph of its expressions.
//! 2. `link`: of the kernel, which holds solvers, dosing engine and entry points, what the model needs.
//! 3. `constants`: the descriptor and all else that the kernel reads of the model.
//! 4. `module`: all of it as one module that imports nothing.
//!
//! This crate alone knows how WebAssembly is written; none of its types leave it. It knows neither syntax
//! nor what runs a module.

mod constants;
mod functions;
mod link;
mod module;
mod parts;
mod report;
mod types;

use pmc_abi::MODULE_BYTES;
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Diagnostics;
use pmc_ir as ir;

pub use report::{SectionSize, SizeReport, TextError, model_functions_wat, size_report, wat};

/// What a module is to be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitOptions {
    /// The most pages of 64 KiB that its memory may grow to; what exceeds 65,536 (4 GiB) is cut off.
    pub maximum_memory_pages: u32,
    /// The most bytes that the module may have. Routes and events can ask for the same values in thousands of
    /// functions.
    pub maximum_module_bytes: usize,
    /// Which functions have names.
    pub names: Names,
}

/// Which functions have names, for people who read modules and for traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// The model's functions and what is exported.
    Public,
    /// All, with the kernel's inner functions under the names of its compiler.
    All,
}

impl Default for EmitOptions {
    /// Allows 64 MiB of memory and modules that hosts load by default, and names the public functions.
    fn default() -> Self {
        Self { maximum_memory_pages: 1024, maximum_module_bytes: MODULE_BYTES, names: Names::Public }
    }
}

/// A module.
#[derive(Clone, Debug, PartialEq)]
pub struct Emitted {
    /// The module's bytes.
    pub module: Vec<u8>,
    /// What it says of itself.
    pub manifest: Manifest,
}

/// Compiles a program to a module of the plugin contract, version 1.
///
/// The program must have passed the validator. Fails if the module would exceed its memory or the limit on its size.
pub fn emit(program: &ir::Program, options: &EmitOptions) -> Result<Emitted, Diagnostics> {
    let mut manifest = pmc_backend::manifest(program);
    manifest.solver.effort = Some(pmc_backend::effort(program));
    let module = module::assemble(program, &manifest, &link::KERNEL, options)?;
    if module.len() > options.maximum_module_bytes {
        let mut diagnostics = Diagnostics::new();
        diagnostics.module_size_exceeded(options.maximum_module_bytes);
        return Err(diagnostics);
    }
    debug_assert!(report::validate(&module).is_ok(), "{:?}", report::validate(&module));
    Ok(Emitted { module, manifest })
}

//! The compiler as a library: from the text of a model to a module, all in memory.
//!
//! Each stage is a type, and each function takes one to the next:
//!
//! 1. [`parse`]: text → [`Parsed`].
//! 2. [`analyse`]: → [`Analysed`], the intermediate representation of one model.
//! 3. [`optimise`]: → [`Optimised`], with derivatives and stages.
//! 4. [`assemble`]: → [`Compiled`], the module with its manifest.
//!
//! [`check`], [`compile`] and [`emit()`] run them in a row. A document of the intermediate representation is another
//! place to start from: [`read_ir`] and [`optimise_ir`] lead to the third stage, and [`check_ir`], [`compile_ir`]
//! and [`emit_ir`] run to the end. Nothing here reads files, prints, or knows what
//! runs a module. All findings of a stage are reported; the next stage runs only on a sound input.

mod choose;
mod documents;
mod emit;
#[cfg(test)]
mod tests;

use pmc_abi::manifest::Manifest;
use pmc_codegen::EmitOptions;
use pmc_diagnostics::Diagnostics;
use pmc_grammar::ast;
use pmc_ir as ir;

pub use documents::{InputKind, check_ir, compile_ir, emit_ir, optimise_ir, read_ir};
pub use emit::{Artifact, EmitKind, emit};
pub use pmc_codegen::Names;
pub use pmc_grammar::{Parsed, parse};
pub use pmc_ir::wire;
pub use pmc_ir::wire::without_mark;

/// What is to be compiled, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompileOptions {
    /// The name of the model, where the text holds several.
    pub model: Option<String>,
    /// What the module is to be like.
    pub emit: EmitOptions,
}

/// One model with its meaning, valid by the rules of the intermediate representation.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysed {
    /// The model.
    pub module: ir::Module,
}

/// One model after all passes.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimised {
    /// The model with its derivatives and stages.
    pub program: ir::Program,
}

/// A module.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled {
    /// The bytes of the module.
    pub wasm: Vec<u8>,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Warnings and notes of all stages.
    pub diagnostics: Diagnostics,
}

/// The findings about a text, with the names of its models.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The names of the models, in the order of the text.
    pub models: Vec<String>,
    /// All findings, in the order of the text.
    pub diagnostics: Diagnostics,
}

/// Finds all mistakes in a text, in each of its models.
pub fn check(source: &str) -> Checked {
    let Parsed { file, mut diagnostics, .. } = parse(source);
    if !diagnostics.has_errors() {
        if file.models.is_empty() {
            diagnostics.no_model();
        }
        for model in &file.models {
            // Passes and code generation have limits of their own, so a model is sound only if they agree.
            let analysed = analyse(model, file.spelling, &mut diagnostics);
            if let Some(Err(found)) =
                analysed.map(|analysed| assemble(&optimise(analysed), &EmitOptions::default()))
            {
                diagnostics.append(found);
            }
        }
        diagnostics.sort();
    }
    let models = file.models.iter().map(|model| choose::name(model).to_owned()).collect();
    Checked { models, diagnostics }
}

/// Compiles the one model of a text, or the one that the options name.
///
/// # Errors
///
/// All findings, if any of them is an error.
pub fn compile(source: &str, options: &CompileOptions) -> Result<Compiled, Diagnostics> {
    let (analysed, mut diagnostics) = front(source, options)?;
    match assemble(&optimise(analysed), &options.emit) {
        Ok(compiled) => Ok(Compiled { diagnostics, ..compiled }),
        Err(found) => {
            diagnostics.append(found);
            Err(diagnostics)
        }
    }
}

/// Compiles the one model of a text, or the one that the options name, up to what back ends take.
///
/// # Errors
///
/// All findings, if any of them is an error.
pub fn compile_to_program(
    source: &str,
    options: &CompileOptions,
) -> Result<(Optimised, Diagnostics), Diagnostics> {
    let (analysed, diagnostics) = front(source, options)?;
    Ok((optimise(analysed), diagnostics))
}

/// Reads a document and compiles its model up to what back ends take.
///
/// # Errors
///
/// All findings, if any of them is an error.
pub fn compile_ir_to_program(bytes: &[u8], options: &CompileOptions) -> Result<Optimised, Diagnostics> {
    documents::from_ir(bytes, options)
}

/// Gives a model its meaning; nothing if it has errors, which go to `diagnostics`.
pub fn analyse(
    model: &ast::Model,
    spelling: ast::Spelling,
    diagnostics: &mut Diagnostics,
) -> Option<Analysed> {
    let (module, found) = pmc_analysis::analyse(model, spelling);
    let sound = !found.has_errors();
    diagnostics.append(found);
    let module = module.filter(|_| sound)?;
    match ir::validate(&module) {
        Ok(()) => Some(Analysed { module }),
        Err(broken) => {
            for error in broken {
                diagnostics.compiler_mistake(&error.to_string());
            }
            None
        }
    }
}

/// Runs all passes.
pub fn optimise(analysed: Analysed) -> Optimised {
    Optimised { program: pmc_passes::optimise(analysed.module) }
}

/// Makes a module.
///
/// # Errors
///
/// A model that a module cannot hold.
pub fn assemble(optimised: &Optimised, options: &EmitOptions) -> Result<Compiled, Diagnostics> {
    let emitted = pmc_codegen::emit(&optimised.program, options)?;
    Ok(Compiled { wasm: emitted.module, manifest: emitted.manifest, diagnostics: Diagnostics::new() })
}

/// Runs the stages up to the analysis of the chosen model.
fn front(source: &str, options: &CompileOptions) -> Result<(Analysed, Diagnostics), Diagnostics> {
    let Parsed { file, mut diagnostics, .. } = parse(source);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let analysed = choose::choose(&file, options.model.as_deref(), &mut diagnostics)
        .and_then(|model| analyse(model, file.spelling, &mut diagnostics));
    diagnostics.sort();
    match analysed {
        Some(analysed) => Ok((analysed, diagnostics)),
        None => Err(diagnostics),
    }
}

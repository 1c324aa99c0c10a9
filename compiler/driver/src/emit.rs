//! What the compiler can show of a model on its way.

use pmc_diagnostics::Diagnostics;

use crate::{CompileOptions, Parsed, choose, compile, front, optimise, parse};

/// What is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmitKind {
    /// The module.
    Wasm,
    /// The module as text.
    Wat,
    /// The syntax tree of the file, or of the chosen model.
    Ast,
    /// The intermediate representation after all passes.
    Ir,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The module, or UTF-8 text.
    pub bytes: Vec<u8>,
    /// Warnings and notes of the stages that ran.
    pub diagnostics: Diagnostics,
}

/// Runs the stages up to what is asked for.
///
/// # Errors
///
/// All findings, if any of them is an error.
pub fn emit(source: &str, kind: EmitKind, options: &CompileOptions) -> Result<Artifact, Diagnostics> {
    match kind {
        EmitKind::Ast => tree(source, options),
        EmitKind::Ir => {
            let (analysed, diagnostics) = front(source, options)?;
            let text = pmc_ir::program_to_text(&optimise(analysed).program);
            Ok(Artifact { bytes: text.into_bytes(), diagnostics })
        }
        EmitKind::Wasm => {
            let compiled = compile(source, options)?;
            Ok(Artifact { bytes: compiled.wasm, diagnostics: compiled.diagnostics })
        }
        EmitKind::Wat => {
            let mut compiled = compile(source, options)?;
            match pmc_codegen::wat(&compiled.wasm) {
                Ok(text) => Ok(Artifact { bytes: text.into_bytes(), diagnostics: compiled.diagnostics }),
                Err(error) => {
                    compiled.diagnostics.compiler_mistake(&error.to_string());
                    Err(compiled.diagnostics)
                }
            }
        }
    }
}

fn tree(source: &str, options: &CompileOptions) -> Result<Artifact, Diagnostics> {
    let Parsed { mut file, mut diagnostics, .. } = parse(source);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    if let Some(wanted) = options.model.as_deref() {
        match choose::choose(&file, Some(wanted), &mut diagnostics).cloned() {
            Some(model) => file.models = vec![model],
            None => return Err(diagnostics),
        }
    }
    Ok(Artifact { bytes: pmc_grammar::dump(&file).into_bytes(), diagnostics })
}

//! What the compiler can show of a model on its way.

use pmc_diagnostics::Diagnostics;
use pmc_ir::wire::{self, Document, Limits};

use crate::{CompileOptions, Optimised, Parsed, assemble, choose, front, optimise, parse};

/// What is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmitKind {
    /// The module.
    Wasm,
    /// The module as text.
    Wat,
    /// The syntax tree of the file, or of the chosen model.
    Ast,
    /// The intermediate representation after all passes, for people.
    Ir,
    /// The same as a document, in JSON.
    IrJson,
    /// The same as a document, in CBOR.
    IrCbor,
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
    if kind == EmitKind::Ast {
        return tree(source, options);
    }
    let (analysed, diagnostics) = front(source, options)?;
    show(optimise(analysed), kind, options, diagnostics)
}

/// Shows what follows from a model; of its text nothing is left, so for a tree there is nothing to show.
pub(crate) fn show(
    optimised: Optimised,
    kind: EmitKind,
    options: &CompileOptions,
    mut diagnostics: Diagnostics,
) -> Result<Artifact, Diagnostics> {
    let bytes = match kind {
        EmitKind::Ast => Vec::new(),
        EmitKind::Ir => pmc_ir::program_to_text(&optimised.program).into_bytes(),
        EmitKind::IrJson => {
            let json = wire::to_json(&Document::Program(optimised.program));
            readable(json.into_bytes(), &Limits::generous(), &mut diagnostics)?
        }
        EmitKind::IrCbor => {
            let cbor = wire::to_cbor(&Document::Program(optimised.program));
            readable(cbor, &Limits::generous(), &mut diagnostics)?
        }
        EmitKind::Wasm | EmitKind::Wat => match assemble(&optimised, &options.emit) {
            Ok(compiled) if kind == EmitKind::Wasm => compiled.wasm,
            Ok(compiled) => match pmc_codegen::wat(&compiled.wasm) {
                Ok(text) => text.into_bytes(),
                Err(error) => {
                    diagnostics.compiler_mistake(&error.to_string());
                    return Err(diagnostics);
                }
            },
            Err(found) => {
                diagnostics.append(found);
                return Err(diagnostics);
            }
        },
    };
    Ok(Artifact { bytes, diagnostics })
}

/// Returns the bytes of a document if it can be read within limits; one that nobody can read is of no use.
pub(crate) fn readable(
    bytes: Vec<u8>,
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<u8>, Diagnostics> {
    match wire::read(&bytes, limits) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            diagnostics.document_limit_exceeded(&error.to_string());
            Err(core::mem::take(diagnostics))
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

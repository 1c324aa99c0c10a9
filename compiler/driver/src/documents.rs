//! Documents of the intermediate representation, as another place to start from.

use pmc_diagnostics::Diagnostics;
use pmc_ir as ir;
use pmc_ir::wire::{Document, Encoding, Limits, without_mark};

use crate::emit::show;
use crate::{Analysed, Artifact, Checked, CompileOptions, Compiled, EmitKind, Optimised, assemble, optimise};

/// What bytes are, told by how they start and never by the name of their file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// The text of models, or anything else.
    Text,
    /// A document of the intermediate representation.
    Document,
    /// A WebAssembly module.
    Module,
}

impl InputKind {
    /// Tells what bytes are.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"\0asm") {
            return Self::Module;
        }
        if Encoding::of(without_mark(bytes)).is_some() { Self::Document } else { Self::Text }
    }
}

/// Reads a document from bytes that nobody vouches for, with or without a [mark](ir::wire::without_mark) in front.
///
/// # Errors
///
/// One of the codes `PK31xx`: what is wrong, and where.
pub fn read_ir(bytes: &[u8], limits: &Limits) -> Result<Document, Diagnostics> {
    ir::wire::read(bytes, limits).map_err(|error| error.to_diagnostics())
}

/// Runs all passes, unless the document says what they would compute.
pub fn optimise_ir(document: Document) -> Optimised {
    match document {
        Document::Module(module) => optimise(Analysed { module }),
        Document::Program(program) => Optimised { program },
    }
}

/// Finds all mistakes in a document.
pub fn check_ir(bytes: &[u8]) -> Checked {
    let options = CompileOptions::default();
    match compile_ir(bytes, &options) {
        Ok(compiled) => Checked { models: vec![compiled.manifest.name], diagnostics: compiled.diagnostics },
        Err(diagnostics) => Checked { models: Vec::new(), diagnostics },
    }
}

/// Compiles the model of a document.
///
/// # Errors
///
/// All findings, if any of them is an error.
pub fn compile_ir(bytes: &[u8], options: &CompileOptions) -> Result<Compiled, Diagnostics> {
    assemble(&from_ir(bytes, options)?, &options.emit)
}

/// Runs the stages from a document up to what is asked for.
///
/// # Errors
///
/// All findings, if any of them is an error.
pub fn emit_ir(bytes: &[u8], kind: EmitKind, options: &CompileOptions) -> Result<Artifact, Diagnostics> {
    if kind == EmitKind::Ast {
        let mut diagnostics = Diagnostics::new();
        diagnostics.not_in_document("syntax tree");
        return Err(diagnostics);
    }
    show(from_ir(bytes, options)?, kind, options, Diagnostics::new())
}

/// Reads a document, and runs the passes if need be.
pub(crate) fn from_ir(bytes: &[u8], options: &CompileOptions) -> Result<Optimised, Diagnostics> {
    let document = read_ir(bytes, &Limits::generous())?;
    let name = &document.module().name;
    if let Some(wanted) = options.model.as_deref().filter(|wanted| wanted != name) {
        let mut diagnostics = Diagnostics::new();
        diagnostics.unknown_model("document", wanted, &[name]);
        return Err(diagnostics);
    }
    Ok(optimise_ir(document))
}

//! `pmc compile`.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use pmc::{CompileOptions, EmitKind, InputKind};

use crate::apart::keep_apart;
use crate::arguments::{Compile, Emit};
use crate::report::Reporter;
use crate::{Failure, files};

/// Compiles a model and writes what was asked for.
pub(crate) fn run(command: &Compile, reporter: &mut Reporter) -> Result<(), Failure> {
    let output = output(command)?;
    keep_apart(&[&command.model], &[&output])?;
    let bytes = files::read(&command.model)?;
    let kind = match command.emit {
        Emit::Wasm => EmitKind::Wasm,
        Emit::Wat => EmitKind::Wat,
        Emit::Ast => EmitKind::Ast,
        Emit::Ir => EmitKind::Ir,
        Emit::IrJson => EmitKind::IrJson,
        Emit::IrCbor => EmitKind::IrCbor,
    };
    let options = CompileOptions { model: command.name.clone(), ..CompileOptions::default() };
    let file = files::shown(&command.model);
    let (result, source) = match InputKind::of(&bytes) {
        InputKind::Module => return Err(anyhow!("`{file}` is a module already").into()),
        InputKind::Document => (pmc::emit_ir(&bytes, kind, &options), ""),
        InputKind::Text => {
            let source = files::as_text(&bytes, &command.model)?;
            (pmc::emit(source, kind, &options), source)
        }
    };
    match result {
        Ok(artifact) => {
            reporter.report(&artifact.diagnostics, &file, source);
            files::write(&output, &artifact.bytes)
        }
        Err(diagnostics) => {
            reporter.report(&diagnostics, &file, source);
            Err(Failure::Reported)
        }
    }
}

/// Returns where the result goes: text to standard output, anything else beside the model.
fn output(command: &Compile) -> anyhow::Result<PathBuf> {
    let extension = match command.emit {
        Emit::Wasm => Some("wasm"),
        Emit::IrCbor => Some("pkir.cbor"),
        Emit::Wat | Emit::Ast | Emit::Ir | Emit::IrJson => None,
    };
    let output = match (&command.output, extension) {
        (Some(output), _) => output.clone(),
        (None, Some(extension)) if !files::is_standard(&command.model) => beside(&command.model, extension),
        (None, _) => PathBuf::from("-"),
    };
    if extension.is_some() && files::is_standard(&output) && io::stdout().is_terminal() {
        bail!("the result is not text, and not for a terminal; name a file with `-o`");
    }
    Ok(output)
}

/// Returns the file beside `model.pk`, `model.pkir.json` or `model.pkir.cbor` with another extension.
fn beside(model: &Path, extension: &str) -> PathBuf {
    let inner = model.with_extension("");
    let is_document = inner.extension().is_some_and(|extension| extension == "pkir");
    if is_document { inner.with_extension(extension) } else { model.with_extension(extension) }
}

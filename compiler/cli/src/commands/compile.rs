//! `pmc compile`.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::bail;
use pmc::{CompileOptions, EmitKind};

use crate::arguments::{Compile, Emit};
use crate::report::Reporter;
use crate::{Failure, files};

/// Compiles a model and writes what was asked for.
pub(crate) fn run(command: &Compile, reporter: &mut Reporter) -> Result<(), Failure> {
    let source = files::read_text(&command.model)?;
    let output = output(command)?;
    let kind = match command.emit {
        Emit::Wasm => EmitKind::Wasm,
        Emit::Wat => EmitKind::Wat,
        Emit::Ast => EmitKind::Ast,
        Emit::Ir => EmitKind::Ir,
    };
    let options = CompileOptions { model: command.name.clone(), ..CompileOptions::default() };
    let file = files::shown(&command.model);
    match pmc::emit(&source, kind, &options) {
        Ok(artifact) => {
            reporter.report(&artifact.diagnostics, &file, &source);
            files::write(&output, &artifact.bytes)
        }
        Err(diagnostics) => {
            reporter.report(&diagnostics, &file, &source);
            Err(Failure::Reported)
        }
    }
}

/// Returns where the result goes: text to standard output, a module beside the model.
fn output(command: &Compile) -> anyhow::Result<PathBuf> {
    let standard = PathBuf::from("-");
    let output = match &command.output {
        Some(output) => output.clone(),
        None if command.emit != Emit::Wasm || files::is_standard(&command.model) => standard,
        None => command.model.with_extension("wasm"),
    };
    if output == command.model && !files::is_standard(&output) {
        bail!("the output `{}` is the model itself; name another file with `-o`", output.display());
    }
    if command.emit == Emit::Wasm && files::is_standard(&output) && io::stdout().is_terminal() {
        bail!("a module is not for a terminal; name a file with `-o`");
    }
    Ok(output)
}

//! From a file with a model's text or module to a plugin.

use std::path::Path;

use anyhow::Context;
use pmc::CompileOptions;
use pmc_host::{Engine, Limits, Plugin, load_wasm_plugin_with};

use crate::arguments::EngineName;
use crate::report::Reporter;
use crate::{Failure, files};

/// A loaded model.
pub(crate) struct Loaded {
    /// The model.
    pub(crate) plugin: Plugin,
    /// Size of its module in bytes.
    pub(crate) bytes: usize,
}

/// Returns the engine that a user chose, if this build has it.
pub(crate) fn engine(choice: EngineName) -> anyhow::Result<Engine> {
    let name = match choice {
        EngineName::Auto | EngineName::Wasmi => "wasmi",
        EngineName::Wasmtime => "wasmtime",
    };
    Engine::of_name(name)
        .with_context(|| format!("this build of pmc has no engine {name}; build with --features {name}"))
}

/// Reads a file, compiles it unless it is a module, and loads it.
pub(crate) fn load(
    path: &Path,
    name: Option<&str>,
    engine: Engine,
    reporter: &mut Reporter,
) -> Result<Loaded, Failure> {
    let bytes = files::read(path)?;
    let file = files::shown(path);
    let wasm = if bytes.starts_with(b"\0asm") {
        bytes
    } else {
        let source = files::as_text(bytes, path)?;
        let options = CompileOptions { model: name.map(str::to_owned), ..CompileOptions::default() };
        match pmc::compile(&source, &options) {
            Ok(compiled) => {
                reporter.report(&compiled.diagnostics, &file, &source);
                compiled.wasm
            }
            Err(diagnostics) => {
                reporter.report(&diagnostics, &file, &source);
                return Err(Failure::Reported);
            }
        }
    };
    match load_wasm_plugin_with(&wasm, &Limits::generous(), engine) {
        Ok(plugin) => Ok(Loaded { plugin, bytes: wasm.len() }),
        Err(error) => {
            reporter.report(&error.diagnostics, &file, "");
            Err(Failure::Reported)
        }
    }
}

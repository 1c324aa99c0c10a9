//! From a file with a model's text or module to a plugin.

use std::path::Path;

use pmc::CompileOptions;
use pmc_host::{Limits, Plugin, load_wasm_plugin};

use crate::report::Reporter;
use crate::{Failure, files};

/// A loaded model.
pub(crate) struct Loaded {
    /// The model.
    pub(crate) plugin: Plugin,
    /// Size of its module in bytes.
    pub(crate) bytes: usize,
}

/// Reads a file, compiles it unless it is a module, and loads it.
pub(crate) fn load(path: &Path, name: Option<&str>, reporter: &mut Reporter) -> Result<Loaded, Failure> {
    load_bytes(files::read(path)?, path, name, reporter)
}

/// Compiles what a file holds unless it is a module, and loads it.
pub(crate) fn load_bytes(
    bytes: Vec<u8>,
    path: &Path,
    name: Option<&str>,
    reporter: &mut Reporter,
) -> Result<Loaded, Failure> {
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
    match load_wasm_plugin(&wasm, &Limits::generous()) {
        Ok(plugin) => Ok(Loaded { plugin, bytes: wasm.len() }),
        Err(error) => {
            reporter.report(&error.diagnostics, &file, "");
            Err(Failure::Reported)
        }
    }
}

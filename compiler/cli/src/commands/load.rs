//! From a file with a model's text, document or module to what runs it.

use std::path::Path;

use anyhow::{Context, anyhow};
use pmc::{CompileOptions, InputKind, Optimised};
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Diagnostics;
use pmc_host::{Engine, Limits, Loaded, Plugin, interpret, load_wasm_plugin_with};

use crate::arguments::EngineName;
use crate::report::Reporter;
use crate::{Failure, files};

/// Fewest subjects of a model that is stepped for which `auto` lets wasmtime compile a module: compilation takes about as
/// long as so many of them in wasmi.
const WORTH_COMPILING: usize = 50;

/// Fewest subjects of a model that is solved exactly.
const WORTH_COMPILING_EXACT: usize = 800;

/// What a file holds.
pub(crate) struct Source<'s> {
    /// What the file is called in messages.
    file: String,
    path: &'s Path,
    bytes: Vec<u8>,
    options: CompileOptions,
}

/// A module, loaded.
pub(crate) struct LoadedModule {
    /// The model.
    pub(crate) plugin: Plugin,
    /// Size of its module in bytes.
    pub(crate) bytes: usize,
}

/// Returns the engine for modules of a name, if this build has it.
fn engine(name: &str) -> anyhow::Result<Engine> {
    Engine::of_name(name)
        .with_context(|| format!("this build of pmc has no engine {name}; build with --features {name}"))
}

impl<'s> Source<'s> {
    /// Takes what has been read from a file.
    pub(crate) fn new(bytes: Vec<u8>, path: &'s Path, name: Option<&str>) -> Self {
        let options = CompileOptions { model: name.map(str::to_owned), ..CompileOptions::default() };
        Self { file: files::shown(path), path, bytes, options }
    }

    /// Loads the model for an engine.
    pub(crate) fn load(
        &self,
        choice: EngineName,
        reporter: &mut Reporter,
    ) -> Result<Box<dyn Loaded>, Failure> {
        let is_module = InputKind::of(&self.bytes) == InputKind::Module;
        let for_modules = match choice {
            EngineName::Auto | EngineName::Interpreter if !is_module => {
                let program = self.program(reporter)?.program;
                let interpreted = interpret(&program, &Limits::generous());
                return match interpreted {
                    Ok(interpreted) => Ok(Box::new(interpreted)),
                    Err(error) => Err(self.refuse(&error.diagnostics, "", reporter)),
                };
            }
            EngineName::Interpreter => {
                let hint = "choose another engine, or name the model's text or document";
                return Err(Failure::Stopped(anyhow!(
                    "`{}` is a module, which the interpreter does not run; {hint}",
                    self.file
                )));
            }
            EngineName::Auto | EngineName::Wasmi => engine("wasmi")?,
            EngineName::Wasmtime => engine("wasmtime")?,
        };
        Ok(Box::new(self.load_module(for_modules, reporter)?.plugin))
    }

    /// Returns whether another engine than the one that `auto` has chosen is worth its start.
    pub(crate) fn better_engine(
        &self,
        choice: EngineName,
        manifest: &Manifest,
        subjects: usize,
    ) -> Option<EngineName> {
        let is_module = InputKind::of(&self.bytes) == InputKind::Module;
        let fewest = if manifest.solver.linear.is_some() { WORTH_COMPILING_EXACT } else { WORTH_COMPILING };
        let compiles = choice == EngineName::Auto && is_module && fewest <= subjects;
        (compiles && engine("wasmtime").is_ok()).then_some(EngineName::Wasmtime)
    }

    /// Loads the module, compiled unless the file holds one.
    pub(crate) fn load_module(
        &self,
        engine: Engine,
        reporter: &mut Reporter,
    ) -> Result<LoadedModule, Failure> {
        let compiled;
        let wasm = if InputKind::of(&self.bytes) == InputKind::Module {
            &self.bytes
        } else {
            let optimised = self.program(reporter)?;
            let assembled = pmc::assemble(&optimised, &self.options.emit);
            compiled = assembled.map_err(|diagnostics| self.refuse(&diagnostics, "", reporter))?.wasm;
            &compiled
        };
        match load_wasm_plugin_with(wasm, &Limits::generous(), engine) {
            Ok(plugin) => {
                self.check_name(&plugin.manifest().name, reporter)?;
                Ok(LoadedModule { plugin, bytes: wasm.len() })
            }
            Err(error) => Err(self.refuse(&error.diagnostics, "", reporter)),
        }
    }

    /// Checks that a module is that of the model which was asked for; of a text it is, whatever it calls itself.
    fn check_name(&self, name: &str, reporter: &mut Reporter) -> Result<(), Failure> {
        let wanted = self.options.model.as_deref().filter(|wanted| *wanted != name);
        match wanted {
            Some(wanted) if InputKind::of(&self.bytes) == InputKind::Module => {
                let mut diagnostics = Diagnostics::new();
                diagnostics.unknown_model("module", wanted, &[name]);
                Err(self.refuse(&diagnostics, "", reporter))
            }
            _ => Ok(()),
        }
    }

    /// Compiles the text or document up to what back ends take.
    fn program(&self, reporter: &mut Reporter) -> Result<Optimised, Failure> {
        if InputKind::of(&self.bytes) == InputKind::Document {
            return pmc::compile_ir_to_program(&self.bytes, &self.options)
                .map_err(|diagnostics| self.refuse(&diagnostics, "", reporter));
        }
        let text = files::as_text(&self.bytes, self.path)?;
        match pmc::compile_to_program(text, &self.options) {
            Ok((optimised, diagnostics)) => {
                reporter.report(&diagnostics, &self.file, text);
                Ok(optimised)
            }
            Err(diagnostics) => Err(self.refuse(&diagnostics, text, reporter)),
        }
    }

    fn refuse(&self, diagnostics: &Diagnostics, text: &str, reporter: &mut Reporter) -> Failure {
        reporter.report(diagnostics, &self.file, text);
        Failure::Reported
    }
}

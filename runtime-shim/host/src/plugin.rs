//! A checked and compiled module.

use std::sync::Arc;

use pmc_abi::manifest::Manifest;
use pmc_abi::{ABI_VERSION, export};
use pmc_diagnostics::Diagnostics;

use crate::check;
use crate::engine::{Code, Engine};
use crate::error::{LoadError, RunError};
use crate::inspect::{self, Inspection};
use crate::instance::Instance;
use crate::limits::Limits;
use crate::manifest;
use crate::model::{Configuration, Loaded, Model};
use crate::wasm_model::WasmModel;

/// A plugin that has passed all checks: compiled once, shared by all its models.
#[derive(Clone)]
pub struct Plugin {
    shared: Arc<Shared>,
}

struct Shared {
    code: Box<dyn Code>,
    limits: Limits,
    manifest: Manifest,
    capabilities: u64,
    inspection: Inspection,
}

/// Checks a module, compiles it for the default engine and reads its manifest; see [`load_wasm_plugin_with`].
///
/// # Errors
///
/// All the rules that the module breaks.
pub fn load_wasm_plugin(bytes: &[u8], limits: &Limits) -> Result<Plugin, LoadError> {
    load_wasm_plugin_with(bytes, limits, Engine::Wasmi)
}

/// Checks a module, compiles it for an engine and reads its manifest.
///
/// Nothing of the module runs before the checks have passed; then `plugin_abi_version`,
/// `plugin_capabilities` and, without a manifest section, `plugin_get_metadata` are called.
///
/// # Errors
///
/// All the rules that the module breaks.
pub fn load_wasm_plugin_with(bytes: &[u8], limits: &Limits, engine: Engine) -> Result<Plugin, LoadError> {
    let mut diagnostics = Diagnostics::new();
    match load(bytes, limits, engine, &mut diagnostics) {
        Some(plugin) if !diagnostics.has_errors() => Ok(plugin),
        _ => Err(LoadError { diagnostics }),
    }
}

fn load(bytes: &[u8], limits: &Limits, engine: Engine, diagnostics: &mut Diagnostics) -> Option<Plugin> {
    if bytes.len() > limits.module_bytes {
        diagnostics.module_too_large(bytes.len(), limits.module_bytes);
        return None;
    }
    let inspection = match inspect::inspect(bytes) {
        Ok(inspection) => inspection,
        Err(reason) => {
            diagnostics.invalid_module(&reason);
            return None;
        }
    };
    check::check(&inspection, limits, diagnostics);
    let embedded = inspection.manifest.as_ref().and_then(|bytes| manifest::read(bytes, limits, diagnostics));
    if diagnostics.has_errors() {
        return None;
    }
    let compiled = engine.compile(bytes, limits).map_err(|reason| RunError::not_started(&reason));
    let asked = compiled.and_then(|code| {
        let answers = ask(&*code, limits, embedded.is_none())?;
        Ok((code, answers))
    });
    let (code, answers) = match asked {
        Ok(asked) => asked,
        Err(error) => {
            diagnostics.failed_while_loading(&error.to_string());
            return None;
        }
    };
    if answers.version != ABI_VERSION {
        diagnostics.abi_version(answers.version, ABI_VERSION);
        return None;
    }
    check::check_capabilities(&inspection, answers.capabilities, diagnostics);
    let manifest = match (embedded, answers.metadata) {
        (Some(manifest), _) => manifest,
        (None, metadata) => manifest::read(&metadata.unwrap_or_default(), limits, diagnostics)?,
    };
    let capabilities = answers.capabilities;
    let shared = Shared { code, limits: limits.clone(), manifest, capabilities, inspection };
    Some(Plugin { shared: Arc::new(shared) })
}

/// What a module answers when it is first asked.
struct Answers {
    version: u32,
    capabilities: u64,
    metadata: Option<Vec<u8>>,
}

fn ask(code: &dyn Code, limits: &Limits, metadata: bool) -> Result<Answers, RunError> {
    let mut instance = Instance::new(code, limits)?;
    let version = instance.call(export::ABI_VERSION, &[])?;
    let capabilities = instance.call(export::CAPABILITIES, &[])?;
    let wanted = metadata && version == ABI_VERSION;
    let metadata = if wanted { Some(instance.document(export::GET_METADATA, Some(0))?) } else { None };
    Ok(Answers { version, capabilities, metadata })
}

impl Loaded for Plugin {
    fn manifest(&self) -> &Manifest {
        self.manifest()
    }

    fn model(&self, configuration: &Configuration) -> Result<Box<dyn Model>, RunError> {
        self.model(configuration)
    }
}

impl Plugin {
    /// Returns what the module says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.shared.manifest
    }

    /// Makes a model with the given parameters and settings.
    ///
    /// # Errors
    ///
    /// What the module finds wrong with the configuration, or a failure of the module.
    pub fn model(&self, configuration: &Configuration) -> Result<Box<dyn Model>, RunError> {
        Ok(Box::new(WasmModel::new(self.clone(), configuration.clone())?))
    }

    /// Returns the bits of [`pmc_abi::capability`] that the module announces.
    pub fn capabilities(&self) -> u64 {
        self.shared.capabilities
    }

    /// Returns the names of the announced capabilities.
    pub fn capability_names(&self) -> Vec<&'static str> {
        check::capability_names(self.shared.capabilities)
    }

    /// Returns what stands in the module.
    pub fn inspection(&self) -> &Inspection {
        &self.shared.inspection
    }

    /// Returns whether the module tells what was remarkable about a simulation.
    pub(crate) fn warns(&self) -> bool {
        self.shared.inspection.exports.iter().any(|found| found.name == export::WARNINGS)
    }

    /// Returns what the module may use.
    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// Makes an instance in a sandbox of its own.
    pub(crate) fn instantiate(&self) -> Result<Instance, RunError> {
        Instance::new(&*self.shared.code, &self.shared.limits)
    }
}

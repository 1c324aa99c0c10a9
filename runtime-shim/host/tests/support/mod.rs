//! The hand-written plugin of the tests, and ways to spoil it.

use pmc_abi::descriptor::interpolation;
use pmc_host::{Engine, Limits, LoadError, Plugin, Schedule, ScheduleRecord, load_wasm_plugin_with};

/// The text of the plugin, with places to fill.
const TEXT: &str = include_str!("../plugin.wat");

/// The manifest of the plugin.
const MANIFEST: &str = r#"{"abi":{"major":1,"minor":0},"name":"decay","kind":"ode","parameters":[{"name":"k","default":0.5}],"states":[{"name":"a","unit":"mg"}],"routes":[{"label":"iv","input":"both","destination":0}],"outputs":[{"name":"given","unit":"mg"}],"solver":{"method":"auto","rtol":1e-6,"atol":1e-9}}"#;

/// The document that `plugin_last_error` gives.
const ERROR: &str = r#"{"message":"the amount ran away","time":2.5,"state":0}"#;

/// Makes the plugin with each `from` of the edits replaced by its `to`.
pub(crate) fn module(edits: &[(&str, &str)]) -> Vec<u8> {
    module_with(MANIFEST, ERROR, edits)
}

/// Makes the plugin with a manifest and an error document.
pub(crate) fn module_with(manifest: &str, error: &str, edits: &[(&str, &str)]) -> Vec<u8> {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = TEXT
        .replace("MANIFEST_LENGTH", &manifest.len().to_string())
        .replace("MANIFEST_TEXT", &quoted(manifest))
        .replace("ERROR_LENGTH", &error.len().to_string())
        .replace("ERROR_TEXT", &quoted(error));
    for (from, to) in edits {
        assert!(text.contains(from), "the plugin does not hold `{from}`");
        text = text.replace(from, to);
    }
    wat::parse_str(&text).expect("the plugin is well-formed")
}

/// Returns limits that a test reaches within milliseconds.
pub(crate) fn tight() -> Limits {
    Limits { fuel_per_call: 1_000_000, memory_bytes: 1 << 20, ..Limits::generous() }
}

/// Loads the plugin with edits, under tight limits.
pub(crate) fn load(engine: Engine, edits: &[(&str, &str)]) -> Result<Plugin, LoadError> {
    load_wasm_plugin_with(&module(edits), &tight(), engine)
}

/// Makes a schedule of records without covariates.
pub(crate) fn schedule(records: Vec<ScheduleRecord>) -> Schedule {
    Schedule {
        policy: 0,
        data_interpolation: interpolation::NEXT_BACKWARD,
        covariates: 0,
        stream: 0,
        records,
    }
}

/// Runs a test on every engine of this build; the rules are the same for all.
#[expect(clippy::print_stdout, reason = "what a failing test prints ends with the engine that failed")]
pub(crate) fn on_every_engine(test: impl Fn(Engine)) {
    for engine in Engine::ALL {
        println!("in {}", engine.name());
        test(*engine);
    }
}

/// Appends a manifest section of a later minor version, with the name `other`, to a module.
pub(crate) fn with_manifest_section(mut module: Vec<u8>) -> Vec<u8> {
    const MANIFEST: &str = r#"{"abi":{"major":1,"minor":7},"name":"other","kind":"ode","parameters":[],"states":[],"outputs":[],"solver":{"method":"auto","rtol":1e-6,"atol":1e-9},"of_a_later_version":1}"#;
    let name = pmc_abi::MANIFEST_SECTION;
    let size = 1 + name.len() + MANIFEST.len();
    module.extend([0, (size & 0x7f) as u8 | 0x80, (size >> 7) as u8, name.len() as u8]);
    module.extend(name.as_bytes());
    module.extend(MANIFEST.as_bytes());
    module
}

//! The whole line, through nothing but the contract: text, module, instance, schedule, predictions.

use pmc_abi::descriptor::interpolation;
use pmc_abi::schedule::{MAGIC, NO_ROUTE, event, flag};
use pmc_passes::optimise;
use wasmi::{Engine, Instance, Linker, Memory, Store, WasmParams, WasmResults};

use crate::build::module_of;

/// One compartment, boluses and infusions, with a lag on the former.
const MODEL: &str = "
name = line
param cl = 5, v = 50, delay = 0.5
state central
bolus(fast) -> central
infusion(slow) -> central
lag(fast) = delay
ddt(central) = -cl / v * central
out(cp) = central / v
";

/// Compiles a model that has no mistake.
fn compile(source: &str) -> Vec<u8> {
    let parsed = pmc_grammar::parse(source);
    assert!(!parsed.diagnostics.has_errors(), "{:?}", parsed.diagnostics);
    let (module, diagnostics) = pmc_analysis::analyse(&parsed.file.models[0], parsed.file.spelling);
    module_of(&optimise(module.unwrap_or_else(|| panic!("{diagnostics:?}"))))
}

/// An instance that is called as the contract says.
struct Plugin {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl Plugin {
    /// Instantiates a module.
    fn new(module: &[u8]) -> Self {
        let engine = Engine::default();
        let module = wasmi::Module::new(&engine, module).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module).unwrap();
        let memory = instance.get_memory(&store, "memory").unwrap();
        Self { store, instance, memory }
    }

    /// Calls an export.
    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, parameters: P) -> R {
        let function = self.instance.get_typed_func::<P, R>(&self.store, name).unwrap();
        function.call(&mut self.store, parameters).unwrap()
    }

    /// Puts bytes into a buffer and returns its address.
    fn place(&mut self, bytes: &[u8]) -> u32 {
        let address: u32 = self.call("plugin_alloc", bytes.len() as u32);
        assert_ne!(address, 0);
        self.memory.write(&mut self.store, address as usize, bytes).unwrap();
        address
    }

    /// Reads a word.
    fn word(&self, address: u32) -> u32 {
        let bytes = &self.memory.data(&self.store)[address as usize..][..4];
        u32::from_le_bytes(bytes.try_into().unwrap())
    }

    /// Reads the bytes whose address and length stand somewhere.
    fn document(&self, place: u32) -> Vec<u8> {
        let (address, length) = (self.word(place) as usize, self.word(place + 4) as usize);
        self.memory.data(&self.store)[address..][..length].to_vec()
    }

    /// Runs a schedule and returns what it reports.
    fn simulate(&mut self, configuration: &str, schedule: &[u8], results: usize) -> Vec<f64> {
        let text = self.place(configuration.as_bytes());
        let handle: u32 = self.call("plugin_create", (text, configuration.len() as u32));
        assert_ne!(handle, 0);
        let records = self.place(schedule);
        let outputs = self.place(&vec![0; 8 * results]);
        let status: i32 =
            self.call("plugin_simulate", (handle, records, schedule.len() as u32, outputs, results as u32));
        assert_eq!(status, 0);
        let bytes = &self.memory.data(&self.store)[outputs as usize..][..8 * results];
        bytes.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect()
    }
}

/// Returns a schedule of records: time, amount, rate, event, route.
fn schedule(records: &[(f64, f64, f64, u32, u32)]) -> Vec<u8> {
    let header = [MAGIC, records.len() as u32, 0, 0, interpolation::LAST_FORWARD, 0, 0, 0];
    let mut bytes: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
    for (time, amount, rate, of, route) in records {
        bytes.extend([*time, *amount, *rate, 0.0].iter().flat_map(|number| number.to_le_bytes()));
        let report = if *of == event::OBSERVATION { flag::REPORT } else { 0 };
        bytes.extend([*of, *route, 0, report].iter().flat_map(|word| word.to_le_bytes()));
    }
    bytes
}

/// Returns the concentration at a time: a bolus of 100 at 0.5, an infusion of 40 from 4 to 8.
fn exact(t: f64, volume: f64) -> f64 {
    let rate = 5.0 / volume;
    let bolus = if t < 0.5 { 0.0 } else { 100.0 * pmc_math::exp(-rate * (t - 0.5)) };
    let running = (t - 4.0).clamp(0.0, 4.0);
    let infused = 10.0 / rate * (1.0 - pmc_math::exp(-rate * running));
    (bolus + infused * pmc_math::exp(-rate * (t - 4.0 - running).max(0.0))) / volume
}

#[test]
fn a_model_runs_from_its_text_to_its_predictions() {
    let times = [0.25, 1.0, 3.0, 4.0, 6.0, 8.0, 24.0];
    let mut records = vec![(0.0, 100.0, 0.0, event::DOSE, 0)];
    records.extend(times[..3].iter().map(|t| (*t, 0.0, 0.0, event::OBSERVATION, NO_ROUTE)));
    records.push((4.0, 40.0, 10.0, event::DOSE, 1));
    records.extend(times[3..].iter().map(|t| (*t, 0.0, 0.0, event::OBSERVATION, NO_ROUTE)));
    let mut plugin = Plugin::new(&compile(MODEL));
    for (configuration, volume) in [("{}", 50.0), (r#"{"parameters": {"v": 20}}"#, 20.0)] {
        let found = plugin.simulate(configuration, &schedule(&records), times.len());
        for (t, found) in times.iter().zip(found) {
            let expected = exact(*t, volume);
            assert!((found - expected).abs() <= 1e-5 * expected, "t = {t}: {found}, not {expected}");
        }
    }
}

#[test]
fn a_module_says_its_name_its_version_and_its_manifest() {
    let mut plugin = Plugin::new(&compile(MODEL));
    assert_eq!(plugin.call::<_, u32>("plugin_abi_version", ()), pmc_abi::ABI_VERSION);
    let name = plugin.place(&[0; 8]);
    assert_eq!(plugin.call::<_, u32>("plugin_name", (name, 8_u32)), 4);
    assert_eq!(&plugin.memory.data(&plugin.store)[name as usize..][..4], b"line");
    let place = plugin.place(&[0; 8]);
    assert_eq!(plugin.call::<_, i32>("plugin_get_metadata", (0_u32, place)), 0);
    let manifest: pmc_abi::manifest::Manifest = serde_json::from_slice(&plugin.document(place)).unwrap();
    assert_eq!(manifest.routes[0].properties, ["lag"]);
    assert_eq!(manifest.parameters[2].default, Some(0.5));
}

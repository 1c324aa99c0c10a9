//! Runs the model's functions of an emitted module in wasmi.

use pmc_backend::layout;
use pmc_ir::{Module, Program};
use pmc_passes::Environment;
use wasm_encoder::{ExportKind, ExportSection, RawSection, SectionId};
use wasmi::{Engine, Instance, Linker, Memory, Store, WasmParams, WasmResults};
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::build::module_of;

/// Bytes of a page of memory.
const PAGE: usize = 1 << 16;

/// What the functions of a model compute for one frame.
#[derive(Debug)]
pub(crate) struct Results {
    /// Initial values.
    pub(crate) initial: Vec<f64>,
    /// Time derivatives.
    pub(crate) derivatives: Vec<f64>,
    /// Partial derivatives with respect to states, by row; zero where nothing is written.
    pub(crate) matrix: Vec<f64>,
    /// Partial derivatives with respect to time; zero where nothing is written.
    pub(crate) time_derivative: Vec<f64>,
    /// Outputs.
    pub(crate) outputs: Vec<f64>,
    /// Properties of routes, four a route; NaN where there is none.
    pub(crate) properties: Vec<f64>,
}

/// Runs all functions of a program, stages first.
///
/// Covariates of `environment` are values at its time; the segment starts at time 0.
pub(crate) fn run(program: &Program, environment: &Environment) -> Results {
    let mut running = Running::new(&module_of(program));
    let module = &program.module;
    let frame = frame(program, environment);
    let (states, outputs) = (module.states.len(), module.outputs.len());
    let frame = running.place(&frame);
    let state = running.place(&environment.states);
    let initial = running.place(&vec![0.0; states]);
    let derivatives = running.place(&vec![0.0; states]);
    let matrix = running.place(&vec![0.0; states * states]);
    let time_derivative = running.place(&vec![0.0; states]);
    let out = running.place(&vec![0.0; outputs]);
    let t = environment.time;
    for stage in ["stage_parameters", "stage_covariates", "stage_event"] {
        running.call::<_, ()>(stage, frame);
    }
    running.call::<_, ()>("stage_interpolated", (t, frame));
    running.call::<_, ()>("initial", (t, frame, initial));
    running.call::<_, ()>("derivatives", (t, frame, state, derivatives));
    running.call::<_, ()>("jacobian", (t, frame, state, matrix, time_derivative));
    running.call::<_, ()>("outputs", (t, frame, state, out));
    let mut properties = Vec::new();
    for route in 0..module.routes.len() as u32 {
        for property in 0..4_u32 {
            properties.push(running.call("route_property", (t, frame, route, property)));
        }
    }
    Results {
        initial: running.read(initial, states),
        derivatives: running.read(derivatives, states),
        matrix: running.read(matrix, states * states),
        time_derivative: running.read(time_derivative, states),
        outputs: running.read(out, outputs),
        properties,
    }
}

/// Returns the frame of an environment, with staged values not yet computed.
fn frame(program: &Program, environment: &Environment) -> Vec<f64> {
    let module = &program.module;
    let layout = layout(program);
    let mut frame = vec![0.0, environment.last_dose_time, environment.dose_number, environment.event_time];
    frame.extend(&environment.parameters);
    frame.extend(&environment.random_effects);
    frame.extend(&environment.covariates);
    frame.extend(&environment.covariate_slopes);
    frame.extend(environment.covariates_missing.iter().map(|missing| f64::from(u8::from(*missing))));
    frame.extend(&environment.infusion_rates);
    frame.extend(&environment.last_dose_times);
    frame.extend(&environment.variables);
    assert_eq!(frame.len(), layout.staged() as usize);
    move_to_start(module, environment, &mut frame[layout.covariate() as usize..]);
    frame.resize(layout.len() as usize, f64::NAN);
    frame
}

/// Turns covariate values at the time of an environment into values at time 0.
///
/// Values and slopes in the tests are small whole numbers, so that this is exact.
fn move_to_start(module: &Module, environment: &Environment, values: &mut [f64]) {
    for ((_, covariate), (value, slope)) in
        module.covariates.iter().zip(values.iter_mut().zip(&environment.covariate_slopes))
    {
        if covariate.may_slope() {
            *value -= slope * environment.time;
        }
    }
}

/// An instance of a module all of whose named functions are exported.
struct Running {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    free: usize,
}

impl Running {
    /// Instantiates a module.
    fn new(module: &[u8]) -> Self {
        let engine = Engine::default();
        let module = wasmi::Module::new(&engine, export_named_functions(module)).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module).unwrap();
        let memory = instance.get_memory(&store, "memory").unwrap();
        let free = memory.data_size(&store);
        Self { store, instance, memory, free }
    }

    /// Puts numbers into fresh memory and returns their address.
    fn place(&mut self, values: &[f64]) -> u32 {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let address = self.free;
        self.free += bytes.len();
        let missing = self.free.saturating_sub(self.memory.data_size(&self.store)).div_ceil(PAGE);
        self.memory.grow(&mut self.store, missing as u64).unwrap();
        self.memory.write(&mut self.store, address, &bytes).unwrap();
        address as u32
    }

    /// Reads numbers.
    fn read(&self, address: u32, length: usize) -> Vec<f64> {
        let bytes = &self.memory.data(&self.store)[address as usize..][..8 * length];
        bytes.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect()
    }

    /// Calls a function.
    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, parameters: P) -> R {
        let function = self.instance.get_typed_func::<P, R>(&self.store, name).unwrap();
        function.call(&mut self.store, parameters).unwrap()
    }
}

/// Returns a module with every named function exported under its name.
fn export_named_functions(module: &[u8]) -> Vec<u8> {
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload.unwrap() else { continue };
        let KnownCustom::Name(names) = section.as_known() else { continue };
        for part in names {
            let Name::Function(map) = part.unwrap() else { continue };
            for naming in map {
                let naming = naming.unwrap();
                exports.export(naming.name, ExportKind::Func, naming.index);
            }
        }
    }
    let mut copy = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.unwrap();
        let Some((id, range)) = payload.as_section() else { continue };
        if id == SectionId::Export as u8 {
            copy.section(&exports);
        } else {
            copy.section(&RawSection { id, data: &module[range.start as usize..range.end as usize] });
        }
    }
    copy.finish()
}

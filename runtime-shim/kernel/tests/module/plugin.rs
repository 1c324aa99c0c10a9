//! A host that plays the model: one compartment, dosed at one route, with a covariate that scales clearance.

use pmc_abi::descriptor::{
    CovariateDescriptor, Descriptor, Dynamics, RouteDescriptor, SolverSettings, input, solver,
};
use pmc_abi::frame::FrameLayout;
use pmc_abi::schedule::{MAGIC, Record};
use pmc_kernel::Model;
use wasmi::{Caller, Engine, Extern, ExternType, Instance, Linker, Memory, Module, Store, Val};

use crate::kernel;

/// Parameters `cl` (no default) and `v` (20), random effect `eta`, covariate `wt` (no default); the lag of route 0 is
/// the random effect.
pub(crate) struct OneCompartment;

const LAYOUT: FrameLayout =
    FrameLayout { parameters: 2, random_effects: 1, covariates: 1, routes: 1, variables: 0, staged: 1 };

const ROUTE: RouteDescriptor =
    RouteDescriptor { destination: 0, input: input::BOLUS | input::INFUSION, properties: 1, reserved: 0 };

const COVARIATE: CovariateDescriptor =
    CovariateDescriptor { interpolation: 0, tested_for_missing: 0, default: f64::NAN };

pub(crate) const SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 1e-8,
    absolute_tolerance: 1e-10,
    maximum_step: f64::INFINITY,
    maximum_steps: 1e5,
    solver: solver::AUTOMATIC,
    particles: 0,
    seed: 0,
};

impl Model for OneCompartment {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: LAYOUT,
            states: 1,
            outputs: 1,
            routes: &[ROUTE],
            covariates: &[COVARIATE],
            dynamics: Dynamics::PLAIN,
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, t: f64, frame: &mut [f64]) {
        let weight = frame[LAYOUT.covariate() as usize]
            + frame[LAYOUT.slope() as usize] * (t - frame[FrameLayout::SEGMENT_START as usize]);
        frame[LAYOUT.staged() as usize] = frame[4] * weight / 70.0 / frame[5];
    }

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state[0] = 0.0;
    }

    fn derivatives(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = frame[LAYOUT.rate() as usize] - frame[LAYOUT.staged() as usize] * state[0];
    }

    fn jacobian(
        &self,
        _t: f64,
        frame: &[f64],
        _state: &[f64],
        matrix: &mut [f64],
        _time_derivative: &mut [f64],
    ) {
        matrix[0] = -frame[LAYOUT.staged() as usize];
    }

    fn outputs(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = state[0] / frame[5];
    }

    fn route_property(&self, _t: f64, frame: &[f64], _route: u32, _property: u32) -> f64 {
        frame[6]
    }
}

/// Pages of memory that the host allows.
const PAGES: u32 = 8;

/// An instance of the kernel over [`OneCompartment`].
pub(crate) struct Plugin {
    store: Store<u32>,
    instance: Instance,
    memory: Memory,
}

pub(crate) const NAME: &str = "one compartment";
pub(crate) const MANIFEST: &str = r#"{"abi":{"major":1,"minor":0}}"#;

impl Plugin {
    pub(crate) fn new() -> Self {
        let engine = Engine::default();
        let module = Module::new(&engine, kernel()).expect("a module");
        let mut store = Store::new(&engine, 0);
        let instance =
            linker(&engine, &module).instantiate_and_start(&mut store, &module).expect("an instance");
        let memory = instance.get_memory(&store, "memory").expect("a memory");
        let base = instance.get_global(&store, "__heap_base").expect("the end of data").get(&store);
        let Val::I32(base) = base else { panic!("an address") };
        let start = (base.cast_unsigned()).next_multiple_of(16);
        let data = constants(start);
        assert!(memory.size(&store) <= u64::from(PAGES));
        memory.write(&mut store, start as usize, &data).expect("room for the descriptor");
        *store.data_mut() = start;
        Self { store, instance, memory }
    }

    /// Calls an export.
    pub(crate) fn call(&mut self, name: &str, arguments: &[Val]) -> Val {
        let function = self.instance.get_func(&self.store, name).expect("an export");
        let count = function.ty(&self.store).results().len();
        let mut results = [Val::I32(0)];
        function.call(&mut self.store, arguments, &mut results[..count]).expect("no trap");
        results[0].clone()
    }

    /// Calls an export that returns a number of 32 bits.
    pub(crate) fn number(&mut self, name: &str, arguments: &[Val]) -> i32 {
        let Val::I32(number) = self.call(name, arguments) else { panic!("a number of 32 bits") };
        number
    }

    /// Allocates a buffer and fills it.
    pub(crate) fn place(&mut self, bytes: &[u8]) -> Val {
        let address = self.number("plugin_alloc", &[Val::I32(bytes.len() as i32)]);
        assert!(address > 0 && address % 8 == 0, "an address: {address}");
        self.memory.write(&mut self.store, address as usize, bytes).expect("within the memory");
        Val::I32(address)
    }

    pub(crate) fn place_numbers(&mut self, numbers: &[f64]) -> Val {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.place(&bytes)
    }

    pub(crate) fn read(&self, address: &Val, length: usize) -> Vec<u8> {
        let Val::I32(address) = address else { panic!("an address") };
        let mut bytes = vec![0; length];
        self.memory.read(&self.store, *address as usize, &mut bytes).expect("within the memory");
        bytes
    }

    pub(crate) fn read_numbers(&self, address: &Val, count: usize) -> Vec<f64> {
        let bytes = self.read(address, 8 * count);
        bytes.chunks_exact(8).map(|chunk| f64::from_le_bytes(chunk.try_into().expect("eight"))).collect()
    }

    /// Reads a document whose place an export writes.
    pub(crate) fn document(&mut self, name: &str, handle: Option<i32>) -> String {
        let out = self.place(&[0; 8]);
        let arguments: Vec<Val> = handle.map(Val::I32).into_iter().chain([out.clone()]).collect();
        assert_eq!(self.number(name, &arguments), 0);
        let place = self.read(&out, 8);
        let word = |at: usize| i32::from_le_bytes(place[at..at + 4].try_into().expect("four"));
        String::from_utf8(self.read(&Val::I32(word(0)), word(4) as usize)).expect("UTF-8")
    }

    pub(crate) fn create(&mut self, configuration: &str) -> i32 {
        let text = self.place(configuration.as_bytes());
        let handle = self.number("plugin_create", &[text.clone(), Val::I32(configuration.len() as i32)]);
        self.free(&text, configuration.len());
        handle
    }

    pub(crate) fn free(&mut self, address: &Val, size: usize) {
        self.call("plugin_dealloc", &[address.clone(), Val::I32(size as i32)]);
    }

    pub(crate) fn pages(&self) -> u64 {
        self.memory.size(&self.store)
    }
}

/// Writes a schedule with one covariate on each record.
pub(crate) fn schedule(records: &[(Record, f64)]) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    for word in [MAGIC, records.len() as u32, 1, 0, 2, 0, 0, 0] {
        bytes.extend(word.to_le_bytes());
    }
    for (record, covariate) in records {
        for number in [record.time, record.amount, record.rate, record.interval] {
            bytes.extend(number.to_le_bytes());
        }
        for word in [record.event, record.route, record.additional, record.flags] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(covariate.to_le_bytes());
    }
    bytes
}

/// Returns the descriptor with all that it points to, for an address.
fn constants(start: u32) -> Vec<u8> {
    let mut tail: Vec<u8> = Vec::new();
    let descriptor = 160;
    let mut put = |bytes: &[u8]| {
        let address = start + descriptor + tail.len() as u32;
        tail.extend(bytes);
        tail.resize(tail.len().next_multiple_of(8), 0);
        address
    };
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let routes = put(&words(&[ROUTE.destination, ROUTE.input, ROUTE.properties, 0]));
    let covariates = put(&[words(&[0, 0]), f64::NAN.to_le_bytes().to_vec()].concat());
    let defaults = put(&[f64::NAN, 20.0].map(f64::to_le_bytes).concat());
    let names: Vec<u32> =
        ["cl", "v", "eta", "wt"].iter().flat_map(|name| [put(name.as_bytes()), name.len() as u32]).collect();
    let names = put(&words(&names));
    let name = put(NAME.as_bytes());
    let manifest = put(MANIFEST.as_bytes());
    let end = (start + descriptor + tail.len() as u32).next_multiple_of(16);
    let head = [2, 1, 1, 1, 0, 1, 1, 1, routes, covariates, defaults, names, name];
    let mut bytes = words(&head);
    bytes.extend(words(&[NAME.len() as u32, manifest, MANIFEST.len() as u32]));
    bytes.extend(words(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, end, 0]));
    let settings = [
        SETTINGS.relative_tolerance,
        SETTINGS.absolute_tolerance,
        SETTINGS.maximum_step,
        SETTINGS.maximum_steps,
    ];
    bytes.extend(settings.map(f64::to_le_bytes).concat());
    bytes.extend(words(&[SETTINGS.solver, 0, 0, 0]));
    assert_eq!(bytes.len() as u32, descriptor, "the size of a descriptor");
    bytes.extend(tail);
    bytes
}

/// Reads numbers of the module.
fn load(caller: &Caller<'_, u32>, address: u32, count: usize) -> Vec<f64> {
    let memory = caller.get_export("memory").and_then(Extern::into_memory).expect("a memory");
    let mut bytes = vec![0; 8 * count];
    memory.read(caller, address as usize, &mut bytes).expect("within the memory");
    bytes.chunks_exact(8).map(|chunk| f64::from_le_bytes(chunk.try_into().expect("eight"))).collect()
}

/// Writes numbers of the module.
fn store(caller: &mut Caller<'_, u32>, address: u32, numbers: &[f64]) {
    let memory = caller.get_export("memory").and_then(Extern::into_memory).expect("a memory");
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    memory.write(caller, address as usize, &bytes).expect("within the memory");
}

/// Offers [`OneCompartment`] as the imports of the kernel, and its own parts as what the linker makes of them.
fn linker(engine: &Engine, module: &Module) -> Linker<u32> {
    const FRAME: usize = LAYOUT.len() as usize;
    let mut linker = Linker::new(engine);
    let wrapped = linker.func_wrap("model", "descriptor", |caller: Caller<'_, u32>| *caller.data());
    wrapped.expect("a new name");
    for name in ["stage_parameters", "stage_covariates", "stage_event"] {
        linker.func_wrap("model", name, |_: u32| ()).expect("a new name");
    }
    let interpolated = |mut caller: Caller<'_, u32>, t: f64, frame: u32| {
        let mut numbers = load(&caller, frame, FRAME);
        OneCompartment.stage_interpolated(t, &mut numbers);
        store(&mut caller, frame, &numbers);
    };
    linker.func_wrap("model", "stage_interpolated", interpolated).expect("a new name");
    let initial = |mut caller: Caller<'_, u32>, t: f64, frame: u32, state: u32| {
        let mut out = [0.0];
        OneCompartment.initial(t, &load(&caller, frame, FRAME), &mut out);
        store(&mut caller, state, &out);
    };
    linker.func_wrap("model", "initial", initial).expect("a new name");
    let derivatives = |mut caller: Caller<'_, u32>, t: f64, frame: u32, state: u32, out: u32| {
        let mut numbers = [0.0];
        OneCompartment.derivatives(t, &load(&caller, frame, FRAME), &load(&caller, state, 1), &mut numbers);
        store(&mut caller, out, &numbers);
    };
    linker.func_wrap("model", "derivatives", derivatives).expect("a new name");
    let jacobian = |mut caller: Caller<'_, u32>, t: f64, frame: u32, state: u32, matrix: u32, _: u32| {
        let mut numbers = [0.0];
        let frame = load(&caller, frame, FRAME);
        OneCompartment.jacobian(t, &frame, &load(&caller, state, 1), &mut numbers, &mut []);
        store(&mut caller, matrix, &numbers);
    };
    linker.func_wrap("model", "jacobian", jacobian).expect("a new name");
    let outputs = |mut caller: Caller<'_, u32>, t: f64, frame: u32, state: u32, out: u32| {
        let mut numbers = [0.0];
        OneCompartment.outputs(t, &load(&caller, frame, FRAME), &load(&caller, state, 1), &mut numbers);
        store(&mut caller, out, &numbers);
    };
    linker.func_wrap("model", "outputs", outputs).expect("a new name");
    let property = |caller: Caller<'_, u32>, t: f64, frame: u32, route: u32, property: u32| {
        OneCompartment.route_property(t, &load(&caller, frame, FRAME), route, property)
    };
    linker.func_wrap("model", "route_property", property).expect("a new name");
    for name in ["variables", "event_times"] {
        linker.func_wrap("model", name, |_: f64, _: u32, _: u32| ()).expect("a new name");
    }
    for name in ["event_conditions", "diffusion"] {
        linker.func_wrap("model", name, |_: f64, _: u32, _: u32, _: u32| ()).expect("a new name");
    }
    let effects = |_: f64, _: u32, _: u32, _: u32, _: u32| ();
    linker.func_wrap("model", "event_effects", effects).expect("a new name");
    for import in module.imports().filter(|import| import.module() == "part") {
        // As the compiler connects a model that is not linear.
        let name = if import.name() == "integrate" { "step" } else { import.name() };
        let export = format!("part_{name}");
        let ExternType::Func(of) = import.ty() else { panic!("a function") };
        let call = move |mut caller: Caller<'_, u32>, arguments: &[Val], results: &mut [Val]| {
            let part = caller.get_export(&export).and_then(Extern::into_func).expect("a part");
            part.call(&mut caller, arguments, results)
        };
        linker.func_new("part", import.name(), of.clone(), call).expect("a new name");
    }
    linker
}

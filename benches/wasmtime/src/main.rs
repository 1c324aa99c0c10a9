//! Modules in wasmtime beside the same kernel and model compiled natively, in one process; then the engines of the host,
//! which meters what they run.
//!
//! `cargo xtask bench --wasmtime` builds and runs this, twice: natively with and without automatic vectorisation, which
//! modules cannot have (they are scalar by contract) and which does not always pay.

use std::hint::black_box;

use anyhow::{Context, Result, anyhow, ensure};
use pmc_benches::clock::{microseconds, microseconds_of_both};
use pmc_benches::workload::{self, Workload};
use pmc_host::{Configuration, Limits, load_wasm_plugin_with};
use wasmtime::{Config, Engine, Inlining, Instance, Memory, Module, OptLevel, Store, TypedFunc};

fn main() -> Result<()> {
    let filter = std::env::args().nth(1).unwrap_or_default();
    println!(
        "{:<38} {:>9} {:>9} {:>6} {:>7} {:>7} {:>6} {:>6} {:>5} {:>6}",
        "µs per subject", "wasmtime", "native", "ratio", "bar", "steps", "reject", "calls", "jac", "bytes"
    );
    for workload in workload::all().iter().filter(|workload| workload.name.contains(&filter)) {
        measure(workload).with_context(|| format!("in `{}`", workload.name))?;
    }
    println!("\n{:<38} {:>9} {:>9} {:>9} {:>9}", "µs in the host", "engine", "load", "fork", "subject");
    for workload in workload::all().iter().filter(|workload| workload.name.contains(&filter)).take(2) {
        measure_host(workload).with_context(|| format!("in `{}`", workload.name))?;
    }
    Ok(())
}

/// Prints a line for each engine of the host.
fn measure_host(workload: &Workload) -> Result<()> {
    let compiled = pmc::compile(&workload.source, &pmc::CompileOptions::default())
        .map_err(|findings| anyhow!("does not compile: {findings:?}"))?;
    let limits = Limits::generous();
    let configuration = Configuration {
        relative_tolerance: Some(workload.settings.relative_tolerance),
        absolute_tolerance: Some(workload.settings.absolute_tolerance),
        ..Configuration::of_parameters(workload.parameters.iter().copied())
    };
    for engine in pmc_host::Engine::ALL {
        let plugin = load_wasm_plugin_with(&compiled.wasm, &limits, *engine)?;
        let mut model = plugin.model(&configuration)?;
        model.simulate(&workload.schedule)?;
        let load =
            microseconds(1, || drop(black_box(load_wasm_plugin_with(&compiled.wasm, &limits, *engine))));
        let fork = microseconds(1, || drop(black_box(model.fork())));
        let subject = microseconds(5, || drop(black_box(model.simulate(&workload.schedule))));
        println!("{:<38} {:>9} {load:>9.1} {fork:>9.1} {subject:>9.1}", workload.name, engine.name());
    }
    Ok(())
}

/// Prints a line of the table.
fn measure(workload: &Workload) -> Result<()> {
    let compiled = pmc::compile(&workload.source, &pmc::CompileOptions::default())
        .map_err(|findings| anyhow!("does not compile: {findings:?}"))?;
    let mut subject = Subject::new(&compiled.wasm, workload)?;
    let words = workload.words();
    let mut native = workload.native();
    let counts = native.simulate(&words);
    let found = subject.simulate()?;
    // Not to the last bit: the compiler may know a better method than a solver.
    let error = found.iter().zip(native.outputs()).map(|(a, b)| (a - b).abs() / b.abs()).fold(0.0, f64::max);
    ensure!(error < 1e-3, "native and module disagree: {error:e}");
    let [module, native] = microseconds_of_both(
        5,
        || drop(black_box(subject.run())),
        || _ = black_box(native.simulate(black_box(&words))),
    );
    let bar = workload.bar.map_or_else(String::new, |bar| format!("≤ {bar}"));
    println!(
        "{:<38} {module:>9.1} {native:>9.1} {:>6.2} {bar:>7} {:>7} {:>6} {:>6} {:>5} {:>6}",
        workload.name,
        module / native,
        counts.accepted,
        counts.rejected,
        counts.derivatives,
        counts.jacobians,
        compiled.wasm.len(),
    );
    Ok(())
}

/// An instance of a module with a schedule and outputs in its memory.
struct Subject {
    store: Store<()>,
    memory: Memory,
    simulate: TypedFunc<(u32, u32, u32, u32, u32), i32>,
    arguments: (u32, u32, u32, u32, u32),
}

impl Subject {
    fn new(wasm: &[u8], workload: &Workload) -> Result<Self> {
        let mut config = Config::new();
        config.cranelift_opt_level(OptLevel::Speed).compiler_inlining(Inlining::Yes);
        let engine = Engine::new(&config).map_err(error)?;
        let mut store = Store::new(&engine, ());
        let module = Module::new(&engine, wasm).map_err(error)?;
        let instance = Instance::new(&mut store, &module, &[]).map_err(error)?;
        let memory = instance.get_memory(&mut store, "memory").context("the module has no memory")?;
        let mut place = |bytes: &[u8]| -> Result<u32> {
            let allocate = instance.get_typed_func::<u32, u32>(&mut store, "plugin_alloc").map_err(error)?;
            let address = allocate.call(&mut store, bytes.len().max(8) as u32).map_err(error)?;
            ensure!(address != 0, "the module has no room");
            memory.write(&mut store, address as usize, bytes)?;
            Ok(address)
        };
        let configuration = workload.configuration();
        let document = place(configuration.as_bytes())?;
        let bytes = workload.schedule.to_bytes();
        let schedule = place(&bytes)?;
        let outputs = workload.outputs();
        let out = place(&vec![0; outputs * 8])?;
        let create =
            instance.get_typed_func::<(u32, u32), u32>(&mut store, "plugin_create").map_err(error)?;
        let handle = create.call(&mut store, (document, configuration.len() as u32)).map_err(error)?;
        ensure!(handle != 0, "the module refuses its configuration");
        let simulate = instance.get_typed_func(&mut store, "plugin_simulate").map_err(error)?;
        let arguments = (handle, schedule, bytes.len() as u32, out, outputs as u32);
        Ok(Self { store, memory, simulate, arguments })
    }

    /// Runs the schedule; returns the status.
    fn run(&mut self) -> Result<i32> {
        self.simulate.call(&mut self.store, self.arguments).map_err(error)
    }

    /// Runs the schedule; returns the outputs.
    fn simulate(&mut self) -> Result<Vec<f64>> {
        let status = self.run()?;
        ensure!(status == 0, "status {status}");
        let mut bytes = vec![0; self.arguments.4 as usize * 8];
        self.memory.read(&self.store, self.arguments.3 as usize, &mut bytes)?;
        let number = |chunk: &[u8]| chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        Ok(bytes.chunks_exact(8).map(|chunk| f64::from_bits(number(chunk))).collect())
    }
}

/// Turns wasmtime's error into the shell's.
fn error(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:?}")
}

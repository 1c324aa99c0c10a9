//! Modules in wasmtime beside the same kernel and model compiled natively, in one process.
//!
//! `cargo xtask bench --wasmtime` builds and runs this. `modules` compares modules with native code, once more with
//! `--scalar` without automatic vectorisation, which modules cannot have (they are scalar by contract) and which does not
//! always pay. `engines` compares all engines.

use std::hint::black_box;

use anyhow::{Context, Result, anyhow, bail, ensure};
use pmc_benches::clock::microseconds_of_both;
use pmc_benches::contest::{print_population, print_tables};
use pmc_benches::contestants::{Contestant, Population, Results};
use pmc_benches::loading::print_loading;
use pmc_benches::workload::{self, Workload};
use pmc_host::Schedule;
use wasmtime::{Config, Engine, Inlining, Instance, Memory, Module, OptLevel, Store, TypedFunc};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (what, filter) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    match what.as_str() {
        "modules" => modules(&filter),
        "engines" => engines(&filter),
        _ => bail!("expected `modules` or `engines`, and perhaps a part of a name"),
    }
}

/// Prints the table of modules and native code.
fn modules(filter: &str) -> Result<()> {
    println!(
        "{:<38} {:>9} {:>9} {:>6} {:>7} {:>7} {:>6} {:>6} {:>5} {:>6}",
        "µs per subject", "wasmtime", "native", "ratio", "bar", "steps", "reject", "calls", "jac", "bytes"
    );
    for workload in workload::all().iter().filter(|workload| workload.name.contains(filter)) {
        measure(workload).with_context(|| format!("in `{}`", workload.name))?;
    }
    Ok(())
}

/// Prints the tables of all engines.
fn engines(filter: &str) -> Result<()> {
    print_tables(filter, &|workload, wasm| Ok(vec![Box::new(InWasmtime::new(wasm, workload)?)]))?;
    print_population()?;
    print_loading()
}

/// Prints a line of the table.
fn measure(workload: &Workload) -> Result<()> {
    let wasm = workload.module()?;
    let mut subject = Subject::new(&wasm, workload)?;
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
        wasm.len(),
    );
    Ok(())
}

/// The module by its exports alone; entry and its checks count.
struct InWasmtime {
    subject: Subject,
    derivatives: TypedFunc<(u32, f64, u32, u32, u32), i32>,
    /// Where states and derivatives stand.
    vectors: [u32; 2],
}

impl InWasmtime {
    fn new(wasm: &[u8], workload: &Workload) -> Result<Self> {
        let mut subject = Subject::new(wasm, workload)?;
        let vector = vec![0; 8 * workload.native().states()];
        let vectors = [subject.place(&vector)?, subject.place(&vector)?];
        let Subject { store, instance, .. } = &mut subject;
        let derivatives = instance.get_typed_func(store, "plugin_derivatives").map_err(error)?;
        Ok(Self { subject, derivatives, vectors })
    }
}

impl Contestant for InWasmtime {
    fn name(&self) -> &'static str {
        "wasmtime"
    }

    fn derivatives(&mut self, times: usize, state: &[f64], out: &mut [f64]) -> Result<()> {
        let Self { subject, derivatives, vectors: [from, to] } = self;
        subject.write(*from, &state.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())?;
        for _ in 0..times {
            let arguments = (subject.arguments.0, 1.0, *from, 0, *to);
            let status = derivatives.call(&mut subject.store, arguments).map_err(error)?;
            ensure!(status == 0, "status {status}");
        }
        out.copy_from_slice(&subject.read(*to, out.len())?);
        Ok(())
    }

    fn simulate(&mut self, population: &Population) -> Result<Results> {
        let one = |schedule: &Schedule| {
            self.subject.write(self.subject.arguments.1, &schedule.to_bytes())?;
            self.subject.simulate()
        };
        population.schedules.iter().map(one).collect()
    }
}

/// An instance of a module with a schedule and outputs in its memory.
struct Subject {
    store: Store<()>,
    instance: Instance,
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
        let create =
            instance.get_typed_func::<(u32, u32), u32>(&mut store, "plugin_create").map_err(error)?;
        let simulate = instance.get_typed_func(&mut store, "plugin_simulate").map_err(error)?;
        let mut subject = Self { store, instance, memory, simulate, arguments: (0, 0, 0, 0, 0) };
        let configuration = workload.configuration();
        let document = subject.place(configuration.as_bytes())?;
        let bytes = workload.schedule.to_bytes();
        let schedule = subject.place(&bytes)?;
        let outputs = workload.outputs();
        let out = subject.place(&vec![0; outputs * 8])?;
        let handle =
            create.call(&mut subject.store, (document, configuration.len() as u32)).map_err(error)?;
        ensure!(handle != 0, "the module refuses its configuration");
        subject.arguments = (handle, schedule, bytes.len() as u32, out, outputs as u32);
        Ok(subject)
    }

    /// Gives bytes to the module for good; returns their address.
    fn place(&mut self, bytes: &[u8]) -> Result<u32> {
        let allocate =
            self.instance.get_typed_func::<u32, u32>(&mut self.store, "plugin_alloc").map_err(error)?;
        let address = allocate.call(&mut self.store, bytes.len().max(8) as u32).map_err(error)?;
        ensure!(address != 0, "the module has no room");
        self.write(address, bytes)?;
        Ok(address)
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<()> {
        Ok(self.memory.write(&mut self.store, address as usize, bytes)?)
    }

    fn read(&self, address: u32, length: usize) -> Result<Vec<f64>> {
        let mut bytes = vec![0; length * 8];
        self.memory.read(&self.store, address as usize, &mut bytes)?;
        let number = |chunk: &[u8]| chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        Ok(bytes.chunks_exact(8).map(|chunk| f64::from_bits(number(chunk))).collect())
    }

    /// Runs the schedule; returns the status.
    fn run(&mut self) -> Result<i32> {
        self.simulate.call(&mut self.store, self.arguments).map_err(error)
    }

    /// Runs the schedule; returns the outputs.
    fn simulate(&mut self) -> Result<Vec<f64>> {
        let status = self.run()?;
        ensure!(status == 0, "status {status}");
        self.read(self.arguments.3, self.arguments.4 as usize)
    }
}

/// Turns wasmtime's error into the shell's.
fn error(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:?}")
}

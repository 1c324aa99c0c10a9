//! What the line costs, each figure as a ratio to a reference timed in the same process.
//!
//! `cargo xtask bench` builds this with optimisation and runs it. Figures are medians; the machine's noise is
//! the same for a figure and for its reference.

use std::hint::black_box;
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use pmc_benches::clock::microseconds;
use pmc_benches::equations::Handwritten;
use pmc_benches::models::OneCompartment;
use pmc_benches::native::Native;
use pmc_benches::workload::{Workload, one_compartment};
use pmc_host::{Configuration, Limits, load_wasm_plugin};

fn main() -> Result<()> {
    let workload = one_compartment();
    let wasm = compile_latency(&workload)?;
    simulation(&workload, &wasm)?;
    theophylline()?;
    right_hand_side(&workload, &wasm)
}

#[expect(clippy::print_stdout, reason = "a benchmark is a shell")]
fn show(name: &str, time: f64, reference: f64) {
    println!("{name:<58} {time:>12.4} µs {:>8.2} ×", time / reference);
}

fn compile_latency(workload: &Workload) -> Result<Vec<u8>> {
    let options = pmc::CompileOptions::default();
    let source = &workload.source;
    let compiled = pmc::compile(source, &options)
        .map_err(|findings| anyhow!("the benchmark's model does not compile: {findings:?}"))?;
    let parse = microseconds(5, || drop(black_box(pmc::parse(black_box(source)))));
    let whole = microseconds(5, || drop(black_box(pmc::compile(black_box(source), &options))));
    show("parse the one-compartment model", parse, parse);
    show("compile it, text to module (× parse)", whole, parse);
    Ok(compiled.wasm)
}

fn simulation(workload: &Workload, wasm: &[u8]) -> Result<()> {
    let words = workload.words();
    let mut native = workload.native();
    let reference = microseconds(5, || _ = black_box(native.simulate(black_box(&words))));
    show("simulate a subject, native kernel and model", reference, reference);
    let plugin = load_wasm_plugin(wasm, &Limits::generous())?;
    let configuration = Configuration {
        relative_tolerance: Some(workload.settings.relative_tolerance),
        absolute_tolerance: Some(workload.settings.absolute_tolerance),
        ..Configuration::of_parameters(workload.parameters.iter().copied())
    };
    let mut model = plugin.model(&configuration)?;
    let (expected, found) = (native.outputs(), model.simulate(&workload.schedule)?);
    // Not to the last bit: the compiler may know a better method than a solver.
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-4 * b.abs();
    anyhow::ensure!(found.iter().zip(expected).all(close), "native and module disagree");
    let time = microseconds(1, || drop(black_box(model.simulate(&workload.schedule))));
    show("simulate a subject, module in wasmi (× native)", time, reference);
    if let Some(time) = node("simulate", workload, wasm)? {
        show("simulate a subject, module in Node (× native)", time, reference);
    }
    Ok(())
}

/// Times the theophylline example: a dose and eleven observations a subject, one covariate.
fn theophylline() -> Result<()> {
    let source = include_str!("../../examples/theophylline/theophylline.pk");
    let data = include_str!("../../examples/theophylline/theophylline.csv");
    let compiled = pmc::compile(source, &pmc::CompileOptions::default())
        .map_err(|findings| anyhow!("the example does not compile: {findings:?}"))?;
    let plugin = load_wasm_plugin(&compiled.wasm, &Limits::generous())?;
    let options = pmc_simulation::DatasetOptions { ignore: None };
    let (dataset, _) = pmc_simulation::read_dataset(data, plugin.manifest(), options);
    let dataset = dataset.context("the example's data are not sound")?;
    let mut model = plugin.model(&Configuration::default())?;
    let rows = pmc_simulation::Rows::Observations;
    pmc_simulation::predict(&mut *model, &dataset, rows)?;
    let time = microseconds(1, || drop(black_box(pmc_simulation::predict(&mut *model, &dataset, rows))));
    let subject = time / dataset.subjects.len() as f64;
    show("predict a theophylline subject, module in wasmi", subject, subject);
    Ok(())
}

fn right_hand_side(workload: &Workload, wasm: &[u8]) -> Result<()> {
    let parameters = workload.parameters.iter().map(|(_, value)| *value).collect();
    let mut native = Native::new(Handwritten::new(OneCompartment), parameters, workload.settings);
    native.simulate(&workload.words());
    let mut out = [0.0; 2];
    let reference = microseconds(20_000, || native.derivatives(black_box(&[10.0, 5.0]), black_box(&mut out)));
    show("right-hand side, native", reference, reference);
    if let Some(time) = node("derivatives", workload, wasm)? {
        show("right-hand side, module in Node, entry checks included", time, reference);
    }
    Ok(())
}

/// Times a module under Node; nothing if there is no Node.
fn node(what: &str, workload: &Workload, wasm: &[u8]) -> Result<Option<f64>> {
    let folder = std::env::temp_dir().join(format!("pmc-benches-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (module, events) = (folder.join("model.wasm"), folder.join("schedule.bin"));
    std::fs::write(&module, wasm)?;
    std::fs::write(&events, workload.schedule.to_bytes())?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/node.mjs");
    let outputs = workload.schedule.reports().to_string();
    let output = Command::new("node").arg(script).arg(what).arg(&module).arg(&events).arg(outputs).output();
    std::fs::remove_dir_all(&folder)?;
    let Ok(output) = output else { return Ok(None) };
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let time = String::from_utf8_lossy(&output.stdout).trim().parse().context("no time from Node")?;
    Ok(Some(time))
}

//! What the line costs, each figure as a ratio to a reference timed in the same process.
//!
//! `cargo xtask bench` builds this with optimisation and runs it. Figures are medians; the machine's noise is
//! the same for a figure and for its reference.

mod native;
mod workload;

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use pmc_host::{Configuration, Limits, load_wasm_plugin};

/// Runs of each measurement, of which the median counts.
const RUNS: usize = 101;

fn main() -> Result<()> {
    let wasm = compile_latency()?;
    simulation(&wasm)?;
    theophylline()?;
    right_hand_side(&wasm)
}

/// Returns the median time of one call, in microseconds, over batches long enough for the clock.
fn microseconds(batch: usize, mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..batch {
                run();
            }
            start.elapsed().as_secs_f64() * 1e6 / batch as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

#[expect(clippy::print_stdout, reason = "a benchmark is a shell")]
fn show(name: &str, time: f64, reference: f64) {
    println!("{name:<58} {time:>12.4} µs {:>8.2} ×", time / reference);
}

fn compile_latency() -> Result<Vec<u8>> {
    let options = pmc::CompileOptions::default();
    let source = workload::MODEL;
    let compiled = pmc::compile(source, &options)
        .map_err(|findings| anyhow!("the benchmark's model does not compile: {findings:?}"))?;
    let parse = microseconds(5, || drop(black_box(pmc::parse(black_box(source)))));
    let whole = microseconds(5, || drop(black_box(pmc::compile(black_box(source), &options))));
    show("parse the one-compartment model", parse, parse);
    show("compile it, text to module (× parse)", whole, parse);
    Ok(compiled.wasm)
}

fn simulation(wasm: &[u8]) -> Result<()> {
    let schedule = workload::schedule();
    let bytes = schedule.to_bytes();
    let mut native = native::Native::new();
    let reference = microseconds(5, || native.simulate(black_box(&bytes)));
    show("simulate a subject, native kernel and model", reference, reference);
    let plugin = load_wasm_plugin(wasm, &Limits::generous())?;
    let mut model = plugin.model(&Configuration::default())?;
    let expected = native.outputs().to_vec();
    anyhow::ensure!(model.simulate(&schedule)? == expected, "native and module disagree");
    let time = microseconds(1, || drop(black_box(model.simulate(&schedule))));
    show("simulate a subject, module in wasmi (× native)", time, reference);
    if let Some(time) = node("simulate", wasm, &bytes)? {
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

fn right_hand_side(wasm: &[u8]) -> Result<()> {
    let native = native::Native::new();
    let reference = microseconds(20_000, || native.derivatives());
    show("right-hand side, native", reference, reference);
    if let Some(time) = node("derivatives", wasm, &[])? {
        show("right-hand side, module in Node, entry checks included", time, reference);
    }
    Ok(())
}

/// Times a module under Node; nothing if there is no Node.
fn node(what: &str, wasm: &[u8], schedule: &[u8]) -> Result<Option<f64>> {
    let folder = std::env::temp_dir().join(format!("pmc-benches-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (module, events) = (folder.join("model.wasm"), folder.join("schedule.bin"));
    std::fs::write(&module, wasm)?;
    std::fs::write(&events, schedule)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/node.mjs");
    let outputs = workload::schedule().reports().to_string();
    let output = Command::new("node").arg(script).arg(what).arg(&module).arg(&events).arg(outputs).output();
    std::fs::remove_dir_all(&folder)?;
    let Ok(output) = output else { return Ok(None) };
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let time = String::from_utf8_lossy(&output.stdout).trim().parse().context("no time from Node")?;
    Ok(Some(time))
}

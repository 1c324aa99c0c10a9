//! What engines cost on the same models: the right-hand side alone, and a whole subject.
//!
//! `cargo xtask bench --engines` builds this with optimisation and runs it. Everything is timed in one process; ratios
//! are to the same kernel with the model by hand, compiled natively.

use std::hint::black_box;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use pmc_benches::clock::microseconds_of_both;
use pmc_benches::native::Native;
use pmc_benches::workload::{self, Workload};
use pmc_interpreter::{Interpreter, Tape};

fn main() -> Result<()> {
    show("right-hand side", "ns native", "interpreter", "ratio");
    for workload in workload::engines() {
        right_hand_side(&workload)?;
    }
    show("subject", "µs native", "interpreter", "ratio");
    for workload in workload::engines() {
        subject(&workload)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark is a shell")]
fn show(name: &str, native: &str, interpreter: &str, ratio: &str) {
    println!("{name:<44} {native:>12} {interpreter:>12} {ratio:>8}");
}

fn report(name: &str, [native, interpreter]: [f64; 2], unit: f64) {
    let figure = |time: f64| format!("{:.1}", time * unit);
    show(name, &figure(native), &figure(interpreter), &format!("{:.2}", interpreter / native));
}

/// Translates a workload's model.
fn tape(workload: &Workload) -> Result<Arc<Tape>> {
    let pmc::Parsed { file, mut diagnostics, .. } = pmc::parse(&workload.source);
    let model = file.models.first().context("a model")?;
    let analysed = pmc::analyse(model, file.spelling, &mut diagnostics)
        .ok_or_else(|| anyhow!("the benchmark's model is not sound: {diagnostics:?}"))?;
    Ok(Arc::new(Tape::new(&pmc::optimise(analysed).program)))
}

/// Returns a workload's model, interpreted, ready to run.
fn interpreter(workload: &Workload) -> Result<Native<Interpreter>> {
    let parameters = workload.parameters.iter().map(|(_, value)| *value).collect();
    Ok(Native::new(Interpreter::new(tape(workload)?), parameters, workload.settings))
}

fn right_hand_side(workload: &Workload) -> Result<()> {
    let words = workload.words();
    let (mut native, mut interpreted) = (workload.native(), interpreter(workload)?);
    native.simulate(&words);
    interpreted.simulate(&words);
    let states = native.states();
    let state: Vec<f64> = (0..states).map(|index| 1.0 + 0.25 * index as f64).collect();
    let (mut one, mut other) = (vec![0.0; states], vec![0.0; states]);
    let times = microseconds_of_both(
        2_000,
        || native.derivatives(black_box(&state), black_box(&mut one)),
        || interpreted.derivatives(black_box(&state), black_box(&mut other)),
    );
    let close = one.iter().zip(&other).all(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + a.abs()));
    anyhow::ensure!(close, "{}: native and interpreter disagree: {one:?} {other:?}", workload.name);
    report(workload.name, times, 1e3);
    Ok(())
}

fn subject(workload: &Workload) -> Result<()> {
    let words = workload.words();
    let (mut native, mut interpreted) = (workload.native(), interpreter(workload)?);
    let times = microseconds_of_both(
        3,
        || _ = black_box(native.simulate(black_box(&words))),
        || _ = black_box(interpreted.simulate(black_box(&words))),
    );
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-4 * (1.0 + b.abs());
    anyhow::ensure!(native.outputs().iter().zip(interpreted.outputs()).all(close), "{}", workload.name);
    report(workload.name, times, 1.0);
    Ok(())
}

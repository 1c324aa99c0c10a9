//! What engines cost on the same models: the right-hand side alone, and whole subjects.
//!
//! `cargo xtask bench --engines` builds this with optimisation and runs it. Everything is timed in one process; ratios
//! are to the same kernel with the model by hand, compiled natively. Lanes count a subject.

use std::hint::black_box;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use pmc_benches::clock::microseconds_of_all;
use pmc_benches::native::Native;
use pmc_benches::workload::{self, Workload};
use pmc_interpreter::{Interpreter, LaneInterpreter, Session, Tape};
use pmc_kernel::lanes::{LANES, LaneModel, Lanes};

/// Subjects of a population, with the same doses at other times of the day.
const POPULATION: usize = 64;

fn main() -> Result<()> {
    show(["right-hand side, ns", "native", "interpreter", "ratio", "lanes", "ratio"].map(str::to_owned));
    for workload in workload::engines() {
        right_hand_side(&workload)?;
    }
    show(["subject, µs", "native", "interpreter", "ratio", "lanes", "ratio"].map(str::to_owned));
    for workload in workload::engines() {
        subject(&workload)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark is a shell")]
fn show([name, native, interpreter, ratio, lanes, lanes_ratio]: [String; 6]) {
    println!("{name:<32} {native:>9} {interpreter:>12} {ratio:>6} {lanes:>9} {lanes_ratio:>6}");
}

fn report(name: &str, [native, interpreter, lanes]: [f64; 3], unit: f64) {
    let figure = |time: f64| format!("{:.1}", time * unit);
    let ratio = |time: f64| format!("{:.2}", time / native);
    let name = name.to_owned();
    show([name, figure(native), figure(interpreter), ratio(interpreter), figure(lanes), ratio(lanes)]);
}

/// Translates a workload's model.
fn tape(workload: &Workload) -> Result<Arc<Tape>> {
    let pmc::Parsed { file, mut diagnostics, .. } = pmc::parse(&workload.source);
    let model = file.models.first().context("a model")?;
    let analysed = pmc::analyse(model, file.spelling, &mut diagnostics)
        .ok_or_else(|| anyhow!("the benchmark's model is not sound: {diagnostics:?}"))?;
    Ok(Arc::new(Tape::new(&pmc::optimise(analysed).program)))
}

fn right_hand_side(workload: &Workload) -> Result<()> {
    let words = workload.words();
    let tape = tape(workload)?;
    let parameters = workload.parameters.iter().map(|(_, value)| *value).collect();
    let mut native = workload.native();
    let mut interpreted = Native::new(Interpreter::new(Arc::clone(&tape)), parameters, workload.settings);
    native.simulate(&words);
    interpreted.simulate(&words);
    let states = native.states();
    let state: Vec<f64> = (0..states).map(|index| 1.0 + 0.25 * index as f64).collect();
    let (mut one, mut other) = (vec![0.0; states], vec![0.0; states]);
    let mut lanes = LaneInterpreter::new(tape);
    for lane in 0..LANES {
        lanes.take_over(lane, interpreted.model(), interpreted.numbers());
    }
    let lane_state: Vec<Lanes> = state.iter().map(|value| Lanes::all(*value)).collect();
    let mut lane_out = vec![Lanes::all(0.0); states];
    let [native_time, interpreted_time, lane_time] = microseconds_of_all(
        2_000,
        [
            &mut || native.derivatives(black_box(&state), black_box(&mut one)),
            &mut || interpreted.derivatives(black_box(&state), black_box(&mut other)),
            &mut || lanes.derivatives(Lanes::all(1.0), black_box(&lane_state), black_box(&mut lane_out)),
        ],
    );
    let close = one.iter().zip(&other).all(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + a.abs()));
    anyhow::ensure!(close, "{}: native and interpreter disagree: {one:?} {other:?}", workload.name);
    let same = other.iter().zip(&lane_out).all(|(one, lanes)| lanes.0.iter().all(|lane| lane == one));
    anyhow::ensure!(same, "{}: lanes have other bits", workload.name);
    report(workload.name, [native_time, interpreted_time, lane_time / LANES as f64], 1e3);
    Ok(())
}

fn subject(workload: &Workload) -> Result<()> {
    let words = workload.words();
    let mut native = workload.native();
    let tape = tape(workload)?;
    let document = workload.configuration();
    let session = || {
        Session::new(&tape, document.as_bytes(), 1 << 30)
            .map_err(|(status, _)| anyhow!("{}: {}", workload.name, status.message()))
    };
    let (mut alone, abreast) = (session()?, session()?);
    let mut out = vec![0.0; workload.outputs()];
    let population = vec![words.clone(); POPULATION];
    let mut company = Vec::new();
    let [native_time, interpreted_time, lane_time] = microseconds_of_all(
        2,
        [
            &mut || _ = black_box(native.simulate(black_box(&words))),
            &mut || _ = black_box(alone.simulate(black_box(&words), &mut out)),
            &mut || company = black_box(abreast.simulate_many(black_box(&population))),
        ],
    );
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-4 * (1.0 + b.abs());
    anyhow::ensure!(native.outputs().iter().zip(&out).all(close), "{}: results disagree", workload.name);
    let same = company.iter().all(|result| result.as_ref().is_ok_and(|(values, _)| *values == out));
    anyhow::ensure!(same, "{}: subjects in company have other bits", workload.name);
    report(workload.name, [native_time, interpreted_time, lane_time / POPULATION as f64], 1.0);
    Ok(())
}

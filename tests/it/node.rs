//! An emitted module gives the same bits under Node's engine as under wasmi.

use std::process::Command;

use pmc_host::{Configuration, Limits, Schedule, load_wasm_plugin};
use pmc_tests::line::{Regimen, compile, project, read, simulate};
use pmc_tests::linear::{FAMILIES, Linear, regimen};
use pmc_tests::random::Random;
use pmc_tests::records::observed;
use pmc_tests::scratch::Scratch;

/// Runs a schedule under Node and returns the outputs.
fn simulate_in_node(name: &str, wasm: &[u8], configuration: &str, schedule: &Schedule) -> Vec<f64> {
    let scratch = Scratch::new(name);
    let outputs = scratch.path("outputs.bin");
    let result = Command::new("node")
        .arg(project("tests/node/simulate.mjs"))
        .arg(scratch.write("model.wasm", wasm))
        .arg(scratch.write("configuration.json", configuration.as_bytes()))
        .arg(scratch.write("schedule.bin", &schedule.to_bytes()))
        .arg(&outputs)
        .output()
        .expect("Node is there: `cargo xtask setup` installs it");
    assert!(result.status.success(), "{name}: {}", String::from_utf8_lossy(&result.stderr));
    let bytes = std::fs::read(&outputs).expect("the script has written its outputs");
    bytes.chunks_exact(8).map(|chunk| f64::from_le_bytes(chunk.try_into().expect("eight bytes"))).collect()
}

/// Runs a model in both engines and compares every bit.
fn check(name: &str, source: &str, schedule: &Schedule) {
    let wasm = compile(source);
    let plugin = load_wasm_plugin(&wasm, &Limits::generous()).expect("an emitted module loads");
    let here: Vec<f64> = simulate(&plugin, &Configuration::default(), schedule).concat();
    let there = simulate_in_node(name, &wasm, "{}", schedule);
    assert!(!here.is_empty());
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&here), bits(&there), "{name}");
}

#[test]
fn random_paths_have_the_same_bits_in_node() {
    let source = "
name = paths
kind = sde
particles = 300
state central, ke
bolus(iv) -> central
init(ke) = 0.2
ddt(central) = -exp(ke) * central
ddt(ke) = 0.3 * (0.2 - ke)
noise(central) = 0.1 * central
noise(ke) = 0.05
out(cp) = central / 20
";
    check("paths", source, &daily_doses().observed((0..20).map(|k| 3.4 * f64::from(k))));
}

fn daily_doses() -> Regimen {
    Regimen::new().dose(0.0, 0, 100.0, 0.0).repeated(6, 24.0)
}

#[test]
fn smooth_model_has_the_same_bits_in_node() {
    let source = read("examples/transit/transit.pk");
    check("transit", &source, &daily_doses().observed((0..50).map(|k| 3.4 * f64::from(k))));
}

#[test]
fn stiff_model_has_the_same_bits_in_node() {
    let source = read("examples/tmdd/tmdd.pk");
    check("tmdd", &source, &daily_doses().observed((0..50).map(|k| 3.4 * f64::from(k))));
}

#[test]
fn transcendental_functions_have_the_same_bits_in_node() {
    let source = "
name = functions
state x
init(x) = 0.3
ddt(x) = sin(t) * exp(-x) + tanh(x) - abs(x)^1.7 + log1p(t) * cos(x) / (1 + t)^2.3
out(y1) = ln(1 + x^2) + erf(x) + cbrt(t) + atan2(x, t + 1)
out(y2) = lgamma(x^2 + 1) + hypot(x, t) + log10(t + 2) + expm1(-x)
";
    check("functions", source, &Regimen::new().observed((0..200).map(|k| 0.05 * f64::from(k))));
}

#[test]
fn exact_solutions_have_the_same_bits_in_node() {
    let mut random = Random::new(77);
    for family in FAMILIES {
        let model = Linear::draw(&mut random, family);
        let records = regimen(&mut random, model.states(), 40.0, true);
        let schedule = observed(&records, (0..60).map(|k| 0.67 * f64::from(k)));
        check(&format!("{family:?}"), &model.text(""), &schedule);
    }
}

#[test]
fn timed_events_have_the_same_bits_in_node() {
    let source = "
name = timed
param ka = 1, cl = 5, v = 40
state depot, central
var amount = 100, low = 0
bolus(oral) -> depot
dose(iv) -> central
lag(iv) = 0.4
ddt(depot) = -ka * depot
ddt(central) = ka * depot - (if (mod(t, 24) < 8) 1.5 * cl else cl) / v * central
every 24 { if (central < 20) { amount = 1.3 * amount }; give(oral, amount) }
every 7 from 3 { give(iv, 10, 2.5); low += central }
at t = 50 { central = 0.5 * central }
at t = 160 { stop() }
out(a) = central
out(b) = low
out(c) = tad()
";
    let schedule = daily_doses().observed((0..80).map(|k| 1.9 * f64::from(k)));
    check("timed", source, &schedule);
    check("timed-explicit", &format!("option solver = explicit\n{source}"), &schedule);
}

#[test]
fn awaited_events_have_the_same_bits_in_node() {
    let source = "
name = awaited
param vmax = 9, km = 4
state c, wave, turn
init(wave) = 1
var n = 0, last = 0
bolus(iv) -> c
ddt(c) = -vmax * c / (km + c) + 0.3 * wave
ddt(wave) = 3 * turn - 0.01 * wave
ddt(turn) = -3 * wave
when (c < 2) { give(iv, 20); n += 1; last = t }
when (wave > 0.7 || mod(t, 10) > 9.999) { n += 100; turn = -turn }
out(a) = c
out(b) = wave
out(count) = n
out(at) = last
";
    for solver in ["auto", "explicit", "stiff"] {
        let schedule = daily_doses().observed((0..60).map(|k| 2.9 * f64::from(k)));
        check(&format!("awaited-{solver}"), &format!("option solver = {solver}\n{source}"), &schedule);
    }
}

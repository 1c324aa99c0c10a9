//! An emitted module gives the same bits under Node's engine as under wasmi.

use std::path::PathBuf;
use std::process::Command;

use pmc_host::{Configuration, Limits, Schedule, load_wasm_plugin};
use pmc_tests::line::{Regimen, compile, project, read, simulate};

/// A folder for one test's files, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("pmc-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("the temporary folder can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a schedule under Node and returns the outputs.
fn simulate_in_node(name: &str, wasm: &[u8], configuration: &str, schedule: &Schedule) -> Vec<f64> {
    let scratch = Scratch::new(name);
    let outputs = scratch.0.join("outputs.bin");
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

//! An emitted module gives the same bits under Node's engine as under those of the host.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use pmc_host::Schedule;
use pmc_tests::engines::{self, Answer, Case, Runner, bits, compare, status};
use pmc_tests::line::{Regimen, project, read};
use pmc_tests::linear::{FAMILIES, Linear, regimen};
use pmc_tests::random::Random;
use pmc_tests::records::observed;

/// A folder for one case's files, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("pmc-{}-{number}", std::process::id()));
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

/// Returns Node as an engine.
pub(crate) fn runner() -> Runner {
    Runner { name: "node", run: Box::new(run) }
}

/// Runs a case under Node, in one process.
fn run(case: &Case) -> Vec<Answer> {
    let scratch = Scratch::new();
    let configuration = case.configuration.to_json().expect("numbers are finite");
    let mut command = Command::new("node");
    command
        .arg(project("tests/node/simulate.mjs"))
        .arg(scratch.write("model.wasm", &case.wasm))
        .arg(scratch.write("configuration.json", configuration.as_bytes()));
    let outputs = |index: usize| scratch.0.join(format!("outputs-{index}.bin"));
    for (index, schedule) in case.schedules.iter().enumerate() {
        command.arg(scratch.write(&format!("schedule-{index}.bin"), &schedule.to_bytes()));
        command.arg(outputs(index));
    }
    let result = command.output().expect("Node is there: `cargo xtask setup` installs it");
    assert!(result.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&result.stderr));
    (0..case.schedules.len()).map(|index| answer(&outputs(index))).collect()
}

/// Reads what the script has written: a status in eight bytes, then the outputs.
fn answer(path: &Path) -> Answer {
    let bytes = std::fs::read(path).expect("the script has written its outputs");
    let (code, values) = bytes.as_chunks::<8>().0.split_first().expect("a status");
    match i64::from_le_bytes(*code) {
        0 => Ok(bits(&values.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect::<Vec<_>>())),
        code => Err(status(code as i32)),
    }
}

/// Runs a model in all engines and compares every bit.
fn check(name: &str, source: &str, schedule: Schedule) {
    let mut runners = engines::host();
    runners.push(runner());
    compare(&Case::new(name, source).run(schedule), &runners);
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
    check("paths", source, daily_doses().observed((0..20).map(|k| 3.4 * f64::from(k))));
}

fn daily_doses() -> Regimen {
    Regimen::new().dose(0.0, 0, 100.0, 0.0).repeated(6, 24.0)
}

#[test]
fn smooth_model_has_the_same_bits_in_node() {
    let source = read("examples/transit/transit.pk");
    check("transit", &source, daily_doses().observed((0..50).map(|k| 3.4 * f64::from(k))));
}

#[test]
fn stiff_model_has_the_same_bits_in_node() {
    let source = read("examples/tmdd/tmdd.pk");
    check("tmdd", &source, daily_doses().observed((0..50).map(|k| 3.4 * f64::from(k))));
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
    check("functions", source, Regimen::new().observed((0..200).map(|k| 0.05 * f64::from(k))));
}

#[test]
fn exact_solutions_have_the_same_bits_in_node() {
    let mut random = Random::new(77);
    for family in FAMILIES {
        let model = Linear::draw(&mut random, family);
        let records = regimen(&mut random, model.states(), 40.0, true);
        let schedule = observed(&records, (0..60).map(|k| 0.67 * f64::from(k)));
        check(&format!("{family:?}"), &model.text(""), schedule);
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
    check("timed", source, schedule.clone());
    check("timed-explicit", &format!("option solver = explicit\n{source}"), schedule);
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
        check(&format!("awaited-{solver}"), &format!("option solver = {solver}\n{source}"), schedule);
    }
}

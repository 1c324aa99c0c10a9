//! Runs that take too long end at the same step with the same error, whatever runs the model.

use pmc_host::{Configuration, Limits, Loaded, interpret, load_wasm_plugin_with};
use pmc_tests::examples::{self, Example};
use pmc_tests::models;
use pmc_tests::random::Random;
use pmc_tests::random_models::draw_model;
use pmc_tests::random_runs::draw_schedule;
use pmc_tests::same_bits::{Engine, Outcome, Run, Subject, compare};

/// Steps that the budget of a model has room for: as many as any model may take.
const STEPS: u64 = 1_000;

/// Particles of stochastic models.
const PARTICLES: u32 = 3;

/// The engines, with budgets of as many steps as models say that they take.
const FRUGAL: &[Engine] = &[
    Engine { name: "interpreter", load: interpreted },
    Engine { name: "wasmi", load: |subject| module(subject, pmc_host::Engine::Wasmi) },
    #[cfg(feature = "wasmtime")]
    Engine { name: "wasmtime", load: |subject| module(subject, pmc_host::Engine::Wasmtime) },
];

fn frugal(subject: &Subject) -> Limits {
    let effort = subject.interpreted.manifest().solver.effort.expect("our models say it");
    Limits { fuel_per_call: STEPS * effort.instructions, ..Limits::generous() }
}

fn interpreted(subject: &Subject) -> Box<dyn Loaded> {
    let options = pmc::CompileOptions::default();
    let program = pmc::compile_to_program(&subject.source, &options).expect("it compiled before").0.program;
    Box::new(interpret(&program, &frugal(subject)).expect("a small model"))
}

fn module(subject: &Subject, engine: pmc_host::Engine) -> Box<dyn Loaded> {
    Box::new(load_wasm_plugin_with(&subject.wasm, &frugal(subject), engine).expect("the module loads"))
}

/// Returns how many runs end at the limit of steps, of two with steps so short that they get nowhere.
fn ended(label: &str, source: &str, seed: u64) -> usize {
    let mut random = Random::new(seed);
    let subject = Subject::new(source).expect("a sound model");
    let manifest = subject.interpreted.manifest();
    let missing = manifest.parameters.iter().filter(|parameter| parameter.default.is_none());
    let parameters = missing.map(|parameter| (parameter.name.clone(), 0.7)).collect();
    let particles = (manifest.kind == "sde").then_some(PARTICLES);
    let configuration =
        Configuration { parameters, particles, maximum_step: Some(1e-7), ..Configuration::default() };
    let mut run =
        || Run { configuration: configuration.clone(), schedule: draw_schedule(&mut random, manifest) };
    let runs = [run(), run()];
    let outcomes = compare(FRUGAL, label, seed, &subject, &runs);
    let reached =
        |outcome: &&Outcome| matches!(outcome, Outcome::Failed(failed) if failed.status == Some(-9));
    outcomes.iter().filter(reached).count()
}

#[test]
fn all_engines_end_a_run_of_any_model_at_the_same_step() {
    let all = models::all();
    let count: usize = (0..).zip(&all).map(|(seed, (path, text))| ended(path, text, seed)).sum();
    assert!(count > all.len() / 2, "only {count} runs of {} models took too long", all.len());
}

#[test]
fn all_engines_end_a_run_of_random_models_at_the_same_step() {
    let mut count = 0;
    for seed in 77_000..77_100 {
        let source = draw_model(&mut Random::new(seed));
        if pmc::check(&source).diagnostics.has_errors() {
            continue;
        }
        count += ended(&format!("seed {seed}"), &source, seed);
    }
    assert!(count > 80, "only {count} runs took too long");
}

#[test]
fn implicit_steps_of_large_systems_fit_the_budget() {
    let system = |n: usize, equation: &str| {
        format!(
            "name = large\nstate x[{n}], y\nfor i in 0..{n} {{ init(x[i]) = i + 1 }}\ninit(y) = 1\nddt(y) = -y * y\n\
             for i in 0..{n} {{ ddt(x[i]) = {equation} }}\nout(o) = x[0] + y\noption solver = stiff\n"
        )
    };
    let cases = [
        ("full", system(20, "x[i] * x[i] - sum(x)")),
        ("few states", system(8, "x[i] * x[i] - sum(x)")),
        ("apart", system(50, "-x[i] * x[i]")),
        ("hub", system(40, "y * x[i] - x[i] * x[0]")),
    ];
    for (label, source) in cases {
        assert!(ended(label, &source, 7) > 0, "{label}");
    }
}

#[test]
fn the_default_budget_has_room_for_sensible_runs() {
    for Example { name, source, .. } in examples::all() {
        let solver = pmc_tests::line::interpreted(&source).manifest().solver.clone();
        let step = solver.effort.expect("our models say it").instructions;
        let steps = Limits::generous().fuel_per_call / (step * u64::from(solver.particles.unwrap_or(1)));
        assert!(steps >= 20_000, "{name}: {steps} steps");
    }
}

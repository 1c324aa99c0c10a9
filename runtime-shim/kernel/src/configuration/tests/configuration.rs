use std::format;

use pmc_abi::Status;
use pmc_abi::descriptor::{MOST_QUANTILES, SolverSettings, solver};

use crate::configuration::{Document, Settings, Values, set_chance};

const NAMES: [&[u8]; 4] = [b"cl", b"v", b"eta_cl", b"wt"];

/// What a configuration has set: parameters, random effect, covariate, settings.
#[derive(Debug, PartialEq)]
struct Outcome {
    parameters: [f64; 2],
    random_effects: [f64; 1],
    covariates: [f64; 1],
    settings: Settings,
    missing: Option<usize>,
}

/// Reads a configuration of a deterministic model; returns status and name of a failure.
fn read(text: &str) -> Result<Outcome, (Status, &[u8])> {
    read_for(text, false)
}

/// Reads a configuration in both passes.
fn read_for(text: &str, is_stochastic: bool) -> Result<Outcome, (Status, &[u8])> {
    let mut parameters = [f64::NAN, 20.0];
    let mut random_effects = [0.0];
    let mut covariates = [70.0];
    let solver = SolverSettings {
        relative_tolerance: 1e-6,
        absolute_tolerance: 1e-9,
        maximum_step: f64::INFINITY,
        maximum_steps: 1e5,
        solver: solver::AUTOMATIC,
        particles: 0,
        seed: 0,
    };
    let text = text.as_bytes();
    let document = || Document { text, name: |index: usize| NAMES[index], chance: set_chance };
    let mut settings = settings(solver, is_stochastic);
    document().settings(&mut settings)?;
    let values = Values {
        parameters: &mut parameters,
        random_effects: &mut random_effects,
        covariates: &mut covariates,
    };
    let missing = match document().values(values) {
        Err((Status::MissingParameter, name)) => NAMES.iter().position(|known| *known == name),
        other => other.map(|()| None)?,
    };
    Ok(Outcome { parameters, random_effects, covariates, settings, missing })
}

fn settings(solver: SolverSettings, is_stochastic: bool) -> Settings {
    Settings { solver, is_stochastic, probabilities: [0.0; MOST_QUANTILES], quantiles: 0 }
}

#[test]
fn values_are_set_by_name() {
    let text = r#"{
        "covariates": {"wt": 82.5},
        "parameters": {"v": 31.5, "cl": 1.25},
        "random_effects": {"eta_cl": -0.5},
        "solver": {"rtol": 1e-9, "atol": 0, "hmax": 0.5, "maximum_steps": 77, "method": "stiff"}
    }"#;
    let found = read(text).expect("valid");
    assert_eq!(found.parameters, [1.25, 31.5]);
    assert_eq!((found.random_effects, found.covariates), ([-0.5], [82.5]));
    let solver = SolverSettings {
        relative_tolerance: 1e-9,
        absolute_tolerance: 0.0,
        maximum_step: 0.5,
        maximum_steps: 77.0,
        solver: solver::STIFF,
        particles: 0,
        seed: 0,
    };
    assert_eq!((found.settings, found.missing), (settings(solver, false), None));
}

#[test]
fn defaults_stay_and_their_absence_is_noticed() {
    let found = read(r#"{"parameters": {}}"#).expect("valid");
    assert_eq!((found.parameters[1], found.missing), (20.0, Some(0)));
    assert_eq!(read(r#"{"parameters": {"cl": 1}}"#).expect("valid").missing, None);
}

#[test]
fn unknown_sections_are_ignored() {
    let text = r#"{"later": {"x": [1, {"y": null}]}, "parameters": {"cl": 2}, "note": "é"}"#;
    assert_eq!(read(text).expect("valid").parameters, [2.0, 20.0]);
}

#[test]
fn mistakes_are_refused_with_the_name() {
    let mistakes: [(&str, Status, &[u8]); 17] = [
        (r#"{"parameters": {"ka": 1}}"#, Status::UnknownParameter, b"ka"),
        (r#"{"parameters": {"wt": 1}}"#, Status::UnknownParameter, b"wt"),
        (r#"{"random_effects": {"cl": 1}}"#, Status::UnknownParameter, b"cl"),
        (r#"{"covariates": {"age": 1}}"#, Status::UnknownName, b"age"),
        (r#"{"solver": {"order": 5}}"#, Status::UnknownName, b"order"),
        (r#"{"solver": {"method": "euler"}}"#, Status::UnknownName, b"euler"),
        (r#"{"solver": {"method": "em"}}"#, Status::UnknownName, b"em"),
        (r#"{"solver": {"particles": 10}}"#, Status::UnknownName, b"particles"),
        (r#"{"solver": {"quantiles": [0.5]}}"#, Status::UnknownName, b"quantiles"),
        (r#"{"solver": {"rtol": 0}}"#, Status::BadValue, b"rtol"),
        (r#"{"solver": {"atol": -1}}"#, Status::BadValue, b"atol"),
        (r#"{"solver": {"hmax": 1e999}}"#, Status::BadValue, b"hmax"),
        (r#"{"parameters": {"cl": 1e999}}"#, Status::BadValue, b"cl"),
        (r#"{"parameters": {"cl": "1"}}"#, Status::BadJson, b"cl"),
        (r#"{"parameters": [1]}"#, Status::BadJson, b""),
        ("{} {}", Status::BadJson, b""),
        ("", Status::BadJson, b""),
    ];
    for (text, status, name) in mistakes {
        assert_eq!(read(text), Err((status, name)), "{text}");
    }
}

#[test]
fn stochastic_models_have_particles_a_seed_and_quantiles() {
    let text = r#"{"solver": {"method": "em", "particles": 250, "seed": 9007199254740992, "quantiles": [0.05, 0.5, 1]}}"#;
    let found = read_for(text, true).expect("valid").settings;
    assert_eq!(found.solver.solver, solver::EULER_MARUYAMA);
    assert_eq!((found.solver.particles, found.solver.seed), (250, 1 << 53));
    assert_eq!((found.quantiles, &found.probabilities[..3]), (3, &[0.05, 0.5, 1.0][..]));
    let none = read_for(r#"{"solver": {"quantiles": [ ], "method": "sri"}}"#, true).expect("valid").settings;
    assert_eq!((none.quantiles, none.solver.solver), (0, solver::STRONG));
}

#[test]
fn what_particles_cannot_be_is_refused() {
    let many = format!(r#"{{"solver": {{"quantiles": [0{}]}}}}"#, ", 0.5".repeat(MOST_QUANTILES));
    let mistakes: [(&str, Status, &[u8]); 11] = [
        (r#"{"solver": {"particles": 0}}"#, Status::BadValue, b"particles"),
        (r#"{"solver": {"particles": 2.5}}"#, Status::BadValue, b"particles"),
        (r#"{"solver": {"particles": 1000001}}"#, Status::BadValue, b"particles"),
        (r#"{"solver": {"seed": -1}}"#, Status::BadValue, b"seed"),
        (r#"{"solver": {"seed": 1e17}}"#, Status::BadValue, b"seed"),
        (r#"{"solver": {"quantiles": [1.5]}}"#, Status::BadValue, b"quantiles"),
        (r#"{"solver": {"quantiles": 0.5}}"#, Status::BadJson, b"quantiles"),
        (r#"{"solver": {"quantiles": [0.5}}"#, Status::BadJson, b"quantiles"),
        (r#"{"solver": {"quantiles": ["a"]}}"#, Status::BadJson, b"quantiles"),
        (r#"{"solver": {"method": "stiff"}}"#, Status::UnknownName, b"stiff"),
        (&many, Status::BadValue, b"quantiles"),
    ];
    for (text, status, name) in mistakes {
        assert_eq!(read_for(text, true), Err((status, name)), "{text}");
    }
}

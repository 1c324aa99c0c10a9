//! Every engine gives the same bits: random models with random regimens, the models of the language, the examples.
//!
//! `PMC_RANDOM_MODELS` says how many random models each part draws, `PMC_RANDOM_SEED` from which seed on.

use std::collections::BTreeMap;

use pmc_host::Loaded;
use pmc_tests::node::run_in_node;
use pmc_tests::random::Random;
use pmc_tests::random_models::draw_model;
use pmc_tests::random_runs::{draw_configuration, draw_schedule};
use pmc_tests::same_bits::{ENGINES, Outcome, Run, Subject, assert_same, evaluations, outcome, simulate};

/// Random models of a part.
const MODELS: u64 = 160;

/// Regimens of a model.
const RUNS: usize = 2;

/// What a part has seen.
#[derive(Default)]
struct Tally {
    drawn: u64,
    runs: usize,
    finite: usize,
    failures: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        self.runs += 1;
        self.finite += usize::from(outcome.is_finite());
        let what = match outcome {
            Outcome::Rows { .. } if outcome.is_finite() => return,
            Outcome::Rows { .. } => "stopped or not finite".to_owned(),
            Outcome::Failed(failed) => failed.message.clone(),
        };
        *self.failures.entry(what).or_default() += 1;
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Draws the models of a part, compares all engines on them.
fn check(part: u64) {
    let wanted = setting("PMC_RANDOM_MODELS", MODELS);
    let first = setting("PMC_RANDOM_SEED", 0) + part * 1_000_000;
    let mut tally = Tally::default();
    let mut models = Vec::new();
    let mut expected = Vec::new();
    for seed in first.. {
        if models.len() as u64 == wanted {
            break;
        }
        tally.drawn += 1;
        let mut random = Random::new(seed);
        let source = draw_model(&mut random);
        let subject = match Subject::new(&source) {
            Ok(subject) => subject,
            Err(found) => {
                let first = found.iter().find(|found| found.severity == pmc_diagnostics::Severity::Error);
                let message = first.map(|found| format!("{}: {}", found.code, found.message));
                *tally.failures.entry(message.unwrap_or_default() + if std::env::var_os("PMC_DUMP").is_some() { &source } else { "" }).or_default() += 1;
                continue;
            }
        };
        let manifest = subject.interpreted.manifest();
        let runs: Vec<Run> = (0..RUNS)
            .map(|_| Run {
                configuration: draw_configuration(&mut random, manifest),
                schedule: draw_schedule(&mut random, manifest),
            })
            .collect();
        let outcomes = compare(&format!("seed {seed}"), seed, &subject, &runs);
        outcomes.iter().for_each(|outcome| tally.count(outcome));
        models.push((subject, runs));
        expected.push((seed, outcomes));
    }
    let found = run_in_node(&format!("random-{part}"), &models);
    for (((subject, runs), (seed, expected)), found) in models.iter().zip(&expected).zip(&found) {
        for ((run, expected), found) in runs.iter().zip(expected).zip(found) {
            assert_same(&format!("seed {seed}"), subject, run, [(ENGINES[0].name, expected), ("Node", found)]);
        }
    }
    let summary = format!(
        "{wanted} of {} models compile, {} of {} runs are finite: {:#?}",
        tally.drawn, tally.finite, tally.runs, tally.failures
    );
    if std::env::var_os("PMC_RANDOM_SUMMARY").is_some() {
        std::fs::write(std::env::temp_dir().join(format!("pmc-random-{part}.txt")), &summary).unwrap();
    }
    assert!(wanted * 10 >= tally.drawn * 8, "{summary}");
    assert!(tally.finite * 10 >= tally.runs * 6, "{summary}");
}

/// Compares the engines of the host on a model; returns what the first makes of each run.
fn compare(label: &str, seed: u64, subject: &Subject, runs: &[Run]) -> Vec<Outcome> {
    let loaded: Vec<Box<dyn Loaded>> = ENGINES.iter().map(|engine| (engine.load)(subject)).collect();
    let mut outcomes = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let mut all: Vec<_> = loaded.iter().map(|loaded| outcome(&**loaded, run)).collect();
        let (expected, mut first) = all.remove(0);
        for (engine, (found, mut model)) in ENGINES[1..].iter().zip(all) {
            let pair = [(ENGINES[0].name, &expected), (engine.name, &found)];
            assert_same(label, subject, run, pair);
            if let (Some(first), Some(model)) = (&mut first, &mut model) {
                let points = evaluations(&mut **first, seed, 2);
                for ((what, a), (_, b)) in points.iter().zip(evaluations(&mut **model, seed, 2)) {
                    let pair = [(ENGINES[0].name, a), (engine.name, &b)];
                    assert_same(&format!("{label}: {what}"), subject, run, pair);
                }
                if index == 0 && seed.is_multiple_of(8) {
                    let again = simulate(&mut **model, &run.schedule);
                    assert_same(label, subject, run, [("at first", &expected), ("again", &again)]);
                }
            }
        }
        outcomes.push(expected);
    }
    outcomes
}

#[test]
fn random_models_have_the_same_bits_in_every_engine_one() {
    check(1);
}

#[test]
fn random_models_have_the_same_bits_in_every_engine_two() {
    check(2);
}

#[test]
fn random_models_have_the_same_bits_in_every_engine_three() {
    check(3);
}

#[test]
fn random_models_have_the_same_bits_in_every_engine_four() {
    check(4);
}

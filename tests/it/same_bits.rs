//! Every engine gives the same bits: random models with random regimens, all models in files of their own, the examples
//! with their data.
//!
//! `PMC_RANDOM_MODELS` says how many random models each part draws, `PMC_RANDOM_SEED` from which seed on.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pmc_abi::warning;
use pmc_diagnostics::{Diagnostics, Severity};
use pmc_host::{Configuration, Schedule, ScheduleRecord, SteadyState};
use pmc_tests::examples::{self, Example};
use pmc_tests::line::{Regimen, read};
use pmc_tests::linear::{FAMILIES, Linear, regimen};
use pmc_tests::models::{self, names};
use pmc_tests::node::run_in_node;
use pmc_tests::random::Random;
use pmc_tests::random_models::draw_model;
use pmc_tests::random_runs::{draw_configuration, draw_schedule};
use pmc_tests::recorder::record;
use pmc_tests::records::{bolus, observed};
use pmc_tests::regimens::regimens;
use pmc_tests::same_bits::{ENGINES, Engine, Outcome, Run, Subject, assert_same, compare};

/// Random models of a part; there are four parts, because tests run side by side.
const MODELS: u64 = 160;

/// Seeds of a part.
const SEEDS: u64 = 1_000_000;

/// Regimens of a model.
const RUNS: usize = 2;

/// Models that the engines of the host agree on, for those elsewhere.
#[derive(Default)]
struct Batch {
    models: Vec<(Subject, Vec<Run>)>,
    expected: Vec<(String, Vec<Outcome>)>,
}

impl Batch {
    /// Compares the engines of the host on a model; returns what all of them make of its runs.
    fn add(&mut self, label: String, seed: u64, subject: Subject, runs: Vec<Run>) -> &[Outcome] {
        let outcomes = compare(ENGINES, &label, seed, &subject, &runs);
        self.models.push((subject, runs));
        self.expected.push((label, outcomes));
        self.expected.last().map(|(_, outcomes)| &**outcomes).unwrap_or_default()
    }

    /// Compares Node with the engines of the host.
    fn finish(&self, name: &str) {
        assert!(!self.models.is_empty(), "{name}: nothing to compare");
        let found = run_in_node(name, &self.models);
        for (((subject, runs), (label, expected)), found) in
            self.models.iter().zip(&self.expected).zip(&found)
        {
            assert_eq!((runs.len(), runs.len()), (expected.len(), found.len()), "{label}");
            for ((run, expected), found) in runs.iter().zip(expected).zip(found) {
                assert_same(label, subject, run, [(ENGINES[0].name, expected), ("Node", found)]);
            }
        }
    }
}

/// What a part has seen.
#[derive(Default)]
struct Tally {
    drawn: u64,
    runs: usize,
    finite: usize,
    warned: usize,
    /// How often what went wrong.
    failures: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        self.runs += 1;
        self.finite += usize::from(outcome.is_finite());
        let what = match outcome {
            Outcome::Rows { warnings, .. } if outcome.is_finite() => {
                self.warned += usize::from(*warnings != 0);
                return;
            }
            Outcome::Rows { .. } => "the model stopped".to_owned(),
            Outcome::Failed(failed) => failed.message.clone(),
        };
        *self.failures.entry(what).or_default() += 1;
    }

    fn refuse(&mut self, findings: &Diagnostics) {
        let first = findings.iter().find(|found| found.severity == Severity::Error);
        let what = first.map(|found| format!("{}: {}", found.code, found.message));
        *self.failures.entry(what.unwrap_or_default()).or_default() += 1;
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Draws the models of a part and compares all engines on them.
fn check(part: u64) {
    let wanted = setting("PMC_RANDOM_MODELS", MODELS);
    let first = setting("PMC_RANDOM_SEED", 0) + part * SEEDS;
    let mut tally = Tally::default();
    let mut batch = Batch::default();
    for seed in (first..).take(2 * wanted as usize) {
        if batch.models.len() as u64 == wanted {
            break;
        }
        tally.drawn += 1;
        let mut random = Random::new(seed);
        let subject = match Subject::new(&draw_model(&mut random)) {
            Ok(subject) => subject,
            Err(findings) => {
                tally.refuse(&findings);
                continue;
            }
        };
        let runs = (0..RUNS).map(|_| draw_run(&mut random, &subject)).collect();
        let outcomes = batch.add(format!("seed {seed}"), seed, subject, runs);
        for outcome in outcomes {
            tally.count(outcome);
        }
    }
    batch.finish(&format!("random-{part}"));
    let Tally { drawn, runs, finite, warned, failures } = tally;
    let summary = format!(
        "{wanted} of {drawn} models compile, {finite} of {runs} runs are finite, {warned} warn; {failures:#?}"
    );
    assert!(wanted * 10 >= drawn * 8, "{summary}");
    assert!(finite * 10 >= runs * 6, "{summary}");
    assert!(failures.len() >= 9 || wanted < MODELS, "few ways to fail are seen: {summary}");
    #[expect(clippy::print_stderr, reason = "`--nocapture` shows it")]
    {
        eprintln!("part {part}: {summary}");
    }
}

fn draw_run(random: &mut Random, subject: &Subject) -> Run {
    let manifest = subject.interpreted.manifest();
    Run { configuration: draw_configuration(random, manifest), schedule: draw_schedule(random, manifest) }
}

#[test]
fn engines_agree_on_random_models_of_the_first_part() {
    check(1);
}

#[test]
fn engines_agree_on_random_models_of_the_second_part() {
    check(2);
}

#[test]
fn engines_agree_on_random_models_of_the_third_part() {
    check(3);
}

#[test]
fn engines_agree_on_random_models_of_the_fourth_part() {
    check(4);
}

#[test]
fn random_models_use_all_of_the_language() {
    let words = "param ;const ;eta ;fun ;cov ;@linear;@locf;@nocb;@const;state ;array ;var ;for i in;let ;if (;\
        else if;infusion(;bolus(;dose(;lag(;fa(;rate(;dur(;tad();tad(r;tlast(;dosenum();is_missing(;interp(;\
        sum(;prod(;length(;min(;max(;mod(;idiv(;floor(;ceil(;trunc(;round(;sign(;step(;ramp(;smoothstep(;\
        if_else(;exp(;expm1(;ln(;log(;log2(;log10(;log1p(;sqrt(;cbrt(;hypot(;pow(;abs(;sin(;cos(;tan(;asin(;\
        acos(;atan(;atan2(;sinh(;cosh(;tanh(;erf(;erfc(;phi(;gamma(;lgamma(;logit(;expit(;^2;^-;^0.5;**;&&;\
        ||;!(;!=;==;ddt(;dx(;+=;init(;= steady;secondary ;~ proportional;at t =;every ;from ;when (;give(;\
        stop();solver = auto;solver = explicit;solver = stiff;doses = any;kind = sde;particles = ;noise(;\
        kind = analytical;one_compartment\n;one_compartment_cl\n;two_compartments\n;two_compartments_cl\n;\
        three_compartments\n;three_compartments_cl\n;one_compartment_with;one_compartment_cl_with;\
        two_compartments_with;two_compartments_cl_with;three_compartments_with;three_compartments_cl_with";
    let texts: Vec<String> = (1..=4)
        .flat_map(|part| (part * SEEDS..).take(MODELS as usize))
        .map(|seed| draw_model(&mut Random::new(seed)))
        .collect();
    for word in words.split(';') {
        let count = texts.iter().filter(|text| text.contains(word)).count();
        assert!(count >= 2, "`{word}` stands in {count} of {} models", texts.len());
    }
}

fn sound(name: &str, source: &str) -> Subject {
    Subject::new(source).unwrap_or_else(|findings| panic!("{name}: {findings:?}"))
}

#[test]
fn engines_agree_on_the_models_of_the_language() {
    let folder = "grammar/fixtures/valid";
    let numbered = |name: &String| name.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let models: Vec<String> = names(folder, ".pk").into_iter().filter(numbered).collect();
    assert_eq!(models.len(), 12);
    let mut batch = Batch::default();
    for (seed, name) in (0..).zip(models) {
        let subject = sound(&name, &read(&format!("{folder}/{name}")));
        let mut random = Random::new(seed);
        let is_stochastic = subject.interpreted.manifest().kind == "sde";
        let mut runs: Vec<Run> = (0..6).map(|_| draw_run(&mut random, &subject)).collect();
        for run in runs.iter_mut().filter(|_| is_stochastic) {
            run.configuration.particles = Some(20);
        }
        batch.add(name, seed, subject, runs);
    }
    batch.finish("language");
}

#[test]
fn engines_agree_on_all_models_in_files() {
    let models = models::all();
    assert!(models.len() >= 36, "only {} models", models.len());
    let mut batch = Batch::default();
    for (seed, (path, source)) in (0..).zip(models) {
        let subject = sound(&path, &source);
        let runs = regimens(subject.interpreted.manifest());
        batch.add(path, seed, subject, runs);
    }
    batch.finish("files");
}

#[test]
fn engines_agree_on_events_with_every_solver() {
    let mut batch = Batch::default();
    for name in ["timed", "awaited"] {
        for (seed, solver) in (0..).zip(["auto", "explicit", "stiff"]) {
            let source = format!("option solver = {solver}\n{}", read(&format!("tests/models/{name}.pk")));
            let subject = sound(name, &source);
            let runs = regimens(subject.interpreted.manifest());
            let outcomes = batch.add(format!("{name}, {solver}"), seed, subject, runs);
            assert!(outcomes.iter().all(Outcome::is_complete), "{name}, {solver}: {outcomes:?}");
        }
    }
    batch.finish("events");
}

#[test]
fn engines_agree_on_linear_models_of_every_family() {
    let mut random = Random::new(77);
    let mut batch = Batch::default();
    for (seed, family) in (0..).zip(FAMILIES) {
        let model = Linear::draw(&mut random, family);
        let records = regimen(&mut random, model.states(), 40.0, true);
        let schedule = observed(&records, (0..60).map(|k| 0.67 * f64::from(k)));
        let run = Run { configuration: Configuration::default(), schedule };
        let label = format!("{family:?}");
        let subject = sound(&label, &model.text(""));
        let outcomes = batch.add(label, seed, subject, vec![run]);
        assert!(outcomes.iter().all(Outcome::is_finite), "{outcomes:?}");
    }
    batch.finish("linear");
}

#[test]
fn engines_agree_on_more_subjects_than_run_side_by_side() {
    let mut batch = Batch::default();
    for (seed, name) in (0..).zip(["tmdd", "theophylline", "transit"]) {
        let source = format!("option solver = auto\n{}", read(&format!("examples/{name}/{name}.pk")));
        // Something that is not linear, so that everything is stepped.
        let source =
            format!("{source}\nstate extra\nddt(extra) = -extra / (1 + extra * extra)\ninit(extra) = 2\n");
        let subject = sound(name, &source);
        let covariates = subject.interpreted.manifest().covariates.len();
        let runs = (0..37).map(|number| member(number, covariates)).collect();
        let outcomes = batch.add(name.to_owned(), seed, subject, runs);
        assert!(outcomes.iter().all(Outcome::is_finite), "{name}: {outcomes:?}");
    }
    batch.finish("company");
}

#[test]
fn engines_warn_after_many_of_the_last() {
    // Not linear, so that the interpreter runs subjects side by side.
    let late = "name = late\nstate a\nbolus(iv) -> a\nlag(iv) = 13\nddt(a) = -a / (1 + a)\nout(y) = a\n";
    let subject = sound("late", late);
    let settled = ScheduleRecord { steady_state: SteadyState::Replace, interval: 12.0, ..bolus(0.0, 0, 1.0) };
    let warned = observed(&[settled], [1.0]);
    let calm = observed(&[bolus(0.0, 0, 1.0)], [1.0]);
    let failing = observed(&[bolus(0.0, 7, 1.0)], [1.0]);
    let refused = Schedule { covariates: 3, ..calm.clone() };
    for engine in ENGINES {
        let mut model =
            (engine.load)(&subject).model(&Configuration::default()).expect("the defaults are complete");
        let mut after = |schedules: &[&Schedule]| {
            model.simulate(&warned).expect("the run succeeds");
            assert_eq!(model.warnings(), warning::LAG_REDUCED, "{}", engine.name);
            let schedules: Vec<Schedule> = schedules.iter().map(|schedule| (*schedule).clone()).collect();
            let results = model.simulate_many(&schedules);
            let last = results.last().map(|result| result.as_ref().map_or(0, |simulated| simulated.warnings));
            (last, model.warnings())
        };
        let name = engine.name;
        assert_eq!(after(&[&calm, &warned]), (Some(warning::LAG_REDUCED), warning::LAG_REDUCED), "{name}");
        for schedules in [[&warned, &calm], [&warned, &failing], [&warned, &refused]] {
            assert_eq!(after(&schedules), (Some(0), 0), "{name}");
        }
        assert_eq!(after(&[&refused]), (Some(0), 0), "{name}");
        assert_eq!(after(&[]), (None, warning::LAG_REDUCED), "{name}: nothing has run since");
    }
}

/// Returns a run that differs from those of other numbers in length, doses and covariates.
fn member(number: u32, covariates: usize) -> Run {
    let regimen = Regimen::new().dose(0.0, 0, 10.0 * f64::from(number % 7 + 1), 0.0);
    let regimen = regimen.repeated(number % 5, 6.0 + f64::from(number));
    let mut schedule = regimen.observed((0..number % 11 + 2).map(|k| 3.7 * f64::from(k)));
    schedule.covariates = covariates as u32;
    for (index, record) in schedule.records.iter_mut().enumerate() {
        record.covariates = vec![70.0 + f64::from(number) + index as f64; covariates];
    }
    Run { configuration: Configuration::default(), schedule }
}

#[test]
fn engines_that_part_in_one_bit_are_found_out() {
    let subject = sound("constant", "name = constant\nstate a\ninit(a) = 1\nddt(a) = 0\nout(y) = a\n");
    let runs = [3.0, 4.0].map(|time| {
        let schedule = Regimen::new().observed([0.0, time]);
        Run { configuration: Configuration::default(), schedule }
    });
    let load = |subject: &Subject| (ENGINES[1].load)(subject);
    let wrong = |subject: &Subject| {
        let source = subject.source.replace("init(a) = 1", "init(a) = 1.0000000000000002");
        (ENGINES[1].load)(&sound("wrong", &source))
    };
    let check = |load| {
        let engines = [Engine { name: "honest", load: ENGINES[0].load }, Engine { name: "other", load }];
        catch_unwind(AssertUnwindSafe(|| compare(&engines, "constant", 0, &subject, &runs)))
    };
    assert!(check(load).is_ok());
    let message = *check(wrong).expect_err("a bit differs").downcast::<String>().expect("a message");
    let expected = "constant: honest and other part at time Some(0.0) in output Some(\"y\") (1 of 1 values differ)\n\
        honest: 1e0 = 3ff0000000000000\nother: 1.0000000000000002e0 = 3ff0000000000001";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn engines_agree_on_the_examples_with_their_data() {
    let mut batch = Batch::default();
    for (seed, Example { name, source, data }) in (0..).zip(examples::all()) {
        let subject = sound(&name, &source);
        let runs = runs_of(&subject, &data);
        let outcomes = batch.add(name.clone(), seed, subject, runs);
        assert!(outcomes.iter().all(Outcome::is_complete), "{name}: {outcomes:?}");
    }
    assert!(batch.models.len() >= 8);
    batch.finish("examples");
}

/// Returns the runs of a dataset, one a subject.
fn runs_of(subject: &Subject, data: &str) -> Vec<Run> {
    let manifest = subject.interpreted.manifest();
    let quantiles = if manifest.kind == "sde" { vec![0.05, 0.5, 0.95] } else { Vec::new() };
    // Random paths are as equal for fifty particles as for five hundred.
    let particles = (manifest.kind == "sde").then_some(50);
    let configuration = Configuration { quantiles, particles, ..Configuration::default() };
    let recorded = record(&subject.interpreted, &configuration, data);
    recorded.into_iter().map(|(schedule, _)| Run { configuration: configuration.clone(), schedule }).collect()
}

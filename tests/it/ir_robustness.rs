//! Whatever a document holds: either the reader refuses it, or everything behind the reader takes it: passes, code
//! generation, interpretation and what runs there.

use core::ops::Range;

use pmc::wire::{Document, Limits, read, read_compactly, to_cbor, to_json};
use pmc::{CompileOptions, Compiled, EmitKind, assemble, emit, optimise_ir};
use pmc_host::{Interpreted, interpret, load_from_ir};
use pmc_tests::examples::{self, Example};
use pmc_tests::random::Random;
use pmc_tests::random_runs::{draw_configuration, draw_schedule};
use pmc_tests::same_bits::{ENGINES, Outcome, Run, Subject, compare, evaluations, outcome};
use pmc_tests::values::{count, find};
use serde_json::{Value, json};

/// Returns the documents of a model: what its front end makes, and what it is after all passes.
fn documents(source: &str) -> Vec<Document> {
    let bytes = emit(source, EmitKind::IrJson, &CompileOptions::default()).expect("the model is sound").bytes;
    let mut value: Value = serde_json::from_slice(&bytes).expect("a document is JSON");
    value.as_object_mut().expect("a document is an object").remove("derived");
    let module = read(value.to_string().as_bytes(), &Limits::generous()).expect("a program holds a module");
    vec![module, read(&bytes, &Limits::generous()).expect("what is written can be read")]
}

/// Steps that a run may take: hostile models seldom end by themselves.
const STEPS: u64 = 100;

/// What has become of documents.
#[derive(Debug, Default)]
struct Tally {
    tried: usize,
    accepted: usize,
    /// In how many models module and interpretation agree.
    compared: usize,
    runs: usize,
    /// Runs that succeed.
    complete: usize,
}

impl Tally {
    /// Checks that models did run.
    fn check(&self) {
        assert!(self.accepted < 8 * self.compared && self.runs < 2 * self.complete, "{self:?}");
    }
}

/// Reads bytes, and takes what is accepted through passes, code generation and runs.
fn survives(bytes: &[u8], tally: &mut Tally) {
    tally.tried += 1;
    let result = read(bytes, &Limits::generous());
    let compact = read_compactly(bytes, &Limits::generous());
    assert_eq!(result.as_ref().ok(), compact.as_ref().ok(), "{}", String::from_utf8_lossy(bytes));
    let Ok(document) = result else { return };
    tally.accepted += 1;
    assert_eq!(read(&to_cbor(&document), &Limits::generous()).as_ref(), Ok(&document));
    let is_program = matches!(document, Document::Program(_));
    let optimised = optimise_ir(document);
    let loaded = load_from_ir(bytes, &pmc_host::Limits::generous());
    assert_eq!(loaded.is_ok(), is_program, "{:?}: {}", loaded.err(), String::from_utf8_lossy(bytes));
    let finished = |_| interpret(&optimised.program, &pmc_host::Limits::generous());
    let interpreted = loaded.or_else(finished).expect("a document of this size is made ready");
    // A model that is too large for a module is an error like any other.
    let compiled = assemble(&optimised, &CompileOptions::default().emit);
    let runs = runs(&interpreted, bytes.len() as u64);
    let outcomes = match compiled.ok().filter(|_| bytes.len().is_multiple_of(4)) {
        Some(Compiled { wasm, .. }) => {
            tally.compared += 1;
            let source = String::from_utf8_lossy(bytes).into_owned();
            compare(ENGINES, "a document", 0, &Subject { source, wasm, interpreted }, &runs)
        }
        None => runs.iter().map(|run| ends(&interpreted, run)).collect(),
    };
    tally.runs += outcomes.len();
    tally.complete += outcomes.iter().filter(|outcome| outcome.is_complete()).count();
}

/// Draws runs of a model, short ones.
fn runs(interpreted: &Interpreted, seed: u64) -> Vec<Run> {
    let mut random = Random::new(seed);
    let manifest = interpreted.manifest();
    let mut run = || {
        let mut configuration = draw_configuration(&mut random, manifest);
        configuration.maximum_steps = Some(STEPS);
        configuration.particles = (manifest.kind == "sde").then_some(2);
        Run { configuration, schedule: draw_schedule(&mut random, manifest) }
    };
    vec![run(), run()]
}

/// Interprets a run, alone and in company, and the functions of the model: what comes of them are numbers or errors.
fn ends(interpreted: &Interpreted, run: &Run) -> Outcome {
    let (outcome, model) = outcome(interpreted, run);
    if let Some(mut model) = model {
        evaluations(&mut *model, 0, 1);
        for result in model.simulate_many(&[run.schedule.clone(), run.schedule.clone()]) {
            assert_eq!(Outcome::from(result), outcome, "{run:?}");
        }
    }
    outcome
}

/// Returns seeds of random numbers: a few, or `PMC_ROUNDS` times as many for a long search.
fn seeds(few: u64, stream: usize) -> Range<u64> {
    let rounds = std::env::var("PMC_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    let first = 1_000_000 * stream as u64;
    first..first + few * rounds
}

/// Changes a few bytes.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        if bytes.is_empty() {
            return;
        }
        let place = random.below(bytes.len());
        match random.below(6) {
            0 => bytes[place] = random.below(256) as u8,
            1 => bytes[place] ^= 1 << random.below(8),
            2 => bytes.insert(place, random.below(256) as u8),
            3 => {
                bytes.remove(place);
            }
            4 => {
                let end = (place + random.below(40)).min(bytes.len());
                let piece = bytes[place..end].to_vec();
                let target = random.below(bytes.len());
                bytes.splice(target..target, piece);
            }
            _ => bytes.truncate(place),
        }
    }
}

#[test]
fn damaged_bytes_are_refused_or_understood() {
    let mut tally = Tally::default();
    for (index, Example { source, .. }) in examples::all().into_iter().enumerate() {
        for document in documents(&source) {
            for bytes in [to_json(&document).into_bytes(), to_cbor(&document)] {
                for seed in seeds(150, index) {
                    let mut random = Random::new(seed);
                    let mut bytes = bytes.clone();
                    damage(&mut bytes, &mut random);
                    survives(&bytes, &mut tally);
                }
            }
        }
    }
    let Tally { tried, accepted, .. } = tally;
    assert!(tried / 50 < accepted && 3 * accepted < 2 * tried, "{tally:?}");
    tally.check();
}

/// Words of all kinds, so that operations, functions and kinds change places.
const WORDS: [&str; 28] = [
    "add",
    "divide",
    "minimum",
    "negate",
    "not",
    "square_root",
    "floor",
    "less",
    "equal",
    "and",
    "exp",
    "pow",
    "lgamma",
    "digamma",
    "time",
    "event_time",
    "dose_number",
    "last_dose_time",
    "infinity",
    "negative_infinity",
    "ode",
    "sde",
    "analytical",
    "linear",
    "bolus",
    "infusion",
    "stiff",
    "always",
];

/// Expressions of all kinds, with operands that are in range more often than not.
fn expression(random: &mut Random) -> Value {
    let x = random.below(12);
    let y = random.below(12);
    match random.below(14) {
        0 => json!({ "constant": random.between(-2.0, 2.0) }),
        1 => json!("infinity"),
        2 => json!("time"),
        3 => json!({ "boolean": true }),
        4 => json!({ "state": random.below(3) }),
        5 => json!({ "covariate": random.below(2) }),
        6 => json!({ "binary": [random.pick(&["multiply", "maximum", "subtract"]), x, y] }),
        7 => json!({ "unary": [random.pick(&["absolute", "ceiling", "not"]), x] }),
        8 => json!({ "compare": [random.pick(&["less_equal", "not_equal"]), x, y] }),
        9 => json!({ "logic": ["or", x, y] }),
        10 => json!({ "select": [x, y, random.below(12)] }),
        11 => json!({ "call": ["pow", [x, y]] }),
        12 => json!({ "infusion_rate": 0 }),
        _ => json!({ "variable": random.below(2) }),
    }
}

/// Changes one value: another index, word or expression; items dropped, repeated or in another order.
fn change(document: &mut Value, random: &mut Random) {
    let number = random.below(count(document));
    let other = find(document, random.below(number + 1)).clone();
    let value = find(document, number);
    match value {
        Value::Number(_) => {
            *value = match random.below(8) {
                0 => json!(u32::MAX),
                1 => json!(-1),
                2 => json!(random.between(0.0, 3.0)),
                3 => json!(1e300),
                _ => json!(random.below(100)),
            }
        }
        Value::String(_) => *value = json!(random.pick(&WORDS)),
        Value::Bool(truth) => *truth = !*truth,
        Value::Null => {}
        Value::Array(items) if !items.is_empty() => {
            let (place, target) = (random.below(items.len()), random.below(items.len()));
            match random.below(5) {
                0 => {
                    items.remove(place);
                }
                1 => items.swap(place, target),
                2 => items.insert(target, items[place].clone()),
                3 => items.truncate(place),
                _ => {
                    let copies = vec![items.clone(); 1 + random.below(4)];
                    *items = copies.concat();
                }
            }
        }
        Value::Array(items) => items.push(other),
        Value::Object(fields) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            match random.below(4) {
                0 if !names.is_empty() => {
                    fields.remove(&random.pick(&names));
                }
                1 => *value = other,
                _ => *value = expression(random),
            }
        }
    }
}

#[test]
fn changed_documents_are_refused_or_compiled() {
    let mut tally = Tally::default();
    for (index, Example { source, .. }) in examples::all().into_iter().enumerate() {
        for document in documents(&source) {
            let mut original: Value = serde_json::from_str(&to_json(&document)).expect("a document is JSON");
            let fields = original.as_object_mut().expect("a document is an object");
            fields.remove("source");
            fields.insert("features".to_owned(), json!(["events", "stochastic"]));
            for seed in seeds(200, index) {
                let mut random = Random::new(seed);
                let mut changed = original.clone();
                for _ in 0..=random.below(2) {
                    change(&mut changed, &mut random);
                }
                survives(changed.to_string().as_bytes(), &mut tally);
            }
        }
    }
    let Tally { tried, accepted, .. } = tally;
    assert!(tried / 20 < accepted && 2 * accepted < tried, "{tally:?}");
    tally.check();
}

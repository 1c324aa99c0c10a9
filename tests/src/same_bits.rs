//! The same runs in several engines, and where they part.
//!
//! A [`Subject`] is a model that compiles, in the forms in which engines take one: its module and its document. What an
//! [`Engine`] makes of it is a [`Loaded`] model, so that one more engine is one more line; those that run elsewhere (see [`node`](crate::node)) bring
//! [`Outcome`]s to compare.

use core::fmt::Write as _;

use pmc_host::{
    Configuration, Inputs, Interpreted, Limits, Loaded, Model, RunError, Schedule, Simulated, load_from_ir,
    load_wasm_plugin_with,
};

use crate::random::Random;

/// A model in the forms in which engines take one.
pub struct Subject {
    /// Its text.
    pub source: String,
    /// Its module.
    pub wasm: Vec<u8>,
    /// Its document, ready to be interpreted.
    pub interpreted: Interpreted,
}

/// What a model is to run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Parameters and settings.
    pub configuration: Configuration,
    /// The records of a subject.
    pub schedule: Schedule,
}

/// What comes of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The bits of the outputs, each NaN as the same, and the bits of the warnings.
    Rows {
        /// The outputs of each report, one after another.
        values: Vec<u64>,
        /// Bits of [`pmc_abi::warning`].
        warnings: u32,
    },
    /// What went wrong.
    Failed(Failed),
}

/// An error with all that users learn of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The status of the contract, where there is one.
    pub status: Option<i32>,
    /// The message.
    pub message: String,
    /// The bits of the time.
    pub time: Option<u64>,
    /// The name of the state.
    pub state: Option<String>,
}

/// An engine of the host.
pub struct Engine {
    /// What messages call it.
    pub name: &'static str,
    /// Loads a model.
    pub load: fn(&Subject) -> Box<dyn Loaded>,
}

/// All engines of the host; the first is the one that the others are compared with.
pub const ENGINES: &[Engine] = &[
    Engine { name: "interpreter", load: |subject| Box::new(subject.interpreted.clone()) },
    Engine { name: "wasmi", load: |subject| module(subject, pmc_host::Engine::Wasmi) },
    #[cfg(feature = "wasmtime")]
    Engine { name: "wasmtime", load: |subject| module(subject, pmc_host::Engine::Wasmtime) },
];

/// Loads the module of a model.
fn module(subject: &Subject, engine: pmc_host::Engine) -> Box<dyn Loaded> {
    match load_wasm_plugin_with(&subject.wasm, &Limits::generous(), engine) {
        Ok(plugin) => Box::new(plugin),
        Err(error) => panic!("{error}\n{}", subject.source),
    }
}

impl Subject {
    /// Compiles a model, or returns the findings.
    ///
    /// # Panics
    /// When it compiles, but its document cannot be read.
    pub fn new(source: &str) -> Result<Self, pmc_diagnostics::Diagnostics> {
        let options = pmc::CompileOptions::default();
        let wasm = pmc::compile(source, &options)?.wasm;
        let document = pmc::emit(source, pmc::EmitKind::IrCbor, &options)?.bytes;
        let interpreted = load_from_ir(&document, &Limits::generous());
        let interpreted = interpreted.unwrap_or_else(|error| panic!("{error}\n{source}"));
        Ok(Self { source: source.to_owned(), wasm, interpreted })
    }
}

impl From<&RunError> for Failed {
    fn from(error: &RunError) -> Self {
        Self {
            status: error.status.map(|status| status as i32),
            message: error.message.clone(),
            time: error.time.map(f64::to_bits),
            state: error.state.clone(),
        }
    }
}

impl From<Result<Simulated, RunError>> for Outcome {
    fn from(result: Result<Simulated, RunError>) -> Self {
        match result {
            Ok(Simulated { values, warnings }) => Self::Rows { values: bits(&values), warnings },
            Err(error) => Self::Failed(Failed::from(&error)),
        }
    }
}

/// Returns the bits of numbers; which NaN comes out is the engine's choice, so all are one.
pub fn bits(values: &[f64]) -> Vec<u64> {
    let class = |value: &f64| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
    values.iter().map(class).collect()
}

impl Outcome {
    /// Returns whether a run succeeded.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Rows { .. })
    }

    /// Returns whether a run succeeded, with numbers only.
    pub fn is_finite(&self) -> bool {
        match self {
            Self::Rows { values, .. } => values.iter().all(|bits| f64::from_bits(*bits).is_finite()),
            Self::Failed(_) => false,
        }
    }
}

/// Runs a model in an instance of its own; returns the instance as well.
pub fn outcome(loaded: &dyn Loaded, run: &Run) -> (Outcome, Option<Box<dyn Model>>) {
    let mut model = match loaded.model(&run.configuration) {
        Ok(model) => model,
        Err(error) => return (Outcome::Failed(Failed::from(&error)), None),
    };
    (simulate(&mut *model, &run.schedule), Some(model))
}

/// Runs a schedule.
pub fn simulate(model: &mut dyn Model, schedule: &Schedule) -> Outcome {
    Outcome::from(model.simulate_one(schedule))
}

/// Evaluates each function of a model at a few random points; what goes wrong stands for the values.
///
/// Equal seeds give equal points.
pub fn evaluations(model: &mut dyn Model, seed: u64, points: usize) -> Vec<(String, Outcome)> {
    let manifest = model.manifest().clone();
    let (states, outputs) = (manifest.states.len(), manifest.outputs.len());
    let mut random = Random::new(seed);
    let mut found = Vec::new();
    for _ in 0..points {
        let time = random.between(-1.0, 30.0);
        let wild = if random.chance(0.1) { 1e160 } else { 5.0 };
        let mut draw = |count: usize, low: f64, missing: f64| -> Vec<f64> {
            let mut one = || if random.chance(missing) { f64::NAN } else { random.between(low, wild) };
            (0..count).map(|_| one()).collect()
        };
        let state = draw(states, -1.0, 0.01);
        let rates = draw(manifest.routes.len(), 0.0, 0.0);
        let covariates = draw(manifest.covariates.len(), 0.3, 0.1);
        let inputs = Inputs { rates: &rates, covariates: &covariates };
        let mut keep = |name: &str, result: Result<(), RunError>, values: &[f64]| {
            let outcome = match result {
                Ok(()) => Outcome::Rows { values: bits(values), warnings: 0 },
                Err(error) => Outcome::Failed(Failed::from(&error)),
            };
            found.push((format!("{name} at time {time}, states {state:?}, {inputs:?}"), outcome));
        };
        let mut out = vec![0.0; states];
        let result = model.initial(time, &inputs, &mut out);
        keep("initial values", result, &out);
        let result = model.derivatives(time, &state, &inputs, &mut out);
        keep("derivatives", result, &out);
        let (mut matrix, mut slope) = (vec![0.0; states * states], vec![0.0; states]);
        let result = model.jacobian(time, &state, &inputs, &mut matrix, &mut slope);
        matrix.append(&mut slope);
        keep("Jacobian", result, &matrix);
        let mut out = vec![0.0; outputs];
        let result = model.outputs(time, &state, &inputs, &mut out);
        keep("outputs", result, &out);
        for route in 0..manifest.routes.len() as u32 {
            let result = model.route(time, route, &inputs);
            let values = result.as_ref().map_or(vec![], |route| {
                let [rate, duration] = [route.rate, route.duration].map(|value| value.unwrap_or(f64::NAN));
                vec![route.lag, route.bioavailability, rate, duration]
            });
            keep(&format!("properties of route {route}"), result.map(|_| ()), &values);
        }
    }
    found
}

/// Compares engines on a model, with its functions at random points, with second runs of an instance, with an instance
/// that gets another configuration, and with runs side by side; returns what the first makes of each run.
///
/// The first engine has a new instance for each run, the others only where the configuration changes.
///
/// # Panics
/// When two engines part, and when there is nothing to compare.
pub fn compare(engines: &[Engine], label: &str, seed: u64, subject: &Subject, runs: &[Run]) -> Vec<Outcome> {
    let loaded: Vec<_> = engines.iter().map(|engine| (engine.name, (engine.load)(subject))).collect();
    let [first, others @ ..] = &loaded[..] else { panic!("{label}: no engines") };
    assert!(!others.is_empty() && !runs.is_empty(), "{label}: nothing to compare");
    for (name, loaded) in others {
        assert_eq!(first.1.manifest(), loaded.manifest(), "{label}: {} and {name}", first.0);
    }
    let mut used: Vec<Option<Box<dyn Model>>> = others.iter().map(|_| None).collect();
    let mut outcomes = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let is_settled = index > 0 && runs[index - 1].configuration == run.configuration;
        let (expected, mut model) = outcome(&*first.1, run);
        let points = model.as_mut().map(|model| evaluations(&mut **model, seed, 2)).unwrap_or_default();
        for ((name, loaded), used) in others.iter().zip(&mut used) {
            let (found, model) = match used.take().filter(|_| is_settled) {
                Some(mut model) => (simulate(&mut *model, &run.schedule), Some(model)),
                None => outcome(&**loaded, run),
            };
            if found != expected {
                let run = &reduced(run, |run| outcome(&*first.1, run).0 != outcome(&**loaded, run).0);
                let pair = [outcome(&*first.1, run).0, outcome(&**loaded, run).0];
                assert_same(label, subject, run, [(first.0, &pair[0]), (name, &pair[1])]);
            }
            // What new instances do not show.
            assert_same(
                label,
                subject,
                run,
                [("a new instance", &expected), ("one that ran before", &found)],
            );
            *used = model;
            let Some(model) = used else { continue };
            for ((what, expected), (_, found)) in points.iter().zip(evaluations(&mut **model, seed, 2)) {
                assert_same(&format!("{label}: {what}"), subject, run, [(first.0, expected), (name, &found)]);
            }
            if index == 0 && seed.is_multiple_of(8) {
                let again = simulate(&mut **model, &run.schedule);
                assert_same(label, subject, run, [("the first run", &expected), ("the second", &again)]);
            }
        }
        if let Some(model) = model.as_mut().filter(|_| !is_settled) {
            check_company(label, subject, &mut **model, run, runs);
        }
        if let Some((model, next)) = model.as_mut().zip(runs.get(1).filter(|_| index == 0)) {
            check_change(label, subject, &mut **model, next, others);
        }
        outcomes.push(expected);
    }
    outcomes
}

/// Checks that an instance which gets another configuration is as good as a new one.
fn check_change(
    label: &str,
    subject: &Subject,
    model: &mut dyn Model,
    next: &Run,
    others: &[(&str, Box<dyn Loaded>)],
) {
    if model.configure(&next.configuration).is_ok() {
        let fresh = outcome(&*others[0].1, next).0;
        let changed = simulate(model, &next.schedule);
        assert_same(label, subject, next, [(others[0].0, &fresh), ("configured anew", &changed)]);
    }
}

/// Checks that schedules have the bits side by side that each has alone.
fn check_company(label: &str, subject: &Subject, model: &mut dyn Model, run: &Run, runs: &[Run]) {
    let mut schedules: Vec<Schedule> = runs.iter().map(|run| run.schedule.clone()).collect();
    schedules.push(run.schedule.clone());
    let together = model.simulate_many(&schedules);
    for (schedule, found) in schedules.into_iter().zip(together) {
        let found = Outcome::from(found);
        let alone = simulate(model, &schedule);
        let run = Run { schedule, ..run.clone() };
        assert_same(label, subject, &run, [("alone", &alone), ("side by side", &found)]);
    }
}

/// Leaves out records, as many as can be spared for a difference to remain.
fn reduced(run: &Run, differs: impl Fn(&Run) -> bool) -> Run {
    let mut run = run.clone();
    for index in (0..run.schedule.records.len()).rev() {
        let mut fewer = run.clone();
        fewer.schedule.records.remove(index);
        if differs(&fewer) {
            run = fewer;
        }
    }
    run
}

/// Fails unless two engines agree on a run.
///
/// # Panics
/// When they do not: the message is a report with model, settings, records and the first difference.
pub fn assert_same(label: &str, subject: &Subject, run: &Run, [one, other]: [(&str, &Outcome); 2]) {
    if one.1 == other.1 {
        return;
    }
    panic!(
        "{label}: {} and {} part{}\n\n{}\n{}",
        one.0,
        other.0,
        difference(subject, run, one, other),
        subject.source,
        described(run),
    );
}

/// Says where two outcomes part.
fn difference(subject: &Subject, run: &Run, one: (&str, &Outcome), other: (&str, &Outcome)) -> String {
    let (Outcome::Rows { values: a, warnings: x }, Outcome::Rows { values: b, warnings: y }) =
        (one.1, other.1)
    else {
        let brief = |outcome: &Outcome| match outcome {
            Outcome::Rows { values, .. } => format!("{} values", values.len()),
            Outcome::Failed(failed) => format!("{failed:?}, time {:?}", failed.time.map(f64::from_bits)),
        };
        return format!("\n{}: {}\n{}: {}", one.0, brief(one.1), other.0, brief(other.1));
    };
    let Some(index) = a.iter().zip(b).position(|(a, b)| a != b) else {
        return format!(": {} and {} values, warnings {x} and {y}", a.len(), b.len());
    };
    let outputs = &subject.interpreted.manifest().outputs;
    let width = outputs.len() * (1 + run.configuration.quantiles.len());
    let reported = run.schedule.records.iter().filter(|record| record.report).nth(index / width.max(1));
    let output = outputs.get(index % width.max(1) % outputs.len().max(1));
    format!(
        " at time {:?} in output {:?} ({} of {} values differ)\n{}: {:e} = {:016x}\n{}: {:e} = {:016x}",
        reported.map(|record| record.time),
        output.map(|output| &output.name),
        a.iter().zip(b).filter(|(a, b)| a != b).count(),
        a.len(),
        one.0,
        f64::from_bits(a[index]),
        a[index],
        other.0,
        f64::from_bits(b[index]),
        b[index],
    )
}

/// Writes what a run is made of.
fn described(run: &Run) -> String {
    let Schedule { policy, data_interpolation, stream, records, .. } = &run.schedule;
    let mut text = format!(
        "{:?}\npolicy {policy}, interpolation {data_interpolation}, stream {stream}\n",
        run.configuration
    );
    for record in records {
        let _ = writeln!(text, "{record:?}");
    }
    text
}

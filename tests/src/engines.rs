//! The same cases in several engines, compared bit by bit.
//!
//! A [`Case`] holds everything that an engine may need; a [`Runner`] is an engine as a function from cases to answers.
//! [`host`] makes those of the host; a test adds its own and gives all of them to [`compare`].

use pmc_abi::descriptor::interpolation;
use pmc_abi::manifest::Manifest;
use pmc_abi::schedule::event;
use pmc_host::{
    Configuration, Engine, Inputs, Limits, Model, RouteProperties, RunError, Schedule, ScheduleRecord,
    Simulated, SteadyState, load_from_ir, load_wasm_plugin_with,
};

use crate::line::compile;

/// A model with settings, and what it is to run.
#[derive(Clone, Debug)]
pub struct Case {
    /// What messages call it.
    pub name: String,
    /// Its text, for engines that run no module.
    pub source: String,
    /// Its module.
    pub wasm: Vec<u8>,
    /// Parameters and settings.
    pub configuration: Configuration,
    /// What it is to run, one after another.
    pub schedules: Vec<Schedule>,
}

impl Case {
    /// Compiles a model that must compile; it has nothing to run yet.
    ///
    /// # Panics
    /// When it does not compile.
    pub fn new(name: &str, source: &str) -> Self {
        let configuration = Configuration::default();
        let [name, source] = [name, source].map(str::to_owned);
        Self { wasm: compile(&source), name, source, configuration, schedules: Vec::new() }
    }

    /// Adds a schedule.
    pub fn run(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }
}

/// What comes of one schedule: the bits of the outputs, each NaN as the same, or what went wrong.
pub type Answer = Result<Vec<u64>, String>;

/// What an engine does with a case: an answer a schedule.
pub type Run = dyn Fn(&Case) -> Vec<Answer>;

/// An engine.
pub struct Runner {
    /// What messages call it.
    pub name: &'static str,
    /// Runs a case in a new instance of its model.
    pub run: Box<Run>,
}

/// Returns the engines of the host: those of modules, then interpretation of the model's document, subject by subject and
/// several side by side.
pub fn host() -> Vec<Runner> {
    let runner = |engine: &Engine| {
        let engine = *engine;
        Runner { name: engine.name(), run: Box::new(move |case| run_in(engine, case)) }
    };
    let mut runners: Vec<Runner> = Engine::ALL.iter().map(runner).collect();
    runners.push(Runner { name: "interpreter", run: Box::new(|case| interpret(case, one_by_one)) });
    runners.push(Runner { name: "lanes", run: Box::new(|case| interpret(case, side_by_side)) });
    runners
}

fn one_by_one(model: &mut dyn Model, schedules: &[Schedule]) -> Vec<Result<Simulated, RunError>> {
    let mut one = |schedule| {
        let values = model.simulate(schedule)?;
        Ok(Simulated { values, warnings: model.warnings() })
    };
    schedules.iter().map(&mut one).collect()
}

fn side_by_side(model: &mut dyn Model, schedules: &[Schedule]) -> Vec<Result<Simulated, RunError>> {
    model.simulate_many(schedules)
}

/// Runs the schedules of a case from the document of its model.
fn interpret(
    case: &Case,
    run: impl Fn(&mut dyn Model, &[Schedule]) -> Vec<Result<Simulated, RunError>>,
) -> Vec<Answer> {
    let document = pmc::emit(&case.source, pmc::EmitKind::IrCbor, &pmc::CompileOptions::default())
        .unwrap_or_else(|findings| panic!("{}: {findings:?}", case.name));
    let program = load_from_ir(&document.bytes, &Limits::generous())
        .unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let mut model = match program.model(&case.configuration) {
        Ok(model) => model,
        Err(error) => return vec![Err(failure(&error)); case.schedules.len()],
    };
    let results = run(&mut *model, &case.schedules);
    results
        .into_iter()
        .map(|result| result.map(|found| bits(&found.values)).map_err(|error| failure(&error)))
        .collect()
}

fn run_in(engine: Engine, case: &Case) -> Vec<Answer> {
    let plugin = load_wasm_plugin_with(&case.wasm, &Limits::generous(), engine)
        .unwrap_or_else(|error| panic!("{} in {}: {error}", case.name, engine.name()));
    let mut model = match plugin.model(&case.configuration) {
        Ok(model) => model,
        Err(error) => return vec![Err(failure(&error)); case.schedules.len()],
    };
    let mut answer = |schedule| model.simulate(schedule).map(|values| bits(&values));
    case.schedules.iter().map(|schedule| answer(schedule).map_err(|error| failure(&error))).collect()
}

/// Returns the bits of numbers; which NaN comes out is the engine's choice, so all are one.
pub fn bits(values: &[f64]) -> Vec<u64> {
    let class = |value: &f64| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
    values.iter().map(class).collect()
}

/// Returns how an answer tells of a status of the contract.
pub fn status(code: i32) -> String {
    format!("status {code}")
}

fn failure(error: &RunError) -> String {
    error.status.map_or_else(|| error.to_string(), |found| status(found as i32))
}

/// Runs a case in all engines and compares each answer with that of the first.
///
/// # Panics
/// When two engines disagree, or when there is nothing to compare.
pub fn compare(case: &Case, runners: &[Runner]) {
    assert!(!case.schedules.is_empty() && runners.len() > 1, "{}: nothing to compare", case.name);
    let found = disagreements(case, runners);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Runs a case in all engines and tells where an answer differs from that of the first, a line each.
pub fn disagreements(case: &Case, runners: &[Runner]) -> Vec<String> {
    let Some((first, others)) = runners.split_first() else { return Vec::new() };
    let expected = (first.run)(case);
    let mut lines = Vec::new();
    for other in others {
        let found = (other.run)(case);
        assert_eq!(expected.len(), found.len(), "{} in {}: an answer each", case.name, other.name);
        let pairs = expected.iter().zip(&found).enumerate();
        lines.extend(pairs.filter(|(_, (expected, found))| expected != found).map(
            |(index, (expected, found))| {
                let place = format!("{}, schedule {index}: {} and {}", case.name, first.name, other.name);
                format!("{place} disagree: {}", difference(expected, found))
            },
        ));
    }
    lines
}

/// Says where two answers part.
fn difference(expected: &Answer, found: &Answer) -> String {
    let (Ok(expected), Ok(found)) = (expected, found) else {
        return format!("{:?} and {:?}", expected.as_ref().err(), found.as_ref().err());
    };
    let parted = expected.iter().zip(found).enumerate().find(|(_, (one, other))| one != other);
    match parted {
        Some((index, (one, other))) => {
            format!("value {index} is {:e} and {:e}", f64::from_bits(*one), f64::from_bits(*other))
        }
        None => format!("{} and {} values", expected.len(), found.len()),
    }
}

/// Returns schedules for any model: doses on each of its routes once, daily, and at steady state; or just observations
/// of one that takes no doses.
pub fn regimens(manifest: &Manifest) -> Vec<Schedule> {
    if manifest.routes.is_empty() {
        return vec![observed(manifest, Vec::new(), 8.0)];
    }
    let dose = |time, route| ScheduleRecord {
        event: event::DOSE,
        route: Some(route),
        amount: 100.0,
        rate: if manifest.routes[route as usize].input == "infusion" { 50.0 } else { 0.0 },
        report: false,
        ..ScheduleRecord::observation(time, Vec::new())
    };
    let daily = |record| ScheduleRecord { additional: 1, interval: 24.0, ..record };
    let steady = |record| ScheduleRecord { steady_state: SteadyState::Replace, interval: 12.0, ..record };
    let routes = || 0..manifest.routes.len() as u32;
    let once = routes().map(|route| dose(0.0, route)).collect();
    let repeated = routes().map(|route| daily(dose(0.5 * f64::from(route), route))).collect();
    let settled = routes().map(|route| steady(dose(f64::from(route), route))).collect();
    [once, repeated, settled].into_iter().map(|doses| observed(manifest, doses, 45.0)).collect()
}

/// Adds observations up to a time, and covariates that change on the way.
fn observed(manifest: &Manifest, mut records: Vec<ScheduleRecord>, end: f64) -> Schedule {
    let times = [0.0, 0.25, 1.0, 2.0].into_iter().chain((1..10).map(|k| end * f64::from(k) / 9.0));
    records.extend(times.map(|time| ScheduleRecord::observation(time, Vec::new())));
    records.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.report.cmp(&b.report)));
    for record in &mut records {
        let covariate = if record.time < 0.6 * end { 1.0 } else { 1.25 };
        record.covariates = vec![covariate; manifest.covariates.len()];
    }
    Schedule {
        policy: 0,
        data_interpolation: interpolation::NEXT_BACKWARD,
        covariates: manifest.covariates.len() as u32,
        stream: 3,
        records,
    }
}

/// A model that keeps the schedules which it is given, and answers zeros.
pub struct Recorder {
    manifest: Manifest,
    configuration: Configuration,
    /// The schedules, in order.
    pub schedules: Vec<Schedule>,
}

impl Recorder {
    /// Makes one that stands for a model.
    pub fn new(manifest: &Manifest, configuration: &Configuration) -> Self {
        Self { manifest: manifest.clone(), configuration: configuration.clone(), schedules: Vec::new() }
    }

    fn nothing() -> RunError {
        RunError::missing_capability("anything but `plugin_simulate`")
    }
}

impl Model for Recorder {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn fork(&self) -> Result<Box<dyn Model>, RunError> {
        Err(Self::nothing())
    }

    fn configure(&mut self, configuration: &Configuration) -> Result<(), RunError> {
        self.configuration = configuration.clone();
        Ok(())
    }

    fn initial(&mut self, _: f64, _: &Inputs<'_>, _: &mut [f64]) -> Result<(), RunError> {
        Err(Self::nothing())
    }

    fn derivatives(&mut self, _: f64, _: &[f64], _: &Inputs<'_>, _: &mut [f64]) -> Result<(), RunError> {
        Err(Self::nothing())
    }

    fn jacobian(
        &mut self,
        _: f64,
        _: &[f64],
        _: &Inputs<'_>,
        _: &mut [f64],
        _: &mut [f64],
    ) -> Result<(), RunError> {
        Err(Self::nothing())
    }

    fn outputs(&mut self, _: f64, _: &[f64], _: &Inputs<'_>, _: &mut [f64]) -> Result<(), RunError> {
        Err(Self::nothing())
    }

    fn route(&mut self, _: f64, _: u32, _: &Inputs<'_>) -> Result<RouteProperties, RunError> {
        Err(Self::nothing())
    }

    fn simulate(&mut self, schedule: &Schedule) -> Result<Vec<f64>, RunError> {
        let width = self.manifest.outputs.len() * (1 + self.configuration.quantiles.len());
        self.schedules.push(schedule.clone());
        Ok(vec![0.0; schedule.reports() * width])
    }

    fn quantiles(&self) -> &[f64] {
        &self.configuration.quantiles
    }
}

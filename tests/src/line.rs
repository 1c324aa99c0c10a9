//! The whole line in memory: text → module → model → predictions.

use std::path::{Path, PathBuf};

use pmc_abi::manifest::Manifest;
use pmc_abi::schedule::event;
use pmc_host::{
    Configuration, Interpreted, Limits, Loaded, Plugin, Schedule, ScheduleRecord, interpret, load_wasm_plugin,
};
use pmc_simulation::{Dataset, DatasetOptions};

use crate::records::schedule;

/// Returns a path inside the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Reads a text file of the project.
///
/// # Panics
/// When it cannot be read.
pub fn read(path: &str) -> String {
    let path = project(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compiles a model that must compile.
///
/// # Panics
/// When it does not; the message is what a user would see.
pub fn compile(source: &str) -> Vec<u8> {
    match pmc::compile(source, &pmc::CompileOptions::default()) {
        Ok(compiled) => compiled.wasm,
        Err(diagnostics) => {
            let rendered: String = diagnostics
                .iter()
                .map(|diagnostic| {
                    pmc_diagnostics::render(diagnostic, "model.pk", source, pmc_diagnostics::Style::Full)
                })
                .collect();
            panic!("the model does not compile:\n{rendered}")
        }
    }
}

/// Compiles and loads a model that must compile and load.
///
/// # Panics
/// When it does not.
pub fn plugin(source: &str) -> Plugin {
    load_wasm_plugin(&compile(source), &Limits::generous()).unwrap_or_else(|error| panic!("{error}"))
}

/// Prepares a model that must be sound for interpretation.
///
/// # Panics
/// When it is not.
pub fn interpreted(source: &str) -> Interpreted {
    match pmc::compile_to_program(source, &pmc::CompileOptions::default()) {
        Ok((optimised, _)) => {
            interpret(&optimised.program, &Limits::generous()).unwrap_or_else(|error| panic!("{error}"))
        }
        Err(findings) => panic!("the model is not sound: {findings:?}"),
    }
}

/// Reads data that must be sound for a model.
///
/// # Panics
/// When they are not.
pub fn dataset(data: &str, manifest: &Manifest) -> Dataset {
    let (dataset, findings) = pmc_simulation::read_dataset(data, manifest, DatasetOptions { ignore: None });
    dataset.unwrap_or_else(|| panic!("{}: {findings:?}", manifest.name))
}

/// A schedule in the making, for models without covariates.
#[derive(Clone, Debug)]
pub struct Regimen {
    records: Vec<ScheduleRecord>,
}

impl Regimen {
    /// Makes an empty regimen.
    pub fn new() -> Self {
        Self { records: Vec::new() }
    }

    /// Adds a dose: a bolus if `rate` is 0, else an infusion.
    pub fn dose(mut self, time: f64, route: u32, amount: f64, rate: f64) -> Self {
        let record = ScheduleRecord {
            event: event::DOSE,
            route: Some(route),
            amount,
            rate,
            report: false,
            ..ScheduleRecord::observation(time, Vec::new())
        };
        self.records.push(record);
        self
    }

    /// Makes the last dose repeat.
    pub fn repeated(mut self, additional: u32, interval: f64) -> Self {
        if let Some(last) = self.records.last_mut() {
            last.additional = additional;
            last.interval = interval;
        }
        self
    }

    /// Adds observations, and sorts everything by time, doses first.
    pub fn observed(mut self, times: impl IntoIterator<Item = f64>) -> Schedule {
        self.records.extend(times.into_iter().map(|time| ScheduleRecord::observation(time, Vec::new())));
        self.records.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.report.cmp(&b.report)));
        schedule(self.records)
    }
}

impl Default for Regimen {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs a schedule that must run; returns the outputs, one row a report.
///
/// # Panics
/// When it does not.
pub fn simulate(plugin: &dyn Loaded, configuration: &Configuration, schedule: &Schedule) -> Vec<Vec<f64>> {
    let mut model = plugin.model(configuration).unwrap_or_else(|error| panic!("{error}"));
    let flat = model.simulate(schedule).unwrap_or_else(|error| panic!("{error}"));
    let width = plugin.manifest().outputs.len();
    flat.chunks_exact(width).map(<[f64]>::to_vec).collect()
}

/// A configuration with parameters and tolerances.
pub fn configuration(parameters: &[(&str, f64)], relative: f64, absolute: f64) -> Configuration {
    Configuration {
        relative_tolerance: Some(relative),
        absolute_tolerance: Some(absolute),
        ..Configuration::of_parameters(parameters.iter().copied())
    }
}

//! `pmc simulate`.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use pmc_abi::descriptor::MOST_QUANTILES;
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::{Diagnostics, nearest};
use pmc_host::{Configuration, RunError};
use pmc_simulation::{
    Dataset, DatasetOptions, Plot, PlotOptions, Rows, draw_plot, read_dataset, warnings_to_diagnostics,
};

use super::load::Source;
use super::population::{Population, Stop};
use crate::apart::keep_apart;
use crate::arguments::Simulate;
use crate::report::Reporter;
use crate::{Failure, files};

/// Points of a curve beside those of the records: a curve of this many looks smooth in a panel.
const CURVE_POINTS: usize = 400;

/// Predicts a dataset, writes the table and draws the picture.
pub(crate) fn run(command: &Simulate, reporter: &mut Reporter) -> Result<(), Failure> {
    check_files(command)?;
    let source = Source::new(files::read(&command.model)?, &command.model, command.name.as_deref());
    let mut loaded = source.load(command.engine, reporter)?;
    if loaded.manifest().outputs.is_empty() {
        reporter.remark("the model has no outputs, so there is nothing to predict; write `out(name) = …`");
    }
    check_chance(command, loaded.manifest(), reporter)?;
    let configuration = configuration(command, loaded.manifest())?;
    check_bounds(command, loaded.manifest(), reporter);
    let dataset = read_data(command, loaded.manifest(), reporter)?;
    if let Some(engine) = source.better_engine(command.engine, loaded.manifest(), dataset.subjects.len()) {
        loaded = source.load(engine, reporter)?;
    }
    let model = loaded.model(&configuration);
    let model = model.map_err(|error| run_failed(&error, &files::shown(&command.model), reporter))?;
    let population = Population {
        model: &*model,
        dataset: &dataset,
        jobs: usize::from(command.jobs),
        watched: reporter.is_watched() && !command.no_progress,
    };
    let rows = if command.all_rows { Rows::All } else { Rows::Observations };
    let table = population.table(rows).map_err(|error| stop(error, command, reporter))?;
    let picture = match &command.plot {
        Some(path) => Some((path, draw(&population).map_err(|error| stop(error, command, reporter))?)),
        None => None,
    };
    reporter.report(&warnings_to_diagnostics(&table.warnings), &files::shown(&command.data), "");
    // Nothing is written before everything has succeeded.
    if let Some((path, plot)) = picture {
        files::write(path, plot.svg.as_bytes())?;
        if let Some(remark) = plot.remark {
            reporter.remark(&format!("{}: {remark}", files::shown(path)));
        }
    }
    check_files(command)?;
    table.text.write(&command.out)
}

/// Refuses to write over what is read, and to write two results to one place.
fn check_files(command: &Simulate) -> anyhow::Result<()> {
    if files::is_standard(&command.model) && files::is_standard(&command.data) {
        bail!("model and data cannot both come from standard input");
    }
    let outputs: Vec<&Path> = command.plot.iter().chain([&command.out]).map(PathBuf::as_path).collect();
    keep_apart(&[&command.model, &command.data], &outputs)
}

/// Refuses options that only stochastic models have, for one that is none.
fn check_chance(command: &Simulate, manifest: &Manifest, reporter: &mut Reporter) -> Result<(), Failure> {
    if command.quantiles.len() > MOST_QUANTILES {
        return Err(anyhow!("{} quantiles given, at most {MOST_QUANTILES}", command.quantiles.len()).into());
    }
    for (index, quantile) in command.quantiles.iter().enumerate() {
        if command.quantiles[..index].contains(quantile) {
            return Err(anyhow!("the quantile {quantile} is given twice; it has one column").into());
        }
    }
    let options = [
        ("`--particles`", command.particles.is_some()),
        ("`--seed`", command.seed.is_some()),
        ("`--quantiles`", !command.quantiles.is_empty()),
    ];
    let given: Vec<&str> = options.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
    if manifest.kind == "sde" || given.is_empty() {
        return Ok(());
    }
    let mut diagnostics = Diagnostics::new();
    diagnostics.not_stochastic(&given, &manifest.name);
    reporter.report(&diagnostics, &files::shown(&command.model), "");
    Err(Failure::Reported)
}

fn read_data(command: &Simulate, manifest: &Manifest, reporter: &mut Reporter) -> Result<Dataset, Failure> {
    let bytes = files::read(&command.data)?;
    let text = files::as_text(&bytes, &command.data)?;
    let options = DatasetOptions { ignore: command.ignore };
    let (dataset, diagnostics) = read_dataset(text, manifest, options);
    reporter.report(&diagnostics, &files::shown(&command.data), text);
    dataset.ok_or(Failure::Reported)
}

fn draw(population: &Population<'_>) -> Result<Plot, Stop> {
    let options = PlotOptions::default();
    // Subjects that are not drawn need no curves.
    let curves = population.curves(options.panels, CURVE_POINTS)?;
    Ok(draw_plot(population.model.manifest(), population.dataset, &curves, &options))
}

/// Reports why a population could not be predicted.
fn stop(stop: Stop, command: &Simulate, reporter: &mut Reporter) -> Failure {
    match stop {
        Stop::Subjects(error) => {
            reporter.report(&error.to_diagnostics(), &files::shown(&command.data), "");
            Failure::Reported
        }
        Stop::Model(error) => run_failed(&error, &files::shown(&command.model), reporter),
        Stop::Shell(failure) => failure,
    }
}

fn run_failed(error: &RunError, file: &str, reporter: &mut Reporter) -> Failure {
    let mut diagnostics = Diagnostics::new();
    diagnostics.run_failed(error.code.0, "", &error.to_string(), error.help());
    reporter.report(&diagnostics, file, "");
    Failure::Reported
}

/// Sorts the given values into parameters and random effects, and checks that none is missing.
fn configuration(command: &Simulate, manifest: &Manifest) -> anyhow::Result<Configuration> {
    let mut configuration = Configuration {
        relative_tolerance: command.rtol,
        absolute_tolerance: command.atol,
        particles: command.particles,
        seed: command.seed,
        quantiles: command.quantiles.clone(),
        ..Configuration::default()
    };
    for (name, value) in &command.parameters {
        let entry = (name.clone(), *value);
        if manifest.parameters.iter().any(|parameter| parameter.name == *name) {
            configuration.parameters.push(entry);
        } else if manifest.random_effects.iter().any(|effect| effect.name == *name) {
            configuration.random_effects.push(entry);
        } else {
            bail!(unknown_parameter(name, manifest));
        }
    }
    let missing: Vec<String> = manifest
        .parameters
        .iter()
        .filter(|parameter| parameter.default.is_none())
        .filter(|parameter| !configuration.parameters.iter().any(|(name, _)| *name == parameter.name))
        .map(|parameter| format!("--param {}=…", parameter.name))
        .collect();
    if !missing.is_empty() {
        bail!("parameters without default need a value: {}", missing.join(" "));
    }
    Ok(configuration)
}

/// Warns of values outside the bounds that the model declares.
fn check_bounds(command: &Simulate, manifest: &Manifest, reporter: &mut Reporter) {
    let mut diagnostics = Diagnostics::new();
    for (name, value) in &command.parameters {
        let Some(parameter) = manifest.parameters.iter().find(|parameter| parameter.name == *name) else {
            continue;
        };
        let lower = parameter.lower.unwrap_or(f64::NEG_INFINITY);
        let upper = parameter.upper.unwrap_or(f64::INFINITY);
        if !(lower..=upper).contains(value) {
            diagnostics.parameter_outside_bounds(name, *value, &format!("{lower}..{upper}"));
        }
    }
    reporter.report(&diagnostics, &files::shown(&command.model), "");
}

fn unknown_parameter(name: &str, manifest: &Manifest) -> String {
    let names: Vec<&str> = manifest
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .chain(manifest.random_effects.iter().map(|effect| effect.name.as_str()))
        .collect();
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("the model has no parameter `{name}`; a name like it is `{near}`"),
        None if names.is_empty() => format!("the model has no parameter `{name}`: it has none at all"),
        None => format!("the model has no parameter `{name}`; it has `{}`", names.join("`, `")),
    }
}

//! `pmc simulate`.

use anyhow::{anyhow, bail};
use pmc_abi::descriptor::MOST_QUANTILES;
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::{Diagnostics, nearest};
use pmc_host::{Configuration, Model, RunError};
use pmc_simulation::{Dataset, DatasetOptions, PlotOptions, Rows};

use super::load::{engine, load};
use crate::arguments::Simulate;
use crate::report::Reporter;
use crate::{Failure, files};

/// Points of a curve beside those of the records: a curve of this many looks smooth in a panel.
const CURVE_POINTS: usize = 400;

/// Predicts a dataset, writes the table and draws the picture.
pub(crate) fn run(command: &Simulate, reporter: &mut Reporter) -> Result<(), Failure> {
    check_files(command)?;
    let engine = engine(command.engine)?;
    let loaded = load(&command.model, command.name.as_deref(), engine, reporter)?;
    if loaded.plugin.manifest().outputs.is_empty() {
        reporter.remark("the model has no outputs, so there is nothing to predict; write `out(name) = …`");
    }
    check_chance(command, loaded.plugin.manifest(), reporter)?;
    let configuration = configuration(command, loaded.plugin.manifest())?;
    check_bounds(command, loaded.plugin.manifest(), reporter);
    let dataset = read_data(command, loaded.plugin.manifest(), reporter)?;
    let model_file = files::shown(&command.model);
    let mut model =
        loaded.plugin.model(&configuration).map_err(|error| run_failed(&error, &model_file, reporter))?;
    let rows = if command.all_rows { Rows::All } else { Rows::Observations };
    let data_file = files::shown(&command.data);
    let mut failed = |error: pmc_simulation::PredictError| {
        reporter.report(&error.to_diagnostics(), &data_file, "");
        Failure::Reported
    };
    let predictions = pmc_simulation::predict(&mut *model, &dataset, rows).map_err(&mut failed)?;
    let picture = match &command.plot {
        Some(path) => Some((path, draw(&mut *model, &dataset).map_err(&mut failed)?)),
        None => None,
    };
    reporter.report(&predictions.to_diagnostics(), &data_file, "");
    // Nothing is written before everything has succeeded.
    if let Some((path, plot)) = picture {
        files::write(path, plot.svg.as_bytes())?;
        if let Some(remark) = plot.remark {
            reporter.remark(&format!("{}: {remark}", files::shown(path)));
        }
    }
    files::write(&command.out, pmc_simulation::to_csv(&predictions).as_bytes())
}

/// Refuses to write over what is read, and to write two results to one place.
fn check_files(command: &Simulate) -> anyhow::Result<()> {
    if files::is_standard(&command.model) && files::is_standard(&command.data) {
        bail!("model and data cannot both come from standard input");
    }
    if command.plot.as_ref() == Some(&command.out) {
        bail!("table and picture cannot both go to `{}`", command.out.display());
    }
    for output in command.plot.iter().chain([&command.out]) {
        if !files::is_standard(output) && (*output == command.model || *output == command.data) {
            bail!("the output `{}` is an input as well; name another file", output.display());
        }
    }
    Ok(())
}

/// Refuses options that only stochastic models have, for one that is none.
fn check_chance(command: &Simulate, manifest: &Manifest, reporter: &mut Reporter) -> Result<(), Failure> {
    if command.quantiles.len() > MOST_QUANTILES {
        return Err(anyhow!("{} quantiles given, at most {MOST_QUANTILES}", command.quantiles.len()).into());
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
    let text = files::read_text(&command.data)?;
    let options = DatasetOptions { ignore: command.ignore };
    let (dataset, diagnostics) = pmc_simulation::read_dataset(&text, manifest, options);
    reporter.report(&diagnostics, &files::shown(&command.data), &text);
    dataset.ok_or(Failure::Reported)
}

fn draw(
    model: &mut dyn Model,
    dataset: &Dataset,
) -> Result<pmc_simulation::Plot, pmc_simulation::PredictError> {
    let curves = pmc_simulation::curves(model, dataset, CURVE_POINTS)?;
    Ok(pmc_simulation::draw_plot(model.manifest(), dataset, &curves, &PlotOptions::default()))
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

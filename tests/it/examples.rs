//! Every example runs as its README says, and gives the committed predictions and picture.

use std::path::Path;

use pmc_host::Configuration;
use pmc_simulation::{PlotOptions, Rows};
use pmc_tests::closed_form::Response;
use pmc_tests::examples::{Example, example};
use pmc_tests::line::{dataset, plugin, project, read};

/// Compares a result with the committed file, or writes it when `PMC_BLESS` is set.
fn compare(path: &Path, found: &str) {
    if std::env::var_os("PMC_BLESS").is_some() {
        std::fs::write(path, found).expect("the examples can be written");
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == found, "{} is out of date; `cargo xtask bless` renews it", path.display());
}

/// Runs one example: predictions and picture.
fn check(name: &str) {
    check_with(name, &Configuration::default());
}

/// Runs one example with settings.
fn check_with(name: &str, configuration: &Configuration) {
    let folder = project("examples").join(name);
    let Example { source, data, .. } = example(name);
    let plugin = plugin(&source);
    let dataset = dataset(&data, plugin.manifest());
    let mut model = plugin.model(configuration).expect("the defaults are complete");
    let predictions =
        pmc_simulation::predict(&mut *model, &dataset, Rows::Observations).expect("the example runs");
    compare(&folder.join("expected.csv"), &pmc_simulation::to_csv(&predictions));
    let curves = pmc_simulation::curves(&mut *model, &dataset, 400).expect("the example runs");
    let plot = pmc_simulation::draw_plot(plugin.manifest(), &dataset, &curves, &PlotOptions::default());
    compare(&folder.join("expected.svg"), &plot.svg);
}

#[test]
fn theophylline_gives_the_committed_results() {
    check("theophylline");
}

#[test]
fn two_compartments_give_the_committed_results() {
    check("two-compartment-iv");
}

#[test]
fn target_mediated_disposition_gives_the_committed_results() {
    check("tmdd");
}

#[test]
fn transit_compartments_give_the_committed_results() {
    check("transit");
}

#[test]
fn a_drifting_elimination_gives_the_committed_results() {
    let configuration = Configuration { quantiles: vec![0.05, 0.5, 0.95], ..Configuration::default() };
    check_with("vancomycin-sde", &configuration);
}

#[test]
fn a_regimen_that_reacts_gives_the_committed_results() {
    check("rescue");
}

#[test]
fn a_closed_form_gives_the_committed_results() {
    check("closed-form");
}

#[test]
fn steady_state_gives_the_committed_results() {
    check("steady-state");
}

#[test]
fn theophylline_predictions_are_the_closed_form() {
    let source = read("examples/theophylline/theophylline.pk");
    let exact = Response::one_compartment(0.0402 / 0.458).absorbed(1.57);
    let mut expected = read("examples/theophylline/expected.csv");
    expected = expected.split_off(expected.find('\n').map_or(0, |end| end + 1));
    let doses: Vec<(String, f64, f64)> = read("examples/theophylline/theophylline.csv")
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            Some((cells[0].to_owned(), cells[2].parse().ok()?, cells[5].parse().ok()?))
        })
        .collect();
    let mut rows = 0;
    for line in expected.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        let (time, found): (f64, f64) =
            (cells[1].parse().expect("a time"), cells[2].parse().expect("a value"));
        let (_, amount, weight) = doses.iter().find(|dose| dose.0 == cells[0]).expect("a dose");
        let concentration = amount * exact.bolus(time) / (0.458 * weight);
        assert!((found - concentration).abs() <= 1e-5 * concentration + 1e-9, "{line}: {concentration}");
        rows += 1;
    }
    assert!(rows == 132 && source.contains("0.0402"));
}

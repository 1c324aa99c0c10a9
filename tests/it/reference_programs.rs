//! Predictions against tables of NONMEM and Monolix, read from the folder of reference data when there is one.

use std::path::PathBuf;

use pmc_abi::schedule::event;
use pmc_host::{Configuration, Plugin, ScheduleRecord, SteadyState};
use pmc_simulation::Rows;
use pmc_tests::line::{configuration, dataset, plugin, read, simulate};
use pmc_tests::records::schedule;
use pmc_tests::reference::{Table, folder};

/// Returns the folder of reference data, or says that the test is skipped; in CI that is a failure.
fn reference(test: &str) -> Option<PathBuf> {
    let found = folder();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{test}: CI needs the reference data");
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("{test}: skipped: no reference data (see PMC_REFERENCE_DATA in CONTRIBUTING.md)");
        }
    }
    found
}

/// Groups consecutive rows of equal identity.
fn subjects(table: &Table, column: &str) -> Vec<std::ops::Range<usize>> {
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    for row in 0..table.len() {
        match groups.last_mut() {
            Some(group) if table.cell(group.start, column) == table.cell(row, column) => group.end = row + 1,
            _ => groups.push(row..row + 1),
        }
    }
    groups
}

/// Returns the largest relative error of the first output against the values that are present and not zero.
fn worst(plugin: &Plugin, settings: &Configuration, records: Vec<ScheduleRecord>, expected: &[f64]) -> f64 {
    let rows = simulate(plugin, settings, &schedule(records));
    assert_eq!(rows.len(), expected.len());
    rows.iter()
        .zip(expected)
        .filter(|(_, expected)| expected.is_finite() && **expected != 0.0)
        .map(|(row, expected)| ((row[0] - expected) / expected).abs())
        .fold(0.0, f64::max)
}

/// Largest relative error of a scenario: NONMEM's table has five digits.
const SCENARIO_TOLERANCE: f64 = 5e-4;

const SCENARIOS: usize = 15;

/// Returns the model of the scenarios for each way to solve it: exactly, and by both stepping solvers.
fn scenario_models() -> [(&'static str, Plugin); 3] {
    let source = read("tests/models/nonmem_dosing.pk");
    let stepping = |solver: &str| {
        let stepping = source.replace("option rtol", &format!("option solver = {solver}, rtol"));
        assert_ne!(stepping, source, "the model sets its tolerances");
        plugin(&stepping)
    };
    [("exact", plugin(&source)), ("explicit", stepping("explicit")), ("stiff", stepping("stiff"))]
}

#[test]
fn dosing_scenarios_agree_with_nonmem() {
    let Some(folder) = reference("dosing scenarios") else { return };
    let table = Table::read(&folder.join("nonmem-dosing/scenarios.csv"), 0);
    for (path, plugin) in scenario_models() {
        let groups = subjects(&table, "ID");
        assert_eq!(groups.len(), SCENARIOS);
        for group in groups {
            let records = group.clone().map(|row| scenario_record(&table, row)).collect();
            let expected: Vec<f64> = group.clone().map(|row| table.number(row, "CP_NONMEM")).collect();
            let error = worst(&plugin, &Configuration::default(), records, &expected);
            let id = table.cell(group.start, "ID");
            assert!(error <= SCENARIO_TOLERANCE, "scenario {id}, {path}: relative error {error:e}");
        }
    }
}

fn scenario_record(table: &Table, row: usize) -> ScheduleRecord {
    let number = |column| table.number(row, column);
    ScheduleRecord {
        event: number("evid") as u32,
        route: Some(number("cmt") as u32 - 1),
        amount: number("amt"),
        rate: number("rate"),
        additional: number("addl") as u32,
        interval: number("ii"),
        steady_state: SteadyState::from_column(number("ss")).expect("the table is NONMEM's"),
        ..ScheduleRecord::observation(
            number("time"),
            ["LAGT", "MODE", "DUR2", "RAT2", "BIOAV"].iter().map(|name| number(name)).collect(),
        )
    }
}

#[test]
fn dosing_scenarios_can_be_read_as_a_dataset() {
    let Some(folder) = reference("dosing scenarios as a dataset") else { return };
    let table = Table::read(&folder.join("nonmem-dosing/scenarios.csv"), 0);
    let columns = [
        "ID", "time", "evid", "amt", "cmt", "ss", "ii", "addl", "rate", "LAGT", "MODE", "DUR2", "RAT2",
        "BIOAV",
    ];
    let mut text = columns.join(",").to_uppercase();
    for row in 0..table.len() {
        let cells = columns.map(|column| table.cell(row, column));
        text.push('\n');
        text.push_str(&cells.join(","));
    }
    for (path, plugin) in scenario_models() {
        let dataset = dataset(&text, plugin.manifest());
        assert_eq!(dataset.subjects.len(), SCENARIOS);
        let mut model = plugin.model(&Configuration::default()).expect("the defaults are complete");
        let predictions = pmc_simulation::predict(&mut *model, &dataset, Rows::All).expect("the data run");
        assert_eq!(predictions.rows.len(), table.len());
        assert!(predictions.warnings.is_empty(), "{:?}", predictions.warnings);
        for (row, predicted) in predictions.rows.iter().enumerate() {
            let expected = table.number(row, "CP_NONMEM");
            let error = (predicted.values[0] - expected).abs();
            let fine = error <= SCENARIO_TOLERANCE * expected.abs() || expected == 0.0;
            assert!(fine, "line {}, {path}: {} instead of {expected}", predicted.row, predicted.values[0]);
        }
    }
}

#[test]
fn warfarin_agrees_with_monolix() {
    let Some(folder) = reference("warfarin").map(|folder| folder.join("monolix-warfarin")) else { return };
    let doses = Table::read(&folder.join("warfarin-input.csv"), 0);
    let parameters = Table::read(&folder.join("warfarin-run1-individual-parameters.csv"), 0);
    let predictions = Table::read(&folder.join("warfarin-run1-predictions.csv"), 0);
    let plugin = plugin(&read("tests/models/warfarin.pk"));
    let groups = subjects(&predictions, "id");
    for group in &groups {
        let id = predictions.cell(group.start, "id");
        let dose = (0..doses.len())
            .find(|row| doses.cell(*row, "id") == id && doses.number(*row, "amt") > 0.0)
            .expect("each subject has a dose");
        let row = (0..parameters.len()).find(|row| parameters.cell(*row, "id") == id).expect("parameters");
        let values = [("tlag", "Tlag_mode"), ("ka", "ka_mode"), ("v", "V_mode"), ("cl", "Cl_mode")];
        let values = values.map(|(name, column)| (name, parameters.number(row, column)));
        let first = ScheduleRecord {
            event: event::DOSE,
            route: Some(0),
            amount: doses.number(dose, "amt"),
            report: false,
            ..ScheduleRecord::observation(doses.number(dose, "time"), Vec::new())
        };
        let observations =
            group.clone().map(|row| ScheduleRecord::observation(predictions.number(row, "time"), Vec::new()));
        let records = std::iter::once(first).chain(observations).collect();
        let expected: Vec<f64> = group.clone().map(|row| predictions.number(row, "indivPred_mode")).collect();
        let error = worst(&plugin, &configuration(&values, 1e-9, 1e-12), records, &expected);
        assert!(error <= 2e-5, "subject {id}: relative error {error:e}");
    }
    assert_eq!(groups.len(), 32);
}

#[test]
fn two_compartment_fit_agrees_with_nonmem() {
    let Some(folder) = reference("402").map(|folder| folder.join("nonmem-fits")) else { return };
    let table = Table::read(&folder.join("402-nonmem.csv"), 0);
    let plugin = plugin(&read("tests/models/nonmem_402.pk"));
    let groups = subjects(&table, "ID");
    for group in &groups {
        let parameter = |name: &str| table.number(group.start, name);
        let values = [("cl", "CL"), ("v1", "V1"), ("q", "Q"), ("v2", "V2")]
            .map(|(name, column)| (name, parameter(column)));
        let records = group.clone().map(|row| bolus_or_observation(&table, row, "AMT", Vec::new())).collect();
        let expected: Vec<f64> = group.clone().map(|row| table.number(row, "IPRE")).collect();
        let error = worst(&plugin, &configuration(&values, 1e-9, 1e-12), records, &expected);
        assert!(error <= 1e-5, "subject {}: relative error {error:e}", table.cell(group.start, "ID"));
    }
    assert!(groups.len() > 10);
}

fn bolus_or_observation(table: &Table, row: usize, column: &str, covariates: Vec<f64>) -> ScheduleRecord {
    let amount = table.number(row, column);
    let observation = ScheduleRecord::observation(table.number(row, "TIME"), covariates);
    if amount > 0.0 {
        ScheduleRecord { event: event::DOSE, route: Some(0), amount, ..observation }
    } else {
        observation
    }
}

#[test]
fn phenobarbital_fit_agrees_with_nonmem() {
    let Some(folder) = reference("pheno").map(|folder| folder.join("nonmem-fits")) else { return };
    let input = Table::read(&folder.join("pheno-input.csv"), 0);
    let results = Table::read(&folder.join("pheno-nonmem.csv"), 0);
    let effects = Table::read(&folder.join("pheno-etas.csv"), 0);
    assert_eq!(input.len(), results.len());
    let plugin = plugin(&read("tests/models/pheno.pk"));
    let groups = subjects(&input, "ID");
    for (index, group) in groups.iter().enumerate() {
        let settings = Configuration {
            random_effects: vec![
                ("eta1".to_owned(), effects.number(index, "ETA(1)")),
                ("eta2".to_owned(), effects.number(index, "ETA(2)")),
            ],
            ..configuration(&[], 1e-9, 1e-12)
        };
        let covariates = |row| vec![input.number(row, "WGT"), input.number(row, "APGR")];
        let records =
            group.clone().map(|row| bolus_or_observation(&input, row, "AMT", covariates(row))).collect();
        let expected: Vec<f64> = group.clone().map(|row| results.number(row, "CIPREDI")).collect();
        let error = worst(&plugin, &settings, records, &expected);
        assert!(error <= 1e-4, "subject {}: relative error {error:e}", input.cell(group.start, "ID"));
    }
    assert_eq!(groups.len(), 59);
}

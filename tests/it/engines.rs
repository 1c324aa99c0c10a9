//! Interpretation gives the bits of the module.

use pmc_host::{Configuration, Inputs, Model, Schedule};
use pmc_simulation::{DatasetOptions, Rows};
use pmc_tests::line::{Regimen, interpreted, plugin, project, read};

/// Bits of numbers, with one pattern for all that are not numbers.
fn bits(values: &[f64]) -> Vec<u64> {
    let one = |value: &f64| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
    values.iter().map(one).collect()
}

#[test]
fn examples_have_the_same_table_interpreted_and_compiled() {
    for (folder, model, data) in EXAMPLES {
        let source = read(&format!("examples/{folder}/{model}"));
        let text = read(&format!("examples/{folder}/{data}"));
        let plugin = plugin(&source);
        let program = interpreted(&source);
        assert_eq!(plugin.manifest(), program.manifest(), "{folder}");
        let options = DatasetOptions { ignore: None };
        let (dataset, findings) = pmc_simulation::read_dataset(&text, plugin.manifest(), options);
        let dataset = dataset.unwrap_or_else(|| panic!("{folder}: {findings:?}"));
        let table = |mut model: Box<dyn Model>| {
            pmc_simulation::predict(&mut *model, &dataset, Rows::All).expect("the example runs")
        };
        let configuration = Configuration::default();
        let compiled = table(plugin.model(&configuration).expect("the defaults are complete"));
        let found = table(program.model(&configuration).expect("the defaults are complete"));
        for (found, expected) in found.rows.iter().zip(&compiled.rows) {
            assert_eq!(bits(&found.values), bits(&expected.values), "{folder}, row {}", expected.row);
        }
    }
}

#[test]
fn subjects_side_by_side_have_the_bits_that_they_have_alone() {
    let models = [("tmdd", "tmdd.pk"), ("theophylline", "theophylline.pk"), ("transit", "transit.pk")];
    for (folder, model) in models {
        let source = format!("option solver = auto\n{}", read(&format!("examples/{folder}/{model}")));
        // Something that is not linear, so that everything is stepped.
        let source =
            format!("{source}\nstate extra\nddt(extra) = -extra / (1 + extra * extra)\ninit(extra) = 2\n");
        let program = interpreted(&source);
        let mut model = program.model(&Configuration::default()).expect("the defaults are complete");
        let covariates = program.manifest().covariates.len();
        let schedules: Vec<Schedule> = (0..37)
            .map(|number| {
                let amount = 10.0 * f64::from(number % 7 + 1);
                let regimen =
                    Regimen::new().dose(0.0, 0, amount, 0.0).repeated(number % 5, 6.0 + f64::from(number));
                let mut schedule = regimen.observed((0..number % 11 + 2).map(|k| 3.7 * f64::from(k)));
                schedule.covariates = covariates as u32;
                for (index, record) in schedule.records.iter_mut().enumerate() {
                    record.covariates = vec![70.0 + f64::from(number) + index as f64; covariates];
                }
                schedule
            })
            .collect();
        let many = model.simulate_many(&schedules);
        for (schedule, found) in schedules.iter().zip(many) {
            let expected = model.simulate(schedule).expect("the subject runs alone");
            assert_eq!(
                bits(&found.expect("the subject runs in company").values),
                bits(&expected),
                "{folder}"
            );
        }
    }
}

#[test]
fn arrays_have_the_bits_of_the_module() {
    // Runs of one operation that go along, that read what they have just written, and that add up, each in all four ways;
    // others that look so and are not: the sum is an operand, or stands first.
    let source = "
        name = arrays
        const n = 9
        param k[n] = [0.31, 0.17, 0.53, 0.11, 0.23, 0.41, 0.13, 0.37, 0.29], v[n] = [1.1, 1.3, 1.7, 1.9, 2.3, 2.9, 3.1, 3.7, 4.1]
        state x[n], chain[n], sums, powers
        bolus(oral) -> x[0]
        out_flow = x[0] / (1 + x[0])
        more = 0
        for i in 0..n { more += k[i] * x[i] }
        less = more
        for i in 0..n { less = less - k[i] * chain[i] }
        shares = less
        for i in 0..n { shares += x[i] / v[i] }
        rest = shares
        for i in 0..n { rest = rest - chain[i] / v[i] }
        grown = 0.5
        for i in 0..n { grown = k[i] * grown + x[i] }
        doubled = 0.1
        for i in 0..n { doubled = doubled * doubled * 0.01 + doubled }
        ddt(x[0]) = -k[0] * x[0] - out_flow
        for i in 1..n { ddt(x[i]) = k[i] * (x[i - 1] - x[i]) }
        ddt(chain[0]) = x[0] - chain[0]
        for i in 1..n { ddt(chain[i]) = k[i] * x[i] - v[i] * chain[i] }
        ddt(sums) = rest - sums
        ddt(powers) = grown + doubled - powers
        out(a) = sums
        out(b) = powers
        out(c) = x[n - 1] + chain[n - 1]
    ";
    let configuration = Configuration::default();
    let regimen = Regimen::new().dose(0.0, 0, 100.0, 0.0).repeated(3, 11.0);
    let schedule = regimen.observed((1..40).map(|k| 1.3 * f64::from(k)));
    let mut compiled = plugin(source).model(&configuration).expect("the defaults are complete");
    let mut model = interpreted(source).model(&configuration).expect("the defaults are complete");
    let expected = compiled.simulate(&schedule).expect("the module runs");
    assert_eq!(bits(&model.simulate(&schedule).expect("the interpreter runs")), bits(&expected));
    for found in model.simulate_many(&vec![schedule; 9]) {
        assert_eq!(bits(&found.expect("the subject runs in company").values), bits(&expected));
    }
    let state: Vec<f64> = (0..20).map(|index| 1.0 + 0.37 * f64::from(index)).collect();
    let inputs = Inputs { rates: &[0.0], covariates: &[] };
    let mut slopes = [vec![0.0; 20], vec![0.0; 20]];
    for (model, out) in [&mut compiled, &mut model].into_iter().zip(&mut slopes) {
        model.derivatives(0.0, &state, &inputs, out).expect("the state is sound");
    }
    assert_eq!(bits(&slopes[0]), bits(&slopes[1]));
}

/// Folder, model and data of each example.
const EXAMPLES: [(&str, &str, &str); 8] = [
    ("closed-form", "closed-form.pk", "doses.csv"),
    ("rescue", "rescue.pk", "visits.csv"),
    ("steady-state", "steady-state.pk", "doses.csv"),
    ("theophylline", "theophylline.pk", "theophylline.csv"),
    ("tmdd", "tmdd.pk", "doses.csv"),
    ("transit", "transit.pk", "doses.csv"),
    ("two-compartment-iv", "two-compartment-iv.pk", "indomethacin.csv"),
    ("vancomycin-sde", "vancomycin-sde.pk", "vancomycin.csv"),
];

#[test]
fn all_examples_are_compared() {
    let folders = std::fs::read_dir(project("examples")).expect("the examples exist").count();
    assert_eq!(folders, EXAMPLES.len());
}

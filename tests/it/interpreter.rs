//! Interpretation gives the bits of the module.

use pmc_host::{Configuration, Limits, Model, Schedule};
use pmc_simulation::{DatasetOptions, Rows};
use pmc_tests::line::{Regimen, interpreted, plugin, project, read};

/// Bits of numbers, with one pattern for all that are not numbers.
pub(crate) fn bits(values: &[f64]) -> Vec<u64> {
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

/// Folder, model and data of each example.
pub(crate) const EXAMPLES: [(&str, &str, &str); 8] = [
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

#[test]
fn a_budget_of_instructions_ends_what_takes_too_long() {
    let source = "name = slow\nstate x, y\ninit(x) = 1\nddt(x) = y / (1 + x * x)\nddt(y) = -1000 * x\nout(z) = x\noption solver = explicit";
    let pmc::Parsed { file, mut diagnostics, .. } = pmc::parse(source);
    let analysed = pmc::analyse(&file.models[0], file.spelling, &mut diagnostics).expect("a sound model");
    let program = pmc::optimise(analysed).program;
    let limits = Limits { fuel_per_call: 10_000, ..Limits::generous() };
    let schedule = Regimen::new().observed([0.0, 1000.0]);
    let run = |limits: &Limits| {
        let configuration = Configuration { maximum_steps: Some(u64::MAX >> 12), ..Configuration::default() };
        let mut model = pmc_host::interpret(&program, limits).model(&configuration).expect("a model");
        model.simulate(&schedule).map(|values| values.len())
    };
    assert_eq!(run(&Limits::generous()), Ok(2));
    assert_eq!(run(&limits).expect_err("too many steps").code.to_string(), "PK2009");
}

#[test]
fn documents_that_cannot_run_are_refused_with_a_code() {
    let document = |kind| {
        let source = read("examples/tmdd/tmdd.pk");
        pmc::emit(&source, kind, &pmc::CompileOptions::default()).expect("the example compiles").bytes
    };
    let refused = |bytes: &[u8], limits: &Limits| match pmc_host::load_from_ir(bytes, limits) {
        Ok(_) => "loaded".to_owned(),
        Err(error) => {
            error.diagnostics.iter().map(|found| found.code.to_string()).collect::<Vec<_>>().join(" ")
        }
    };
    let generous = Limits::generous();
    let json = document(pmc::EmitKind::IrJson);
    for bytes in [&json, &document(pmc::EmitKind::IrCbor)] {
        assert_eq!(refused(bytes, &generous), "loaded");
        assert_eq!(refused(&bytes[..bytes.len() / 2], &generous), "PK3103");
    }
    let edited = |from: &str, to: &str| {
        let text = String::from_utf8(json.clone()).expect("JSON is text");
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    assert_eq!(refused(&json, &Limits { document_bytes: 100, ..generous.clone() }), "PK3102");
    assert_eq!(refused(b"\0asm", &generous), "PK3101");
    assert_eq!(refused(&edited("\"major\": 1", "\"major\": 2"), &generous), "PK3104");
    assert_eq!(refused(&edited("\"derived\"", "\"left_out\""), &generous), "PK3109");
}

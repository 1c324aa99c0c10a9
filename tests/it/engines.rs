//! All engines of the build give the same bits: examples on their data, test models on regimens.
//!
//! Modules run in wasmi and in Node, documents are interpreted, subject by subject and several side by side; with the
//! feature `wasmtime` there is one more.

use std::path::Path;

use pmc_host::{Configuration, Limits, load_wasm_plugin};
use pmc_simulation::{DatasetOptions, Rows};
use pmc_tests::engines::{self, Case, Recorder, Runner, compare, disagreements, regimens};
use pmc_tests::line::{Regimen, project, read};

use crate::node;

/// Returns every engine there is.
fn all() -> Vec<Runner> {
    let mut runners = engines::host();
    runners.push(node::runner());
    runners
}

/// Returns the files of a folder with an ending, by name.
fn files(folder: &Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder exists").filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    found.sort();
    found
}

/// Returns an example with the schedules of its data.
fn example(name: &str) -> Case {
    let folder = project("examples").join(name);
    let model = files(&folder, ".pk").pop().expect("an example has a model");
    let data = files(&folder, ".csv").into_iter().find(|file| file != "expected.csv");
    let data = read(&format!("examples/{name}/{}", data.expect("an example has data")));
    let mut case = Case::new(name, &read(&format!("examples/{name}/{model}")));
    let plugin = load_wasm_plugin(&case.wasm, &Limits::generous()).expect("an emitted module loads");
    if plugin.manifest().kind == "sde" {
        case.configuration.quantiles = vec![0.05, 0.5, 0.95];
    }
    let options = DatasetOptions { ignore: None };
    let (dataset, findings) = pmc_simulation::read_dataset(&data, plugin.manifest(), options);
    let dataset = dataset.unwrap_or_else(|| panic!("{name}: {findings:?}"));
    let mut recorder = Recorder::new(plugin.manifest(), &case.configuration);
    pmc_simulation::predict(&mut recorder, &dataset, Rows::All).expect("a recorder does not fail");
    case.schedules = recorder.schedules;
    case
}

#[test]
fn an_engine_with_one_wrong_bit_is_found_out() {
    let case = Case::new("decay", "name = decay\nstate a\ninit(a) = 1\nddt(a) = -0.1 * a\nout(y) = a\n")
        .run(Regimen::new().observed([0.0, 1.0]))
        .run(Regimen::new().observed([0.0, 2.0]));
    let honest = || engines::host().remove(0);
    let wrong = move |case: &Case| {
        let mut answers = (engines::host().remove(0).run)(case);
        if let Some(Ok(bits)) = answers.last_mut() {
            bits[1] ^= 1;
        }
        answers
    };
    let found = disagreements(&case, &[honest(), Runner { name: "wrong", run: Box::new(wrong) }]);
    let [line] = &found[..] else { panic!("{found:?}") };
    assert!(line.starts_with("decay, schedule 1: wasmi and wrong disagree: value 1 is 8.18"), "{line}");
    assert!(disagreements(&case, &[honest(), honest()]).is_empty());
}

#[test]
fn engines_agree_on_each_example() {
    let names = files(&project("examples"), "");
    assert!(names.len() >= 8);
    let runners = all();
    for name in names {
        compare(&example(&name), &runners);
    }
}

/// Compares engines on the models of a folder that compile; returns how many there are.
fn models_of(folder: &str) -> usize {
    let runners = all();
    let mut count = 0;
    for file in files(&project(folder), ".pk") {
        let source = read(&format!("{folder}/{file}"));
        if pmc::compile(&source, &pmc::CompileOptions::default()).is_err() {
            continue;
        }
        let mut case = Case::new(&file, &source);
        let plugin = load_wasm_plugin(&case.wasm, &Limits::generous()).expect("an emitted module loads");
        let manifest = plugin.manifest();
        let parameters = manifest.parameters.iter().filter(|parameter| parameter.default.is_none());
        case.configuration =
            Configuration::of_parameters(parameters.map(|parameter| (parameter.name.as_str(), 1.5)));
        // Random paths are as equal for fifty particles as for a thousand, and faster.
        case.configuration.particles = (manifest.kind == "sde").then_some(50);
        case.schedules = regimens(manifest);
        compare(&case, &runners);
        count += 1;
    }
    count
}

#[test]
fn engines_agree_on_each_test_model() {
    assert!(models_of("tests/models") >= 9);
}

#[test]
fn engines_agree_on_each_model_of_the_language() {
    assert!(models_of("grammar/fixtures/valid") >= 12);
}

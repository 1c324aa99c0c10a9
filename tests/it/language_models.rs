//! The twelve models of the language's reference: each compiles and runs.

use pmc_host::{Configuration, Limits, load_wasm_plugin};
use pmc_tests::line::{project, simulate};

/// Returns the sources of the models, by file name.
fn models() -> Vec<(String, String)> {
    let folder = project("grammar/fixtures/valid");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the fixtures exist")
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let numbered = name.get(..2)?.parse::<u32>().is_ok() && name.as_bytes().get(2) == Some(&b'_');
            numbered.then(|| (name, std::fs::read_to_string(entry.path()).unwrap_or_default()))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn each_model_runs() {
    let models = models();
    assert_eq!(models.len(), 12);
    for (name, source) in models {
        match pmc::compile(&source, &pmc::CompileOptions::default()) {
            Ok(compiled) => run(&name, &compiled.wasm),
            Err(diagnostics) => {
                panic!("{name}: {:?}", diagnostics.iter().map(|found| &found.message).collect::<Vec<_>>())
            }
        }
    }
}

/// Gives every parameter a sensible value, doses the first route, and expects finite outputs that move.
fn run(name: &str, wasm: &[u8]) {
    let plugin = load_wasm_plugin(wasm, &Limits::generous()).expect("an emitted module loads");
    let manifest = plugin.manifest();
    let parameters = manifest.parameters.iter().filter(|parameter| parameter.default.is_none());
    let settings = Configuration::of_parameters(parameters.map(|parameter| (parameter.name.as_str(), 0.5)));
    let mut schedule = pmc_tests::line::Regimen::new();
    for (index, route) in manifest.routes.iter().enumerate() {
        let rate = if route.input == "infusion" { 50.0 } else { 0.0 };
        schedule = schedule.dose(0.0, index as u32, 100.0, rate);
    }
    let mut schedule = schedule.observed([0.0, 1.0, 2.0, 5.0]);
    schedule.covariates = manifest.covariates.len() as u32;
    for record in &mut schedule.records {
        record.covariates = vec![1.0; manifest.covariates.len()];
    }
    let rows = simulate(&plugin, &settings, &schedule);
    assert!(rows.iter().flatten().all(|value| value.is_finite()), "{name}: {rows:?}");
    assert_ne!(rows.first(), rows.last(), "{name}: nothing happens");
}

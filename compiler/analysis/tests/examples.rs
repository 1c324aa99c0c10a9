//! The example models of the language reference, and the models of the project itself.

use std::fs;
use std::path::{Path, PathBuf};

use pmc_diagnostics::{Style, render};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Parses and analyses the first model of a text.
fn analyse(source: &str) -> (Option<pmc_ir::Module>, pmc_diagnostics::Diagnostics) {
    let parsed = pmc_grammar::parse(source);
    assert!(!parsed.diagnostics.has_errors(), "{:#?}", parsed.diagnostics);
    pmc_analysis::analyse(&parsed.file.models[0], parsed.file.spelling)
}

fn report(diagnostics: &pmc_diagnostics::Diagnostics, source: &str) -> String {
    diagnostics.iter().map(|diagnostic| render(diagnostic, "model.pk", source, Style::Full)).collect()
}

fn example(name: &str) -> String {
    read(&workspace().join("grammar/fixtures/valid").join(name))
}

fn check_valid(name: &str) {
    let source = example(name);
    let (module, diagnostics) = analyse(&source);
    let Some(module) = module else { panic!("{}", report(&diagnostics, &source)) };
    if let Err(error) = pmc_ir::validate(&module) {
        panic!("{name} does not validate: {error:?}");
    }
    let findings = report(&diagnostics, &source);
    let text = format!("{}\n{findings}", pmc_ir::to_text(&module));
    insta::with_settings!({
        snapshot_path => "../../../snapshots/ir",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(format!("analysis__{}", name.trim_end_matches(".pk")), text);
    });
}

#[test]
fn the_examples_of_the_language_give_modules() {
    for name in [
        "01_one_cmt_oral.pk",
        "02_two_cmt_allometric.pk",
        "03_closed_form_two_cmt.pk",
        "04_transit_absorption.pk",
        "05_idr_inhibit_kin.pk",
        "06_tmdd_full_and_qss_output.pk",
        "07_pbpk_perfusion_limited.pk",
        "08_vanco_sde.pk",
        "09_weibull_plus_zero_order.pk",
        "10_cortisol_circadian.pk",
        "11_ss_dosing_with_rescue.pk",
        "12_population_one_cmt.pk",
    ] {
        check_valid(name);
    }
}

#[test]
fn models_of_the_project_are_free_of_errors() {
    let mut paths = Vec::new();
    for folder in ["tests/models", "examples"] {
        collect_models(&workspace().join(folder), &mut paths);
    }
    assert!(!paths.is_empty());
    for path in paths {
        let source = read(&path);
        let (module, diagnostics) = analyse(&source);
        assert!(module.is_some(), "{}\n{}", path.display(), report(&diagnostics, &source));
    }
}

fn collect_models(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            collect_models(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "pk") {
            paths.push(path);
        }
    }
}

//! Every file in `fixtures/` has a snapshot: the tree of a valid text, the diagnostics of an invalid one.

use std::fs;
use std::path::PathBuf;

use pmc_diagnostics::{Style, render};
use pmc_grammar::{dump, parse};

#[test]
fn valid_texts_parse_without_findings_into_their_trees() {
    for (name, source) in fixtures("valid") {
        let parsed = parse(&source);
        let findings = rendered(&name, &source, &parsed.diagnostics);
        assert!(parsed.diagnostics.is_empty(), "{name}.pk:\n{findings}");
        snapshot("ast", &name, &dump(&parsed.file));
    }
}

#[test]
fn invalid_texts_are_explained() {
    for (name, source) in fixtures("invalid") {
        let parsed = parse(&source);
        assert!(parsed.diagnostics.has_errors(), "{name}.pk parses");
        let findings = rendered(&name, &source, &parsed.diagnostics);
        snapshot("syntax", &name, &format!("{source}\n----\n{findings}"));
    }
}

/// Reads all fixtures of a folder, sorted by name.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder of fixtures exists");
    let mut fixtures: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("a readable entry").path();
            let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a readable fixture"))
        })
        .collect();
    fixtures.sort();
    fixtures
}

fn rendered(name: &str, source: &str, diagnostics: &pmc_diagnostics::Diagnostics) -> String {
    let file = format!("{name}.pk");
    let rendered = diagnostics.iter().map(|diagnostic| render(diagnostic, &file, source, Style::Full));
    rendered.collect()
}

fn snapshot(stage: &str, name: &str, content: &str) {
    insta::with_settings!({
        snapshot_path => format!("../../snapshots/{stage}"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, content) });
}

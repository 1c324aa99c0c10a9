//! One snapshot of all findings for each fixture.

use std::fs;
use std::path::{Path, PathBuf};

use pmc_diagnostics::{Diagnostics, Style, render};

fn findings(source: &str) -> String {
    let parsed = pmc_grammar::parse(source);
    let mut diagnostics = Diagnostics::new();
    let mut valid = true;
    for model in &parsed.file.models {
        let (module, found) = pmc_analysis::analyse(model, parsed.file.spelling);
        assert_eq!(module.is_none(), found.has_errors() || parsed.diagnostics.has_errors());
        valid &= module.is_some_and(|module| pmc_ir::validate(&module).is_ok());
        diagnostics.append(found);
    }
    assert_ne!(valid, diagnostics.has_errors() || parsed.diagnostics.has_errors());
    diagnostics.sort();
    diagnostics.iter().map(|diagnostic| render(diagnostic, "model.pk", source, Style::Full)).collect()
}

#[test]
fn each_fixture_gives_the_findings_of_its_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let source = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        insta::with_settings!({
            snapshot_path => "../../../snapshots/diagnostics",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(format!("analysis__{name}"), findings(&source));
        });
    }
}

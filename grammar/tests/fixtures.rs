//! Every file in `fixtures/` has a snapshot: the tree of a valid text, the diagnostics of an invalid one.

mod common;

use std::collections::BTreeSet;

use common::fixtures;
use pmc_diagnostics::{Code, Style, describe_code, render};
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

#[test]
fn every_code_of_the_family_has_a_title_and_a_fixture() {
    // The limits have a test of their own, `limits.rs`.
    let mut seen = BTreeSet::from([7, 8, 9, 10]);
    for (_, source) in fixtures("invalid") {
        seen.extend(parse(&source).diagnostics.iter().map(|diagnostic| diagnostic.code.0));
    }
    let known = (1..100).filter(|number| describe_code(Code(*number)).is_some());
    assert_eq!(seen, known.collect());
}

#[test]
fn every_fix_removes_its_finding() {
    for (name, source) in fixtures("invalid") {
        let before = parse(&source).diagnostics;
        for diagnostic in &before {
            for fix in &diagnostic.fixes {
                let mut mended = source.clone();
                for edit in fix.edits.iter().rev() {
                    mended.replace_range(edit.span.range(), &edit.replacement);
                }
                let after = parse(&mended).diagnostics.iter().len();
                let message = &diagnostic.message;
                assert!(after < before.iter().len(), "{name}: {message}: {}\n{mended}", fix.message);
            }
        }
    }
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

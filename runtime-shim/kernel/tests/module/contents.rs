//! What the linker in codegen, hosts and readers rely on.

use std::collections::BTreeSet;

use pmc_abi::export::{self, model, part};
use wasmparser::{ExternalKind, Name, NameSectionReader, Parser, Payload, TypeRef, Validator, WasmFeatures};

use crate::kernel;

#[test]
fn the_kernel_keeps_to_lime1() {
    let features = WasmFeatures::LIME1;
    Validator::new_with_features(features).validate_all(&kernel()).expect("a module of LIME1");
}

#[test]
fn the_kernel_calls_nothing_indirectly_and_starts_nothing() {
    for payload in Parser::new(0).parse_all(&kernel()) {
        let payload = payload.expect("a module");
        let unwanted = matches!(
            payload,
            Payload::TableSection(_) | Payload::ElementSection(_) | Payload::StartSection { .. }
        );
        assert!(!unwanted, "{payload:?}");
    }
}

/// Parts of the kernel that a model may do without.
const PARTS: &[&str] = &[
    part::STEP,
    part::SWEEP,
    part::PROPAGATE,
    part::DISPERSE,
    part::SUMMARISE,
    part::CONFIGURE,
    part::BALANCE,
    part::STEADY_STATE,
    part::EQUILIBRIUM,
    part::ELIMINATE,
    part::RAISE_EVENTS,
    part::WATCH_CONDITIONS,
];

#[test]
fn the_kernel_imports_the_model_and_its_own_parts_and_nothing_else() {
    let bytes = kernel();
    let mut found = BTreeSet::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        let Payload::ImportSection(section) = payload.expect("a module") else { continue };
        for import in section.into_imports() {
            let import = import.expect("an import");
            assert!(matches!(import.ty, TypeRef::Func(_)), "{import:?}");
            if import.module == part::MODULE {
                assert!(PARTS.contains(&import.name) || import.name == part::INTEGRATE, "{import:?}");
                continue;
            }
            assert_eq!(import.module, model::MODULE);
            found.insert(import.name.to_owned());
        }
    }
    let expected = [
        model::DESCRIPTOR,
        model::STAGE_PARAMETERS,
        model::STAGE_COVARIATES,
        model::STAGE_EVENT,
        model::STAGE_INTERPOLATED,
        model::INITIAL,
        model::DERIVATIVES,
        model::JACOBIAN,
        model::OUTPUTS,
        model::ROUTE_PROPERTY,
        model::VARIABLES,
        model::EVENT_TIMES,
        model::EVENT_CONDITIONS,
        model::EVENT_EFFECTS,
        model::DIFFUSION,
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
}

#[test]
fn the_kernel_exports_the_contract_and_all_functions() {
    let bytes = kernel();
    let mut found = BTreeSet::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        let Payload::ExportSection(section) = payload.expect("a module") else { continue };
        for export in section {
            let export = export.expect("an export");
            if matches!(export.kind, ExternalKind::Func | ExternalKind::Memory) {
                found.insert(export.name.to_owned());
            }
        }
    }
    let functions = [
        "exp", "expm1", "log", "log1p", "log2", "log10", "pow", "cbrt", "hypot", "sin", "cos", "tan", "asin",
        "acos", "atan", "atan2", "sinh", "cosh", "tanh", "erf", "erfc", "tgamma", "lgamma", "digamma",
        "round",
    ];
    let stateless = [
        export::SIMULATE,
        export::INITIAL,
        export::DERIVATIVES,
        export::JACOBIAN,
        export::OUTPUTS,
        export::ROUTE,
        export::WARNINGS,
    ];
    let entry_points = export::REQUIRED.iter().chain(&stateless).map(|name| (*name).to_owned());
    let parts = PARTS.iter().map(|name| format!("{}{name}", part::PREFIX));
    let expected = entry_points.chain(parts).chain(functions.map(|name| format!("math_{name}"))).collect();
    assert_eq!(found, expected);
}

#[test]
fn no_formatting_and_no_allocator_of_a_library_is_linked_in() {
    let bytes = kernel();
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        let Payload::CustomSection(section) = payload.expect("a module") else { continue };
        if section.name() != "name" {
            continue;
        }
        let reader = wasmparser::BinaryReader::new(section.data(), section.data_offset());
        for subsection in NameSectionReader::new(reader) {
            if let Name::Function(map) = subsection.expect("names") {
                names.extend(map.into_iter().map(|naming| naming.expect("a name").name.to_owned()));
            }
        }
    }
    assert!(names.iter().any(|name| name == "plugin_simulate"), "the name section is kept");
    let unwanted: Vec<_> = names
        .iter()
        .filter(|name| {
            ["3fmt", "dlmalloc", "__rust_alloc", "rust_begin"].iter().any(|word| name.contains(word))
        })
        .collect();
    // The stub that a panic ends in bears the word in its name; it is a trap.
    assert!(unwanted.iter().all(|name| name.contains("panic_fmt")), "{unwanted:?}");
}

#[test]
fn no_path_of_a_machine_is_in_the_kernel() {
    let text = String::from_utf8_lossy(&kernel()).into_owned();
    for word in ["home/", "root/", "Users/", ".cargo", "registry", env!("CARGO_MANIFEST_DIR")] {
        assert!(!text.contains(word), "{word}");
    }
}

//! What emitted modules look like from outside.

use pmc_abi::export;
use pmc_abi::manifest::Manifest;
use pmc_codegen::{EmitOptions, Names, emit, size_report};
use pmc_ir::{Expr, Function, Output};
use pmc_passes::optimise;
use wasmparser::{ExternalKind, Parser, Payload, Validator, WasmFeatures};

use crate::build::{module_of, one_compartment, thorough};

#[test]
fn modules_validate_with_the_features_that_every_engine_has() {
    for model in [one_compartment(), thorough()] {
        let module = module_of(&optimise(model));
        let mut validator = Validator::new_with_features(WasmFeatures::LIME1);
        validator.validate_all(&module).unwrap();
    }
}

#[test]
fn modules_import_nothing_and_start_nothing() {
    let module = module_of(&optimise(thorough()));
    for payload in Parser::new(0).parse_all(&module) {
        let payload = payload.unwrap();
        assert!(!matches!(payload, Payload::ImportSection(_) | Payload::StartSection { .. }), "{payload:?}");
    }
}

#[test]
fn modules_have_no_table() {
    let module = module_of(&optimise(thorough()));
    let report = size_report(&module).unwrap();
    assert!(report.sections.iter().all(|section| section.name != "table" && section.name != "element"));
}

#[test]
fn modules_export_what_the_contract_asks_for_and_nothing_of_the_kernel() {
    let exports = exports(&module_of(&optimise(one_compartment())));
    for required in export::REQUIRED {
        assert!(exports.iter().any(|(name, _)| name == required), "`{required}` is missing from {exports:?}");
    }
    for (name, kind) in &exports {
        let expected = if name == export::MEMORY { ExternalKind::Memory } else { ExternalKind::Func };
        assert_eq!(*kind, expected, "{name}");
        assert!(name == export::MEMORY || name.starts_with("plugin_"), "{name}");
    }
}

#[test]
fn the_manifest_stands_in_its_section_and_in_the_memory() {
    let emitted = emit(&optimise(thorough()), &EmitOptions::default()).unwrap();
    let (mut section, mut data) = (None, Vec::new());
    for payload in Parser::new(0).parse_all(&emitted.module) {
        match payload.unwrap() {
            Payload::CustomSection(custom) if custom.name() == pmc_abi::MANIFEST_SECTION => {
                section = Some(custom.data().to_vec());
            }
            Payload::DataSection(segments) => {
                data.extend(segments.into_iter().map(|segment| segment.unwrap().data.to_vec()));
            }
            _ => {}
        }
    }
    let section = section.unwrap();
    let manifest: Manifest = serde_json::from_slice(&section).unwrap();
    assert_eq!(manifest, emitted.manifest);
    let copies = data.iter().flat_map(|data| data.windows(section.len())).filter(|part| *part == section);
    assert_eq!(copies.count(), 1);
}

#[test]
fn the_manifest_says_what_the_model_declares() {
    let manifest = emit(&optimise(thorough()), &EmitOptions::default()).unwrap().manifest;
    insta::with_settings!({
        snapshot_path => "../../../../snapshots/wat",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!("manifest", serde_json::to_string_pretty(&manifest).unwrap()) });
}

#[test]
fn the_memory_has_the_declared_maximum_but_not_more_than_an_address_space() {
    for (asked, expected) in [(7, 7), (65_536, 65_536), (u32::MAX, 65_536)] {
        let options = EmitOptions { maximum_memory_pages: asked, ..EmitOptions::default() };
        let module = emit(&optimise(one_compartment()), &options).unwrap().module;
        let memory = Parser::new(0).parse_all(&module).find_map(|payload| match payload.unwrap() {
            Payload::MemorySection(section) => section.into_iter().next(),
            _ => None,
        });
        let memory = memory.unwrap().unwrap();
        assert_eq!(memory.maximum, Some(expected));
        assert!(1 <= memory.initial && memory.initial <= 7);
    }
}

#[test]
fn a_model_that_declares_nothing_is_a_module() {
    let module = module_of(&optimise(pmc_ir::Module::new("empty")));
    let mut validator = Validator::new_with_features(WasmFeatures::LIME1);
    validator.validate_all(&module).unwrap();
}

#[test]
fn a_memory_too_small_for_the_model_is_an_error() {
    let options = EmitOptions { maximum_memory_pages: 0, ..EmitOptions::default() };
    let diagnostics = emit(&optimise(one_compartment()), &options).unwrap_err();
    let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.to_string()).collect();
    assert_eq!(codes, ["PK0701"]);
}

#[test]
fn functions_too_large_for_the_module_are_an_error() {
    let program = optimise(one_compartment());
    let options = EmitOptions { maximum_module_bytes: 100, ..EmitOptions::default() };
    let diagnostics = emit(&program, &options).unwrap_err();
    let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.to_string()).collect();
    assert_eq!(codes, ["PK0702"]);
}

#[test]
fn a_module_larger_than_it_may_be_is_an_error() {
    let program = optimise(one_compartment());
    let module = module_of(&program);
    let of_bytes =
        |bytes| emit(&program, &EmitOptions { maximum_module_bytes: bytes, ..EmitOptions::default() });
    assert_eq!(of_bytes(module.len()).unwrap().module, module);
    let diagnostics = of_bytes(module.len() - 1).unwrap_err();
    let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.to_string()).collect();
    assert_eq!(codes, ["PK0702"]);
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let program = optimise(thorough());
    assert_eq!(module_of(&program), module_of(&program));
}

#[test]
fn all_names_name_more_than_public_names() {
    let program = optimise(one_compartment());
    let names_in = |names| {
        let options = EmitOptions { names, ..EmitOptions::default() };
        let report = size_report(&emit(&program, &options).unwrap().module).unwrap();
        report.sections.iter().find(|section| section.name == "name").unwrap().bytes
    };
    assert!(names_in(Names::Public) < names_in(Names::All));
}

#[test]
fn mathematics_that_no_function_calls_is_left_out() {
    let plain = one_compartment();
    let mut calling = plain.clone();
    let argument = calling.outputs.iter().next().expect("an output").1.value;
    let value = calling.expressions.push(Expr::Call(Function::Erf, vec![argument]));
    calling.outputs.push(Output { name: "other".to_owned(), unit: None, value, error_model: None });
    let [without, with] = [plain, calling].map(|module| size_report(&module_of(&optimise(module))).unwrap());
    let code = |report: &pmc_codegen::SizeReport| {
        report.sections.iter().find(|section| section.name == "code").unwrap().bytes
    };
    assert!(code(&without) < code(&with));
}

/// Returns the names and kinds of a module's exports.
fn exports(module: &[u8]) -> Vec<(String, ExternalKind)> {
    let section = Parser::new(0).parse_all(module).find_map(|payload| match payload.unwrap() {
        Payload::ExportSection(section) => Some(section),
        _ => None,
    });
    let exports = section.unwrap().into_iter().map(Result::unwrap);
    exports.map(|export| (export.name.to_owned(), export.kind)).collect()
}

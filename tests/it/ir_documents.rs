//! Documents of the intermediate representation: what is written is read, compiles to the same module, and is
//! what the schema and the specification say.

use pmc::wire::{Document, Limits, read, read_compactly, to_cbor, to_json};
use pmc::{CompileOptions, EmitKind, check_ir, compile, compile_ir, emit};
use pmc_diagnostics::Diagnostics;
use pmc_tests::line::read as read_text;
use pmc_tests::models;
use serde_json::Value;

/// Where the schema is committed.
const SCHEMA: &str = "docs/pmc-ir.schema.json";

/// Returns the document of a text as its front end makes it, without what passes compute.
fn unoptimised(source: &str) -> Document {
    let parsed = pmc::parse(source);
    let mut diagnostics = Diagnostics::new();
    let model = &parsed.file.models[0];
    let analysed = pmc::analyse(model, parsed.file.spelling, &mut diagnostics);
    Document::Module(analysed.expect("the model is sound").module)
}

/// Returns the document of a text after all passes.
fn optimised(source: &str) -> Document {
    let bytes = emit(source, EmitKind::IrCbor, &CompileOptions::default()).expect("the model is sound").bytes;
    read(&bytes, &Limits::generous()).expect("what is written can be read")
}

#[test]
fn what_is_written_is_what_is_read() {
    let models = models::all();
    assert!(models.len() >= 30, "only {} models", models.len());
    for (path, source) in models {
        for document in [unoptimised(&source), optimised(&source)] {
            let (json, cbor) = (to_json(&document), to_cbor(&document));
            let from_json = read(json.as_bytes(), &Limits::generous()).expect("what is written can be read");
            let from_cbor = read(&cbor, &Limits::generous()).expect("what is written can be read");
            let limits = Limits::generous();
            assert_eq!(read_compactly(json.as_bytes(), &limits).as_ref(), Ok(&document), "{path}");
            assert_eq!(read_compactly(&cbor, &limits).as_ref(), Ok(&document), "{path}");
            assert_eq!(from_json, document, "{path}");
            assert_eq!(from_cbor, document, "{path}");
            assert_eq!(to_json(&from_cbor), json, "{path}");
            assert_eq!(to_cbor(&from_json), cbor, "{path}");
        }
    }
}

#[test]
fn a_model_and_its_documents_give_the_same_module() {
    let options = CompileOptions::default();
    for (path, source) in models::all() {
        let wasm = compile(&source, &options).expect("the model is sound").wasm;
        for document in [unoptimised(&source), optimised(&source)] {
            let json = to_json(&document).into_bytes();
            for bytes in [json, to_cbor(&document)] {
                let found = compile_ir(&bytes, &options).expect("its documents are sound").wasm;
                assert!(found == wasm, "{path}: a document gives another module");
            }
        }
    }
}

#[test]
fn documents_are_what_the_schema_says() {
    let schema: Value = serde_json::from_str(&read_text(SCHEMA)).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for (path, source) in models::all() {
        for document in [unoptimised(&source), optimised(&source)] {
            let value: Value = serde_json::from_str(&to_json(&document)).expect("a document is JSON");
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{path}: {errors:?}");
        }
    }
    let wrong = [
        r#"{"format": "pmc-ir"}"#,
        r#"{"format": "other", "version": {"major": 1, "minor": 0}, "module": {"name": "a", "kind": "ode"}}"#,
        r#"{"format": "pmc-ir", "version": {"major": 1, "minor": 0}, "module": {"name": "a", "kind": "odd"}}"#,
        r#"{"format": "pmc-ir", "version": {"major": 1, "minor": 0},
            "module": {"name": "a", "kind": "ode", "expressions": [{"constant": "1"}]}}"#,
        r#"{"format": "pmc-ir", "version": {"major": 1, "minor": 0},
            "module": {"name": "a", "kind": "ode", "expressions": [{"binary": ["add", 0]}]}}"#,
        r#"{"format": "pmc-ir", "version": {"major": 1, "minor": 0},
            "module": {"name": "a", "kind": "ode", "expressions": [{"parameter": -1}]}}"#,
    ];
    for text in wrong {
        let value: Value = serde_json::from_str(text).expect("it is JSON");
        assert!(!validator.is_valid(&value), "the schema allows {text}");
        assert!(check_ir(text.as_bytes()).diagnostics.has_errors(), "the reader allows {text}");
    }
}

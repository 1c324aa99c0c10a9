//! Documents of the intermediate representation: what is written is read, compiles to the same module, and is
//! what the schema and the specification say.

use pmc::wire::{Document, Limits, read, read_compactly, to_cbor, to_json};
use pmc::{CompileOptions, EmitKind, check_ir, compile, compile_ir, emit};
use pmc_diagnostics::Diagnostics;
use pmc_host::{Configuration, load_wasm_plugin};
use pmc_tests::closed_form::Response;
use pmc_tests::line::{Regimen, project, read as read_text, simulate};
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

/// The specification of documents.
const SPECIFICATION: &str = "docs/ir.md";

/// Returns the fenced blocks of the specification that are marked with a language.
fn blocks(language: &str) -> Vec<String> {
    let text = read_text(SPECIFICATION);
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

#[test]
fn the_example_of_the_specification_predicts_the_closed_form() {
    let example = blocks("pkir").concat();
    let schema: Value = serde_json::from_str(&read_text(SCHEMA)).expect("the schema is JSON");
    let value: Value = serde_json::from_str(&example).expect("the example is JSON");
    assert!(jsonschema::is_valid(&schema, &value));
    let compiled = compile_ir(example.as_bytes(), &CompileOptions::default()).expect("the example is sound");
    let plugin = load_wasm_plugin(&compiled.wasm, &pmc_host::Limits::generous()).expect("its module loads");
    let times = [0.5, 1.0, 2.0, 6.0, 12.0, 24.0];
    let schedule = Regimen::new().dose(0.0, 0, 320.0, 0.0).observed(times);
    let found = simulate(&plugin, &Configuration::default(), &schedule);
    let exact = Response::one_compartment(2.8 / 32.0).absorbed(1.5);
    for (time, row) in times.iter().zip(&found) {
        let expected = 320.0 * exact.bolus(*time) / 32.0;
        assert!((row[0] - expected).abs() <= 1e-5 * expected, "{time}: {} and {expected}", row[0]);
    }
}

#[test]
fn the_bytes_of_the_specification_are_in_the_document() {
    let document =
        read(blocks("pkir").concat().as_bytes(), &Limits::generous()).expect("the example is sound");
    let bytes = to_cbor(&document);
    let blocks = blocks("hex");
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        let digits: String = block.lines().filter_map(|line| line.split('#').next()).collect();
        let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
        let pairs = digits.chunks(2).map(|pair| str::from_utf8(pair).expect("digits are text"));
        let shown: Vec<u8> =
            pairs.map(|pair| u8::from_str_radix(pair, 16).expect("digits are hexadecimal")).collect();
        assert!(bytes.windows(shown.len()).any(|window| window == shown), "{block}");
    }
}

/// Collects the names of fields and the words that a schema knows.
fn words(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("properties", Value::Object(properties)) => found.extend(properties.keys().cloned()),
                    ("const", Value::String(word)) => found.push(word.clone()),
                    ("enum", Value::Array(items)) => {
                        found.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => {}
                }
                words(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        _ => {}
    }
}

#[test]
fn the_specification_names_everything_that_the_schema_knows() {
    let schema: Value = serde_json::from_str(&read_text(SCHEMA)).expect("the schema is JSON");
    let mut known = Vec::new();
    words(&schema, &mut known);
    assert!(known.len() > 150, "{known:?}");
    let text = read_text(SPECIFICATION);
    for word in known {
        let forms = [format!("`{word}`"), format!("\"{word}\""), format!("`{word}."), format!(".{word}`")];
        assert!(forms.iter().any(|form| text.contains(form)), "{SPECIFICATION} does not name `{word}`");
    }
}

#[test]
fn documents_of_released_versions_stay_readable() {
    let folder = project("tests/compat/ir/1.0");
    let entries = std::fs::read_dir(&folder).expect("the folder exists").filter_map(Result::ok);
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 15);
    for path in paths {
        let bytes = std::fs::read(&path).expect("the document can be read");
        let document = read(&bytes, &Limits::generous());
        assert!(document.is_ok(), "{}: {document:?}", path.display());
        assert!(compile_ir(&bytes, &CompileOptions::default()).is_ok(), "{}", path.display());
        let cbor = path.with_extension("cbor");
        if path.extension().is_some_and(|extension| extension == "json") && cbor.exists() {
            let other = std::fs::read(&cbor).expect("the document can be read");
            assert_eq!(read(&other, &Limits::generous()), document, "{}", path.display());
        }
    }
}

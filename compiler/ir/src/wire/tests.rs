use super::types::Envelope;
use super::{Document, Limits, WireError, read, to_cbor, to_json};
use crate::fixture::one_compartment;
use crate::{Expr, Handle, Kind, Linearity, Module, Parameter, Real};

fn document() -> Document {
    Document::Module(one_compartment())
}

/// Reads a document of which one part is replaced by another.
fn replaced(found: &str, replacement: &str) -> Result<Document, WireError> {
    let json = to_json(&document());
    assert!(json.contains(found), "{found}: {json}");
    read(json.replacen(found, replacement, 1).as_bytes(), &Limits::generous())
}

/// Returns place and message of a malformed document.
fn malformed(found: &str, replacement: &str) -> (String, String) {
    match replaced(found, replacement) {
        Err(WireError::Malformed { path, message }) => (path, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_module_comes_back_from_both_encodings() {
    let document = document();
    let json = to_json(&document);
    assert_eq!(read(json.as_bytes(), &Limits::generous()), Ok(document.clone()), "{json}");
    let cbor = to_cbor(&document);
    assert_eq!(read(&cbor, &Limits::generous()), Ok(document));
    assert!(cbor.len() < json.len());
}

#[test]
fn a_document_has_one_declaration_or_value_a_line() {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../../../../snapshots/ir");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("ir__document", to_json(&document())));
}

#[test]
fn the_committed_schema_is_that_of_the_types() {
    let schema = schemars::schema_for!(Envelope);
    let found = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/pmc-ir.schema.json");
    if std::env::var_os("PMC_BLESS").is_some() {
        std::fs::write(path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == found, "the schema is out of date; `cargo xtask bless` renews it");
}

#[test]
fn every_number_comes_back_bit_for_bit() {
    let numbers = [
        0.0,
        -0.0,
        1.0,
        0.1,
        1e300,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::MAX,
        f64::EPSILON,
        123_456_789.123_456_79,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    let mut module = Module::new("numbers");
    for number in numbers {
        module.expressions.push(Expr::Constant(Real(number)));
        module.parameters.push(Parameter {
            name: format!("p{}", module.parameters.len()),
            unit: None,
            default: Some(number).filter(|number| number.is_finite()),
            lower: None,
            upper: None,
            transform: None,
            fixed: false,
            label: None,
        });
    }
    let document = Document::Module(module);
    for bytes in [to_json(&document).into_bytes(), to_cbor(&document)] {
        let read = read(&bytes, &Limits::generous()).unwrap();
        for (number, (_, expression)) in numbers.iter().zip(read.module().expressions.iter()) {
            assert_eq!(*expression, Expr::Constant(Real(*number)));
        }
        for (number, (_, parameter)) in numbers.iter().zip(read.module().parameters.iter()) {
            let expected = Some(*number).filter(|number| number.is_finite());
            assert_eq!(parameter.default.map(f64::to_bits), expected.map(f64::to_bits));
        }
    }
}

#[test]
fn the_envelope_is_checked_first() {
    let other = replaced("\"pmc-ir\"", "\"other\"");
    assert!(matches!(other, Err(WireError::NotADocument(_))), "{other:?}");
    let missing = replaced("\"format\": \"pmc-ir\",", "");
    assert!(matches!(missing, Err(WireError::NotADocument(_))), "{missing:?}");
    let text = read(b"name = decay", &Limits::generous());
    assert!(matches!(text, Err(WireError::NotADocument(_))), "{text:?}");
    // What a later version calls its module is none of our business.
    let newer = r#"{"format": "pmc-ir", "version": {"major": 2, "minor": 0}, "model": {}}"#;
    assert_eq!(read(newer.as_bytes(), &Limits::generous()), Err(WireError::UnknownVersion { major: 2 }));
    let unknown = replaced("\"features\": []", "\"features\": [\"delays\"]");
    assert_eq!(unknown, Err(WireError::UnknownFeature("delays".to_owned())));
    let limits = Limits { bytes: 10, ..Limits::generous() };
    assert_eq!(read(b"{          ", &limits), Err(WireError::TooLarge { bytes: 11, limit: 10 }));
}

#[test]
fn a_newer_minor_version_may_say_more() {
    let newer = replaced("\"minor\": 0", "\"minor\": 7").unwrap();
    assert_eq!(newer, document());
    let more = replaced("\"name\": \"ka\"", "\"colour\": {\"of\": [1, 2]}, \"name\": \"ka\"").unwrap();
    assert_eq!(more, document());
}

#[test]
fn what_is_used_must_be_declared() {
    let mut module = Module::new("switch");
    let time = module.expressions.push(Expr::Constant(Real(1.0)));
    module.switches.push(time);
    let json = to_json(&Document::Module(module));
    assert!(read(json.as_bytes(), &Limits::generous()).is_ok());
    let undeclared = json.replace("\"events\"\n", "");
    assert_eq!(read(undeclared.as_bytes(), &Limits::generous()), Err(WireError::UndeclaredFeature("events")));
    let mut module = Module::new("noise");
    module.kind = Kind::Stochastic;
    module.options.particles = 10;
    assert!(to_json(&Document::Module(module)).contains("\"stochastic\""));
}

#[test]
fn mistakes_are_named_with_their_place() {
    let (path, message) = malformed("{\"constant\": 70.0}", "{\"constant\": \"70\"}");
    assert_eq!(path, "module.expressions[4].constant");
    assert!(message.starts_with("found the text \"70\", expected a number at line "), "{message}");
    let (path, message) = malformed("{\"call\": [\"exp\"", "{\"call\": [\"expo\"");
    assert_eq!(path, "module.expressions[8].call[0]");
    assert!(message.starts_with("unknown variant `expo`"), "{message}");
    let (path, _) = malformed("\"derivative\": 14", "\"derivatives\": 14");
    assert_eq!(path, "module.states[0]");
    let (_, message) = malformed("{\"constant\": 70.0}", "{\"constant\": 1e999}");
    assert!(message.contains("out of range"), "{message}");
    let (path, _) = malformed("{\"parameter\": 0}", "{\"parameter\": 4294967296}");
    assert_eq!(path, "module.expressions[0].parameter");
    let deep = format!("{{\"format\": {}", "[".repeat(1_000_000));
    assert!(matches!(read(deep.as_bytes(), &Limits::generous()), Err(WireError::Malformed { .. })));
}

#[test]
fn numbers_that_are_not_finite_are_refused_in_cbor() {
    let bytes = to_cbor(&document());
    // 70 as a number of 16 bits; expressions are the last of those that hold it.
    let place = bytes.windows(3).rposition(|window| window == [0xf9, 0x54, 0x60]).unwrap();
    for bits in [0x7c00_u16, 0xfc00, 0x7e00] {
        let mut broken = bytes.clone();
        broken[place + 1..place + 3].copy_from_slice(&bits.to_be_bytes());
        match read(&broken, &Limits::generous()) {
            Err(WireError::Malformed { path, message }) => {
                assert_eq!(path, "module.expressions[4].constant");
                assert!(message.starts_with("the number is not finite"), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_document_of_a_program_must_be_true_to_its_module() {
    let program = |derived: &str| {
        let json = to_json(&document());
        let text = json.replacen("\"module\"", &format!("\"derived\": {derived}, \"module\""), 1);
        read(text.as_bytes(), &Limits::generous())
    };
    let found =
        program("{\"linearity\": \"unless_sloped\", \"jacobian\": {\"entries\": [[0, 0, 0]]}}").unwrap();
    match found {
        Document::Program(program) => {
            assert_eq!(program.linearity, Linearity::UnlessSloped);
            assert_eq!(program.jacobian.entries[0].value, Handle::from_index(0));
            assert_eq!(program.staging, crate::stage(&program.module, &program.jacobian));
        }
        Document::Module(_) => panic!("the document holds a program"),
    }
    for wrong in [
        "{\"linearity\": \"always\"}",
        "{\"jacobian\": {\"entries\": [[0, 2, 0]]}}",
        "{\"jacobian\": {\"entries\": [[0, 0, 99]]}}",
        "{\"jacobian\": {\"entries\": [[1, 0, 0], [0, 0, 0]]}}",
        "{\"jacobian\": {\"time\": [[2, 0]]}}",
        "{\"events\": {\"times\": [0]}}",
        "{\"events\": {\"effects\": [[[0, 0]]]}}",
    ] {
        let found = program(wrong);
        assert!(matches!(found, Err(WireError::Invalid(_))), "{wrong}: {found:?}");
    }
}

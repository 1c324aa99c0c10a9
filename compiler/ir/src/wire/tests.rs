use serde_json::{Value, json};

use super::types::Envelope;
use super::{Document, Limits, WireError, read, read_compactly, to_cbor, to_json};
use crate::fixture::one_compartment;
use crate::{Expr, Handle, Input, Kind, Linearity, Module, Parameter, Place, Real, Route, Rule};

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
fn documents_of_released_versions_come_back_from_both_encodings() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/compat/ir/1.0");
    let paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(paths.len() >= 15, "{paths:?}");
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let document = read(&bytes, &Limits::generous()).unwrap();
        for bytes in [to_json(&document).into_bytes(), to_cbor(&document)] {
            for read in [read, read_compactly] {
                let found = read(&bytes, &Limits::generous());
                assert_eq!(found.as_ref(), Ok(&document), "{}", path.display());
            }
        }
    }
}

#[test]
fn a_document_has_one_declaration_or_value_a_line() {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../../../../snapshots/ir");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("ir__document", to_json(&document())));
}

/// Adds to a schema what readers allow beside what the types say: `null` where a field may be absent, and no index beyond
/// 32 bits.
fn complete(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("format") == Some(&json!("uint32")) {
                fields.insert("maximum".to_owned(), json!(u32::MAX));
            }
            let required = fields.get("required").cloned().unwrap_or_default();
            let is_required =
                |name: &str| required.as_array().is_some_and(|names| names.contains(&json!(name)));
            if let Some(Value::Object(properties)) = fields.get_mut("properties") {
                let optional = properties.iter_mut().filter(|(name, _)| !is_required(name));
                optional.for_each(|(_, property)| allow_null(property));
            }
            fields.values_mut().for_each(complete);
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
}

fn allow_null(property: &mut Value) {
    let Some(fields) = property.as_object_mut() else { return };
    if let Some(kind) = fields.get("type").filter(|kind| kind.is_string()).cloned() {
        fields.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(reference) = fields.remove("$ref") {
        fields.insert("anyOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
    }
}

#[test]
fn the_committed_schema_is_that_of_the_types() {
    let mut schema = serde_json::to_value(schemars::schema_for!(Envelope)).unwrap();
    complete(&mut schema);
    // Whose keywords come in the usual order.
    let schema = schemars::Schema::try_from(schema).unwrap();
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
fn a_file_of_something_else_is_no_document() {
    for text in [
        "{}",
        r#"{"name": "web-page", "version": "1.0.0"}"#,
        r#"{"format": null, "version": 3}"#,
        r#"{"format": {"pmc-ir": 1}}"#,
        r#"{"format": "other", "version": []}"#,
    ] {
        let found = read(text.as_bytes(), &Limits::generous());
        assert!(matches!(found, Err(WireError::NotADocument(_))), "{text}: {found:?}");
    }
    // What says that it is one has a version.
    let found = read(br#"{"format": "pmc-ir"}"#, &Limits::generous());
    assert!(matches!(found, Err(WireError::Malformed { .. })), "{found:?}");
}

#[test]
fn marks_of_encodings_are_passed_over() {
    let document = document();
    let json = [b"\xef\xbb\xbf", to_json(&document).as_bytes()].concat();
    let cbor = [b"\xd9\xd9\xf7", &to_cbor(&document)[..]].concat();
    for marked in [json, cbor] {
        assert_eq!(read(&marked, &Limits::generous()).as_ref(), Ok(&document));
        assert_eq!(read_compactly(&marked, &Limits::generous()).as_ref(), Ok(&document));
    }
    let wrong = [b"\xd9\xd9\xf7", to_json(&document).as_bytes()].concat();
    assert!(matches!(read(&wrong, &Limits::generous()), Err(WireError::NotADocument(_))));
}

#[test]
fn fields_that_may_be_absent_may_be_null() {
    let json: Value = serde_json::from_str(&to_json(&document())).unwrap();
    let absent = [
        ("/module/states/0", "steady"),
        ("/module/parameters/0", "fixed"),
        ("/module/covariates/0", "categories"),
        ("/module/routes/0", "implicit"),
        ("/module", "events"),
        ("/module", "switches"),
        ("/module/options", "solver"),
        ("", "derived"),
        ("", "features"),
    ];
    let mut changed = json.clone();
    for (place, field) in absent {
        changed.pointer_mut(place).unwrap()[field] = Value::Null;
    }
    let limits = Limits::generous();
    assert_eq!(read(changed.to_string().as_bytes(), &limits), Ok(document()));
    for (place, field) in [("/module", "expressions"), ("/module", "name"), ("/module/states/0", "initial")] {
        let mut changed = json.clone();
        changed.pointer_mut(place).unwrap()[field] = Value::Null;
        let found = read(changed.to_string().as_bytes(), &limits);
        assert!(found.is_err(), "{place} {field}");
    }
    let mut changed = json;
    changed["module"]["options"] = Value::Null;
    changed["source"] = json!({ "spans": null });
    changed["derived"] = json!({ "linearity": null, "jacobian": null, "events": { "times": null } });
    let found = read(changed.to_string().as_bytes(), &limits);
    assert!(matches!(found, Ok(Document::Program(_))), "{found:?}");
}

#[test]
fn whole_numbers_are_whole_however_they_are_written() {
    for written in ["0.0", "0e3", "-0.0"] {
        assert_eq!(replaced("{\"parameter\": 0}", &format!("{{\"parameter\": {written}}}")), Ok(document()));
    }
    for written in ["0.5", "-1", "-1.0", "1e10", "1e300", "\"0\"", "true"] {
        let found = replaced("{\"parameter\": 0}", &format!("{{\"parameter\": {written}}}"));
        assert!(matches!(found, Err(WireError::Malformed { .. })), "{written}: {found:?}");
    }
    assert_eq!(replaced("{\"constant\": 70.0}", "{\"constant\": 70}"), Ok(document()));
}

/// Returns a document with a field that nobody knows, of so many levels; the object around it is one more.
fn nested(levels: usize) -> [Vec<u8>; 2] {
    let bracketed = format!("\"deep\": {}{}, \"module\"", "[".repeat(levels), "]".repeat(levels));
    let json = to_json(&document()).replacen("\"module\"", &bracketed, 1);
    let mut cbor = to_cbor(&document());
    // One entry more in the outermost map, which has fewer than 23.
    cbor[0] += 1;
    cbor.extend(b"\x64deep");
    cbor.extend(vec![0x81; levels - 1]);
    cbor.push(0x80);
    [json.into_bytes(), cbor]
}

#[test]
fn both_encodings_nest_to_the_same_depth() {
    let limits = Limits::generous();
    for bytes in nested(126) {
        assert_eq!(read(&bytes, &limits), Ok(document()));
    }
    for bytes in nested(127).into_iter().chain(nested(100_000)) {
        let found = read(&bytes, &limits);
        assert!(matches!(found, Err(WireError::Malformed { .. })), "{found:?}");
    }
}

#[test]
fn what_is_read_has_a_limited_number_of_values() {
    // Documents of less than 4 MiB may have a million values and names: this one has three, those of a field, and lists.
    let limits = Limits { bytes: 4 << 20, ..Limits::generous() };
    let filled = |count: usize| {
        let lists = vec!["[]"; count].join(",");
        format!("{{\"format\": \"other\", \"filled\": [{lists}]}}")
    };
    let found = read_compactly(filled((1 << 20) - 5).as_bytes(), &limits);
    assert!(matches!(found, Err(WireError::NotADocument(_))), "{found:?}");
    let found = read_compactly(filled((1 << 20) - 4).as_bytes(), &limits);
    assert_eq!(found, Err(WireError::TooManyValues { limit: 1 << 20 }));
    // A list says how many items it has before they are there.
    let promised = [&b"\xa1\x66format\x9b\x00\x00\x00\xff\xff\xff\xff\xff"[..], &[0; 100]].concat();
    assert!(matches!(read(&promised, &limits), Err(WireError::Malformed { .. })));
}

#[test]
fn lists_far_longer_than_a_module_may_have_are_refused_before_they_are_made() {
    let many = format!("\"outputs\": [{}]", vec!["null"; 100_001].join(","));
    let text = format!(
        "{{\"format\": \"pmc-ir\", \"version\": {{\"major\": 1, \"minor\": 0}}, \
         \"module\": {{\"name\": \"a\", \"kind\": \"ode\", {many}}}}}"
    );
    match read(text.as_bytes(), &Limits::generous()) {
        Err(WireError::Malformed { path, message }) => {
            assert_eq!(path, "module.outputs");
            assert!(message.starts_with("100001 items, expected at most 100000"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn places_are_told_in_both_encodings() {
    let json: Value = serde_json::from_str(&to_json(&document())).unwrap();
    let text = "{\n \"format\": \"pmc-ir\",\n \"version\": {\"major\": 1,\n  \"minor\": \"0\"}}";
    match read(text.as_bytes(), &Limits::generous()) {
        Err(WireError::Malformed { path, message }) => {
            assert_eq!(path, "version.minor");
            assert!(message.ends_with(" at line 4 column 14"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    assert!(json["module"]["expressions"].is_array());
    let bytes = to_cbor(&document());
    let place = bytes.windows(4).position(|window| window == b"\x63ode").unwrap();
    let mut broken = bytes;
    broken[place + 1] = b'a';
    match read(&broken, &Limits::generous()) {
        Err(WireError::Malformed { path, message }) => {
            assert_eq!(path, "module.kind");
            assert!(message.ends_with(&format!(" at byte {}", place + 4)), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn infusions_of_a_module_must_arrive() {
    let with = |input: Input| {
        let mut module = one_compartment();
        module.routes.push(Route {
            label: "lost".to_owned(),
            input,
            destination: Some(Handle::from_index(0)),
            lag: None,
            bioavailability: None,
            rate: None,
            duration: None,
            implicit: false,
        });
        let place = Place::Route(Handle::from_index(module.routes.len() - 1));
        (place, read(&to_cbor(&Document::Module(module)), &Limits::generous()))
    };
    assert!(with(Input::Bolus).1.is_ok());
    for input in [Input::Infusion, Input::Both] {
        match with(input) {
            (place, Err(WireError::Invalid(broken))) => {
                let found: Vec<_> = broken.iter().map(|error| (error.rule, error.place)).collect();
                assert_eq!(found, [(Rule::Destination, place)]);
            }
            other => panic!("{other:?}"),
        }
    }
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

//! All readers take the same documents: in both encodings, with places and without, and those that the schema allows.

use pmc::wire::{Document, Limits, WireError, read, read_compactly, to_json};
use pmc::{CompileOptions, EmitKind, emit};
use pmc_tests::examples::{self, Example};
use pmc_tests::line::read as read_text;
use pmc_tests::random::Random;
use pmc_tests::values::{count, find, to_cbor};
use serde_json::{Value, json};

/// What a reader makes of a document, but for the words of what is wrong.
type Outcome = Result<Document, WireError>;

/// Returns the outcome without the message of what is malformed, which says more or less.
fn without_message(outcome: Outcome) -> Outcome {
    outcome.map_err(|error| match error {
        WireError::Malformed { path, .. } => WireError::Malformed { path, message: String::new() },
        other => other,
    })
}

/// Reads a value in both encodings by both readers, which must agree.
fn outcome(value: &Value) -> Outcome {
    let limits = Limits::generous();
    let json = value.to_string();
    let mut cbor = Vec::new();
    to_cbor(value, &mut cbor);
    let expected = without_message(read(json.as_bytes(), &limits));
    for bytes in [json.as_bytes(), &cbor] {
        assert_eq!(without_message(read(bytes, &limits)), expected, "{json}");
        assert_eq!(without_message(read_compactly(bytes, &limits)), expected, "{json}");
    }
    expected
}

/// Returns whether a document has the structure that the format asks for; nothing if that was not looked at.
fn is_well_formed(outcome: &Outcome) -> Option<bool> {
    match outcome {
        Ok(_) | Err(WireError::Invalid(_) | WireError::UndeclaredFeature(_)) => Some(true),
        Err(WireError::Malformed { .. } | WireError::NotADocument(_)) => Some(false),
        Err(_) => None,
    }
}

/// Puts another value in place of one: of another type, in another form, or with fields and items that it should not have.
fn mutate(document: &mut Value, random: &mut Random) {
    let number = random.below(count(document));
    let other = find(document, random.below(number + 1)).clone();
    let value = find(document, number);
    let old = value.take();
    *value = match (random.below(12), old) {
        (0, _) => Value::Null,
        (1, _) => {
            random.pick(&[json!(true), json!("text"), json!([]), json!({}), json!([0]), json!({ "a": 0 })])
        }
        (2, _) => random.pick(&[
            json!(-1),
            json!(0.5),
            json!(-0.0),
            json!(u32::MAX),
            json!(u64::from(u32::MAX) + 1),
        ]),
        (3, _) => {
            random.pick(&[json!(u64::MAX), json!(i64::MIN), json!(1e300), json!(4_294_967_295.0), json!(3)])
        }
        (4, _) => other,
        (5, old) => json!([old]),
        (6, old) => json!({ "constant": old }),
        // A number as the other kind of number, a leaf as an object and back, an object as the list of its values.
        (_, Value::Number(number)) => match number.as_i64() {
            Some(whole) => json!(whole as f64),
            None => json!(number.as_f64().unwrap_or_default() as i64),
        },
        (7 | 8, Value::String(word)) => json!({ word: null }),
        (_, Value::Object(fields)) if random.chance(0.2) => {
            fields.into_iter().map(|(_, value)| value).collect()
        }
        (7, Value::Object(fields)) => fields.keys().next().map_or(Value::Null, |name| json!(name)),
        (8, Value::Object(mut fields)) => {
            fields.insert("unknown".to_owned(), other);
            Value::Object(fields)
        }
        (9, Value::Object(mut fields)) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            if !names.is_empty() {
                fields.remove(&random.pick(&names));
            }
            Value::Object(fields)
        }
        (10, Value::Array(mut items)) => {
            items.push(other);
            Value::Array(items)
        }
        (11, Value::Array(mut items)) => {
            items.pop();
            Value::Array(items)
        }
        (_, old) => old,
    };
}

/// Returns the documents of the examples, with and without what passes compute.
fn documents() -> Vec<Value> {
    let mut found = Vec::new();
    for Example { source, .. } in examples::all() {
        let bytes =
            emit(&source, EmitKind::IrJson, &CompileOptions::default()).expect("the model is sound").bytes;
        let program: Value = serde_json::from_slice(&bytes).expect("a document is JSON");
        let mut module = program.clone();
        module.as_object_mut().expect("a document is an object").remove("derived");
        found.extend([program, module]);
    }
    found
}

#[test]
fn all_readers_and_the_schema_take_the_same_documents() {
    let schema = serde_json::from_str(&read_text("docs/pmc-ir.schema.json")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let rounds: u64 = std::env::var("PMC_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    let mut outcomes = [0, 0];
    for (index, original) in documents().into_iter().enumerate() {
        assert!(outcome(&original).is_ok());
        for seed in 0..150 * rounds {
            let mut random = Random::new(1_000_000 * index as u64 + seed);
            let mut value = original.clone();
            for _ in 0..=random.below(2) {
                mutate(&mut value, &mut random);
            }
            if !value.is_object() {
                continue;
            }
            if let Some(is_well_formed) = is_well_formed(&outcome(&value)) {
                assert_eq!(
                    validator.is_valid(&value),
                    is_well_formed,
                    "{:?}: {value}",
                    outcome(&value).err()
                );
                outcomes[usize::from(is_well_formed)] += 1;
            }
        }
    }
    assert!(outcomes.iter().all(|count| 300 < *count), "{outcomes:?}");
}

#[test]
fn what_documents_may_say_in_two_ways_means_the_same() {
    for original in documents() {
        let expected = outcome(&original);
        let mut reals = original.clone();
        for number in 0..count(&reals) {
            let value = find(&mut reals, number);
            if let Some(whole) = value.as_u64() {
                *value = json!(whole as f64);
            }
        }
        assert_eq!(outcome(&reals), expected);
        let mut nulls = original;
        for number in 0..count(&nulls) {
            let value = find(&mut nulls, number);
            // A parameter is known by a field that it may have; `null` there means what its absence means.
            if let Some(fields) = value.as_object_mut().filter(|fields| fields.contains_key("name")) {
                for optional in ["unit", "label", "fixed", "steady", "per", "events", "options"] {
                    fields.entry(optional).or_insert(Value::Null);
                }
            }
        }
        assert_eq!(outcome(&nulls), expected);
    }
}

/// Returns a document with other derived times of its events.
fn with_times(change: impl Fn(&mut Value, &mut Vec<Value>)) -> Outcome {
    let source = "name = timed\nparam p = 5\nstate a\nddt(a) = -a\nat t = p { a = 1 }\nat t = 5 { a = 2 }\nout(y) = a\n";
    let bytes = emit(source, EmitKind::IrJson, &CompileOptions::default()).expect("the model is sound").bytes;
    let mut value: Value = serde_json::from_slice(&bytes).expect("a document is JSON");
    let mut expressions = value["module"]["expressions"].as_array().cloned().unwrap_or_default();
    change(&mut value["derived"]["events"]["times"], &mut expressions);
    value["module"]["expressions"] = Value::Array(expressions);
    outcome(&value)
}

#[test]
fn events_happen_when_the_module_says() {
    assert!(with_times(|_, _| ()).is_ok());
    // Each is added to the expressions, and takes the place of the first time of one event.
    for place in [0, 2] {
        for time in [
            json!({ "constant": 10.0 }),
            json!("event_time"),
            json!("negative_infinity"),
            json!("last_dose_time"),
        ] {
            let found = with_times(|times, expressions| {
                expressions.push(time.clone());
                times[place] = json!(expressions.len() - 1);
            });
            assert!(matches!(found, Err(WireError::Invalid(_))), "{place}, {time}: {found:?}");
        }
        let found = with_times(|times, expressions| {
            let last = expressions.len();
            expressions.extend([json!("event_time"), json!({ "constant": f64::MAX })]);
            expressions.push(json!({ "binary": ["minimum", last, last + 1] }));
            times[place] = json!(last + 2);
        });
        assert!(matches!(found, Err(WireError::Invalid(_))), "{place}: {found:?}");
    }
}

#[test]
fn what_a_library_of_the_format_would_write_is_read() {
    // All optional fields of a parameter are null, as writers of other languages have it.
    let document = json!({
        "format": "pmc-ir", "version": { "major": 1, "minor": 0 }, "features": null, "derived": null, "source": null,
        "module": {
            "name": "m", "kind": "ode", "options": null, "parameters": [{
                "name": "k", "unit": null, "default": 1, "lower": null, "upper": null, "transform": null,
                "fixed": null, "label": null,
            }],
            "expressions": null, "events": null, "switches": null,
        },
    });
    let document = outcome(&document).expect("all of it is allowed");
    assert_eq!(document.module().parameters.len(), 1);
    assert!(!to_json(&document).contains("null"));
}

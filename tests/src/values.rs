//! Values of JSON, so that tests can change any of them, and the same in CBOR.

use serde_json::Value;

/// Returns how many values there are in a value, itself included.
pub fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// Returns one of the values in a value, by its number.
///
/// # Panics
/// When there are not so many.
pub fn find(value: &mut Value, mut number: usize) -> &mut Value {
    if number == 0 {
        return value;
    }
    number -= 1;
    let inner: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(fields) => Box::new(fields.values_mut()),
        _ => unreachable!("counted"),
    };
    for item in inner {
        let size = count(item);
        if number < size {
            return find(item, number);
        }
        number -= size;
    }
    unreachable!("counted")
}

/// Writes a value as CBOR: whole numbers and reals as JSON tells them apart, in forms of whatever length.
pub fn to_cbor(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::Null => bytes.push(0xf6),
        Value::Bool(truth) => bytes.push(if *truth { 0xf5 } else { 0xf4 }),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => head(0, number, bytes),
            (None, Some(number)) => head(1, number.unsigned_abs() - 1, bytes),
            (None, None) => {
                bytes.push(0xfb);
                bytes.extend(number.as_f64().unwrap_or_default().to_be_bytes());
            }
        },
        Value::String(text) => word(text, bytes),
        Value::Array(items) => {
            head(4, items.len() as u64, bytes);
            for item in items {
                to_cbor(item, bytes);
            }
        }
        Value::Object(fields) => {
            head(5, fields.len() as u64, bytes);
            for (name, value) in fields {
                word(name, bytes);
                to_cbor(value, bytes);
            }
        }
    }
}

fn word(text: &str, bytes: &mut Vec<u8>) {
    head(3, text.len() as u64, bytes);
    bytes.extend(text.bytes());
}

fn head(major: u8, argument: u64, bytes: &mut Vec<u8>) {
    let kind = major << 5;
    if argument < 24 {
        bytes.push(kind + argument as u8);
    } else {
        // In eight bytes, however few would do.
        bytes.push(kind + 27);
        bytes.extend(argument.to_be_bytes());
    }
}

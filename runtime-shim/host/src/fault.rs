//! What is wrong with a dose, in words: the plugin tells numbers, the manifest has the names.

use pmc_abi::manifest::Manifest;
use pmc_abi::{dose_property, route_property};
use serde_json::Value;

/// Returns what an error document says of a dose, if it says it.
pub(crate) fn describe(document: &Value, manifest: &Manifest) -> Option<String> {
    let number = |field: &str| document.get(field).and_then(Value::as_u64);
    let route = manifest.routes.get(usize::try_from(number("route")?).ok()?)?;
    let value = document.get("value").and_then(Value::as_f64);
    let property = u32::try_from(number("property")?).ok()?;
    let (what, of, least) = match property {
        route_property::LAG => ("lag time", "of", "0 or above"),
        route_property::BIOAVAILABILITY => ("bioavailability", "of", "0 or above"),
        route_property::RATE => ("rate", "of", "above 0"),
        route_property::DURATION => ("duration", "of", "above 0"),
        dose_property::AMOUNT => ("amount of a dose", "by", "above 0"),
        dose_property::INTERVAL => ("interval between doses", "by", "above 0"),
        dose_property::INPUT => {
            let kind = if value == Some(0.0) { "bolus" } else { "infusion" };
            return Some(format!("the route `{}` accepts no {kind}", route.label));
        }
        _ => return None,
    };
    let subject = format!("the {what} {of} the route `{}`", route.label);
    Some(match value {
        None => format!("{subject} is not a number below 1e13"),
        Some(value) if value > 0.0 => format!("{subject} is {value}, too little to be told apart"),
        Some(value) => format!("{subject} is {value}, expected {least}"),
    })
}

#[cfg(test)]
mod tests {
    use pmc_abi::manifest::Manifest;
    use serde_json::json;

    use super::describe;

    fn manifest() -> Manifest {
        let manifest = json!({
            "abi": { "major": 1, "minor": 0 }, "name": "m", "kind": "ode", "parameters": [], "states": [],
            "routes": [{ "label": "iv", "input": "infusion" }], "outputs": [],
            "solver": { "method": "auto", "rtol": 1e-6, "atol": 1e-9 }
        });
        serde_json::from_value(manifest).expect("a manifest")
    }

    #[test]
    fn values_are_beside_what_is_expected() {
        let said = |property: u32, value: f64| {
            describe(&json!({ "route": 0, "property": property, "value": value }), &manifest())
        };
        let cases = [
            (0, -1.5, "the lag time of the route `iv` is -1.5, expected 0 or above"),
            (3, 0.0, "the duration of the route `iv` is 0, expected above 0"),
            (3, 1e-6, "the duration of the route `iv` is 0.000001, too little to be told apart"),
            (5, -6.0, "the interval between doses by the route `iv` is -6, expected above 0"),
            (6, 5.0, "the route `iv` accepts no infusion"),
        ];
        for (property, value, expected) in cases {
            assert_eq!(said(property, value).as_deref(), Some(expected));
        }
    }

    #[test]
    fn documents_that_make_no_sense_say_nothing() {
        for document in [
            json!({}),
            json!({ "route": 1, "property": 3, "value": 1 }),
            json!({ "route": 0, "property": 7, "value": 1 }),
            json!({ "route": -1, "property": 3 }),
            json!({ "route": 0, "property": 1e99 }),
            json!({ "route": "iv", "property": "rate" }),
            json!([0, 3]),
        ] {
            assert_eq!(describe(&document, &manifest()), None, "{document}");
        }
    }
}

//! Numbers.

use serde::{Serialize, Serializer};

/// A finite number: documents hold neither infinities nor NaN as numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::wire) struct Finite(pub(in crate::wire) f64);

impl Serialize for Finite {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Finite {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

//! Where in a document something is, by the path to it.
//!
//! Only documents that are refused pay for it, by a second look.

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Encoding, WireError, cbor, json};

/// Returns the place of a value behind a blank, as in ` at line 3 column 14` or ` at byte 159`; nothing if there is none.
pub(super) fn locate(bytes: &[u8], encoding: Encoding, path: &str) -> String {
    let way = Way { path };
    let stopped = match encoding {
        Encoding::Json => json::read(bytes, way),
        Encoding::Cbor => cbor::read(bytes, way),
    };
    match stopped {
        Err(WireError::Malformed { message, .. }) => message,
        _ => String::new(),
    }
}

/// Goes along a path, and stops at its end with an error, which the encoding gives a place.
struct Way<'p> {
    path: &'p str,
}

impl<'p> Way<'p> {
    /// Returns the name of the field or the number of the item that comes next, and the way from there.
    fn next(&self) -> (&'p str, Self) {
        let path = self.path.trim_start_matches('.');
        let inner = path.strip_prefix('[').unwrap_or(path);
        let end = inner.find(['.', '[', ']']).unwrap_or(inner.len());
        let (step, rest) = inner.split_at_checked(end).unwrap_or_default();
        (step, Self { path: rest.trim_start_matches(']') })
    }

    fn is_at_end(&self) -> bool {
        self.path.is_empty()
    }
}

/// Stops: the place is added to the message, which is empty.
fn stop<E: Error>() -> E {
    E::custom("")
}

impl<'de> DeserializeSeed<'de> for Way<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Way<'_> {
    type Value = ();

    fn expecting(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(stop())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Err(stop())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Err(stop())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Err(stop())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(stop())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Err(stop())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let (step, rest) = self.next();
        let number: usize = step.parse().map_err(|_| stop())?;
        for _ in 0..number {
            access.next_element::<IgnoredAny>()?;
        }
        access.next_element_seed(rest)?;
        Err(stop())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        if self.is_at_end() {
            return Err(stop());
        }
        let (step, rest) = self.next();
        while let Some(key) = access.next_key::<String>()? {
            if key == step {
                access.next_value_seed(rest)?;
                return Err(stop());
            }
            access.next_value::<IgnoredAny>()?;
        }
        Err(stop())
    }
}

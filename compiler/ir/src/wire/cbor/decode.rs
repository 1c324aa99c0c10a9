//! Reading, from bytes that nobody vouches for.

use core::fmt;

use serde::de::{self, DeserializeSeed, Visitor};
use serde::forward_to_deserialize_any;

use super::super::{DEPTH, WireError};
use super::{half, major, simple};

/// Reads what a seed makes of all of a sequence of bytes.
pub(in crate::wire) fn read<'de, S: DeserializeSeed<'de>>(
    bytes: &'de [u8],
    seed: S,
) -> Result<S::Value, WireError> {
    let mut decoder = Decoder { bytes, position: 0, depth: 0 };
    let result = seed.deserialize(&mut decoder);
    let position = decoder.position;
    let wrong = |message| WireError::Malformed {
        path: ".".to_owned(),
        message: format!("{message} at byte {position}"),
    };
    match result {
        Ok(_) if position != bytes.len() => Err(wrong("trailing bytes")),
        Ok(value) => Ok(value),
        Err(error) => Err(wrong(&error.0)),
    }
}

/// What is wrong.
#[derive(Debug)]
struct DecodeError(String);

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl core::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Result<T, E = DecodeError> = core::result::Result<T, E>;

/// Reads items one after the other.
struct Decoder<'de> {
    bytes: &'de [u8],
    position: usize,
    /// How many lists and maps are open.
    depth: usize,
}

/// The start of an item.
struct Head {
    /// The first byte.
    initial: u8,
    /// The number in or behind it.
    argument: u64,
}

impl Head {
    const fn major(&self) -> u8 {
        self.initial >> 5
    }
}

impl<'de> Decoder<'de> {
    fn take(&mut self, count: u64) -> Result<&'de [u8]> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let Some(taken) = usize::try_from(count).ok().and_then(|count| rest.get(..count)) else {
            return Err(DecodeError("the bytes end within an item".to_owned()));
        };
        self.position += taken.len();
        Ok(taken)
    }

    fn head(&mut self) -> Result<Head> {
        let initial = self.take(1)?.first().copied().unwrap_or_default();
        let information = initial & 0x1f;
        let argument = match information {
            0..24 => u64::from(information),
            24..28 => {
                let bytes = self.take(1 << (information - 24))?;
                bytes.iter().fold(0, |argument, byte| argument << 8 | u64::from(*byte))
            }
            31 => return Err(DecodeError("an item of indefinite length".to_owned())),
            _ => return Err(DecodeError(format!("the byte {initial:#04x} starts no item"))),
        };
        Ok(Head { initial, argument })
    }

    fn text(&mut self, length: u64) -> Result<&'de str> {
        let bytes = self.take(length)?;
        core::str::from_utf8(bytes).map_err(|_| DecodeError("a text is not UTF-8".to_owned()))
    }

    /// Reads the key of a map.
    fn word(&mut self) -> Result<&'de str> {
        let head = self.head()?;
        if head.major() != major::TEXT {
            return Err(DecodeError("a key is not a text".to_owned()));
        }
        self.text(head.argument)
    }

    /// Reads what stands inside a list or map.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEPTH {
            return Err(DecodeError(format!("nested deeper than {DEPTH} levels")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn list<V: Visitor<'de>>(&mut self, left: u64, visitor: V) -> Result<V::Value> {
        self.inside(|decoder| {
            let mut items = Items { decoder, left };
            let value = visitor.visit_seq(&mut items)?;
            items.end()?;
            Ok(value)
        })
    }

    fn map<V: Visitor<'de>>(&mut self, left: u64, visitor: V) -> Result<V::Value> {
        self.inside(|decoder| {
            let mut items = Items { decoder, left };
            let value = visitor.visit_map(&mut items)?;
            items.end()?;
            Ok(value)
        })
    }
}

impl<'de> de::Deserializer<'de> for &mut Decoder<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let head = self.head()?;
        match head.major() {
            major::UNSIGNED => visitor.visit_u64(head.argument),
            major::NEGATIVE => match i64::try_from(head.argument) {
                Ok(argument) => visitor.visit_i64(-1 - argument),
                // Too small for an integer here, as JSON has them as well; one more is never too many for 64 bits in the end.
                Err(_) => visitor.visit_f64(-(head.argument.saturating_add(1) as f64)),
            },
            major::BYTES => Err(DecodeError("a byte string".to_owned())),
            major::TEXT => visitor.visit_borrowed_str(self.text(head.argument)?),
            major::ARRAY => self.list(head.argument, visitor),
            major::MAP => self.map(head.argument, visitor),
            major::TAG => Err(DecodeError("a tag".to_owned())),
            _ => other(&head, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// What is left of a list or map.
struct Items<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    left: u64,
}

impl Items<'_, '_> {
    fn next(&mut self) -> bool {
        // Not `left -= u64::from(left != 0)`, of which rustc 1.95 makes code that reads an item too many from level 2 on; the
        // gate therefore tests documents in a release build as well.
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        true
    }

    fn end(&self) -> Result<()> {
        if self.left == 0 { Ok(()) } else { Err(DecodeError(format!("{} items too many", self.left))) }
    }
}

impl<'de> de::SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.next() { seed.deserialize(&mut *self.decoder).map(Some) } else { Ok(None) }
    }

    fn size_hint(&self) -> Option<usize> {
        // An item takes a byte at least.
        let rest = self.decoder.bytes.len() - self.decoder.position;
        Some(usize::try_from(self.left).map_or(rest, |left| left.min(rest)))
    }
}

impl<'de> de::MapAccess<'de> for &mut Items<'_, 'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.next() {
            return Ok(None);
        }
        let word = self.decoder.word()?;
        seed.deserialize(de::value::BorrowedStrDeserializer::new(word)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(&mut *self.decoder)
    }
}

/// Reads what is neither a whole number, a text, a list nor a map.
fn other<'de, V: Visitor<'de>>(head: &Head, visitor: V) -> Result<V::Value> {
    match head.initial {
        simple::FALSE => visitor.visit_bool(false),
        simple::TRUE => visitor.visit_bool(true),
        simple::NULL => visitor.visit_unit(),
        simple::HALF => visitor.visit_f64(half::to_double(head.argument as u16)),
        simple::SINGLE => visitor.visit_f64(f32::from_bits(head.argument as u32).into()),
        simple::DOUBLE => visitor.visit_f64(f64::from_bits(head.argument)),
        initial => Err(DecodeError(format!("the byte {initial:#04x} starts no item of a document"))),
    }
}

//! Writing.

use core::fmt;

use serde::ser::{self, Impossible, Serialize};

use super::super::types::Envelope;
use super::{half, major, simple};

/// Returns the bytes of a document.
pub(in crate::wire) fn write(envelope: &Envelope) -> Vec<u8> {
    encode(envelope)
}

/// Returns the bytes of a value.
pub(super) fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    value
        .serialize(Encoder { bytes: &mut bytes })
        .unwrap_or_else(|error| unreachable!("documents are made of what the encoder knows: {error}"));
    bytes
}

/// Something that documents are not made of.
#[derive(Debug)]
pub(super) struct NotInDocuments(String);

impl fmt::Display for NotInDocuments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl core::error::Error for NotInDocuments {}

impl ser::Error for NotInDocuments {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Writes one item.
struct Encoder<'a> {
    bytes: &'a mut Vec<u8>,
}

impl Encoder<'_> {
    /// Writes the start of an item in the shortest form.
    fn head(&mut self, major: u8, argument: u64) {
        let major = major << 5;
        let bytes = &mut *self.bytes;
        if argument < 24 {
            bytes.push(major | argument as u8);
        } else if let Ok(argument) = u8::try_from(argument) {
            bytes.extend([major | 0x18, argument]);
        } else if let Ok(argument) = u16::try_from(argument) {
            bytes.push(major | 0x19);
            bytes.extend(argument.to_be_bytes());
        } else if let Ok(argument) = u32::try_from(argument) {
            bytes.push(major | 0x1a);
            bytes.extend(argument.to_be_bytes());
        } else {
            bytes.push(major | 0x1b);
            bytes.extend(argument.to_be_bytes());
        }
    }

    fn text(&mut self, text: &str) {
        self.head(major::TEXT, text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    /// Writes a number in the shortest form that holds it exactly.
    fn number(&mut self, number: f64) {
        let single = number as f32;
        if f64::from(single).to_bits() != number.to_bits() {
            self.bytes.push(simple::DOUBLE);
            self.bytes.extend(number.to_be_bytes());
        } else if let Some(bits) = half::from_single(single) {
            self.bytes.push(simple::HALF);
            self.bytes.extend(bits.to_be_bytes());
        } else {
            self.bytes.push(simple::SINGLE);
            self.bytes.extend(single.to_be_bytes());
        }
    }

    /// Writes the start of the map of one entry that stands for a variant with data.
    fn variant(&mut self, variant: &str) {
        self.head(major::MAP, 1);
        self.text(variant);
    }
}

/// Makes an error for what documents do not hold.
macro_rules! refuse {
    ($($method:ident($type:ty)),+ $(,)?) => {$(
        fn $method(self, _: $type) -> Result<(), NotInDocuments> {
            Err(ser::Error::custom(stringify!($type)))
        }
    )+};
}

impl<'a> ser::Serializer for Encoder<'a> {
    type Ok = ();
    type Error = NotInDocuments;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Impossible<(), NotInDocuments>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Impossible<(), NotInDocuments>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    refuse!(
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_f32(f32),
        serialize_char(char),
        serialize_bytes(&[u8]),
        serialize_unit_struct(&'static str),
    );

    fn serialize_bool(self, truth: bool) -> Result<(), NotInDocuments> {
        self.bytes.push(if truth { simple::TRUE } else { simple::FALSE });
        Ok(())
    }

    fn serialize_u8(self, number: u8) -> Result<(), NotInDocuments> {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<(), NotInDocuments> {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), NotInDocuments> {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(mut self, number: u64) -> Result<(), NotInDocuments> {
        self.head(major::UNSIGNED, number);
        Ok(())
    }

    fn serialize_f64(mut self, number: f64) -> Result<(), NotInDocuments> {
        self.number(number);
        Ok(())
    }

    fn serialize_str(mut self, text: &str) -> Result<(), NotInDocuments> {
        self.text(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), NotInDocuments> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotInDocuments> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NotInDocuments> {
        self.bytes.push(simple::NULL);
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), NotInDocuments> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotInDocuments> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NotInDocuments> {
        self.variant(variant);
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'a>, NotInDocuments> {
        let length = length.ok_or_else(|| ser::Error::custom("a list of unknown length"))?;
        self.serialize_tuple(length)
    }

    fn serialize_tuple(mut self, length: usize) -> Result<Items<'a>, NotInDocuments> {
        self.head(major::ARRAY, length as u64);
        Ok(Items { bytes: self.bytes })
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, NotInDocuments> {
        Err(ser::Error::custom(name))
    }

    fn serialize_tuple_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items<'a>, NotInDocuments> {
        self.variant(variant);
        self.serialize_tuple(length)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, NotInDocuments> {
        Err(ser::Error::custom("a map"))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Fields<'a>, NotInDocuments> {
        Ok(Fields { bytes: self.bytes, entries: Vec::with_capacity(length) })
    }

    fn serialize_struct_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Fields<'a>, NotInDocuments> {
        self.variant(variant);
        self.serialize_struct(variant, length)
    }
}

/// Writes the items of a list.
struct Items<'a> {
    bytes: &'a mut Vec<u8>,
}

impl Items<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotInDocuments> {
        value.serialize(Encoder { bytes: self.bytes })
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = NotInDocuments;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotInDocuments> {
        self.item(value)
    }

    fn end(self) -> Result<(), NotInDocuments> {
        Ok(())
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = NotInDocuments;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotInDocuments> {
        self.item(value)
    }

    fn end(self) -> Result<(), NotInDocuments> {
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Items<'_> {
    type Ok = ();
    type Error = NotInDocuments;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotInDocuments> {
        self.item(value)
    }

    fn end(self) -> Result<(), NotInDocuments> {
        Ok(())
    }
}

/// Collects the entries of a map, and writes them in order at the end.
struct Fields<'a> {
    bytes: &'a mut Vec<u8>,
    /// Keys and values, encoded.
    entries: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Fields<'_> {
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NotInDocuments> {
        let mut encoded = Vec::new();
        value.serialize(Encoder { bytes: &mut encoded })?;
        self.entries.push((encode(key), encoded));
        Ok(())
    }

    fn finish(mut self) {
        self.entries.sort();
        Encoder { bytes: self.bytes }.head(major::MAP, self.entries.len() as u64);
        for (key, value) in self.entries {
            self.bytes.extend(key);
            self.bytes.extend(value);
        }
    }
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = NotInDocuments;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NotInDocuments> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), NotInDocuments> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStructVariant for Fields<'_> {
    type Ok = ();
    type Error = NotInDocuments;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NotInDocuments> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), NotInDocuments> {
        self.finish();
        Ok(())
    }
}

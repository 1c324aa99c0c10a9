//! Documents as trees of values, for readers that must be small.
//!
//! Reading straight from bytes, with the path to what is wrong, makes code for each type, encoding and level, most of the code
//! of a program that only reads and interprets. Here both encodings become one tree, and what is
//! read from it says by itself where it was wrong. The price is that of the tree, and that only JSON that is no
//! JSON is located by line and column.

use core::fmt;
use std::borrow::Cow;

use serde::de::{self, Deserialize, DeserializeSeed, Expected, MapAccess, SeqAccess, Unexpected, Visitor};

use super::{Encoding, Malformed, cbor};

/// Most items for which room is made before they are there.
const EXPECTED_ITEMS: usize = 1024;

/// A value of a document.
#[derive(Debug)]
pub(super) enum Tree<'de> {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Negative(i64),
    Real(f64),
    Text(Cow<'de, str>),
    List(Vec<Tree<'de>>),
    Map(Vec<(Cow<'de, str>, Tree<'de>)>),
}

/// Reads a tree that takes all of a sequence of bytes.
pub(super) fn read(bytes: &[u8], encoding: Encoding) -> Result<Tree<'_>, Malformed> {
    match encoding {
        Encoding::Json => serde_json::from_slice(bytes)
            .map_err(|error| Malformed { path: ".".to_owned(), message: error.to_string() }),
        Encoding::Cbor => cbor::read_without_path(bytes),
    }
}

/// Reads what a tree holds.
pub(super) fn decode<'de, T: Deserialize<'de>>(tree: &'de Tree<'de>) -> Result<T, Malformed> {
    T::deserialize(tree).map_err(|WrongValue { path, message }| {
        let path = if path.is_empty() { ".".to_owned() } else { path };
        Malformed { path, message }
    })
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Grower)
    }
}

/// Makes trees.
struct Grower;

impl<'de> Visitor<'de> for Grower {
    type Value = Tree<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree<'de>, E> {
        Ok(Tree::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Negative(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree<'de>, E> {
        Ok(Tree::Real(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut items = Vec::with_capacity(access.size_hint().unwrap_or_default().min(EXPECTED_ITEMS));
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<Tree<'de>>()? {
            let Tree::Text(key) = key else { return Err(de::Error::custom("a key is not a text")) };
            entries.push((key, access.next_value()?));
        }
        Ok(Tree::Map(entries))
    }
}

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct WrongValue {
    path: String,
    message: String,
}

impl WrongValue {
    /// Says that it is within a field, or an item if there is no name.
    #[cold]
    fn within(mut self, name: &str, item: usize) -> Self {
        let inner = &self.path;
        let dot = if inner.is_empty() || inner.starts_with('[') { "" } else { "." };
        self.path =
            if name.is_empty() { format!("[{item}]{dot}{inner}") } else { format!("{name}{dot}{inner}") };
        self
    }
}

impl fmt::Display for WrongValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl core::error::Error for WrongValue {}

/// Messages have the words of the library's own, without the digits of numbers, whose printing takes room.
impl de::Error for WrongValue {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { path: String::new(), message: message.to_string() }
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {}, expected {expected}", described(found)))
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {}, expected {expected}", described(found)))
    }
}

/// Says what was found.
fn described(found: Unexpected<'_>) -> Cow<'static, str> {
    Cow::Borrowed(match found {
        Unexpected::Bool(_) => "boolean",
        Unexpected::Unsigned(number) => return Cow::Owned(format!("integer `{number}`")),
        Unexpected::Signed(number) => return Cow::Owned(format!("integer `{number}`")),
        Unexpected::Float(_) => "floating point number",
        Unexpected::Str(text) => return Cow::Owned(format!("string {text:?}")),
        Unexpected::Unit => "null",
        Unexpected::Seq => "list",
        Unexpected::Map => "map",
        _ => "something else",
    })
}

impl Tree<'_> {
    /// Says that this is not what was expected.
    #[cold]
    fn is_not(&self, expected: &dyn Expected) -> WrongValue {
        let found = match self {
            Tree::Null => Unexpected::Unit,
            Tree::Boolean(value) => Unexpected::Bool(*value),
            Tree::Unsigned(value) => Unexpected::Unsigned(*value),
            Tree::Negative(value) => Unexpected::Signed(*value),
            Tree::Real(value) => Unexpected::Float(*value),
            Tree::Text(value) => Unexpected::Str(value),
            Tree::List(_) => Unexpected::Seq,
            Tree::Map(_) => Unexpected::Map,
        };
        de::Error::invalid_type(found, expected)
    }
}

/// Declares methods that take one kind of value.
macro_rules! takes {
    ($($method:ident $(($($ignored:ty),+))?: $pattern:pat => |$visitor:ident| $visit:expr;)+) => {$(
        fn $method<V: Visitor<'de>>(self, $($(_: $ignored,)+)? $visitor: V) -> Result<V::Value, WrongValue> {
            match self {
                $pattern => $visit,
                _ => Err(self.is_not(&$visitor)),
            }
        }
    )+};
}

/// Only what documents are made of is there, so that no code is made for the rest.
impl<'de> de::Deserializer<'de> for &'de Tree<'de> {
    type Error = WrongValue;

    takes! {
        deserialize_bool: Tree::Boolean(value) => |visitor| visitor.visit_bool(*value);
        deserialize_u32: Tree::Unsigned(value) => |visitor| visitor.visit_u64(*value);
        deserialize_string: Tree::Text(text) => |visitor| visitor.visit_borrowed_str(text);
        deserialize_identifier: Tree::Text(text) => |visitor| visitor.visit_borrowed_str(text);
        deserialize_seq: Tree::List(items) => |visitor| visit_list(items, visitor);
        deserialize_tuple(usize): Tree::List(items) => |visitor| visit_list(items, visitor);
        deserialize_struct(&'static str, &'static [&'static str]):
            Tree::Map(entries) => |visitor| visitor.visit_map(Entries { entries: entries.iter(), value: None });
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongValue> {
        let value = match self {
            Tree::Real(value) => *value,
            Tree::Unsigned(value) => *value as f64,
            Tree::Negative(value) => *value as f64,
            _ => return Err(self.is_not(&visitor)),
        };
        visitor.visit_f64(value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongValue> {
        if matches!(self, Tree::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, WrongValue> {
        match self {
            Tree::Text(word) => visitor.visit_enum(Variant { word, content: None }),
            Tree::Map(entries) => match &entries[..] {
                [(word, content)] => {
                    let value = visitor.visit_enum(Variant { word, content: Some(content) });
                    value.map_err(|error| error.within(word, 0))
                }
                _ => Err(de::Error::custom("neither a text nor a map of one entry")),
            },
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongValue> {
        visitor.visit_unit()
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongValue> {
        Err(self.is_not(&visitor))
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 char str bytes byte_buf unit unit_struct newtype_struct
        tuple_struct map
    }
}

/// Visits a list to its end.
fn visit_list<'de, V: Visitor<'de>>(items: &'de [Tree<'de>], visitor: V) -> Result<V::Value, WrongValue> {
    let mut access = Items { items, next: 0 };
    let value = visitor.visit_seq(&mut access)?;
    match items.len() - access.next {
        0 => Ok(value),
        more => Err(de::Error::custom(format_args!("{more} items too many"))),
    }
}

/// A list of which some items have been read.
struct Items<'de> {
    items: &'de [Tree<'de>],
    next: usize,
}

impl<'de> SeqAccess<'de> for &mut Items<'de> {
    type Error = WrongValue;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, WrongValue> {
        let number = self.next;
        let Some(item) = self.items.get(number) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(item).map(Some).map_err(|error| error.within("", number))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// What is left of a map.
struct Entries<'de> {
    entries: core::slice::Iter<'de, (Cow<'de, str>, Tree<'de>)>,
    value: Option<(&'de str, &'de Tree<'de>)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = WrongValue;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, WrongValue> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some((key, value));
        seed.deserialize(de::value::BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, WrongValue> {
        let Some((key, value)) = self.value.take() else {
            return Err(de::Error::custom("a value without a key"));
        };
        seed.deserialize(value).map_err(|error| error.within(key, 0))
    }
}

/// A variant: its name, and what it holds unless it is a word alone.
pub(super) struct Variant<'de> {
    word: &'de str,
    content: Option<&'de Tree<'de>>,
}

impl<'de> de::EnumAccess<'de> for Variant<'de> {
    type Error = WrongValue;
    type Variant = Content<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'de>), WrongValue> {
        let variant = seed.deserialize(de::value::BorrowedStrDeserializer::new(self.word))?;
        Ok((variant, Content(self.content)))
    }
}

/// What a variant holds.
pub(super) struct Content<'de>(Option<&'de Tree<'de>>);

impl<'de> Content<'de> {
    fn get(&self) -> Result<&'de Tree<'de>, WrongValue> {
        self.0.ok_or_else(|| de::Error::custom("a word alone, expected a map of one entry"))
    }
}

impl<'de> de::VariantAccess<'de> for Content<'de> {
    type Error = WrongValue;

    fn unit_variant(self) -> Result<(), WrongValue> {
        match self.0 {
            None => Ok(()),
            Some(_) => Err(de::Error::custom("a map, expected a word alone")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, WrongValue> {
        seed.deserialize(self.get()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, WrongValue> {
        de::Deserializer::deserialize_tuple(self.get()?, length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, WrongValue> {
        de::Deserializer::deserialize_struct(self.get()?, "", fields, visitor)
    }
}

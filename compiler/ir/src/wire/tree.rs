//! Documents as trees of values, for readers that must be small.
//!
//! Reading straight from bytes, with the path to what is wrong, makes code for each type, encoding and level: most of
//! the code of a program that only reads and interprets. Here both encodings become one tree, of which the types in
//! [`from_tree`](super::from_tree) are made by short functions that say by themselves where it was wrong. The price is
//! the memory of the tree, and that only what is no JSON at all is located by line and column.

use core::fmt;
use std::borrow::Cow;

use serde::de::{self, Deserialize, MapAccess, SeqAccess, Visitor};

use super::types::Finite;
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

/// What is made of a tree.
pub(super) trait FromTree: Sized {
    /// Makes it.
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue>;
}

/// Reads what a tree holds.
pub(super) fn decode<T: FromTree>(tree: &Tree<'_>) -> Result<T, Malformed> {
    T::from_tree(tree).map_err(|WrongValue { path, message }| {
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
            let value = access.next_value()?;
            // Neither encoding has other keys. An error here would link what splits messages of errors.
            if let Tree::Text(key) = key {
                entries.push((key, value));
            }
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
    /// Says what is wrong here.
    #[cold]
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    /// Says that it is within a field.
    #[cold]
    fn in_field(self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: format!("{name}{dot}{}", self.path), ..self }
    }

    /// Says that it is within an item of a list.
    #[cold]
    fn in_item(self, number: usize) -> Self {
        self.in_field(&format!("[{number}]"))
    }
}

/// The entries of a map.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t>(&'t [(Cow<'t, str>, Tree<'t>)]);

impl Fields<'_> {
    /// Returns the value of a field.
    fn find(&self, name: &str) -> Result<Option<&Tree<'_>>, WrongValue> {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        let first = found.next();
        if found.next().is_some() {
            return Err(WrongValue::new(format!("duplicate field `{name}`")));
        }
        Ok(first.map(|(_, value)| value))
    }

    /// Reads a field that must be there.
    pub(super) fn required<T: FromTree>(&self, name: &str) -> Result<T, WrongValue> {
        let Some(value) = self.find(name)? else {
            return Err(WrongValue::new(format!("missing field `{name}`")));
        };
        T::from_tree(value).map_err(|wrong| wrong.in_field(name))
    }

    /// Reads a field that may be absent.
    pub(super) fn optional<T: FromTree>(&self, name: &str) -> Result<Option<T>, WrongValue> {
        let Some(value) = self.find(name)? else { return Ok(None) };
        T::from_tree(value).map(Some).map_err(|wrong| wrong.in_field(name))
    }
}

/// A variant: its name, and what it holds unless it is a word alone.
#[derive(Clone, Copy)]
pub(super) struct Variant<'t> {
    pub(super) word: &'t str,
    content: Option<&'t Tree<'t>>,
}

impl Variant<'_> {
    /// Reads what it holds.
    pub(super) fn content<T: FromTree>(&self) -> Result<T, WrongValue> {
        let Some(content) = self.content else {
            return Err(WrongValue::new(format!("`{}` alone, expected a map of one entry", self.word)));
        };
        T::from_tree(content).map_err(|wrong| wrong.in_field(self.word))
    }

    /// Makes sure that it is a word alone.
    pub(super) fn alone<T>(&self, value: T) -> Result<T, WrongValue> {
        match self.content {
            None => Ok(value),
            Some(_) => Err(WrongValue::new("a map, expected a word alone").in_field(self.word)),
        }
    }

    /// Says that there is no such variant.
    #[cold]
    pub(super) fn unknown(&self, known: &[&str]) -> WrongValue {
        let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
        let expected = if known.is_empty() { "" } else { ", expected one of " };
        WrongValue::new(format!("unknown variant `{}`{expected}{}", self.word, known.join(", ")))
    }
}

impl<'t> Tree<'t> {
    /// Says that this is not what was expected.
    #[cold]
    pub(super) fn is_not(&self, expected: &str) -> WrongValue {
        let found = match self {
            Tree::Null => "null",
            Tree::Boolean(_) => "a boolean",
            Tree::Unsigned(_) | Tree::Negative(_) => "an integer",
            Tree::Real(_) => "a floating point number",
            Tree::Text(text) => {
                return WrongValue::new(format!("found the text {text:?}, expected {expected}"));
            }
            Tree::List(_) => "a list",
            Tree::Map(_) => "a map",
        };
        WrongValue::new(format!("found {found}, expected {expected}"))
    }

    /// Returns the fields of a map.
    pub(super) fn fields(&self) -> Result<Fields<'_>, WrongValue> {
        let Tree::Map(entries) = self else { return Err(self.is_not("a map")) };
        Ok(Fields(entries))
    }

    /// Returns a word, or the one entry of a map.
    pub(super) fn variant(&self) -> Result<Variant<'_>, WrongValue> {
        match self {
            Tree::Text(word) => Ok(Variant { word, content: None }),
            Tree::Map(entries) => match &entries[..] {
                [(word, content)] => Ok(Variant { word, content: Some(content) }),
                _ => Err(WrongValue::new("neither a text nor a map of one entry")),
            },
            _ => Err(self.is_not("a text or a map of one entry")),
        }
    }

    /// Returns the number of a word.
    pub(super) fn word(&self, words: &[&str]) -> Result<usize, WrongValue> {
        let variant = self.variant()?;
        let number = words.iter().position(|known| *known == variant.word);
        variant.alone(number.ok_or_else(|| variant.unknown(words))?)
    }

    /// Returns the items of a list, of so many if a number is given.
    fn items(&self, length: Option<usize>) -> Result<&[Tree<'t>], WrongValue> {
        let Tree::List(items) = self else { return Err(self.is_not("a list")) };
        match length {
            Some(length) if items.len() != length => {
                Err(WrongValue::new(format!("{} items, expected {length}", items.len())))
            }
            _ => Ok(items),
        }
    }
}

/// Reads an item of a list.
fn item<T: FromTree>(items: &[Tree<'_>], number: usize) -> Result<T, WrongValue> {
    let item = items.get(number).unwrap_or(&Tree::Null);
    T::from_tree(item).map_err(|wrong| wrong.in_item(number))
}

impl FromTree for bool {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        if let Tree::Boolean(value) = tree { Ok(*value) } else { Err(tree.is_not("a boolean")) }
    }
}

impl FromTree for u32 {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let number = if let Tree::Unsigned(number) = tree { Self::try_from(*number).ok() } else { None };
        number.ok_or_else(|| tree.is_not("a whole number from 0 to 4294967295"))
    }
}

impl FromTree for String {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        if let Tree::Text(text) = tree { Ok(text.clone().into_owned()) } else { Err(tree.is_not("a text")) }
    }
}

impl FromTree for Finite {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let number = match tree {
            Tree::Real(number) => *number,
            Tree::Unsigned(number) => *number as f64,
            Tree::Negative(number) => *number as f64,
            _ => return Err(tree.is_not("a number")),
        };
        if number.is_finite() { Ok(Self(number)) } else { Err(WrongValue::new("the number is not finite")) }
    }
}

impl<T: FromTree> FromTree for Option<T> {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        if matches!(tree, Tree::Null) { Ok(None) } else { T::from_tree(tree).map(Some) }
    }
}

impl<T: FromTree> FromTree for Vec<T> {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let items = tree.items(None)?;
        let mut values = Self::with_capacity(items.len());
        for number in 0..items.len() {
            values.push(item(items, number)?);
        }
        Ok(values)
    }
}

impl<A: FromTree, B: FromTree> FromTree for (A, B) {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let items = tree.items(Some(2))?;
        Ok((item(items, 0)?, item(items, 1)?))
    }
}

impl<A: FromTree, B: FromTree, C: FromTree> FromTree for (A, B, C) {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let items = tree.items(Some(3))?;
        Ok((item(items, 0)?, item(items, 1)?, item(items, 2)?))
    }
}

//! Documents as trees of values: the one way to read them.
//!
//! Both encodings become one tree, of which the types in [`from_tree`](super::from_tree) are made by short functions that
//! say by themselves where it was wrong. So both encodings take the same documents. Reading the types straight from bytes
//! made code for each type, encoding and level: most of the code of a program that only reads and interprets. The price
//! is the memory of the tree, and that a second look has to find line and column of what is wrong
//! ([`locate`](super::locate)).

use core::cell::Cell;
use core::fmt;
use core::ops::Deref;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::types::Finite;
use super::{Encoding, WireError, cbor, json};

/// Most items for which room is made before they are there.
const EXPECTED_ITEMS: usize = 1024;

/// Most objects, texts or lists in a list: ten times what the validator lets pass of any.
pub(super) const MOST_OBJECTS: usize = 100_000;

/// A value of a document. There may be millions, so it is as small as it can be, and lists have no room to spare.
#[derive(Debug)]
pub(super) enum Tree<'de> {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Negative(i64),
    Real(f64),
    Text(Text<'de>),
    List(Box<[Tree<'de>]>),
    Map(Box<[(Text<'de>, Tree<'de>)]>),
}

/// A text: a part of the document, or a text of its own if it is written with escapes.
#[derive(Debug)]
pub(super) enum Text<'de> {
    Borrowed(&'de str),
    Owned(Box<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

/// Reads a tree that takes all of a sequence of bytes, and has at most so many values and names of fields.
pub(super) fn read(bytes: &[u8], encoding: Encoding, limit: usize) -> Result<Tree<'_>, WireError> {
    let left = Cell::new(limit);
    let grower = Grower { left: &left };
    let tree = match encoding {
        Encoding::Json => json::read(bytes, grower),
        Encoding::Cbor => cbor::read(bytes, grower),
    }?;
    // The value as a whole has not been counted, so nothing may be left for it.
    if left.get() == 0 { Err(WireError::TooManyValues { limit }) } else { Ok(tree) }
}

/// What is made of a tree.
pub(super) trait FromTree: Sized {
    /// The most of them that a list may hold, so that what is made of a list is not much larger than the list. A multiple
    /// of what a module may have, which is for the validator to say.
    const MOST: usize = usize::MAX;

    /// Makes it.
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue>;
}

/// Reads what a tree holds.
pub(super) fn decode<T: FromTree>(tree: &Tree<'_>) -> Result<T, WireError> {
    Ok(T::from_tree(tree)?)
}

/// Makes trees.
#[derive(Clone, Copy)]
struct Grower<'l> {
    /// How many values and names there may still be.
    left: &'l Cell<usize>,
}

impl Grower<'_> {
    /// Counts, and returns whether there was room for so many. There is no error here: it would link what splits messages
    /// of errors.
    fn has_room(self, count: usize) -> bool {
        let left = self.left.get().saturating_sub(count);
        self.left.set(left);
        left != 0
    }
}

impl<'de> DeserializeSeed<'de> for Grower<'_> {
    type Value = Tree<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Grower<'_> {
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
        Ok(Tree::Text(Text::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Text::Owned(value.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut items = Vec::with_capacity(access.size_hint().unwrap_or_default().min(EXPECTED_ITEMS));
        while let Some(item) = access.next_element_seed(self)? {
            if self.has_room(1) {
                items.push(item);
            }
        }
        Ok(Tree::List(items.into_boxed_slice()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key_seed(self)? {
            let value = access.next_value_seed(self)?;
            // Neither encoding has other keys.
            if let Tree::Text(key) = key
                && self.has_room(2)
            {
                entries.push((key, value));
            }
        }
        Ok(Tree::Map(entries.into_boxed_slice()))
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

impl From<WrongValue> for WireError {
    fn from(WrongValue { path, message }: WrongValue) -> Self {
        Self::Malformed { path: if path.is_empty() { ".".to_owned() } else { path }, message }
    }
}

/// The entries of a map.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t>(&'t [(Text<'t>, Tree<'t>)]);

impl Fields<'_> {
    /// Returns the value of a field.
    pub(super) fn find(&self, name: &str) -> Result<Option<&Tree<'_>>, WrongValue> {
        let mut found = self.0.iter().filter(|(key, _)| **key == *name);
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

    /// Reads a field that may be absent; `null` means the same.
    pub(super) fn optional<T: FromTree>(&self, name: &str) -> Result<Option<T>, WrongValue> {
        let Some(value) = self.find(name)?.filter(|value| !matches!(value, Tree::Null)) else {
            return Ok(None);
        };
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
                return WrongValue::new(format!("found the text {:?}, expected {expected}", &**text));
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

    /// Returns the items of a list, of which there may be so many.
    fn items(&self, least: usize, most: usize) -> Result<&[Tree<'t>], WrongValue> {
        let Tree::List(items) = self else { return Err(self.is_not("a list")) };
        if least <= items.len() && items.len() <= most {
            return Ok(items);
        }
        let expected = if least == most { "expected" } else { "expected at most" };
        Err(WrongValue::new(format!("{} items, {expected} {most}", items.len())))
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
        let number = match tree {
            Tree::Unsigned(number) => Self::try_from(*number).ok(),
            // A whole number, however it is written: JSON knows no other difference.
            Tree::Real(number) => Some(*number as Self).filter(|whole| f64::from(*whole) == *number),
            _ => None,
        };
        number.ok_or_else(|| tree.is_not("a whole number from 0 to 4294967295"))
    }
}

impl FromTree for String {
    const MOST: usize = MOST_OBJECTS;

    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        if let Tree::Text(text) = tree { Ok((**text).to_owned()) } else { Err(tree.is_not("a text")) }
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
    const MOST: usize = MOST_OBJECTS;

    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let items = tree.items(0, T::MOST)?;
        let mut values = Self::with_capacity(items.len());
        for number in 0..items.len() {
            values.push(item(items, number)?);
        }
        Ok(values)
    }
}

impl<A: FromTree, B: FromTree> FromTree for (A, B) {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let items = tree.items(2, 2)?;
        Ok((item(items, 0)?, item(items, 1)?))
    }
}

impl<A: FromTree, B: FromTree, C: FromTree> FromTree for (A, B, C) {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let items = tree.items(3, 3)?;
        Ok((item(items, 0)?, item(items, 1)?, item(items, 2)?))
    }
}

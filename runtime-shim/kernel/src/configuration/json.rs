//! A reader of JSON that visits what it wants and passes over the rest; no tree, no recursion.

use super::number;

/// Most arrays and objects within one another in a value that is passed over.
const DEPTH: u32 = 63;

/// A place in a document. Every method returns `None` where the document is not JSON, or not what was asked for.
pub(crate) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

/// What comes next in an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Entry<'a> {
    /// A key, as it stands, with its escapes.
    Key(&'a [u8]),
    /// Nothing.
    End,
}

impl<'a> Reader<'a> {
    /// Stands before the first value.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Enters an object; [`next_entry`](Self::next_entry) walks through it.
    pub(crate) fn enter_object(&mut self) -> Option<()> {
        self.expect(b'{')
    }

    /// Passes to the value of the next entry of an object, or leaves the object after the last.
    ///
    /// `first` says whether none has been read yet.
    pub(crate) fn next_entry(&mut self, first: bool) -> Option<Entry<'a>> {
        if self.take(b'}') {
            return Some(Entry::End);
        }
        if !first {
            self.expect(b',')?;
        }
        self.key().map(Entry::Key)
    }

    /// Enters an array; [`next_item`](Self::next_item) walks through it.
    pub(crate) fn enter_array(&mut self) -> Option<()> {
        self.expect(b'[')
    }

    /// Passes to the next value of an array and returns true, or leaves the array after the last.
    ///
    /// `first` says whether none has been read yet.
    pub(crate) fn next_item(&mut self, first: bool) -> Option<bool> {
        if self.take(b']') {
            return Some(false);
        }
        if !first {
            self.expect(b',')?;
        }
        Some(true)
    }

    /// Reads a number; see [`number::parse`].
    #[inline(never)]
    pub(crate) fn number(&mut self) -> Option<f64> {
        self.pass_space();
        let (value, length) = number::parse(self.text.get(self.at..)?)?;
        self.at += length;
        Some(value)
    }

    /// Reads a string and returns what stands between its quotes.
    #[inline(never)]
    pub(crate) fn string(&mut self) -> Option<&'a [u8]> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            let byte = *self.text.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => return self.text.get(start..self.at - 1),
                b'\\' => {
                    let rest = self.text.get(self.at..)?;
                    let (_, length) = escape(rest)?;
                    self.at += length;
                }
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    /// Passes over a value of any kind.
    pub(crate) fn skip(&mut self) -> Option<()> {
        // One bit for each open bracket, innermost last: 1 for an object.
        let mut objects = 0u64;
        let mut depth = 0;
        loop {
            let object = self.peek()? == b'{';
            if object || self.peek()? == b'[' {
                self.at += 1;
                if !self.take(if object { b'}' } else { b']' }) {
                    if depth == DEPTH {
                        return None;
                    }
                    depth += 1;
                    objects = objects << 1 | u64::from(object);
                    if object {
                        self.key()?;
                    }
                    continue;
                }
            } else {
                self.skip_scalar()?;
            }
            loop {
                if depth == 0 {
                    return Some(());
                }
                let object = objects & 1 == 1;
                if self.take(b',') {
                    if object {
                        self.key()?;
                    }
                    break;
                }
                self.expect(if object { b'}' } else { b']' })?;
                depth -= 1;
                objects >>= 1;
            }
        }
    }

    /// Makes sure that nothing but white space is left.
    pub(crate) fn finish(&mut self) -> Option<()> {
        self.pass_space();
        (self.at == self.text.len()).then_some(())
    }

    fn skip_scalar(&mut self) -> Option<()> {
        let word: &[u8] = match self.peek()? {
            b'"' => return self.string().map(|_| ()),
            b't' => b"true",
            b'f' => b"false",
            b'n' => b"null",
            _ => return self.number().map(|_| ()),
        };
        let found = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        found.then_some(())
    }

    fn key(&mut self) -> Option<&'a [u8]> {
        let key = self.string()?;
        self.expect(b':')?;
        Some(key)
    }

    #[inline(never)]
    fn peek(&mut self) -> Option<u8> {
        self.pass_space();
        self.text.get(self.at).copied()
    }

    #[inline(never)]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }

    fn pass_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.text.get(self.at) {
            self.at += 1;
        }
    }
}

/// Returns whether a string as it stands in a document, with its escapes, says a name in UTF-8.
#[inline(never)]
pub(crate) fn says(string: &[u8], name: &[u8]) -> bool {
    let (mut string, mut name) = (string, name);
    while let Some((first, rest)) = string.split_first() {
        let mut bytes = [*first, 0, 0, 0];
        let mut length = 1;
        string = rest;
        if *first == b'\\' {
            let Some((character, escaped)) = escape(rest) else { return false };
            length = encode(character, &mut bytes);
            string = rest.get(escaped..).unwrap_or_default();
        }
        match name.strip_prefix(bytes.get(..length).unwrap_or_default()) {
            Some(rest) => name = rest,
            None => return false,
        }
    }
    name.is_empty()
}

/// Reads what follows a backslash: the character and the length of its spelling.
fn escape(text: &[u8]) -> Option<(u32, usize)> {
    let character = match text.first()? {
        b'n' => 0x0a,
        b't' => 0x09,
        b'r' => 0x0d,
        b'b' => 0x08,
        b'f' => 0x0c,
        mark @ (b'"' | b'\\' | b'/') => u32::from(*mark),
        b'u' => return unicode_escape(text),
        _ => return None,
    };
    Some((character, 1))
}

/// Reads `uXXXX`, or two of them that are a pair of surrogates.
fn unicode_escape(text: &[u8]) -> Option<(u32, usize)> {
    let unit = hexadecimal(text.get(1..5)?)?;
    if !(0xd800..0xe000).contains(&unit) {
        return Some((unit, 5));
    }
    let second = hexadecimal(text.get(5..11)?.strip_prefix(b"\\u")?)?;
    let pair = unit < 0xdc00 && (0xdc00..0xe000).contains(&second);
    pair.then_some((0x1_0000 + ((unit & 0x3ff) << 10) + (second & 0x3ff), 11))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

/// Writes a character in UTF-8; returns its length.
fn encode(character: u32, bytes: &mut [u8; 4]) -> usize {
    char::from_u32(character).map_or(0, |character| character.encode_utf8(bytes).len())
}

//! What may be shown of texts that nobody vouches for: names and values of documents, modules and data, and excerpts.

use std::borrow::Cow;

/// Most characters of a text; of a longer one the middle is left out.
const LONGEST: usize = 600;

/// Characters at the start of a text that is too long.
const HEAD: usize = 400;

/// Characters at its end, where messages say what was expected.
const TAIL: usize = 150;

/// Returns a text as one line of at most 600 characters that does nothing to a terminal: control characters and those that
/// turn the direction of writing are escaped as in string literals, and the middle of what is too long is left out.
pub fn plain(text: &str) -> Cow<'_, str> {
    let count = if text.len() <= LONGEST { 0 } else { text.chars().count() };
    if count <= LONGEST && !text.contains(acts_on_terminals) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    let mut push = |part: &mut dyn Iterator<Item = char>| {
        for character in part {
            if acts_on_terminals(character) {
                shown.extend(character.escape_debug());
            } else {
                shown.push(character);
            }
        }
    };
    if count <= LONGEST {
        push(&mut text.chars());
    } else {
        push(&mut text.chars().take(HEAD));
        push(&mut " … ".chars());
        push(&mut text.chars().skip(count - TAIL));
    }
    Cow::Owned(shown)
}

/// Returns whether a character can move the cursor, change colours or the order of what is shown, or end a line.
pub(crate) fn acts_on_terminals(character: char) -> bool {
    let turns = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    turns || character.is_control()
}

/// The text that findings point into, with a picture in place of each character that would act on a terminal.
pub(crate) struct Source<'s> {
    /// What is shown: as many lines and characters as in the text.
    pub(crate) text: Cow<'s, str>,
    /// For each picture where its character stood, and how many bytes more there are up to here.
    pictures: Vec<(usize, usize)>,
}

impl<'s> Source<'s> {
    /// Prepares a text.
    pub(crate) fn new(text: &'s str) -> Self {
        let mut shown = String::new();
        let (mut pictures, mut rest) = (Vec::new(), 0);
        for (place, character) in text.char_indices() {
            // Tabs are shown as spaces, and ends of lines not at all.
            let ends_line = text[place..].starts_with('\n') || text[place..].starts_with("\r\n");
            if !acts_on_terminals(character) || character == '\t' || ends_line {
                continue;
            }
            let after = place + character.len_utf8();
            shown.push_str(&text[rest..place]);
            shown.push(picture(character));
            pictures.push((place, shown.len() - after));
            rest = after;
        }
        if pictures.is_empty() {
            return Self { text: Cow::Borrowed(text), pictures };
        }
        shown.push_str(&text[rest..]);
        Self { text: Cow::Owned(shown), pictures }
    }

    /// Returns where a byte of the text is in what is shown.
    pub(crate) fn place(&self, offset: usize) -> usize {
        let before = self.pictures.partition_point(|(place, _)| *place < offset);
        offset + before.checked_sub(1).and_then(|last| self.pictures.get(last)).map_or(0, |(_, more)| *more)
    }
}

/// Returns the picture of a character; no picture takes fewer bytes than its character.
fn picture(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Diagnostics, Span, Style, render, render_coloured, to_json};

    use super::*;

    #[test]
    fn what_acts_on_terminals_is_escaped() {
        assert_eq!(plain("`a`: 1 °C …"), "`a`: 1 °C …");
        assert_eq!(
            plain("a\x1b[31m\r\n\tb\0\x7f\u{9b}2J\u{202e}c"),
            "a\\u{1b}[31m\\r\\n\\tb\\0\\u{7f}\\u{9b}2J\\u{202e}c"
        );
    }

    #[test]
    fn the_middle_of_a_long_text_is_left_out() {
        let long = format!("unknown `{}`, expected `b`", "ä".repeat(1_000_000));
        let shown = plain(&long);
        assert_eq!(shown.chars().count(), HEAD + 3 + TAIL);
        assert!(shown.starts_with("unknown `ä") && shown.ends_with("ä`, expected `b`"), "{shown}");
    }

    #[test]
    fn no_rendering_lets_a_control_character_through() {
        let evil = "\x1b]0;title\x07\u{9b}31m\rhidden\u{202e}";
        let source = format!("a = {evil}\r\n\tb = 1\x1b[2J + c\r\n");
        let place = source.find('c').expect("it is there") as u32;
        let mut diagnostics = Diagnostics::new();
        diagnostics.unknown_model("document", evil, &[evil]);
        let at = crate::Diagnostic::error(101, Span::new(place, place + 1), evil);
        diagnostics.push(at.label(evil).help(evil).fix(evil, Span::new(place, place + 1), evil));
        for diagnostic in &diagnostics {
            for style in [Style::Full, Style::Short] {
                let text = render(diagnostic, evil, &source, style);
                assert!(!text.replace('\n', "").contains(acts_on_terminals), "{text:?}");
                assert!(style == Style::Full || text.lines().count() == 1, "{text:?}");
                let coloured = render_coloured(diagnostic, evil, &source, style);
                assert!(!coloured.contains(['\x07', '\u{9b}', '\r']), "{coloured:?}");
            }
            let json = to_json(diagnostic, evil, &source);
            assert!(!json.contains(acts_on_terminals), "{json:?}");
            assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok_and(|json| json["file"] == evil));
        }
    }

    #[test]
    fn labels_stay_where_they_are() {
        let source = "a\x1bb\u{9b}c\n";
        let shown = Source::new(source);
        assert_eq!(shown.text, "a\u{241b}b\u{fffd}c\n");
        for (found, expected) in [("a", "a"), ("\x1b", "\u{241b}"), ("b", "b"), ("c", "c"), ("\n", "\n")] {
            let place = source.find(found).expect("it is there");
            assert!(shown.text[shown.place(place)..].starts_with(expected), "{found:?}");
        }
        assert_eq!(shown.place(source.len()), shown.text.len());
    }
}

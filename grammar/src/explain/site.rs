//! The place of an error and its surroundings.

use pmc_diagnostics::Span;

use crate::recover::{Expected, Surprise};
use crate::terminal::{Placed, Terminal};

/// A text and its terminals.
#[derive(Clone, Copy)]
pub(super) struct Text<'source> {
    pub(super) source: &'source str,
    pub(super) terminals: &'source [Placed<'source>],
}

/// The place of an error.
pub(super) struct Site<'source, 'error> {
    text: Text<'source>,
    found: Placed<'source>,
    /// Position of what was found among the terminals.
    position: usize,
    /// Position of the first terminal of the statement.
    start: usize,
    pub(super) expected: Expected<'error>,
}

impl<'source, 'error> Site<'source, 'error> {
    pub(super) fn new(text: Text<'source>, surprise: Surprise<'source, 'error>) -> Self {
        let terminals = text.terminals;
        let from = terminals.partition_point(|(start, ..)| *start < surprise.found.0);
        let offset = terminals.iter().skip(from).position(|placed| *placed == surprise.found);
        let position = offset.map_or(terminals.len(), |offset| from + offset);
        let start = start_of_statement(terminals, position);
        Self { text, found: surprise.found, position, start, expected: surprise.expected }
    }

    /// Returns the position of the first terminal of the statement.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Returns what was found.
    pub(super) fn found(&self) -> Terminal<'source> {
        self.found.1
    }

    /// Returns where it stands.
    pub(super) fn span(&self) -> Span {
        Span::new(self.found.0, self.found.2)
    }

    /// Returns the terminal before, if it belongs to the same statement.
    pub(super) fn previous(&self) -> Option<Terminal<'source>> {
        self.before(1)
    }

    /// Returns the terminal a number of places before, if it belongs to the same statement.
    pub(super) fn before(&self, places: usize) -> Option<Terminal<'source>> {
        let position = self.position.checked_sub(places).filter(|position| self.start <= *position)?;
        self.text.terminals.get(position).map(|(_, terminal, _)| *terminal)
    }

    /// Returns the terminal after what was found.
    pub(super) fn next(&self) -> Option<Placed<'source>> {
        self.text.terminals.get(self.position + 1).copied()
    }

    /// Returns how the statement starts.
    pub(super) fn lead(&self) -> Option<Terminal<'source>> {
        self.text
            .terminals
            .get(self.start)
            .filter(|_| self.start < self.position)
            .map(|(_, terminal, _)| *terminal)
    }

    /// Returns the second terminal of the statement.
    pub(super) fn second(&self) -> Option<Terminal<'source>> {
        let second = self.text.terminals.get(self.start + 1).filter(|_| self.start + 1 < self.position);
        second.map(|(_, terminal, _)| *terminal)
    }

    /// Returns the place of the first terminal of the statement.
    pub(super) fn start_span(&self) -> Span {
        let first = self.text.terminals.get(self.start);
        first.map_or(self.span(), |(start, _, end)| Span::new(*start, *end))
    }

    /// Returns whether exactly one terminal stands before in the statement.
    pub(super) fn is_second(&self) -> bool {
        self.start + 1 == self.position
    }

    /// Returns the place of the terminal before; of what was found, if there is none.
    pub(super) fn previous_span(&self) -> Span {
        self.position
            .checked_sub(1)
            .and_then(|position| self.text.terminals.get(position))
            .map_or(self.span(), |(start, _, end)| Span::new(*start, *end))
    }

    /// Returns the place of the nearest terminal before, in the same statement, that fulfils a condition.
    pub(super) fn last_before(&self, wanted: impl Fn(Terminal<'source>) -> bool) -> Option<Span> {
        let within = self.text.terminals.get(self.start..self.position)?;
        let placed = within.iter().rev().find(|(_, terminal, _)| wanted(*terminal))?;
        Some(Span::new(placed.0, placed.2))
    }

    /// Returns the text from the start of the statement up to what was found.
    pub(super) fn head_text(&self) -> &'source str {
        let start = self.text.terminals.get(self.start).map_or(0, |(start, ..)| *start);
        self.slice(Span::new(start, self.previous_span().end))
    }

    /// Returns the text at a place.
    pub(super) fn slice(&self, span: Span) -> &'source str {
        self.text.source.get(span.range()).unwrap_or("")
    }

    /// Returns whether brackets of the statement were closed to mend a mistake that has been reported.
    pub(super) fn is_mended(&self) -> bool {
        use Terminal::{CloseBrace, CloseBracket, CloseCondition, CloseParenthesis};
        let statement = self.text.terminals.get(self.start..self.end_position()).unwrap_or(&[]);
        statement.iter().any(|(start, terminal, end)| {
            let closes = matches!(terminal, CloseBrace | CloseBracket | CloseCondition | CloseParenthesis);
            closes && start == end
        })
    }

    /// Returns where the statement, or its head before a block, ends.
    pub(super) fn end(&self) -> u32 {
        self.text.terminals.get(self.end_position()).map_or(u32::MAX, |(start, ..)| *start)
    }

    fn end_position(&self) -> usize {
        let ends =
            |(_, terminal, _): &Placed<'_>| matches!(terminal, Terminal::OpenBlock | Terminal::Separator);
        let rest = self.text.terminals.get(self.position..).unwrap_or(&[]);
        rest.iter().position(ends).map_or(self.text.terminals.len(), |offset| self.position + offset)
    }

    /// Says what was found.
    pub(super) fn found_text(&self) -> String {
        let (start, terminal, end) = self.found;
        if terminal == Terminal::Separator {
            return self.separator_text(start);
        }
        let text = self.slice(Span::new(start, end));
        match text.char_indices().nth(40) {
            Some((cut, _)) => format!("`{}…`", text.get(..cut).unwrap_or("")),
            None => format!("`{text}`"),
        }
    }

    /// Says what ends the statement: the separator itself, or what made the layout put it there.
    fn separator_text(&self, at: u32) -> String {
        let rest = self.text.source.get(at as usize..).unwrap_or("");
        if let Some(sign @ (';' | ',')) = rest.chars().next() {
            return format!("`{sign}`");
        }
        let Some((start, _, end)) = self.next() else {
            return "the end of the text".to_owned();
        };
        let gap = self.slice(Span::new(at, start));
        if gap.contains(['\n', '\r']) || start == end {
            return "the end of the line".to_owned();
        }
        format!("`{}`", self.slice(Span::new(start, end)))
    }

    /// Says what could have stood there, if that is one thing.
    pub(super) fn expected_text(&self) -> Option<&'static str> {
        let ends: &[(&str, &'static str)] = &[
            (")", "an operator or `)`"),
            ("]", "an operator or `]`"),
            ("condition )", "an operator or `)`"),
            ("separator", "an operator or the end of the statement"),
        ];
        let phrases: &[(&str, &'static str)] = &[
            ("number", "a value"),
            ("->", "`->`"),
            ("=", "`=`"),
            ("..", "`..`"),
            ("in", "`in`"),
            ("{", "`{`"),
            ("(", "`(`"),
            (",", "`,` or the end of the list"),
            ("word", "a name"),
            ("separator", "the end of the statement"),
        ];
        let phrases = if self.expected.allows("==") { ends } else { phrases };
        phrases.iter().find(|(terminal, _)| self.expected.allows(terminal)).map(|(_, phrase)| *phrase)
    }

    /// Returns whether what was found stands inside brackets or in the condition of a statement.
    pub(super) fn is_in_condition(&self) -> bool {
        use Terminal::{
            At, CloseBrace, CloseBracket, CloseCondition, CloseParenthesis, Every, If, OpenBracket,
            OpenCondition, OpenInline, OpenParenthesis, When,
        };
        if matches!(self.lead(), Some(At | Every | If | When)) {
            return true;
        }
        let within = self.text.terminals.get(self.start..self.position).unwrap_or(&[]);
        let count = |wanted: fn(Terminal<'_>) -> bool| {
            within.iter().filter(|(_, terminal, _)| wanted(*terminal)).count()
        };
        let closed = count(|terminal| {
            matches!(terminal, CloseBrace | CloseBracket | CloseCondition | CloseParenthesis)
        });
        let opened =
            count(|terminal| matches!(terminal, OpenBracket | OpenCondition | OpenInline | OpenParenthesis));
        closed < opened
    }

    /// Returns whether a value has just ended.
    pub(super) fn is_after_value(&self) -> bool {
        use Terminal::{Boolean, CloseBrace, CloseBracket, CloseParenthesis, Number, Text, Word};
        let ended = matches!(
            self.previous(),
            Some(Boolean(_) | CloseBrace | CloseBracket | CloseParenthesis | Number(..) | Text(_) | Word(_))
        );
        ended && !self.expected.allows("number")
    }

    /// Returns whether what was found can start a value.
    pub(super) fn found_starts_value(&self) -> bool {
        use Terminal::{Boolean, IfValue, Number, OpenParenthesis, Word};
        matches!(self.found(), Boolean(_) | IfValue | Number(..) | OpenParenthesis | Word(_))
    }
}

/// Finds the first terminal of the statement in which the terminal at `position` stands.
fn start_of_statement(terminals: &[Placed<'_>], position: usize) -> usize {
    let mut closed = 0_usize;
    let before = terminals.get(..position).unwrap_or(terminals);
    for (index, (_, terminal, _)) in before.iter().enumerate().rev() {
        match terminal {
            Terminal::CloseBrace => closed += 1,
            Terminal::OpenBlock | Terminal::OpenInline if 0 < closed => closed -= 1,
            Terminal::OpenBlock | Terminal::AuthoringText | Terminal::CanonicalText => return index + 1,
            Terminal::Separator if closed == 0 => return index + 1,
            _ => {}
        }
    }
    0
}

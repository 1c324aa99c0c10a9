//! From tokens to terminals: where statements end, and which words are keywords where they stand.
//!
//! Guarantees to the grammar: brackets are balanced; a separator follows every statement, declaration
//! and entry, and stands nowhere else; none stands inside `( )`, `[ ]` or the braces of a value. So an
//! error inside one statement cannot spoil the next.

mod brackets;
mod frame;
mod statement;
mod words;

use pmc_diagnostics::{Diagnostics, Span};

use crate::limits::{FINDINGS, NESTING};
use crate::terminal::{Placed, Terminal};
use crate::token::{Lexeme, Token};
use frame::{Entries, Frame, FrameKind, Lead};

/// The terminals of a text.
pub(crate) struct Arranged<'source> {
    /// The terminals, brackets balanced, statements ended by separators.
    pub(crate) terminals: Vec<Placed<'source>>,
    /// Where reading stopped because of a limit; what the parser finds from there on means nothing.
    pub(crate) stopped: Option<u32>,
}

/// Turns the tokens of a text into the terminals of the grammar.
pub(crate) fn arrange<'source>(
    source: &'source str,
    lexemes: &[Lexeme],
    diagnostics: &mut Diagnostics,
) -> Arranged<'source> {
    let canonical = is_canonical(source, lexemes);
    let kind = if canonical { FrameKind::CanonicalText } else { FrameKind::AuthoringText };
    let start = if canonical { Terminal::CanonicalText } else { Terminal::AuthoringText };
    let layout = Layout {
        source,
        lexemes,
        partners: brackets::partners(lexemes),
        frames: vec![Frame::new(kind, Span::default())],
        previous: Previous::Start,
        terminals: vec![(0, start, 0)],
        diagnostics,
    };
    layout.run()
}

/// Returns whether the text is in the canonical spelling: it starts with `model`, not assigned to.
fn is_canonical(source: &str, lexemes: &[Lexeme]) -> bool {
    let word =
        |lexeme: &Lexeme| lexeme.token == Token::Word && source.get(lexeme.span.range()) == Some("model");
    let used_as_name = |lexeme: &Lexeme| {
        words::is_assignment(lexeme.token)
            || matches!(lexeme.token, Token::OpenBracket | Token::OpenParenthesis)
    };
    lexemes.first().is_some_and(word) && !lexemes.get(1).is_some_and(used_as_name)
}

/// The text being arranged.
struct Layout<'source, 'work> {
    source: &'source str,
    lexemes: &'work [Lexeme],
    /// For each opening bracket, the position of the closing one.
    partners: Vec<Option<usize>>,
    /// The open brackets; the first is the whole text and never closed.
    frames: Vec<Frame>,
    previous: Previous,
    terminals: Vec<Placed<'source>>,
    diagnostics: &'work mut Diagnostics,
}

/// What stands before the current token, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Previous {
    /// The start of a frame or a separator.
    Start,
    /// Something that ends a value: a name, a number, a closing bracket.
    Value,
    /// The end of the condition of a conditional value.
    Condition,
    /// The end of a block.
    Block,
    /// An operator, `=`, `if` and everything else that needs more.
    Unfinished(Unfinished),
    /// A keyword.
    Keyword,
}

/// What needs more, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unfinished {
    /// `,`.
    Comma,
    /// `(` or `[`.
    Opening,
    /// `else` of a statement.
    Else,
    /// `if` of a conditional value.
    IfValue,
    /// Anything else after which a brace opens a value or a set.
    Operator,
    /// A reserved word at the start of a statement, or `model`.
    Statement,
}

/// Why the text is not read further.
enum Exhausted {
    /// Too many levels.
    Nesting,
    /// Too many findings.
    Findings,
}

impl<'source> Layout<'source, '_> {
    fn run(mut self) -> Arranged<'source> {
        let last = self.lexemes.len().saturating_sub(1);
        for (position, lexeme) in self.lexemes.iter().take(last).enumerate() {
            if let Err(exhausted) = self.step(position, *lexeme) {
                match exhausted {
                    Exhausted::Nesting => self.diagnostics.nested_too_deeply(lexeme.span, NESTING),
                    Exhausted::Findings => self.diagnostics.too_many_findings(lexeme.span),
                }
                self.close_everything_silently(lexeme.span.start);
                return Arranged { terminals: self.terminals, stopped: Some(lexeme.span.start) };
            }
        }
        self.close_everything();
        Arranged { terminals: self.terminals, stopped: None }
    }

    fn step(&mut self, position: usize, lexeme: Lexeme) -> Result<(), Exhausted> {
        if FINDINGS <= self.diagnostics.iter().len() {
            return Err(Exhausted::Findings);
        }
        self.separate_before(position, lexeme);
        match lexeme.token {
            Token::Semicolon if self.frame().kind.has_lines() => self.separate(lexeme.span.start),
            Token::Comma if self.comma_separates() => self.separate(lexeme.span.start),
            Token::OpenBrace | Token::OpenParenthesis | Token::OpenBracket => {
                return self.open(lexeme);
            }
            Token::CloseBrace => self.close_brace(lexeme.span),
            Token::CloseParenthesis | Token::CloseBracket => self.close_round_or_square(lexeme),
            _ => return self.place(position, lexeme),
        }
        Ok(())
    }

    /// Places a token that is neither a bracket nor a separator.
    fn place(&mut self, position: usize, lexeme: Lexeme) -> Result<(), Exhausted> {
        let is_lead = self.frame().kind.has_lines() && self.frame().lead.is_none();
        let (terminal, previous) = if is_lead {
            let (terminal, lead) = self.lead(position, lexeme);
            self.frame_mut().lead = Some(lead);
            (terminal, previous_after_lead(terminal, lexeme.token))
        } else {
            let terminal = self.inner(lexeme);
            (terminal, previous_after(terminal))
        };
        self.count_nesting(terminal)?;
        if terminal == Terminal::Arrow {
            self.frame_mut().after_arrow = true;
        }
        self.push(terminal, lexeme.span);
        self.previous = previous;
        Ok(())
    }

    /// Counts what nests without brackets, so that the parser's stack stays small.
    fn count_nesting(&mut self, terminal: Terminal<'_>) -> Result<(), Exhausted> {
        use Terminal::{Boolean, Comma, If, IfValue, Minus, Not, Number, Plus, Power, Word};
        let prefix = matches!(self.previous, Previous::Start | Previous::Condition | Previous::Unfinished(_));
        let frame = self.frame_mut();
        match terminal {
            Power | Not => frame.tight += 1,
            Plus | Minus if prefix => frame.tight += 1,
            If | IfValue => frame.conditionals += 1,
            Comma => (frame.tight, frame.conditionals) = (0, 0),
            Word(_) | Number(..) | Boolean(_) => {}
            _ => frame.tight = 0,
        }
        self.check_nesting()
    }

    fn check_nesting(&self) -> Result<(), Exhausted> {
        // The frame of the whole text is no level.
        let levels = self.frames.iter().map(Frame::levels).sum::<usize>() - 1;
        if levels <= NESTING { Ok(()) } else { Err(Exhausted::Nesting) }
    }

    /// Returns the terminal of a token inside a statement.
    fn inner(&mut self, lexeme: Lexeme) -> Terminal<'source> {
        let terminal = self.symbol(lexeme);
        match terminal {
            Terminal::If if self.previous == Previous::Unfinished(Unfinished::Else) => Terminal::If,
            Terminal::If => {
                self.frame_mut().open_conditionals += 1;
                Terminal::IfValue
            }
            Terminal::Else if 0 < self.frame().open_conditionals => {
                self.frame_mut().open_conditionals -= 1;
                Terminal::ElseValue
            }
            Terminal::Word("per") if self.inside(Lead::Effects) => Terminal::Per,
            Terminal::Word("from") if self.inside(Lead::Every) => Terminal::From,
            other => other,
        }
    }

    /// Returns whether a value has just ended in a statement that started so.
    fn inside(&self, lead: Lead) -> bool {
        self.previous == Previous::Value && self.frame().lead == Some(lead)
    }

    /// Returns the terminal of a token whatever its place; words become names.
    fn symbol(&mut self, lexeme: Lexeme) -> Terminal<'source> {
        match lexeme.token {
            Token::Word => match self.text(lexeme.span) {
                "if" => Terminal::If,
                "else" => Terminal::Else,
                "for" => Terminal::For,
                "in" => Terminal::In,
                "let" => Terminal::Let,
                "true" => Terminal::Boolean(true),
                "false" => Terminal::Boolean(false),
                word => Terminal::Word(word),
            },
            Token::Number => self.number(lexeme.span),
            Token::Text => {
                let inner = Span::new(lexeme.span.start + 1, lexeme.span.end - 1);
                let text = self.text(inner);
                if text.chars().any(is_hidden) {
                    self.diagnostics.control_character(lexeme.span);
                }
                Terminal::Text(text)
            }
            other => punctuation(other),
        }
    }

    fn number(&mut self, span: Span) -> Terminal<'source> {
        let text = self.text(span);
        let value = text.parse::<f64>().unwrap_or(f64::INFINITY);
        if value.is_finite() {
            return Terminal::Number(value, text);
        }
        self.diagnostics.number_too_large(span, text);
        Terminal::Number(f64::MAX, text)
    }

    fn text(&self, span: Span) -> &'source str {
        self.source.get(span.range()).unwrap_or("")
    }

    fn push(&mut self, terminal: Terminal<'source>, span: Span) {
        self.terminals.push((span.start, terminal, span.end));
    }

    /// Ends the current statement, if there is one.
    fn separate(&mut self, at: u32) {
        if self.frame().lead.is_some() {
            self.terminals.push((at, Terminal::Separator, at));
            self.frame_mut().end_statement();
        }
        self.previous = Previous::Start;
    }

    /// Returns whether a comma ends what stands before it: an entry, or a statement of a canonical model.
    fn comma_separates(&self) -> bool {
        match self.frame().kind {
            FrameKind::Entries(_) => true,
            FrameKind::Statements => !self.is_authoring(),
            _ => false,
        }
    }

    fn is_authoring(&self) -> bool {
        self.frames.first().is_some_and(|frame| frame.kind == FrameKind::AuthoringText)
    }

    fn frame(&self) -> &Frame {
        self.frames.last().expect("the frame of the text is never closed")
    }

    fn frame_mut(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the frame of the text is never closed")
    }
}

fn previous_after_lead(terminal: Terminal<'_>, token: Token) -> Previous {
    match terminal {
        Terminal::Model => Previous::Unfinished(Unfinished::Statement),
        Terminal::Word(_) => Previous::Value,
        _ if token == Token::Word && !matches!(terminal, Terminal::Boolean(_)) => match terminal {
            Terminal::If | Terminal::Else | Terminal::For | Terminal::In | Terminal::Let => {
                Previous::Unfinished(Unfinished::Statement)
            }
            _ => Previous::Keyword,
        },
        other => previous_after(other),
    }
}

fn previous_after(terminal: Terminal<'_>) -> Previous {
    use Terminal::{Boolean, Comma, Else, From, If, IfValue, Invalid, Number, Per, Percent, Text, Word};
    match terminal {
        Word(_) | Number(..) | Text(_) | Boolean(_) | Percent => Previous::Value,
        Comma => Previous::Unfinished(Unfinished::Comma),
        Else => Previous::Unfinished(Unfinished::Else),
        If => Previous::Unfinished(Unfinished::Statement),
        IfValue => Previous::Unfinished(Unfinished::IfValue),
        // What follows on the line is not looked at for statements.
        Invalid | From | Per => Previous::Keyword,
        _ => Previous::Unfinished(Unfinished::Operator),
    }
}

/// Returns whether a character does something to terminals, tables or XML in place of being shown; no name or label of a
/// module may have it.
const fn is_hidden(character: char) -> bool {
    matches!(character, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

fn punctuation(token: Token) -> Terminal<'static> {
    match token {
        Token::Comma => Terminal::Comma,
        Token::Colon => Terminal::Colon,
        Token::At => Terminal::Annotation,
        Token::Tilde => Terminal::Tilde,
        Token::Percent => Terminal::Percent,
        Token::Arrow => Terminal::Arrow,
        Token::Range => Terminal::Range,
        Token::Assign => Terminal::Assign,
        Token::Accumulate => Terminal::Accumulate,
        Token::Or => Terminal::Or,
        Token::And => Terminal::And,
        Token::Equal => Terminal::Equal,
        Token::NotEqual => Terminal::NotEqual,
        Token::Less => Terminal::Less,
        Token::LessEqual => Terminal::LessEqual,
        Token::Greater => Terminal::Greater,
        Token::GreaterEqual => Terminal::GreaterEqual,
        Token::Plus => Terminal::Plus,
        Token::Minus => Terminal::Minus,
        Token::Times => Terminal::Times,
        Token::Divide => Terminal::Divide,
        Token::Power => Terminal::Power,
        Token::Not => Terminal::Not,
        _ => Terminal::Invalid,
    }
}

impl Entries {
    /// Returns whether a name after a complete entry starts the next one without a separator.
    fn may_omit_separators(self, after_arrow: bool) -> bool {
        self != Self::Routes || after_arrow
    }
}

//! Opening and closing of brackets; every mistake is reported here and mended for the grammar.

use pmc_diagnostics::Span;

use super::frame::{Entries, Frame, FrameKind, Lead};
use super::{Exhausted, Layout, Previous, Unfinished};
use crate::terminal::Terminal;
use crate::token::{Lexeme, Token};

/// Finds the closing bracket of each opening one, by position.
pub(super) fn partners(lexemes: &[Lexeme]) -> Vec<Option<usize>> {
    let mut partners = vec![None; lexemes.len()];
    let mut open: Vec<(Token, usize)> = Vec::new();
    for (position, lexeme) in lexemes.iter().enumerate() {
        match lexeme.token {
            Token::OpenParenthesis => open.push((Token::CloseParenthesis, position)),
            Token::OpenBracket => open.push((Token::CloseBracket, position)),
            Token::CloseParenthesis | Token::CloseBracket => {
                if let Some((_, opening)) = open.pop_if(|(closing, _)| *closing == lexeme.token) {
                    partners[opening] = Some(position);
                }
            }
            Token::OpenBrace | Token::CloseBrace => open.clear(),
            _ => {}
        }
    }
    partners
}

impl Layout<'_, '_> {
    /// Opens a bracket.
    pub(super) fn open(&mut self, lexeme: Lexeme) -> Result<(), Exhausted> {
        let (kind, terminal) = match lexeme.token {
            Token::OpenParenthesis if self.previous == Previous::Unfinished(Unfinished::IfValue) => {
                (FrameKind::Condition, Terminal::OpenCondition)
            }
            Token::OpenParenthesis if self.previous == Previous::Value => {
                (FrameKind::Arguments, Terminal::OpenParenthesis)
            }
            Token::OpenParenthesis => (FrameKind::Parentheses, Terminal::OpenParenthesis),
            Token::OpenBracket => (FrameKind::Brackets, Terminal::OpenBracket),
            _ => self.brace_kind(),
        };
        let frame = self.frame_mut();
        if frame.kind.has_lines() && frame.lead.is_none() {
            frame.lead = Some(Lead::Plain);
        }
        self.push(terminal, lexeme.span);
        self.frames.push(Frame::new(kind, lexeme.span));
        self.previous = match terminal {
            Terminal::OpenBlock => Previous::Start,
            _ => Previous::Unfinished(Unfinished::Opening),
        };
        self.check_nesting()
    }

    fn brace_kind(&self) -> (FrameKind, Terminal<'static>) {
        let frame = self.frame();
        let inline = match self.previous {
            Previous::Condition => true,
            Previous::Unfinished(unfinished) => {
                !matches!(unfinished, Unfinished::Else | Unfinished::Statement)
            }
            _ => false,
        };
        if inline || !frame.kind.has_lines() {
            return (FrameKind::Inline, Terminal::OpenInline);
        }
        let kind = match (frame.kind, frame.lead) {
            (_, Some(Lead::Block(kind))) => kind,
            (FrameKind::CanonicalText, _) => FrameKind::Model,
            (FrameKind::Entries(Entries::Routes), _) => FrameKind::Entries(Entries::Properties),
            _ => FrameKind::Statements,
        };
        (kind, Terminal::OpenBlock)
    }

    /// Closes the innermost brace, and what was left open inside.
    pub(super) fn close_brace(&mut self, span: Span) {
        let is_brace = |frame: &Frame| !frame.kind.is_round_or_square();
        let Some(position) = self.frames.iter().rposition(is_brace).filter(|position| 0 < *position) else {
            self.close_round_and_square(span.start);
            self.diagnostics.closing_without_opening(span, '}');
            return;
        };
        while position + 1 < self.frames.len() {
            self.report_unclosed_and_close(span.start);
        }
        self.separate_if_lines(span.start);
        let kind = self.frame().kind;
        self.frames.pop();
        self.push(Terminal::CloseBrace, span);
        self.previous = if kind == FrameKind::Inline { Previous::Value } else { Previous::Block };
    }

    /// Closes a parenthesis or a square bracket.
    pub(super) fn close_round_or_square(&mut self, lexeme: Lexeme) {
        let kind = self.frame().kind;
        let found = if lexeme.token == Token::CloseBracket { ']' } else { ')' };
        if !kind.is_round_or_square() {
            self.diagnostics.closing_without_opening(lexeme.span, found);
            return;
        }
        let expected = if kind == FrameKind::Brackets { ']' } else { ')' };
        if found != expected {
            let opening = self.frame().opening;
            self.diagnostics.wrong_closing_bracket(lexeme.span, found, expected, opening);
        }
        self.close_frame(lexeme.span);
    }

    /// Reports and closes all parentheses and square brackets down to the innermost brace.
    pub(super) fn close_round_and_square(&mut self, at: u32) {
        while self.frame().kind.is_round_or_square() {
            self.report_unclosed_and_close(at);
        }
    }

    /// Reports and closes whatever is open at the end of the text.
    pub(super) fn close_everything(&mut self) {
        let end = self.end_of_last();
        while 1 < self.frames.len() {
            self.separate_if_lines(end);
            self.report_unclosed_and_close(end);
        }
        self.separate(end);
    }

    /// Closes whatever is open where reading stops.
    pub(super) fn close_everything_silently(&mut self, end: u32) {
        while 1 < self.frames.len() {
            self.separate_if_lines(end);
            self.close_frame(Span::new(end, end));
        }
        self.separate(end);
    }

    fn separate_if_lines(&mut self, at: u32) {
        if self.frame().kind.has_lines() {
            self.separate(at);
        }
    }

    /// Reports and closes the innermost bracket.
    pub(super) fn report_unclosed_and_close(&mut self, at: u32) {
        let (opening, kind) = (self.frame().opening, self.frame().kind);
        let expected = match kind {
            FrameKind::Brackets => ']',
            FrameKind::Parentheses | FrameKind::Arguments | FrameKind::Condition => ')',
            _ => '}',
        };
        self.diagnostics.bracket_never_closed(opening, expected, Span::new(at, at));
        self.close_frame(Span::new(at, at));
    }

    /// Closes the innermost bracket.
    fn close_frame(&mut self, span: Span) {
        let kind = self.frame().kind;
        self.frames.pop();
        let (terminal, previous) = match kind {
            FrameKind::Brackets => (Terminal::CloseBracket, Previous::Value),
            FrameKind::Condition => (Terminal::CloseCondition, Previous::Condition),
            FrameKind::Parentheses | FrameKind::Arguments => (Terminal::CloseParenthesis, Previous::Value),
            FrameKind::Inline => (Terminal::CloseBrace, Previous::Value),
            _ => (Terminal::CloseBrace, Previous::Block),
        };
        self.push(terminal, span);
        self.previous = previous;
    }
}

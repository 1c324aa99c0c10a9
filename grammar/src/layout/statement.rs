//! Where a statement starts and where it ends.

use pmc_diagnostics::Span;

use super::frame::{Entries, FrameKind, Lead};
use super::words::{self, Following};
use super::{Layout, Previous, Unfinished};
use crate::terminal::Terminal;
use crate::token::{Lexeme, Token};

/// How surely a token starts a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// It need not.
    No,
    /// Like `x =`, which can also be a named argument or an item of a list.
    Assignment,
    /// Like `ddt(x) =`.
    Sure,
}

impl<'source> Layout<'source, '_> {
    /// Ends the current statement before a token that does not belong to it.
    pub(super) fn separate_before(&mut self, position: usize, lexeme: Lexeme) {
        if lexeme.starts_line && !self.frame().kind.has_lines() {
            self.close_at_new_statement(position);
        }
        let frame = self.frame();
        if !frame.kind.has_lines() || frame.lead.is_none() {
            return;
        }
        let is_else = self.is_else(lexeme);
        let ends = match self.previous {
            Previous::Block => !is_else,
            _ if lexeme.starts_line => self.line_end_separates(position, lexeme),
            Previous::Value => self.starts_next_on_line(position, lexeme),
            _ => false,
        };
        if ends {
            let end = self.terminals.last().map_or(0, |(_, _, end)| *end);
            self.separate(end);
        }
    }

    /// Closes forgotten parentheses before a line that can only be a new statement.
    fn close_at_new_statement(&mut self, position: usize) {
        let lines = self.frames.iter().rposition(|frame| frame.kind.has_lines()).unwrap_or(0);
        let only_round = self.frames.iter().skip(lines + 1).all(|frame| frame.kind.is_round_or_square());
        let may_be_argument =
            matches!(self.previous, Previous::Unfinished(Unfinished::Comma | Unfinished::Opening));
        let least = if may_be_argument { Likeness::Sure } else { Likeness::Assignment };
        if only_round && least <= self.likeness(position) {
            let end = self.terminals.last().map_or(0, |(_, _, end)| *end);
            self.close_round_and_square(end);
        }
    }

    fn line_end_separates(&self, position: usize, lexeme: Lexeme) -> bool {
        let likeness = self.likeness(position);
        match self.previous {
            Previous::Unfinished(Unfinished::Statement) => false,
            Previous::Unfinished(Unfinished::Comma) => match self.frame().lead {
                Some(Lead::Names) => Likeness::Assignment <= likeness,
                _ => likeness == Likeness::Sure,
            },
            Previous::Unfinished(_) | Previous::Condition => Likeness::Assignment <= likeness,
            _ => !self.is_else(lexeme) && !continues(lexeme.token) && !self.is_reserved_in(lexeme),
        }
    }

    fn is_else(&self, lexeme: Lexeme) -> bool {
        lexeme.token == Token::Word && self.text(lexeme.span) == "else"
    }

    fn is_reserved_in(&self, lexeme: Lexeme) -> bool {
        lexeme.token == Token::Word && self.text(lexeme.span) == "in"
    }

    /// Returns whether a token after a value on the same line starts the next statement.
    fn starts_next_on_line(&mut self, position: usize, lexeme: Lexeme) -> bool {
        if lexeme.token != Token::Word {
            return false;
        }
        let (kind, after_arrow) = (self.frame().kind, self.frame().after_arrow);
        let word = self.text(lexeme.span);
        if let FrameKind::Entries(entries) = kind {
            return entries.may_omit_separators(after_arrow) && !matches!(word, "in" | "else");
        }
        let starts = Likeness::Assignment <= self.likeness(position)
            || word == "if"
            || (kind == FrameKind::Model && matches!(word, "kind" | "particles"));
        if starts && self.frames.first().is_some_and(|frame| frame.kind == FrameKind::AuthoringText) {
            self.diagnostics.statements_on_one_line(lexeme.span);
        }
        starts
    }

    /// Returns how surely the token at a position starts a statement.
    fn likeness(&self, position: usize) -> Likeness {
        let Some(lexeme) = self.lexemes.get(position).filter(|lexeme| lexeme.token == Token::Word) else {
            return Likeness::No;
        };
        let word = self.text(lexeme.span);
        match word {
            "let" | "for" => return Likeness::Sure,
            _ if words::RESERVED.contains(&word) => return Likeness::No,
            _ => {}
        }
        let next = self.token(position + 1);
        match next {
            Token::Assign | Token::Accumulate => Likeness::Assignment,
            Token::Colon => Likeness::Assignment,
            Token::OpenBracket if words::is_assignment(self.after_partner(position + 1)) => {
                Likeness::Assignment
            }
            Token::OpenParenthesis => match self.after_partner(position + 1) {
                Token::Assign | Token::Accumulate | Token::Colon | Token::Arrow => Likeness::Sure,
                Token::Tilde if word == "eta" => Likeness::Sure,
                _ => Likeness::No,
            },
            Token::Word if words::declares(word) => Likeness::Sure,
            Token::OpenBrace if words::opens_item_block(word) => Likeness::Sure,
            _ => Likeness::No,
        }
    }

    /// Returns the role of the first token of a statement.
    pub(super) fn lead(&mut self, position: usize, lexeme: Lexeme) -> (Terminal<'source>, Lead) {
        let terminal = self.symbol(lexeme);
        match terminal {
            Terminal::If | Terminal::For | Terminal::Else => (terminal, Lead::Block(FrameKind::Statements)),
            Terminal::Word(word) => self.lead_word(position, word),
            other => (other, Lead::Plain),
        }
    }

    fn lead_word(&self, position: usize, word: &'source str) -> (Terminal<'source>, Lead) {
        let following = self.following(position);
        let role = match self.frame().kind {
            FrameKind::AuthoringText => words::item(word, following),
            FrameKind::Model => words::model_item(word, following),
            FrameKind::Statements => words::statement(word, following),
            FrameKind::CanonicalText if word == "model" => {
                Some((Terminal::Model, Lead::Block(FrameKind::Model)))
            }
            FrameKind::Entries(Entries::Routes) if following.next == Token::Word => {
                words::route(word).map(|kind| (Terminal::Route(kind), Lead::Plain))
            }
            FrameKind::Entries(Entries::Structure) if word == "structure" => {
                Some((Terminal::Structure, Lead::Plain))
            }
            _ => None,
        };
        role.unwrap_or((Terminal::Word(word), Lead::Plain))
    }

    fn following(&self, position: usize) -> Following {
        let same_line = |lexeme: &&Lexeme| !lexeme.starts_line || lexeme.token == Token::OpenBrace;
        let next = self.lexemes.get(position + 1).filter(same_line).map_or(Token::End, |lexeme| lexeme.token);
        let reserved = |span: Span| words::RESERVED.contains(&self.text(span));
        let next = match self.lexemes.get(position + 1) {
            Some(lexeme) if next == Token::Word && reserved(lexeme.span) => Token::End,
            _ => next,
        };
        Following { next, after_parenthesis: self.after_partner(position + 1) }
    }

    /// Returns the token at a position.
    fn token(&self, position: usize) -> Token {
        self.lexemes.get(position).map_or(Token::End, |lexeme| lexeme.token)
    }

    /// Returns the token after the partner of the bracket at a position.
    fn after_partner(&self, position: usize) -> Token {
        let partner = self.partners.get(position).copied().flatten();
        partner.map_or(Token::End, |partner| self.token(partner + 1))
    }
}

/// Returns whether a line that starts with a token continues the line before it.
fn continues(token: Token) -> bool {
    use Token::{
        Accumulate, And, Arrow, Assign, At, CloseBracket, CloseParenthesis, Colon, Comma, Divide, Equal,
        Greater, GreaterEqual, Less, LessEqual, Minus, NotEqual, OpenBrace, Or, Percent, Plus, Power, Range,
        Text, Tilde, Times,
    };
    matches!(
        token,
        Accumulate
            | And
            | Arrow
            | Assign
            | At
            | CloseBracket
            | CloseParenthesis
            | Colon
            | Comma
            | Divide
            | Equal
            | Greater
            | GreaterEqual
            | Less
            | LessEqual
            | Minus
            | NotEqual
            | OpenBrace
            | Or
            | Percent
            | Plus
            | Power
            | Range
            | Text
            | Tilde
            | Times
    )
}

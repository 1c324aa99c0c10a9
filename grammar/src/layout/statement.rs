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

/// What continues the line before when it starts a line.
const CONTINUING: &[Token] = &[
    Token::Accumulate,
    Token::And,
    Token::Arrow,
    Token::Assign,
    Token::At,
    Token::CloseBracket,
    Token::CloseParenthesis,
    Token::Colon,
    Token::Comma,
    Token::Divide,
    Token::Equal,
    Token::Greater,
    Token::GreaterEqual,
    Token::Less,
    Token::LessEqual,
    Token::Minus,
    Token::NotEqual,
    Token::OpenBrace,
    Token::Or,
    Token::Percent,
    Token::Plus,
    Token::Power,
    Token::Range,
    Token::Text,
    Token::Tilde,
    Token::Times,
];

impl<'source> Layout<'source, '_> {
    /// Ends the current statement before a token that does not belong to it.
    pub(super) fn separate_before(&mut self, position: usize, lexeme: Lexeme) {
        if !self.frame().kind.has_lines() && self.starts_in_brackets(position, lexeme) {
            self.close_forgotten_brackets();
        }
        if !self.frame().kind.has_lines() {
            return;
        }
        if self.frame().lead.is_some() && self.ends_before(position, lexeme) {
            self.separate(self.end_of_last());
        }
        if self.frame().lead.is_none() {
            self.close_at_new_item(position, lexeme);
        }
    }

    fn ends_before(&mut self, position: usize, lexeme: Lexeme) -> bool {
        match self.previous {
            Previous::Block => !self.is_word(lexeme, "else"),
            _ if lexeme.starts_line => self.line_end_separates(position, lexeme),
            Previous::Value if lexeme.token == Token::Word && !self.is_after_lone_word() => {
                self.starts_next_on_line(position, lexeme)
            }
            _ => false,
        }
    }

    /// Returns whether the statement so far is one plain word; such a word is a misspelt keyword.
    fn is_after_lone_word(&self) -> bool {
        let in_entries = matches!(self.frame().kind, FrameKind::Entries(_));
        let mut last = self.terminals.iter().rev().map(|(_, terminal, _)| *terminal);
        let word = matches!(last.next(), Some(Terminal::Word(_)));
        let first = matches!(
            last.next(),
            Some(
                Terminal::Separator | Terminal::OpenBlock | Terminal::AuthoringText | Terminal::CanonicalText
            )
        );
        word && first && !in_entries
    }

    /// Closes forgotten braces before something that cannot stand in a block.
    fn close_at_new_item(&mut self, position: usize, lexeme: Lexeme) {
        let model = self.is_word(lexeme, "model") && self.token(position + 1) == Token::Word;
        let closes = match self.frame().kind {
            FrameKind::Statements | FrameKind::Entries(_) => model || self.starts_item(position, lexeme),
            FrameKind::Model => model,
            _ => false,
        };
        if !closes {
            return;
        }
        let at = self.end_of_last();
        while matches!(self.frame().kind, FrameKind::Statements | FrameKind::Entries(_))
            || (model && self.frame().kind == FrameKind::Model)
        {
            self.separate(at);
            self.report_unclosed_and_close(at);
        }
        self.separate(at);
    }

    /// Returns whether a word can only start an item.
    fn starts_item(&self, position: usize, lexeme: Lexeme) -> bool {
        if lexeme.token != Token::Word {
            return false;
        }
        let word = self.text(lexeme.span);
        let following = self.following(position);
        match following.next {
            Token::OpenBrace => words::opens_item_block(word),
            Token::Word => lexeme.starts_line && words::declares(word),
            Token::OpenParenthesis => {
                let in_routes = self.frame().kind == FrameKind::Entries(Entries::Routes);
                !in_routes && words::route(word).is_some() && following.after_parenthesis == Token::Arrow
            }
            _ => false,
        }
    }

    pub(super) fn end_of_last(&self) -> u32 {
        self.terminals.last().map_or(0, |(_, _, end)| *end)
    }

    /// Returns whether a token inside brackets can only be, or separate, a new statement.
    fn starts_in_brackets(&self, position: usize, lexeme: Lexeme) -> bool {
        if lexeme.token == Token::Semicolon {
            return Likeness::Assignment <= self.likeness(position + 1);
        }
        let may_be_argument = self.frame().kind == FrameKind::Arguments
            && matches!(self.previous, Previous::Unfinished(Unfinished::Comma | Unfinished::Opening));
        let least = if may_be_argument { Likeness::Sure } else { Likeness::Assignment };
        lexeme.starts_line && (least <= self.likeness(position) || self.is_second_value(position))
    }

    /// Closes the parentheses and square brackets that are open, unless there are braces around them.
    fn close_forgotten_brackets(&mut self) {
        let lines = self.frames.iter().rposition(|frame| frame.kind.has_lines()).unwrap_or(0);
        if self.frames.iter().skip(lines + 1).all(|frame| frame.kind.is_round_or_square()) {
            self.close_round_and_square(self.end_of_last());
        }
    }

    /// Returns whether a name follows a value, which it never does inside one expression.
    fn is_second_value(&self, position: usize) -> bool {
        let name = |lexeme: &&Lexeme| {
            lexeme.token == Token::Word && !words::RESERVED.contains(&self.text(lexeme.span))
        };
        self.previous == Previous::Value && self.lexemes.get(position).as_ref().is_some_and(name)
    }

    fn line_end_separates(&self, position: usize, lexeme: Lexeme) -> bool {
        let likeness = self.likeness(position);
        match self.previous {
            Previous::Unfinished(Unfinished::Statement) => false,
            Previous::Unfinished(Unfinished::Comma) => match self.frame().lead {
                Some(Lead::Declarations) => likeness == Likeness::Sure,
                _ => Likeness::Assignment <= likeness,
            },
            Previous::Unfinished(_) | Previous::Condition => Likeness::Assignment <= likeness,
            _ => {
                let continues = CONTINUING.contains(&lexeme.token)
                    || self.is_word(lexeme, "else")
                    || (self.is_word(lexeme, "in") && self.token(position + 1) != Token::Assign);
                !continues
            }
        }
    }

    fn is_word(&self, lexeme: Lexeme, word: &str) -> bool {
        lexeme.token == Token::Word && self.text(lexeme.span) == word
    }

    /// Returns whether a word after a value on the same line starts the next statement.
    ///
    /// In the authoring spelling that is a mistake, reported here; so is a forgotten comma in a list.
    fn starts_next_on_line(&mut self, position: usize, lexeme: Lexeme) -> bool {
        let frame = self.frame();
        let (kind, after_arrow, lead) = (frame.kind, frame.after_arrow, frame.lead);
        let word = self.text(lexeme.span);
        if let FrameKind::Entries(entries) = kind {
            return entries.may_omit_separators(after_arrow) && !matches!(word, "in" | "else");
        }
        let likeness = self.likeness(position);
        match lead {
            Some(Lead::Block(_) | Lead::Every) => return false,
            Some(Lead::Names | Lead::Declarations)
                if likeness < Likeness::Sure && !words::RESERVED.contains(&word) =>
            {
                self.insert_comma(lexeme.span);
                return false;
            }
            _ => {}
        }
        let starts = Likeness::Assignment <= likeness
            || word == "if"
            || (kind == FrameKind::Model && matches!(word, "kind" | "particles"));
        if starts && self.is_authoring() {
            self.diagnostics.statements_on_one_line(lexeme.span);
        }
        starts
    }

    fn insert_comma(&mut self, next: Span) {
        let end = self.end_of_last();
        self.diagnostics.comma_missing(Span::new(end, end), next, self.text(next));
        self.push(Terminal::Comma, Span::new(end, end));
        self.previous = Previous::Unfinished(Unfinished::Comma);
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
            Token::Assign | Token::Accumulate | Token::Colon => Likeness::Assignment,
            Token::OpenBracket if words::is_assignment(self.after_partner(position + 1)) => {
                Likeness::Assignment
            }
            Token::OpenParenthesis => match self.after_partner(position + 1) {
                Token::Assign | Token::Accumulate | Token::Colon | Token::Arrow | Token::OpenBrace => {
                    Likeness::Sure
                }
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
        let (terminal, lead) = match self.symbol(lexeme) {
            terminal @ (Terminal::If | Terminal::For | Terminal::Else) => {
                (terminal, Lead::Block(FrameKind::Statements))
            }
            Terminal::Word(word) => self.lead_word(position, word),
            other => (other, Lead::Plain),
        };
        self.check_spelling(position, lexeme, terminal)
            .map_or((terminal, lead), |replacement| (replacement, Lead::Plain))
    }

    /// Reports what belongs to the other spelling; may return what to read instead.
    fn check_spelling(
        &mut self,
        position: usize,
        lexeme: Lexeme,
        terminal: Terminal<'_>,
    ) -> Option<Terminal<'source>> {
        let word = self.text(lexeme.span);
        match (self.frame().kind, terminal) {
            (FrameKind::AuthoringText, Terminal::Block(_) | Terminal::Routes | Terminal::Analytical) => {
                self.diagnostics.canonical_block_in_authoring_text(lexeme.span, word);
            }
            (FrameKind::AuthoringText, Terminal::Word("model"))
                if self.token(position + 1) == Token::Assign =>
            {
                self.diagnostics.model_was_renamed(lexeme.span);
                return Some(Terminal::Name);
            }
            (FrameKind::Model, Terminal::If | Terminal::For | Terminal::Let) => {
                self.diagnostics.statement_outside_section(lexeme.span);
            }
            (FrameKind::Model, Terminal::Word(_) | Terminal::Target(_))
                if Likeness::Assignment <= self.likeness(position) =>
            {
                self.diagnostics.statement_outside_section(lexeme.span);
            }
            _ => {}
        }
        None
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
            FrameKind::Entries(Entries::Routes)
                if matches!(following.next, Token::Word | Token::Number | Token::OpenParenthesis) =>
            {
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

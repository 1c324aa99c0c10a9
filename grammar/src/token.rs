//! The tokens of the text.

use logos::{Lexer, Logos};
use pmc_diagnostics::Span;

use crate::trivia::{Comment, Trivia};

/// One token of the text, before anything is known of its place in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Logos)]
#[logos(skip r"[ \t\x0c]+")]
pub(crate) enum Token {
    /// From `#` or `//` to the end of the line.
    #[regex(r"(#|//)[^\r\n]*", allow_greedy = true)]
    Comment,
    /// The end of a line.
    #[regex(r"\r\n|\n|\r")]
    LineEnd,
    /// A name or a word of the language.
    #[regex("[A-Za-z_][A-Za-z0-9_]*")]
    Word,
    /// A number without sign.
    #[regex("[0-9]+", finish_number)]
    #[regex(r"\.[0-9]+", finish_exponent)]
    Number,
    /// A string with its quotes.
    #[regex("\"[^\"\r\n]*\"")]
    Text,
    /// A string whose line ends before it does.
    #[regex("\"[^\"\r\n]*", priority = 1)]
    UnclosedText,
    /// `{`.
    #[token("{")]
    OpenBrace,
    /// `}`.
    #[token("}")]
    CloseBrace,
    /// `(`.
    #[token("(")]
    OpenParenthesis,
    /// `)`.
    #[token(")")]
    CloseParenthesis,
    /// `[`.
    #[token("[")]
    OpenBracket,
    /// `]`.
    #[token("]")]
    CloseBracket,
    /// `,`.
    #[token(",")]
    Comma,
    /// `;`.
    #[token(";")]
    Semicolon,
    /// `:`.
    #[token(":")]
    Colon,
    /// `@`.
    #[token("@")]
    At,
    /// `~`.
    #[token("~")]
    Tilde,
    /// `%`.
    #[token("%")]
    Percent,
    /// `->`.
    #[token("->")]
    Arrow,
    /// `..`.
    #[token("..")]
    Range,
    /// `=`.
    #[token("=")]
    Assign,
    /// `+=`.
    #[token("+=")]
    Accumulate,
    /// `||`.
    #[token("||")]
    Or,
    /// `&&`.
    #[token("&&")]
    And,
    /// `==`.
    #[token("==")]
    Equal,
    /// `!=`.
    #[token("!=")]
    NotEqual,
    /// `<`.
    #[token("<")]
    Less,
    /// `<=`.
    #[token("<=")]
    LessEqual,
    /// `>`.
    #[token(">")]
    Greater,
    /// `>=`.
    #[token(">=")]
    GreaterEqual,
    /// `+`.
    #[token("+")]
    Plus,
    /// `-`.
    #[token("-")]
    Minus,
    /// `*`.
    #[token("*")]
    Times,
    /// `/`.
    #[token("/")]
    Divide,
    /// `^` or `**`.
    #[token("^")]
    #[token("**")]
    Power,
    /// `!`.
    #[token("!")]
    Not,
    /// A character that the language does not have.
    Invalid,
    /// The end of the text.
    End,
}

/// Reads the rest of a number that starts with digits; the dots of `1..3` are not part of it.
fn finish_number(lexer: &mut Lexer<'_, Token>) {
    let rest = lexer.remainder().as_bytes();
    if rest.first() == Some(&b'.') && rest.get(1) != Some(&b'.') {
        let digits = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
        lexer.bump(1 + digits);
    }
    finish_exponent(lexer);
}

/// Reads the exponent of a number, if there is one.
fn finish_exponent(lexer: &mut Lexer<'_, Token>) {
    let rest = lexer.remainder().as_bytes();
    if !matches!(rest.first(), Some(b'e' | b'E')) {
        return;
    }
    let sign = usize::from(matches!(rest.get(1), Some(b'+' | b'-')));
    let digits = rest.iter().skip(1 + sign).take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 0 {
        lexer.bump(1 + sign + digits);
    }
}

/// A token with its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexeme {
    /// What it is; never a comment or the end of a line.
    pub(crate) token: Token,
    /// Where it stands.
    pub(crate) span: Span,
    /// Whether it is the first of its line.
    pub(crate) starts_line: bool,
}

/// The tokens of a text and what lies between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexed {
    /// The tokens; the last one is [`Token::End`].
    pub(crate) lexemes: Vec<Lexeme>,
    /// Comments and blank lines.
    pub(crate) trivia: Trivia,
    /// The first token beyond the limit, at which reading stopped.
    pub(crate) beyond_limit: Option<Span>,
}

impl Lexed {
    /// Returns the end of the last token before the limit, if there are tokens beyond.
    pub(crate) fn stopped(&self) -> Option<u32> {
        self.beyond_limit?;
        self.lexemes.iter().rev().nth(1).map(|last| last.span.end)
    }
}

/// Splits a text into tokens, `limit` at most.
pub(crate) fn lex(source: &str, limit: usize) -> Lexed {
    let mut lexed = Lexed::default();
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lexer = Token::lexer(source);
    lexer.bump(start);
    let mut line = Line { start: start as u32, content: Content::Nothing, after_blank: false };
    while let Some(result) = lexer.next() {
        let token = result.unwrap_or(Token::Invalid);
        let span = Span::from_usize(lexer.span().start, lexer.span().end);
        match token {
            Token::LineEnd => line.end(span, &mut lexed.trivia),
            Token::Comment => {
                let comment = line.comment(span);
                lexed.trivia.comments.push(comment);
            }
            _ if lexed.lexemes.len() >= limit => {
                lexed.beyond_limit = Some(span);
                break;
            }
            _ => lexed.lexemes.push(line.lexeme(token, span)),
        }
    }
    let end = Span::from_usize(source.len(), source.len());
    lexed.lexemes.push(Lexeme { token: Token::End, span: end, starts_line: true });
    lexed
}

/// What is known of the line that is being read.
struct Line {
    start: u32,
    content: Content,
    after_blank: bool,
}

/// What a line holds so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Nothing,
    Comment,
    Tokens,
}

impl Line {
    fn end(&mut self, line_end: Span, trivia: &mut Trivia) {
        let blank = self.content == Content::Nothing;
        if blank && !self.after_blank {
            trivia.blank_lines.push(self.start);
        }
        *self = Self { start: line_end.end, content: Content::Nothing, after_blank: blank };
    }

    fn comment(&mut self, span: Span) -> Comment {
        let whole_line = self.content == Content::Nothing;
        if whole_line {
            self.content = Content::Comment;
        }
        Comment { span, whole_line }
    }

    fn lexeme(&mut self, token: Token, span: Span) -> Lexeme {
        let starts_line = self.content == Content::Nothing;
        self.content = Content::Tokens;
        Lexeme { token, span, starts_line }
    }
}

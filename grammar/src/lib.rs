//! From the text of a model to its syntax tree, and nothing more.
//!
//! 1. `token` — the tokens, by logos; comments and blank lines become [`trivia`](Trivia).
//! 2. `layout` — which line ends separate statements, and which words are keywords where they stand.
//! 3. `grammar.lalrpop` — the tree; actions only build nodes.
//! 4. `recover` — the generator's errors become ours; the only file that knows its error types.
//! 5. `explain` — what the user probably meant, as diagnostics.
//!
//! Nothing here knows what a name means. Both spellings of the language, authoring and canonical, give
//! the same tree. [`parse`] never fails: a statement that cannot be read becomes an error node.

pub mod ast;
mod dump;
mod explain;
mod layout;
mod limits;
mod nodes;
mod print;
mod recover;
mod terminal;
mod token;
mod trivia;
mod words;

lalrpop_util::lalrpop_mod!(
    #[allow(
        clippy::all,
        clippy::pedantic,
        clippy::unwrap_used,
        missing_docs,
        unreachable_pub,
        unused,
        unused_qualifications
    )]
    grammar
);

pub use dump::dump;
pub use print::print;
pub use trivia::{Comment, Trivia};

use pmc_diagnostics::{Diagnostics, Span};

/// The result of parsing: the tree, what the tree leaves out, and the findings.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; statements that could not be read are error nodes.
    pub file: ast::File,
    /// Comments and blank lines, for the formatter.
    pub trivia: Trivia,
    /// Findings, in the order of the text.
    pub diagnostics: Diagnostics,
}

/// Parses a text in either spelling.
///
/// Never fails and never panics. A text beyond a limit (16 MiB, 1,048,576 tokens, 256 levels of nesting)
/// is read up to there and reported.
pub fn parse(source: &str) -> Parsed {
    let mut diagnostics = Diagnostics::new();
    if limits::SOURCE < source.len() {
        diagnostics.text_too_long(source.len(), limits::SOURCE);
        return Parsed { file: empty_file(), trivia: Trivia::default(), diagnostics };
    }
    let lexed = token::lex(source, limits::TOKENS);
    if let Some(span) = lexed.beyond_limit {
        diagnostics.too_many_tokens(span, limits::TOKENS);
    }
    let layout::Arranged { terminals, stopped } = layout::arrange(source, &lexed.lexemes, &mut diagnostics);
    let stopped = stopped.or(lexed.stopped());
    let explainer = explain::Explainer::new(source, &terminals, stopped);
    let mut nodes = nodes::Nodes::new(explainer, diagnostics);
    let result = grammar::FileParser::new().parse(&mut nodes, terminals.iter().copied());
    let file = result.unwrap_or_else(|error| {
        nodes.report(&error);
        empty_file()
    });
    let mut diagnostics = nodes.into_diagnostics();
    diagnostics.sort();
    Parsed { file, trivia: lexed.trivia, diagnostics }
}

fn empty_file() -> ast::File {
    let model = ast::Model { name: None, items: Vec::new(), span: Span::default() };
    ast::File { spelling: ast::Spelling::Authoring, models: vec![model] }
}

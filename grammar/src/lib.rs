//! From the text of a model to its syntax tree, and nothing more.
//!
//! 1. `token` — the tokens, by logos; comments and blank lines become [`trivia`](Trivia).
//! 2. `layout` — which line ends separate statements, and which words are keywords where they stand.
//! 3. `grammar.lalrpop` — the tree; actions only build nodes.
//! 4. `recover` — the generator's errors become diagnostics; the only file that knows its error types.
//!
//! Nothing here knows what a name means. Both spellings of the language, authoring and canonical, give
//! the same tree. [`parse`] never fails: a statement that cannot be read becomes an error node.

pub mod ast;
mod trivia;

pub use trivia::{Comment, Trivia};

use pmc_diagnostics::Diagnostics;

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

//! What the tree leaves out: comments and blank lines, by position.

use pmc_diagnostics::Span;

/// A comment, from its `#` or `//` to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands; the text is the source at this span.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub whole_line: bool,
}

/// Comments and blank lines of one source text, in ascending order.
///
/// They lie beside the tree and are merged back by position when the tree is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trivia {
    /// All comments.
    pub comments: Vec<Comment>,
    /// Offset of the first byte of each run of blank lines.
    pub blank_lines: Vec<u32>,
}

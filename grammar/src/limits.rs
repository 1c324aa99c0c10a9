//! What a text may hold at most.

/// Bytes of a text.
pub(crate) const SOURCE: usize = 16 << 20;

/// Tokens of a text, comments and line ends not counted.
pub(crate) const TOKENS: usize = 1 << 20;

/// Levels of an expression, levels of blocks, and brackets open at one place.
pub(crate) const NESTING: usize = 256;

/// Findings after which a text is not worth reading.
pub(crate) const FINDINGS: usize = 100;

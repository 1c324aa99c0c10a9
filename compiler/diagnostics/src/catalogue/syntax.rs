//! PK00xx: the text and its grammar.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

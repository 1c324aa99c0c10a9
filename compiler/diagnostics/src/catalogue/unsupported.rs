//! PK09xx: parts of the language that this release does not run yet.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

//! PK05xx: declarations and options.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

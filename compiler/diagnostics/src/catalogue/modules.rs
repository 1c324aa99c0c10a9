//! PK30xx: loading of modules.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

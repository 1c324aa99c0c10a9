//! PK02xx: types, shapes and constants.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

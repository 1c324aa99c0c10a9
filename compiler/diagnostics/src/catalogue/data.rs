//! `PK10xx`: datasets.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

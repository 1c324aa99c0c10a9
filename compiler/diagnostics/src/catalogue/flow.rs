//! PK03xx: assignment and coverage.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

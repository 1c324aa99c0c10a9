//! PK04xx: routes, doses and input terms.

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[];

//! The commands.

pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod inspect;
mod load;
pub(crate) mod simulate;

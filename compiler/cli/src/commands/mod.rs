//! The commands.

pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod inspect;
mod load;
mod population;
pub(crate) mod simulate;

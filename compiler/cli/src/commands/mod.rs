//! The commands.

pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod inspect;
mod inspect_document;
mod load;
mod page;
mod population;
pub(crate) mod simulate;

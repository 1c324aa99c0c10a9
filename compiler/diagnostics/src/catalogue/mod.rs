//! Every diagnostic of the project, one constructor each, one file per family.
//!
//! A constructor is a method of [`Diagnostics`](crate::Diagnostics) that takes what the place of the
//! mistake has at hand and adds the finding. A family that grows past a screen of codes is split.

mod data;
mod declarations;
mod documents;
mod emission;
mod events;
mod flow;
mod kinds;
mod limits;
mod line;
mod modules;
mod names;
mod routes;
mod running;
mod syntax;
mod types;
mod unsupported;

pub use data::Cell;

/// The titles of all codes, by family, in ascending order within each.
pub(crate) const TITLES: &[&[(u16, &str)]] = &[
    syntax::TITLES,
    names::TITLES,
    types::TITLES,
    flow::TITLES,
    routes::TITLES,
    declarations::TITLES,
    limits::TITLES,
    emission::TITLES,
    line::TITLES,
    unsupported::TITLES,
    data::TITLES,
    events::TITLES,
    kinds::TITLES,
    running::TITLES,
    modules::TITLES,
    documents::TITLES,
];

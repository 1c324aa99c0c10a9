//! Diagnostics as data: a stable code, a severity, a message, labels on source text, a help and fixes.
//!
//! Every stage builds its diagnostics through the constructor functions in `catalogue`, one file per
//! family, so that a search for a function's name finds each place that reports it. Rendering happens in
//! exactly two places: [`render()`] for a terminal and [`to_json`] for programs.
//!
//! This crate knows nothing of the language, the intermediate representation or WebAssembly.

mod catalogue;
mod code;
mod colour;
mod diagnostic;
mod json;
mod plain;
mod render;
mod span;
mod suggest;

pub use catalogue::Cell;
pub use code::{Code, describe_code};
pub use diagnostic::{Diagnostic, Diagnostics, Edit, Fix, Label, Severity};
pub use json::to_json;
pub use plain::plain;
pub use render::{Style, render, render_coloured};
pub use span::Span;
pub use suggest::nearest;

//! Tests of emitted modules: their shape, their text, and what they compute.

#![allow(clippy::unwrap_used)]

mod build;
mod large;
mod line;
mod random;
mod run;
mod shape;
mod text;

//! Tests of configurations and what they are read with.

mod configuration;
mod json;
mod number;

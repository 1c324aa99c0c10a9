//! Tests of what the entry points stand on.

mod configuration;
mod heap;
mod json;
mod number;
mod report;

//! What is measured: models as text and, by hand, in Rust over the same kernel; schedules; the clock.
//!
//! - `workload`: models, settings and subjects.
//! - `models`: the same models in Rust.
//! - `native`: a model in Rust with memory to run in.
//! - `clock`: medians of times.

pub mod clock;
pub mod models;
pub mod native;
pub mod workload;

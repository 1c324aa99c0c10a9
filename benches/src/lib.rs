//! What is measured: models as text and, by hand, in Rust over the same kernel; schedules; the clock.
//!
//! - `workload`: models, settings and subjects.
//! - `equations`: equations in Rust as models of the kernel; `models` and `physiological`: the same models in Rust.
//! - `native`: a model in Rust with memory to run in.
//! - `contestants`: engines with a workload to run; `contest`: their times beside one another.
//! - `loading`: what reading a document costs.
//! - `clock`: medians of times, and shortest times.

pub mod clock;
pub mod contest;
pub mod contestants;
pub mod equations;
pub mod loading;
pub mod models;
pub mod native;
pub mod physiological;
pub mod workload;

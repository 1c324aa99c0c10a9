//! Everything that happens at run time and is not the user's model: solvers and dosing engine, over one
//! [`Model`].
//!
//! The same source is compiled twice. Natively it is a library, generic over the model. For plugins
//! (feature `plugin`, target wasm32) it becomes `kernel.wasm`, which imports the model's functions and which
//! the compiler links into every module that it emits. No allocation, no standard library: callers give the
//! memory.

#![no_std]

#[cfg(test)]
extern crate std;

pub mod configuration;
pub mod dosing;
pub mod evaluation;
mod failure;
pub mod lanes;
mod model;
#[cfg(any(test, all(feature = "plugin", target_arch = "wasm32")))]
mod plugin;
pub mod propagator;
pub mod report;
#[cfg(test)]
mod report_tests;
mod slab;
pub mod solver;
pub mod stochastic;
mod system;

pub use failure::{Failure, Fault};
pub use model::Model;
pub use system::System;

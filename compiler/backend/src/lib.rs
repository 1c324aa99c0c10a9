//! What all back ends share: how a program fills the kernel's contract.
//!
//! The kernel sees a model through its functions, a frame and a descriptor (`pmc_abi`). Code generation and
//! interpreter compute the same values in different ways; which values those are, and where they go, is said here once.
//!
//! 1. [`layout`]: the frame of a program.
//! 2. [`deliveries()`], [`effects`], [`properties`]: what each function delivers, and where.
//! 3. [`Source`]: where what expressions read stands.
//! 4. [`Description`]: the constants that the kernel reads.
//! 5. [`manifest()`]: what a model says of itself.
//! 6. [`effort()`]: how many steps it may take, and what a step takes.
//!
//! This crate knows neither WebAssembly nor how anything is computed.

mod deliveries;
mod description;
mod effort;
mod elimination;
mod manifest;
mod source;

use pmc_abi::frame::FrameLayout;
use pmc_ir as ir;

pub use deliveries::{Delivery, Function, Place, Property, deliveries, effects, properties};
pub use description::{Description, features};
pub use effort::effort;
pub use manifest::manifest;
pub use source::{Leaf, Source};

/// Returns the layout of a program's frame.
pub fn layout(program: &ir::Program) -> FrameLayout {
    let module = &program.module;
    FrameLayout {
        parameters: module.parameters.len() as u32,
        random_effects: module.random_effects.len() as u32,
        covariates: module.covariates.len() as u32,
        routes: module.routes.len() as u32,
        variables: module.variables.len() as u32,
        staged: program.staging.slots.len() as u32,
    }
}

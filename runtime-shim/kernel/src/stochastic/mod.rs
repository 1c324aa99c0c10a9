//! Stochastic differential equations: `dX = a(t, X) dt + b(t, X) dW` with a Wiener process of its own for each
//! state that has a diffusion `b`, in the sense of Itô.
//!
//! A cloud of particles stands for the distribution of the state. Each follows a path of its own, by steps of
//! fixed length that end where anything jumps or is looked at:
//!
//! - `generator`, `normal`: random numbers that are a function of seed, stream, particle, step and state;
//! - `method`: one step of one particle;
//! - `cloud`: all particles, and where they lie;
//! - `summary`: means and quantiles of outputs.

mod cloud;
mod generator;
mod method;
mod normal;
mod summary;
#[cfg(test)]
mod tests;

pub use cloud::Cloud;
pub use generator::{Source, philox};
pub use normal::inverse_distribution;

pub(crate) use cloud::Span;
pub(crate) use method::Method;

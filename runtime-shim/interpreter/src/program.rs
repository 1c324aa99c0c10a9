//! Which form of a program runs: see the two for why.

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use crate::chain::Chain as Program;
#[cfg(target_arch = "wasm32")]
pub(crate) use crate::walk::Walk as Program;

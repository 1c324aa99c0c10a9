//! The kernel that every module is linked with.
//!
//! It is parsed once. A module takes the functions that its exports and the model's functions reach, under
//! new indices ([`renumber`]), and of the data only what these functions touch ([`data`]), at the addresses
//! where the kernel's linker put it.

pub(crate) mod data;
mod kernel;
mod live;
mod renumber;
mod template;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub(crate) use kernel::{Import, Kernel};
pub(crate) use live::Live;
pub(crate) use renumber::Numbering;

/// The kernel that belongs to this compiler.
pub(crate) static KERNEL: LazyLock<Kernel<'static>> = LazyLock::new(|| {
    let bytes = include_bytes!("../../../../runtime-shim/kernel/kernel.wasm");
    Kernel::parse(bytes).unwrap_or_else(|error| unreachable!("tested: {error}"))
});

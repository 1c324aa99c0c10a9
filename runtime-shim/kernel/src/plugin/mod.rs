//! The entry points of a plugin: what a host calls, over the one model that the compiler links in.
//!
//! This is the border of the module, and the only place of the kernel that deals in addresses. `memory` turns them
//! into slices after checking them; `linked` calls the model; `instance` keeps what lies between calls;
//! `entry` and `stateless` are the exported functions, `mathematics` those for the model itself. The rest
//! is plain code that is tested natively: `heap`.
//!
//! This code goes into every module, so it is small first: tables are searched, integers are long instead of clever,
//! and what is called from many places is `inline(never)`.

#[cfg(target_arch = "wasm32")]
mod entry;
mod heap;
#[cfg(target_arch = "wasm32")]
mod instance;
#[cfg(target_arch = "wasm32")]
mod linked;
#[cfg(target_arch = "wasm32")]
mod mathematics;
#[cfg(target_arch = "wasm32")]
mod memory;
#[cfg(target_arch = "wasm32")]
mod parts;

#[cfg(target_arch = "wasm32")]
mod stateless;
#[cfg(test)]
mod tests;

/// Ends what cannot go on; no input leads here.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

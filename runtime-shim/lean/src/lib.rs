//! Runs documents of the intermediate representation where nothing may be compiled.
//!
//! For hosts that vouch for one WebAssembly module and for no other: `cargo xtask lean` builds this crate, and the
//! module that results takes models as documents, reads them, and interprets them. No parser, no passes and no engine for
//! WebAssembly are in it. `docs/lean.md` specifies the exports, which are those of a plugin with the word `lean` in
//! place of `plugin`; `lean.mjs` beside this crate wraps them for JavaScript.
//!
//! 1. `buffers`: memory that the host reads and writes, the only one that it can name.
//! 2. `table`: what lives between calls, and its handles.
//! 3. `fault`: why a call failed, as the document that the host reads.
//! 4. `runtime`: programs, models and what they can do; knows nothing of addresses.
//! 5. `entry`: the exports, for wasm32 only.

mod buffers;
#[cfg(target_arch = "wasm32")]
mod entry;
mod fault;
mod runtime;
mod table;

pub use buffers::Buffers;
pub use fault::{BAD_DOCUMENT, Fault};
pub use runtime::{Lengths, Runtime};

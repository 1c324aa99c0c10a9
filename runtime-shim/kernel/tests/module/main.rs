//! The committed `kernel.wasm`: what it is made of, and its entry points over a model that the host plays.

#![allow(clippy::cast_possible_wrap, reason = "numbers of 32 bits have no sign in WebAssembly")]

mod contents;
mod entry_points;
mod plugin;

use std::path::Path;

/// Returns the committed kernel.
fn kernel() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernel.wasm");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

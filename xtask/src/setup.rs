//! Installs what the tests need beside cargo: the wasm32 target and Node.
//!
//! Everything comes by the ordinary clients (`rustup`, `apt-get`); what is there already is left alone.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{execute, output_of, root, say};

/// The target of modules and of the portable crates.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The oldest Node whose WebAssembly engine is recent enough.
const NODE_MAJOR: u32 = 18;

/// Brings the machine to where every test can run.
pub(crate) fn run() -> Result<()> {
    wasm_target()?;
    node()
}

fn wasm_target() -> Result<()> {
    let list = output_of(&mut rustup(&["target", "list", "--installed"])).unwrap_or_default();
    if list.lines().any(|line| line == WASM_TARGET) {
        return Ok(());
    }
    let installed = output_of(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))
        .is_some_and(|sysroot| {
            std::path::Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir()
        });
    if installed {
        return Ok(());
    }
    execute(&mut rustup(&["target", "add", WASM_TARGET]))
}

fn rustup(arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.args(arguments).current_dir(root());
    command
}

fn node() -> Result<()> {
    if node_major().is_some_and(|major| major >= NODE_MAJOR) {
        return Ok(());
    }
    say("Node is missing or older than 18; installing the package `nodejs`");
    if execute(Command::new("apt-get").args(["install", "-y", "nodejs"])).is_err() {
        execute(Command::new("apt-get").arg("update"))?;
        execute(Command::new("apt-get").args(["install", "-y", "nodejs"]))?;
    }
    match node_major() {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        found => bail!("Node 18 or newer is needed, found {found:?}; install it and run this again"),
    }
}

fn node_major() -> Option<u32> {
    let version = output_of(Command::new("node").arg("--version"))?;
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

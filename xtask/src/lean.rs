//! Builds the module that interprets documents, and keeps it small.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::kernel::remapped_paths;
use crate::process::{cargo, execute, root, say};
use crate::setup::WASM_TARGET;

/// Where the module is left.
const BUILT: &str = "target/lean/pmc-lean.wasm";

/// The most bytes of the module as servers send it, compressed by gzip.
const BUDGET: usize = 150_000;

/// Builds the module and fails if it is too large.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`lean` takes nothing");
    }
    let module = build(&root())?;
    let compressed = compressed(&module)?;
    say(&format!("{BUILT}: {} bytes, {compressed} compressed, {BUDGET} allowed", module.len()));
    if BUDGET < compressed {
        bail!("the lean build is too large");
    }
    Ok(())
}

/// Runs the build in an invocation and a target folder of its own, so that no other package adds features.
fn build(root: &Path) -> Result<Vec<u8>> {
    let target = root.join("target/lean");
    let mut command = cargo(&["rustc", "--package", "pmc-lean", "--lib", "--crate-type", "cdylib"]);
    command.args(["--target", WASM_TARGET, "--profile", "lean", "--quiet", "--locked"]);
    let mut flags = remapped_paths(root)?;
    flags.push(format!("-Clink-arg=--max-memory={}", 1_u32 << 30));
    command.env("CARGO_TARGET_DIR", &target).env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    execute(command.env_remove("RUSTFLAGS").env_remove("CARGO_BUILD_RUSTFLAGS"))?;
    let artifact = target.join(WASM_TARGET).join("lean/pmc_lean.wasm");
    let module = fs::read(&artifact).context("the build left no module behind")?;
    fs::write(root.join(BUILT), &module).with_context(|| format!("cannot write {BUILT}"))?;
    Ok(module)
}

/// Returns how many bytes remain after compression.
fn compressed(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

//! Builds `kernel.wasm` from its source, the same bytes on every machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, execute, output_of, root, say};
use crate::setup::WASM_TARGET;

/// Where the committed kernel lies.
const COMMITTED: &str = "runtime-shim/kernel/kernel.wasm";

/// Rebuilds the kernel, or with `--check` compares the committed one with its source.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let root = root();
    let built = build(&root)?;
    let committed = root.join(COMMITTED);
    match arguments {
        [] => {
            fs::write(&committed, &built).with_context(|| format!("cannot write {COMMITTED}"))?;
            say(&format!("{COMMITTED}: {} bytes", built.len()));
            Ok(())
        }
        [flag] if flag == "--check" => {
            let found = fs::read(&committed).with_context(|| format!("cannot read {COMMITTED}"))?;
            if found != built {
                bail!("{COMMITTED} is not what its source gives; run `cargo xtask kernel` and commit it");
            }
            Ok(())
        }
        _ => bail!("`kernel` takes `--check` or nothing"),
    }
}

/// Runs the build in an invocation and a target folder of its own.
///
/// A shared invocation would unify features and pull the standard library in. Paths are remapped, so that
/// nothing of the machine gets into the module; relocations are kept, because the linker in codegen reads
/// from them which data a function touches.
fn build(root: &Path) -> Result<Vec<u8>> {
    let target = root.join("target/kernel");
    let mut command = cargo(&["rustc", "--package", "pmc-kernel", "--lib", "--crate-type", "cdylib"]);
    command.args([
        "--features",
        "plugin",
        "--target",
        WASM_TARGET,
        "--profile",
        "kernel",
        "--quiet",
        "--locked",
    ]);
    command.env("CARGO_TARGET_DIR", &target).env("CARGO_ENCODED_RUSTFLAGS", flags(root)?);
    execute(command.env_remove("RUSTFLAGS").env_remove("CARGO_BUILD_RUSTFLAGS"))?;
    let artifact = target.join(WASM_TARGET).join("kernel/pmc_kernel.wasm");
    fs::read(&artifact).with_context(|| "the build left no kernel behind".to_owned())
}

fn flags(root: &Path) -> Result<String> {
    let mut flags = remapped_paths(root)?;
    flags.extend(["-Clink-arg=--emit-relocs".to_owned(), "-Clink-arg=-zstack-size=16384".to_owned()]);
    Ok(flags.join("\u{1f}"))
}

/// Returns the flags that keep paths of the machine out of what is built.
pub(crate) fn remapped_paths(root: &Path) -> Result<Vec<String>> {
    let home = cargo_home().context("cannot find cargo's home: neither CARGO_HOME nor HOME is set")?;
    let sysroot = output_of(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root))
        .context("cannot run rustc")?;
    Ok(vec![
        format!("--remap-path-prefix={}=pmc", root.canonicalize()?.display()),
        format!("--remap-path-prefix={home}=cargo"),
        format!("--remap-path-prefix={}=rust", sysroot.trim()),
    ])
}

fn cargo_home() -> Option<String> {
    let named = std::env::var("CARGO_HOME").ok();
    named.or_else(|| std::env::var("HOME").ok().map(|home| format!("{home}/.cargo")))
}

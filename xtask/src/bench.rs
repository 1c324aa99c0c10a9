//! Measurements. Nothing here is part of the gate: times depend on the machine.

use anyhow::{Result, bail};

use crate::process::{cargo, execute, root, say};

/// Runs the benchmarks that the flags name.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => execute(&mut cargo(&["run", "--release", "--quiet", "--package", "pmc-benches"])),
        ["--work-precision"] => work_precision(),
        ["--engines"] => engines(),
        ["--wasmtime"] => wasmtime(false),
        ["--wasmtime", "--scalar"] => wasmtime(true),
        _ => bail!("`bench` takes `--engines`, `--wasmtime [--scalar]`, `--work-precision` or nothing"),
    }
}

/// Writes the table of what accuracy costs.
fn work_precision() -> Result<()> {
    let mut command = cargo(&["run", "--release", "--quiet", "--package", "pmc-benches"]);
    execute(command.args(["--bin", "work-precision"]))
}

/// Times native code, modules in wasmi, and the interpreter for one subject and for several, beside one another.
///
/// With automatic vectorisation, which several subjects side by side live from.
fn engines() -> Result<()> {
    let mut command = cargo(&["run", "--release", "--quiet", "--package", "pmc-benches", "--bin", "engines"]);
    execute(&mut command)
}

/// Times modules in wasmtime beside native code, and beside all other engines unless native code is scalar.
///
/// The benchmark is a workspace of its own, because wasmtime takes minutes to build. Behind the comparison it times the
/// engines of the host. `scalar` keeps the compiler from
/// vectorising the native model and solver: modules are scalar by contract, and vectors of two or six states can cost
/// more than they save.
fn wasmtime(scalar: bool) -> Result<()> {
    say(if scalar { "native code without automatic vectorisation" } else { "native code vectorised" });
    let target = root().join("target/wasmtime");
    let mut build = cargo(&["rustc", "--release", "--quiet", "--locked"]);
    build.current_dir(root().join("benches/wasmtime")).env("CARGO_TARGET_DIR", &target);
    if scalar {
        build.args(["--", "-Cno-vectorize-loops", "-Cno-vectorize-slp"]);
    }
    execute(&mut build)?;
    let tables: &[&str] = if scalar { &["modules"] } else { &["modules", "engines"] };
    for table in tables {
        execute(std::process::Command::new(target.join("release/pmc-benches-wasmtime")).arg(table))?;
    }
    Ok(())
}

//! The gate: what must pass before anything lands.

use anyhow::Result;

use crate::process::{cargo, execute, root, say};
use crate::setup::WASM_TARGET;
use crate::{kernel, lean, setup, tidy};

/// The crates that must build for a browser.
const PORTABLE: &[&str] = &[
    "pmc-diagnostics",
    "pmc-grammar",
    "pmc-ir",
    "pmc-analysis",
    "pmc-passes",
    "pmc-backend",
    "pmc-codegen",
    "pmc",
    "pmc-abi",
    "pmc-math",
    "pmc-kernel",
    "pmc-interpreter",
    "pmc-lean",
    "pmc-host",
    "pmc-simulation",
];

/// The crates with the feature `wasmtime`.
const WITH_WASMTIME: &[&str] = &["pmc-host", "pmc-cli", "pmc-tests"];

/// Runs everything, cheap checks first.
pub(crate) fn run() -> Result<()> {
    setup::run()?;
    step("formatting");
    execute(&mut cargo(&["fmt", "--all", "--check"]))?;
    step("the tree");
    tidy::run()?;
    step("the lock of the benchmarks in wasmtime");
    locked()?;
    step("lints");
    execute(&mut cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    step("documentation");
    let mut documentation =
        cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"]);
    execute(documentation.env("RUSTDOCFLAGS", "-D warnings"))?;
    step("the kernel is what its source says");
    kernel::run(&["--check".to_owned()])?;
    step("portability");
    portability()?;
    step("the lean build");
    lean::run(&[])?;
    step("documents in a release build");
    documents()?;
    test(&[])?;
    step("the engine wasmtime");
    wasmtime()
}

/// Checks the lock of the workspace of its own, which nothing else of the gate builds.
fn locked() -> Result<()> {
    let mut command = cargo(&["metadata", "--locked", "--format-version", "1"]);
    command.args(["--manifest-path", "benches/wasmtime/Cargo.toml"]).stdout(std::process::Stdio::null());
    execute(&mut command)
}

/// Tests reading and writing of documents as they are where they ship.
///
/// rustc once got the reader wrong in release builds only. To raise the level of this one package in the profile of tests
/// does not show it: the code that ships is another.
fn documents() -> Result<()> {
    let mut command = cargo(&["test", "--release", "--package", "pmc-ir", "--quiet"]);
    execute(command.env("INSTA_UPDATE", "no"))
}

/// Runs the tests, after making sure that the machine has what they need.
pub(crate) fn test(filters: &[String]) -> Result<()> {
    setup::run()?;
    step("tests");
    let mut command = cargo(&["test", "--workspace"]);
    command.args(filters).env("INSTA_UPDATE", "no");
    execute(&mut command)
}

/// Builds the portable crates for the browser's target.
pub(crate) fn portability() -> Result<()> {
    let mut command = cargo(&["build", "--target", WASM_TARGET, "--quiet"]);
    for package in PORTABLE {
        command.args(["--package", package]);
    }
    execute(&mut command)
}

/// Lints and tests the engine that the default build leaves out.
///
/// It takes minutes to build, so what is built has a folder of its own, and only the tests of engines run: those of plugins,
/// and all whose name holds `engine`, among them the comparison of engines on every random model.
fn wasmtime() -> Result<()> {
    let command = |task: &str, rest: &[&str]| {
        let mut command = cargo(&[task]);
        for package in WITH_WASMTIME {
            command.args(["--package", package]);
        }
        // The same packages and features each time: otherwise wasmtime would be built anew.
        command.args(["--features", "wasmtime"]).args(rest);
        command.env("CARGO_TARGET_DIR", root().join("target/wasmtime")).env("INSTA_UPDATE", "no");
        execute(&mut command)
    };
    command("clippy", &["--all-targets", "--quiet", "--", "-D", "warnings"])?;
    command("test", &["--test", "hostile", "--test", "plugins"])?;
    command("test", &["--test", "it", "--test", "runs", "engine"])
}

/// Runs the tests and accepts every snapshot.
pub(crate) fn bless() -> Result<()> {
    setup::run()?;
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    execute(command.env("INSTA_UPDATE", "always").env("PMC_BLESS", "1"))
}

fn step(title: &str) {
    say(&format!("== {title}"));
}

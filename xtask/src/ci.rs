//! The gate: what must pass before anything lands.

use anyhow::Result;

use crate::process::{cargo, execute, say};
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

/// Runs everything, cheap checks first.
pub(crate) fn run() -> Result<()> {
    setup::run()?;
    step("formatting");
    execute(&mut cargo(&["fmt", "--all", "--check"]))?;
    step("the tree");
    tidy::run()?;
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
    test(&[])
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

/// Runs the tests and accepts every snapshot.
pub(crate) fn bless() -> Result<()> {
    setup::run()?;
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    execute(command.env("INSTA_UPDATE", "always").env("PMC_BLESS", "1"))
}

fn step(title: &str) {
    say(&format!("== {title}"));
}

//! Chores of the project: `cargo xtask setup|test|ci|kernel|lean|tidy|portability|bless|bench`.
//!
//! - `setup` installs what the tests need and finds what is there already.
//! - `test` runs every test after `setup`.
//! - `ci` is `test` with formatting, lints, documentation and the checks of the tree before it, and the tests of the
//!   engine wasmtime behind.
//! - `kernel` rebuilds `runtime-shim/kernel/kernel.wasm`; `kernel --check` only compares.
//! - `lean` builds the module that interprets documents, and says how large it is.
//! - `tidy` checks the tree; `portability` builds the crates that must run in a browser.
//! - `bless` runs the tests and accepts every snapshot; read the difference before you commit it.
//! - `bench` measures what the line costs; `bench --wasmtime` times modules in wasmtime beside native code,
//!   `bench --work-precision` writes `docs/work-precision.csv`.

mod bench;
mod ci;
mod kernel;
mod lean;
mod process;
mod setup;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            process::say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (task, rest) = arguments.split_first().map_or(("", &[][..]), |(task, rest)| (task.as_str(), rest));
    match task {
        "setup" => setup::run(),
        "test" => ci::test(rest),
        "ci" => ci::run(),
        "kernel" => kernel::run(rest),
        "lean" => lean::run(rest),
        "tidy" => tidy::run(),
        "portability" => ci::portability(),
        "bless" => ci::bless(),
        "bench" => bench::run(rest),
        _ => bail!(
            "unknown task `{task}`; there are setup, test, ci, kernel, lean, tidy, portability, bless and bench"
        ),
    }
}

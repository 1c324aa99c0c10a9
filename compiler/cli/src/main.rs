//! The command line `pmc`.
//!
//! 1. `arguments` — what can be asked for.
//! 2. `commands` — one file each.
//! 3. `files` — reading and writing, `-` for standard input and output; `apart`: nothing is written over what is read.
//! 4. `spool` — a result that waits until everything has succeeded.
//! 5. `report` — findings on standard error, for people or programs.
//! 6. `workers`, `progress` — work on all cores with results in order, and how far it has come.
//!
//! Exit status: 0 for success, 1 if a model or data are wrong, 2 if the command is, or a file cannot be
//! read or written. Results go to standard output or files, everything else to standard error.

mod apart;
mod arguments;
mod commands;
mod files;
mod progress;
mod report;
mod spool;
mod workers;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::report::Reporter;

/// Why a command did not do what it was asked for.
enum Failure {
    /// The model or the data are wrong; the findings have been reported.
    Reported,
    /// The command is wrong, or a file cannot be read or written.
    Stopped(anyhow::Error),
    /// The reader of standard output has gone.
    BrokenPipe,
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Stopped(error)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut reporter = Reporter::new(arguments.message_format, arguments.color);
    let result = match &arguments.command {
        Command::Compile(command) => commands::compile::run(command, &mut reporter),
        Command::Check(command) => commands::check::run(command, &mut reporter),
        Command::Simulate(command) => commands::simulate::run(command, &mut reporter),
        Command::Inspect(command) => commands::inspect::run(command, &mut reporter),
    };
    reporter.summarise();
    match result {
        Ok(()) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::from(1),
        Err(Failure::Stopped(error)) => {
            reporter.stopped(&error);
            ExitCode::from(2)
        }
    }
}

//! What accuracy costs: steps, evaluations and achieved error of each problem at relative tolerances 1e-3 to 1e-11.
//!
//! `cargo xtask bench --work-precision` writes `docs/work-precision.csv`. Everything in it is counted, nothing timed, so
//! it is the same on every machine. References are published end points, the closed form, or for the nonlinear models
//! the solution at relative tolerance 1e-13.

#[path = "../../runtime-shim/kernel/tests/solver/problems.rs"]
mod problems;

use std::fmt::Write;

use anyhow::{Result, anyhow};
use pmc_abi::descriptor::{SolverSettings, solver};
use pmc_benches::workload::{self, Workload};
use pmc_kernel::solver::Statistics;

use problems::{ARENSTORF, HIRES, PLEIADES, Problem, ROBERTSON, VAN_DER_POL};

/// Where the table goes, from the root of the project.
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/work-precision.csv");

fn main() -> Result<()> {
    let mut table =
        "problem,rtol,atol,accepted,rejected,derivatives,jacobians,switches,error,error_per_rtol\n"
            .to_owned();
    for workload in workload::precise() {
        population(&mut table, &workload);
    }
    let classics = [
        ("robertson", &ROBERTSON, 0.0),
        ("hires", &HIRES, 0.0),
        ("van der pol", &VAN_DER_POL, 0.0),
        ("arenstorf", &ARENSTORF, 1.0),
        ("pleiades", &PLEIADES, 1.0),
    ];
    for (name, problem, scale) in classics {
        classic(&mut table, name, problem, scale)?;
    }
    std::fs::write(TABLE, table)?;
    Ok(())
}

/// Returns the relative tolerances, loosest first.
fn tolerances() -> impl Iterator<Item = f64> {
    [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11].into_iter()
}

/// Adds the lines of a classical problem; errors are relative to `scale` plus the size of each component.
fn classic(table: &mut String, name: &str, problem: &Problem, scale: f64) -> Result<()> {
    // Small components count: the absolute tolerance lies far below the smallest of them.
    let smallest = problem.solution.iter().fold(1.0_f64, |least, value| least.min(value.abs()));
    let share = if scale == 0.0 { smallest.max(1e-14) * 1e-2 } else { 1e-2 };
    for relative in tolerances() {
        let settings = problems::settings(relative, relative * share, solver::AUTOMATIC);
        let (state, counts) =
            problem.solve(settings).map_err(|failure| anyhow!("{name} at {relative:e}: {failure:?}"))?;
        line(table, name, &settings, counts, problem.error(&state, scale));
    }
    Ok(())
}

/// Adds the lines of a model with doses; errors are relative to each output.
fn population(table: &mut String, workload: &Workload) {
    let words = workload.words();
    let solve = |relative: f64| {
        let settings = SolverSettings {
            relative_tolerance: relative,
            absolute_tolerance: relative * workload.settings.absolute_tolerance / 1e-6,
            ..workload.settings
        };
        let mut precise = workload.clone();
        precise.settings = settings;
        let mut native = precise.native();
        let counts = native.simulate(&words);
        (settings, counts, native.outputs().to_vec())
    };
    let truth = workload.closed_form().unwrap_or_else(|| solve(1e-13).2);
    for relative in tolerances() {
        let (settings, counts, outputs) = solve(relative);
        let errors = outputs.iter().zip(&truth).map(|(value, truth)| (value - truth).abs() / truth.abs());
        line(table, workload.name, &settings, counts, errors.fold(0.0, f64::max));
    }
}

fn line(table: &mut String, name: &str, settings: &SolverSettings, counts: Statistics, error: f64) {
    let SolverSettings { relative_tolerance: relative, absolute_tolerance: absolute, .. } = *settings;
    let Statistics { accepted, rejected, derivatives, jacobians, switches } = counts;
    writeln!(
        table,
        "{name},{relative:e},{absolute:.0e},{accepted},{rejected},{derivatives},{jacobians},{switches},{error:.1e},{:.2}",
        error / relative
    )
    .expect("a string takes all that is written");
}

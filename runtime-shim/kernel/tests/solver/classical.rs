//! Solvers against published solutions of classical problems.
//!
//! End points: test set of Bari and CWI, and E. Hairer and G. Wanner, Solving Ordinary Differential Equations I
//! and II.

use pmc_abi::descriptor::solver;

use crate::problems::{ARENSTORF, HIRES, PLEIADES, Problem, ROBERTSON, VAN_DER_POL, settings};

/// What a solution may cost and how wrong it may be.
struct Expectation {
    relative: f64,
    absolute: f64,
    /// Largest error of a state, relative to its size plus the scale that the test gives.
    error: f64,
    /// Most attempted steps.
    steps: u32,
}

/// Solves a problem automatically; asserts accuracy, cost, and whether the stiff method was found necessary.
fn check(problem: &Problem, stiff: bool, scale: f64, expected: &Expectation) {
    let (state, counts) = problem
        .solve(settings(expected.relative, expected.absolute, solver::AUTOMATIC))
        .unwrap_or_else(|failure| panic!("{failure:?}"));
    let error = problem.error(&state, scale);
    assert!(error < expected.error, "error {error:e} at tolerance {:e}", expected.relative);
    assert!(counts.accepted + counts.rejected <= expected.steps, "{counts:?}");
    assert_eq!(counts.switches > 0, stiff, "{counts:?}");
    assert_eq!(counts.jacobians > 0, stiff, "{counts:?}");
}

#[test]
fn robertson_is_solved_over_eleven_decades() {
    check(&ROBERTSON, true, 0.0, &Expectation { relative: 1e-6, absolute: 1e-14, error: 1e-6, steps: 400 });
    check(&ROBERTSON, true, 0.0, &Expectation { relative: 1e-9, absolute: 1e-18, error: 1e-8, steps: 2000 });
}

#[test]
fn robertson_takes_a_hundred_steps_at_usual_tolerances() {
    let usual = Problem { end: 1e5, solution: &[0.0178659186, 7.274750411e-8, 0.9821340813], ..ROBERTSON };
    check(&usual, true, 0.0, &Expectation { relative: 1e-6, absolute: 1e-8, error: 1e-4, steps: 130 });
}

#[test]
fn hires_is_solved() {
    check(&HIRES, true, 0.0, &Expectation { relative: 1e-6, absolute: 1e-10, error: 1e-6, steps: 400 });
    check(&HIRES, true, 0.0, &Expectation { relative: 1e-9, absolute: 1e-13, error: 1e-9, steps: 4000 });
}

#[test]
fn van_der_pol_jumps_between_its_slow_branches() {
    check(&VAN_DER_POL, true, 0.0, &Expectation { relative: 1e-6, absolute: 1e-8, error: 2e-6, steps: 900 });
    check(
        &VAN_DER_POL,
        true,
        0.0,
        &Expectation { relative: 1e-9, absolute: 1e-11, error: 2e-9, steps: 5000 },
    );
}

#[test]
fn arenstorf_orbit_closes() {
    check(&ARENSTORF, false, 1.0, &Expectation { relative: 1e-6, absolute: 1e-8, error: 1e-1, steps: 300 });
    check(&ARENSTORF, false, 1.0, &Expectation { relative: 1e-9, absolute: 1e-11, error: 1e-3, steps: 1000 });
}

#[test]
fn pleiades_survive_their_encounters() {
    check(&PLEIADES, false, 1.0, &Expectation { relative: 1e-6, absolute: 1e-8, error: 3e-4, steps: 400 });
    check(&PLEIADES, false, 1.0, &Expectation { relative: 1e-9, absolute: 1e-11, error: 1e-7, steps: 1200 });
}

#[test]
fn each_method_alone_solves_smooth_problems() {
    for solver in [solver::EXPLICIT, solver::STIFF] {
        let (state, counts) = PLEIADES.solve(settings(1e-9, 1e-11, solver)).unwrap();
        assert!(PLEIADES.error(&state, 1.0) < 3e-7, "solver {solver}");
        assert_eq!(counts.switches, 0);
        assert_eq!(counts.jacobians > 0, solver == solver::STIFF);
    }
}

//! A drug that binds its target fast: stiff between doses, and not for a moment after each.

use pmc_abi::descriptor::solver;
use pmc_kernel::System;
use pmc_kernel::solver::{Integrator, Statistics, workspace_length};

use crate::problems::{Problem, settings};

/// Free drug, target and complex, with binding a thousand times faster than turnover.
const BINDING: Problem = Problem {
    right_hand_side: |_t, y, out| {
        let binding = 9.1 * y[0] * y[1] - 0.1 * y[2];
        out[0] = -0.0015 * y[0] - binding;
        out[1] = 0.11 - 0.0089 * y[1] - binding;
        out[2] = binding - 0.003 * y[2];
    },
    start: 0.0,
    initial: &[0.0, 12.36, 0.0],
    end: 7.0 * 168.0,
    solution: &[],
};

/// Gives a dose every week; returns the state at the end and the counts.
fn weekly(solver: u32) -> ([f64; 3], Statistics) {
    let mut workspace = vec![f64::NAN; workspace_length(3)];
    let mut integrator = Integrator::new(&mut workspace, settings(1e-6, 1e-9, solver));
    let mut system = System::new(&BINDING, &mut []);
    let mut state = [0.0, 12.36, 0.0];
    for week in 0..7 {
        let (start, end) = (168.0 * f64::from(week), 168.0 * f64::from(week + 1));
        state[0] += 100.0;
        integrator.restart(&mut system, start, &state);
        integrator.advance(&mut system, end, end).expect("the model is solved");
        integrator.state_at(end, &mut state);
    }
    (state, integrator.statistics())
}

#[test]
fn stiffness_after_every_dose_does_not_make_the_methods_alternate() {
    let ((automatic, counts), (stiff, counts_of_stiff)) = (weekly(solver::AUTOMATIC), weekly(solver::STIFF));
    for (a, b) in automatic.iter().zip(&stiff) {
        assert!((a - b).abs() < 1e-6 * b.abs(), "{automatic:?} {stiff:?}");
    }
    assert!(counts.switches <= 3, "{counts:?}");
    assert!(counts.accepted < counts_of_stiff.accepted * 5 / 4, "{counts:?} {counts_of_stiff:?}");
}

#[test]
fn mass_is_conserved_between_drug_and_complex() {
    let mut workspace = vec![f64::NAN; workspace_length(3)];
    let mut integrator = Integrator::new(&mut workspace, settings(1e-8, 1e-12, solver::AUTOMATIC));
    let closed = Problem {
        right_hand_side: |_t, y, out| {
            let binding = 9.1 * y[0] * y[1] - 0.1 * y[2];
            out.copy_from_slice(&[-binding, -binding, binding]);
        },
        ..BINDING
    };
    let mut system = System::new(&closed, &mut []);
    let mut state = [0.0; 3];
    integrator.restart(&mut system, 0.0, &[100.0, 12.36, 0.0]);
    integrator.advance(&mut system, 1e4, 1e4).expect("the model is solved");
    integrator.state_at(1e4, &mut state);
    assert!((state[0] + state[2] - 100.0).abs() < 1e-10, "{state:?}");
    assert!((state[1] + state[2] - 12.36).abs() < 1e-10, "{state:?}");
}

//! Linear pharmacokinetics with repeated doses against its closed form.

use pmc_abi::descriptor::{SolverSettings, solver};
use pmc_kernel::System;
use pmc_kernel::solver::{Integrator, Statistics, workspace_length};

use crate::problems::{Problem, settings};

const ABSORPTION: f64 = 1.1;
const ELIMINATION: f64 = 0.15;
const DOSE: f64 = 100.0;
const INTERVAL: f64 = 12.0;
const DOSES: u32 = 7;
const OBSERVATIONS_BETWEEN_DOSES: u32 = 48;

/// One compartment and a depot.
const ORAL: Problem = Problem {
    right_hand_side: |_t, y, out| {
        out[0] = -ABSORPTION * y[0];
        out[1] = ABSORPTION * y[0] - ELIMINATION * y[1];
    },
    start: 0.0,
    initial: &[0.0, 0.0],
    end: INTERVAL * DOSES as f64,
    solution: &[],
};

/// Returns the amounts at a time by superposition.
fn truth(t: f64) -> [f64; 2] {
    let mut amounts = [0.0, 0.0];
    for dose in 0..DOSES {
        let since = t - INTERVAL * f64::from(dose);
        if since >= 0.0 {
            let (absorbed, eliminated) =
                (pmc_math::exp(-ABSORPTION * since), pmc_math::exp(-ELIMINATION * since));
            amounts[0] += DOSE * absorbed;
            amounts[1] += DOSE * ABSORPTION / (ABSORPTION - ELIMINATION) * (eliminated - absorbed);
        }
    }
    amounts
}

/// Gives all doses; returns the largest relative error of the central amount at the observations, and counts.
fn regimen(settings: SolverSettings) -> (f64, Statistics) {
    let mut workspace = vec![f64::NAN; workspace_length(2)];
    let mut integrator = Integrator::new(&mut workspace, settings);
    let mut system = System::new(&ORAL, &mut []);
    let mut state = [0.0, 0.0];
    let mut worst: f64 = 0.0;
    for dose in 0..DOSES {
        let (start, end) = (INTERVAL * f64::from(dose), INTERVAL * f64::from(dose + 1));
        state[0] += DOSE;
        integrator.restart(&mut system, start, &state);
        for observation in 1..=OBSERVATIONS_BETWEEN_DOSES {
            let part = f64::from(observation) / f64::from(OBSERVATIONS_BETWEEN_DOSES);
            let t = start + (end - start) * part;
            integrator.advance(&mut system, t, end).expect("a linear system is solved");
            integrator.state_at(t, &mut state);
            // The dose at `t` is not in the state yet.
            let truth = truth(t.next_down())[1];
            worst = worst.max((state[1] - truth).abs() / truth);
        }
    }
    (worst, integrator.statistics())
}

#[test]
fn observations_between_steps_are_a_hundred_times_closer_than_promised() {
    for solver in [solver::AUTOMATIC, solver::STIFF] {
        let (error, _) = regimen(settings(1e-8, 1e-12, solver));
        assert!(error < 1e-8, "solver {solver}: relative error {error:e}");
    }
}

#[test]
fn errors_follow_the_tolerance() {
    for solver in [solver::EXPLICIT, solver::STIFF] {
        for tolerance in [1e-3, 1e-5, 1e-7, 1e-9] {
            let (error, _) = regimen(settings(tolerance, 1e-3 * tolerance, solver));
            assert!(error < tolerance, "solver {solver}, tolerance {tolerance:e}: relative error {error:e}");
        }
    }
}

#[test]
fn observations_cost_no_steps_and_later_doses_no_search_for_a_step_size() {
    let (_, counts) = regimen(settings(1e-6, 1e-6, solver::AUTOMATIC));
    assert!(counts.accepted + counts.rejected < 45 * DOSES, "{counts:?}");
    assert!(counts.rejected <= DOSES, "{counts:?}");
    assert_eq!(counts.derivatives, 6 * (counts.accepted + counts.rejected) + DOSES);
    assert_eq!((counts.jacobians, counts.switches), (0, 0));
}

#[test]
fn observations_do_not_change_the_steps() {
    let mut ends = [0.0; 2];
    for (end, observations) in ends.iter_mut().zip([1, 1000]) {
        let mut workspace = vec![f64::NAN; workspace_length(2)];
        let mut integrator = Integrator::new(&mut workspace, settings(1e-6, 1e-9, solver::AUTOMATIC));
        let mut system = System::new(&ORAL, &mut []);
        integrator.restart(&mut system, 0.0, &[DOSE, 0.0]);
        let mut state = [0.0, 0.0];
        for observation in 1..=observations {
            let t = INTERVAL * f64::from(observation) / f64::from(observations);
            integrator.advance(&mut system, t, INTERVAL).unwrap();
            integrator.state_at(t, &mut state);
        }
        *end = state[1];
    }
    assert_eq!(ends[0].to_bits(), ends[1].to_bits());
}

#[test]
fn without_a_barrier_steps_go_on_past_the_target() {
    let mut workspace = vec![f64::NAN; workspace_length(2)];
    let mut integrator = Integrator::new(&mut workspace, settings(1e-8, 1e-12, solver::AUTOMATIC));
    let mut system = System::new(&ORAL, &mut []);
    integrator.restart(&mut system, 0.0, &[DOSE, 0.0]);
    let mut state = [0.0, 0.0];
    for t in [0.0, 0.7, 3.1, 3.1, 11.0] {
        integrator.advance(&mut system, t, f64::INFINITY).unwrap();
        integrator.state_at(t, &mut state);
        assert!((state[1] - truth(t)[1]).abs() <= 1e-8 * truth(t)[1], "at {t}");
    }
}

#[test]
fn rest_is_one_step_and_teaches_nothing_about_step_sizes() {
    let mut counts = [Statistics::default(); 2];
    for (counts, barrier) in counts.iter_mut().zip([24.0, f64::INFINITY]) {
        let mut workspace = vec![f64::NAN; workspace_length(2)];
        let mut integrator = Integrator::new(&mut workspace, settings(1e-6, 1e-9, solver::AUTOMATIC));
        integrator.set_autonomous(true);
        let mut system = System::new(&ORAL, &mut []);
        let mut state = [f64::NAN; 2];
        integrator.restart(&mut system, 0.0, &[0.0, 0.0]);
        for t in [0.5, 7.0, 24.0] {
            integrator.advance(&mut system, t, barrier).unwrap();
            integrator.state_at(t, &mut state);
            assert_eq!(state, [0.0, 0.0], "at {t}");
        }
        assert_eq!((integrator.statistics().accepted, integrator.statistics().derivatives), (1, 1));
        integrator.restart(&mut system, 24.0, &[DOSE, 0.0]);
        integrator.advance(&mut system, 36.0, 36.0).unwrap();
        integrator.state_at(36.0, &mut state);
        assert!((state[1] - truth(12.0_f64.next_down())[1]).abs() < 1e-4 * state[1], "{state:?}");
        *counts = integrator.statistics();
    }
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[0].rejected, 0);
}

/// A response that follows a forcing function of time at rate 1e5: both methods' use of time, and the switch.
const FORCED: Problem = Problem {
    right_hand_side: |t, y, out| out[0] = -1e5 * (y[0] - pmc_math::cos(t)) - pmc_math::sin(t),
    start: 0.0,
    initial: &[1.0],
    end: 20.0,
    solution: &[0.40808206181339196],
};

#[test]
fn a_fast_response_to_a_slow_force_is_found_stiff() {
    let (state, counts) = FORCED.solve(settings(1e-7, 1e-10, solver::AUTOMATIC)).unwrap();
    assert!(FORCED.error(&state, 0.0) < 1e-7, "{state:?}");
    assert!(counts.switches == 1 && counts.accepted < 1000, "{counts:?}");
}

/// A stiff problem that ceases to be stiff: a rate that falls from 1e4 to 0 as time goes on.
const RELAXING: Problem = Problem {
    right_hand_side: |t, y, out| {
        let rate = 1e4 / (1.0 + pmc_math::exp(20.0 * (t - 5.0)));
        out[0] = y[1] - rate * (y[0] - pmc_math::cos(t));
        out[1] = -y[0];
    },
    start: 0.0,
    initial: &[1.0, 0.0],
    end: 60.0,
    solution: &[],
};

#[test]
fn the_explicit_method_returns_when_stiffness_ends() {
    let (automatic, counts) = RELAXING.solve(settings(1e-8, 1e-10, solver::AUTOMATIC)).unwrap();
    let (explicit, _) = RELAXING.solve(settings(1e-8, 1e-10, solver::EXPLICIT)).unwrap();
    assert!((automatic[0] - explicit[0]).abs() < 1e-6, "{automatic:?} {explicit:?}");
    assert_eq!(counts.switches, 2, "{counts:?}");
    assert!(counts.jacobians < counts.accepted / 2, "{counts:?}");
}

//! What cannot be solved is said, with time and state, and nothing goes on for ever.

use pmc_abi::Status;
use pmc_abi::descriptor::{SolverSettings, solver};
use pmc_kernel::solver::{Integrator, workspace_length};
use pmc_kernel::{Failure, System};

use crate::problems::{PLEIADES, Problem, settings};

const SOLVERS: [u32; 3] = [solver::AUTOMATIC, solver::EXPLICIT, solver::STIFF];

/// Infinite at time 1.
const EXPLOSION: Problem = Problem {
    right_hand_side: |_t, y, out| out.copy_from_slice(&[0.0, y[1] * y[1]]),
    start: 0.0,
    initial: &[1.0, 1.0],
    end: 2.0,
    solution: &[],
};

#[test]
fn a_solution_that_ends_is_not_continued() {
    for solver in SOLVERS {
        let failure = EXPLOSION.solve(settings(1e-6, 1e-9, solver)).unwrap_err();
        assert!(matches!(failure.status, Status::StepTooSmall | Status::NotFinite), "{failure:?}");
        assert!((failure.time - 1.0).abs() < 1e-3, "{failure:?}");
        assert_ne!(failure.state(), Some(0));
    }
}

#[test]
fn the_square_root_of_a_negative_amount_is_named() {
    let problem = Problem {
        right_hand_side: |t, _y, out| out.copy_from_slice(&[1.0, 1.0, (0.5 - t).sqrt()]),
        initial: &[0.0, 0.0, 0.0],
        ..EXPLOSION
    };
    for solver in SOLVERS {
        let failure = problem.solve(settings(1e-6, 1e-9, solver)).unwrap_err();
        assert_eq!(failure.status, Status::NotFinite);
        assert!(
            failure.state() == Some(2) || (failure.state().is_none() && solver == solver::STIFF),
            "{failure:?}"
        );
        assert!((failure.time - 0.5).abs() < 1e-5, "{failure:?}");
    }
}

#[test]
fn derivatives_that_are_not_finite_at_the_start_are_reported_before_any_step() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for state in [[0.0, bad], [bad, 0.0]] {
            let mut workspace = vec![f64::NAN; workspace_length(2)];
            let mut integrator = Integrator::new(&mut workspace, settings(1e-6, 1e-9, solver::AUTOMATIC));
            let mut system = System::new(&EXPLOSION, &mut []);
            integrator.restart(&mut system, 3.0, &state);
            let failure = integrator.advance(&mut system, 4.0, 5.0).unwrap_err();
            let index = u32::from(state[1] != 0.0);
            assert_eq!(failure, Failure::of_state(Status::NotFinite, 3.0, Some(index)));
            assert_eq!(integrator.statistics().accepted, 0);
        }
    }
}

#[test]
fn the_limit_of_steps_holds_over_restarts() {
    let limited = SolverSettings { maximum_steps: 30.0, ..settings(1e-6, 1e-9, solver::AUTOMATIC) };
    let mut workspace = vec![f64::NAN; workspace_length(28)];
    let mut integrator = Integrator::new(&mut workspace, limited);
    let mut system = System::new(&PLEIADES, &mut []);
    let mut outcome = Ok(());
    let mut starts = 0;
    while outcome.is_ok() {
        integrator.restart(&mut system, 0.0, PLEIADES.initial);
        outcome = integrator.advance(&mut system, 0.05, 0.05);
        starts += 1;
    }
    assert!(starts > 1);
    let failure = outcome.unwrap_err();
    assert_eq!(failure.status, Status::BudgetExceeded);
    assert!(0.0 <= failure.time && failure.time < 0.05 && failure.state().is_some(), "{failure:?}");
    let counts = integrator.statistics();
    assert_eq!(counts.accepted + counts.rejected, 30);
}

#[test]
fn steps_are_no_longer_than_the_maximum() {
    let still = Problem { right_hand_side: |_t, _y, out| out.fill(0.0), end: 10.0, ..EXPLOSION };
    for solver in SOLVERS {
        let (_, free) = still.solve(settings(1e-6, 1e-9, solver)).unwrap();
        let bounded = SolverSettings { maximum_step: 0.1, ..settings(1e-6, 1e-9, solver) };
        let (_, bounded) = still.solve(bounded).unwrap();
        assert!(free.accepted < 20 && bounded.accepted >= 100, "{free:?} {bounded:?}");
    }
}

#[test]
fn states_at_zero_need_no_absolute_tolerance() {
    let decay = Problem {
        right_hand_side: |_t, y, out| out.copy_from_slice(&[-y[0], -3.0 * y[1], 0.0]),
        initial: &[1.0, 0.0, 0.0],
        ..EXPLOSION
    };
    for solver in SOLVERS {
        let (state, counts) = decay.solve(settings(1e-6, 0.0, solver)).unwrap();
        assert!((state[0] - pmc_math::exp(-2.0)).abs() < 1e-6 && state[1..] == [0.0, 0.0], "{state:?}");
        assert!(counts.rejected == 0 && counts.accepted < 60, "{counts:?}");
    }
}

#[test]
fn barriers_a_rounding_error_away_are_reached() {
    let decay = Problem { right_hand_side: |_t, y, out| out[0] = -y[0], initial: &[1.0], ..EXPLOSION };
    for solver in SOLVERS {
        let mut workspace = vec![f64::NAN; workspace_length(1)];
        let mut integrator = Integrator::new(&mut workspace, settings(1e-6, 1e-9, solver));
        let mut system = System::new(&decay, &mut []);
        let mut state = [1.0];
        let mut t: f64 = 1e6;
        for _ in 0..10 {
            integrator.restart(&mut system, t, &state);
            t = t.next_up();
            integrator.advance(&mut system, t, t).unwrap();
            integrator.state_at(t, &mut state);
        }
        integrator.restart(&mut system, t, &state);
        integrator.advance(&mut system, t + 1.0, t + 1.0).unwrap();
        integrator.state_at(t + 1.0, &mut state);
        assert!((state[0] - pmc_math::exp(-1.0)).abs() < 1e-5, "{state:?}");
    }
}

#[test]
fn nothing_is_evaluated_beyond_a_barrier() {
    for solver in SOLVERS {
        let problem = Problem {
            right_hand_side: |t, y, out| out[0] = if t > 0.1 + 0.2 { f64::NAN } else { y[0] * t },
            initial: &[1.0],
            end: 0.1 + 0.2,
            ..EXPLOSION
        };
        problem.solve(settings(1e-7, 1e-9, solver)).unwrap_or_else(|failure| panic!("{failure:?}"));
    }
}

#[test]
fn a_system_without_states_just_lets_time_pass() {
    let mut integrator = Integrator::new(&mut [], settings(1e-6, 1e-9, solver::AUTOMATIC));
    let nothing = Problem { right_hand_side: |_t, _y, _out| {}, initial: &[], ..EXPLOSION };
    let mut system = System::new(&nothing, &mut []);
    integrator.restart(&mut system, 0.0, &[]);
    assert_eq!(integrator.advance(&mut system, 1.0, f64::INFINITY), Ok(()));
    integrator.state_at(1.0, &mut []);
    assert_eq!(integrator.statistics().accepted, 0);
}

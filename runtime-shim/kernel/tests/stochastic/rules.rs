//! What holds whatever the system: streams, particles, doses, ends of intervals, limits.

use pmc_abi::Status;
use pmc_abi::descriptor::solver::{EULER_MARUYAMA, STRONG};
use pmc_abi::schedule::{Record, event, flag};

use crate::support::{Run, Sde, dose, observation};

/// Elimination with noise, an infusion and a covariate.
const ELIMINATION: Sde = Sde {
    initial: &[1.0, 0.0],
    drift: |_, covariate, rate, state, out| {
        out[0] = rate - 0.4 * covariate * state[0];
        out[1] = 0.4 * covariate * state[0];
    },
    diffusion: |_, _, _, state, out| out[0] = 0.2 * state[0],
    diffusing: &[0],
};

/// The same without noise: a diffusion that is zero.
const QUIET: Sde = Sde { diffusion: |_, _, _, _, out| out[0] = 0.0, ..ELIMINATION };

/// Accumulates what flows in, exactly as far as steps end where the flow changes.
const BUCKET: Sde = Sde {
    initial: &[0.0],
    drift: |_, _, rate, _, out| out[0] = rate,
    diffusion: |_, _, _, _, out| out[0] = 0.0,
    diffusing: &[0],
};

/// One value of the covariate at time 0 already.
fn run(model: Sde, particles: u32) -> Run<'static> {
    let mut run = Run::new(model, particles, 42);
    run.records[0].1 = 1.0;
    run
}

fn bits(rows: &[Vec<f64>]) -> Vec<u64> {
    rows.iter().flatten().map(|value| value.to_bits()).collect()
}

#[test]
fn a_run_repeats_to_the_last_bit() {
    let run = run(ELIMINATION, 100).record(dose(0.5, 10.0, 0.0), 1.2).observe(&[1.0, 2.0]);
    assert_eq!(bits(&run.rows()), bits(&run.rows()));
}

#[test]
fn seed_and_stream_change_paths() {
    let first = run(ELIMINATION, 1).observe(&[1.0]);
    let mut seeded = first.clone();
    seeded.settings.seed = 43;
    assert_ne!(bits(&first.rows()), bits(&seeded.rows()));
    assert_ne!(bits(&first.rows()), bits(&first.clone().stream(1).rows()));
}

#[test]
fn paths_do_not_depend_on_how_many_particles_there_are() {
    // The least value of some particles is also there among more of them, or undercut by one of these.
    let least = |particles| run(ELIMINATION, particles).quantiles(&[0.0]).observe(&[1.0]).rows()[0][4];
    let some: Vec<f64> = (1..=40).map(least).collect();
    assert!(some.windows(2).all(|pair| pair[1] <= pair[0]), "{some:?}");
    assert!(some.windows(2).any(|pair| pair[1] < pair[0]) && some.windows(2).any(|pair| pair[1] == pair[0]));
}

#[test]
fn both_methods_see_the_same_increments() {
    // Where drift is none and the diffusion constant, both are exact.
    let model = Sde {
        initial: &[0.0],
        drift: |_, _, _, _, out| out[0] = 0.0,
        diffusion: |_, _, _, _, out| out[0] = 2.0,
        diffusing: &[0],
    };
    let euler = Run::new(model, 1, 5).method(EULER_MARUYAMA, 0.25).observe(&[3.0]).rows()[0][0];
    let strong = Run::new(model, 1, 5).method(STRONG, 0.25).observe(&[3.0]).rows()[0][0];
    assert!((euler - strong).abs() < 1e-13, "{euler}, {strong}");
}

#[test]
fn doses_infusions_and_resets_act_on_all_particles_alike() {
    let reset = Record { event: event::RESET, flags: 0, ..observation(4.0) };
    let run = run(BUCKET, 7)
        .quantiles(&[0.0, 1.0])
        .record(dose(0.25, 10.0, 0.0), f64::NAN)
        // 3 at 1.5 per unit of time: from 1 to 3.
        .record(dose(1.0, 3.0, 1.5), f64::NAN)
        .observe(&[2.0, 3.5])
        .record(reset, f64::NAN)
        .observe(&[5.0]);
    let rows = run.rows();
    for (row, expected) in rows.iter().zip([11.5, 13.0, 0.0]) {
        for value in [row[0], row[2], row[4]] {
            assert!((value - expected).abs() < 1e-12, "{value}, expected {expected}");
        }
    }
}

#[test]
fn steps_end_where_infusions_and_slopes_end() {
    // A step over the end of the infusion or the turn of the covariate would show: the right-hand side is linear in
    // time between them, which the method integrates exactly.
    let model = Sde { drift: |_, covariate, rate, _, out| out[0] = rate + covariate, ..BUCKET };
    let run = Run { ..run(model, 3) }
        .method(STRONG, 10.0)
        .record(dose(0.0, 1.0, 3.0), f64::NAN)
        .record(Record { flags: 0, ..observation(1.0) }, 2.0)
        .record(Record { flags: 0, ..observation(4.0) }, 0.5)
        .observe(&[4.0]);
    let found = run.rows()[0][0];
    let expected = 1.0 + 1.5 + 3.0 * 1.25;
    assert!((found - expected).abs() < 1e-13, "{found}, expected {expected}");
}

#[test]
fn without_noise_the_methods_have_the_orders_one_and_two() {
    let exact = (-0.4_f64 * 2.0).exp();
    for (method, order) in [(EULER_MARUYAMA, 1.0), (STRONG, 2.0)] {
        let error = |step: f64| {
            let rows = run(QUIET, 1).method(method, step).observe(&[2.0]).rows();
            (rows[0][0] - exact).abs()
        };
        let found = (error(0.1) / error(0.05)).log2();
        assert!((found - order).abs() < 0.05, "{found}, expected {order}");
    }
}

#[test]
fn an_observation_on_the_grid_of_steps_changes_nothing() {
    let plain = run(ELIMINATION, 20).method(STRONG, 0.25).observe(&[2.0]).rows();
    let watched = run(ELIMINATION, 20).method(STRONG, 0.25).observe(&[0.5, 1.0, 1.25, 2.0]).rows();
    assert_eq!(bits(&plain[..1]), bits(&watched[3..]));
    let elsewhere = run(ELIMINATION, 20).method(STRONG, 0.25).observe(&[0.6, 2.0]).rows();
    assert_ne!(bits(&plain[..1]), bits(&elsewhere[1..]), "beside the grid it cuts a step");
}

#[test]
fn steps_are_as_few_as_the_longest_allows() {
    let steps = |step: f64, times: &[f64]| {
        let run = run(ELIMINATION, 3).method(STRONG, step).observe(times);
        run.try_rows().expect("a run").1.statistics.accepted
    };
    assert_eq!(steps(0.25, &[1.0]), 4);
    assert_eq!(steps(0.3, &[1.0]), 4);
    assert_eq!(steps(10.0, &[1.0, 1.5]), 2);
    assert_eq!(steps(f64::INFINITY, &[1.0]), 10, "a tenth where nobody says anything");
    // The difference of these times is a little more than a tenth.
    assert_eq!(steps(0.1, &[1.0, 1.1]), 11);
}

#[test]
fn the_limit_of_steps_counts() {
    let mut run = run(ELIMINATION, 3).method(STRONG, 0.1).observe(&[1.0]);
    run.settings.maximum_steps = 10.0;
    assert!(run.try_rows().is_ok());
    run.settings.maximum_steps = 9.0;
    let failure = run.try_rows().expect_err("one step too many");
    assert_eq!(failure.status, Status::BudgetExceeded);
    assert!((failure.time - 0.9).abs() < 1e-12, "{}", failure.time);
}

#[test]
fn what_is_not_a_number_is_told_with_time_and_state() {
    let model = Sde {
        initial: &[1.0, 0.25],
        drift: |_, _, _, _, out| (out[0], out[1]) = (0.0, -1.0),
        diffusion: |_, _, _, state, out| out[1] = 0.0 * state[1].sqrt(),
        diffusing: &[1],
    };
    let failure = Run::new(model, 2, 1).method(EULER_MARUYAMA, 0.1).observe(&[1.0]).try_rows();
    let failure = failure.expect_err("the root of a negative number");
    assert_eq!((failure.status, failure.state()), (Status::NotFinite, Some(1)));
    assert!((failure.time - 0.4).abs() < 1e-12, "{}", failure.time);
}

#[test]
fn steady_state_doses_are_refused() {
    let record = Record { interval: 12.0, flags: flag::STEADY_STATE, ..dose(0.0, 10.0, 0.0) };
    let failure = run(ELIMINATION, 2).record(record, f64::NAN).observe(&[1.0]).try_rows();
    assert_eq!(failure.expect_err("chance has no steady state").status, Status::NotSupported);
}

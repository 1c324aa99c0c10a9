//! Regimens at steady state that were once found wrongly. Those of `tests/it` are compared with sums of many doses.

use pmc_abi::descriptor::{SolverSettings, solver};
use pmc_abi::schedule::{Record, flag, policy};

use crate::models::{ORAL, Oral};
use crate::support::{SETTINGS, Subject, bolus, infusion, observation, run, run_with};

fn steady(interval: f64, record: Record) -> Record {
    Record { interval, flags: flag::STEADY_STATE, ..record }
}

#[test]
fn a_constant_infusion_is_found_from_nothing() {
    // A rate that is large in comparison with a state of zero.
    let subject = Subject::new().record(steady(0.0, infusion(0.0, 1, 0.0, 2e3))).observe([0.0]);
    let [_, clearance, ..] = ORAL;
    let found = run(&Oral, &ORAL, &subject)[0][0];
    assert!((found * clearance / 2e3 - 1.0).abs() < 1e-9, "{found}");
}

#[test]
fn points_that_depend_on_one_another_do_not_mislead_the_search() {
    let (absorption, elimination, rate) =
        (2.090_070_568_307_358, 0.346_217_458_557_028_57, 18.102_572_001_477_373);
    let subject = Subject::new()
        .policy(policy::OBSERVATIONS_FIRST)
        .record(Record { flags: flag::STEADY_STATE_ADDED, ..infusion(0.0, 1, 0.0, 7.090_778_369_120_979) })
        .observe([0.113_144_319_801_218_64, 16.978_366_808_460_343, 19.0])
        .record(Record { additional: 1, ..steady(12.0, infusion(19.0, 0, 12.0 * rate, rate)) })
        .observe([20.0]);
    let parameters = [absorption, elimination, 1.0, 0.0, 1.0, 10.0, 2.0, 0.0];
    let settings = SolverSettings { solver: solver::EXPLICIT, ..SETTINGS };
    let rows = run_with(&Oral, &parameters, &subject, settings).expect("the subject runs");
    let found = rows.last().expect("a row")[0];
    assert!((found * elimination / rate - 1.0).abs() < 1e-6, "{found}");
}

#[test]
fn a_lag_of_whole_intervals_leaves_no_lag() {
    // 0.3 / 0.1 is less than 3, so rounding leaves nearly an interval.
    let mut parameters = ORAL;
    parameters[7] = 0.3;
    let subject = Subject::new().record(steady(0.1, bolus(0.0, 1, 1.0))).record(observation(0.15));
    let without = run(&Oral, &ORAL, &subject)[0][0];
    let with = run(&Oral, &parameters, &subject)[0][0];
    assert!((with / without - 1.0).abs() < 1e-6, "{with} instead of {without}");
}

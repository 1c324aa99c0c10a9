//! What happens when, and in which order.

use pmc_abi::schedule::{Record, event, flag, policy};

use crate::models::{ORAL, Oral};
use crate::support::{Subject, bolus, happening, infusion, observation, run};

fn first(rows: &[Vec<f64>]) -> Vec<f64> {
    rows.iter().map(|row| row[0]).collect()
}

/// Parameters under which nothing decays and the volume is 1, so that outputs are amounts.
fn still(lag: f64) -> [f64; 8] {
    [1.0, 0.0, 1.0, lag, 1.0, 10.0, 2.0, 3.0]
}

#[test]
fn records_at_one_time_take_effect_in_their_order() {
    let subject = Subject::new()
        .record(bolus(0.0, 1, 1.0))
        .record(observation(1.0))
        .record(bolus(1.0, 1, 10.0))
        .record(observation(1.0));
    assert_eq!(first(&run(&Oral, &still(0.0), &subject)), [4.0, 14.0]);
}

#[test]
fn pending_doses_come_before_an_observation_at_their_time() {
    let train = Record { interval: 2.0, additional: 2, ..bolus(0.0, 1, 1.0) };
    let subject = Subject::new().record(train).observe([2.0, 3.0, 4.0]);
    assert_eq!(first(&run(&Oral, &still(0.0), &subject)), [5.0, 5.0, 6.0]);
    let subject = Subject::new().record(bolus(0.0, 1, 1.0)).observe([0.0, 2.0]);
    assert_eq!(first(&run(&Oral, &still(2.0), &subject)), [3.0, 4.0]);
}

#[test]
fn observations_come_first_where_the_policy_says_so() {
    let train = Record { interval: 2.0, additional: 1, ..bolus(0.0, 1, 1.0) };
    let reported = Record { flags: flag::REPORT, ..bolus(2.0, 1, 10.0) };
    let subject = Subject::new()
        .policy(policy::OBSERVATIONS_FIRST)
        .record(train)
        .record(observation(0.0))
        .record(infusion(2.0, 1, 5.0, 1.0))
        .record(reported)
        .record(observation(2.0))
        .record(observation(2.5));
    // Rows keep the order of the records; the pending dose comes before those recorded at its time.
    assert_eq!(first(&run(&Oral, &still(0.0), &subject)), [3.0, 15.0, 4.0, 15.5]);
}

#[test]
fn an_infusion_runs_at_its_end_for_observations_first_and_not_for_records() {
    let subject = Subject::new().record(infusion(0.0, 1, 2.0, 1.0)).observe([1.0, 2.0, 2.5]);
    let rates = |rows: Vec<Vec<f64>>| rows.iter().map(|row| row[3]).collect::<Vec<_>>();
    assert_eq!(rates(run(&Oral, &still(0.0), &subject)), [1.0, 0.0, 0.0]);
    let subject = subject.policy(policy::OBSERVATIONS_FIRST);
    assert_eq!(rates(run(&Oral, &still(0.0), &subject)), [1.0, 1.0, 0.0]);
}

#[test]
fn a_reset_restores_initial_values_and_cancels_all_that_is_pending() {
    let subject = Subject::new()
        .record(Record { interval: 1.0, additional: 9, ..bolus(0.0, 1, 1.0) })
        .record(infusion(0.0, 1, 100.0, 10.0))
        .record(happening(2.5, event::RESET))
        .observe([2.5, 9.0]);
    let rows = run(&Oral, &still(0.0), &subject);
    assert_eq!(rows[0], [3.0, f64::INFINITY, 0.0, 0.0]);
    assert_eq!(rows[1], rows[0]);
}

#[test]
fn a_reset_sets_zero_where_the_policy_says_so() {
    let subject = Subject::new()
        .policy(policy::RESET_TO_ZERO)
        .record(observation(0.0))
        .record(happening(1.0, event::RESET));
    let subject = subject.observe([1.0, 2.0]);
    assert_eq!(first(&run(&Oral, &still(0.0), &subject)), [3.0, 0.0, 0.0]);
}

#[test]
fn a_reset_with_a_dose_resets_first() {
    let dose = Record { event: event::RESET_AND_DOSE, ..bolus(2.0, 1, 7.0) };
    let subject = Subject::new().record(bolus(0.0, 1, 50.0)).record(dose).observe([2.0]);
    assert_eq!(first(&run(&Oral, &still(0.0), &subject)), [10.0]);
    let subject = subject.policy(policy::OBSERVATIONS_FIRST);
    assert_eq!(first(&run(&Oral, &still(0.0), &subject)), [3.0], "the observation follows the reset only");
}

#[test]
fn other_records_change_nothing_but_report() {
    let other = Record { flags: flag::REPORT, ..happening(1.0, event::OTHER) };
    let subject = Subject::new().record(bolus(0.0, 1, 1.0)).record(other);
    assert_eq!(first(&run(&Oral, &still(0.0), &subject)), [4.0]);
}

#[test]
fn dose_history_counts_doses_when_they_are_given() {
    let train = Record { interval: 10.0, additional: 1, ..bolus(0.0, 1, 1.0) };
    let subject = Subject::new().record(train).observe([1.0, 2.0, 5.0, 12.0, 13.0]);
    let history: Vec<_> = run(&Oral, &still(2.0), &subject).iter().map(|row| (row[1], row[2])).collect();
    assert_eq!(history, [(f64::INFINITY, 0.0), (0.0, 1.0), (3.0, 1.0), (0.0, 2.0), (1.0, 2.0)]);
}

#[test]
fn predictions_do_not_depend_on_the_times_of_other_observations() {
    let doses = Subject::new()
        .record(Record { interval: 8.0, additional: 3, ..bolus(0.0, 0, 100.0) })
        .record(infusion(5.0, 1, 60.0, 7.0));
    let sparse: Vec<f64> = vec![5.0, 9.3, 21.7, 40.0];
    let dense = (0..500).map(|step| 5.0 + f64::from(step) * 0.1).chain(sparse.iter().copied());
    let alone = run(&Oral, &ORAL, &doses.clone().observe(sparse.iter().copied()));
    let mut times: Vec<f64> = dense.collect();
    times.sort_by(f64::total_cmp);
    let among = run(&Oral, &ORAL, &doses.observe(times.iter().copied()));
    for (time, row) in sparse.iter().zip(&alone) {
        let index = times.iter().rposition(|other| other == time).expect("a time of both");
        assert_eq!(&among[index], row, "at {time}");
    }
}

//! Covariates between, before, at and after the records that hold them.

use pmc_abi::Status;
use pmc_abi::descriptor::{CovariateDescriptor, interpolation};
use pmc_abi::schedule::{Record, flag};

use crate::models::Exposure;
use crate::support::{Subject, assert_close, bolus, observation, run, try_run};

fn model(interpolation: u32) -> Exposure {
    Exposure { covariate: CovariateDescriptor { interpolation, tested_for_missing: 0, default: f64::NAN } }
}

/// Values at 1, 3 and 6; observations without values between, before and after.
fn subject() -> Subject {
    let known = [(1.0, 2.0), (3.0, 6.0), (6.0, 3.0)];
    let subject = Subject::new().observe([0.0, 2.0, 4.0, 5.0, 8.0]);
    known.iter().fold(subject, |subject, (t, w)| subject.record(observation(*t)).with(&[*w])).sorted()
}

fn integrals(rows: &[Vec<f64>]) -> Vec<f64> {
    rows.iter().map(|row| row[0]).collect()
}

fn values(rows: &[Vec<f64>]) -> Vec<f64> {
    rows.iter().map(|row| row[1]).collect()
}

#[test]
fn linear_covariates_run_straight_and_are_constant_outside() {
    let rows = run(&model(interpolation::LINEAR), &[], &subject());
    assert_eq!(values(&rows), [2.0, 2.0, 4.0, 6.0, 5.0, 4.0, 3.0, 3.0]);
    assert_close(&rows, [0.0, 2.0, 5.0, 10.0, 15.5, 20.0, 23.5, 29.5], 1e-12);
}

#[test]
fn last_values_are_carried_forward() {
    let rows = run(&model(interpolation::LAST_FORWARD), &[], &subject());
    assert_eq!(values(&rows), [2.0, 2.0, 2.0, 6.0, 6.0, 6.0, 3.0, 3.0]);
    assert_close(&rows, [0.0, 2.0, 4.0, 6.0, 12.0, 18.0, 24.0, 30.0], 1e-12);
}

#[test]
fn next_values_are_carried_backward() {
    let rows = run(&model(interpolation::NEXT_BACKWARD), &[], &subject());
    assert_eq!(values(&rows), [2.0, 2.0, 6.0, 6.0, 3.0, 3.0, 3.0, 3.0]);
    assert_close(&rows, [0.0, 2.0, 8.0, 14.0, 17.0, 20.0, 23.0, 29.0], 1e-12);
}

#[test]
fn constant_covariates_keep_the_first_value() {
    let rows = run(&model(interpolation::CONSTANT), &[], &subject());
    assert_eq!(values(&rows), [2.0; 8]);
}

#[test]
fn the_data_decide_where_the_model_does_not() {
    for mode in [interpolation::LINEAR, interpolation::LAST_FORWARD, interpolation::NEXT_BACKWARD] {
        let mut subject = subject();
        subject.data_interpolation = Some(mode);
        let decided = run(&model(interpolation::DATA), &[], &subject);
        assert_eq!(decided, run(&model(mode), &[], &subject), "mode {mode}");
    }
}

#[test]
fn a_dose_sees_the_value_of_its_own_record() {
    let modes = [interpolation::LINEAR, interpolation::LAST_FORWARD, interpolation::NEXT_BACKWARD];
    for mode in modes {
        let subject = Subject::new()
            .record(bolus(0.0, 0, 1.0))
            .with(&[5.0])
            .record(Record { flags: flag::REPORT, ..bolus(0.0, 0, 1.0) })
            .with(&[7.0])
            .record(observation(1.0))
            .with(&[9.0]);
        assert_eq!(run(&model(mode), &[], &subject)[0][..2], [12.0, 7.0], "mode {mode}");
    }
}

#[test]
fn values_that_do_not_change_cut_no_step() {
    let modes = [interpolation::LINEAR, interpolation::LAST_FORWARD, interpolation::NEXT_BACKWARD];
    for mode in modes {
        let known = [(0.0, 1.0), (2.0, 3.0), (4.0, 3.0), (6.0, 1.0)];
        let start = Subject::new().record(bolus(0.0, 0, 1.0)).with(&[1.0]);
        let sparse = known.iter().fold(start, |subject, (t, w)| subject.record(observation(*t)).with(&[*w]));
        let dense = sparse.clone().observe((0..70).map(|step| f64::from(step) * 0.1)).sorted();
        let sparse = run(&model(mode), &[], &sparse);
        let dense = run(&model(mode), &[], &dense);
        for ((time, _), row) in known.iter().zip(&sparse) {
            assert!(dense.contains(row), "mode {mode}: {row:?} at {time} differs among other observations");
        }
    }
}

#[test]
fn repeated_values_give_the_same_bits_as_one() {
    let modes = [interpolation::LINEAR, interpolation::LAST_FORWARD, interpolation::NEXT_BACKWARD];
    for mode in modes {
        let times = [0.0, 1.0, 2.0, 3.0];
        let once = Subject::new().record(observation(0.0)).with(&[0.3]).observe([1.0, 2.0, 3.0]);
        let each =
            times.iter().fold(Subject::new(), |subject, t| subject.record(observation(*t)).with(&[0.3]));
        assert_eq!(integrals(&run(&model(mode), &[], &once)), integrals(&run(&model(mode), &[], &each)));
    }
}

#[test]
fn a_subject_without_values_takes_the_default() {
    let mut model = model(interpolation::LINEAR);
    model.covariate.default = 4.0;
    let rows = run(&model, &[], &Subject::new().observe([0.0, 2.0]));
    assert_close(&rows, [0.0, 8.0], 1e-14);
    assert!(rows.iter().all(|row| row[1..] == [4.0, 1.0]), "{rows:?}");
    let with_values = Subject::new().record(observation(0.0)).with(&[1.0]);
    assert_eq!(run(&model, &[], &with_values), [[0.0, 1.0, 0.0]]);
}

#[test]
fn a_covariate_without_value_and_default_is_an_error_unless_the_model_asks() {
    let mut model = model(interpolation::LINEAR);
    let subject = Subject::new().observe([3.0]);
    let failure = try_run(&model, &[], &subject).expect_err("nothing to read");
    assert_eq!((failure.status, failure.time), (Status::MissingCovariate, 3.0));
    model.covariate.tested_for_missing = 1;
    let failure = try_run(&model, &[], &subject).expect_err("read without asking");
    assert_eq!(failure.status, Status::NotFinite);
}

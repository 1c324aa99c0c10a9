//! What cannot be simulated, and how it is said.

use pmc_abi::descriptor::CovariateDescriptor;
use pmc_abi::schedule::{NO_ROUTE, Record, flag, modelled};
use pmc_abi::{Status, dose_property, route_property};
use pmc_kernel::Model;
use pmc_kernel::dosing::{Doses, INFUSIONS, Schedule, TRAINS, Workspace, simulate};

use crate::models::{Exposure, ORAL, Oral};
use crate::support::{SETTINGS, Subject, bolus, infusion, observation, try_run};

fn status(subject: &Subject) -> Status {
    try_run(&Oral, &ORAL, subject).map_or_else(|failure| failure.status, |_| Status::Success)
}

#[test]
fn impossible_doses_are_refused_with_their_time_and_what_is_wrong() {
    let train = Record { additional: 1, interval: 0.0, ..bolus(0.0, 1, 1.0) };
    let impossible = [
        (bolus(2.0, 1, f64::NAN), dose_property::AMOUNT),
        (bolus(2.0, 1, f64::INFINITY), dose_property::AMOUNT),
        (infusion(2.0, 1, 0.0, 5.0), dose_property::AMOUNT),
        (infusion(2.0, 1, -1.0, 5.0), dose_property::AMOUNT),
        (infusion(2.0, 1, 1.0, -5.0), route_property::RATE),
        (infusion(2.0, 1, 1.0, f64::INFINITY), route_property::RATE),
        (infusion(2.0, 0, 1.0, modelled::DURATION), route_property::DURATION),
        (Record { time: 2.0, ..train }, dose_property::INTERVAL),
        (Record { time: 2.0, interval: f64::INFINITY, ..train }, dose_property::INTERVAL),
        (Record { time: 2.0, interval: 1e-300, additional: u32::MAX, ..train }, dose_property::INTERVAL),
    ];
    for (dose, property) in impossible {
        let failure =
            try_run(&Oral, &ORAL, &Subject::new().observe([0.0]).record(dose)).expect_err("impossible");
        assert_eq!((failure.status, failure.time), (Status::BadDose, 2.0), "{dose:?}");
        let fault = failure.fault().expect("something is wrong with it");
        assert_eq!((fault.route, fault.property), (dose.route, property), "{dose:?}");
    }
}

#[test]
fn malformed_records_are_refused() {
    let malformed = [
        (bolus(0.0, 2, 1.0), Status::BadSchedule),
        (bolus(0.0, NO_ROUTE, 1.0), Status::BadSchedule),
        (Record { event: 5, ..observation(0.0) }, Status::BadSchedule),
        (Record { flags: 8, ..observation(0.0) }, Status::BadSchedule),
        (observation(f64::NAN), Status::BadValue),
        (observation(f64::INFINITY), Status::BadValue),
        (observation(-1.0), Status::TimeReversed),
    ];
    for (record, expected) in malformed {
        assert_eq!(status(&Subject::new().observe([0.0]).record(record)), expected, "{record:?}");
    }
}

#[test]
fn infinite_covariates_are_refused() {
    let covariate = CovariateDescriptor { interpolation: 0, tested_for_missing: 1, default: f64::NAN };
    let subject = Subject::new().observe([0.0, 1.0]).with(&[f64::NEG_INFINITY]);
    let failure = try_run(&Exposure { covariate }, &[], &subject).expect_err("infinite");
    assert_eq!((failure.status, failure.time), (Status::BadValue, 1.0));
}

#[test]
fn memory_that_is_too_small_is_refused_before_anything_happens() {
    let descriptor = Oral.descriptor();
    let words = Subject::new().observe([0.0, 1.0]).words(0);
    let schedule = Schedule::new(&words, &descriptor).expect("a schedule");
    let mut numbers = vec![1.0; Workspace::numbers(&descriptor)];
    let mut doses = Doses::new();
    let workspace = Workspace { numbers: &mut numbers, tracks: &mut [], doses: &mut doses };
    let mut out = [-1.0; 7];
    let failure = simulate(&Oral, workspace, SETTINGS, &schedule, &mut out).expect_err("too small");
    assert_eq!((failure.status, out), (Status::BufferTooSmall, [-1.0; 7]));
    let workspace = Workspace { numbers: &mut numbers[1..], tracks: &mut [], doses: &mut doses };
    let failure = simulate(&Oral, workspace, SETTINGS, &schedule, &mut [0.0; 8]).expect_err("too small");
    assert_eq!(failure.status, Status::OutOfMemory);
}

#[test]
fn malformed_headers_are_refused() {
    let descriptor = Oral.descriptor();
    let words = Subject::new().observe([0.0, 1.0]).words(0);
    assert!(Schedule::new(&words, &descriptor).is_ok());
    let bits = [0, 32, 64, 96 + 4, 128 + 5];
    for bit in bits {
        let mut broken = words.clone();
        broken[bit / 64] ^= 1 << (bit % 64);
        let failure = Schedule::new(&broken, &descriptor).expect_err("malformed");
        assert_eq!(failure.status, Status::BadSchedule, "bit {bit}");
    }
    for length in 0..words.len() {
        assert!(Schedule::new(&words[..length], &descriptor).is_err(), "{length} words");
    }
}

#[test]
fn a_steady_state_without_an_interval_is_refused() {
    for steady in [flag::STEADY_STATE, flag::STEADY_STATE_ADDED] {
        for interval in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let dose = Record { flags: steady, interval, ..bolus(0.0, 1, 1.0) };
            assert_eq!(status(&Subject::new().record(dose)), Status::BadDose, "{interval}");
        }
    }
}

#[test]
fn queues_hold_as_many_doses_as_stated() {
    let train = |index: usize| Record { interval: 1.0, additional: 9, ..bolus(index as f64 * 1e-3, 1, 1.0) };
    let pending = |count: usize| (0..count).map(train).fold(Subject::new(), Subject::record);
    assert_eq!(status(&pending(TRAINS)), Status::Success);
    assert_eq!(status(&pending(TRAINS + 1)), Status::QueueFull);
    let running = |count: usize| {
        (0..count)
            .map(|index| infusion(index as f64 * 1e-3, 1, 1.0, 1.0))
            .fold(Subject::new(), Subject::record)
    };
    assert_eq!(status(&running(INFUSIONS)), Status::Success);
    assert_eq!(status(&running(INFUSIONS + 1)), Status::QueueFull);
}

#[test]
fn an_empty_schedule_gives_nothing() {
    assert_eq!(try_run(&Oral, &ORAL, &Subject::new()), Ok(vec![]));
}

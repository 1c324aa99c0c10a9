//! What cannot be simulated, and how it is said.

use pmc_abi::Status;
use pmc_abi::schedule::{NO_ROUTE, Record, flag, modelled};
use pmc_kernel::Model;
use pmc_kernel::dosing::{INFUSIONS, Schedule, TRAINS};

use crate::models::{ORAL, Oral};
use crate::support::{Subject, bolus, infusion, observation, try_run};

fn status(subject: &Subject) -> Status {
    try_run(&Oral, &ORAL, subject).map_or_else(|failure| failure.status, |_| Status::Success)
}

#[test]
fn impossible_doses_are_refused_with_their_time() {
    let train = Record { additional: 1, interval: 0.0, ..bolus(0.0, 1, 1.0) };
    let impossible = [
        bolus(2.0, 1, f64::NAN),
        bolus(2.0, 1, f64::INFINITY),
        infusion(2.0, 1, 0.0, 5.0),
        infusion(2.0, 1, -1.0, 5.0),
        infusion(2.0, 1, 1.0, -5.0),
        infusion(2.0, 1, 1.0, f64::INFINITY),
        infusion(2.0, 0, 1.0, modelled::DURATION),
        Record { time: 2.0, ..train },
    ];
    for dose in impossible {
        let failure =
            try_run(&Oral, &ORAL, &Subject::new().observe([0.0]).record(dose)).expect_err("impossible");
        assert_eq!((failure.status, failure.time), (Status::BadDose, 2.0), "{dose:?}");
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
fn steady_state_is_not_supported_yet() {
    for steady in [flag::STEADY_STATE, flag::STEADY_STATE_ADDED] {
        let dose = Record { flags: steady, interval: 12.0, ..bolus(0.0, 1, 1.0) };
        assert_eq!(status(&Subject::new().record(dose)), Status::NotSupported);
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

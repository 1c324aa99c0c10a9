use std::format;
use std::string::String;

use pmc_abi::{Status, dose_property};

use crate::report::Report;
use crate::{Failure, Fault};

fn text(report: &mut Report) -> String {
    String::from_utf8(report.text().to_vec()).expect("UTF-8")
}

#[test]
fn a_document_tells_code_message_time_and_state() {
    let mut report = Report::new();
    assert_eq!(text(&mut report), r#"{"code":0,"message":"success"}"#);
    report.write(&Failure::of_state(Status::NotFinite, 12.5, Some(3)), b"");
    assert_eq!(
        text(&mut report),
        r#"{"code":-7,"message":"a value became infinite or not a number","time":12.5,"state":3}"#
    );
    report.write(&Failure::new(Status::UnknownParameter, 1e13), b"ka");
    assert_eq!(text(&mut report), r#"{"code":-4,"message":"the model has no such parameter: `ka`"}"#);
}

#[test]
fn a_document_tells_what_is_wrong_with_a_dose() {
    let mut report = Report::new();
    let of = |value: f64| Failure::of_dose(3.0, Fault { route: 1, property: dose_property::AMOUNT, value });
    // What is not 0 is not written as 0.
    for (value, written) in [(-2.5, "-2.5"), (0.0, "0"), (1e-17, "0.000001"), (-1e-300, "-0.000001")] {
        report.write(&of(value), b"");
        let start =
            r#"{"code":-16,"message":"a dose is impossible","time":3,"route":1,"property":4,"value":"#;
        assert_eq!(text(&mut report), format!("{start}{written}}}"));
    }
    for value in [f64::NAN, f64::INFINITY, -1e300] {
        report.write(&of(value), b"");
        assert_eq!(
            text(&mut report),
            r#"{"code":-16,"message":"a dose is impossible","time":3,"route":1,"property":4}"#
        );
    }
}

#[test]
fn a_document_tells_that_a_steady_state_was_looked_for() {
    let mut report = Report::new();
    let failure = Failure::of_state(Status::StepTooSmall, -300.0, Some(0)).imagined(3.0);
    report.write(&failure, b"");
    let expected = r#"{"code":-8,"message":"the solver's step became too small","time":3,"state":0,"steady_state":true}"#;
    assert_eq!(text(&mut report), expected);
}

#[test]
fn names_that_are_too_long_are_left_out() {
    let mut report = Report::new();
    report.write(&Failure::new(Status::UnknownParameter, -1e12), &[b'x'; 1000]);
    let with = text(&mut report);
    assert_eq!(with, r#"{"code":-4,"message":"the model has no such parameter","time":-1000000000000}"#);
}

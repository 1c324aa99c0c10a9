use std::string::String;

use pmc_abi::Status;

use crate::Failure;
use crate::report::Report;

fn text(report: &mut Report) -> String {
    String::from_utf8(report.text().to_vec()).expect("UTF-8")
}

#[test]
fn a_document_tells_code_message_time_and_state() {
    let mut report = Report::new();
    assert_eq!(text(&mut report), r#"{"code":0,"message":"success"}"#);
    report.write(&Failure { status: Status::NotFinite, time: 12.5, state: Some(3) }, b"");
    assert_eq!(
        text(&mut report),
        r#"{"code":-7,"message":"a value became infinite or not a number","time":12.5,"state":3}"#
    );
    report.write(&Failure::new(Status::UnknownParameter, 1e13), b"ka");
    assert_eq!(text(&mut report), r#"{"code":-4,"message":"the model has no such parameter: `ka`"}"#);
}

#[test]
fn names_that_are_too_long_are_left_out() {
    let mut report = Report::new();
    report.write(&Failure::new(Status::UnknownParameter, -1e12), &[b'x'; 1000]);
    let with = text(&mut report);
    assert_eq!(with, r#"{"code":-4,"message":"the model has no such parameter","time":-1000000000000}"#);
}

//! What the lean build's wrapper in JavaScript makes of records, and which it refuses.

use std::process::Command;

use pmc_abi::descriptor::interpolation;
use pmc_abi::schedule::{event, modelled, policy};
use pmc_host::{Schedule, ScheduleRecord, SteadyState};
use pmc_tests::line::{interpreted, project};
use pmc_tests::records::schedule;
use pmc_tests::scratch::Scratch;
use serde_json::{Value, json};

/// A model with routes and a covariate, for records to name.
const MODEL: &str = "name = scheduled\nparam k = 0.1\ncov wt\nstate gut\nstate a\nbolus(oral) -> gut\n\
    infusion(iv) -> a\nddt(gut) = -gut\nddt(a) = gut - k * wt * a\nout(y) = a\n";

/// Packs schedules of records in JSON for the model; returns the bytes of each, or its error.
fn packed(name: &str, schedules: &[&str]) -> Vec<Value> {
    let scratch = Scratch::new(name);
    let manifest = serde_json::to_string(interpreted(MODEL).manifest()).expect("a manifest is JSON");
    let cases = format!("{{\"manifest\":{manifest},\"schedules\":[{}]}}", schedules.join(","));
    let result = Command::new("node")
        .arg(project("tests/node/lean_schedules.mjs"))
        .arg(scratch.write("cases.json", cases.as_bytes()))
        .output()
        .expect("Node is there: `cargo xtask setup` installs it");
    assert!(result.status.success(), "{}", String::from_utf8_lossy(&result.stderr));
    serde_json::from_slice(&result.stdout).expect("the script prints JSON")
}

#[test]
fn records_of_the_lean_build_have_the_bytes_of_the_host() {
    let observation = ScheduleRecord::observation(0.0, vec![f64::NAN]);
    let dose = ScheduleRecord {
        event: event::DOSE,
        route: Some(0),
        amount: 100.0,
        report: false,
        ..observation.clone()
    };
    let infusion = ScheduleRecord {
        event: event::RESET_AND_DOSE,
        route: Some(1),
        time: 2.5,
        rate: modelled::DURATION,
        additional: 3,
        interval: 12.0,
        steady_state: SteadyState::Add,
        report: true,
        covariates: vec![70.5],
        ..dose.clone()
    };
    let other = ScheduleRecord { event: event::OTHER, report: false, ..observation.clone() };
    let one = Schedule { stream: u32::MAX, ..schedule(vec![dose, observation, infusion, other]) };
    let one = Schedule { policy: policy::RESET_TO_ZERO, data_interpolation: interpolation::LINEAR, ..one };
    let records = r#"{"policy":2,"interpolation":"linear","stream":4294967295,"records":[
        {"time":0,"dose":"oral","amount":100,"event":null},{"time":0,"covariates":{"wt":null},"report":null},
        {"time":2.5,"dose":1,"event":"resetAndDose","amount":100,"rate":-2,"additional":3,"interval":12,"steadyState":2,
         "covariates":{"wt":70.5},"report":true},{"time":0,"event":"other","amount":0}]}"#;
    let none =
        Schedule { data_interpolation: interpolation::NEXT_BACKWARD, covariates: 1, ..schedule(Vec::new()) };
    let expected = [json!(one.to_bytes()), json!(none.to_bytes())];
    assert_eq!(packed("lean-records", &[records, r#"{"records":[]}"#]), expected);
}

/// Schedules, each with how what is said of it begins.
const SCHEDULES: &[(&str, &str)] = &[
    ("[]", "TypeError: `schedule`: found a list, expected an object"),
    (r#"{"records":{}}"#, "TypeError: `records`: found an object, expected a list"),
    (r#"{"record":[]}"#, "RangeError: `schedule`: found `record`, expected one of `records`, `policy`"),
    (r#"{"records":[null]}"#, "TypeError: `records[0]`: found null, expected an object"),
    (r#"{"records":[],"policy":4}"#, "RangeError: `policy`: found 4, expected a whole number from 0 to 3"),
    (
        r#"{"records":[],"stream":-1}"#,
        "RangeError: `stream`: found -1, expected a whole number from 0 to 4294967295",
    ),
    (
        r#"{"records":[],"interpolation":"lcof"}"#,
        "RangeError: `interpolation`: found `lcof`, expected one of `linear`, `locf`, `nocb`, `const`",
    ),
];

/// Fields of a record at some time, each with how what is said of it begins.
const RECORDS: &[(&str, &str)] = &[
    (
        r#""event":"rest""#,
        "RangeError: `records[1].event`: found `rest`, expected one of `observation`, `dose`, `other`, `reset`, `resetAndDose`",
    ),
    (
        r#""event":"toString""#,
        "RangeError: `records[1].event`: found `toString`, expected one of `observation`, `dose`, `other`, `reset`, `resetAndDose`",
    ),
    (
        r#""event":1"#,
        "TypeError: `records[1].event`: found 1, expected one of `observation`, `dose`, `other`, `reset`, `resetAndDose`",
    ),
    (r#""amout":1"#, "RangeError: `records[1]`: found `amout`, expected one of `time`, `dose`, `amount`"),
    (r#""amount":1"#, "RangeError: `records[1].amount`: found 1, expected 0, because"),
    (r#""event":"dose""#, "RangeError: `records[1].dose`: found undefined, expected a route"),
    (r#""dose":0,"event":"other""#, "RangeError: `records[1].dose`: found 0, expected none"),
    (r#""dose":0.5"#, "RangeError: `records[1].dose`: found 0.5, expected a whole number from 0 to 1"),
    (r#""dose":2"#, "RangeError: `records[1].dose`: found 2, expected a whole number from 0 to 1"),
    (r#""dose":"po""#, "RangeError: `records[1].dose`: found `po`, expected one of `oral`, `iv`"),
    (r#""dose":true"#, "TypeError: `records[1].dose`: found true, expected the label or number"),
    (
        r#""dose":0,"additional":-1"#,
        "RangeError: `records[1].additional`: found -1, expected a whole number from 0 to 4294967295",
    ),
    (
        r#""dose":0,"additional":1.5"#,
        "RangeError: `records[1].additional`: found 1.5, expected a whole number from 0 to 4294967295",
    ),
    (
        r#""dose":0,"additional":4294967296"#,
        "RangeError: `records[1].additional`: found 4294967296, expected a whole number from 0 to 4294967295",
    ),
    (r#""dose":0,"steadyState":3"#, "RangeError: `records[1].steadyState`: found 3, expected a whole"),
    (r#""dose":0,"steadyState":true"#, "TypeError: `records[1].steadyState`: found true, expected"),
    (r#""dose":0,"amount":"7""#, "TypeError: `records[1].amount`: found `7`, expected a finite number"),
    (r#""dose":0,"amount":1e999"#, "RangeError: `records[1].amount`: found Infinity, expected a finite"),
    (r#""dose":0,"rate":-3"#, "RangeError: `records[1].rate`: found -3, expected a finite number of"),
    (r#""dose":0,"interval":-1"#, "RangeError: `records[1].interval`: found -1, expected a finite"),
    (r#""time":"0""#, "TypeError: `records[1].time`: found `0`, expected a finite number"),
    (r#""time":null"#, "TypeError: `records[1].time`: found null, expected a finite number"),
    (r#""report":2"#, "TypeError: `records[1].report`: found 2, expected true or false"),
    (r#""covariates":{"w":1}"#, "RangeError: `records[1].covariates`: found `w`, expected one of `wt`"),
    (r#""covariates":[1]"#, "TypeError: `records[1].covariates`: found a list, expected an object"),
    (r#""covariates":{"wt":"70"}"#, "TypeError: `records[1].covariates.wt`: found `70`, expected"),
];

#[test]
fn records_that_say_what_there_is_not_are_refused_by_the_lean_build() {
    // A later field of one name counts, so that a time may be wrong as well.
    let full = |fields: &str| format!(r#"{{"records":[{{"time":0}},{{"time":1,{fields}}}]}}"#);
    let whole = SCHEDULES.iter().map(|(text, expected)| ((*text).to_owned(), *expected));
    let cases: Vec<(String, &str)> =
        whole.chain(RECORDS.iter().map(|(fields, expected)| (full(fields), *expected))).collect();
    let texts: Vec<&str> = cases.iter().map(|(text, _)| &**text).collect();
    let results = packed("lean-refused", &texts);
    assert_eq!(results.len(), cases.len());
    for (found, (text, expected)) in results.into_iter().zip(&cases) {
        let [name, message] =
            ["name", "message"].map(|field| found[field].as_str().unwrap_or_default().to_owned());
        assert!(format!("{name}: {message}").starts_with(expected), "{text}: {found}");
    }
}

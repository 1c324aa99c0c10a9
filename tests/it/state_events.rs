//! What happens because a condition has become true.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use pmc_abi::Status;
use pmc_host::{Configuration, RunError, ScheduleRecord};
use pmc_tests::line::{configuration, plugin, simulate};
use pmc_tests::records::{bolus, infusion, observation, observed, repeated, reset, schedule};

fn run_at(source: &str, rtol: f64, records: &[ScheduleRecord], times: &[f64]) -> Vec<Vec<f64>> {
    let schedule = observed(records, times.iter().copied());
    simulate(&plugin(source), &configuration(&[], rtol, rtol * 1e-3), &schedule)
}

fn run(source: &str, records: &[ScheduleRecord], times: &[f64]) -> Vec<Vec<f64>> {
    run_at(source, 1e-10, records, times)
}

fn column(rows: &[Vec<f64>], index: usize) -> Vec<f64> {
    rows.iter().map(|row| row[index]).collect()
}

fn failure(source: &str, records: &[ScheduleRecord], times: &[f64]) -> RunError {
    let settings = Configuration { maximum_steps: Some(20_000), ..Configuration::default() };
    let mut model = plugin(source).model(&settings).unwrap_or_else(|error| panic!("{error}"));
    model.simulate(&observed(records, times.iter().copied())).expect_err("the run fails")
}

/// A clock beside a decaying state: events note when they happen.
fn decay(solver: &str, events: &str) -> String {
    format!(
        "name = decay\noption solver = {solver}\nparam k = 0.2\nstate x, clock\ndose(r) -> x\ninit(x) = 100\n\
         var n = 0, at1 = 0, at2 = 0, seen = 0\nddt(x) = -k * x\nddt(clock) = 1\n{events}\n\
         out(amount) = x\nout(count) = n\nout(first) = at1\nout(second) = at2\nout(saw) = seen\n"
    )
}

#[test]
fn a_crossing_is_found_as_well_as_the_solution_is() {
    let exact = (100.0_f64 / 7.0).ln() / 0.2;
    for solver in ["auto", "explicit", "stiff"] {
        for (rtol, tolerance) in [(1e-4, 1e-3), (1e-6, 2e-6), (1e-8, 2e-8), (1e-10, 1e-10), (1e-12, 2e-12)] {
            let source = decay(solver, "when (x < 7) { n += 1; at1 = clock; seen = x }");
            let rows = run_at(&source, rtol, &[], &[0.0, 30.0]);
            assert_eq!(rows[1][1], 1.0);
            let error = (rows[1][2] - exact).abs();
            assert!(error <= tolerance, "{solver} at {rtol:e}: error {error:e}");
            assert!((rows[1][4] - 7.0).abs() <= 1e-13 * 7.0, "{solver} at {rtol:e}: seen {}", rows[1][4]);
        }
    }
}

#[test]
fn a_condition_that_holds_from_the_start_waits_until_it_has_been_false() {
    let source = decay("auto", "when (x > 50) { n += 1; at1 = clock }");
    let rows = run(&source, &[bolus(10.0, 0, 60.0)], &[0.0, 1.0, 9.0, 10.0, 20.0]);
    assert_eq!(column(&rows, 1), [0.0, 0.0, 0.0, 1.0, 1.0]);
    assert!((rows[3][2] - 10.0).abs() < 1e-12);
    // A reset makes it a start again.
    let rows = run(&source, &[bolus(10.0, 0, 60.0), reset(15.0)], &[0.0, 14.0, 15.0, 20.0]);
    assert_eq!(column(&rows, 1), [0.0, 1.0, 0.0, 0.0]);
    // A dose at the start is after the start.
    let source = decay("auto", "when (x > 150) { n += 1 }");
    assert_eq!(run(&source, &[bolus(0.0, 0, 60.0)], &[0.0])[0][1], 1.0);
}

#[test]
fn a_condition_may_become_true_again_and_again() {
    let source = "
name = wave
param w = 2
state a, b
init(b) = 1
var up = 0, down = 0, last = 0
ddt(a) = w * b
ddt(b) = -w * a
when (a > 0.5) { up += 1; last = t }
when (a < 0.5) { down += 1 }
out(ups) = up
out(downs) = down
out(at) = last
";
    let times: Vec<f64> = (0..200).map(|k| 0.5 * f64::from(k)).collect();
    let rows = run(source, &[], &times);
    let turn = core::f64::consts::PI;
    for (time, row) in times.iter().zip(&rows) {
        // sin(2 t) rises through 1/2 at π/12 + k π and falls at 5π/12 + k π.
        let ups = ((time - turn / 12.0) / turn).floor() + 1.0;
        let downs = ((time - 5.0 * turn / 12.0) / turn).floor() + 1.0;
        assert_eq!(row[..2], [ups, downs], "at {time}");
        let last = if ups > 0.0 { turn / 12.0 + (ups - 1.0) * turn } else { 0.0 };
        assert!((row[2] - last).abs() < 1e-7, "at {time}: {} instead of {last}", row[2]);
    }
}

#[test]
fn a_dose_by_condition_comes_at_regular_times() {
    // Half is left after ln 2 / k; the dose fills it up again.
    let source = decay("auto", "when (x <= 50) { n += 1; give(r, 50) }");
    let period = 2.0_f64.ln() / 0.2;
    let times: Vec<f64> = (0..40).map(|k| 1.1 * f64::from(k)).collect();
    let rows = run(&source, &[], &times);
    for (time, row) in times.iter().zip(&rows) {
        let turns = (time / period).floor();
        let exact = 100.0 * (-0.2 * (time - turns * period)).exp();
        assert_eq!(row[1], turns);
        assert!((row[0] - exact).abs() <= 1e-6 * exact, "at {time}: {} instead of {exact}", row[0]);
    }
}

#[test]
fn events_make_conditions_of_others_true_at_the_same_time() {
    // Once by a state, once by a variable, upwards in the text and downwards.
    let source = decay(
        "auto",
        "when (seen > 0) { n += 10; at1 = clock }\nwhen (x < 60) { seen = 1; x = 20 }\nwhen (x < 30) { n += 1; at2 = clock }",
    );
    let exact = (100.0_f64 / 60.0).ln() / 0.2;
    let rows = run(&source, &[], &[0.0, 2.5, 4.0]);
    assert_eq!(column(&rows, 1), [0.0, 0.0, 11.0]);
    assert!((rows[2][2] - exact).abs() < 1e-7 && rows[2][2] == rows[2][3], "{:?}", rows[2]);
}

#[test]
fn events_at_one_crossing_see_each_other_in_the_order_of_the_text() {
    let source = decay(
        "auto",
        "when (x < 50) { n += 1 }\nwhen (x < 50) { n = 2 * n }\nwhen (x < 50 && clock > 1) { n += 5 }",
    );
    assert_eq!(column(&run(&source, &[], &[0.0, 10.0]), 1), [0.0, 7.0]);
    let source = decay("auto", "when (x < 50) { n = 2 * n }\nwhen (x < 50) { n += 1 }");
    assert_eq!(column(&run(&source, &[], &[0.0, 10.0]), 1), [0.0, 1.0]);
}

#[test]
fn doses_and_timed_events_make_conditions_true() {
    let source = decay(
        "auto",
        "when (x > 120) { n += 1; at1 = clock; x = 1 }\nevery 7 from 7 { seen = 1 - seen }\nwhen (seen > 0.5) { n += 10; at2 = clock }",
    );
    let records = [bolus(3.0, 0, 100.0), infusion(5.0, 0, 200.0, 250.0)];
    let rows = run(&source, &records, &[3.0, 4.9, 6.9, 7.0, 14.0, 22.0]);
    assert_eq!(rows[0], [1.0, 1.0, 0.0, 0.0, 0.0], "the clock starts with the data");
    assert_eq!(rows[1][1], 1.0);
    // x' = 250 - 0.2 x from exp(-0.4) at 5.
    let exact = (-(1250.0 - 120.0_f64).ln() + (1250.0 - (-0.4_f64).exp()).ln()) / 0.2 + 2.0;
    assert!(rows[2][1] == 2.0 && (rows[2][2] - exact).abs() < 1e-7, "{:?} instead of {exact}", rows[2]);
    assert_eq!(column(&rows[3..], 1), [12.0, 12.0, 22.0]);
}

#[test]
fn a_dose_of_an_event_has_lag_bioavailability_and_duration_of_its_route() {
    let source = "
name = late
param k = 0.5
state x, y
init(x) = 10
dose(r) -> y
lag(r) = 1.5
fa(r) = 0.25
ddt(x) = -k * x
ddt(y) = 0
when (x < 5) { give(r, 40) }
when (x < 2.5) { give(r, 40, 2) }
out(given) = y
out(n) = dosenum()
";
    let half = 2.0_f64.ln() / 0.5;
    let times = [0.0, half + 1.4, half + 1.6, 2.0 * half + 1.4, 2.0 * half + 1.75, 2.0 * half + 4.0];
    let rows = run(source, &[], &times);
    assert_eq!(column(&rows, 1), [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]);
    let given = column(&rows, 0);
    assert_eq!(given[..4], [0.0, 0.0, 10.0, 10.0]);
    assert!((given[4] - 11.25).abs() < 1e-6 && (given[5] - 20.0).abs() < 1e-9, "{given:?}");
}

#[test]
fn a_stop_by_condition_ends_the_run_until_a_reset() {
    let source = decay("auto", "when (x < 50) { n += 1; stop() }");
    let records = [bolus(4.0, 0, 1000.0), reset(10.0)];
    let rows = run(&source, &records, &[0.0, 3.0, 3.6, 5.0, 10.0, 12.0, 14.0]);
    let stopped: Vec<bool> = rows.iter().map(|row| row[0].is_nan()).collect();
    assert_eq!(stopped, [false, false, true, true, false, false, true]);
}

#[test]
fn events_happen_while_covariates_change() {
    let source = "
name = changing
cov w @linear
cov z @locf
state x, clock
var n = 0, when1 = 0, when2 = 0
ddt(x) = w
ddt(clock) = 1
when (x > 8) { n += 1; when1 = clock }
when (w + z >= 12.5) { n += 10; when2 = clock }
out(count) = n
out(first) = when1
out(second) = when2
";
    let record = |time, w, z| ScheduleRecord { covariates: vec![w, z], ..observation(time) };
    let records = vec![
        record(0.0, 0.0, 0.0),
        record(10.0, 10.0, f64::NAN),
        record(20.0, f64::NAN, 2.5),
        record(21.0, 10.0, 3.0),
    ];
    let rows = simulate(&plugin(source), &configuration(&[], 1e-10, 1e-12), &schedule(records));
    // w = t up to 10, then 10: x = t² / 2 passes 8 at 4; w + z reaches 12.5 with the record at 20.
    assert_eq!(column(&rows, 0), [0.0, 1.0, 11.0, 11.0]);
    assert!((rows[3][1] - 4.0).abs() < 1e-8 && (rows[3][2] - 20.0).abs() < 1e-8, "{:?}", rows[3]);
}

/// A ball that loses a fifth of its speed at each bounce.
const BALL: &str = "
name = ball
state height, speed
init(height) = 5
var bounces = 0
ddt(height) = speed
ddt(speed) = -10
when (height <= 0) { height = 0; speed = -0.8 * speed; bounces += 1 }
out(h) = height
out(n) = bounces
";

#[test]
fn a_ball_bounces_at_the_times_of_its_closed_form() {
    // It falls for 1, then flies for 2 · 0.8ⁿ.
    let bounce = |n: i32| 1.0 + 2.0 * 0.8 * (1.0 - 0.8_f64.powi(n - 1)) / 0.2;
    let times: Vec<f64> = (0..16).map(|k| 0.51 * f64::from(k)).collect();
    let rows = run(BALL, &[], &times);
    for (time, row) in times.iter().zip(&rows) {
        let n = (1..40).take_while(|n| bounce(*n) <= *time).last().unwrap_or(0);
        assert_eq!(row[1], f64::from(n), "at {time}");
        let since = time - if n == 0 { -1.0 } else { bounce(n) };
        let exact = 10.0 * 0.8_f64.powi(n) * since - 5.0 * since * since;
        assert!((row[0] - exact).abs() <= 1e-7, "at {time}: {} instead of {exact}", row[0]);
    }
}

#[test]
fn a_ball_that_comes_to_rest_is_an_error_and_not_a_hang() {
    // All bounces are over at 9.
    let error = failure(BALL, &[], &[0.0, 20.0]);
    assert!(
        matches!(error.status, Some(Status::Chattering | Status::StepTooSmall | Status::BudgetExceeded)),
        "{error:?}"
    );
    assert!(error.time.is_some_and(|time| (time - 9.0).abs() < 0.1), "{error:?}");
}

#[test]
fn events_that_call_each_other_without_end_are_an_error() {
    let source = decay(
        "auto",
        "when (x < 50) { seen = 1 }\nwhen (seen > 0) { seen = 0; x = 100; x = 40 }\nwhen (seen == 0 && x < 50) { seen = 1 }",
    );
    assert_eq!(failure(&source, &[], &[0.0, 20.0]).status, Some(Status::Chattering));
}

#[test]
fn sliding_along_a_border_is_an_error_and_not_a_hang() {
    let source = "
name = sliding
state x
var u = 1
init(x) = 0
ddt(x) = u
when (x > 1) { u = -1 }
when (x < 1) { u = 1 }
out(y) = x
";
    let error = failure(source, &[], &[0.0, 20.0]);
    assert!(
        matches!(error.status, Some(Status::Chattering | Status::StepTooSmall | Status::BudgetExceeded)),
        "{error:?}"
    );
}

/// A model with many crossings, some of them close together.
const BUSY: &str = "
name = busy
param ka = 0.9, vmax = 9, km = 4
state gut, c, wave, turn
bolus(oral) -> gut
init(wave) = 1
var n = 0, last = 0, gain = 1
ddt(gut) = -ka * gut
ddt(c) = ka * gut * gain - vmax * c / (km + c)
ddt(wave) = 3 * turn
ddt(turn) = -3 * wave
when (c < 2) { give(oral, 20); n += 1; last = t }
when (wave > 0.999) { gain = 0.9 + 0.1 * c / (1 + c); n += 100 }
when (wave < -0.3 && c > 3) { last = t; gut += 0.01 }
out(a) = c
out(b) = wave
out(count) = n
out(at) = last
";

#[test]
fn conditions_become_true_at_the_same_bits_on_every_grid() {
    for solver in ["auto", "explicit", "stiff"] {
        for rtol in [1e-3, 1e-6, 1e-9] {
            let source = format!("option solver = {solver}\n{BUSY}");
            let records = [bolus(0.0, 0, 50.0), repeated(bolus(5.3, 0, 30.0), 2, 9.1)];
            let few: Vec<f64> = (0..9).map(|k| 4.7 * f64::from(k)).collect();
            let mut many: Vec<f64> =
                (0..1300).map(|k| 0.0311 * f64::from(k)).chain(few.iter().copied()).collect();
            many.sort_by(f64::total_cmp);
            let (alone, among) =
                (run_at(&source, rtol, &records, &few), run_at(&source, rtol, &records, &many));
            for (time, row) in few.iter().zip(&alone) {
                let place = many.iter().rposition(|other| other == time).expect("a time of both");
                assert_eq!(&among[place], row, "{solver}, {rtol:e}, at {time}");
            }
        }
    }
}

#[test]
fn conditions_on_time_alone_are_not_stepped_over() {
    let rest = |condition: &str| {
        format!(
            "name = rest\nstate x\ndose(r) -> x\nvar n = 0, last = 0\nddt(x) = -x\nwhen ({condition}) {{ n += 1; last = t }}\nout(count) = n\nout(at) = last\n"
        )
    };
    let cases: [(&str, f64, f64); 6] = [
        ("t > 100 && t < 100.0001", 1.0, 100.0),
        ("t >= 100", 1.0, 100.0),
        ("mod(t, 24) >= 8", 42.0, 992.0),
        ("mod(t, 24) >= 8 && mod(t, 24) < 8.0001", 42.0, 992.0),
        ("tad() > 12 && tad() < 12.0001", 3.0, 62.0),
        ("mod(t, 24) < 0.5 || t > 990", 42.0, 990.0),
    ];
    for (condition, count, last) in cases {
        let rows = run_at(&rest(condition), 1e-6, &[repeated(bolus(10.0, 0, 1.0), 2, 20.0)], &[0.0, 1000.0]);
        assert_eq!(rows[1][0], count, "{condition}");
        assert!((rows[1][1] - last).abs() <= 1e-9, "{condition}: {}", rows[1][1]);
    }
}

//! What happens at times that are known beforehand: `at`, `every`, and comparisons of time in right-hand sides.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use pmc_host::{Configuration, ScheduleRecord};
use pmc_tests::line::{configuration, plugin, simulate};
use pmc_tests::records::{bolus, infusion, observation, observed, repeated, reset, schedule};

/// Runs a model with an option of the solver; returns its rows.
fn run(source: &str, records: &[ScheduleRecord], times: &[f64]) -> Vec<Vec<f64>> {
    let schedule = observed(records, times.iter().copied());
    simulate(&plugin(source), &configuration(&[], 1e-10, 1e-13), &schedule)
}

fn column(rows: &[Vec<f64>], index: usize) -> Vec<f64> {
    rows.iter().map(|row| row[index]).collect()
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs() / expected.abs().max(1.0);
        assert!(error <= tolerance, "row {index}: {found} instead of {expected}, error {error:e}");
    }
}

/// A counter of what happens, beside a state at rest.
fn counter(events: &str) -> String {
    format!(
        "name = counter\nparam p = 2\nstate x\nvar n = 0, m = 0\ndose(r) -> x\nddt(x) = 0\n{events}\nout(_n) = n\nout(_x) = x\nout(_m) = m\n"
    )
}

#[test]
fn an_event_at_a_time_happens_once_and_an_observation_then_is_after_it() {
    let source = counter("at t = 3 { n += 1\n x = 10 }");
    let rows = run(&source, &[], &[0.0, 3.0_f64.next_down(), 3.0, 4.0, 100.0]);
    assert_eq!(column(&rows, 0), [0.0, 0.0, 1.0, 1.0, 1.0]);
    assert_eq!(column(&rows, 1), [0.0, 0.0, 10.0, 10.0, 10.0]);
}

#[test]
fn an_observation_is_after_an_event_at_its_time_under_both_orders() {
    let source = counter("at t = 3 { n += 1 }\nwhen (x >= 5) { m += 1 }");
    let records =
        vec![observation(0.0), observation(3.0), bolus(3.0, 0, 7.0), observation(3.0), observation(4.0)];
    for policy in [0, pmc_abi::schedule::policy::OBSERVATIONS_FIRST] {
        let mut schedule = schedule(records.clone());
        schedule.policy = policy;
        let rows = simulate(&plugin(&source), &Configuration::default(), &schedule);
        assert_eq!(column(&rows, 0), [0.0, 1.0, 1.0, 1.0]);
        let second = if policy == 0 { 1.0 } else { 0.0 };
        assert_eq!(column(&rows, 2), [0.0, 0.0, second, 1.0], "policy {policy}");
    }
}

#[test]
fn an_event_before_the_start_does_not_happen_and_one_at_the_start_does() {
    for (time, expected) in [(4.9, 0.0), (5.0, 1.0), (5.1, 0.0)] {
        let rows = run(&counter(&format!("at t = {time} {{ n += 1 }}")), &[], &[5.0]);
        assert_eq!(rows[0][0], expected, "at {time}");
    }
}

#[test]
fn repeated_events_start_at_zero_or_where_they_say_but_not_before_the_data() {
    // Interval, start, first observation, events up to and including each of the observations.
    let cases: [(&str, &[f64], &[f64]); 8] = [
        ("every 24", &[0.0, 23.9, 24.0, 48.0, 71.0], &[1.0, 1.0, 2.0, 3.0, 3.0]),
        ("every 24", &[10.0, 24.0, 47.0, 48.0], &[0.0, 1.0, 1.0, 2.0]),
        ("every 24", &[48.0, 72.0], &[1.0, 2.0]),
        ("every 24", &[-30.0, -24.0, 0.0, 24.0], &[0.0, 0.0, 1.0, 2.0]),
        ("every 24 from 6", &[0.0, 5.0, 6.0, 30.0], &[0.0, 0.0, 1.0, 2.0]),
        ("every 24 from 6", &[6.0, 29.0, 30.0, 54.0], &[1.0, 1.0, 2.0, 3.0]),
        ("every 24 from 6", &[7.0, 30.0, 100.0], &[0.0, 1.0, 3.0]),
        ("every 7 from -10", &[-9.0, -3.0, 4.0, 10.0, 11.0], &[0.0, 1.0, 2.0, 2.0, 3.0]),
    ];
    for (event, times, expected) in cases {
        let rows = run(&counter(&format!("{event} {{ n += 1 }}")), &[], times);
        assert_eq!(column(&rows, 0), expected, "{event}, {times:?}");
    }
}

#[test]
fn no_event_of_thousands_is_lost_or_doubled() {
    for interval in ["0.1", "0.3", "1 / 3", "0.7", "1e-3 * 50"] {
        let width = match interval {
            "1 / 3" => 1.0 / 3.0,
            "1e-3 * 50" => 1e-3 * 50.0,
            number => number.parse().expect("a number"),
        };
        let source = counter(&format!("every {interval} {{ n += 1 }}"));
        // Half an interval beside the events, where rounding has no say.
        let times: Vec<f64> = (0..60).map(|k| (f64::from(k * 79) + 0.5) * width).collect();
        let mut start = vec![0.0];
        start.extend(&times);
        let expected: Vec<f64> = (0..60).map(|k| f64::from(k * 79) + 1.0).collect();
        assert_eq!(column(&run(&source, &[], &start), 0)[1..], expected, "every {interval}");
        // On the events themselves, as a multiple is computed.
        let times: Vec<f64> = (0..60).map(|k| f64::from(k * 79) * width).collect();
        assert_eq!(column(&run(&source, &[], &times), 0), expected, "every {interval}, on time");
    }
}

#[test]
fn an_event_at_no_time_does_not_happen() {
    for time in ["inf", "1 / none", "-1 / none", "none / none", "tlast()"] {
        for events in [format!("at t = {time} {{ n += 1 }}"), format!("every 2 from {time} {{ n += 1 }}")] {
            let source = counter(&format!("option solver = explicit\nparam none = 0\n{events}"));
            let rows = run(&source, &[], &[1.0, 5.0, 9.0]);
            assert!(rows.iter().all(|row| row[0] == 0.0), "{events}: {rows:?}");
        }
    }
}

#[test]
fn nothing_happens_at_intervals_that_are_not_above_zero() {
    for value in [0.0, -1.0] {
        let source = counter("param gap = 1\nevery gap { n += 1 }\nevery gap from 2 { m += 1 }");
        let settings = configuration(&[("gap", value)], 1e-6, 1e-9);
        let rows = simulate(&plugin(&source), &settings, &observed(&[], [0.0, 1.0, 2.0, 5.0]));
        assert!(
            column(&rows, 0)[1..].windows(2).all(|pair| pair[0] == pair[1]),
            "interval {value}: {rows:?}"
        );
    }
}

#[test]
fn events_of_one_time_see_what_those_above_have_left() {
    let source = counter("at t = 2 { n = 5 }\nat t = 2 { m = 2 * n }\nevery 2 from 2 { x = m + n\n n = 7 }");
    let rows = run(&source, &[], &[1.0, 2.0, 3.0]);
    assert_eq!(rows, [[0.0, 0.0, 0.0], [7.0, 15.0, 10.0], [7.0, 15.0, 10.0]]);
}

#[test]
fn derived_values_in_a_block_are_those_before_the_event() {
    let source = "
name = derived
state x
init(x) = 8
var low = 0, second = 0
half = x / 2
ddt(x) = 0
at t = 1 { x = 0; low = half }
at t = 1 { second = half }
out(_low) = low
out(_second) = second
";
    assert_eq!(run(source, &[], &[0.0, 1.0]), [[0.0, 0.0], [4.0, 0.0]]);
}

#[test]
fn events_come_after_pending_doses_and_the_end_of_infusions_at_their_time() {
    let source = counter("at t = 4 { n = x }\nat t = 6 { m = rate(r) }");
    let records = [repeated(bolus(0.0, 0, 10.0), 3, 2.0), infusion(5.0, 0, 3.0, 3.0)];
    let rows = run(&source, &records, &[3.9, 4.0, 6.0]);
    assert_eq!(column(&rows, 0), [0.0, 30.0, 30.0]);
    assert_eq!(column(&rows, 2), [0.0, 0.0, 0.0]);
}

/// Repeated doses by rule are the doses of a record.
#[test]
fn doses_by_rule_are_doses_of_records() {
    let model = |events: &str, solver: &str| {
        format!(
            "name = oral\noption solver = {solver}\nparam ka = 1.1, ke = 0.15\nstate depot, central\n\
             bolus(oral) -> depot\ninfusion(iv) -> central\nlag(oral) = 0.7\nfa(oral) = 0.8\nlag(iv) = 0.25\nfa(iv) = 0.5\n\
             ddt(depot) = -ka * depot\nddt(central) = ka * depot - ke * central\n{events}\n\
             out(d) = depot\nout(c) = central\nout(n) = dosenum()\n"
        )
    };
    let times: Vec<f64> = (0..120).map(|k| 0.49 * f64::from(k)).collect();
    let records =
        [repeated(bolus(0.0, 0, 100.0), 100, 12.0), repeated(infusion(3.0, 1, 40.0, 5.0), 100, 8.0)];
    let events = "every 12 { give(oral, 100) }\nevery 8 from 3 { give(iv, 40, 4) }";
    for (solver, tolerance) in [("auto", 1e-13), ("explicit", 1e-8), ("stiff", 1e-8)] {
        let by_record = run(&model("", solver), &records, &times);
        let by_rule = run(&model(events, solver), &[], &times);
        // Half of the amount is available: over the same four hours, so at half of the rate.
        for index in 0..3 {
            assert_close(&column(&by_rule, index), &column(&by_record, index), tolerance);
        }
    }
}

#[test]
fn a_stopped_system_stands_still_until_a_reset() {
    let source = counter(
        "at t = 2 { stop() }\nevery 1 { n += 1 }\nat t = 3 { m = 9 }\nat t = 6 { m += 1 }\nwhen (x > 50) { m = 70 }",
    );
    let records = [bolus(1.0, 0, 10.0), bolus(2.5, 0, 100.0), reset(5.5)];
    let rows = run(&source, &records, &[1.5, 2.0, 2.0_f64.next_up(), 3.0, 5.0, 5.5, 5.9, 6.0, 6.5]);
    let nan = |row: &Vec<f64>| row.iter().all(|value| value.is_nan());
    assert_eq!(rows[..2], [[1.0, 10.0, 0.0], [2.0, 10.0, 0.0]]);
    assert!(rows[2..5].iter().all(nan), "{rows:?}");
    // What would have happened meanwhile is not made up for.
    assert_eq!(rows[5..], [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 1.0]]);
}

#[test]
fn a_reset_restores_variables_and_keeps_the_rhythm() {
    let source = counter("every 2 { n += 1 }\nat t = 1 { m = 5 }");
    let rows = run(&source, &[bolus(0.0, 0, 3.0), reset(5.0)], &[0.0, 4.5, 5.0, 6.0, 9.0]);
    assert_eq!(rows, [[1.0, 3.0, 0.0], [3.0, 3.0, 5.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]]);
}

/// The decay of a state during windows: `x' = -k x` inside, at rest outside.
fn window(condition: &str, solver: &str) -> String {
    format!(
        "name = window\noption solver = {solver}\nparam k = 0.3, a = 3\nstate x, y\ndose(r) -> x\ninit(x) = 100\n\
         ddt(x) = if ({condition}) -k * x else 0\nddt(y) = if ({condition}) 1 else 0\nout(_x) = x\nout(_y) = y\n"
    )
}

/// Time within the windows up to a time.
type Inside = fn(f64) -> f64;

fn between(from: f64, to: f64, t: f64) -> f64 {
    (t.min(to) - from).max(0.0)
}

fn daily(t: f64) -> f64 {
    8.0 * (t / 24.0).floor() + (t % 24.0).min(8.0)
}

#[test]
fn comparisons_with_time_change_exactly_there() {
    let cases: [(&str, Inside); 9] = [
        ("t < 5", |t| t.min(5.0)),
        ("t > 100 && t < 100.0001", |t| between(100.0, 100.0001, t)),
        ("t >= 77.7 && !(t >= 77.7000001)", |t| between(77.7, 77.700_000_1, t)),
        ("2 * t - a > 11 && (t - 1) / 2 <= 10", |t| between(7.0, 21.0, t)),
        ("mod(t, 24) < 8", daily),
        ("mod(t - 2, 24) >= 23.999", |t| {
            0.001 * ((t - 2.0) / 24.0).floor().max(-0.0).max(0.0) + between(2.0 - 0.001, 2.0, t)
        }),
        ("floor(t / 10) == 3", |t| between(30.0, 40.0, t)),
        ("if (t > 50) t < 60 else t < a", |t| between(0.0, 3.0, t) + between(50.0, 60.0, t)),
        ("(t > 10 && t < 20) || (t > 15 && t < 90)", |t| between(10.0, 90.0, t)),
    ];
    let times: Vec<f64> = [0.0, 4.0, 9.5, 25.3, 33.0, 60.2, 99.0, 100.5, 130.0, 206.0].to_vec();
    for (solver, tolerance) in [("auto", 1e-12), ("explicit", 1e-8), ("stiff", 1e-8)] {
        for (condition, inside) in cases {
            let rows = run(&window(condition, solver), &[], &times);
            let y: Vec<f64> = times.iter().map(|t| inside(*t)).collect();
            let x: Vec<f64> = y.iter().map(|y| 100.0 * (-0.3 * y).exp()).collect();
            for (name, found, expected) in [("y", column(&rows, 1), y), ("x", column(&rows, 0), x)] {
                for ((time, found), expected) in times.iter().zip(&found).zip(&expected) {
                    // Where a window is short, rounding of its ends counts: the time is known to 1e-14.
                    let error = (found - expected).abs() / expected.abs().max(1.0);
                    assert!(
                        error <= tolerance,
                        "{condition}, {solver}: {name} at {time}: {found} instead of {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn windows_after_doses_open_when_the_dose_is_given() {
    let source = "
name = after
state x, y
dose(r) -> x
lag(r) = 0.5
ddt(x) = 0
ddt(y) = (if (tad() < 2) 1 else 0) + (if (tad(r) > 3 && tad(r) <= 3.0001) 1000 else 0)
out(_y) = y
";
    let records = [repeated(bolus(1.0, 0, 1.0), 2, 10.0)];
    let rows = run(source, &records, &[0.0, 1.5, 2.5, 3.5, 4.0, 4.6, 11.5, 13.0, 20.0, 40.0]);
    assert_close(&column(&rows, 0), &[0.0, 0.0, 1.0, 2.0, 2.0, 2.1, 2.1, 3.6, 4.2, 6.3], 1e-12);
}

#[test]
fn windows_may_be_written_in_other_words() {
    // An integral up to 500 of what is zero nearly always, with its exact value.
    let cases = [
        ("step(t - 100) - step(t - 100.0001)", 1e-4),
        ("ramp(t - 100) - 2 * ramp(t - 100.01) + ramp(t - 100.02)", 1e-4),
        ("0.01 - min(abs(t - 100), 0.01)", 1e-4),
        ("interp(t, pulse_times, pulse)", 0.01),
        ("smoothstep(t - 100, 0.01) * (1 - smoothstep(t - 100.02, 0.01))", 0.02),
        ("if_else(t > 100 && t < 100.001, 5, 0)", 5e-3),
        ("if (t > 100) if (t > 100.001) 0 else 7 else 0", 7e-3),
    ];
    for (value, expected) in cases {
        for solver in ["auto", "explicit", "stiff"] {
            let source = format!(
                "name = words\noption solver = {solver}\nconst pulse_times = [0, 100, 100.01, 100.02]\n\
                 const pulse = [0, 0, 1, 0]\nstate x\nddt(x) = {value}\nout(y) = x\n"
            );
            let found = run(&source, &[], &[0.0, 500.0])[1][0];
            // The ends of a window are known to 1e-14 only.
            let error = (found - expected).abs();
            assert!(error <= 1e-10 * (1.0 + expected), "{value}, {solver}: {found}");
        }
    }
}

#[test]
fn observations_are_no_steps() {
    let schedule = observed(&[bolus(0.0, 0, 1.0)], (0..500).map(f64::from));
    let settings = Configuration { maximum_steps: Some(100), ..Configuration::default() };
    let rows = simulate(&plugin(&counter("at t = 3 { n += 1 }")), &settings, &schedule);
    assert_eq!(rows.len(), 500);
}

/// Nothing happens, or what is said of it, where numbers leave no other choice.
#[test]
fn intervals_and_amounts_of_nothing_do_nothing() {
    for interval in ["p - 2", "1 - p"] {
        let rows = run(&counter(&format!("every {interval} {{ n += 1 }}")), &[], &[0.0, 5.0]);
        assert_eq!(column(&rows, 0), [0.0, 0.0], "{interval}");
    }
    let rows = run(&counter("at t = 1 { give(r, 0, 2)\n give(r, 0) }"), &[], &[0.0, 5.0]);
    assert_eq!(column(&rows, 1), [0.0, 0.0]);
}

#[test]
fn conditions_are_looked_at_as_often_as_the_model_asks_also_at_rest() {
    let source = format!("option hmax = 0.05\n{}", counter("when (sin(t) > 0.99) { n += 1 }"));
    let rows = run(&source, &[], &[0.0, 30.0]);
    assert_eq!(column(&rows, 0), [0.0, 5.0]);
}

#[test]
fn a_mode_that_would_grow_stays_at_nothing() {
    let source = "name = tumour\nstate x, y\nddt(x) = 0.9 * x\nddt(y) = 0.9 * y + x\nout(a) = x + y\n";
    assert_eq!(run(source, &[], &[0.0, 1000.0]), [[0.0], [0.0]]);
}

#[test]
fn results_do_not_depend_on_the_unit_of_amounts_where_modes_are_complex() {
    let source = "name = circle\nstate a, b, c\ninfusion(iv) -> a\nddt(a) = c - 1.1 * a\nddt(b) = a - b\nddt(c) = b - c\nout(o) = a\n";
    let small = run(source, &[infusion(0.0, 0, 24.0, 1.0)], &[24.0]);
    let large = run(source, &[infusion(0.0, 0, 24e9, 1e9)], &[24.0]);
    assert_close(&[large[0][0] * 1e-9], &small[0], 1e-13);
}

/// Sums that use each other twice, sixty times: whoever walks all ways through them walks for ever.
#[test]
fn comparisons_of_values_that_share_their_parts_are_found_at_once() {
    use std::fmt::Write as _;
    let mut source = "name = shared\nstate x\ns0 = t\n".to_owned();
    for index in 1..=60 {
        writeln!(source, "s{index} = s{} + s{}", index - 1, index - 1).expect("a string");
    }
    source.push_str("ddt(x) = if (s60 < 2^60) 1 else 0\nout(x1) = x\n");
    assert_eq!(run(&source, &[], &[0.0, 0.5, 3.0]), [[0.0], [0.5], [1.0]]);
}

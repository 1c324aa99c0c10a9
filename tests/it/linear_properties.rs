//! What must hold for every linear model, on systems and regimens drawn at random.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use pmc_host::{Configuration, Plugin, ScheduleRecord};
use pmc_tests::line::{configuration, plugin, simulate};
use pmc_tests::linear::{FAMILIES, Family, Linear, regimen};
use pmc_tests::random::Random;
use pmc_tests::records::{bolus, infusion, observed};

/// Length of a run.
const END: f64 = 40.0;

/// Draws times of observations; the first is 0, where the initial values hold.
fn times(random: &mut Random, count: usize) -> Vec<f64> {
    let mut times: Vec<f64> = (0..count).map(|_| random.between(0.0, END)).collect();
    times.push(0.0);
    times.sort_by(f64::total_cmp);
    times
}

/// A system without lag, for what lag would only complicate.
fn prompt(random: &mut Random, family: Family) -> Linear {
    let model = Linear::draw(random, family);
    Linear { lag: vec![0.0; model.states()], ..model }
}

fn run(plugin: &Plugin, records: &[ScheduleRecord], times: &[f64]) -> Vec<Vec<f64>> {
    simulate(plugin, &Configuration::default(), &observed(records, times.iter().copied()))
}

fn largest(rows: &[Vec<f64>]) -> f64 {
    rows.iter().flatten().fold(f64::MIN_POSITIVE, |largest, value| largest.max(value.abs()))
}

/// Returns the largest difference, relative to the largest value.
fn distance(found: &[Vec<f64>], expected: &[Vec<f64>]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let differences = found.iter().flatten().zip(expected.iter().flatten()).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, f64::max) / largest(expected)
}

/// Runs a check on some systems of each family and compares the worst result with a tolerance.
///
/// Where rates span eight orders of magnitude, as many digits more are lost as their matrix is larger.
#[track_caller]
fn check_all(seed: u64, rounds: usize, tolerance: f64, check: impl Fn(&mut Random, Family) -> f64) {
    for family in FAMILIES {
        for round in 0..rounds {
            let mut random = Random::new(seed + 1_000 * round as u64 + family as u64);
            let error = check(&mut random, family);
            let tolerance = if family == Family::Stiff { 1e3 * tolerance } else { tolerance };
            assert!(error <= tolerance, "{family:?}, round {round}: error {error:e}");
        }
    }
}

#[test]
fn linear_models_follow_their_exact_solution() {
    check_all(1, 12, 1e-12, |random, family| {
        let model = Linear::draw(random, family);
        let (records, times) = (regimen(random, model.states(), END, true), times(random, 12));
        distance(&run(&plugin(&model.text("")), &records, &times), &model.exact(&records, &times))
    });
}

#[test]
fn responses_to_doses_add_up() {
    check_all(2, 4, 1e-12, |random, family| {
        let model = Linear::draw(random, family);
        let plugin = plugin(&model.text(""));
        let (records, times) = (regimen(random, model.states(), END, false), times(random, 20));
        let nothing = run(&plugin, &[], &times);
        let together = run(&plugin, &records, &times);
        let mut sum = nothing.clone();
        for record in &records {
            let alone = run(&plugin, core::slice::from_ref(record), &times);
            for (sum, (alone, nothing)) in sum.iter_mut().zip(alone.iter().zip(&nothing)) {
                sum.iter_mut().zip(alone.iter().zip(nothing)).for_each(|(sum, (a, b))| *sum += a - b);
            }
        }
        distance(&sum, &together)
    });
}

#[test]
fn time_has_no_origin() {
    check_all(3, 4, 2e-12, |random, family| {
        let model = Linear::draw(random, family);
        let plugin = plugin(&model.text(""));
        let (records, times) = (regimen(random, model.states(), END, true), times(random, 20));
        let mut later = records.clone();
        for record in &mut later {
            record.time += 1024.0;
        }
        let later_times: Vec<f64> = times.iter().map(|time| time + 1024.0).collect();
        distance(&run(&plugin, &later, &later_times), &run(&plugin, &records, &times))
    });
}

#[test]
fn what_was_given_is_somewhere() {
    for round in 0..25 {
        let mut random = Random::new(4_000 + round);
        let model = Linear { initial: Vec::new(), ..prompt(&mut random, Family::Integrals) };
        let n = model.states();
        let model = Linear { initial: vec![0.0; n], bioavailability: vec![1.0; n], ..model };
        // The state before the last is an integral, not an amount.
        let holds = |state: usize| state != n - 2;
        let mut records = regimen(&mut random, n, END, false);
        records.retain(|record| record.route.is_some_and(|route| holds(route as usize)));
        let end = 3.0 * END;
        let rows = run(&plugin(&model.text("")), &records, &[end]);
        let held: f64 = (0..n).filter(|state| holds(*state)).map(|state| rows[0][state]).sum();
        let given: f64 = records.iter().map(|record| record.amount * f64::from(record.additional + 1)).sum();
        assert!((held - given).abs() <= 1e-11 * (given + 1.0), "round {round}: {held} of {given}");
    }
}

#[test]
fn predictions_have_the_same_bits_on_every_grid() {
    check_all(5, 4, 0.0, |random, family| {
        let model = Linear::draw(random, family);
        let options = random.pick(&["", "option solver = explicit", "option solver = stiff"]);
        let plugin = plugin(&model.text(if family == Family::Stiff { "" } else { options }));
        let records = regimen(random, model.states(), END, true);
        let few = times(random, 7);
        let mut many = [&few[..], &times(random, 300)].concat();
        many.sort_by(f64::total_cmp);
        let (alone, among) = (run(&plugin, &records, &few), run(&plugin, &records, &many));
        let mut different = 0;
        for (time, row) in few.iter().zip(&alone) {
            let place = many.iter().rposition(|other| other == time).expect("a time of both");
            let same = row.iter().zip(&among[place]).all(|(a, b)| a.to_bits() == b.to_bits());
            different += usize::from(!same);
        }
        different as f64
    });
}

#[test]
fn a_run_goes_on_from_where_it_was_stopped() {
    check_all(6, 5, 2e-12, |random, family| {
        let model = prompt(random, family);
        let plugin = plugin(&model.text(""));
        let records = regimen(random, model.states(), END, false);
        let records: Vec<ScheduleRecord> = records.into_iter().flat_map(|r| one_by_one(&r)).collect();
        let stop = random.between(0.2, 0.8) * END;
        let after: Vec<f64> = times(random, 20).into_iter().filter(|time| stop < *time).collect();
        let all = run(&plugin, &records, &[&[stop][..], &after].concat());
        let initial: Vec<(String, f64)> =
            all[0].iter().enumerate().map(|(i, value)| (format!("i{i}"), *value)).collect();
        let settings = Configuration { parameters: initial, ..Configuration::default() };
        let rest: Vec<ScheduleRecord> =
            records.iter().filter_map(|record| rest(record, stop, &model)).collect();
        let schedule = observed(&rest, [&[stop][..], &after].concat());
        distance(&simulate(&plugin, &settings, &schedule), &all)
    });
}

/// Writes repeated doses one by one.
fn one_by_one(record: &ScheduleRecord) -> Vec<ScheduleRecord> {
    let single = |j| ScheduleRecord {
        time: record.time + f64::from(j) * record.interval,
        additional: 0,
        ..record.clone()
    };
    (0..=record.additional).map(single).collect()
}

/// Returns what is left of a dose after a time.
fn rest(record: &ScheduleRecord, stop: f64, model: &Linear) -> Option<ScheduleRecord> {
    if stop < record.time {
        return Some(record.clone());
    }
    let route = record.route? as usize;
    let bioavailability = model.bioavailability[route];
    let end = record.time + bioavailability * record.amount / record.rate;
    let runs = record.rate > 0.0 && stop < end;
    runs.then(|| infusion(stop, route as u32, (end - stop) * record.rate / bioavailability, record.rate))
}

#[test]
fn the_exact_solution_agrees_with_the_solvers() {
    check_all(7, 2, 1e-9, |random, family| {
        let model = Linear::draw(random, family);
        let (records, times) = (regimen(random, model.states(), END, true), times(random, 12));
        let solver = if family == Family::Stiff { "stiff" } else { "explicit" };
        let stepped = plugin(&model.text(&format!("option solver = {solver}")));
        let schedule = observed(&records, times.iter().copied());
        let rows = simulate(&stepped, &configuration(&[], 1e-10, 1e-12), &schedule);
        distance(&rows, &run(&plugin(&model.text("")), &records, &times))
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]
fn a_matrix_that_counts_doses_changes_with_each() {
    let text =
        "name = counted\nparam k = 0.1\nstate x\nbolus(a) -> x\nddt(x) = -k * dosenum() * x\nout(y) = x\n";
    let records: Vec<ScheduleRecord> = (0..5).map(|count| bolus(4.0 * f64::from(count), 0, 100.0)).collect();
    let times: Vec<f64> = (1..40).map(|step| 0.51 * f64::from(step)).collect();
    let expected = times.iter().map(|time| {
        let mut amount = 0.0;
        for count in 0..5 {
            let (given, next) =
                (4.0 * f64::from(count), if count < 4 { 4.0 * f64::from(count + 1) } else { 99.0 });
            if given <= *time {
                amount = (amount + 100.0) * (-0.1 * f64::from(count + 1) * (time.min(next) - given)).exp();
            }
        }
        vec![amount]
    });
    let expected: Vec<Vec<f64>> = expected.collect();
    let found = run(&plugin(text), &records, &times);
    assert!(distance(&found, &expected) <= 1e-14, "{found:?} {expected:?}");
}

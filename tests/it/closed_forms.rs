//! Linear models against the exact solutions of the textbook: relative error at most 1e-12, and 1e-6 by steps at a
//! relative tolerance of 1e-8.

use pmc_host::Schedule;
use pmc_tests::closed_form::Response;
use pmc_tests::line::{Regimen, configuration, plugin, simulate};

/// Times that avoid the doses and lie densely where curves bend.
fn grid(end: f64) -> Vec<f64> {
    (1..=400).map(|step| end * f64::from(step) / 400.0 + 1e-3).collect()
}

/// Runs a model, by its exact solution and by steps, and compares every observation with the exact value at its time.
fn check(source: &str, parameters: &[(&str, f64)], schedule: &Schedule, exact: impl Fn(f64) -> f64) {
    let settings = configuration(parameters, 1e-8, 1e-14);
    for (solver, tolerance) in [("auto", 1e-12), ("explicit", 1e-6), ("stiff", 1e-6)] {
        let rows = simulate(&plugin(&format!("option solver = {solver}\n{source}")), &settings, schedule);
        let times = schedule.records.iter().filter(|record| record.report).map(|record| record.time);
        let mut worst = (0.0, 0.0);
        for (time, row) in times.zip(&rows) {
            let error = ((row[0] - exact(time)) / exact(time)).abs();
            if error > worst.0 {
                worst = (error, time);
            }
        }
        assert!(!rows.is_empty(), "nothing to compare");
        assert!(worst.0 <= tolerance, "{solver}: relative error {:e} at time {}", worst.0, worst.1);
    }
}

const ONE: &str = "
name = one
option atol = 1e-14
params = cl, v
state central
ddt(central) = bolus(push) + infusion(iv) - cl / v * central
out(cp) = central / v
";

const ORAL: &str = "
name = oral
params = ka, cl, v, tlag, f
state depot, central
bolus(oral) -> depot
lag(oral) = tlag
fa(oral) = f
ddt(depot) = -ka * depot
ddt(central) = ka * depot - cl / v * central
out(cp) = central / v
";

const TWO: &str = "
name = two
params = cl, v1, q, v2
state central, peripheral
ddt(central) = bolus(push) + infusion(iv) - (cl + q) / v1 * central + q / v2 * peripheral
ddt(peripheral) = q / v1 * central - q / v2 * peripheral
out(cp) = central / v1
";

const ORAL_PARAMETERS: [(&str, f64); 5] = [("ka", 1.3), ("cl", 4.0), ("v", 30.0), ("tlag", 0.7), ("f", 0.6)];

fn oral() -> Response {
    Response::one_compartment(4.0 / 30.0).absorbed(1.3)
}

#[test]
fn one_compartment_bolus_is_exact() {
    let response = Response::one_compartment(2.0 / 20.0);
    let schedule = Regimen::new().dose(0.0, 0, 100.0, 0.0).observed(grid(48.0));
    check(ONE, &[("cl", 2.0), ("v", 20.0)], &schedule, |t| 100.0 * response.bolus(t) / 20.0);
}

#[test]
fn one_compartment_infusion_is_exact() {
    let response = Response::one_compartment(2.0 / 20.0);
    let schedule = Regimen::new().dose(0.0, 1, 100.0, 40.0).observed(grid(48.0));
    check(ONE, &[("cl", 2.0), ("v", 20.0)], &schedule, |t| 40.0 * response.infusion(t, 2.5) / 20.0);
}

#[test]
fn overlapping_infusions_and_boluses_add_up() {
    let response = Response::one_compartment(2.0 / 20.0);
    let schedule = Regimen::new()
        .dose(0.0, 1, 100.0, 10.0)
        .repeated(3, 6.0)
        .dose(3.0, 0, 50.0, 0.0)
        .repeated(2, 12.0)
        .observed(grid(60.0));
    check(ONE, &[("cl", 2.0), ("v", 20.0)], &schedule, |t| {
        let infusions: f64 = (0..4).map(|k| 10.0 * response.infusion(t - 6.0 * f64::from(k), 10.0)).sum();
        let boluses: f64 = (0..3).map(|k| 50.0 * response.bolus(t - 3.0 - 12.0 * f64::from(k))).sum();
        (infusions + boluses) / 20.0
    });
}

#[test]
fn oral_dose_with_lag_and_bioavailability_is_exact() {
    let schedule = Regimen::new().dose(0.0, 0, 250.0, 0.0).observed(grid(36.0).into_iter().map(|t| t + 0.8));
    check(ORAL, &ORAL_PARAMETERS, &schedule, |t| 0.6 * 250.0 * oral().bolus(t - 0.7) / 30.0);
}

#[test]
fn repeated_oral_doses_with_lag_are_exact() {
    let times = grid(120.0).into_iter().map(|t| t + 0.8);
    let schedule = Regimen::new().dose(0.0, 0, 250.0, 0.0).repeated(6, 12.0).observed(times);
    check(ORAL, &ORAL_PARAMETERS, &schedule, |t| {
        (0..7).map(|k| 0.6 * 250.0 * oral().bolus(t - 0.7 - 12.0 * f64::from(k)) / 30.0).sum()
    });
}

#[test]
fn two_compartment_bolus_and_infusion_are_exact() {
    let (cl, v1, q, v2) = (3.0, 12.0, 5.0, 40.0);
    let response = Response::two_compartments(cl / v1, q / v1, q / v2);
    let schedule = Regimen::new()
        .dose(0.0, 0, 80.0, 0.0)
        .dose(10.0, 1, 60.0, 20.0)
        .repeated(2, 8.0)
        .observed(grid(72.0));
    check(TWO, &[("cl", cl), ("v1", v1), ("q", q), ("v2", v2)], &schedule, |t| {
        let infusions: f64 =
            (0..3).map(|k| 20.0 * response.infusion(t - 10.0 - 8.0 * f64::from(k), 3.0)).sum();
        (80.0 * response.bolus(t) + infusions) / v1
    });
}

#[test]
fn predictions_do_not_depend_on_the_observation_grid() {
    let plugin = plugin(ORAL);
    let settings = configuration(&ORAL_PARAMETERS, 1e-6, 1e-9);
    let regimen = Regimen::new().dose(0.0, 0, 250.0, 0.0).repeated(6, 12.0);
    let sparse: Vec<f64> = (1..10).map(|k| 11.7 * f64::from(k)).collect();
    let dense = (1..2000).map(|k| 0.061 * f64::from(k)).chain(sparse.iter().copied());
    let few = simulate(&plugin, &settings, &regimen.clone().observed(sparse.iter().copied()));
    let schedule = regimen.observed(dense);
    let many = simulate(&plugin, &settings, &schedule);
    let times: Vec<f64> =
        schedule.records.iter().filter(|record| record.report).map(|record| record.time).collect();
    for (time, row) in sparse.iter().zip(&few) {
        let index =
            times.iter().position(|other| other == time).expect("the dense grid holds the sparse one");
        assert_eq!(row[0].to_bits(), many[index][0].to_bits(), "at time {time}");
    }
}

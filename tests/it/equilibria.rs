//! Equilibria of models that have several, or none: the one that is found is the one that lives, as algebra gives it.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use pmc_abi::descriptor::interpolation;
use pmc_abi::schedule::event;
use pmc_host::{RunError, Schedule, ScheduleRecord, SteadyState};
use pmc_tests::line::{configuration, plugin};

/// Target-mediated disposition, in which target and drug find each other at once.
const BOUND: &str = "
name = bound
state free, target, complex
dose(iv) -> free
init(target) = 4
binding = 100 * free * target - complex
ddt(free) = -0.3 * free - binding
ddt(target) = 2 - 0.5 * target - binding
ddt(complex) = binding - 0.4 * complex
out(a) = free
out(b) = target
out(c) = complex
";

/// Returns the outputs at time 0, after a dose if there is one.
fn at_zero(source: &str, dose: Option<ScheduleRecord>) -> Result<Vec<f64>, RunError> {
    let schedule = Schedule {
        policy: 0,
        data_interpolation: interpolation::NEXT_BACKWARD,
        covariates: 0,
        stream: 0,
        records: dose.into_iter().chain([ScheduleRecord::observation(0.0, Vec::new())]).collect(),
    };
    let plugin = plugin(source);
    let mut model = plugin.model(&configuration(&[], 1e-9, 1e-11)).expect("no parameters");
    model.simulate(&schedule)
}

/// A dose at steady state that reports nothing; an infusion that has always run if the amount is 0.
fn steady(amount: f64, rate: f64, interval: f64) -> ScheduleRecord {
    ScheduleRecord {
        event: event::DOSE,
        route: Some(0),
        amount,
        rate,
        interval,
        steady_state: SteadyState::Replace,
        report: false,
        ..ScheduleRecord::observation(0.0, Vec::new())
    }
}

#[test]
fn a_constant_infusion_of_a_bound_drug_ends_above_zero() {
    for rate in [0.05_f64, 1.0, 3.0, 40.0] {
        let found = at_zero(BOUND, Some(steady(0.0, rate, 0.0))).expect("drug and complex are carried away");
        // The balance of drug, in which the target is 2 / (0.5 + a free) and the complex a free target / 0.4:
        // (rate - 0.3 free) (0.5 + a free) = 2 a free, a quadratic equation with one root above zero.
        let a = 100.0 * 0.4 / 1.4;
        let (square, linear, constant) = (0.3 * a, 0.15 + 2.0 * a - rate * a, -0.5 * rate);
        let root = (linear * linear - 4.0 * square * constant).sqrt();
        let free =
            if linear > 0.0 { -2.0 * constant / (linear + root) } else { (root - linear) / (2.0 * square) };
        let target = 2.0 / (0.5 + a * free);
        let expected = [free, target, a * free * target / 0.4];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-6, "rate {rate}: {found} beside {expected}");
        }
    }
}

#[test]
fn a_population_under_a_cleared_drug_lives_on() {
    // The kill per interval, 0.002 times the area of a dose, is 0.02; growth of 0.1 per hour outlives it. Extinction is a
    // steady state as well, but one that the population leaves, slowly.
    let source = "
name = logistic
state drug, n
dose(iv) -> drug
init(n) = 0.1
ddt(drug) = -0.1 * drug
ddt(n) = 0.1 * n * (1 - n / 100) - 0.002 * drug * n
out(a) = drug
out(b) = n
";
    let found = at_zero(source, Some(steady(1.0, 0.0, 24.0))).expect("there is a steady state");
    // Of u = 1 / n: u' = (0.002 drug - 0.1) u + 0.001, a linear equation, whose period is integrated by Simpson's rule.
    let killed = |t: f64| 0.002 * (1.0 - (-0.1 * t).exp()) / 0.1;
    let growth = |t: f64| 0.1 * t - killed(t) / (1.0 - (-2.4_f64).exp());
    let panels = 4800_u32;
    let width = 24.0 / f64::from(panels);
    let area: f64 = (0..=panels)
        .map(|number| {
            let weight =
                if number == 0 || number == panels { 1.0 } else { 2.0 + 2.0 * f64::from(number % 2) };
            weight * growth(width * f64::from(number)).exp() * width / 3.0
        })
        .sum();
    let end = growth(24.0);
    let expected = (end.exp() - 1.0) / (0.001 * area);
    assert!((found[1] / expected - 1.0).abs() < 1e-6, "{} beside {expected}", found[1]);
}

#[test]
fn initial_values_at_rest_are_at_rest() {
    let source =
        |slope: &str| format!("name = rest\nstate x\ninit(x) = steady\nddt(x) = {slope}\nout(o) = x");
    let found = at_zero(&source("4 - x * x"), None).expect("2 is at rest");
    assert!((found[0] - 2.0).abs() < 1e-9, "{}", found[0]);
    let error = at_zero(&source("1"), None).expect_err("nothing is at rest");
    assert_eq!(error.code.to_string(), "PK2019");
}

//! Equilibria of models that have several, or none: the one that is found is the one that lives, as algebra gives it.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use pmc_abi::schedule::event;
use pmc_host::{RunError, ScheduleRecord, SteadyState};
use pmc_tests::line::{configuration, plugin};
use pmc_tests::records::schedule;

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

/// A population that grows up to a limit, and a drug that kills it.
const LOGISTIC: &str = "
name = logistic
state drug, n
dose(iv) -> drug
init(n) = 0.1
ddt(drug) = -0.1 * drug
ddt(n) = 0.1 * n * (1 - n / 100) - 0.002 * drug * n
out(a) = drug
out(b) = n
";

/// Returns the outputs at time 0, after a dose if there is one.
fn at_zero(source: &str, dose: Option<ScheduleRecord>) -> Result<Vec<f64>, RunError> {
    let schedule = schedule(dose.into_iter().chain([ScheduleRecord::observation(0.0, Vec::new())]).collect());
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
    let found = at_zero(LOGISTIC, Some(steady(1.0, 0.0, 24.0))).expect("there is a steady state");
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

#[test]
fn initial_values_at_rest_are_those_that_a_first_guess_leads_to() {
    let source =
        |slope: &str| format!("name = rest\nstate x\ninit(x) = steady\nddt(x) = {slope}\nout(o) = x");
    let leads_to = [
        // Newton's method goes to the root below zero, which repels.
        ("x * (1 - x) + 0.5", 0.5 + 0.75_f64.sqrt()),
        ("(x - 1) * (x - 2) * (3 - x)", 1.0),
        ("-x * x * x + 8", 2.0),
        ("0.3 - 2 * x", 0.15),
        // The moment stands still.
        ("2 + sin(t) - x * x", 2.0_f64.sqrt()),
    ];
    for (slope, expected) in leads_to {
        let found = at_zero(&source(slope), None).expect(slope);
        assert!((found[0] / expected - 1.0).abs() < 1e-6, "{slope}: {} beside {expected}", found[0]);
    }
    // The last ones grow without end, and ever more slowly.
    for slope in ["x - 2", "1 + x * x", "1 - x / (1 + x)", "exp(-x)", "1 / (1 + x * x * x)"] {
        let error = at_zero(&source(slope), None).expect_err(slope);
        assert_eq!(error.code.to_string(), "PK2019", "{slope}");
    }
}

#[test]
fn an_equilibrium_about_which_states_swing_is_no_steady_state() {
    // The Brusselator: (1, 3) repels, and states go round it.
    let source = "
name = swinging
state x, y
init(x) = steady
init(y) = steady
ddt(x) = 1 - 4 * x + x * x * y
ddt(y) = 3 * x - x * x * y
out(a) = x
";
    assert_eq!(at_zero(source, None).expect_err("it swings").code.to_string(), "PK2019");
    // With half as much the same point attracts.
    let calm = source.replace("4 * x", "2.5 * x").replace("3 * x", "1.5 * x");
    let found = at_zero(&calm, None).expect("it is calm");
    assert!((found[0] - 1.0).abs() < 1e-9, "{}", found[0]);
}

#[test]
fn a_saddle_between_competitors_is_no_steady_state() {
    // Alike, but for how many there are: one outlives the other. Newton's method finds the saddle between them.
    let source = "
name = competition
state drug, x, y
infusion(iv) -> drug
init(x) = 0.35
init(y) = 0.3
ddt(drug) = -drug
ddt(x) = x * (1 - x - 2 * y)
ddt(y) = y * (1 - y - 2 * x)
out(a) = x
out(b) = y
";
    let found = at_zero(source, Some(steady(0.0, 1.0, 0.0))).expect("one outlives the other");
    assert!((found[0] - 1.0).abs() < 1e-6 && found[1].abs() < 1e-6, "{found:?}");
}

#[test]
fn a_total_that_nothing_changes_is_kept() {
    let source = "
name = closed
state drug, free, bound
infusion(iv) -> drug
init(free) = 3
ddt(drug) = -drug
ddt(free) = bound - 2 * free * drug
ddt(bound) = 2 * free * drug - bound
out(a) = free
out(b) = bound
";
    // The drug is 1, so two of three are bound. An exchange of its own kind is linear.
    for source in [source, &source.replace("free * drug", "free")] {
        let found = at_zero(source, Some(steady(0.0, 1.0, 0.0))).expect("one of three is free");
        assert!((found[0] - 1.0).abs() < 1e-4 && (found[1] - 2.0).abs() < 1e-4, "{found:?}");
    }
}

#[test]
fn a_reset_of_a_stopped_system_finds_its_equilibrium_again() {
    let source = "
name = stopped
state x
init(x) = steady
ddt(x) = x * (1 - x) + 0.5
out(o) = x
at 1 { stop() }
";
    let reset = ScheduleRecord { event: event::RESET, ..ScheduleRecord::observation(2.0, Vec::new()) };
    let schedule = schedule(vec![ScheduleRecord::observation(0.0, Vec::new()), reset]);
    let plugin = plugin(source);
    let mut model = plugin.model(&configuration(&[], 1e-9, 1e-11)).expect("no parameters");
    let found = model.simulate(&schedule).expect("it is found twice");
    assert!((found[1] - 0.5 - 0.75_f64.sqrt()).abs() < 1e-6, "{found:?}");
}

#[test]
fn what_does_not_start_at_rest_stands_still_meanwhile() {
    let source = "
name = baseline
option hmax = 0.5
state drug, response
init(drug) = 10
init(response) = steady
ddt(drug) = -drug
ddt(response) = 2 * (1 - drug / (10 + drug)) - 0.5 * response * response
out(a) = drug
out(b) = response
";
    let found = at_zero(source, None).expect("there is one root above zero");
    assert!((found[0] - 10.0).abs() < 1e-12 && (found[1] - 2.0_f64.sqrt()).abs() < 1e-6, "{found:?}");
}

#[test]
fn a_population_under_a_constant_infusion_lives_on_if_it_can() {
    // The drug is ten times its rate, and n = 100 (1 - 0.02 drug) where that is above zero.
    for (rate, expected) in [(1.0, 80.0), (3.0, 40.0), (8.0, 0.0)] {
        let found = at_zero(LOGISTIC, Some(steady(0.0, rate, 0.0))).expect("there is a steady state");
        assert!((found[0] - 10.0 * rate).abs() < 1e-6, "{}", found[0]);
        assert!((found[1] - expected).abs() < 1e-4, "rate {rate}: {} beside {expected}", found[1]);
    }
    let growth = LOGISTIC.replace("(1 - n / 100)", "1");
    let error = at_zero(&growth, Some(steady(0.0, 1.0, 0.0))).expect_err("nothing ends its growth");
    assert_eq!(error.code.to_string(), "PK2019");
}

//! What is said of a dose that cannot be given, and of a search for a steady state that cannot go on: the route, the
//! property, its value, and a time that stands in the data.

use pmc_abi::schedule::{event, modelled};
use pmc_host::{Configuration, RunError, ScheduleRecord, SteadyState};
use pmc_tests::line::{Regimen, plugin, simulate};
use pmc_tests::records::schedule;

/// Two routes of which parameters say everything.
const MODEL: &str = "
name = said
param late = 0, taken = 1, pace = 5, span = 2, wait = 0, part = 1
state depot, central
dose(oral) -> depot
infusion(iv) -> central
lag(oral) = late
fa(oral) = taken
lag(iv) = wait
fa(iv) = part
rate(iv) = pace
dur(iv) = span
ddt(depot) = -depot
ddt(central) = depot - 0.1 * central
out(a) = central
";

fn dose(route: u32, rate: f64) -> ScheduleRecord {
    ScheduleRecord {
        event: event::DOSE,
        route: Some(route),
        amount: 100.0,
        rate,
        ..ScheduleRecord::observation(3.0, Vec::new())
    }
}

fn run(source: &str, configuration: &Configuration, dose: ScheduleRecord) -> Result<Vec<f64>, RunError> {
    let schedule = schedule(vec![dose]);
    plugin(source).model(configuration)?.simulate(&schedule)
}

#[test]
fn an_impossible_dose_names_route_property_and_value() {
    const ORAL: u32 = 0;
    const IV: u32 = 1;
    let cases = [
        ("late", -1.0, ORAL, 0.0, "the lag time of the route `oral` is -1, expected 0 or above"),
        ("taken", -0.5, ORAL, 0.0, "the bioavailability of the route `oral` is -0.5, expected 0 or above"),
        ("taken", -0.5, ORAL, 10.0, "the bioavailability of the route `oral` is -0.5, expected 0 or above"),
        ("part", -2.0, IV, 10.0, "the bioavailability of the route `iv` is -2, expected 0 or above"),
        ("span", -2.0, IV, modelled::DURATION, "the duration of the route `iv` is -2, expected above 0"),
        ("span", 0.0, IV, modelled::DURATION, "the duration of the route `iv` is 0, expected above 0"),
        ("pace", -7.5, IV, modelled::RATE, "the rate of the route `iv` is -7.5, expected above 0"),
        ("part", 1.0, IV, 0.0, "the route `iv` accepts no bolus"),
    ];
    for (parameter, value, route, rate, expected) in cases {
        let configuration = Configuration::of_parameters([(parameter, value)]);
        let error = run(MODEL, &configuration, dose(route, rate)).expect_err(expected);
        assert_eq!(error.code.to_string(), "PK2016");
        assert_eq!(error.to_string(), format!("{expected} at time 3"));
    }
}

#[test]
fn a_dose_that_is_not_a_number_names_the_amount() {
    let amount = |amount: f64| ScheduleRecord { amount, ..dose(0, 0.0) };
    let error = run(MODEL, &Configuration::default(), amount(f64::NAN)).expect_err("no amount");
    assert_eq!(
        error.to_string(),
        "the amount of a dose by the route `oral` is not a number below 1e13 at time 3"
    );
    let infusion = ScheduleRecord { amount: -4.0, ..dose(1, 2.0) };
    let error = run(MODEL, &Configuration::default(), infusion).expect_err("no amount");
    assert_eq!(error.to_string(), "the amount of a dose by the route `iv` is -4, expected above 0 at time 3");
    let steady = ScheduleRecord { steady_state: SteadyState::Replace, interval: -6.0, ..dose(0, 0.0) };
    let error = run(MODEL, &Configuration::default(), steady).expect_err("no interval");
    assert_eq!(
        error.to_string(),
        "the interval between doses by the route `oral` is -6, expected above 0 at time 3"
    );
}

#[test]
fn doses_of_events_are_refused_like_those_of_the_data() {
    let source = "
name = given
param amount = 1, span = 1, part = 1
state a
infusion(iv) -> a
fa(iv) = part
ddt(a) = -a
out(o) = a
at 2 { give(iv, amount, span) }
";
    let cases = [
        ("span", -1.0, "the duration of the route `iv` is -1, expected above 0 at time 2"),
        ("amount", -1.0, "the amount of a dose by the route `iv` is -1, expected above 0 at time 2"),
        ("part", -1.0, "the bioavailability of the route `iv` is -1, expected 0 or above at time 2"),
    ];
    for (parameter, value, expected) in cases {
        let mut model =
            plugin(source).model(&Configuration::of_parameters([(parameter, value)])).expect("a parameter");
        let error = model.simulate(&Regimen::new().observed([0.0, 3.0])).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn nothing_may_be_taken_up() {
    let rows = simulate(
        &plugin(MODEL),
        &Configuration::of_parameters([("taken", 0.0), ("part", 0.0)]),
        &Regimen::new().dose(0.0, 0, 100.0, 0.0).dose(0.0, 1, 100.0, 10.0).observed([1.0, 5.0]),
    );
    assert_eq!(rows, [[0.0], [0.0]]);
}

#[test]
fn a_search_that_cannot_go_on_is_at_the_time_of_its_dose() {
    let source = "
name = slow
option solver = explicit
state a
dose(iv) -> a
ddt(a) = -5 * a / (30 + a)
out(o) = a
";
    let configuration = Configuration { maximum_steps: Some(40), ..Configuration::default() };
    let steady =
        ScheduleRecord { steady_state: SteadyState::Replace, interval: 24.0, amount: 50.0, ..dose(0, 0.0) };
    let error = run(source, &configuration, steady).expect_err("forty steps do not suffice");
    assert_eq!(error.code.to_string(), "PK2009");
    assert_eq!(
        error.to_string(),
        "the limit of solver steps was reached while looking for the steady state of the dose at time 3 in state `a`"
    );
}

#[test]
fn a_stochastic_model_says_that_it_has_no_steady_states() {
    let source = "
name = chance
state a
particles = 10
dose(iv) -> a
ddt(a) = -a
noise(a) = 0.1
out(o) = a
";
    let steady = ScheduleRecord { steady_state: SteadyState::Replace, interval: 24.0, ..dose(0, 0.0) };
    let error = run(source, &Configuration::default(), steady).expect_err("no steady state");
    assert_eq!(error.code.to_string(), "PK2010");
    assert_eq!(error.to_string(), "steady states of stochastic models are not computed at time 3");
    assert!(error.help().is_some_and(|help| help.contains("ADDL")), "{:?}", error.help());
}

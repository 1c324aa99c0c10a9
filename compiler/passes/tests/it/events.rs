//! What the kernel asks of events.

use pmc_ir as ir;
use pmc_ir::{Comparison, Handle};
use pmc_passes::{Environment, evaluate, optimise, plan_events};

use crate::sketch::{Sketch, Value};

/// What an event does: pairs of a place and a value.
type Effects = Vec<(u32, f64)>;

/// The numbers of a plan: times, conditions (1 and 0 for truth values) and effects.
fn plan(module: &ir::Module, environment: &Environment) -> (Vec<f64>, Vec<f64>, Vec<Effects>) {
    let mut module = module.clone();
    let plan = plan_events(&mut module);
    let values = evaluate(&module, environment);
    let number = |handle: Handle<ir::Expr>| match values[handle.index()] {
        pmc_passes::Value::Real(value) => value,
        pmc_passes::Value::Boolean(value) => f64::from(u8::from(value)),
    };
    let effects = |list: &Vec<(u32, Handle<ir::Expr>)>| {
        list.iter().map(|(place, value)| (*place, number(*value))).collect()
    };
    (
        plan.times.iter().map(|time| number(*time)).collect(),
        plan.conditions.iter().map(|condition| number(*condition)).collect(),
        plan.effects.iter().map(effects).collect(),
    )
}

fn event(trigger: ir::Trigger) -> ir::Event {
    ir::Event { trigger, states: Vec::new(), variables: Vec::new(), doses: Vec::new(), stop: None }
}

/// Two states, two variables, two routes and the parameter `p`.
fn system() -> (Sketch, Value) {
    let mut sketch = Sketch::new();
    sketch.state("x");
    sketch.state("y");
    sketch.variable("v");
    sketch.variable("w");
    sketch.infusion("a");
    sketch.infusion("b");
    let p = sketch.parameter("p");
    (sketch, p)
}

fn environment() -> Environment {
    Environment {
        parameters: vec![5.0],
        states: vec![10.0, 20.0],
        variables: vec![30.0, 40.0],
        ..Environment::default()
    }
}

#[test]
fn a_model_without_events_has_no_plan() {
    let (sketch, _) = system();
    let mut module = sketch.finish();
    let before = module.clone();
    assert_eq!(plan_events(&mut module), ir::EventFunctions::default());
    assert_eq!(module, before);
}

#[test]
fn each_trigger_has_a_time_an_interval_and_a_condition() {
    let (mut sketch, p) = system();
    let x = sketch.push(ir::Expr::State(Handle::from_index(0)));
    let (seven, start) = (sketch.constant(7.0), sketch.constant(2.0));
    let above = sketch.compare(Comparison::Greater, x, p);
    for trigger in
        [ir::Trigger::At(p), ir::Trigger::Every { start, interval: seven }, ir::Trigger::When(above)]
    {
        sketch.module.events.push(event(trigger));
    }
    let (times, conditions, effects) = plan(&sketch.finish(), &environment());
    assert_eq!(times, [5.0, 0.0, 2.0, 7.0, f64::INFINITY, 0.0]);
    assert_eq!(conditions, [0.0, 0.0, 1.0]);
    assert_eq!(effects, vec![Effects::new(); 3]);
}

#[test]
fn a_time_that_is_infinite_is_not_that_of_a_condition() {
    let (mut sketch, p) = system();
    let (zero, infinity) = (sketch.constant(0.0), sketch.constant(f64::INFINITY));
    let never = sketch.divide(p, zero);
    for trigger in
        [ir::Trigger::At(infinity), ir::Trigger::At(never), ir::Trigger::Every { start: never, interval: p }]
    {
        sketch.module.events.push(event(trigger));
    }
    let (times, ..) = plan(&sketch.finish(), &environment());
    assert_eq!(times, [f64::MAX, 0.0, f64::MAX, 0.0, f64::MAX, 5.0]);
}

#[test]
fn places_are_states_then_variables_then_the_stop_then_doses() {
    let (mut sketch, p) = system();
    let y = sketch.push(ir::Expr::State(Handle::from_index(1)));
    let (one, two) = (sketch.constant(1.0), sketch.constant(2.0));
    let above = sketch.compare(Comparison::Greater, y, p);
    let below = sketch.compare(Comparison::Less, y, p);
    let route = |index| Handle::from_index(index);
    sketch.module.events.push(ir::Event {
        states: vec![(Handle::from_index(1), p), (Handle::from_index(0), y)],
        variables: vec![(Handle::from_index(1), one)],
        doses: vec![
            ir::EventDose { condition: None, route: route(1), amount: p, duration: Some(two) },
            ir::EventDose { condition: Some(above), route: route(1), amount: one, duration: None },
            ir::EventDose { condition: Some(below), route: route(0), amount: two, duration: None },
        ],
        stop: Some(above),
        ..event(ir::Trigger::At(one))
    });
    let (_, _, effects) = plan(&sketch.finish(), &environment());
    let expected = [
        (1, 5.0),
        (0, 20.0),
        (3, 1.0),
        (4, 1.0),
        (5, 1.0),
        (6, 5.0),
        (7, 2.0),
        (8, 1.0),
        (9, 1.0),
        (10, 0.0),
        (11, -1.0),
        (12, 2.0),
        (13, 0.0),
    ];
    assert_eq!(effects, [expected.to_vec()]);
}

#[test]
fn switches_come_before_the_times_of_events() {
    let (mut sketch, p) = system();
    let (time, nine) = (sketch.time(), sketch.constant(9.0));
    let late = sketch.compare(Comparison::Greater, time, nine);
    let value = sketch.select(late, p, nine);
    sketch.derivative(0, value);
    sketch.module.events.push(event(ir::Trigger::At(p)));
    let program = optimise(sketch.finish());
    let values = evaluate(&program.module, &environment());
    let times: Vec<f64> = program.events.times.iter().map(|time| values[time.index()].real()).collect();
    assert_eq!(times, [9.0, 5.0, 0.0]);
}

#[test]
fn a_switch_alone_makes_a_plan() {
    let (mut sketch, p) = system();
    let time = sketch.time();
    let late = sketch.compare(Comparison::Greater, time, p);
    let one = sketch.constant(1.0);
    let value = sketch.select(late, p, one);
    sketch.derivative(0, value);
    let program = optimise(sketch.finish());
    assert_eq!(program.events.times.len(), 1);
    assert!(program.events.conditions.is_empty() && program.events.effects.is_empty());
}

#[test]
fn programs_with_events_of_all_kinds_are_valid() {
    let (mut sketch, p) = system();
    let (x, one) = (sketch.push(ir::Expr::State(Handle::from_index(0))), sketch.constant(1.0));
    let above = sketch.compare(Comparison::Greater, x, p);
    let doubled = sketch.multiply(x, p);
    for trigger in
        [ir::Trigger::When(above), ir::Trigger::At(one), ir::Trigger::Every { start: one, interval: p }]
    {
        let dose = ir::EventDose {
            condition: Some(above),
            route: Handle::from_index(0),
            amount: doubled,
            duration: Some(p),
        };
        sketch.module.events.push(ir::Event {
            states: vec![(Handle::from_index(0), doubled)],
            variables: vec![(Handle::from_index(0), x)],
            doses: vec![dose],
            stop: Some(above),
            ..event(trigger)
        });
    }
    let program = optimise(sketch.finish());
    assert_eq!(ir::validate_program(&program), Ok(()));
    assert_eq!(program.events.times.len(), 6);
    assert_eq!(program.events.effects.iter().map(Vec::len).collect::<Vec<_>>(), [6, 6, 6]);
}

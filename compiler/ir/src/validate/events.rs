//! Rules about the functions of events, which must say what the events say.
//!
//! Engines take from them what happens when: a time of infinity marks an event that waits, and a route is a
//! number. So it matters here what values are, not only where they are.

use super::declarations::check_handle;
use super::{Errors, Place, Rule, reads};
use crate::{BinaryOperation, Event, EventDose, Expr, Handle, Module, Program, Trigger, Type, types};

/// Checks the functions of events against the events of a module that is itself valid.
pub(super) fn check(program: &Program, errors: &mut Errors) {
    let module = &program.module;
    let (events, switches) = (&program.events, module.switches.len());
    let count = module.events.len();
    let fits = events.times.len() == switches + 2 * count
        && events.conditions.len() == count
        && events.effects.len() == count;
    errors.require(fits, Rule::Events, Place::Module, "functions of events do not cover the events");
    let before = errors.count;
    let effects = events.effects.iter().flatten().map(|(_, value)| value);
    for value in events.times.iter().chain(&events.conditions).chain(effects) {
        check_handle(&module.expressions, *value, Place::Module, errors);
    }
    if !fits || before < errors.count {
        return;
    }
    check_times(module, &events.times, errors);
    let (first, rest) = events.times.split_at(switches);
    let is_listed = first == module.switches;
    errors.require(is_listed, Rule::Events, Place::Module, "the first times are not those of the switches");
    let of_events = rest.chunks_exact(2).zip(&events.conditions).zip(&events.effects);
    for ((handle, event), ((times, condition), effects)) in module.events.iter().zip(of_events) {
        let place = Place::Event(handle);
        let message = "its times or its condition are not those of its function";
        let happens = happens(module, event, times, *condition);
        errors.require(happens, Rule::Events, place, message);
        let message = "its effects are not those of its function";
        errors.require(has_effects(module, event, effects), Rule::Events, place, message);
    }
}

/// Checks that times can be computed without time and states.
fn check_times(module: &Module, times: &[Handle<Expr>], errors: &mut Errors) {
    let (types, moves) = (types(module), reads::moves(module));
    let is_real = times.iter().all(|time| types[time.index()] == Type::Real);
    errors.require(is_real, Rule::Type, Place::Module, "a time of an event is not real");
    let stands = times.iter().all(|time| !moves[time.index()]);
    errors.require(stands, Rule::Reads, Place::Module, "a time of an event reads time or a state");
}

/// Returns whether first time, interval and condition say what the trigger says.
fn happens(module: &Module, event: &Event, times: &[Handle<Expr>], condition: Handle<Expr>) -> bool {
    let [start, interval] = *times else { return false };
    match event.trigger {
        Trigger::At(_) => {
            never_infinite(module, start) && is_zero(module, interval) && is_zero(module, condition)
        }
        Trigger::Every { interval: stated, .. } => {
            never_infinite(module, start) && interval == stated && is_zero(module, condition)
        }
        Trigger::When(stated) => {
            number(module, start) == Some(f64::INFINITY) && is_zero(module, interval) && condition == stated
        }
    }
}

/// Returns whether effects are those of an event, place by place.
fn has_effects(module: &Module, event: &Event, effects: &[(u32, Handle<Expr>)]) -> bool {
    let variables = module.states.len();
    let stop = variables + module.variables.len();
    let states = event.states.iter().map(|(state, value)| (state.index(), *value));
    let assigned = event.variables.iter().map(|(variable, value)| (variables + variable.index(), *value));
    let stopped = event.stop.map(|value| (stop, value));
    let expected = states.chain(assigned).chain(stopped).map(|(place, value)| (place as u32, value));
    let expected: Vec<(u32, Handle<Expr>)> = expected.collect();
    let Some((found, doses)) = effects.split_at_checked(expected.len()) else { return false };
    doses.len() == 3 * event.doses.len()
        && found == expected
        && doses.iter().zip(stop + 1..).all(|((place, _), expected)| *place as usize == expected)
        && doses.chunks_exact(3).zip(&event.doses).all(|(values, dose)| is_dose(module, dose, values))
}

/// Returns whether route, amount and duration are those of a dose.
fn is_dose(module: &Module, dose: &EventDose, values: &[(u32, Handle<Expr>)]) -> bool {
    let [(_, route), (_, amount), (_, duration)] = *values else { return false };
    let is_route = |value| number(module, value) == Some(dose.route.index() as f64);
    let is_given = match (dose.condition, &module.expressions[route]) {
        (None, _) => is_route(route),
        (Some(stated), Expr::Select(condition, given, not_given)) => {
            *condition == stated && is_route(*given) && number(module, *not_given) == Some(-1.0)
        }
        (Some(_), _) => false,
    };
    let lasts = dose.duration.map_or_else(|| is_zero(module, duration), |stated| stated == duration);
    is_given && amount == dose.amount && lasts
}

/// Returns whether a value can be seen never to be +∞, as a constant, the smaller of something and a constant,
/// or a choice of two such values.
fn never_infinite(module: &Module, value: Handle<Expr>) -> bool {
    let is_bounded = |value| number(module, value).is_some_and(|number| number < f64::INFINITY);
    let is_early = |value: Handle<Expr>| {
        let is_cut = match module.expressions[value] {
            Expr::Binary(BinaryOperation::Minimum, x, y) => is_bounded(x) || is_bounded(y),
            _ => false,
        };
        is_cut || is_bounded(value)
    };
    match module.expressions[value] {
        Expr::Select(_, then, otherwise) => is_early(then) && is_early(otherwise),
        _ => is_early(value),
    }
}

fn is_zero(module: &Module, value: Handle<Expr>) -> bool {
    number(module, value) == Some(0.0)
}

/// Returns the number that a value is, if it is one.
fn number(module: &Module, value: Handle<Expr>) -> Option<f64> {
    match module.expressions.get(value) {
        Some(Expr::Constant(number)) => Some(number.0),
        _ => None,
    }
}

//! Rules about the functions of events, which must say what the events say.
//!
//! Engines take from them what happens when: a time of infinity marks an event that waits, and a route is a
//! number. So it matters here what values are, not only where they are.

use super::declarations::check_handle;
use super::{Errors, Place, Rule};
use crate::{BinaryOperation, Comparison, Event, EventDose, Expr, Handle, Module, Program, Trigger};

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

/// Returns whether first time, interval and condition say what the trigger says.
fn happens(module: &Module, event: &Event, times: &[Handle<Expr>], condition: Handle<Expr>) -> bool {
    let [start, interval] = *times else { return false };
    match event.trigger {
        Trigger::At(stated) => {
            is_cut(module, start, stated) && is_zero(module, interval) && is_zero(module, condition)
        }
        Trigger::Every { start: first, interval: stated } => {
            is_regular(module, start, first, stated) && interval == stated && is_zero(module, condition)
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

/// Returns whether a time is the one that is stated, cut so that it is never +∞, which stands for events that wait: a
/// constant below +∞ as it is, of all else the minimum with the largest number.
fn is_cut(module: &Module, time: Handle<Expr>, stated: Handle<Expr>) -> bool {
    if number(module, stated).is_some_and(|number| number < f64::INFINITY) {
        return time == stated;
    }
    let Expr::Binary(BinaryOperation::Minimum, x, y) = module.expressions[time] else { return false };
    x == stated && is_last(module, y)
}

/// Returns whether a time is the first of a series: the one that is stated, cut, where the interval is above 0, else the
/// largest number.
fn is_regular(module: &Module, time: Handle<Expr>, stated: Handle<Expr>, interval: Handle<Expr>) -> bool {
    if number(module, interval).is_some_and(|number| 0.0 < number) {
        return is_cut(module, time, stated);
    }
    let Expr::Select(condition, then, otherwise) = module.expressions[time] else { return false };
    let Expr::Compare(Comparison::Less, x, y) = module.expressions[condition] else { return false };
    is_zero(module, x) && y == interval && is_cut(module, then, stated) && is_last(module, otherwise)
}

fn is_last(module: &Module, value: Handle<Expr>) -> bool {
    number(module, value) == Some(f64::MAX)
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

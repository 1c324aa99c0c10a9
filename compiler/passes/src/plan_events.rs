//! What the kernel asks of events, value by value.

use pmc_ir as ir;

use crate::builder::Builder;

type Value = ir::Handle<ir::Expr>;

/// Adds what the functions of events compute beside the values that events name.
///
/// Runs after everything that changes handles.
pub fn plan_events(module: &mut ir::Module) -> ir::EventFunctions {
    if module.events.is_empty() && module.switches.is_empty() {
        return ir::EventFunctions::default();
    }
    let events = module.events.clone();
    let variables = module.states.len();
    let stop = variables + module.variables.len();
    let mut builder = Builder::extend(module);
    let zero = builder.constant(0.0);
    let never = builder.constant(f64::INFINITY);
    let mut plan = ir::EventFunctions { times: module.switches.clone(), ..ir::EventFunctions::default() };
    for (_, event) in events.iter() {
        let (start, interval, condition) = match event.trigger {
            ir::Trigger::At(time) => (finite(&mut builder, time), zero, zero),
            ir::Trigger::Every { start, interval } => {
                (regular(&mut builder, start, interval), interval, zero)
            }
            ir::Trigger::When(condition) => (never, zero, condition),
        };
        plan.times.extend([start, interval]);
        plan.conditions.push(condition);
        let states = event.states.iter().map(|(state, value)| (state.index(), *value));
        let assigned = event.variables.iter().map(|(variable, value)| (variables + variable.index(), *value));
        let stopped = event.stop.map(|value| (stop, value));
        let mut effects: Vec<(usize, Value)> = states.chain(assigned).chain(stopped).collect();
        for (place, dose) in (stop + 1..).step_by(3).zip(&event.doses) {
            let route = route(&mut builder, dose);
            let duration = dose.duration.unwrap_or(zero);
            effects.extend([(place, route), (place + 1, dose.amount), (place + 2, duration)]);
        }
        plan.effects.push(effects.into_iter().map(|(place, value)| (place as u32, value)).collect());
    }
    builder.finish(module);
    plan
}

/// Adds a time that is never infinity, which stands for events that wait for a condition; as late is late enough.
fn finite(builder: &mut Builder, time: Value) -> Value {
    if builder.as_constant(time).is_some_and(|time| time < f64::INFINITY) {
        return time;
    }
    let last = builder.constant(f64::MAX);
    builder.binary(ir::BinaryOperation::Minimum, time, last)
}

/// Adds the start of a series, which is never where its interval is not above 0.
fn regular(builder: &mut Builder, start: Value, interval: Value) -> Value {
    let start = finite(builder, start);
    if builder.as_constant(interval).is_some_and(|interval| 0.0 < interval) {
        return start;
    }
    let (zero, last) = (builder.constant(0.0), builder.constant(f64::MAX));
    let is_regular = builder.push(ir::Expr::Compare(ir::Comparison::Less, zero, interval));
    builder.push(ir::Expr::Select(is_regular, start, last))
}

/// Adds the number of the route of a dose, or −1 where it is not given.
fn route(builder: &mut Builder, dose: &ir::EventDose) -> Value {
    let number = builder.constant(dose.route.index() as f64);
    let Some(condition) = dose.condition else { return number };
    let none = builder.constant(-1.0);
    builder.push(ir::Expr::Select(condition, number, none))
}

//! From types of documents to those in memory; whether they make sense the validator says.

use super::types::{
    Covariate, Derived, ErrorModel, Event, EventDose, Expr, Finite, Index, Module, Options, Output,
    Parameter, RandomEffect, Route, Secondary, Source, Spread, State, Trigger, Variable,
};
use super::{ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE};
use crate::{Arena, EventFunctions, Handle, Jacobian, JacobianEntry, Linearity, Real, SourceSpan};

/// Makes a module of what a document says.
pub(super) fn module(from: Module, source: Option<Source>) -> crate::Module {
    let spans = source.map(|source| source.spans).unwrap_or_default();
    crate::Module {
        name: from.name,
        kind: from.kind.into(),
        parameters: arena(from.parameters, parameter),
        covariates: arena(from.covariates, covariate),
        random_effects: arena(from.random_effects, random_effect),
        states: arena(from.states, state),
        variables: arena(from.variables, variable),
        routes: arena(from.routes, route),
        outputs: arena(from.outputs, output),
        events: arena(from.events, event),
        switches: handles(from.switches),
        secondary: arena(from.secondary, secondary),
        expressions: arena(from.expressions, expression),
        spans: spans.into_iter().map(|(start, end)| SourceSpan { start, end }).collect(),
        options: options(from.options),
    }
}

/// Makes of what a document says that passes have computed: partial derivatives, linearity and what events do.
pub(super) fn derived(from: Derived) -> (Jacobian, Linearity, EventFunctions) {
    let Derived { linearity, jacobian, events } = from;
    let entry = |(row, column, value)| JacobianEntry {
        row: handle(row),
        column: handle(column),
        value: handle(value),
    };
    let jacobian =
        Jacobian { entries: jacobian.entries.into_iter().map(entry).collect(), time: pairs(jacobian.time) };
    let effects = |effects: Vec<(u32, Index)>| {
        effects.into_iter().map(|(place, value)| (place, handle(value))).collect()
    };
    let events = EventFunctions {
        times: handles(events.times),
        conditions: handles(events.conditions),
        effects: events.effects.into_iter().map(effects).collect(),
    };
    (jacobian, linearity.into(), events)
}

fn options(from: Options) -> crate::Options {
    let Options { solver, relative_tolerance, absolute_tolerance, maximum_step, time_unit, particles } = from;
    crate::Options {
        solver: solver.map_or(crate::Solver::Automatic, Into::into),
        relative_tolerance: number(relative_tolerance).unwrap_or(RELATIVE_TOLERANCE),
        absolute_tolerance: number(absolute_tolerance).unwrap_or(ABSOLUTE_TOLERANCE),
        maximum_step: number(maximum_step).unwrap_or(f64::INFINITY),
        time_unit,
        particles: particles.unwrap_or(0),
    }
}

fn parameter(from: Parameter) -> crate::Parameter {
    let Parameter { name, unit, default, lower, upper, transform, fixed, label } = from;
    crate::Parameter {
        name,
        unit,
        default: number(default),
        lower: number(lower),
        upper: number(upper),
        transform: transform.map(Into::into),
        fixed,
        label,
    }
}

fn covariate(from: Covariate) -> crate::Covariate {
    let Covariate { name, unit, interpolation, default, categories, tested_for_missing, label } = from;
    crate::Covariate {
        name,
        unit,
        interpolation: interpolation.map(Into::into),
        default: number(default),
        categories: categories.into_iter().map(|Finite(category)| category).collect(),
        tested_for_missing,
        label,
    }
}

fn random_effect(from: RandomEffect) -> crate::RandomEffect {
    let RandomEffect { name, spread, per } = from;
    let variance = match spread {
        Spread::StandardDeviation(value) => crate::Variance::StandardDeviation(handle(value)),
        Spread::Variance(value) => crate::Variance::Variance(handle(value)),
        Spread::CoefficientOfVariation(value) => crate::Variance::CoefficientOfVariation(handle(value)),
        Spread::CovarianceRow(row) => crate::Variance::CovarianceRow(handles(row)),
        Spread::CorrelationRow(row) => crate::Variance::CorrelationRow(handles(row)),
    };
    crate::RandomEffect { name, variance, per: per.map(handle) }
}

fn state(from: State) -> crate::State {
    let State { name, unit, initial, steady, derivative, diffusion } = from;
    crate::State {
        name,
        unit,
        initial: handle(initial),
        steady,
        derivative: handle(derivative),
        diffusion: diffusion.map(handle),
    }
}

fn variable(from: Variable) -> crate::Variable {
    let Variable { name, unit, initial } = from;
    crate::Variable { name, unit, initial: handle(initial) }
}

fn route(from: Route) -> crate::Route {
    let Route { label, input, destination, lag, bioavailability, rate, duration, implicit } = from;
    crate::Route {
        label,
        input: input.into(),
        destination: destination.map(handle),
        lag: lag.map(handle),
        bioavailability: bioavailability.map(handle),
        rate: rate.map(handle),
        duration: duration.map(handle),
        implicit,
    }
}

fn output(from: Output) -> crate::Output {
    let Output { name, unit, value, error_model } = from;
    crate::Output { name, unit, value: handle(value), error_model: error_model.map(self::error_model) }
}

fn error_model(from: ErrorModel) -> crate::ErrorModel {
    let ErrorModel { kind, arguments, lower_limit, upper_limit } = from;
    crate::ErrorModel {
        kind: kind.into(),
        arguments: handles(arguments),
        lower_limit: lower_limit.map(handle),
        upper_limit: upper_limit.map(handle),
    }
}

fn secondary(from: Secondary) -> crate::Secondary {
    let Secondary { name, value } = from;
    crate::Secondary { name, value: handle(value) }
}

fn event(from: Event) -> crate::Event {
    let Event { trigger, states, variables, doses, stop } = from;
    let trigger = match trigger {
        Trigger::At(time) => crate::Trigger::At(handle(time)),
        Trigger::Every { start, interval } => {
            crate::Trigger::Every { start: handle(start), interval: handle(interval) }
        }
        Trigger::When(condition) => crate::Trigger::When(handle(condition)),
    };
    let dose = |dose: EventDose| crate::EventDose {
        condition: dose.condition.map(handle),
        route: handle(dose.route),
        amount: handle(dose.amount),
        duration: dose.duration.map(handle),
    };
    crate::Event {
        trigger,
        states: pairs(states),
        variables: pairs(variables),
        doses: doses.into_iter().map(dose).collect(),
        stop: stop.map(handle),
    }
}

fn expression(from: Expr) -> crate::Expr {
    match from {
        Expr::Constant(Finite(number)) => crate::Expr::Constant(Real(number)),
        Expr::Infinity => crate::Expr::Constant(Real(f64::INFINITY)),
        Expr::NegativeInfinity => crate::Expr::Constant(Real(f64::NEG_INFINITY)),
        Expr::Boolean(truth) => crate::Expr::Boolean(truth),
        Expr::Time => crate::Expr::Time,
        Expr::Parameter(parameter) => crate::Expr::Parameter(handle(parameter)),
        Expr::RandomEffect(effect) => crate::Expr::RandomEffect(handle(effect)),
        Expr::Covariate(covariate) => crate::Expr::Covariate(handle(covariate)),
        Expr::CovariateSlope(covariate) => crate::Expr::CovariateSlope(handle(covariate)),
        Expr::CovariateMissing(covariate) => crate::Expr::CovariateMissing(handle(covariate)),
        Expr::State(state) => crate::Expr::State(handle(state)),
        Expr::Variable(variable) => crate::Expr::Variable(handle(variable)),
        Expr::EventTime => crate::Expr::EventTime,
        Expr::InfusionRate(route) => crate::Expr::InfusionRate(handle(route)),
        Expr::LastDoseTime => crate::Expr::LastDoseTime(None),
        Expr::LastDoseTimeOfRoute(route) => crate::Expr::LastDoseTime(Some(handle(route))),
        Expr::DoseNumber => crate::Expr::DoseNumber,
        Expr::Unary(operation, x) => crate::Expr::Unary(operation.into(), handle(x)),
        Expr::Binary(operation, x, y) => crate::Expr::Binary(operation.into(), handle(x), handle(y)),
        Expr::Compare(comparison, x, y) => crate::Expr::Compare(comparison.into(), handle(x), handle(y)),
        Expr::Logic(logic, x, y) => crate::Expr::Logic(logic.into(), handle(x), handle(y)),
        Expr::Select(condition, then, otherwise) => {
            crate::Expr::Select(handle(condition), handle(then), handle(otherwise))
        }
        Expr::Call(function, arguments) => crate::Expr::Call(function.into(), handles(arguments)),
    }
}

fn number(from: Option<Finite>) -> Option<f64> {
    from.map(|Finite(number)| number)
}

fn arena<T, U>(from: Vec<T>, convert: impl Fn(T) -> U) -> Arena<U> {
    from.into_iter().map(convert).collect()
}

fn pairs<T, U>(from: Vec<(Index, Index)>) -> Vec<(Handle<T>, Handle<U>)> {
    from.into_iter().map(|(place, value)| (handle(place), handle(value))).collect()
}

fn handles<T>(from: Vec<Index>) -> Vec<Handle<T>> {
    from.into_iter().map(handle).collect()
}

const fn handle<T>(index: Index) -> Handle<T> {
    Handle::from_index(index as usize)
}

//! From types in memory to those of documents.

use super::types::{
    Covariate, Derived, ErrorModel, Event, EventDose, EventFunctions, Expr, Finite, Index, Jacobian, Module,
    Options, Output, Parameter, RandomEffect, Route, Secondary, Spread, State, Trigger, Variable,
};
use super::{ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE};
use crate::{Arena, Handle};

/// Returns what a document says of a module, but for its source.
pub(super) fn module(from: &crate::Module) -> Module {
    let crate::Module { name, kind, parameters, covariates, random_effects, states, variables, .. } = from;
    let crate::Module { routes, outputs, events, switches, secondary, expressions, options, .. } = from;
    Module {
        name: name.clone(),
        kind: (*kind).into(),
        options: self::options(options),
        parameters: list(parameters, parameter),
        covariates: list(covariates, covariate),
        random_effects: list(random_effects, random_effect),
        states: list(states, state),
        variables: list(variables, variable),
        routes: list(routes, route),
        outputs: list(outputs, output),
        events: list(events, event),
        switches: indices(switches),
        secondary: list(secondary, self::secondary),
        expressions: list(expressions, expression),
    }
}

/// Returns what a document says of what passes have computed.
pub(super) fn derived(from: &crate::Program) -> Derived {
    let crate::Program { jacobian, linearity, events, module: _, staging: _ } = from;
    let entry = |entry: &crate::JacobianEntry| (index(entry.row), index(entry.column), index(entry.value));
    let effects = |effects: &Vec<(u32, Handle<crate::Expr>)>| {
        effects.iter().map(|(place, value)| (*place, index(*value))).collect()
    };
    Derived {
        linearity: (*linearity).into(),
        jacobian: Jacobian {
            entries: jacobian.entries.iter().map(entry).collect(),
            time: pairs(&jacobian.time),
        },
        events: EventFunctions {
            times: indices(&events.times),
            conditions: indices(&events.conditions),
            effects: events.effects.iter().map(effects).collect(),
        },
    }
}

fn options(from: &crate::Options) -> Options {
    let crate::Options { solver, relative_tolerance, absolute_tolerance, maximum_step, time_unit, particles } =
        from;
    let unless = |value: f64, default: f64| (value != default).then_some(Finite(value));
    Options {
        solver: Some(*solver).filter(|solver| *solver != crate::Solver::Automatic).map(Into::into),
        relative_tolerance: unless(*relative_tolerance, RELATIVE_TOLERANCE),
        absolute_tolerance: unless(*absolute_tolerance, ABSOLUTE_TOLERANCE),
        maximum_step: unless(*maximum_step, f64::INFINITY),
        time_unit: time_unit.clone(),
        particles: Some(*particles).filter(|particles| *particles != 0),
    }
}

fn parameter(from: &crate::Parameter) -> Parameter {
    let crate::Parameter { name, unit, default, lower, upper, transform, fixed, label } = from;
    Parameter {
        name: name.clone(),
        unit: unit.clone(),
        default: default.map(Finite),
        lower: lower.map(Finite),
        upper: upper.map(Finite),
        transform: transform.map(Into::into),
        fixed: *fixed,
        label: label.clone(),
    }
}

fn covariate(from: &crate::Covariate) -> Covariate {
    let crate::Covariate { name, unit, interpolation, default, categories, tested_for_missing, label } = from;
    Covariate {
        name: name.clone(),
        unit: unit.clone(),
        interpolation: interpolation.map(Into::into),
        default: default.map(Finite),
        categories: categories.iter().copied().map(Finite).collect(),
        tested_for_missing: *tested_for_missing,
        label: label.clone(),
    }
}

fn random_effect(from: &crate::RandomEffect) -> RandomEffect {
    let crate::RandomEffect { name, variance, per } = from;
    let spread = match variance {
        crate::Variance::StandardDeviation(value) => Spread::StandardDeviation(index(*value)),
        crate::Variance::Variance(value) => Spread::Variance(index(*value)),
        crate::Variance::CoefficientOfVariation(value) => Spread::CoefficientOfVariation(index(*value)),
        crate::Variance::CovarianceRow(row) => Spread::CovarianceRow(indices(row)),
        crate::Variance::CorrelationRow(row) => Spread::CorrelationRow(indices(row)),
    };
    RandomEffect { name: name.clone(), spread, per: per.map(index) }
}

fn state(from: &crate::State) -> State {
    let crate::State { name, unit, initial, steady, derivative, diffusion } = from;
    State {
        name: name.clone(),
        unit: unit.clone(),
        initial: index(*initial),
        steady: *steady,
        derivative: index(*derivative),
        diffusion: diffusion.map(index),
    }
}

fn variable(from: &crate::Variable) -> Variable {
    let crate::Variable { name, unit, initial } = from;
    Variable { name: name.clone(), unit: unit.clone(), initial: index(*initial) }
}

fn route(from: &crate::Route) -> Route {
    let crate::Route { label, input, destination, lag, bioavailability, rate, duration, implicit } = from;
    Route {
        label: label.clone(),
        input: (*input).into(),
        destination: destination.map(index),
        lag: lag.map(index),
        bioavailability: bioavailability.map(index),
        rate: rate.map(index),
        duration: duration.map(index),
        implicit: *implicit,
    }
}

fn output(from: &crate::Output) -> Output {
    let crate::Output { name, unit, value, error_model } = from;
    let model = |model: &crate::ErrorModel| ErrorModel {
        kind: model.kind.into(),
        arguments: indices(&model.arguments),
        lower_limit: model.lower_limit.map(index),
        upper_limit: model.upper_limit.map(index),
    };
    Output {
        name: name.clone(),
        unit: unit.clone(),
        value: index(*value),
        error_model: error_model.as_ref().map(model),
    }
}

fn secondary(from: &crate::Secondary) -> Secondary {
    let crate::Secondary { name, value } = from;
    Secondary { name: name.clone(), value: index(*value) }
}

fn event(from: &crate::Event) -> Event {
    let crate::Event { trigger, states, variables, doses, stop } = from;
    let trigger = match *trigger {
        crate::Trigger::At(time) => Trigger::At(index(time)),
        crate::Trigger::Every { start, interval } => {
            Trigger::Every { start: index(start), interval: index(interval) }
        }
        crate::Trigger::When(condition) => Trigger::When(index(condition)),
    };
    let dose = |dose: &crate::EventDose| EventDose {
        route: index(dose.route),
        amount: index(dose.amount),
        duration: dose.duration.map(index),
        condition: dose.condition.map(index),
    };
    Event {
        trigger,
        states: pairs(states),
        variables: pairs(variables),
        doses: doses.iter().map(dose).collect(),
        stop: stop.map(index),
    }
}

fn expression(from: &crate::Expr) -> Expr {
    match from {
        crate::Expr::Constant(number) if number.0 == f64::INFINITY => Expr::Infinity,
        crate::Expr::Constant(number) if number.0 == f64::NEG_INFINITY => Expr::NegativeInfinity,
        crate::Expr::Constant(number) => Expr::Constant(Finite(number.0)),
        crate::Expr::Boolean(truth) => Expr::Boolean(*truth),
        crate::Expr::Time => Expr::Time,
        crate::Expr::Parameter(parameter) => Expr::Parameter(index(*parameter)),
        crate::Expr::RandomEffect(effect) => Expr::RandomEffect(index(*effect)),
        crate::Expr::Covariate(covariate) => Expr::Covariate(index(*covariate)),
        crate::Expr::CovariateSlope(covariate) => Expr::CovariateSlope(index(*covariate)),
        crate::Expr::CovariateMissing(covariate) => Expr::CovariateMissing(index(*covariate)),
        crate::Expr::State(state) => Expr::State(index(*state)),
        crate::Expr::Variable(variable) => Expr::Variable(index(*variable)),
        crate::Expr::EventTime => Expr::EventTime,
        crate::Expr::InfusionRate(route) => Expr::InfusionRate(index(*route)),
        crate::Expr::LastDoseTime(None) => Expr::LastDoseTime,
        crate::Expr::LastDoseTime(Some(route)) => Expr::LastDoseTimeOfRoute(index(*route)),
        crate::Expr::DoseNumber => Expr::DoseNumber,
        crate::Expr::Unary(operation, x) => Expr::Unary((*operation).into(), index(*x)),
        crate::Expr::Binary(operation, x, y) => Expr::Binary((*operation).into(), index(*x), index(*y)),
        crate::Expr::Compare(comparison, x, y) => Expr::Compare((*comparison).into(), index(*x), index(*y)),
        crate::Expr::Logic(logic, x, y) => Expr::Logic((*logic).into(), index(*x), index(*y)),
        crate::Expr::Select(condition, then, otherwise) => {
            Expr::Select(index(*condition), index(*then), index(*otherwise))
        }
        crate::Expr::Call(function, arguments) => Expr::Call((*function).into(), indices(arguments)),
    }
}

fn list<T, U>(from: &Arena<T>, convert: impl Fn(&T) -> U) -> Vec<U> {
    from.iter().map(|(_, item)| convert(item)).collect()
}

fn pairs<T, U>(from: &[(Handle<T>, Handle<U>)]) -> Vec<(Index, Index)> {
    from.iter().map(|(place, value)| (index(*place), index(*value))).collect()
}

fn indices<T>(from: &[Handle<T>]) -> Vec<Index> {
    from.iter().copied().map(index).collect()
}

const fn index<T>(handle: Handle<T>) -> Index {
    handle.index() as Index
}

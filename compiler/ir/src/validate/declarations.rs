//! Rules about declarations that need no look at expressions.

use std::collections::BTreeSet;

use super::{Errors, Place, Rule};
use crate::{
    Arena, Covariate, Event, Handle, Input, Kind, Module, Parameter, RandomEffect, SourceSpan, Variance,
    limits,
};

/// What stands for time in the text of a model.
const TIME: [&str; 2] = ["t", "time"];

/// What stands for time, and what a table has columns of beside outputs.
const COLUMNS: [&str; 3] = ["t", "time", "id"];

/// Checks counts, so that all that follows is bounded.
pub(super) fn check_limits(module: &Module, errors: &mut Errors) {
    let counts = [
        ("parameters", module.parameters.len(), limits::PARAMETERS),
        ("covariates", module.covariates.len(), limits::COVARIATES),
        ("random effects", module.random_effects.len(), limits::RANDOM_EFFECTS),
        ("states", module.states.len(), limits::STATES),
        ("routes", module.routes.len(), limits::ROUTES),
        ("outputs", module.outputs.len(), limits::OUTPUTS),
        ("variables", module.variables.len(), limits::VARIABLES),
        ("events", module.events.len(), limits::EVENTS),
        ("switches", module.switches.len(), limits::SWITCHES),
        ("secondary quantities", module.secondary.len(), limits::SECONDARY),
    ];
    for (what, found, limit) in counts {
        if found > limit {
            errors.add(Rule::Limit, Place::Module, format!("{found} {what}, at most {limit} are allowed"));
        }
    }
}

/// Checks names, numbers, routes, error models, options and spans.
pub(super) fn check(module: &Module, errors: &mut Errors) {
    check_text(Some(&module.name), Place::Module, errors);
    errors.require(!module.name.is_empty(), Rule::EmptyName, Place::Module, "the name is empty");
    check_names(&module.parameters, |item| &item.name, &TIME, Place::Parameter, errors);
    check_names(&module.covariates, |item| &item.name, &TIME, Place::Covariate, errors);
    check_names(&module.random_effects, |item| &item.name, &TIME, Place::RandomEffect, errors);
    check_names(&module.states, |item| &item.name, &TIME, Place::State, errors);
    check_names(&module.variables, |item| &item.name, &TIME, Place::Variable, errors);
    check_names(&module.routes, |item| &item.label, &[], Place::Route, errors);
    check_names(&module.outputs, |item| &item.name, &COLUMNS, Place::Output, errors);
    check_names(&module.secondary, |item| &item.name, &TIME, Place::Secondary, errors);
    module.parameters.iter().for_each(|(handle, item)| check_parameter(handle, item, errors));
    module.covariates.iter().for_each(|(handle, item)| check_covariate(handle, item, errors));
    for (handle, state) in module.states.iter() {
        check_text(state.unit.as_ref(), Place::State(handle), errors);
        let fits = state.diffusion.is_none() || module.kind == Kind::Stochastic;
        errors.require(
            fits,
            Rule::Kind,
            Place::State(handle),
            "it has a diffusion in a system without chance",
        );
    }
    for (handle, variable) in module.variables.iter() {
        check_text(variable.unit.as_ref(), Place::Variable(handle), errors);
    }
    module.events.iter().for_each(|(handle, event)| check_event(module, handle, event, errors));
    check_random_effects(module, errors);
    check_routes(module, errors);
    check_outputs(module, errors);
    check_options(module, errors);
    check_spans(module, errors);
}

fn check_names<'a, T>(
    arena: &'a Arena<T>,
    name: impl Fn(&'a T) -> &'a String,
    reserved: &[&str],
    place: impl Fn(Handle<T>) -> Place,
    errors: &mut Errors,
) {
    let mut seen = BTreeSet::new();
    for (handle, item) in arena.iter() {
        let name = name(item);
        errors.require(!name.is_empty(), Rule::EmptyName, place(handle), "the name is empty");
        check_text(Some(name), place(handle), errors);
        let message = "the name is that of time, or of another column of tables";
        let is_free = !reserved.contains(&name.as_str());
        errors.require(is_free, Rule::ReservedName, place(handle), message);
        if !seen.insert(name) {
            errors.add(Rule::DuplicateName, place(handle), format!("the name {name:?} is taken"));
        }
    }
}

fn check_text(text: Option<&String>, place: Place, errors: &mut Errors) {
    let is_short = text.is_none_or(|text| text.len() <= limits::TEXT);
    errors.require(is_short, Rule::Limit, place, "a name, unit or label is too long");
    let is_shown = text.is_none_or(|text| !text.chars().any(is_hidden));
    errors.require(is_shown, Rule::Text, place, "a name, unit or label has a control character");
}

/// Returns whether a character is none that people see: it would do something to a terminal, or break a line of a table
/// or an XML document.
const fn is_hidden(character: char) -> bool {
    matches!(character, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

fn check_parameter(handle: Handle<Parameter>, parameter: &Parameter, errors: &mut Errors) {
    let place = Place::Parameter(handle);
    check_text(parameter.unit.as_ref(), place, errors);
    check_text(parameter.label.as_ref(), place, errors);
    let is_finite = parameter.default.is_none_or(f64::is_finite);
    errors.require(is_finite, Rule::Number, place, "the default is not finite");
    let [lower, upper] = [parameter.lower, parameter.upper];
    let is_finite = [lower, upper].into_iter().flatten().all(f64::is_finite);
    errors.require(is_finite, Rule::Number, place, "a bound is not finite");
    if let (Some(lower), Some(upper)) = (lower, upper) {
        let message = "the lower bound is above the upper bound";
        errors.require(lower <= upper || !is_finite, Rule::Bounds, place, message);
    }
}

fn check_covariate(handle: Handle<Covariate>, covariate: &Covariate, errors: &mut Errors) {
    let place = Place::Covariate(handle);
    check_text(covariate.unit.as_ref(), place, errors);
    check_text(covariate.label.as_ref(), place, errors);
    let is_finite = covariate.default.iter().chain(&covariate.categories).all(|value| value.is_finite());
    errors.require(is_finite, Rule::Number, place, "the default or a category is not finite");
    let is_short = covariate.categories.len() <= limits::CATEGORIES;
    errors.require(is_short, Rule::Limit, place, "too many categories");
}

fn check_random_effects(module: &Module, errors: &mut Errors) {
    let mut before: Option<&RandomEffect> = None;
    for (handle, effect) in module.random_effects.iter() {
        let place = Place::RandomEffect(handle);
        if let Some(covariate) = effect.per {
            check_handle(&module.covariates, covariate, place, errors);
        }
        let fits = row_fits(effect, before);
        errors.require(fits, Rule::Arity, place, "its row is not one longer than that of the effect before");
        before = Some(effect);
    }
}

/// Returns whether a matrix row is the first of a block or continues the row before it.
fn row_fits(effect: &RandomEffect, before: Option<&RandomEffect>) -> bool {
    let length = match &effect.variance {
        Variance::CovarianceRow(row) | Variance::CorrelationRow(row) => row.len(),
        Variance::StandardDeviation(_) | Variance::Variance(_) | Variance::CoefficientOfVariation(_) => {
            return true;
        }
    };
    if length <= 1 {
        return length == 1;
    }
    before.is_some_and(|before| {
        let row_before = match (&before.variance, &effect.variance) {
            (Variance::CovarianceRow(row), Variance::CovarianceRow(_))
            | (Variance::CorrelationRow(row), Variance::CorrelationRow(_)) => row.len(),
            _ => 0,
        };
        row_before + 1 == length && before.per == effect.per
    })
}

fn check_routes(module: &Module, errors: &mut Errors) {
    for (handle, route) in module.routes.iter() {
        let place = Place::Route(handle);
        if let Some(state) = route.destination {
            check_handle(&module.states, state, place, errors);
        }
        let has_destination = route.destination.is_some() || route.input == Input::Infusion;
        let message = "it accepts a bolus and has no destination";
        errors.require(has_destination, Rule::Destination, place, message);
    }
}

fn check_event(module: &Module, handle: Handle<Event>, event: &Event, errors: &mut Errors) {
    let place = Place::Event(handle);
    let is_fitting = module.kind != Kind::Stochastic;
    errors.require(is_fitting, Rule::Kind, place, "a stochastic system has no events");
    let mut states = BTreeSet::new();
    for (state, _) in &event.states {
        check_handle(&module.states, *state, place, errors);
        errors.require(states.insert(state.index()), Rule::AssignedTwice, place, "it assigns a state twice");
    }
    let mut variables = BTreeSet::new();
    for (variable, _) in &event.variables {
        check_handle(&module.variables, *variable, place, errors);
        errors.require(
            variables.insert(variable.index()),
            Rule::AssignedTwice,
            place,
            "it assigns a variable twice",
        );
    }
    let is_short = event.doses.len() <= limits::EVENT_DOSES;
    errors.require(is_short, Rule::Limit, place, "it gives too many doses");
    for dose in &event.doses {
        check_handle(&module.routes, dose.route, place, errors);
    }
}

fn check_outputs(module: &Module, errors: &mut Errors) {
    for (handle, output) in module.outputs.iter() {
        let place = Place::Output(handle);
        check_text(output.unit.as_ref(), place, errors);
        if let Some(model) = &output.error_model {
            let (found, expected) = (model.arguments.len(), model.kind.arity());
            if found != expected {
                let message = format!("the error model has {found} arguments, expected {expected}");
                errors.add(Rule::Arity, place, message);
            }
        }
    }
}

fn check_options(module: &Module, errors: &mut Errors) {
    let options = &module.options;
    let place = Place::Options;
    check_text(options.time_unit.as_ref(), place, errors);
    let relative = options.relative_tolerance;
    let is_usable = relative.is_finite() && relative > 0.0;
    errors.require(is_usable, Rule::Options, place, "the relative tolerance is not above 0 and finite");
    let absolute = options.absolute_tolerance;
    let is_usable = absolute.is_finite() && absolute >= 0.0;
    errors.require(is_usable, Rule::Options, place, "the absolute tolerance is not 0 or above and finite");
    errors.require(options.maximum_step > 0.0, Rule::Options, place, "the largest step is not above 0");
    let is_bounded = options.particles <= limits::PARTICLES;
    errors.require(is_bounded, Rule::Limit, place, "too many particles");
    let fits = (module.kind == Kind::Stochastic) == (options.particles != 0);
    errors.require(fits, Rule::Options, place, "particles are what a stochastic system has, and no other");
}

fn check_spans(module: &Module, errors: &mut Errors) {
    let fits = module.spans.len() <= module.expressions.len();
    errors.require(fits, Rule::Spans, Place::Module, "there are more spans than expressions");
    let is_ordered = |span: &SourceSpan| span.start <= span.end;
    let message = "a span ends before it starts";
    errors.require(module.spans.iter().all(is_ordered), Rule::Spans, Place::Module, message);
}

/// Checks that a handle is in range.
pub(super) fn check_handle<T>(arena: &Arena<T>, handle: Handle<T>, place: Place, errors: &mut Errors) {
    if arena.get(handle).is_none() {
        let message = format!("handle {handle:?} is out of range, there are {}", arena.len());
        errors.add(Rule::HandleInRange, place, message);
    }
}

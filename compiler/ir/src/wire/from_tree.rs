//! What documents are made of, from trees.
//!
//! A test holds them against the schema, which is derived from the types.

use super::Limits;
use super::tree::{FromTree, MOST_OBJECTS, Tree, WrongValue};
use super::types::{
    Covariate, Derived, Envelope, ErrorModel, Event, EventDose, EventFunctions, Expr, FORMAT, Format, Head,
    Index, Jacobian, Linearity, Module, Options, Output, Parameter, RandomEffect, Route, Secondary, Source,
    Spread, State, Trigger, Variable, Version,
};

/// Declares how objects are read: fields that must be there, and those that may be absent.
macro_rules! objects {
    ($( $name:ident { $( $required:ident ),* ; $( $optional:ident ),* } )+) => {$(
        impl FromTree for $name {
            const MOST: usize = MOST_OBJECTS;

            fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
                let fields = tree.fields()?;
                Ok(Self {
                    $( $required: fields.required(stringify!($required))?, )*
                    $( $optional: fields.optional(stringify!($optional))?.unwrap_or_default(), )*
                })
            }
        }
    )+};
}

objects! {
    Envelope { format, version, module; features, derived, source }
    Head { version; features }
    Version { major, minor; }
    Source { ; spans }
    Module {
        name, kind;
        options, parameters, covariates, random_effects, states, variables, routes, outputs, events, switches,
        secondary, expressions
    }
    Options { ; solver, relative_tolerance, absolute_tolerance, maximum_step, time_unit, particles }
    Parameter { name; unit, default, lower, upper, transform, fixed, label }
    Covariate { name; unit, interpolation, default, categories, tested_for_missing, label }
    RandomEffect { name, spread; per }
    State { name, initial, derivative; unit, steady, diffusion }
    Variable { name, initial; unit }
    Route { label, input; destination, lag, bioavailability, rate, duration, implicit }
    Output { name, value; unit, error_model }
    ErrorModel { kind; arguments, lower_limit, upper_limit }
    Secondary { name, value; }
    Event { trigger; states, variables, doses, stop }
    EventDose { route, amount; duration, condition }
    Jacobian { ; entries, time }
    EventFunctions { ; times, conditions, effects }
}

impl FromTree for Derived {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let fields = tree.fields()?;
        Ok(Self {
            linearity: fields.optional("linearity")?.unwrap_or(Linearity::None),
            jacobian: fields.optional("jacobian")?.unwrap_or_default(),
            events: fields.optional("events")?.unwrap_or_default(),
        })
    }
}

impl FromTree for Format {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        tree.word(&[FORMAT]).map(|_| Self::Ir)
    }
}

impl FromTree for Spread {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let variant = tree.variant()?;
        Ok(match variant.word {
            "standard_deviation" => Self::StandardDeviation(variant.content()?),
            "variance" => Self::Variance(variant.content()?),
            "coefficient_of_variation" => Self::CoefficientOfVariation(variant.content()?),
            "covariance_row" => Self::CovarianceRow(variant.content()?),
            "correlation_row" => Self::CorrelationRow(variant.content()?),
            _ => return Err(variant.unknown(&[])),
        })
    }
}

/// When something happens again and again.
struct Every {
    start: Index,
    interval: Index,
}

objects! {
    Every { start, interval; }
}

impl FromTree for Trigger {
    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let variant = tree.variant()?;
        Ok(match variant.word {
            "at" => Self::At(variant.content()?),
            "every" => {
                let Every { start, interval } = variant.content()?;
                Self::Every { start, interval }
            }
            "when" => Self::When(variant.content()?),
            _ => return Err(variant.unknown(&["at", "every", "when"])),
        })
    }
}

impl FromTree for Expr {
    const MOST: usize = 2 * Limits::generous().program_expressions;

    fn from_tree(tree: &Tree<'_>) -> Result<Self, WrongValue> {
        let variant = tree.variant()?;
        Ok(match variant.word {
            "constant" => Self::Constant(variant.content()?),
            "infinity" => variant.alone(Self::Infinity)?,
            "negative_infinity" => variant.alone(Self::NegativeInfinity)?,
            "boolean" => Self::Boolean(variant.content()?),
            "time" => variant.alone(Self::Time)?,
            "event_time" => variant.alone(Self::EventTime)?,
            "last_dose_time" => variant.alone(Self::LastDoseTime)?,
            "dose_number" => variant.alone(Self::DoseNumber)?,
            "unary" => variant.content().map(|(operation, x)| Self::Unary(operation, x))?,
            "binary" => variant.content().map(|(operation, x, y)| Self::Binary(operation, x, y))?,
            "compare" => variant.content().map(|(comparison, x, y)| Self::Compare(comparison, x, y))?,
            "logic" => variant.content().map(|(logic, x, y)| Self::Logic(logic, x, y))?,
            "select" => variant.content().map(|(condition, yes, no)| Self::Select(condition, yes, no))?,
            "call" => variant.content().map(|(function, arguments)| Self::Call(function, arguments))?,
            word => {
                let Some((_, make)) = INDEXED.iter().find(|(known, _)| *known == word) else {
                    return Err(variant.unknown(&[]));
                };
                make(variant.content()?)
            }
        })
    }
}

/// What makes a value of an index.
type MakeIndexed = fn(Index) -> Expr;

/// The values that are an index into a list.
const INDEXED: [(&str, MakeIndexed); 9] = [
    ("parameter", Expr::Parameter),
    ("random_effect", Expr::RandomEffect),
    ("covariate", Expr::Covariate),
    ("covariate_slope", Expr::CovariateSlope),
    ("covariate_missing", Expr::CovariateMissing),
    ("state", Expr::State),
    ("variable", Expr::Variable),
    ("infusion_rate", Expr::InfusionRate),
    ("last_dose_time_of_route", Expr::LastDoseTimeOfRoute),
];

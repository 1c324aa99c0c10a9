//! The results of functions as stores to the arrays in their parameters.

use std::collections::BTreeSet;

use pmc_abi::frame::FrameLayout;
use pmc_backend::{Function, Place, properties};
use pmc_ir::{self as ir, Expr, Handle};

use super::entry::{self, Entry};
use super::plan::{Root, Target};
use super::source::ELEMENT;

/// Returns the signature of a function.
pub(super) const fn entry_of(function: Function) -> Entry {
    match function {
        Function::StageParameters => entry::STAGE_PARAMETERS,
        Function::StageCovariates => entry::STAGE_COVARIATES,
        Function::StageEvent => entry::STAGE_EVENT,
        Function::StageInterpolated => entry::STAGE_INTERPOLATED,
        Function::Initial => entry::INITIAL,
        Function::Derivatives => entry::DERIVATIVES,
        Function::Jacobian => entry::JACOBIAN,
        Function::Outputs => entry::OUTPUTS,
        Function::Variables => entry::VARIABLES,
        Function::EventTimes => entry::EVENT_TIMES,
        Function::EventConditions => entry::EVENT_CONDITIONS,
        Function::Diffusion => entry::DIFFUSION,
    }
}

/// Returns results as stores of a function.
pub(super) fn roots(entry: &Entry, results: &[(Place, Handle<Expr>)]) -> Vec<Root> {
    let store = |(place, value): &(Place, Handle<Expr>)| {
        let (parameter, element) = match *place {
            Place::Frame(element) => (entry.frame, element),
            Place::Out(element) => (entry.out(), element),
            Place::TimeDerivative(element) => (entry::TIME_DERIVATIVE_OUT, element),
        };
        Root { value: *value, target: Target::Parameter(parameter, u64::from(element) * ELEMENT) }
    };
    results.iter().map(store).collect()
}

/// Returns the mathematical functions that the functions of the model with certain names call.
pub(crate) fn functions_called(
    program: &ir::Program,
    layout: FrameLayout,
    is_live: impl Fn(&str) -> bool,
) -> BTreeSet<ir::Function> {
    let deliveries = pmc_backend::deliveries(program, layout);
    let live = deliveries.into_iter().filter(|delivery| is_live(entry_of(delivery.function).name));
    let effects = pmc_backend::effects(program).into_iter().filter(|_| is_live(entry::EVENT_EFFECTS.name));
    let results = live.flat_map(|delivery| delivery.results).chain(effects.flatten()).map(|(_, value)| value);
    let properties = properties(&program.module).into_iter().map(|property| property.value);
    let used = program.module.needed_by(results.chain(properties));
    let expressions = program.module.expressions.iter().filter(|(value, _)| used[value.index()]);
    let called = expressions.filter_map(|(_, expression)| match expression {
        Expr::Call(function, _) => Some(*function),
        _ => None,
    });
    called.collect()
}

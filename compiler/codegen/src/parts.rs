//! Which parts of the kernel a program needs.

use std::collections::BTreeSet;

use pmc_abi::descriptor::{FEWEST_PLANNED_STATES, feature};
use pmc_abi::export::part;
use pmc_ir::{self as ir, Input, Kind, Linearity, Trigger};

/// Returns the names of the parts that the kernel may call for a program.
///
/// The kernel decides by the same facts, which the descriptor tells it.
pub(crate) fn needed(program: &ir::Program) -> BTreeSet<&'static str> {
    let module = &program.module;
    let is_stochastic = module.kind == Kind::Stochastic;
    let waits = module.events.iter().any(|(_, event)| matches!(event.trigger, Trigger::When(_)));
    let features = pmc_backend::features(program);
    let is_exact = features & feature::LINEAR != 0;
    let is_swept = features & feature::LARGE != 0;
    let is_never_stepped = is_stochastic || (is_exact && program.linearity == Linearity::Always);
    let steps = !is_never_stepped;
    let is_large = FEWEST_PLANNED_STATES as usize <= module.states.len();
    let starts_steady = module.states.iter().any(|(_, state)| state.steady);
    let infuses = module.routes.iter().any(|(_, route)| route.input != Input::Bolus);
    let needs = [
        (part::STEP, steps),
        (part::SWEEP, is_swept),
        (part::ELIMINATE, steps && is_large),
        (part::PROPAGATE, is_exact),
        (part::DISPERSE, is_stochastic),
        (part::SUMMARISE, is_stochastic),
        (part::CONFIGURE, is_stochastic),
        (part::BALANCE, starts_steady),
        (part::EQUILIBRIUM, starts_steady || infuses),
        (part::STEADY_STATE, !is_stochastic && !module.routes.is_empty()),
        (part::RAISE_EVENTS, !module.events.is_empty() || !module.switches.is_empty()),
        (part::WATCH_CONDITIONS, waits),
    ];
    needs.into_iter().filter_map(|(name, is_needed)| is_needed.then_some(name)).collect()
}

//! Rules about what values depend on.

use super::{Errors, Place, Rule};
use crate::{Expr, Function, Input, Module, Root, limits};

/// What a value reads, directly or through its operands, as a set of bits.
type Reads = u16;

const PARAMETER: Reads = 1;
const RANDOM_EFFECT: Reads = 1 << 1;
const COVARIATE: Reads = 1 << 2;
const DOSE_HISTORY: Reads = 1 << 3;
const INFUSION_RATE: Reads = 1 << 4;
const TIME: Reads = 1 << 5;
const STATE: Reads = 1 << 6;
const DIGAMMA: Reads = 1 << 7;
const VARIABLE: Reads = 1 << 8;
const EVENT_TIME: Reads = 1 << 9;

/// Checks that each root reads only what is known where it is evaluated, and that derivatives exist.
pub(super) fn check(module: &Module, errors: &mut Errors) {
    let reads = reads(module);
    module.for_each_root(|root, value| check_root(root, reads[value.index()], errors));
}

fn check_root(root: Root, reads: Reads, errors: &mut Errors) {
    let (allowed, message) = match root {
        Root::Initial(_) => (!STATE, "the initial value reads a state"),
        Root::Variable(_) => (!(STATE | VARIABLE), "the initial value reads a state or a variable"),
        Root::EventTime(_) => (!(STATE | TIME | EVENT_TIME), "the time reads time or a state"),
        Root::Switch(_) => (!(STATE | TIME), "the time reads time or a state"),
        Root::Lag(_) | Root::Bioavailability(_) | Root::Rate(_) | Root::Duration(_) => {
            (!(STATE | INFUSION_RATE), "a property reads a state or an infusion rate")
        }
        Root::Secondary(_) => {
            let allowed = PARAMETER | RANDOM_EFFECT | COVARIATE | DIGAMMA;
            (allowed, "the value reads time, a state or doses")
        }
        Root::Variance(_) => (PARAMETER | DIGAMMA, "the variance reads more than parameters"),
        Root::ErrorModel(_) => (PARAMETER | DIGAMMA, "the error model reads more than parameters"),
        Root::Derivative(_)
        | Root::Diffusion(_)
        | Root::Output(_)
        | Root::EventCondition(_)
        | Root::EventValue(_) => (!0, ""),
    };
    errors.require(reads & !allowed == 0, Rule::Reads, root.into(), message);
    if let Root::Derivative(_) | Root::Diffusion(_) = root {
        let message = "the derivative depends on digamma, which has no derivative";
        errors.require(reads & DIGAMMA == 0, Rule::Differentiable, root.into(), message);
    }
}

fn reads(module: &Module) -> Vec<Reads> {
    let mut all: Vec<Reads> = Vec::with_capacity(module.expressions.len());
    for (_, expression) in module.expressions.iter() {
        let mut reads = match expression {
            Expr::Parameter(_) => PARAMETER,
            Expr::RandomEffect(_) => RANDOM_EFFECT,
            Expr::Covariate(_) | Expr::CovariateSlope(_) | Expr::CovariateMissing(_) => COVARIATE,
            Expr::LastDoseTime(_) | Expr::DoseNumber => DOSE_HISTORY,
            Expr::InfusionRate(_) => INFUSION_RATE,
            Expr::Time => TIME,
            Expr::EventTime => EVENT_TIME,
            Expr::Variable(_) => VARIABLE,
            Expr::State(_) => STATE,
            Expr::Call(Function::Digamma, _) => DIGAMMA,
            _ => 0,
        };
        expression.for_each_operand(|operand| reads |= all[operand.index()]);
        all.push(reads);
    }
    all
}

/// Checks that what is infused goes somewhere: that a derivative, or else an event, reads the rate.
pub(super) fn check_infusions(module: &Module, errors: &mut Errors) {
    let mut roots = Vec::new();
    module.for_each_root(|root, value| {
        if matches!(root, Root::Derivative(_) | Root::EventCondition(_) | Root::EventValue(_)) {
            roots.push(value);
        }
    });
    let needed = module.needed_by(roots);
    let mut is_read = vec![false; module.routes.len()];
    for (handle, expression) in module.expressions.iter() {
        if let Expr::InfusionRate(route) = expression {
            is_read[route.index()] |= needed[handle.index()];
        }
    }
    for (handle, route) in module.routes.iter() {
        let arrives = route.input == Input::Bolus || is_read[handle.index()];
        let message = "it accepts infusions, and no derivative reads its infusion rate";
        errors.require(arrives, Rule::Destination, Place::Route(handle), message);
    }
}

/// Bounds the number of pairs of a value and a state that it depends on, counted over the values that
/// derivatives need.
pub(super) fn check_dependencies(module: &Module, errors: &mut Errors) {
    let words = module.states.len().div_ceil(64);
    let needed = module.needed_by(module.derivatives());
    let mut sets = vec![0_u64; words * module.expressions.len()];
    let mut pairs = 0_usize;
    for (handle, expression) in module.expressions.iter() {
        if !needed[handle.index()] {
            continue;
        }
        let start = handle.index() * words;
        if let Expr::State(state) = expression {
            sets[start + state.index() / 64] |= 1 << (state.index() % 64);
        }
        let (before, rest) = sets.split_at_mut(start);
        let own = &mut rest[..words];
        expression.for_each_operand(|operand| {
            let other = &before[operand.index() * words..][..words];
            own.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
        });
        pairs += own.iter().map(|word| word.count_ones() as usize).sum::<usize>();
    }
    if pairs > limits::DEPENDENCIES {
        let limit = limits::DEPENDENCIES;
        let message = format!("values depend on states in {pairs} pairs, at most {limit} are allowed");
        errors.add(Rule::Limit, Place::Module, message);
    }
}

//! When each value is computed, and which are kept.

use crate::{Expr, Handle, Jacobian, Module, Root, Stage, Staging, stages};

type Value = Handle<Expr>;

/// Computes stages and slots.
///
/// A slot is given to each value of a stage from `Parameters` to `Interpolated` that is not a leaf and that
/// a function of a later stage uses: as an operand, or directly as initial value, derivative, route
/// property, output or entry of the Jacobian. Variances, error models and secondary quantities are not
/// computed at run time and keep nothing.
///
/// Interpolated values that only the Jacobian uses have no slot: they would be computed for each evaluation
/// of the right-hand side while a covariate is on a slope, but solvers ask for the Jacobian once a step at
/// most.
pub fn stage(module: &Module, jacobian: &Jacobian) -> Staging {
    let stages = stages(module);
    let mut kept = vec![false; stages.len()];
    let roots: Vec<Value> = run_time_roots(module);
    mark_kept(module, &stages, &roots, Stage::Interpolated, &mut kept);
    let entries = jacobian.entries.iter().map(|entry| entry.value);
    let roots: Vec<Value> = entries.chain(jacobian.time.iter().map(|(_, value)| *value)).collect();
    mark_kept(module, &stages, &roots, Stage::Event, &mut kept);
    let slots_of = |stage: Stage| {
        let stages = &stages;
        let is_slot = |handle: &Value| kept[handle.index()] && stages[handle.index()] == stage;
        module.expressions.handles().filter(is_slot).collect::<Vec<Value>>()
    };
    let slots = Stage::ALL.into_iter().flat_map(slots_of).collect();
    Staging { stages, slots }
}

/// Returns what the functions of a model compute, but for the Jacobian.
fn run_time_roots(module: &Module) -> Vec<Value> {
    let mut roots = Vec::new();
    module.for_each_root(|root, value| match root {
        Root::Initial(_)
        | Root::Derivative(_)
        | Root::Diffusion(_)
        | Root::Variable(_)
        | Root::EventTime(_)
        | Root::EventCondition(_)
        | Root::EventValue(_)
        | Root::Switch(_)
        | Root::Lag(_)
        | Root::Bioavailability(_)
        | Root::Rate(_)
        | Root::Duration(_)
        | Root::Output(_) => roots.push(value),
        Root::Variance(_) | Root::ErrorModel(_) | Root::Secondary(_) => {}
    });
    roots
}

/// Marks the values up to stage `last` that are worth keeping for the computation of `roots`.
fn mark_kept(module: &Module, stages: &[Stage], roots: &[Value], last: Stage, kept: &mut [bool]) {
    let mut keep = |value: Value| {
        let stage = stages[value.index()];
        let is_keepable = Stage::Parameters <= stage && stage <= last;
        kept[value.index()] |= is_keepable && !is_leaf(&module.expressions[value]);
    };
    roots.iter().copied().for_each(&mut keep);
    let live = module.needed_by(roots.iter().copied());
    for (user, expression) in module.expressions.iter().filter(|(user, _)| live[user.index()]) {
        expression.for_each_operand(|operand| {
            if stages[operand.index()] < stages[user.index()] {
                keep(operand);
            }
        });
    }
}

fn is_leaf(expression: &Expr) -> bool {
    let mut has_operands = false;
    expression.for_each_operand(|_| has_operands = true);
    !has_operands
}

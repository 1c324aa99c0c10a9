//! When each value is computed, and which are kept.

use pmc_ir as ir;

use crate::dead_code::spread;

/// Computes stages and slots.
///
/// A slot is given to each value of a stage from `Parameters` to `Interpolated` that is not a leaf and that
/// a function of a later stage uses: as an operand, or directly as initial value, derivative, route
/// property, output or entry of the Jacobian. Variances, error models and secondary quantities are not
/// computed at run time and keep nothing.
pub fn stage(module: &ir::Module, jacobian: &ir::Jacobian) -> ir::Staging {
    let stages = ir::stages(module);
    let mut kept = vec![false; stages.len()];
    mark_run_time_roots(module, jacobian, &mut kept);
    let mut live = kept.clone();
    spread(module, &mut live);
    for (user, expression) in module.expressions.iter().filter(|(user, _)| live[user.index()]) {
        let stage = stages[user.index()];
        expression.for_each_operand(|operand| kept[operand.index()] |= stages[operand.index()] < stage);
    }
    let mut slots: Vec<ir::Handle<ir::Expr>> = module
        .expressions
        .iter()
        .filter(|(handle, _)| kept[handle.index()])
        .filter(|(handle, expression)| is_keepable(stages[handle.index()]) && !is_leaf(expression))
        .map(|(handle, _)| handle)
        .collect();
    slots.sort_by_key(|handle| (stages[handle.index()], *handle));
    ir::Staging { stages, slots }
}

fn mark_run_time_roots(module: &ir::Module, jacobian: &ir::Jacobian, marks: &mut [bool]) {
    module.for_each_root(|root, value| match root {
        ir::Root::Initial(_)
        | ir::Root::Derivative(_)
        | ir::Root::Lag(_)
        | ir::Root::Bioavailability(_)
        | ir::Root::Rate(_)
        | ir::Root::Duration(_)
        | ir::Root::Output(_) => marks[value.index()] = true,
        ir::Root::Variance(_) | ir::Root::ErrorModel(_) | ir::Root::Secondary(_) => {}
    });
    jacobian.entries.iter().for_each(|entry| marks[entry.value.index()] = true);
    jacobian.time.iter().for_each(|(_, value)| marks[value.index()] = true);
}

fn is_keepable(stage: ir::Stage) -> bool {
    ir::Stage::Parameters <= stage && stage <= ir::Stage::Interpolated
}

fn is_leaf(expression: &ir::Expr) -> bool {
    let mut has_operands = false;
    expression.for_each_operand(|_| has_operands = true);
    !has_operands
}

//! Removal of what no declaration needs.

use core::mem;

use pmc_ir as ir;

use crate::builder::map_roots;

/// Keeps only the expressions that roots of the module or entries of the Jacobian reach, in their order.
pub fn dead_code(module: &mut ir::Module, jacobian: &mut ir::Jacobian) {
    let mut live = vec![false; module.expressions.len()];
    module.for_each_root(|_, root| live[root.index()] = true);
    jacobian.entries.iter().for_each(|entry| live[entry.value.index()] = true);
    jacobian.time.iter().for_each(|(_, value)| live[value.index()] = true);
    spread(module, &mut live);

    let source = mem::take(&mut module.expressions);
    let spans = mem::take(&mut module.spans);
    let mut map = vec![ir::Handle::from_index(0); source.len()];
    for (handle, expression) in source.iter().filter(|(handle, _)| live[handle.index()]) {
        let expression = expression.map_operands(|operand| map[operand.index()]);
        map[handle.index()] = module.expressions.push(expression);
        module.spans.extend(spans.get(handle.index()));
    }
    map_roots(module, jacobian, |root| map[root.index()]);
}

/// Marks whatever the marked expressions are computed from.
pub(crate) fn spread(module: &ir::Module, marks: &mut [bool]) {
    for handle in module.expressions.handles().rev() {
        if marks[handle.index()] {
            module.expressions[handle].for_each_operand(|operand| marks[operand.index()] = true);
        }
    }
}

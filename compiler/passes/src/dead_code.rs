//! Removal of what no declaration needs.

use core::mem;

use pmc_ir as ir;

use crate::builder::map_roots;

/// Keeps only the expressions that roots of the module or entries of the Jacobian reach, in their order.
pub fn dead_code(module: &mut ir::Module, jacobian: &mut ir::Jacobian) {
    let mut roots = Vec::new();
    module.for_each_root(|_, root| roots.push(root));
    roots.extend(jacobian.entries.iter().map(|entry| entry.value));
    roots.extend(jacobian.time.iter().map(|(_, value)| *value));
    let live = module.needed_by(roots);

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

//! One expression a value.

use core::hash::BuildHasherDefault;
use core::mem;
use std::hash::DefaultHasher;

use indexmap::IndexSet;
use pmc_ir as ir;

use crate::builder::map_roots;

/// Keeps the first of all equal expressions.
///
/// The operands of commutative operations are put in the order of their handles first; each keeps the span
/// of its first occurrence. All of it bit for bit. Of switches at one time one is left.
pub fn common_subexpressions(module: &mut ir::Module, jacobian: &mut ir::Jacobian) {
    let source = mem::take(&mut module.expressions);
    let spans = mem::take(&mut module.spans);
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let mut kept: IndexSet<ir::Expr, _> = IndexSet::with_capacity_and_hasher(source.len(), hasher);
    let mut map: Vec<ir::Handle<ir::Expr>> = Vec::with_capacity(source.len());
    for (handle, expression) in source.iter() {
        let expression = in_order(expression.map_operands(|operand| map[operand.index()]));
        let (index, is_new) = kept.insert_full(expression);
        if is_new {
            module.spans.extend(spans.get(handle.index()));
        }
        map.push(ir::Handle::from_index(index));
    }
    module.expressions = kept.into_iter().collect();
    map_roots(module, jacobian, |root| map[root.index()]);
    let mut switches = IndexSet::new();
    module.switches.retain(|time| switches.insert(*time));
}

/// Returns the expression with the operands of a commutative operation in ascending order.
fn in_order(expression: ir::Expr) -> ir::Expr {
    match expression {
        ir::Expr::Binary(operation, x, y) if y < x && is_commutative(operation) => {
            ir::Expr::Binary(operation, y, x)
        }
        ir::Expr::Compare(comparison, x, y) if y < x => ir::Expr::Compare(mirrored(comparison), y, x),
        ir::Expr::Logic(logic, x, y) if y < x => ir::Expr::Logic(logic, y, x),
        other => other,
    }
}

fn is_commutative(operation: ir::BinaryOperation) -> bool {
    match operation {
        ir::BinaryOperation::Add
        | ir::BinaryOperation::Multiply
        | ir::BinaryOperation::Minimum
        | ir::BinaryOperation::Maximum => true,
        ir::BinaryOperation::Subtract | ir::BinaryOperation::Divide => false,
    }
}

/// Returns the comparison that says the same of swapped operands.
fn mirrored(comparison: ir::Comparison) -> ir::Comparison {
    match comparison {
        ir::Comparison::Equal | ir::Comparison::NotEqual => comparison,
        ir::Comparison::Less => ir::Comparison::Greater,
        ir::Comparison::LessEqual => ir::Comparison::GreaterEqual,
        ir::Comparison::Greater => ir::Comparison::Less,
        ir::Comparison::GreaterEqual => ir::Comparison::LessEqual,
    }
}

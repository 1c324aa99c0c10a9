//! Visits of the syntax tree that need no meaning.

use pmc_grammar::ast::{Argument, Expr, ExprKind, Item, ItemKind, Model, Statement, StatementKind};

/// Calls `visit` with every statement of an item, outer ones first; the bodies of events are left out.
pub(crate) fn for_each_statement<'a>(item: &'a Item, visit: &mut impl FnMut(&'a Statement)) {
    match &item.kind {
        ItemKind::Statement(statement) => walk_statement(statement, visit),
        ItemKind::Section(section) => {
            section.statements.iter().for_each(|statement| walk_statement(statement, visit));
        }
        _ => {}
    }
}

/// Returns the statements of an event; none of any other item.
pub(crate) fn event_body(item: &Item) -> &[Statement] {
    match &item.kind {
        ItemKind::When(when) => &when.body,
        ItemKind::At(at) => &at.body,
        ItemKind::Every(every) => &every.body,
        _ => &[],
    }
}

/// Calls `visit` with a statement and every statement in it, outer ones first.
pub(crate) fn walk_statement<'a>(statement: &'a Statement, visit: &mut impl FnMut(&'a Statement)) {
    let mut pending = vec![statement];
    while let Some(statement) = pending.pop() {
        visit(statement);
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                pending.extend(otherwise.iter().rev());
                pending.extend(then.iter().rev());
            }
            StatementKind::For { body, .. } => pending.extend(body.iter().rev()),
            StatementKind::Assign(_) | StatementKind::Call { .. } | StatementKind::Error => {}
        }
    }
}

/// Calls `visit` with each expression that stands directly in a statement; the label in `give(label, …)` is
/// none.
pub(crate) fn for_each_expression<'a>(statement: &'a Statement, visit: &mut impl FnMut(&'a Expr)) {
    match &statement.kind {
        StatementKind::Assign(assign) => visit(&assign.value),
        StatementKind::If { condition, .. } => visit(condition),
        StatementKind::For { from, to, .. } => {
            visit(from);
            visit(to);
        }
        StatementKind::Call { function, arguments } => {
            let labels = usize::from(function.text == "give");
            for argument in arguments.iter().skip(labels) {
                visit(&argument.value);
            }
        }
        StatementKind::Error => {}
    }
}

/// Calls `visit` with an expression and every expression in it, from left to right; a visit that returns
/// false keeps the walk out of that expression.
pub(crate) fn walk_expression<'a>(expression: &'a Expr, visit: &mut impl FnMut(&'a Expr) -> bool) {
    let mut pending = vec![expression];
    while let Some(expression) = pending.pop() {
        if !visit(expression) {
            continue;
        }
        match &expression.kind {
            ExprKind::Index { base, index } => pending.extend([&**index, &**base]),
            ExprKind::Call { arguments, .. } => {
                pending.extend(arguments.iter().rev().map(|Argument { value, .. }| value));
            }
            ExprKind::Unary { operand, .. } => pending.push(operand),
            ExprKind::Binary { left, right, .. } => pending.extend([&**right, &**left]),
            ExprKind::Conditional { condition, then, otherwise } => {
                pending.extend([&**otherwise, &**then, &**condition]);
            }
            ExprKind::Array(items) => pending.extend(items.iter().rev()),
            ExprKind::Parenthesised(inner) => pending.push(inner),
            ExprKind::Number { .. }
            | ExprKind::Boolean(_)
            | ExprKind::Text(_)
            | ExprKind::Name(_)
            | ExprKind::Error => {}
        }
    }
}

/// Returns the expression without the parentheses around it.
pub(crate) fn without_parentheses(mut expression: &Expr) -> &Expr {
    while let ExprKind::Parenthesised(inner) = &expression.kind {
        expression = inner;
    }
    expression
}

/// Returns whether any item or statement of the model could not be read.
pub(crate) fn has_error_nodes(model: &Model) -> bool {
    model.items.iter().any(|item| {
        let mut found = matches!(item.kind, ItemKind::Error);
        let mut look = |statement: &Statement| found |= matches!(statement.kind, StatementKind::Error);
        for_each_statement(item, &mut look);
        for statement in event_body(item) {
            walk_statement(statement, &mut look);
        }
        found
    })
}

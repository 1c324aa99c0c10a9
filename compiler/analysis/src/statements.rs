//! The symbolic run: statements in order, loops unrolled, both branches of conditionals.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Expr, Name, Statement, StatementKind, Target};

use crate::analyser::Analyser;
use crate::names::{Binding, Local};
use crate::order::Step;
use crate::value::Value;
use crate::walk::{for_each_expression, walk_statement};

/// The largest number of iterations of one loop.
const MAXIMUM_ITERATIONS: i64 = 1_048_576;

impl Analyser<'_> {
    /// Runs all statements of the model in their order.
    pub(crate) fn run_statements(&mut self) {
        for step in self.steps() {
            match step {
                Step::Statement(statement) => self.run_statement(statement),
                Step::Section(section) => {
                    self.section = Some(section.kind);
                    self.run_block(&section.statements);
                    self.section = None;
                }
                Step::Properties(route) => self.run_route_properties(route),
            }
        }
    }

    fn run_block(&mut self, statements: &[Statement]) {
        let outer = self.locals.len();
        self.blocks += 1;
        for statement in statements {
            self.run_statement(statement);
        }
        self.blocks -= 1;
        self.locals.truncate(outer);
    }

    fn run_statement(&mut self, statement: &Statement) {
        if self.is_exhausted(statement.span) {
            return;
        }
        match &statement.kind {
            StatementKind::Assign(assign) => self.assign(assign),
            StatementKind::If { condition, then, otherwise } => {
                self.run_conditional(condition, then, otherwise, statement.span);
            }
            StatementKind::For { variable, from, to, body } => self.run_loop(variable, from, to, body),
            StatementKind::Call { function, arguments } if self.block.is_some() => {
                self.run_event_call(function, arguments, statement.span);
            }
            StatementKind::Call { function, .. } => match function.text.as_str() {
                "give" | "stop" => self.diags.event_call_outside(function.span, &function.text),
                name => self.diags.call_as_statement(function.span, name),
            },
            StatementKind::Error => {}
        }
    }

    fn run_conditional(&mut self, condition: &Expr, then: &[Statement], otherwise: &[Statement], span: Span) {
        let condition_span = condition.span;
        let condition = self.boolean(condition);
        match condition.and_then(|condition| self.graph.truth(condition)) {
            Some(true) => {
                self.check_unreached(otherwise, None);
                return self.run_block(then);
            }
            Some(false) => {
                self.check_unreached(then, None);
                return self.run_block(otherwise);
            }
            None => {}
        }
        self.enter_path(condition, true, condition_span);
        let first = self.run_branch(then);
        self.leave_path(condition);
        self.enter_path(condition, false, condition_span);
        let second = self.run_branch(otherwise);
        self.leave_path(condition);
        match condition {
            Some(condition) => self.merge(condition, &first, &second, condition_span.to(span)),
            None => self.poison_changes(first.keys().chain(second.keys()).copied(), span),
        }
    }

    /// Runs statements and undoes what they change, which is returned.
    pub(crate) fn run_branch(&mut self, statements: &[Statement]) -> crate::slots::Changes {
        let mark = self.slots.enter();
        self.run_block(statements);
        self.slots.leave(mark)
    }

    fn run_loop(&mut self, variable: &Name, from: &Expr, to: &Expr, body: &[Statement]) {
        let bounds = (self.whole_number(from), self.whole_number(to));
        if self.names.get(&variable.text).is_some() || self.local(&variable.text).is_some() {
            self.diags.local_shadows(variable.span, &variable.text);
        }
        let (Some(first), Some(end)) = bounds else { return self.poison_targets(body) };
        if end.saturating_sub(first) > MAXIMUM_ITERATIONS {
            self.diags.too_many_iterations(
                from.span.to(to.span),
                end.saturating_sub(first),
                MAXIMUM_ITERATIONS,
            );
            return self.poison_targets(body);
        }
        if first >= end {
            return self.check_unreached(body, Some(variable));
        }
        for number in first..end {
            self.work += 1;
            let findings = self.error_count();
            let value = Value::Scalar(self.graph.constant(number as f64, variable.span));
            self.locals.push(Local { name: variable.text.clone(), binding: Binding::Value(value) });
            self.run_block(body);
            self.locals.pop();
            if self.error_count() > findings || self.graph.is_full() {
                return self.poison_targets(body);
            }
        }
    }

    /// Reports unknown names in statements that never run.
    fn check_unreached(&mut self, statements: &[Statement], variable: Option<&Name>) {
        let outer = self.locals.len();
        let mut bound: Vec<String> = variable.iter().map(|name| name.text.clone()).collect();
        for statement in statements {
            walk_statement(statement, &mut |inner| match &inner.kind {
                StatementKind::For { variable, .. } => bound.push(variable.text.clone()),
                StatementKind::Assign(assign) if assign.binding => {
                    if let Target::Place(place) = &assign.target {
                        bound.push(place.name.text.clone());
                    }
                }
                _ => {}
            });
        }
        self.locals
            .extend(bound.into_iter().map(|name| Local { name, binding: Binding::Value(Value::Error) }));
        for statement in statements {
            walk_statement(statement, &mut |inner| {
                for_each_expression(inner, &mut |expression| self.check_names(expression));
            });
        }
        self.locals.truncate(outer);
    }
}

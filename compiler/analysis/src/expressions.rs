//! Evaluation of expressions to values.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{BinaryOperator, Expr, ExprKind};
use pmc_ir as ir;
use pmc_ir::{Handle, Type};

use crate::analyser::Analyser;
use crate::value::{Sequence, Value};
use crate::walk::walk_expression;

/// How deep expressions may be nested once functions are expanded.
const MAXIMUM_DEPTH: usize = 600;
/// How many nodes and loop iterations one model may take.
pub(crate) const MAXIMUM_WORK: usize = 10_000_000;

impl Analyser<'_> {
    /// Evaluates an expression; a mistake in it is reported and gives [`Value::Error`].
    pub(crate) fn evaluate(&mut self, expression: &Expr) -> Value {
        self.work += 1;
        if self.is_exhausted(expression.span) {
            return Value::Error;
        }
        if self.depth >= MAXIMUM_DEPTH {
            self.diags.nested_too_deep(expression.span, MAXIMUM_DEPTH);
            return Value::Error;
        }
        self.depth += 1;
        let value = self.evaluate_kind(expression);
        self.depth -= 1;
        value
    }

    fn evaluate_kind(&mut self, expression: &Expr) -> Value {
        let span = expression.span;
        match &expression.kind {
            ExprKind::Number { value, .. } => Value::Scalar(self.graph.constant(*value, span)),
            ExprKind::Boolean(value) => Value::Scalar(self.graph.add(ir::Expr::Boolean(*value), span)),
            ExprKind::Text(_) => {
                self.diags.text_in_expression(span);
                Value::Error
            }
            ExprKind::Name(name) => self.name_value(name, span),
            ExprKind::Index { base, index } => self.index_value(base, index, span),
            ExprKind::Call { function, arguments } => self.call_value(function, arguments, span),
            ExprKind::Unary { operator, operand } => self.unary_value(*operator, operand, span),
            ExprKind::Binary { .. } => self.binary_value(expression),
            ExprKind::Conditional { condition, then, otherwise } => {
                self.conditional_value(condition, then, otherwise, span)
            }
            ExprKind::Array(items) => self.array_value(items),
            ExprKind::Parenthesised(inner) => self.evaluate(inner),
            ExprKind::Error => {
                self.incomplete = true;
                Value::Error
            }
        }
    }

    /// Returns whether the model outgrew a limit, which is then reported.
    pub(crate) fn is_exhausted(&mut self, span: Span) -> bool {
        if self.graph.is_full() {
            self.diags.too_many_expressions(self.model.span, ir::limits::EXPRESSIONS);
            return true;
        }
        if self.work > MAXIMUM_WORK {
            self.work = usize::MAX / 2;
            self.diags.too_much_unrolling(self.model.span, MAXIMUM_WORK, span);
            return true;
        }
        false
    }

    /// Evaluates a chain of infix operators from left to right, without recursion along the chain.
    fn binary_value(&mut self, expression: &Expr) -> Value {
        let mut chain = Vec::new();
        let mut first = expression;
        while let ExprKind::Binary { operator, left, right, .. } = &first.kind {
            chain.push((*operator, &**left, &**right, first.span));
            first = left;
        }
        let mut value = self.evaluate(first);
        for (operator, left, right, span) in chain.into_iter().rev() {
            value = match self.decided(operator, &value) {
                Some(decided) => {
                    self.check_names(right);
                    decided
                }
                None => self.combine(operator, (value, left), right, span),
            };
        }
        value
    }

    /// Returns the left operand if it alone decides a connective, so that `i > 0 && x[i - 1] > 1` may stand
    /// in a loop from 0.
    fn decided(&self, operator: BinaryOperator, left: &Value) -> Option<Value> {
        let Value::Scalar(handle) = left else { return None };
        match (operator, self.graph.truth(*handle)) {
            (BinaryOperator::And, Some(false)) | (BinaryOperator::Or, Some(true)) => Some(left.clone()),
            _ => None,
        }
    }

    fn array_value(&mut self, items: &[Expr]) -> Value {
        let mut elements = Vec::with_capacity(items.len());
        let mut sound = true;
        for item in items {
            match self.real(item) {
                Some(element) => elements.push(element),
                None => sound = false,
            }
        }
        if sound { Value::Array(Sequence::Values(elements.into())) } else { Value::Error }
    }

    /// Evaluates an expression that must be a number; `None` if something was reported.
    pub(crate) fn real(&mut self, expression: &Expr) -> Option<Handle<ir::Expr>> {
        let value = self.evaluate(expression);
        self.expect_real(value, expression.span)
    }

    /// Evaluates an expression that must be a condition; `None` if something was reported.
    pub(crate) fn boolean(&mut self, expression: &Expr) -> Option<Handle<ir::Expr>> {
        let value = self.evaluate(expression);
        self.expect_boolean(value, expression.span)
    }

    /// Returns the number in a value, or reports what is there instead.
    pub(crate) fn expect_real(&mut self, value: Value, span: Span) -> Option<Handle<ir::Expr>> {
        match value {
            Value::Scalar(handle) if self.graph.kind(handle) == Type::Real => return Some(handle),
            Value::Scalar(_) => self.diags.condition_as_number(span),
            Value::Array(_) => self.diags.array_without_index(span),
            Value::Affine(affine) => self.bolus_not_linear(&affine),
            Value::Error => {}
        }
        None
    }

    /// Returns the condition in a value, or reports what is there instead.
    pub(crate) fn expect_boolean(&mut self, value: Value, span: Span) -> Option<Handle<ir::Expr>> {
        match value {
            Value::Scalar(handle) if self.graph.kind(handle) == Type::Boolean => return Some(handle),
            Value::Scalar(_) => self.diags.number_as_condition(span),
            Value::Array(_) => self.diags.array_without_index(span),
            Value::Affine(affine) => self.bolus_not_linear(&affine),
            Value::Error => {}
        }
        None
    }

    /// Reports unknown names in an expression that is not evaluated.
    pub(crate) fn check_names(&mut self, expression: &Expr) {
        let mut unknown = Vec::new();
        walk_expression(expression, &mut |inner| {
            match &inner.kind {
                ExprKind::Name(name) if !self.is_known(name) => unknown.push((name.clone(), inner.span)),
                ExprKind::Call { function, .. } if self.takes_label(&function.text) => return false,
                ExprKind::Index { base, .. } => {
                    return !matches!(&base.kind, ExprKind::Name(name) if self.is_input_word(name));
                }
                _ => {}
            }
            true
        });
        for (name, span) in unknown {
            self.unknown_name(&name, span);
        }
    }

    fn is_known(&self, name: &str) -> bool {
        self.local(name).is_some()
            || self.frames.last().is_some_and(|frame| frame.argument(name).is_some())
            || self.names.get(name).is_some()
            || matches!(name, "t" | "time" | "pi" | "inf")
    }
}

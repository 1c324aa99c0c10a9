//! Elements of arrays, and the whole numbers that select them.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Expr, ExprKind};
use pmc_ir as ir;
use pmc_ir::Handle;

use crate::analyser::Analyser;
use crate::value::{Sequence, Value};
use crate::walk::without_parentheses;

impl Analyser<'_> {
    /// Evaluates `base[index]`, which may also be an input term.
    pub(crate) fn index_value(&mut self, base: &Expr, index: &Expr, span: Span) -> Value {
        if let ExprKind::Name(word) = &base.kind
            && self.is_input_word(word)
            && !self.is_array(word)
            && let ExprKind::Name(label) = &without_parentheses(index).kind
        {
            return self.input_value(word, label, index.span, span);
        }
        let name = match &base.kind {
            ExprKind::Name(name) => name.as_str(),
            _ => "the array",
        };
        let sequence = match self.evaluate(base) {
            Value::Array(sequence) => sequence,
            Value::Error => {
                self.evaluate(index);
                return Value::Error;
            }
            Value::Scalar(_) | Value::Affine(_) => {
                self.diags.index_of_scalar(base.span, name);
                return Value::Error;
            }
        };
        let Some(position) = self.real(index) else { return Value::Error };
        self.element(&sequence, name, position, index.span).unwrap_or(Value::Error)
    }

    /// Returns the element at a position that is a constant or a choice between constants.
    fn element(
        &mut self,
        sequence: &Sequence,
        name: &str,
        position: Handle<ir::Expr>,
        span: Span,
    ) -> Option<Value> {
        if let ir::Expr::Select(condition, then, otherwise) = *self.graph.get(position) {
            let then = self.element(sequence, name, then, span)?;
            let otherwise = self.element(sequence, name, otherwise, span)?;
            let (Value::Scalar(then), Value::Scalar(otherwise)) = (then, otherwise) else {
                return Some(Value::Error);
            };
            return Some(Value::Scalar(self.graph.select(condition, then, otherwise, span)));
        }
        let position = self.position(position, name, sequence.length(), span)?;
        Some(self.element_at(sequence, name, position, span))
    }

    /// Returns an index as a position within an array, or reports why it is none.
    pub(crate) fn position(
        &mut self,
        index: Handle<ir::Expr>,
        name: &str,
        length: usize,
        span: Span,
    ) -> Option<usize> {
        let Some(number) = self.graph.integer(index) else {
            match self.graph.number(index) {
                Some(value) => self.diags.index_not_whole(span, value),
                None => self.diags.index_not_constant(span),
            }
            return None;
        };
        let position = usize::try_from(number).ok().filter(|position| *position < length);
        if position.is_none() {
            self.diags.index_out_of_range(span, name, number, length);
        }
        position
    }

    /// Returns the element at a position that is in range.
    pub(crate) fn element_at(
        &mut self,
        sequence: &Sequence,
        name: &str,
        position: usize,
        span: Span,
    ) -> Value {
        let leaf = match sequence {
            Sequence::Values(values) => return Value::Scalar(values[position]),
            Sequence::Parameters { first, .. } => ir::Expr::Parameter(Handle::from_index(first + position)),
            Sequence::States { first, .. } => ir::Expr::State(Handle::from_index(first + position)),
            Sequence::Variables { first, .. } => ir::Expr::Variable(Handle::from_index(first + position)),
            Sequence::Slots { first, .. } => {
                return self.slot_value(first.offset(position), &format!("{name}[{position}]"), span);
            }
        };
        Value::Scalar(self.graph.add(leaf, span))
    }

    /// Returns all elements of an array; `None` if something was reported.
    pub(crate) fn elements(
        &mut self,
        sequence: &Sequence,
        name: &str,
        span: Span,
    ) -> Option<Vec<Handle<ir::Expr>>> {
        (0..sequence.length())
            .map(|position| {
                let value = self.element_at(sequence, name, position, span);
                self.expect_real(value, span)
            })
            .collect()
    }

    /// Evaluates an expression that must be known now; `None` if something was reported.
    pub(crate) fn constant(&mut self, expression: &Expr) -> Option<f64> {
        let handle = self.real(expression)?;
        self.known_number(handle, expression.span)
    }

    /// Returns the number that an expression is known to be, or reports that it is none.
    pub(crate) fn known_number(&mut self, handle: Handle<ir::Expr>, span: Span) -> Option<f64> {
        let value = self.graph.number(handle);
        if value.is_none() {
            if self.graph.reads(handle).is_empty() {
                self.diags.constant_is_not_a_number(span);
            } else {
                self.diags.not_a_constant(span);
            }
        }
        value
    }

    /// Evaluates an expression that must be known now and finite; `None` if something was reported.
    pub(crate) fn finite_constant(&mut self, expression: &Expr) -> Option<f64> {
        let handle = self.real(expression)?;
        self.finite_number(handle, expression.span)
    }

    /// Returns the finite number that an expression is known to be, or reports that it is none.
    pub(crate) fn finite_number(&mut self, handle: Handle<ir::Expr>, span: Span) -> Option<f64> {
        let value = self.known_number(handle, span)?;
        if !value.is_finite() {
            self.diags.value_not_finite(span);
            return None;
        }
        Some(value)
    }

    /// Evaluates a whole number that must be known now; `None` if something was reported.
    pub(crate) fn whole_number(&mut self, expression: &Expr) -> Option<i64> {
        let handle = self.real(expression)?;
        let value = self.known_number(handle, expression.span)?;
        let number = self.graph.integer(handle);
        if number.is_none() {
            self.diags.not_a_whole_number(expression.span, value);
        }
        number
    }
}

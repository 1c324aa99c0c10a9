//! Prefix and infix operators.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{BinaryOperator, Expr, UnaryOperator};
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Comparison, Function, Handle, Logic, Type, UnaryOperation};

use crate::analyser::Analyser;
use crate::value::Value;

impl Analyser<'_> {
    /// Evaluates a prefix operator.
    pub(crate) fn unary_value(&mut self, operator: UnaryOperator, operand: &Expr, span: Span) -> Value {
        if operator == UnaryOperator::Not {
            return match self.boolean(operand) {
                Some(handle) => Value::Scalar(self.graph.unary(UnaryOperation::Not, handle, span)),
                None => Value::Error,
            };
        }
        self.lint_negated_power(operator, operand, span);
        let value = self.evaluate(operand);
        if let Value::Affine(affine) = value {
            return if operator == UnaryOperator::Negate {
                self.negate_affine(affine, span)
            } else {
                Value::Affine(affine)
            };
        }
        match self.expect_real(value, operand.span) {
            Some(handle) if operator == UnaryOperator::Negate => {
                Value::Scalar(self.graph.unary(UnaryOperation::Negate, handle, span))
            }
            Some(handle) => Value::Scalar(handle),
            None => Value::Error,
        }
    }

    /// Applies an infix operator to an evaluated left and an unevaluated right operand.
    pub(crate) fn combine(
        &mut self,
        operator: BinaryOperator,
        (left, left_text): (Value, &Expr),
        right_text: &Expr,
        span: Span,
    ) -> Value {
        let right = self.evaluate(right_text);
        let operands = [(left, left_text.span), (right, right_text.span)];
        match operator {
            BinaryOperator::Or => self.connective(Logic::Or, operands, span),
            BinaryOperator::And => self.connective(Logic::And, operands, span),
            BinaryOperator::Equal => self.equality(Comparison::Equal, operands, span),
            BinaryOperator::NotEqual => self.equality(Comparison::NotEqual, operands, span),
            BinaryOperator::Less => self.comparison(Comparison::Less, operands, span),
            BinaryOperator::LessEqual => self.comparison(Comparison::LessEqual, operands, span),
            BinaryOperator::Greater => self.comparison(Comparison::Greater, operands, span),
            BinaryOperator::GreaterEqual => self.comparison(Comparison::GreaterEqual, operands, span),
            BinaryOperator::Add => self.arithmetic(BinaryOperation::Add, operands, span),
            BinaryOperator::Subtract => self.arithmetic(BinaryOperation::Subtract, operands, span),
            BinaryOperator::Multiply => self.arithmetic(BinaryOperation::Multiply, operands, span),
            BinaryOperator::Divide => self.arithmetic(BinaryOperation::Divide, operands, span),
            BinaryOperator::Power => self.power(operands, span),
        }
    }

    fn arithmetic(&mut self, operation: BinaryOperation, operands: [(Value, Span); 2], span: Span) -> Value {
        if let [(Value::Affine(_), _), _] | [_, (Value::Affine(_), _)] = &operands {
            return self.affine_arithmetic(operation, operands, span);
        }
        match self.two_reals(operands) {
            Some((left, right)) => Value::Scalar(self.graph.binary(operation, left, right, span)),
            None => Value::Error,
        }
    }

    /// Returns both operands as numbers; both are checked, so that both mistakes are reported.
    pub(crate) fn two_reals(
        &mut self,
        [(left, left_span), (right, right_span)]: [(Value, Span); 2],
    ) -> Option<(Handle<ir::Expr>, Handle<ir::Expr>)> {
        let left = self.expect_real(left, left_span);
        let right = self.expect_real(right, right_span);
        left.zip(right)
    }

    fn power(&mut self, operands: [(Value, Span); 2], span: Span) -> Value {
        let base_span = operands[0].1;
        match self.two_reals(operands) {
            Some((base, exponent)) => self.power_of(base, exponent, base_span, span),
            None => Value::Error,
        }
    }

    /// Builds a power; a base that may be negative is warned about.
    pub(crate) fn power_of(
        &mut self,
        base: Handle<ir::Expr>,
        exponent: Handle<ir::Expr>,
        base_span: Span,
        span: Span,
    ) -> Value {
        self.lint_power_of_state(base, exponent, base_span);
        Value::Scalar(self.graph.call(Function::Pow, vec![base, exponent], span))
    }

    fn connective(
        &mut self,
        logic: Logic,
        [(left, left_span), (right, right_span)]: [(Value, Span); 2],
        span: Span,
    ) -> Value {
        let left = self.expect_boolean(left, left_span);
        let right = self.expect_boolean(right, right_span);
        match left.zip(right) {
            Some((left, right)) => Value::Scalar(self.graph.logic(logic, left, right, span)),
            None => Value::Error,
        }
    }

    fn comparison(&mut self, comparison: Comparison, operands: [(Value, Span); 2], span: Span) -> Value {
        if self.is_condition(&operands[0].0) {
            self.diags.chain_of_comparisons(operands[0].1);
            return Value::Error;
        }
        match self.two_reals(operands) {
            Some((left, right)) => Value::Scalar(self.graph.compare(comparison, left, right, span)),
            None => Value::Error,
        }
    }

    fn is_condition(&self, value: &Value) -> bool {
        matches!(value, Value::Scalar(handle) if self.graph.kind(*handle) == Type::Boolean)
    }

    /// `==` and `!=`, which also take two conditions.
    fn equality(&mut self, comparison: Comparison, operands: [(Value, Span); 2], span: Span) -> Value {
        if let [(Value::Scalar(left), _), (Value::Scalar(right), _)] = &operands
            && self.graph.kind(*left) == Type::Boolean
            && self.graph.kind(*right) == Type::Boolean
        {
            let (left, right) = (*left, *right);
            let opposite = self.graph.unary(UnaryOperation::Not, right, span);
            let (then, otherwise) =
                if comparison == Comparison::Equal { (right, opposite) } else { (opposite, right) };
            return Value::Scalar(self.graph.select(left, then, otherwise, span));
        }
        match self.two_reals(operands) {
            Some((left, right)) => {
                self.lint_time_equality(left, right, span);
                Value::Scalar(self.graph.compare(comparison, left, right, span))
            }
            None => Value::Error,
        }
    }
}

//! `if (condition) a else b` in an expression.

use pmc_diagnostics::Span;
use pmc_grammar::ast::Expr;
use pmc_ir as ir;
use pmc_ir::Handle;

use crate::analyser::Analyser;
use crate::value::Value;

impl Analyser<'_> {
    /// Evaluates a conditional; of one whose condition is known, only the branch that counts.
    pub(crate) fn conditional_value(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        span: Span,
    ) -> Value {
        let Some(condition) = self.boolean(condition) else {
            self.evaluate(then);
            self.evaluate(otherwise);
            return Value::Error;
        };
        match self.graph.truth(condition) {
            Some(true) => {
                self.check_names(otherwise);
                self.evaluate(then)
            }
            Some(false) => {
                self.check_names(then);
                self.evaluate(otherwise)
            }
            None => {
                let then = (self.evaluate(then), then.span);
                let otherwise = (self.evaluate(otherwise), otherwise.span);
                self.select_value(condition, then, otherwise, span)
            }
        }
    }

    fn select_value(
        &mut self,
        condition: Handle<ir::Expr>,
        (then, then_span): (Value, Span),
        (otherwise, otherwise_span): (Value, Span),
        span: Span,
    ) -> Value {
        match (then, otherwise) {
            (Value::Scalar(then), Value::Scalar(otherwise)) => {
                if self.graph.kind(then) != self.graph.kind(otherwise) {
                    self.diags.branches_differ(span, then_span, otherwise_span);
                    return Value::Error;
                }
                Value::Scalar(self.graph.select(condition, then, otherwise, span))
            }
            (Value::Error, _) | (_, Value::Error) => Value::Error,
            (then @ Value::Array(_), _) => {
                self.expect_real(then, then_span);
                Value::Error
            }
            (_, otherwise @ Value::Array(_)) => {
                self.expect_real(otherwise, otherwise_span);
                Value::Error
            }
            (then, otherwise) => self.select_affine(condition, then, otherwise, span),
        }
    }
}

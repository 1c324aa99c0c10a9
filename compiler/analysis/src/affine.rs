//! Arithmetic with boluses: the right side of an equation must be affine in each of them.

use pmc_diagnostics::Span;
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Handle, UnaryOperation};

use crate::analyser::Analyser;
use crate::value::{Affine, Term, Value};

impl Analyser<'_> {
    /// Reports boluses that stand where the equation is not affine in them.
    pub(crate) fn bolus_not_linear(&mut self, affine: &Affine) {
        for term in &affine.terms {
            let label = self.routes.label(term.route).to_owned();
            self.diags.bolus_not_linear(term.span, &label);
        }
    }

    /// Changes the sign of an affine value.
    pub(crate) fn negate_affine(&mut self, affine: Affine, span: Span) -> Value {
        let base = affine.base.map(|base| self.graph.unary(UnaryOperation::Negate, base, span));
        let terms = self.map_terms(affine.terms, |analyser, coefficient| {
            analyser.graph.unary(UnaryOperation::Negate, coefficient, span)
        });
        Value::Affine(Affine { base, terms })
    }

    fn map_terms(
        &mut self,
        terms: Vec<Term>,
        mut map: impl FnMut(&mut Self, Handle<ir::Expr>) -> Handle<ir::Expr>,
    ) -> Vec<Term> {
        terms.into_iter().map(|term| Term { coefficient: map(self, term.coefficient), ..term }).collect()
    }

    /// Sums, differences, products and quotients of which at least one operand holds a bolus.
    pub(crate) fn affine_arithmetic(
        &mut self,
        operation: BinaryOperation,
        [(left, left_span), (right, right_span)]: [(Value, Span); 2],
        span: Span,
    ) -> Value {
        match operation {
            BinaryOperation::Add | BinaryOperation::Subtract => {
                match self.as_affine(left, left_span).zip(self.as_affine(right, right_span)) {
                    Some((left, right)) => self.add_affine(operation, left, right, span),
                    None => Value::Error,
                }
            }
            BinaryOperation::Multiply | BinaryOperation::Divide => match (left, right) {
                (Value::Affine(affine), factor) => {
                    let Some(factor) = self.expect_real(factor, right_span) else { return Value::Error };
                    self.scale(affine, |analyser, value| {
                        analyser.graph.binary(operation, value, factor, span)
                    })
                }
                (factor, Value::Affine(affine)) if operation == BinaryOperation::Multiply => {
                    let Some(factor) = self.expect_real(factor, left_span) else { return Value::Error };
                    self.scale(affine, |analyser, value| {
                        analyser.graph.binary(operation, factor, value, span)
                    })
                }
                (_, Value::Affine(affine)) => {
                    self.bolus_not_linear(&affine);
                    Value::Error
                }
                _ => Value::Error,
            },
            BinaryOperation::Minimum | BinaryOperation::Maximum => {
                unreachable!("`min` and `max` take numbers only")
            }
        }
    }

    fn as_affine(&mut self, value: Value, span: Span) -> Option<Affine> {
        if let Value::Affine(affine) = value {
            return Some(affine);
        }
        let base = self.expect_real(value, span)?;
        Some(Affine { base: Some(base), terms: Vec::new() })
    }

    /// Multiplies or divides every part; a bolus by itself, times x, has the coefficient x, not 1·x.
    fn scale(
        &mut self,
        affine: Affine,
        apply: impl Fn(&mut Self, Handle<ir::Expr>) -> Handle<ir::Expr>,
    ) -> Value {
        let base = affine.base.map(|base| apply(self, base));
        let terms = self.map_terms(affine.terms, |analyser, coefficient| {
            let scaled = apply(analyser, coefficient);
            analyser.without_unit_factor(scaled)
        });
        Value::Affine(Affine { base, terms })
    }

    /// Returns the other factor of a product with 1, else the expression itself.
    pub(crate) fn without_unit_factor(&self, product: Handle<ir::Expr>) -> Handle<ir::Expr> {
        let ir::Expr::Binary(operation, left, right) = self.graph.get(product) else { return product };
        match (operation, self.graph.number(*left), self.graph.number(*right)) {
            (BinaryOperation::Multiply, Some(1.0), _) => *right,
            (BinaryOperation::Multiply | BinaryOperation::Divide, _, Some(1.0)) => *left,
            _ => product,
        }
    }

    fn add_affine(&mut self, operation: BinaryOperation, left: Affine, right: Affine, span: Span) -> Value {
        let subtract = operation == BinaryOperation::Subtract;
        let base = match (left.base, right.base) {
            (Some(left), Some(right)) => Some(self.graph.binary(operation, left, right, span)),
            (None, Some(right)) if subtract => Some(self.graph.unary(UnaryOperation::Negate, right, span)),
            (left, right) => left.or(right),
        };
        let added = if subtract {
            self.map_terms(right.terms, |analyser, coefficient| {
                analyser.graph.unary(UnaryOperation::Negate, coefficient, span)
            })
        } else {
            right.terms
        };
        let mut terms = left.terms;
        for term in added {
            if let Some(first) = terms.iter().find(|first| first.route == term.route) {
                let label = self.routes.label(term.route).to_owned();
                self.diags.bolus_written_twice(term.span, &label, first.span);
                return Value::Error;
            }
            terms.push(term);
        }
        Value::Affine(Affine { base, terms })
    }

    /// Chooses between two values of which at least one holds a bolus.
    pub(crate) fn select_affine(
        &mut self,
        condition: Handle<ir::Expr>,
        then: Value,
        otherwise: Value,
        span: Span,
    ) -> Value {
        let Some((then, otherwise)) = self.as_affine(then, span).zip(self.as_affine(otherwise, span)) else {
            return Value::Error;
        };
        let zero = self.graph.constant(0.0, span);
        let base = match (then.base, otherwise.base) {
            (None, None) => None,
            (left, right) => {
                let (left, right) = (left.unwrap_or(zero), right.unwrap_or(zero));
                Some(self.graph.select(condition, left, right, span))
            }
        };
        let mut terms = Vec::new();
        for term in &then.terms {
            let other = otherwise.terms.iter().find(|other| other.route == term.route);
            let other = other.map_or(zero, |other| other.coefficient);
            let coefficient = self.graph.select(condition, term.coefficient, other, span);
            terms.push(Term { coefficient, ..*term });
        }
        for term in &otherwise.terms {
            if !terms.iter().any(|known| known.route == term.route) {
                let coefficient = self.graph.select(condition, zero, term.coefficient, span);
                terms.push(Term { coefficient, ..*term });
            }
        }
        Value::Affine(Affine { base, terms })
    }
}

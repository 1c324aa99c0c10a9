//! Warnings about texts that are valid and probably not what was meant.

use indexmap::IndexMap;
use pmc_diagnostics::Span;
use pmc_grammar::ast::{BinaryOperator, Expr, ExprKind, UnaryOperator};
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Handle};

use crate::analyser::Analyser;
use crate::names::Symbol;

impl Analyser<'_> {
    /// `-a^b` is −(a^b); elsewhere it may be (−a)^b.
    pub(crate) fn lint_negated_power(&mut self, operator: UnaryOperator, operand: &Expr, span: Span) {
        if operator != UnaryOperator::Negate {
            return;
        }
        if let ExprKind::Binary { operator: BinaryOperator::Power, left, .. } = &operand.kind {
            self.diags.negated_power(span, left.span, operand.span);
        }
    }

    /// A state is often a little negative by error of the solver, and a fractional power of it is not a
    /// number then.
    pub(crate) fn lint_power_of_state(
        &mut self,
        base: Handle<ir::Expr>,
        exponent: Handle<ir::Expr>,
        base_span: Span,
    ) {
        let is_state = |handle: Handle<ir::Expr>| matches!(self.graph.get(handle), ir::Expr::State(_));
        let direct = match self.graph.get(base) {
            ir::Expr::State(_) => true,
            ir::Expr::Binary(BinaryOperation::Divide, numerator, _) => is_state(*numerator),
            _ => false,
        };
        if direct && self.graph.integer(exponent).is_none() {
            self.diags.power_of_state(base_span);
        }
    }

    /// An equality of time holds at one instant, which a solver need not visit.
    pub(crate) fn lint_time_equality(&mut self, left: Handle<ir::Expr>, right: Handle<ir::Expr>, span: Span) {
        if let Some(other) = self.compared_with_time(left, right)
            && !self.in_trigger
        {
            self.diags.time_equality(span, self.graph.number(other));
        }
    }

    /// Returns what time is compared with, if either side is time.
    pub(crate) fn compared_with_time(
        &self,
        left: Handle<ir::Expr>,
        right: Handle<ir::Expr>,
    ) -> Option<Handle<ir::Expr>> {
        let is_time = |handle: Handle<ir::Expr>| matches!(self.graph.get(handle), ir::Expr::Time);
        if is_time(left) {
            return Some(right);
        }
        is_time(right).then_some(left)
    }

    /// Names that differ only by case are easily confused.
    pub(crate) fn lint_names(&mut self) {
        let mut folded: IndexMap<String, (String, Span)> = IndexMap::new();
        let mut similar = Vec::new();
        for (name, entry) in self.names.iter() {
            if entry.symbol == Symbol::Poisoned {
                continue;
            }
            let key = name.to_ascii_lowercase();
            match folded.get(&key) {
                Some((first, span)) => similar.push((entry.span, name.to_owned(), first.clone(), *span)),
                None => {
                    folded.insert(key, (name.to_owned(), entry.span));
                }
            }
        }
        for (span, name, first, first_span) in similar {
            self.diags.names_differ_by_case(span, &name, &first, first_span);
        }
    }
}

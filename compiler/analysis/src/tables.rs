//! `interp(x, xs, ys)`: straight lines through a constant table, constant outside.

use pmc_diagnostics::Span;
use pmc_grammar::ast::Expr;
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Comparison, Handle};

use crate::analyser::Analyser;
use crate::value::Value;

/// The largest number of points of a table.
const MAXIMUM_POINTS: usize = 64;

impl Analyser<'_> {
    /// Evaluates an interpolation.
    pub(crate) fn interpolation(&mut self, x: &Expr, xs: &Expr, ys: &Expr, span: Span) -> Value {
        let x = self.real(x);
        let abscissas = self.table(xs);
        let ordinates = self.table(ys);
        let (Some(x), Some(abscissas), Some(ordinates)) = (x, abscissas, ordinates) else {
            return Value::Error;
        };
        if abscissas.len() != ordinates.len() {
            self.diags.tables_differ(ys.span, ordinates.len(), abscissas.len());
            return Value::Error;
        }
        if abscissas.len() > MAXIMUM_POINTS {
            self.diags.table_too_long(xs.span, abscissas.len(), MAXIMUM_POINTS);
            return Value::Error;
        }
        if !abscissas.windows(2).all(|pair| pair[0] < pair[1]) {
            self.diags.table_not_ascending(xs.span);
            return Value::Error;
        }
        let points: Vec<(f64, f64)> = abscissas.into_iter().zip(ordinates).collect();
        Value::Scalar(self.broken_line(x, &points, span))
    }

    fn table(&mut self, expression: &Expr) -> Option<Vec<f64>> {
        let sequence = match self.evaluate(expression) {
            Value::Array(sequence) => sequence,
            Value::Error => return None,
            Value::Scalar(_) | Value::Affine(_) => {
                self.diags.array_expected(expression.span);
                return None;
            }
        };
        let elements = self.elements(&sequence, "table", expression.span)?;
        elements.into_iter().map(|element| self.known_number(element, expression.span)).collect()
    }

    /// The pieces from the last to the first; an `x` that is not a number ends in a sloped piece.
    fn broken_line(&mut self, x: Handle<ir::Expr>, points: &[(f64, f64)], span: Span) -> Handle<ir::Expr> {
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return self.graph.constant(0.0, span);
        };
        let low = self.graph.constant(first.1, span);
        let high = self.graph.constant(last.1, span);
        let mut pieces = points.windows(2).rev();
        let mut value = match pieces.next() {
            Some(pair) => self.segment(x, pair[0], pair[1], span),
            None => return low,
        };
        for pair in pieces {
            let end = self.graph.constant(pair[1].0, span);
            let before = self.graph.compare(Comparison::Less, x, end, span);
            let segment = self.segment(x, pair[0], pair[1], span);
            value = self.graph.select(before, segment, value, span);
        }
        let start = self.graph.constant(first.0, span);
        let end = self.graph.constant(last.0, span);
        let below = self.graph.compare(Comparison::LessEqual, x, start, span);
        let above = self.graph.compare(Comparison::GreaterEqual, x, end, span);
        value = self.graph.select(below, low, value, span);
        self.graph.select(above, high, value, span)
    }

    fn segment(
        &mut self,
        x: Handle<ir::Expr>,
        (x0, y0): (f64, f64),
        (x1, y1): (f64, f64),
        span: Span,
    ) -> Handle<ir::Expr> {
        let origin = self.graph.constant(x0, span);
        let start = self.graph.constant(y0, span);
        let slope = self.graph.constant((y1 - y0) / (x1 - x0), span);
        let distance = self.graph.binary(BinaryOperation::Subtract, x, origin, span);
        let rise = self.graph.binary(BinaryOperation::Multiply, slope, distance, span);
        self.graph.binary(BinaryOperation::Add, start, rise, span)
    }
}

//! What expressions read of doses: input terms, infusion rates and the dose history.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Argument, Name};
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Handle};

use crate::analyser::Analyser;
use crate::routes::Origin;
use crate::value::{Affine, Term, Value};

impl Analyser<'_> {
    /// Returns whether a word in call or index position is an input term.
    pub(crate) fn is_input_word(&self, word: &str) -> bool {
        matches!(word, "bolus" | "infusion" | "dose") && !self.functions.contains(word)
    }

    /// Returns whether the argument of a call is the label of a route, which is not a name of an expression.
    pub(crate) fn takes_label(&self, word: &str) -> bool {
        let reads = matches!(word, "rate" | "tad" | "tlast") && !self.functions.contains(word);
        reads || self.is_input_word(word)
    }

    /// Evaluates `bolus(r)`, `infusion(r)`, `dose(r)` or `rate(r)`.
    pub(crate) fn input_value(&mut self, word: &str, label: &str, label_span: Span, span: Span) -> Value {
        match word {
            "bolus" => self.bolus_term(label, span, None),
            "dose" => match self.rate_of(word, label, label_span, span) {
                Some(rate) => self.bolus_term(label, span, Some(rate)),
                None => Value::Error,
            },
            _ => self.rate_of(word, label, label_span, span).map_or(Value::Error, Value::Scalar),
        }
    }

    fn bolus_term(&mut self, label: &str, span: Span, base: Option<Handle<ir::Expr>>) -> Value {
        if let Some(first) = self.routes.declaration(label) {
            self.diags.declared_and_term(span, label, first);
            return Value::Error;
        }
        if self.equation.is_none() {
            self.diags.bolus_outside_equation(span, label);
            return Value::Error;
        }
        // A term in an equation has no route only if its label was rejected.
        let Some(route) = self.routes.bolus(label) else { return Value::Error };
        let coefficient = self.graph.constant(1.0, span);
        Value::Affine(Affine { base, terms: vec![Term { route, coefficient, span }] })
    }

    /// Returns the infusion rate on a route; `None` if something was reported.
    fn rate_of(&mut self, word: &str, label: &str, label_span: Span, span: Span) -> Option<Handle<ir::Expr>> {
        let Some(route) = self.routes.infusion(label) else {
            if self.routes.bolus(label).is_some() {
                self.diags.rate_of_bolus(span, word, label);
            } else if !self.incomplete {
                self.diags.unknown_route(label_span, label, self.routes.labels());
            }
            return None;
        };
        let entry = &mut self.routes.entries[route];
        if let Some(equation) = self.equation {
            match entry.origin {
                Origin::Declared(first) if word != "rate" => {
                    self.diags.declared_and_term(span, label, first);
                    return None;
                }
                Origin::Declared(_) => {}
                Origin::Term => {
                    entry.infusion_destination = entry.infusion_destination.or(equation.state);
                }
            }
        }
        Some(self.graph.add(ir::Expr::InfusionRate(Handle::from_index(route)), span))
    }

    /// Evaluates `tad()`, `tad(r)`, `tlast()`, `tlast(r)` or `dosenum()`.
    pub(crate) fn dose_history_value(
        &mut self,
        function: &Name,
        arguments: &[Argument],
        span: Span,
    ) -> Value {
        let name = function.text.as_str();
        if name == "dosenum" {
            if !arguments.is_empty() {
                self.diags.wrong_argument_count(span, name, arguments.len(), "0");
                return Value::Error;
            }
            return Value::Scalar(self.graph.add(ir::Expr::DoseNumber, span));
        }
        let last = if arguments.is_empty() {
            self.graph.add(ir::Expr::LastDoseTime(None), span)
        } else {
            let Some((label, label_span)) = self.label_argument(function, arguments, span) else {
                return Value::Error;
            };
            match self.last_dose_on(label, label_span, span) {
                Some(last) => last,
                None => return Value::Error,
            }
        };
        if name == "tlast" {
            return Value::Scalar(last);
        }
        let time = self.graph.add(ir::Expr::Time, span);
        Value::Scalar(self.graph.binary(BinaryOperation::Subtract, time, last, span))
    }

    /// Returns the time of the last dose on a route; `None` if something was reported.
    fn last_dose_on(&mut self, label: &str, label_span: Span, span: Span) -> Option<Handle<ir::Expr>> {
        let Some(route) = self.routes.bolus(label).or_else(|| self.routes.infusion(label)) else {
            if !self.incomplete {
                self.diags.unknown_route(label_span, label, self.routes.labels());
            }
            return None;
        };
        Some(self.graph.add(ir::Expr::LastDoseTime(Some(Handle::from_index(route))), span))
    }
}

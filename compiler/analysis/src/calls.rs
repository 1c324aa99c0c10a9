//! Calls: user functions, doses, `is_missing` and built-in functions, in this order.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Argument, ExprKind, Name};
use pmc_ir as ir;
use pmc_ir::Handle;

use crate::analyser::Analyser;
use crate::builtins::Builtin;
use crate::names::Symbol;
use crate::value::Value;

/// Words that are called with the label of a route or with nothing.
pub(crate) const DOSE_WORDS: [&str; 8] =
    ["bolus", "infusion", "dose", "rate", "tad", "tlast", "dosenum", "is_missing"];

impl Analyser<'_> {
    /// Evaluates a call.
    pub(crate) fn call_value(&mut self, function: &Name, arguments: &[Argument], span: Span) -> Value {
        if let Some(name) = arguments.iter().find_map(|argument| argument.name.as_ref()) {
            self.diags.named_argument(name.span, &function.text);
            return Value::Error;
        }
        let name = function.text.as_str();
        if self.functions.contains(name) {
            return self.expand(name, arguments, span);
        }
        if let Some(frame) = self.frames.last()
            && DOSE_WORDS.contains(&name)
        {
            self.diags.function_reads_doses(span, frame.name(), name);
            return Value::Error;
        }
        match name {
            "bolus" | "infusion" | "dose" | "rate" => match self.label_argument(function, arguments, span) {
                Some((label, label_span)) => self.input_value(name, label, label_span, span),
                None => Value::Error,
            },
            "tad" | "tlast" | "dosenum" => self.dose_history_value(function, arguments, span),
            "is_missing" => self.is_missing_value(function, arguments, span),
            "estimate_effect_2" | "estimate_effect_3" => {
                self.diags.function_not_supported(function.span, name);
                Value::Error
            }
            _ => match Builtin::find(name) {
                Some(builtin) => self.builtin_value(builtin, function, arguments, span),
                None => self.unknown_function(function, arguments),
            },
        }
    }

    fn unknown_function(&mut self, function: &Name, arguments: &[Argument]) -> Value {
        for argument in arguments {
            self.evaluate(&argument.value);
        }
        let name = function.text.as_str();
        let meaning = self.names.get(name).map(|entry| entry.symbol);
        match meaning {
            Some(Symbol::Poisoned) => {}
            Some(symbol) => {
                self.diags.not_a_function(function.span, name, symbol.describe(), self.is_array(name));
            }
            None => {
                let built_in = Builtin::names().chain(DOSE_WORDS).map(|name| -> &str { name });
                let candidates: Vec<&str> = built_in.chain(self.functions.names()).collect();
                self.diags.unknown_function(function.span, name, candidates);
            }
        }
        Value::Error
    }

    /// Returns whether a name is an array of any kind.
    pub(crate) fn is_array(&self, name: &str) -> bool {
        match self.names.get(name).map(|entry| entry.symbol) {
            Some(
                Symbol::Parameter { size, .. } | Symbol::State { size, .. } | Symbol::Variable { size, .. },
            ) => size.is_some(),
            Some(Symbol::Array { .. }) => true,
            Some(Symbol::Constant(index)) => matches!(self.constants.get(index), Some(Value::Array(_))),
            _ => false,
        }
    }

    /// Returns the one plain name in the parentheses, or reports what is there instead.
    pub(crate) fn label_argument<'b>(
        &mut self,
        function: &Name,
        arguments: &'b [Argument],
        span: Span,
    ) -> Option<(&'b str, Span)> {
        let [argument] = arguments else {
            self.diags.wrong_argument_count(span, &function.text, arguments.len(), "1");
            return None;
        };
        match &argument.value.kind {
            ExprKind::Name(label) => return Some((label, argument.value.span)),
            ExprKind::Error => {}
            _ => self.diags.label_expected(argument.value.span, &function.text),
        }
        None
    }

    fn is_missing_value(&mut self, function: &Name, arguments: &[Argument], span: Span) -> Value {
        let Some((name, name_span)) = self.label_argument(function, arguments, span) else {
            return Value::Error;
        };
        match self.names.get(name).map(|entry| entry.symbol) {
            Some(Symbol::Covariate(index)) => {
                self.covariates[index].tested_for_missing = true;
                let missing = ir::Expr::CovariateMissing(Handle::from_index(index));
                Value::Scalar(self.graph.add(missing, span))
            }
            Some(Symbol::Poisoned) => Value::Error,
            Some(symbol) => {
                self.diags.not_a_covariate(name_span, name, symbol.describe());
                Value::Error
            }
            None => {
                self.unknown_name(name, name_span);
                Value::Error
            }
        }
    }
}

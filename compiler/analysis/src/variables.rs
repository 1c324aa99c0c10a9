//! Variables: numbers that stand still until an event assigns them.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Declaration, Expr};
use pmc_ir as ir;
use pmc_ir::Handle;

use crate::analyser::Analyser;
use crate::declare::component_name;
use crate::graph::Reads;
use crate::names::Symbol;
use crate::units::unit_text;
use crate::value::Value;

/// The value that a declared variable, or each element of an array of them, starts with.
pub(crate) struct FirstValue<'a> {
    name: &'a str,
    value: &'a Expr,
    /// The index of the first component.
    first: usize,
    size: Option<usize>,
}

/// A component under construction.
pub(crate) struct VariableEntry {
    /// The name with its index.
    pub(crate) name: String,
    /// The unit as written.
    pub(crate) unit: Option<String>,
    /// The value at the start; `None` until the statements of the model have run, or if it was reported.
    pub(crate) initial: Option<Handle<ir::Expr>>,
}

impl<'a> Analyser<'a> {
    /// Declares a variable; its first value may read derived values and is evaluated later.
    pub(crate) fn declare_variable(&mut self, declaration: &'a Declaration) {
        let Some(size) = self.size_or_poison(declaration) else { return };
        let name = &declaration.name;
        let mut attributes = self.attributes(declaration);
        let default = attributes.default.take();
        self.reject_attributes(&attributes, "a variable");
        let first = self.variables.len();
        let count = size.unwrap_or(1);
        if !self.fits(declaration, "variables", first + count, ir::limits::VARIABLES) {
            return;
        }
        if !self.names.declare(name, Symbol::Variable { first, size }, &mut self.diags) {
            return;
        }
        match default {
            Some(value) => self.first_values.push(FirstValue { name: &name.text, value, first, size }),
            None => self.diags.variable_without_value(name.span, &name.text),
        }
        for index in 0..count {
            self.variables.push(VariableEntry {
                name: component_name(&name.text, size, index),
                unit: declaration.unit.as_ref().map(unit_text),
                initial: None,
            });
        }
    }

    /// Evaluates the first values of all variables: a list, or one number for all elements.
    pub(crate) fn run_first_values(&mut self) {
        for declared in core::mem::take(&mut self.first_values) {
            let span = declared.value.span;
            let Some(values) = self.values_of(&declared) else { continue };
            for (offset, value) in values.into_iter().enumerate() {
                let early = Reads::STATE.and(Reads::RATE).and(Reads::VARIABLE);
                if self.graph.reads(value).any(early) {
                    self.diags.variable_reads_state(span, declared.name);
                }
                self.variables[declared.first + offset].initial = Some(value);
            }
        }
    }

    /// Returns one value for each element; `None` if something was reported.
    fn values_of(&mut self, declared: &FirstValue<'_>) -> Option<Vec<Handle<ir::Expr>>> {
        let span: Span = declared.value.span;
        let count = declared.size.unwrap_or(1);
        match self.evaluate(declared.value) {
            Value::Array(_) if declared.size.is_none() => {
                self.diags.list_for_scalar(span, declared.name);
                None
            }
            Value::Array(sequence) if sequence.length() != count => {
                self.diags.wrong_length(span, declared.name, sequence.length(), count);
                None
            }
            Value::Array(sequence) => self.elements(&sequence, declared.name, span),
            value => self.expect_real(value, span).map(|value| vec![value; count]),
        }
    }
}

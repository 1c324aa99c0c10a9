//! The one namespace of a model, and how a name in an expression finds its meaning.

use indexmap::{IndexMap, IndexSet};
use pmc_diagnostics::{Diagnostics, Span};
use pmc_grammar::ast;
use pmc_ir::{Expr, Handle};

use crate::analyser::Analyser;
use crate::slots::{Coverage, SlotId};
use crate::value::{Sequence, Value};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// A constant, by its index among the constants.
    Constant(usize),
    /// A parameter, or an array of them.
    Parameter { first: usize, size: Option<usize> },
    /// A covariate.
    Covariate(usize),
    /// A random effect.
    RandomEffect(usize),
    /// A state, or an array of them.
    State { first: usize, size: Option<usize> },
    /// A variable that events assign, or an array of them.
    Variable { first: usize, size: Option<usize> },
    /// A derived array.
    Array { first: SlotId, size: usize },
    /// A derived value.
    Derived(SlotId),
    /// An output, by its index.
    Output(usize),
    /// A secondary quantity.
    Secondary(SlotId),
    /// A user function.
    Function,
    /// Something whose declaration was already reported as wrong.
    Poisoned,
}

impl Symbol {
    /// Returns the word for such a name, with its article.
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Constant(_) => "a constant",
            Self::Parameter { .. } => "a parameter",
            Self::Covariate(_) => "a covariate",
            Self::RandomEffect(_) => "a random effect",
            Self::State { .. } => "a state",
            Self::Variable { .. } => "a variable",
            Self::Array { .. } => "an array",
            Self::Derived(_) => "a derived value",
            Self::Output(_) => "an output",
            Self::Secondary(_) => "a secondary quantity",
            Self::Function => "a function",
            Self::Poisoned => "a name",
        }
    }
}

/// A name's meaning and the place that gave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// The meaning.
    pub(crate) symbol: Symbol,
    /// Where it was declared or first assigned.
    pub(crate) span: Span,
}

/// The namespace of a model.
#[derive(Default)]
pub(crate) struct Names {
    entries: IndexMap<String, Entry>,
    reported: IndexSet<String>,
}

impl Names {
    /// Declares a name; one that is taken is reported and keeps its first meaning.
    pub(crate) fn declare(&mut self, name: &ast::Name, symbol: Symbol, diags: &mut Diagnostics) -> bool {
        if matches!(name.text.as_str(), "t" | "time") {
            diags.reserved_name(name.span, &name.text);
            return false;
        }
        if let Some(first) = self.entries.get(&name.text) {
            if first.symbol != Symbol::Poisoned && symbol != Symbol::Poisoned {
                diags.declared_twice(name.span, &name.text, first.span, first.symbol.describe());
            }
            return false;
        }
        self.entries.insert(name.text.clone(), Entry { symbol, span: name.span });
        true
    }

    /// Returns the meaning of a name.
    pub(crate) fn get(&self, name: &str) -> Option<Entry> {
        self.entries.get(name).copied()
    }

    /// Returns all names with their meanings, in the order of declaration.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Entry)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), *entry))
    }

    /// Returns whether this is the first complaint about an unknown name.
    pub(crate) fn first_complaint(&mut self, name: &str) -> bool {
        self.reported.insert(name.to_owned())
    }
}

/// A name that holds in one block only, or the argument of a function.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    /// The name.
    pub(crate) name: String,
    /// What it stands for.
    pub(crate) binding: Binding,
}

/// What a local name stands for.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    /// A variable of the block.
    Slot(SlotId),
    /// A loop variable or an argument.
    Value(Value),
}

impl Analyser<'_> {
    /// Returns the local binding of a name, innermost first.
    pub(crate) fn local(&self, name: &str) -> Option<&Binding> {
        self.locals.iter().rev().find(|local| local.name == name).map(|local| &local.binding)
    }

    /// Evaluates a name in an expression.
    pub(crate) fn name_value(&mut self, name: &str, span: Span) -> Value {
        if let Some(frame) = self.frames.last() {
            if let Some(value) = frame.argument(name) {
                return value.clone();
            }
        } else if let Some(binding) = self.local(name).cloned() {
            return match binding {
                Binding::Slot(slot) => self.slot_value(slot, name, span),
                Binding::Value(value) => value,
            };
        }
        match self.names.get(name) {
            Some(entry) => self.symbol_value(name, entry, span),
            None => self.predefined(name, span),
        }
    }

    fn symbol_value(&mut self, name: &str, entry: Entry, span: Span) -> Value {
        if let Some(frame) = self.frames.last()
            && !matches!(entry.symbol, Symbol::Constant(_) | Symbol::Function | Symbol::Poisoned)
        {
            self.diags.function_reads_outer(span, frame.name(), name, entry.symbol.describe());
            return Value::Error;
        }
        match entry.symbol {
            Symbol::Constant(index) => self.constants[index].clone(),
            Symbol::Parameter { first, size: None } => {
                self.leaf(Expr::Parameter(Handle::from_index(first)), span)
            }
            Symbol::Parameter { first, size: Some(length) } => {
                Value::Array(Sequence::Parameters { first, length })
            }
            Symbol::Covariate(index) => self.leaf(Expr::Covariate(Handle::from_index(index)), span),
            Symbol::RandomEffect(index) => self.leaf(Expr::RandomEffect(Handle::from_index(index)), span),
            Symbol::State { first, size } => self.state_value(first, size, name, span),
            Symbol::Variable { first, size } => self.variable_value(first, size, name, span),
            Symbol::Array { first, size } => Value::Array(Sequence::Slots { first, length: size }),
            Symbol::Derived(slot) | Symbol::Secondary(slot) => self.slot_value(slot, name, span),
            Symbol::Output(index) => self.slot_value(self.outputs[index].slot, name, span),
            Symbol::Function => {
                self.diags.function_without_arguments(span, name);
                Value::Error
            }
            Symbol::Poisoned => Value::Error,
        }
    }

    fn predefined(&mut self, name: &str, span: Span) -> Value {
        match name {
            "t" | "time" => match self.frames.last() {
                None => self.leaf(Expr::Time, span),
                Some(frame) => {
                    self.diags.function_reads_outer(span, frame.name(), name, "time");
                    Value::Error
                }
            },
            "pi" => Value::Scalar(self.graph.constant(core::f64::consts::PI, span)),
            "inf" => Value::Scalar(self.graph.constant(f64::INFINITY, span)),
            _ => {
                self.unknown_name(name, span);
                Value::Error
            }
        }
    }

    /// Reads a state, or an array of them; in an event, what its block has assigned so far.
    fn state_value(&mut self, first: usize, size: Option<usize>, name: &str, span: Span) -> Value {
        match (self.event_slots(), size) {
            (Some(slots), None) => self.slot_value(slots.states.offset(first), name, span),
            (Some(slots), Some(length)) => {
                Value::Array(Sequence::Slots { first: slots.states.offset(first), length })
            }
            (None, None) => self.leaf(Expr::State(Handle::from_index(first)), span),
            (None, Some(length)) => Value::Array(Sequence::States { first, length }),
        }
    }

    /// Reads a variable, or an array of them; in an event, what its block has assigned so far.
    fn variable_value(&mut self, first: usize, size: Option<usize>, name: &str, span: Span) -> Value {
        match (self.event_slots(), size) {
            (Some(slots), None) => self.slot_value(slots.variables.offset(first), name, span),
            (Some(slots), Some(length)) => {
                Value::Array(Sequence::Slots { first: slots.variables.offset(first), length })
            }
            (None, None) => self.leaf(Expr::Variable(Handle::from_index(first)), span),
            (None, Some(length)) => Value::Array(Sequence::Variables { first, length }),
        }
    }

    fn leaf(&mut self, expression: Expr, span: Span) -> Value {
        Value::Scalar(self.graph.add(expression, span))
    }

    /// Reports a name that nothing declares, once for each name.
    pub(crate) fn unknown_name(&mut self, name: &str, span: Span) {
        if self.incomplete || !self.names.first_complaint(name) {
            return;
        }
        if let Some(kind) = self.declared_later.get(name) {
            self.diags.not_a_constant_name(span, name, kind);
            return;
        }
        let arguments = self.frames.last().map(|frame| frame.argument_names()).unwrap_or_default();
        let locals = self.locals.iter().map(|local| local.name.as_str());
        let candidates: Vec<&str> =
            arguments.into_iter().chain(locals).chain(self.names.iter().map(|(name, _)| name)).collect();
        self.diags.unknown_name(span, name, candidates);
    }

    /// Reads a slot; reading one that is not assigned on every path is an error.
    pub(crate) fn slot_value(&mut self, id: SlotId, name: &str, span: Span) -> Value {
        let slot = self.slots.get(id);
        match (slot.coverage, slot.value) {
            (Coverage::Full | Coverage::Accumulated, Some(value)) => return Value::Scalar(value),
            (Coverage::Missing, _) if !self.incomplete => {
                let assigned_at = self.assigned_at.get(&id).copied();
                self.diags.used_before_assignment(span, name, assigned_at);
            }
            (Coverage::Partial, _) => self.diags.assigned_on_some_paths(span, name, slot.span),
            _ => {}
        }
        Value::Error
    }
}

//! User functions: `fun f(a, b) = …`, expanded where they are called.

use indexmap::IndexMap;
use pmc_diagnostics::Span;
use pmc_grammar::ast::{self, Argument, ExprKind, ItemKind};

use crate::analyser::Analyser;
use crate::calls::DOSE_WORDS;
use crate::names::Symbol;
use crate::value::Value;
use crate::walk::walk_expression;

/// A user function.
struct UserFunction<'a> {
    definition: &'a ast::Function,
    /// Whether it calls itself, directly or not, which was reported.
    recursive: bool,
}

/// All user functions of a model.
#[derive(Default)]
pub(crate) struct Functions<'a> {
    list: IndexMap<&'a str, UserFunction<'a>>,
}

impl Functions<'_> {
    /// Returns whether a function of this name is defined.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.list.contains_key(name)
    }

    /// Returns the names of all functions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.keys().copied()
    }

    /// Returns whether a function reaches itself through calls.
    fn reaches_itself(&self, name: &str) -> bool {
        let mut seen = vec![false; self.list.len()];
        let mut pending: Vec<&str> = vec![name];
        let mut found = false;
        while let Some(current) = pending.pop() {
            let Some((index, _, function)) = self.list.get_full(current) else { continue };
            if core::mem::replace(&mut seen[index], true) {
                continue;
            }
            walk_expression(&function.definition.body, &mut |expression| {
                if let ExprKind::Call { function, .. } = &expression.kind {
                    found |= function.text == name;
                    pending.push(&function.text);
                }
                true
            });
        }
        found
    }
}

/// A call of a user function that is being expanded.
pub(crate) struct Frame {
    function: String,
    arguments: Vec<(String, Value)>,
}

impl Frame {
    /// Returns the name of the function.
    pub(crate) fn name(&self) -> &str {
        &self.function
    }

    /// Returns the value of an argument.
    pub(crate) fn argument(&self, name: &str) -> Option<&Value> {
        self.arguments.iter().find(|(argument, _)| argument == name).map(|(_, value)| value)
    }

    /// Returns the names of all arguments.
    pub(crate) fn argument_names(&self) -> Vec<&str> {
        self.arguments.iter().map(|(name, _)| name.as_str()).collect()
    }
}

impl<'a> Analyser<'a> {
    /// Declares all user functions.
    pub(crate) fn declare_functions(&mut self) {
        for item in &self.model.items {
            let ItemKind::Function(definition) = &item.kind else { continue };
            if self.names.declare(&definition.name, Symbol::Function, &mut self.diags) {
                let function = UserFunction { definition, recursive: false };
                self.functions.list.insert(&definition.name.text, function);
            }
            for (index, parameter) in definition.parameters.iter().enumerate() {
                let earlier = &definition.parameters[..index];
                if let Some(first) = earlier.iter().find(|other| other.text == parameter.text) {
                    self.diags.declared_twice(parameter.span, &parameter.text, first.span, "an argument");
                }
            }
        }
        for index in 0..self.functions.list.len() {
            let name = &self.functions.list[index].definition.name;
            if self.functions.reaches_itself(&name.text) {
                self.diags.recursive_function(name.span, &name.text);
                self.functions.list[index].recursive = true;
            }
        }
    }

    /// Reports what is wrong with the names in function bodies, called or not.
    pub(crate) fn check_functions(&mut self) {
        let definitions: Vec<&'a ast::Function> =
            self.functions.list.values().map(|function| function.definition).collect();
        for definition in definitions {
            let arguments =
                definition.parameters.iter().map(|name| (name.text.clone(), Value::Error)).collect();
            self.frames.push(Frame { function: definition.name.text.clone(), arguments });
            walk_expression(&definition.body, &mut |expression| match &expression.kind {
                ExprKind::Name(name) => {
                    self.name_value(name, expression.span);
                    true
                }
                ExprKind::Call { function, .. } => !DOSE_WORDS.contains(&function.text.as_str()),
                _ => true,
            });
            self.frames.pop();
        }
    }

    /// Evaluates a call of a user function.
    pub(crate) fn expand(&mut self, name: &str, arguments: &[Argument], span: Span) -> Value {
        let values: Vec<Value> = arguments.iter().map(|argument| self.evaluate(&argument.value)).collect();
        let Some(function) = self.functions.list.get(name) else { return Value::Error };
        let definition = function.definition;
        if function.recursive {
            return Value::Error;
        }
        if values.len() != definition.parameters.len() {
            let expected = definition.parameters.len();
            self.diags.wrong_argument_count(span, name, values.len(), &expected.to_string());
            return Value::Error;
        }
        let arguments =
            definition.parameters.iter().map(|parameter| parameter.text.clone()).zip(values).collect();
        self.frames.push(Frame { function: name.to_owned(), arguments });
        let value = self.evaluate(&definition.body);
        self.frames.pop();
        value
    }
}

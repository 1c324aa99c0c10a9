//! Declarations: constants first, for sizes, then everything that has a name of its own.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Declaration, Expr, ItemKind, Name};
use pmc_ir as ir;

use crate::analyser::{Analyser, StateEntry};
use crate::names::Symbol;
use crate::slots::Neutral;
use crate::units::unit_text;
use crate::value::{Sequence, Value};

/// The largest number of elements of an array.
const MAXIMUM_ARRAY: i64 = 1_048_576;

impl<'a> Analyser<'a> {
    /// Declares everything but outputs, derived values, routes and random effects.
    pub(crate) fn declare(&mut self) {
        self.note_declared_later();
        self.declare_functions();
        self.for_each_declaration(|kind| match kind {
            ItemKind::Constants(list) => Some((list, Self::declare_constant)),
            _ => None,
        });
        self.for_each_declaration(|kind| match kind {
            ItemKind::Parameters(list) => Some((list, Self::declare_parameter)),
            ItemKind::Covariates(list) => Some((list, Self::declare_covariate)),
            ItemKind::States(list) => Some((list, Self::declare_state)),
            ItemKind::Arrays(list) => Some((list, Self::declare_array)),
            ItemKind::Variables(list) => Some((list, Self::declare_variable)),
            _ => None,
        });
        self.declared_later.clear();
    }

    fn for_each_declaration(
        &mut self,
        select: impl Fn(&'a ItemKind) -> Option<(&'a Vec<Declaration>, fn(&mut Self, &'a Declaration))>,
    ) {
        for item in &self.model.items {
            if let Some((list, declare)) = select(&item.kind) {
                for declaration in list {
                    declare(self, declaration);
                }
            }
        }
    }

    /// Notes which names exist, so that a size or constant that reads one gets a better message than
    /// "unknown".
    fn note_declared_later(&mut self) {
        for item in &self.model.items {
            let (list, kind) = match &item.kind {
                ItemKind::Constants(list) => (list, "a constant declared further down"),
                ItemKind::Parameters(list) => (list, "a parameter"),
                ItemKind::Covariates(list) => (list, "a covariate"),
                ItemKind::States(list) => (list, "a state"),
                ItemKind::Arrays(list) => (list, "an array"),
                ItemKind::Variables(list) => (list, "a variable"),
                _ => continue,
            };
            for declaration in list {
                self.declared_later.entry(&declaration.name.text).or_insert(kind);
            }
        }
    }

    fn declare_constant(&mut self, declaration: &'a Declaration) {
        let name = &declaration.name;
        let mut attributes = self.attributes(declaration);
        let value = if let Some(expression) = attributes.default.take() {
            self.constant_value(declaration, expression)
        } else {
            self.diags.constant_without_value(name.span, &name.text);
            Value::Error
        };
        self.reject_attributes(&attributes, "a constant");
        let symbol = Symbol::Constant(self.constants.len());
        if self.names.declare(name, symbol, &mut self.diags) {
            self.constants.push(value);
        }
    }

    fn constant_value(&mut self, declaration: &Declaration, expression: &Expr) -> Value {
        let name = &declaration.name.text;
        let size = self.array_size(declaration);
        match (self.evaluate(expression), size) {
            (Value::Array(sequence), size) => {
                let length = sequence.length();
                if let Some(Some(size)) = size
                    && size != length
                {
                    self.diags.wrong_length(expression.span, name, length, size);
                }
                let Some(elements) = self.elements(&sequence, name, expression.span) else {
                    return Value::Error;
                };
                for element in &elements {
                    if self.known_number(*element, expression.span).is_none() {
                        return Value::Error;
                    }
                }
                Value::Array(Sequence::Values(elements.into()))
            }
            (value, size) => {
                let Some(handle) = self.expect_real(value, expression.span) else { return Value::Error };
                if self.known_number(handle, expression.span).is_none() {
                    return Value::Error;
                }
                match size {
                    Some(Some(size)) => Value::Array(Sequence::Values(vec![handle; size].into())),
                    Some(None) => Value::Scalar(handle),
                    None => Value::Error,
                }
            }
        }
    }

    /// Returns the size of an array, `Some(None)` for a single name, `None` if the size was reported.
    #[expect(clippy::option_option, reason = "a name without a size and a size that is wrong differ")]
    fn array_size(&mut self, declaration: &Declaration) -> Option<Option<usize>> {
        let Some(expression) = &declaration.size else { return Some(None) };
        let number = self.whole_number(expression)?;
        if number < 1 {
            self.diags.size_not_positive(expression.span, &declaration.name.text, number);
            return None;
        }
        if number > MAXIMUM_ARRAY {
            self.diags.array_too_large(expression.span, number, MAXIMUM_ARRAY);
            return None;
        }
        Some(Some(number as usize))
    }

    /// Returns the size of a declared name; one that was reported gives a poisoned name.
    #[expect(clippy::option_option, reason = "a name without a size and a size that is wrong differ")]
    pub(crate) fn size_or_poison(&mut self, declaration: &Declaration) -> Option<Option<usize>> {
        let size = self.array_size(declaration);
        if size.is_none() {
            self.names.declare(&declaration.name, Symbol::Poisoned, &mut self.diags);
        }
        size
    }

    /// Returns whether a declaration stays within a limit; a name that does not is reported and poisoned.
    pub(crate) fn fits(&mut self, declaration: &Declaration, what: &str, count: usize, limit: usize) -> bool {
        if count > limit {
            self.diags.too_many(declaration.span, what, count, limit);
            self.names.declare(&declaration.name, Symbol::Poisoned, &mut self.diags);
        }
        count <= limit
    }

    fn declare_parameter(&mut self, declaration: &'a Declaration) {
        let Some(size) = self.size_or_poison(declaration) else { return };
        let name = &declaration.name;
        let count = self.parameters.len() + size.unwrap_or(1);
        if !self.fits(declaration, "parameters", count, ir::limits::PARAMETERS) {
            return;
        }
        let mut attributes = self.attributes(declaration);
        let defaults = self.defaults(&name.text, attributes.default.take(), size);
        let (lower, upper) = self.bounds(attributes.interval.take());
        let annotations = core::mem::take(&mut attributes.annotations);
        self.reject_attributes(&attributes, "a parameter");
        for default in defaults.iter().flatten() {
            if lower.is_some_and(|lower| *default < lower) || upper.is_some_and(|upper| *default > upper) {
                self.diags.default_out_of_range(declaration.span, &name.text, *default);
            }
        }
        let (transform, fixed) = self.parameter_annotations(&annotations, lower, upper);
        let symbol = Symbol::Parameter { first: self.parameters.len(), size };
        if !self.names.declare(name, symbol, &mut self.diags) {
            return;
        }
        for (index, default) in defaults.into_iter().enumerate() {
            self.parameters.push(ir::Parameter {
                name: component_name(&name.text, size, index),
                unit: declaration.unit.as_ref().map(unit_text),
                default,
                lower,
                upper,
                transform,
                fixed,
                label: attributes.label.map(|(text, _)| text.to_owned()),
            });
        }
    }

    fn parameter_annotations(
        &mut self,
        annotations: &[&Name],
        lower: Option<f64>,
        upper: Option<f64>,
    ) -> (Option<ir::Transform>, bool) {
        let mut transform: Option<(ir::Transform, Span)> = None;
        let mut fixed = false;
        for annotation in annotations {
            let new = match annotation.text.as_str() {
                "log" => ir::Transform::Log,
                "logit" => ir::Transform::Logit,
                "fixed" => {
                    fixed = true;
                    continue;
                }
                other => {
                    let known = &["log", "logit", "fixed"];
                    self.diags.unknown_annotation(annotation.span, other, "a parameter", known);
                    continue;
                }
            };
            if let Some((_, first)) = transform {
                self.diags.said_twice(annotation.span, "a scale", first);
            }
            if new == ir::Transform::Logit && (lower.is_none() || upper.is_none()) {
                self.diags.logit_without_bounds(annotation.span);
            }
            transform = Some((new, annotation.span));
        }
        (transform.map(|(transform, _)| transform), fixed)
    }

    fn declare_covariate(&mut self, declaration: &'a Declaration) {
        let name = &declaration.name;
        if let Some(size) = &declaration.size {
            self.diags.size_not_applicable(size.span, "a covariate");
        }
        let mut attributes = self.attributes(declaration);
        let default = attributes.default.take().and_then(|expression| self.finite_constant(expression));
        let set = attributes.set.take().map(|(values, _)| values).unwrap_or_default();
        let categories: Vec<f64> = set.iter().filter_map(|value| self.finite_constant(value)).collect();
        if let Some((_, _, span)) = attributes.interval.take() {
            self.diags.covariate_range_unchecked(span, &name.text);
        }
        if let Some(default) = default
            && !categories.is_empty()
            && !categories.contains(&default)
        {
            self.diags.default_out_of_range(declaration.span, &name.text, default);
        }
        let annotations = core::mem::take(&mut attributes.annotations);
        let interpolation = self.interpolation_mode(&annotations);
        self.reject_attributes(&attributes, "a covariate");
        if !self.names.declare(name, Symbol::Covariate(self.covariates.len()), &mut self.diags) {
            return;
        }
        self.covariates.push(ir::Covariate {
            name: name.text.clone(),
            unit: declaration.unit.as_ref().map(unit_text),
            interpolation,
            default,
            categories,
            tested_for_missing: false,
            label: attributes.label.map(|(text, _)| text.to_owned()),
        });
    }

    fn interpolation_mode(&mut self, annotations: &[&Name]) -> Option<ir::Interpolation> {
        let mut mode: Option<(ir::Interpolation, Span)> = None;
        for annotation in annotations {
            let new = match annotation.text.as_str() {
                "linear" => ir::Interpolation::Linear,
                "locf" | "carry_forward" | "carryforward" | "cf" => ir::Interpolation::LastForward,
                "nocb" => ir::Interpolation::NextBackward,
                "const" => ir::Interpolation::Constant,
                other => {
                    let known = &["linear", "locf", "nocb", "const"];
                    self.diags.unknown_annotation(annotation.span, other, "a covariate", known);
                    continue;
                }
            };
            if let Some((_, first)) = mode {
                self.diags.said_twice(annotation.span, "an interpolation", first);
            }
            mode = Some((new, annotation.span));
        }
        mode.map(|(mode, _)| mode)
    }

    fn declare_state(&mut self, declaration: &'a Declaration) {
        let Some(size) = self.size_or_poison(declaration) else { return };
        let name = &declaration.name;
        let mut attributes = self.attributes(declaration);
        if let Some(value) = attributes.default.take() {
            self.diags.state_with_value(value.span, &name.text);
        }
        self.reject_attributes(&attributes, "a state");
        let first = self.states.len();
        let count = size.unwrap_or(1);
        if !self.fits(declaration, "states", first + count, ir::limits::STATES) {
            return;
        }
        if !self.names.declare(name, Symbol::State { first, size }, &mut self.diags) {
            return;
        }
        let initial = self.slots.allocate(count, Neutral::Number(0.0));
        let derivative = self.slots.allocate(count, Neutral::Number(0.0));
        let diffusion = self.slots.allocate(count, Neutral::Number(0.0));
        for index in 0..count {
            self.states.push(StateEntry {
                name: component_name(&name.text, size, index),
                unit: declaration.unit.as_ref().map(unit_text),
                initial: initial.offset(index),
                derivative: derivative.offset(index),
                diffusion: diffusion.offset(index),
                steady: false,
                span: name.span,
            });
        }
    }

    fn declare_array(&mut self, declaration: &'a Declaration) {
        let name = &declaration.name;
        let Some(size) = self.size_or_poison(declaration) else { return };
        let attributes = self.attributes(declaration);
        self.reject_attributes(&attributes, "an array");
        let Some(size) = size else {
            self.diags.array_without_size(name.span, &name.text);
            self.names.declare(name, Symbol::Poisoned, &mut self.diags);
            return;
        };
        let first = self.slots.allocate(size, Neutral::None);
        self.names.declare(name, Symbol::Array { first, size }, &mut self.diags);
    }
}

/// Returns the name of a component: `x`, or `x[2]` in an array.
pub(crate) fn component_name(name: &str, size: Option<usize>, index: usize) -> String {
    match size {
        Some(_) => format!("{name}[{index}]"),
        None => name.to_owned(),
    }
}

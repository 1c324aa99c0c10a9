//! What is said of declared names: defaults, ranges, annotations, labels.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{AttributeKind, Declaration, Expr, Name};

use crate::analyser::Analyser;
use crate::value::Value;

/// The attributes of one declaration, each at most once.
#[derive(Default)]
pub(crate) struct Attributes<'a> {
    pub(crate) default: Option<&'a Expr>,
    pub(crate) interval: Option<(&'a Expr, &'a Expr, Span)>,
    pub(crate) set: Option<(&'a [Expr], Span)>,
    pub(crate) annotations: Vec<&'a Name>,
    pub(crate) label: Option<(&'a str, Span)>,
}

impl Analyser<'_> {
    /// Sorts the attributes of a declaration; what is said twice is reported.
    pub(crate) fn attributes<'d>(&mut self, declaration: &'d Declaration) -> Attributes<'d> {
        let mut attributes = Attributes::default();
        for attribute in &declaration.attributes {
            let span = attribute.span;
            let previous = match &attribute.kind {
                AttributeKind::Default(value) => {
                    attributes.default.replace(value).map(|first| ("a value", first.span))
                }
                AttributeKind::Interval(low, high) => {
                    attributes.interval.replace((low, high, span)).map(|first| ("a range", first.2))
                }
                AttributeKind::Set(values) => {
                    attributes.set.replace((values, span)).map(|first| ("a set of values", first.1))
                }
                AttributeKind::Label(text) => {
                    attributes.label.replace((text, span)).map(|first| ("a label", first.1))
                }
                AttributeKind::Annotation(name) => {
                    attributes.annotations.push(name);
                    None
                }
            };
            if let Some((what, first)) = previous {
                self.diags.said_twice(span, what, first);
            }
        }
        attributes
    }

    /// Reports attributes that make no sense for a kind of name.
    pub(crate) fn reject_attributes(&mut self, rejected: &Attributes<'_>, kind: &str) {
        if let Some((_, _, span)) = rejected.interval {
            self.diags.attribute_not_applicable(span, "a range", kind);
        }
        if let Some((_, span)) = rejected.set {
            self.diags.attribute_not_applicable(span, "a set of values", kind);
        }
        if let Some(value) = rejected.default {
            self.diags.attribute_not_applicable(value.span, "a value", kind);
        }
        for annotation in &rejected.annotations {
            self.diags.unknown_annotation(annotation.span, &annotation.text, kind, &[]);
        }
    }

    /// Evaluates a range of numbers; its ends are in order.
    pub(crate) fn bounds(&mut self, interval: Option<(&Expr, &Expr, Span)>) -> (Option<f64>, Option<f64>) {
        let Some((low, high, span)) = interval else { return (None, None) };
        let (low, high) = (self.constant(low), self.constant(high));
        if let (Some(low), Some(high)) = (low, high)
            && low >= high
        {
            self.diags.empty_range(span, low, high);
        }
        (low.filter(|value| value.is_finite()), high.filter(|value| value.is_finite()))
    }

    /// Evaluates the defaults of an array or of a single name: a list, or one number for all.
    pub(crate) fn defaults(
        &mut self,
        name: &str,
        default: Option<&Expr>,
        size: Option<usize>,
    ) -> Vec<Option<f64>> {
        let count = size.unwrap_or(1);
        let Some(expression) = default else { return vec![None; count] };
        let values = match (self.evaluate(expression), size) {
            (Value::Array(sequence), Some(size)) => {
                if sequence.length() != size {
                    self.diags.wrong_length(expression.span, name, sequence.length(), size);
                    return vec![None; count];
                }
                self.elements(&sequence, name, expression.span).unwrap_or_default()
            }
            (Value::Array(_), None) => {
                self.diags.list_for_scalar(expression.span, name);
                return vec![None; count];
            }
            (value, _) => match self.expect_real(value, expression.span) {
                Some(value) => vec![value; count],
                None => Vec::new(),
            },
        };
        let mut defaults: Vec<Option<f64>> =
            values.into_iter().map(|value| self.finite_number(value, expression.span)).collect();
        defaults.resize(count, None);
        defaults
    }
}

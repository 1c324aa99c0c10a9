//! The order in which statements run.
//!
//! Statements run in the order of the text. Two things may stand earlier than what they read: sections of
//! the canonical spelling (derived values always come first), and, in an authoring text whose equations,
//! outputs and properties all stand outside blocks, such a statement that reads a derived value assigned
//! further down. It runs after the last derived value then, as do all such statements below it.

use std::collections::BTreeMap;

use pmc_diagnostics::Span;
use pmc_grammar::ast::{
    self, Assign, ExprKind, ItemKind, Section, SectionKind, Spelling, Statement, StatementKind, Target,
};

use crate::analyser::Analyser;
use crate::names::Symbol;
use crate::walk::{walk_expression, walk_statement};

/// Something to run.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    /// A statement outside any section.
    Statement(&'a Statement),
    /// A section.
    Section(&'a Section),
    /// The properties of a canonical route.
    Properties(&'a ast::Route),
}

impl<'a> Analyser<'a> {
    /// Returns what to run, in order.
    pub(crate) fn steps(&mut self) -> Vec<Step<'a>> {
        let mut steps: Vec<Step<'a>> = Vec::new();
        for item in &self.model.items {
            match &item.kind {
                ItemKind::Statement(statement) => steps.push(Step::Statement(statement)),
                ItemKind::Section(section) => steps.push(Step::Section(section)),
                ItemKind::Route(route) => steps.push(Step::Properties(route)),
                _ => {}
            }
        }
        let canonical = self.spelling == Spelling::Canonical;
        if !canonical {
            steps = self.defer(steps);
        }
        steps.sort_by_key(|step| rank(*step, canonical));
        steps
    }

    /// Moves equations that read derived values of further down to the end, with those below them.
    fn defer(&mut self, steps: Vec<Step<'a>>) -> Vec<Step<'a>> {
        let assignments = assignments_by_name(&steps);
        if steps.iter().any(|step| holds_nested_target(*step)) {
            return steps;
        }
        let (mut now, mut later) = (Vec::new(), Vec::new());
        for (index, step) in steps.into_iter().enumerate() {
            let Some(assign) = self.equation_like(step) else {
                now.push(step);
                continue;
            };
            if !later.is_empty() || self.reads_ahead(assign, index, &assignments) {
                later.push(step);
            } else {
                now.push(step);
            }
        }
        now.append(&mut later);
        now
    }

    /// Returns the assignment if the step assigns anything but a derived value.
    fn equation_like(&self, step: Step<'a>) -> Option<&'a Assign> {
        let Step::Statement(Statement { kind: StatementKind::Assign(assign), .. }) = step else {
            return None;
        };
        let is_equation = match &assign.target {
            Target::Call { .. } => true,
            Target::Place(place) => {
                matches!(self.names.get(&place.name.text).map(|entry| entry.symbol), Some(Symbol::Output(_)))
            }
        };
        is_equation.then_some(assign)
    }

    /// Returns whether an equation reads a derived value that is only assigned further down; warns of one
    /// that is assigned before and again further down.
    fn reads_ahead(
        &mut self,
        assign: &'a Assign,
        index: usize,
        assignments: &BTreeMap<&'a str, Vec<(usize, Span)>>,
    ) -> bool {
        let mut reads_ahead = false;
        walk_expression(&assign.value, &mut |expression| {
            if let ExprKind::Name(name) = &expression.kind
                && let Some(places) = assignments.get(name.as_str())
                && matches!(self.names.get(name).map(|entry| entry.symbol), Some(Symbol::Derived(_)))
            {
                let before = places.iter().any(|(place, _)| *place < index);
                let after = places.iter().find(|(place, _)| *place > index);
                match after {
                    Some((_, again)) if before => {
                        self.diags.changed_further_down(expression.span, name, *again);
                    }
                    Some(_) => reads_ahead = true,
                    None => {}
                }
            }
            true
        });
        reads_ahead
    }
}

const fn rank(step: Step<'_>, canonical: bool) -> u8 {
    let section = match step {
        Step::Statement(_) => return 0,
        Step::Properties(_) => return 1,
        Step::Section(section) => section.kind,
    };
    match section {
        SectionKind::Secondary => 5,
        _ if !canonical => 0,
        SectionKind::Derive => 0,
        SectionKind::Init => 2,
        SectionKind::Dynamics | SectionKind::Drift | SectionKind::Diffusion => 3,
        SectionKind::Outputs => 4,
    }
}

/// Returns whether an equation stands inside a block.
fn holds_nested_target(step: Step<'_>) -> bool {
    let mut found = false;
    let mut look = |statement: &Statement| {
        if let StatementKind::Assign(assign) = &statement.kind {
            found |= matches!(assign.target, Target::Call { .. });
        }
    };
    match step {
        Step::Statement(Statement { kind: StatementKind::Assign(_), .. }) | Step::Properties(_) => {}
        Step::Statement(statement) => walk_statement(statement, &mut look),
        Step::Section(section) => {
            section.statements.iter().for_each(|statement| walk_statement(statement, &mut look));
        }
    }
    found
}

/// Returns, for each plain name that is assigned, the steps and places that do so.
fn assignments_by_name<'a>(steps: &[Step<'a>]) -> BTreeMap<&'a str, Vec<(usize, Span)>> {
    let mut assignments: BTreeMap<&'a str, Vec<(usize, Span)>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        let mut note = |statement: &'a Statement| {
            if let StatementKind::Assign(assign) = &statement.kind
                && let Target::Place(place) = &assign.target
            {
                assignments.entry(&place.name.text).or_default().push((index, place.name.span));
            }
        };
        match step {
            Step::Statement(statement) => walk_statement(statement, &mut note),
            Step::Section(section) => {
                section.statements.iter().for_each(|statement| walk_statement(statement, &mut note));
            }
            Step::Properties(_) => {}
        }
    }
    assignments
}

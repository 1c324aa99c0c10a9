//! The order in which statements run, and the names that statements bring into being.
//!
//! Statements run in the order of the text. Two things may stand earlier than what they read: sections of
//! the canonical spelling (derived values always come first), and, in an authoring text whose equations,
//! outputs and properties all stand outside blocks, such a statement that reads a derived value assigned
//! further down. It runs after the last derived value then, as do all such statements below it.

use std::collections::BTreeMap;

use pmc_diagnostics::Span;
use pmc_grammar::ast::{
    self, Assign, ExprKind, ItemKind, Name, Section, SectionKind, Spelling, Statement, StatementKind, Target,
    TargetKind,
};

use crate::analyser::{Analyser, OutputEntry};
use crate::names::Symbol;
use crate::slots::Neutral;
use crate::walk::{for_each_statement, walk_expression, walk_statement};

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

    /// Registers outputs, derived values and secondary quantities under their names.
    pub(crate) fn register_assigned_names(&mut self) {
        for item in &self.model.items {
            if let ItemKind::Outputs(names) = &item.kind {
                for name in names {
                    self.register_output(name);
                }
            }
        }
        for item in &self.model.items {
            let section = match &item.kind {
                ItemKind::Section(section) => Some(section.kind),
                ItemKind::Statement(_) => None,
                _ => continue,
            };
            let mut bound: Vec<&str> = Vec::new();
            for_each_statement(item, &mut |statement| match &statement.kind {
                StatementKind::For { variable, .. } => bound.push(&variable.text),
                StatementKind::Assign(assign) => {
                    let outermost = matches!(&item.kind, ItemKind::Statement(top) if top == statement);
                    if let Target::Place(place) = &assign.target
                        && assign.binding
                        && !outermost
                    {
                        bound.push(&place.name.text);
                        return;
                    }
                    self.register_target(&assign.target, section, &bound);
                }
                _ => {}
            });
        }
    }

    fn register_target(&mut self, target: &'a Target, section: Option<SectionKind>, bound: &[&str]) {
        let place = match target {
            Target::Call { function: TargetKind::Output, place, .. } => {
                return self.register_output(&place.name);
            }
            Target::Call { .. } => return,
            Target::Place(place) => place,
        };
        let name = &place.name;
        if bound.contains(&name.text.as_str()) {
            return;
        }
        if section == Some(SectionKind::Outputs) {
            return self.register_output(name);
        }
        if place.index.is_some() || self.names.get(&name.text).is_some() {
            return;
        }
        let slot = self.slots.allocate(1, Neutral::None);
        let symbol = if section == Some(SectionKind::Secondary) {
            self.secondary.push((name.text.clone(), slot));
            Symbol::Secondary(slot)
        } else {
            Symbol::Derived(slot)
        };
        self.names.declare(name, symbol, &mut self.diags);
        self.assigned_at.insert(slot, name.span);
    }

    fn register_output(&mut self, name: &Name) {
        if let Some(Symbol::Output(_)) = self.names.get(&name.text).map(|entry| entry.symbol) {
            return;
        }
        if name.text.strip_prefix("input_").is_some_and(|rest| rest.parse::<u32>().is_ok()) {
            self.diags.route_label_for_output(name.span, &name.text);
            return;
        }
        let index = self.outputs.len();
        if self.names.declare(name, Symbol::Output(index), &mut self.diags) {
            let slot = self.slots.allocate(1, Neutral::None);
            self.assigned_at.insert(slot, name.span);
            self.outputs.push(OutputEntry {
                name: name.text.clone(),
                unit: None,
                slot,
                error_model: None,
                span: name.span,
            });
        }
    }

    /// Checks `derived = …` and `outputs = …` against what is assigned.
    pub(crate) fn check_lists(&mut self) {
        if self.incomplete {
            return;
        }
        let derived: Vec<(String, Span)> = self
            .names
            .iter()
            .filter(|(_, entry)| matches!(entry.symbol, Symbol::Derived(_)))
            .map(|(name, entry)| (name.to_owned(), entry.span))
            .collect();
        let outputs: Vec<(String, Span)> =
            self.outputs.iter().map(|output| (output.name.clone(), output.span)).collect();
        self.check_list("derived", &derived, |kind| match kind {
            ItemKind::Derived(names) => Some(names),
            _ => None,
        });
        self.check_list("outputs", &outputs, |kind| match kind {
            ItemKind::Outputs(names) => Some(names),
            _ => None,
        });
    }

    fn check_list(
        &mut self,
        word: &str,
        assigned: &[(String, Span)],
        names_of: impl Fn(&ItemKind) -> Option<&Vec<Name>>,
    ) {
        let mut listed: Vec<&Name> = Vec::new();
        for item in &self.model.items {
            for name in names_of(&item.kind).into_iter().flatten() {
                match listed.iter().find(|first| first.text == name.text) {
                    Some(first) => {
                        self.diags.said_twice(name.span, &format!("`{}`", name.text), first.span);
                    }
                    None => listed.push(name),
                }
            }
        }
        if listed.is_empty() {
            return;
        }
        for name in &listed {
            if word == "derived" && !assigned.iter().any(|(other, _)| *other == name.text) {
                self.diags.listed_not_assigned(name.span, word, &name.text);
            }
        }
        for (name, span) in assigned {
            if !listed.iter().any(|other| other.text == *name) {
                self.diags.assigned_not_listed(*span, word, name);
            }
        }
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

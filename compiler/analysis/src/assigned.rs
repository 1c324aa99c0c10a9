//! The names that statements bring into being, and the lists that name them.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{ItemKind, Name, SectionKind, StatementKind, Target, TargetKind};

use crate::analyser::{Analyser, OutputEntry};
use crate::names::Symbol;
use crate::slots::Neutral;
use crate::walk::for_each_statement;

impl<'a> Analyser<'a> {
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
        if name.text == "id" {
            self.diags.output_named_like_column(name.span, &name.text);
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

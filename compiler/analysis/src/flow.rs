//! Where branches meet, and what an assignment that failed leaves behind.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Statement, StatementKind, Target, TargetKind};
use pmc_ir as ir;
use pmc_ir::Handle;

use crate::analyser::Analyser;
use crate::names::{Binding, Symbol};
use crate::routes::Property;
use crate::slots::{Changes, Coverage, Neutral, Slot, SlotId};
use crate::walk::walk_statement;

impl Analyser<'_> {
    /// Merges what two branches changed: each slot holds the value of the branch that the condition takes.
    pub(crate) fn merge(
        &mut self,
        condition: Handle<ir::Expr>,
        then: &Changes,
        otherwise: &Changes,
        span: Span,
    ) {
        let mut changed: Vec<SlotId> = then.keys().chain(otherwise.keys()).copied().collect();
        changed.sort_unstable();
        changed.dedup();
        for id in changed {
            let before = self.slots.get(id);
            let first = then.get(&id).copied().unwrap_or(before);
            let second = otherwise.get(&id).copied().unwrap_or(before);
            let latest = if then.contains_key(&id) { first.span } else { second.span };
            let value = self.merged_value(id, condition, first, second, span);
            self.slots.set(
                id,
                Slot {
                    coverage: merged_coverage(first.coverage, second.coverage),
                    value,
                    span: latest,
                    has_input: first.has_input || second.has_input,
                },
            );
        }
    }

    fn merged_value(
        &mut self,
        id: SlotId,
        condition: Handle<ir::Expr>,
        first: Slot,
        second: Slot,
        span: Span,
    ) -> Option<Handle<ir::Expr>> {
        let neutral = match self.slots.neutral(id) {
            Neutral::Number(value) => Some(self.graph.constant(value, span)),
            Neutral::None => None,
        };
        match (first.value.or(neutral), second.value.or(neutral)) {
            (Some(first), Some(second)) => Some(self.graph.select(condition, first, second, span)),
            (first, second) => first.or(second),
        }
    }

    /// Silences what reads the given slots.
    pub(crate) fn poison_changes(&mut self, slots: impl Iterator<Item = SlotId>, span: Span) {
        for id in slots {
            self.slots.set(id, Slot::poisoned(span));
        }
    }

    /// Silences what reads anything that the statements assign.
    pub(crate) fn poison_targets(&mut self, statements: &[Statement]) {
        let mut targets = Vec::new();
        for statement in statements {
            walk_statement(statement, &mut |inner| {
                if let StatementKind::Assign(assign) = &inner.kind {
                    targets.push((&assign.target, inner.span));
                }
            });
        }
        for (target, span) in targets {
            let slots = self.slots_of(target);
            self.poison_changes(slots.into_iter(), span);
        }
    }

    /// Returns all slots that a target may mean, whatever its index.
    fn slots_of(&self, target: &Target) -> Vec<SlotId> {
        match target {
            Target::Place(place) => {
                if let Some(Binding::Slot(slot)) = self.local(&place.name.text) {
                    return vec![*slot];
                }
                let symbol = self.names.get(&place.name.text).map(|entry| entry.symbol);
                match symbol {
                    Some(Symbol::State { first, size } | Symbol::Variable { first, size }) => {
                        let Some(slots) = self.event_slots() else { return Vec::new() };
                        let is_state = matches!(symbol, Some(Symbol::State { .. }));
                        let all = if is_state { slots.states } else { slots.variables };
                        (first..first + size.unwrap_or(1)).map(|index| all.offset(index)).collect()
                    }
                    Some(Symbol::Derived(slot) | Symbol::Secondary(slot)) => vec![slot],
                    Some(Symbol::Array { first, size }) => {
                        (0..size).map(|offset| first.offset(offset)).collect()
                    }
                    Some(Symbol::Output(index)) => vec![self.outputs[index].slot],
                    _ => Vec::new(),
                }
            }
            Target::Call { function, place, .. } => self.slots_of_call(*function, &place.name.text),
        }
    }

    fn slots_of_call(&self, function: TargetKind, name: &str) -> Vec<SlotId> {
        let symbol = self.names.get(name).map(|entry| entry.symbol);
        let states = match symbol {
            Some(Symbol::State { first, size }) => &self.states[first..first + size.unwrap_or(1)],
            _ => &[],
        };
        let property = match function {
            TargetKind::Derivative => return states.iter().map(|state| state.derivative).collect(),
            TargetKind::Initial => return states.iter().map(|state| state.initial).collect(),
            TargetKind::Output => {
                return match symbol {
                    Some(Symbol::Output(index)) => vec![self.outputs[index].slot],
                    _ => Vec::new(),
                };
            }
            TargetKind::Noise => return states.iter().map(|state| state.diffusion).collect(),
            TargetKind::Past => return Vec::new(),
            TargetKind::Lag => Property::Lag,
            TargetKind::Bioavailability => Property::Bioavailability,
            TargetKind::Rate => Property::Rate,
            TargetKind::Duration => Property::Duration,
        };
        let entries = self.routes.entries.iter().filter(|entry| entry.label == name);
        entries.map(|entry| entry.slot(property)).collect()
    }
}

fn merged_coverage(first: Coverage, second: Coverage) -> Coverage {
    match (first, second) {
        (Coverage::Poisoned, _) | (_, Coverage::Poisoned) => Coverage::Poisoned,
        (first, second) if first == second => first,
        (Coverage::Full, Coverage::Accumulated) | (Coverage::Accumulated, Coverage::Full) => Coverage::Full,
        (Coverage::Missing, Coverage::Accumulated) | (Coverage::Accumulated, Coverage::Missing) => {
            Coverage::Accumulated
        }
        _ => Coverage::Partial,
    }
}

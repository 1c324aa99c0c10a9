//! The statements of events: assignments to states and variables, `give(…)` and `stop()`.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Argument, Assign, ExprKind, Name, Place, Target};
use pmc_ir as ir;
use pmc_ir::{Handle, Logic};

use crate::analyser::Analyser;
use crate::events::EventSlots;
use crate::names::Symbol;

impl Analyser<'_> {
    /// Runs an assignment in the block of an event.
    pub(crate) fn assign_in_event(&mut self, assign: &Assign, slots: EventSlots) {
        match &assign.target {
            Target::Call { function, function_span, .. } => {
                self.evaluated(assign);
                self.diags.equation_in_event(*function_span, function.word());
            }
            Target::Place(place) => {
                if !self.assign_local(place, assign) {
                    self.assign_place_in_event(place, assign, slots);
                }
            }
        }
        if let Some(error_model) = &assign.error_model {
            self.diags.error_model_without_output(error_model.span);
        }
    }

    fn assign_place_in_event(&mut self, place: &Place, assign: &Assign, slots: EventSlots) {
        let right = self.evaluated(assign);
        let name = &place.name;
        let symbol = self.names.get(&name.text).map(|entry| entry.symbol);
        match symbol {
            Some(Symbol::State { .. }) => {
                let Some(state) = self.state_component(place) else { return };
                self.check_dose_before(state, place.span);
                let label = self.states[state].name.clone();
                self.store(slots.states.offset(state), &label, place.span, right);
            }
            Some(Symbol::Variable { first, size }) => {
                let Some(offset) = self.variable_component(place, size) else { return };
                let label = self.variables[first + offset].name.clone();
                self.store(slots.variables.offset(first + offset), &label, place.span, right);
            }
            Some(Symbol::Poisoned) => {}
            Some(symbol) => {
                self.diags.not_assignable_in_event(name.span, &name.text, Some(symbol.describe()));
            }
            None if self.incomplete => {}
            None => self.diags.not_assignable_in_event(name.span, &name.text, None),
        }
    }

    /// Returns which component of a variable a place names, or reports why it names none.
    fn variable_component(&mut self, place: &Place, size: Option<usize>) -> Option<usize> {
        let name = &place.name.text;
        match (size, &place.index) {
            (None, None) => Some(0),
            (Some(size), Some(index)) => {
                let position = self.real(index)?;
                self.position(position, name, size, index.span)
            }
            (None, Some(_)) => {
                self.diags.index_of_scalar(place.span, name);
                None
            }
            (Some(_), None) => {
                self.diags.array_assigned_whole(place.span, name);
                None
            }
        }
    }

    /// Warns of an assignment to a state into which the block gave a dose above: doses come last.
    fn check_dose_before(&mut self, state: usize, span: Span) {
        let Some(block) = &self.block else { return };
        let given = block.doses.iter().find(|(dose, _)| self.destination(dose) == Some(state));
        if let Some((_, dose)) = given {
            let dose = *dose;
            self.diags.assigned_after_dose(span, &self.states[state].name, dose);
        }
    }

    fn destination(&self, dose: &ir::EventDose) -> Option<usize> {
        let index = dose.route.index();
        match self.routes.entries.get(index) {
            Some(entry) if dose.duration.is_some() => entry.infusion_destination,
            Some(entry) => entry.bolus_destination,
            None => Some(index - self.routes.entries.len()),
        }
    }

    /// Runs `give(…)` or `stop()`.
    pub(crate) fn run_event_call(&mut self, function: &Name, arguments: &[Argument], span: Span) {
        if let Some(name) = arguments.iter().find_map(|argument| argument.name.as_ref()) {
            self.diags.named_argument(name.span, &function.text);
            return;
        }
        match function.text.as_str() {
            "give" => self.give(function, arguments, span),
            "stop" if arguments.is_empty() => self.stop(span),
            "stop" => self.diags.wrong_argument_count(span, "stop", arguments.len(), "0"),
            name => self.diags.call_as_statement(function.span, name),
        }
    }

    fn give(&mut self, function: &Name, arguments: &[Argument], span: Span) {
        let [label, amount, rest @ ..] = arguments else {
            return self.diags.wrong_argument_count(span, "give", arguments.len(), "2 or 3");
        };
        if rest.len() > 1 {
            return self.diags.wrong_argument_count(span, "give", arguments.len(), "2 or 3");
        }
        let value = self.real(&amount.value);
        let duration = rest.first().map(|argument| (self.real(&argument.value), argument.value.span));
        let ExprKind::Name(text) = &label.value.kind else {
            if label.value.kind != ExprKind::Error {
                self.diags.label_expected(label.value.span, &function.text);
            }
            return;
        };
        let Some(route) = self.route_given(text, label.value.span, duration.is_some()) else { return };
        let duration = match duration {
            Some((None, _)) => return,
            Some((Some(duration), place)) => {
                if let Some(number) = self.graph.number(duration)
                    && number <= 0.0
                {
                    self.diags.event_duration_not_positive(place, text, number);
                }
                Some(duration)
            }
            None => None,
        };
        let Some(amount) = value else { return };
        let condition = self.path_condition(span);
        let dose = ir::EventDose { condition, route: Handle::from_index(route), amount, duration };
        let Some(block) = &mut self.block else { return };
        block.doses.push((dose, span));
        let count = block.doses.len();
        if count == ir::limits::EVENT_DOSES + 1 {
            self.diags.too_many(span, "doses in one event", count, ir::limits::EVENT_DOSES);
        }
    }

    /// Returns the route of a dose, or reports why it takes none.
    fn route_given(&mut self, label: &str, span: Span, has_duration: bool) -> Option<usize> {
        let (bolus, infusion) = (self.routes.bolus(label), self.routes.infusion(label));
        let (fitting, other) = if has_duration { (infusion, bolus) } else { (bolus, infusion) };
        if fitting.is_some() {
            return fitting;
        }
        if let Some(other) = other {
            let declared = self.routes.entries[other].span;
            if has_duration {
                self.diags.event_infusion_refused(span, label, declared);
            } else {
                self.diags.event_bolus_refused(span, label, declared);
            }
            return None;
        }
        if self.doses_anywhere
            && let Some(Symbol::State { first, size: None }) = self.names.get(label).map(|entry| entry.symbol)
        {
            return Some(self.routes.entries.len() + first);
        }
        if !self.incomplete {
            self.diags.unknown_route(span, label, self.routes.labels());
        }
        None
    }

    fn stop(&mut self, span: Span) {
        let now = match self.path_condition(span) {
            Some(condition) => condition,
            None => self.graph.add(ir::Expr::Boolean(true), span),
        };
        let Some(block) = &mut self.block else { return };
        let stop = match block.stop {
            Some(before) => self.graph.logic(Logic::Or, before, now, span),
            None => now,
        };
        block.stop = Some(stop);
    }
}

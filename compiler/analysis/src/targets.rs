//! Assignments, by what they assign.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{self, Assign, Expr, ExprKind, Name, Place, SectionKind, Target, TargetKind};
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Handle};

use crate::analyser::{Analyser, Equation};
use crate::graph::Reads;
use crate::names::{Binding, Local, Symbol};
use crate::routes::Property;
use crate::slots::{Coverage, Neutral, Slot, SlotId};
use crate::value::{Affine, Term, Value};

/// A right side, evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Evaluated {
    /// `None` if something was reported.
    value: Option<Handle<ir::Expr>>,
    span: Span,
    accumulate: bool,
}

impl Analyser<'_> {
    /// Runs an assignment.
    pub(crate) fn assign(&mut self, assign: &Assign) {
        if let Some(slots) = self.event_slots() {
            return self.assign_in_event(assign, slots);
        }
        let is_output = match &assign.target {
            Target::Place(place) => self.assign_place(place, assign),
            Target::Call { function, function_span, place, second } => {
                if let Some(second) = second {
                    self.diags.second_name_in_target(second.span);
                }
                match function {
                    TargetKind::Derivative => self.assign_derivative(place, assign),
                    TargetKind::Initial => self.assign_initial(place, assign),
                    TargetKind::Output => {
                        self.assign_output(&place.name, assign);
                        return;
                    }
                    TargetKind::Noise => self.assign_diffusion(*function_span, place, assign),
                    TargetKind::Past => self.diags.past_not_supported(*function_span),
                    TargetKind::Lag => self.assign_property(Property::Lag, "lag", place, assign),
                    TargetKind::Bioavailability => {
                        self.assign_property(Property::Bioavailability, "fa", place, assign);
                    }
                    TargetKind::Rate => self.assign_property(Property::Rate, "rate", place, assign),
                    TargetKind::Duration => self.assign_property(Property::Duration, "dur", place, assign),
                }
                false
            }
        };
        if let Some(error_model) = &assign.error_model
            && !is_output
        {
            self.diags.error_model_without_output(error_model.span);
        }
    }

    /// Evaluates the right side of an assignment.
    pub(crate) fn evaluated(&mut self, assign: &Assign) -> Evaluated {
        let value = self.evaluate(&assign.value);
        let value = match value {
            Value::Scalar(handle) if self.graph.kind(handle) == ir::Type::Boolean => {
                self.diags.boolean_assigned(assign.value.span);
                None
            }
            value => self.expect_real(value, assign.value.span),
        };
        Evaluated { value, span: assign.value.span, accumulate: assign.accumulate }
    }

    /// Assigns a name that holds in the block around it only; returns whether it is one.
    pub(crate) fn assign_local(&mut self, place: &Place, assign: &Assign) -> bool {
        let name = &place.name;
        if assign.binding && self.blocks > 0 {
            self.bind_local(name, assign);
            return true;
        }
        match self.local(&name.text) {
            Some(Binding::Slot(slot)) => {
                let slot = *slot;
                let right = self.evaluated(assign);
                self.store(slot, &name.text, name.span, right);
                true
            }
            Some(Binding::Value(_)) => {
                self.evaluated(assign);
                self.diags.cannot_assign(name.span, &name.text, "a loop variable", None);
                true
            }
            None => false,
        }
    }

    /// Assigns `name = …` or `name[index] = …`; returns whether that was an output.
    fn assign_place(&mut self, place: &Place, assign: &Assign) -> bool {
        let name = &place.name;
        if self.assign_local(place, assign) {
            return false;
        }
        let Some(entry) = self.names.get(&name.text) else {
            self.evaluated(assign);
            self.unknown_array(place);
            return false;
        };
        match entry.symbol {
            Symbol::Derived(slot) | Symbol::Secondary(slot) => {
                let right = self.evaluated(assign);
                if place.index.is_some() {
                    self.diags.index_of_scalar(place.span, &name.text);
                } else {
                    self.store(slot, &name.text, name.span, right);
                }
            }
            Symbol::Array { first, size } => self.assign_element(first, size, place, assign),
            Symbol::Output(_) => {
                self.assign_output(name, assign);
                return true;
            }
            Symbol::State { .. } if self.section == Some(SectionKind::Init) => {
                self.assign_initial(place, assign);
            }
            Symbol::State { .. } => {
                self.evaluated(assign);
                self.diags.state_assigned(place.span, &name.text);
            }
            Symbol::Variable { .. } => {
                self.evaluated(assign);
                self.diags.variable_assigned_outside(place.span, &name.text, entry.span);
            }
            Symbol::Poisoned => {
                self.evaluated(assign);
            }
            symbol => {
                self.evaluated(assign);
                self.diags.cannot_assign(name.span, &name.text, symbol.describe(), Some(entry.span));
            }
        }
        false
    }

    fn unknown_array(&mut self, place: &Place) {
        if place.index.is_some() {
            if !self.incomplete && self.names.first_complaint(&place.name.text) {
                self.diags.undeclared_array(place.name.span, &place.name.text);
            }
        } else {
            self.unknown_name(&place.name.text, place.name.span);
        }
    }

    fn bind_local(&mut self, name: &Name, assign: &Assign) {
        let right = self.evaluated(assign);
        if self.names.get(&name.text).is_some() || self.local(&name.text).is_some() {
            self.diags.local_shadows(name.span, &name.text);
            return;
        }
        let slot = self.slots.allocate(1, Neutral::None);
        self.store(slot, &name.text, name.span, right);
        self.locals.push(Local { name: name.text.clone(), binding: Binding::Slot(slot) });
    }

    fn assign_element(&mut self, first: SlotId, size: usize, place: &Place, assign: &Assign) {
        let right = self.evaluated(assign);
        let name = &place.name.text;
        let Some(index) = &place.index else {
            self.diags.array_assigned_whole(place.span, name);
            return;
        };
        let Some(position) = self.real(index) else { return };
        if let Some(position) = self.position(position, name, size, index.span) {
            self.store(first.offset(position), &format!("{name}[{position}]"), place.span, right);
        }
    }

    /// Puts a value into a slot, or adds it to what is there.
    pub(crate) fn store(&mut self, id: SlotId, name: &str, target: Span, right: Evaluated) {
        let Some(value) = right.value else {
            return self.slots.set(id, Slot::poisoned(right.span));
        };
        if !right.accumulate {
            return self.slots.set(id, Slot::full(value, right.span));
        }
        let old = self.slots.get(id);
        let neutral = self.slots.neutral(id) == Neutral::Number(0.0);
        let slot = match (old.coverage, old.value) {
            (Coverage::Poisoned, _) => old,
            (Coverage::Missing, _) if neutral => {
                Slot { coverage: Coverage::Accumulated, ..Slot::full(value, right.span) }
            }
            (Coverage::Missing, _) => {
                self.diags.used_before_assignment(target, name, None);
                Slot::poisoned(right.span)
            }
            (Coverage::Partial, _) if !neutral => {
                self.diags.assigned_on_some_paths(target, name, old.span);
                Slot::poisoned(right.span)
            }
            (_, Some(before)) => {
                let sum = self.graph.binary(BinaryOperation::Add, before, value, right.span);
                Slot { value: Some(sum), span: right.span, ..old }
            }
            (_, None) => old,
        };
        self.slots.set(id, slot);
    }

    fn assign_derivative(&mut self, place: &Place, assign: &Assign) {
        let state = self.state_component(place);
        self.equation = Some(Equation { state });
        let value = self.evaluate(&assign.value);
        self.equation = None;
        let (base, terms) = match value {
            Value::Affine(Affine { base, terms }) => (base, terms),
            other => {
                let right = self.expect_real(other, assign.value.span);
                let Some(state) = state else { return };
                let Some(right) = right else {
                    return self.slots.set(self.states[state].derivative, Slot::poisoned(place.span));
                };
                (Some(right), Vec::new())
            }
        };
        let Some(state) = state else { return };
        if self.kind == ir::Kind::Analytical {
            return self.diags.equation_in_analytical(place.span, &self.states[state].name);
        }
        let base = base.unwrap_or_else(|| self.graph.constant(0.0, assign.value.span));
        let slot = self.states[state].derivative;
        let before = self.slots.get(slot);
        if !assign.accumulate {
            self.check_overwritten(state, place.span);
        }
        let has_input = !terms.is_empty() || self.graph.reads(base).any(Reads::RATE);
        for term in terms {
            self.give_bolus(term, state);
        }
        let right = Evaluated { value: Some(base), span: place.span, accumulate: assign.accumulate };
        let name = self.states[state].name.clone();
        self.store(slot, &name, place.span, right);
        let stored = self.slots.get(slot);
        let kept = assign.accumulate && before.has_input;
        self.slots.set(slot, Slot { has_input: has_input || kept, ..stored });
    }

    /// Reports an equation that replaces an earlier one on the same path.
    fn check_overwritten(&mut self, state: usize, span: Span) {
        let entry = &self.states[state];
        let before = self.slots.get(entry.derivative);
        let on_this_path = match before.coverage {
            Coverage::Full | Coverage::Accumulated => true,
            Coverage::Partial => !self.slots.in_branch(),
            Coverage::Missing | Coverage::Poisoned => false,
        };
        if on_this_path && before.has_input {
            self.diags.overwritten_input(span, &entry.name, before.span);
        } else if on_this_path {
            self.diags.equation_overwritten(span, &entry.name, before.span);
        }
    }

    /// Notes that a bolus enters a state with a coefficient.
    fn give_bolus(&mut self, term: Term, state: usize) {
        let entry = &mut self.routes.entries[term.route];
        if let Some(other) = entry.bolus_destination.filter(|other| *other != state) {
            let (first, second) = (&self.states[other].name, &self.states[state].name);
            self.diags.two_destinations(term.span, &entry.label, first, second, entry.span);
            return;
        }
        entry.bolus_destination = Some(state);
        let slot = entry.slot(Property::Coefficient);
        let before = self.slots.get(slot);
        if before.coverage != Coverage::Missing {
            self.diags.bolus_written_twice(term.span, &entry.label, before.span);
            return;
        }
        if self.graph.reads(term.coefficient).any(Reads::STATE.and(Reads::RATE)) {
            self.diags.bolus_coefficient_reads_state(term.span, &entry.label);
            return self.slots.set(slot, Slot::poisoned(term.span));
        }
        self.slots.set(slot, Slot::full(term.coefficient, term.span));
    }

    fn assign_diffusion(&mut self, word: Span, place: &Place, assign: &Assign) {
        let right = self.evaluated(assign);
        if self.kind != ir::Kind::Stochastic {
            return self.diags.not_in_this_kind(word, "`noise`", self.kind_in_words(), "sde");
        }
        let Some(state) = self.state_component(place) else { return };
        let slot = self.states[state].diffusion;
        let name = self.states[state].name.clone();
        self.check_assigned_twice(slot, &format!("noise({name})"), place.span, right);
        self.store(slot, &name, place.span, right);
    }

    fn assign_initial(&mut self, place: &Place, assign: &Assign) {
        let is_steady = matches!(&assign.value.kind, ExprKind::Name(word) if word == "steady")
            && self.names.get("steady").is_none()
            && self.local("steady").is_none();
        let right = if is_steady {
            let guess = self.graph.constant(0.0, assign.value.span);
            Evaluated { value: Some(guess), span: assign.value.span, accumulate: false }
        } else {
            self.evaluated(assign)
        };
        let Some(state) = self.state_component(place) else { return };
        let was_steady = self.states[state].steady;
        if (is_steady || was_steady) && (assign.accumulate || self.slots.in_branch()) {
            return self.diags.steady_under_condition(place.span, &self.states[state].name);
        }
        self.states[state].steady = is_steady;
        let slot = self.states[state].initial;
        let name = self.states[state].name.clone();
        self.check_assigned_twice(slot, &format!("init({name})"), place.span, right);
        self.store(slot, &name, place.span, right);
    }

    fn check_assigned_twice(&mut self, slot: SlotId, target: &str, span: Span, right: Evaluated) {
        let before = self.slots.get(slot);
        if before.coverage == Coverage::Full && !right.accumulate {
            self.diags.assigned_twice(span, target, before.span);
        }
    }

    fn assign_output(&mut self, name: &Name, assign: &Assign) {
        let right = self.evaluated(assign);
        let Some(Symbol::Output(index)) = self.names.get(&name.text).map(|entry| entry.symbol) else {
            return;
        };
        let slot = self.outputs[index].slot;
        self.check_assigned_twice(slot, &format!("out({})", name.text), name.span, right);
        self.store(slot, &name.text, name.span, right);
        if let Some(unit) = &assign.unit {
            self.outputs[index].unit = Some(crate::units::unit_text(unit));
        }
        if let Some(error_model) = &assign.error_model {
            self.set_error_model(index, error_model);
        }
    }

    fn set_error_model(&mut self, output: usize, model: &ast::ErrorModel) {
        let Some(read) = self.error_model(model) else { return };
        match &self.outputs[output].error_model {
            Some((other, first)) if *other != read => {
                self.diags.said_twice(model.span, "the error model of an output", *first);
            }
            Some(_) => {}
            None => self.outputs[output].error_model = Some((read, model.span)),
        }
    }

    fn assign_property(&mut self, property: Property, word: &str, place: &Place, assign: &Assign) {
        let right = self.evaluated(assign);
        self.set_property(property, word, &place.name, right);
    }

    fn set_property(&mut self, property: Property, word: &str, label: &Name, right: Evaluated) {
        let bolus = self.routes.bolus(&label.text);
        let infusion = self.routes.infusion(&label.text);
        let route = match property {
            Property::Rate | Property::Duration => {
                if let (Some(_), None) = (bolus, infusion) {
                    self.diags.rate_property_of_bolus(label.span, word, &label.text);
                    return;
                }
                infusion
            }
            _ => bolus.or(infusion),
        };
        let Some(route) = route else {
            if !self.incomplete {
                self.diags.unknown_route(label.span, &label.text, self.routes.labels());
            }
            return;
        };
        if right.accumulate {
            self.diags.property_accumulated(right.span, word);
            return;
        }
        let slot = self.routes.entries[route].slot(property);
        self.check_assigned_twice(slot, &format!("{word}({})", label.text), label.span, right);
        self.store(slot, &label.text, label.span, right);
    }

    /// Runs the properties of a canonical route.
    pub(crate) fn run_route_properties(&mut self, route: &ast::Route) {
        for (name, expression) in &route.properties {
            let (property, word) = match name.text.as_str() {
                "lag" => (Property::Lag, "lag"),
                "bioavailability" | "fa" => (Property::Bioavailability, "fa"),
                "rate" => (Property::Rate, "rate"),
                "dur" | "duration" => (Property::Duration, "dur"),
                other => {
                    self.diags.unknown_property(name.span, other);
                    continue;
                }
            };
            let right = self.evaluated_property(expression);
            self.set_property(property, word, &route.label, right);
        }
    }

    fn evaluated_property(&mut self, expression: &Expr) -> Evaluated {
        let value = self.real(expression);
        Evaluated { value, span: expression.span, accumulate: false }
    }
}

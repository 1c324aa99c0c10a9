//! The end of an analysis: infusions reach their states, coverage is checked, the module is assembled.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{ItemKind, Spelling};
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Handle};

use crate::analyser::{Analyser, StateEntry};
use crate::graph::Reads;
use crate::routes::{Origin, Property, RouteEntry};
use crate::slots::{Coverage, Slot, SlotId};

impl Analyser<'_> {
    /// Checks what can be checked only at the end, and assembles the module.
    pub(crate) fn finish(&mut self) -> Option<ir::Module> {
        self.check_functions();
        if self.is_exhausted(self.model.span) {
            return None;
        }
        if self.states.is_empty() && !self.incomplete && !self.diags.has_errors() {
            self.diags.no_states(self.model.span);
        }
        self.add_infusions();
        self.open_states();
        self.check_equations();
        self.check_noise();
        self.check_initials();
        self.check_outputs();
        self.check_secondary();
        let routes = self.finish_routes();
        self.is_exhausted(self.model.span);
        if self.diags.has_errors() || self.incomplete {
            return None;
        }
        if self.is_poisoned() {
            self.diags.compiler_mistake("a value was lost without a word");
            return None;
        }
        let module = self.assemble(routes);
        self.check_diagonal(&module);
        self.check_size(&module).then_some(module)
    }

    /// Returns whether anything that the module needs was reported as wrong.
    fn is_poisoned(&self) -> bool {
        let slots = |state: &StateEntry| [state.initial, state.derivative, state.diffusion];
        let states = self.states.iter().flat_map(slots);
        let outputs = self.outputs.iter().map(|output| output.slot);
        let secondary = self.secondary.iter().map(|(_, slot)| *slot);
        let properties = self.routes.entries.iter().flat_map(RouteEntry::slots);
        let mut needed = states.chain(outputs).chain(secondary).chain(properties);
        needed.any(|slot| self.slots.get(slot).coverage == Coverage::Poisoned)
            || self.variables.iter().any(|variable| variable.initial.is_none())
    }

    /// Reports a module that is sound but larger than what follows can take.
    fn check_size(&mut self, module: &ir::Module) -> bool {
        let errors = ir::validate(module).err().unwrap_or_default();
        let found = errors.iter().find(|error| error.rule == ir::Rule::Limit);
        if let Some(error) = found {
            self.diags.model_too_large(self.model.span, &error.message);
        }
        found.is_none()
    }

    /// Adds the rate of each declared infusion to its destination, unless an equation reads it.
    fn add_infusions(&mut self) {
        let derivatives = self.states.iter().filter_map(|state| self.slots.get(state.derivative).value);
        let read = self.graph.routes_read(derivatives);
        for route in 0..self.routes.entries.len() {
            let entry = &self.routes.entries[route];
            let (Origin::Declared(span), Some(state)) = (entry.origin, entry.infusion_destination) else {
                continue;
            };
            if read.contains(&route) {
                let rate = ir::Expr::InfusionRate(Handle::from_index(route));
                let written = self.graph.add(rate, span);
                self.diags.infusion_also_written(self.graph.span(written), &entry.label, span);
                continue;
            }
            let slot = self.states[state].derivative;
            let has_equation = self.slots.get(slot).coverage != Coverage::Missing;
            if entry.indexed && has_equation && self.spelling == Spelling::Authoring {
                self.diags.infusion_added(span, &entry.label, &self.states[state].name);
            }
            self.add_rate(route, slot, span);
        }
    }

    fn add_rate(&mut self, route: usize, id: SlotId, span: Span) {
        let slot = self.slots.get(id);
        if slot.coverage == Coverage::Poisoned {
            return;
        }
        let rate = self.graph.add(ir::Expr::InfusionRate(Handle::from_index(route)), span);
        let changed = match slot.value {
            Some(value) => {
                Slot { value: Some(self.graph.binary(BinaryOperation::Add, value, rate, span)), ..slot }
            }
            None => Slot::full(rate, span),
        };
        self.slots.set(id, changed);
    }

    /// Opens every state to doses if `option doses = any` asks for it.
    fn open_states(&mut self) {
        if !self.doses_anywhere {
            return;
        }
        let declared = self.routes.entries.len();
        for state in 0..self.states.len() {
            let (slot, span) = (self.states[state].derivative, self.states[state].span);
            if self.slots.get(slot).coverage != Coverage::Missing {
                self.add_rate(declared + state, slot, span);
            }
        }
    }

    fn check_equations(&mut self) {
        let mut missing: Vec<(Span, Vec<String>)> = Vec::new();
        for state in &self.states {
            let slot = self.slots.get(state.derivative);
            match slot.coverage {
                Coverage::Missing => match missing.last_mut() {
                    Some((span, names)) if *span == state.span => names.push(state.name.clone()),
                    _ => missing.push((state.span, vec![state.name.clone()])),
                },
                Coverage::Partial => self.diags.equation_on_some_paths(slot.span, &state.name),
                Coverage::Accumulated | Coverage::Full | Coverage::Poisoned => {}
            }
        }
        if self.incomplete {
            return;
        }
        for (span, names) in missing {
            self.diags.missing_equation(span, &names);
        }
    }

    fn check_noise(&mut self) {
        let mut diffusions = self.states.iter().map(|state| self.slots.get(state.diffusion).coverage);
        let is_silent = diffusions.all(|coverage| coverage == Coverage::Missing);
        if self.kind == ir::Kind::Stochastic && is_silent && !self.incomplete {
            self.diags.no_noise(self.kind_span);
        }
    }

    fn check_initials(&mut self) {
        for state in &self.states {
            let slot = self.slots.get(state.initial);
            if let Some(value) = slot.value
                && self.graph.reads(value).any(Reads::STATE.and(Reads::RATE))
            {
                self.diags.initial_reads_state(slot.span, &state.name);
            }
        }
    }

    fn check_outputs(&mut self) {
        for output in &self.outputs {
            let slot = self.slots.get(output.slot);
            match slot.coverage {
                Coverage::Missing if !self.incomplete => {
                    self.diags.listed_not_assigned(output.span, "outputs", &output.name);
                }
                Coverage::Partial => self.diags.output_on_some_paths(slot.span, &output.name),
                _ => {}
            }
        }
    }

    fn check_secondary(&mut self) {
        let others = Reads::STATE.and(Reads::RATE).and(Reads::TIME).and(Reads::DOSE_HISTORY);
        let others = others.and(Reads::VARIABLE);
        for (name, id) in &self.secondary {
            let slot = self.slots.get(*id);
            if slot.coverage == Coverage::Partial {
                self.diags.assigned_on_some_paths(slot.span, name, slot.span);
            }
            if let Some(value) = slot.value
                && self.graph.reads(value).any(others)
            {
                self.diags.secondary_reads_state(slot.span, name);
            }
        }
    }

    fn finish_routes(&mut self) -> Vec<ir::Route> {
        let mut routes = Vec::with_capacity(self.routes.entries.len());
        for index in 0..self.routes.entries.len() {
            let lag = self.property(index, Property::Lag, "lag");
            let scale = self.property(index, Property::Bioavailability, "fa");
            let rate = self.property(index, Property::Rate, "rate");
            let duration = self.property(index, Property::Duration, "dur");
            let coefficient = self.property(index, Property::Coefficient, "bolus");
            let coefficient = coefficient.filter(|handle| self.graph.number(*handle) != Some(1.0));
            let bioavailability = match (scale, coefficient) {
                (Some(scale), Some(coefficient)) => {
                    let span = self.graph.span(coefficient);
                    Some(self.graph.binary(BinaryOperation::Multiply, scale, coefficient, span))
                }
                (scale, coefficient) => scale.or(coefficient),
            };
            let entry = &self.routes.entries[index];
            // A factor of `dose(r)` scales the rate in the equation; as bioavailability it would shorten the
            // infusion as well.
            if coefficient.is_some() && entry.input == ir::Input::Both && entry.shared.is_none() {
                self.diags.scaled_dose_not_supported(entry.span, &entry.label);
            }
            if let Some(span) = entry.shared {
                let apart = entry.bolus_destination.zip(entry.infusion_destination);
                if lag.or(bioavailability).is_some()
                    || apart.is_some_and(|(bolus, infusion)| bolus != infusion)
                {
                    self.diags.shared_label_not_supported(span, &entry.label, entry.span);
                }
            }
            if let (Some(value), Some(_)) = (bioavailability, lag)
                && self.graph.reads(value).any(Reads::TIME.and(Reads::COVARIATE))
            {
                self.diags.bioavailability_at_dose_time(self.graph.span(value), &entry.label);
            }
            if rate.is_some() && duration.is_some() {
                self.diags.rate_and_duration(entry.span, &entry.label);
            }
            let lost = entry.bolus_destination.is_none() && entry.input != ir::Input::Infusion;
            if lost && !self.diags.has_errors() {
                self.diags.bolus_without_destination(entry.span, &entry.label);
            }
            routes.push(ir::Route {
                label: entry.label.clone(),
                input: entry.input,
                destination: entry.bolus_destination.or(entry.infusion_destination).map(Handle::from_index),
                lag,
                bioavailability,
                rate,
                duration,
                implicit: false,
            });
        }
        if self.doses_anywhere {
            routes.extend(
                self.states.iter().enumerate().map(|(index, state)| implicit_route(index, &state.name)),
            );
        }
        routes
    }

    /// Returns a property of a route, which must hold on every path and read no state.
    fn property(&mut self, route: usize, property: Property, word: &str) -> Option<Handle<ir::Expr>> {
        let entry = &self.routes.entries[route];
        let slot = self.slots.get(entry.slot(property));
        let value = slot.value?;
        if self.graph.reads(value).any(Reads::STATE.and(Reads::RATE)) {
            self.diags.property_reads_state(slot.span, word, &entry.label);
        }
        if slot.coverage == Coverage::Partial && matches!(property, Property::Rate | Property::Duration) {
            self.diags.assigned_on_some_paths(slot.span, &format!("{word}({})", entry.label), slot.span);
        }
        Some(value)
    }

    fn model_name(&self) -> String {
        let stated = self.model.items.iter().find_map(|item| match &item.kind {
            ItemKind::Name(name) => Some(name),
            _ => None,
        });
        stated.or(self.model.name.as_ref()).map_or_else(|| "main".to_owned(), |name| name.text.clone())
    }

    fn assemble(&mut self, routes: Vec<ir::Route>) -> ir::Module {
        let zero = self.graph.constant(0.0, self.model.span);
        let value = |analyser: &Self, id: SlotId| analyser.slots.get(id).value.unwrap_or(zero);
        let states = self.states.iter().map(|state| ir::State {
            name: state.name.clone(),
            unit: state.unit.clone(),
            initial: value(self, state.initial),
            steady: state.steady,
            derivative: value(self, state.derivative),
            diffusion: self.slots.get(state.diffusion).value,
        });
        let variables = self.variables.iter().map(|variable| ir::Variable {
            name: variable.name.clone(),
            unit: variable.unit.clone(),
            initial: variable.initial.unwrap_or(zero),
        });
        let outputs = self.outputs.iter().map(|output| ir::Output {
            name: output.name.clone(),
            unit: output.unit.clone(),
            value: value(self, output.slot),
            error_model: output.error_model.as_ref().map(|(model, _)| model.clone()),
        });
        let secondary = self
            .secondary
            .iter()
            .map(|(name, slot)| ir::Secondary { name: name.clone(), value: value(self, *slot) });
        let (states, outputs, secondary) = (states.collect(), outputs.collect(), secondary.collect());
        let variables = variables.collect();
        let (expressions, spans) = core::mem::take(&mut self.graph).into_parts();
        ir::Module {
            name: self.model_name(),
            kind: self.kind,
            parameters: core::mem::take(&mut self.parameters).into_iter().collect(),
            covariates: core::mem::take(&mut self.covariates).into_iter().collect(),
            random_effects: core::mem::take(&mut self.random_effects).into_iter().collect(),
            states,
            variables,
            routes: routes.into_iter().collect(),
            outputs,
            events: core::mem::take(&mut self.events).into_iter().collect(),
            switches: Vec::new(),
            secondary,
            expressions: expressions.into_iter().collect(),
            spans,
            options: self.options.clone(),
        }
    }
}

fn implicit_route(state: usize, label: &str) -> ir::Route {
    ir::Route {
        label: label.to_owned(),
        input: ir::Input::Both,
        destination: Some(Handle::from_index(state)),
        lag: None,
        bioavailability: None,
        rate: None,
        duration: None,
        implicit: true,
    }
}

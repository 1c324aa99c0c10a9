//! The routes of a model: declared ones and those that input terms imply.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{self, Expr, ExprKind, ItemKind, Place, RouteKind};
use pmc_ir as ir;

use crate::analyser::Analyser;
use crate::names::Symbol;
use crate::slots::{Neutral, SlotId};
use crate::walk::{for_each_expression, for_each_statement, walk_expression, without_parentheses};

/// Where a route comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a declaration.
    Declared(Span),
    /// From an input term of an equation.
    Term,
}

/// A route under construction.
pub(crate) struct RouteEntry {
    /// The label by which data address it.
    pub(crate) label: String,
    /// What it accepts.
    pub(crate) input: ir::Input,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// The state that boluses enter.
    pub(crate) bolus_destination: Option<usize>,
    /// The state that infusions enter, by declaration or in the first equation with a term.
    pub(crate) infusion_destination: Option<usize>,
    /// Where it is declared or first used.
    pub(crate) span: Span,
    /// Whether the declared destination of infusions is an element of an array.
    pub(crate) indexed: bool,
    /// Where the other kind of dose joined it, if each kind has a declaration or a term of its own.
    pub(crate) shared: Option<Span>,
    properties: SlotId,
}

/// What is said of a route besides its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Lag,
    Bioavailability,
    Rate,
    Duration,
    /// What a bolus term is multiplied by.
    Coefficient,
}

impl Property {
    const COUNT: usize = Self::Coefficient as usize + 1;
}

impl RouteEntry {
    /// Returns the slot of a property.
    pub(crate) const fn slot(&self, property: Property) -> SlotId {
        self.properties.offset(property as usize)
    }

    /// Returns the slots of all properties.
    pub(crate) fn slots(&self) -> impl Iterator<Item = SlotId> + use<> {
        let first = self.properties;
        (0..Property::COUNT).map(move |offset| first.offset(offset))
    }
}

/// All routes.
#[derive(Default)]
pub(crate) struct Routes {
    pub(crate) entries: Vec<RouteEntry>,
}

impl Routes {
    /// Returns the label of a route.
    pub(crate) fn label(&self, route: usize) -> &str {
        &self.entries[route].label
    }

    /// Returns all labels, in order.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.label.as_str())
    }

    /// Returns where a label is declared.
    pub(crate) fn declaration(&self, label: &str) -> Option<Span> {
        self.entries.iter().find(|entry| entry.label == label).and_then(|entry| match entry.origin {
            Origin::Declared(span) => Some(span),
            Origin::Term => None,
        })
    }

    /// Returns the route that takes the boluses of a label.
    pub(crate) fn bolus(&self, label: &str) -> Option<usize> {
        self.position(label, ir::Input::Bolus)
    }

    /// Returns the route that takes the infusions of a label.
    pub(crate) fn infusion(&self, label: &str) -> Option<usize> {
        self.position(label, ir::Input::Infusion)
    }

    fn position(&self, label: &str, input: ir::Input) -> Option<usize> {
        self.entries.iter().position(|entry| {
            entry.label == label && (entry.input == input || entry.input == ir::Input::Both)
        })
    }
}

impl Analyser<'_> {
    /// Registers all routes: declared ones, then those of input terms in the order of first use.
    pub(crate) fn register_routes(&mut self) {
        for item in &self.model.items {
            if let ItemKind::Route(route) = &item.kind {
                self.declare_route(route);
            }
        }
        for item in &self.model.items {
            for_each_statement(item, &mut |statement| {
                for_each_expression(statement, &mut |expression| self.register_terms(expression));
            });
        }
    }

    fn declare_route(&mut self, route: &ast::Route) {
        let input = match route.kind {
            Some(RouteKind::Bolus) => ir::Input::Bolus,
            Some(RouteKind::Infusion) => ir::Input::Infusion,
            Some(RouteKind::Dose) | None => ir::Input::Both,
        };
        let label = &route.label;
        let destination = self.state_component(&route.destination);
        let new = RouteEntry {
            label: label.text.clone(),
            input,
            origin: Origin::Declared(route.span),
            bolus_destination: destination.filter(|_| input != ir::Input::Infusion),
            infusion_destination: destination.filter(|_| input != ir::Input::Bolus),
            span: label.span,
            indexed: route.destination.index.is_some() && input != ir::Input::Bolus,
            shared: None,
            properties: self.property_slots(),
        };
        let Some(known) = self.routes.entries.iter_mut().find(|entry| entry.label == label.text) else {
            if self.check_label(&label.text, label.span) {
                self.routes.entries.push(new);
            }
            return;
        };
        if known.input == input || known.input == ir::Input::Both || input == ir::Input::Both {
            self.diags.route_declared_twice(label.span, &label.text, known.span);
            return;
        }
        known.input = ir::Input::Both;
        known.shared = Some(label.span);
        known.bolus_destination = known.bolus_destination.or(new.bolus_destination);
        known.infusion_destination = known.infusion_destination.or(new.infusion_destination);
        known.indexed |= new.indexed;
    }

    /// Allocates the slots of a route's properties.
    fn property_slots(&mut self) -> SlotId {
        let first = self.slots.allocate(Property::COUNT, Neutral::None);
        self.slots.set_neutral(first.offset(Property::Lag as usize), Neutral::Number(0.0));
        self.slots.set_neutral(first.offset(Property::Bioavailability as usize), Neutral::Number(1.0));
        self.slots.set_neutral(first.offset(Property::Coefficient as usize), Neutral::Number(0.0));
        first
    }

    /// Labels share the namespace with everything but outputs.
    fn check_label(&mut self, label: &str, span: Span) -> bool {
        if label.strip_prefix("outeq_").is_some_and(|rest| rest.parse::<u32>().is_ok()) {
            self.diags.output_label_for_route(span, label);
            return false;
        }
        match self.names.get(label) {
            Some(entry) if !matches!(entry.symbol, Symbol::Output(_) | Symbol::Poisoned) => {
                self.diags.label_taken(span, label, entry.symbol.describe(), entry.span);
                false
            }
            _ => true,
        }
    }

    /// Registers the routes of the input terms in an expression.
    fn register_terms(&mut self, expression: &Expr) {
        walk_expression(expression, &mut |inner| {
            let (word, label, span) = match &inner.kind {
                ExprKind::Call { function, arguments } => match arguments.as_slice() {
                    [argument] => (function.text.as_str(), &argument.value, argument.value.span),
                    _ => return true,
                },
                ExprKind::Index { base, index } => match &base.kind {
                    ExprKind::Name(word) if !self.is_array(word) => (word.as_str(), &**index, index.span),
                    _ => return true,
                },
                _ => return true,
            };
            let label = match &without_parentheses(label).kind {
                ExprKind::Name(label) if self.is_input_word(word) => label,
                _ => return true,
            };
            self.register_term(word, label, span);
            false
        });
    }

    fn register_term(&mut self, word: &str, label: &str, span: Span) {
        let input = match word {
            "bolus" => ir::Input::Bolus,
            "infusion" => ir::Input::Infusion,
            _ => ir::Input::Both,
        };
        if let Some(known) = self.routes.entries.iter_mut().find(|entry| entry.label == label) {
            if known.origin == Origin::Term && known.input != ir::Input::Both && known.input != input {
                known.input = ir::Input::Both;
                known.shared = Some(span).filter(|_| input != ir::Input::Both);
            }
            return;
        }
        if !self.check_label(label, span) {
            return;
        }
        let properties = self.property_slots();
        self.routes.entries.push(RouteEntry {
            label: label.to_owned(),
            input,
            origin: Origin::Term,
            bolus_destination: None,
            infusion_destination: None,
            span,
            indexed: false,
            shared: None,
            properties,
        });
    }

    /// Returns the state component that a place names, or reports why it names none.
    pub(crate) fn state_component(&mut self, place: &Place) -> Option<usize> {
        let name = &place.name;
        let entry = self.names.get(&name.text);
        match (entry.map(|entry| entry.symbol), &place.index) {
            (Some(Symbol::State { first, size: None }), None) => Some(first),
            (Some(Symbol::State { first, size: Some(size) }), Some(index)) => {
                let position = self.real(index)?;
                let position = self.position(position, &name.text, size, index.span)?;
                Some(first + position)
            }
            (Some(Symbol::State { size: None, .. }), Some(_)) => {
                self.diags.index_of_scalar(place.span, &name.text);
                None
            }
            (Some(Symbol::State { size: Some(size), .. }), None) => {
                self.diags.state_array_without_index(place.span, &name.text, size);
                None
            }
            (Some(Symbol::Poisoned), _) => None,
            (Some(symbol), _) => {
                self.diags.not_a_state(name.span, &name.text, symbol.describe());
                None
            }
            (None, _) => {
                if !self.incomplete && self.names.first_complaint(&name.text) {
                    let states =
                        self.names.iter().filter(|(_, entry)| matches!(entry.symbol, Symbol::State { .. }));
                    let states: Vec<&str> = states.map(|(name, _)| name).collect();
                    self.diags.unknown_state(name.span, &name.text, states);
                }
                None
            }
        }
    }
}

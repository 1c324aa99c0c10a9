//! Events: what happens at a time, or when a condition becomes true.
//!
//! A block runs after all other statements of the model, so that it reads the last derived values. It starts
//! with the states and variables as they are before the event; what it assigns is seen by the statements
//! below it, but not by derived values. What states and variables hold in the end is what the event assigns,
//! all at once.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{At, BinaryOperator, Every, Expr, ExprKind, Item, ItemKind, Statement, When};
use pmc_ir as ir;
use pmc_ir::{Comparison, Handle, Logic, UnaryOperation};

use crate::analyser::Analyser;
use crate::graph::Reads;
use crate::slots::{Changes, Neutral, Slot, SlotId};
use crate::walk::event_body;

/// The slots that hold states and variables while a block runs; outside blocks they hold the values before
/// the event.
#[derive(Clone, Copy)]
pub(crate) struct EventSlots {
    /// The first slot of the states.
    pub(crate) states: SlotId,
    /// The first slot of the variables.
    pub(crate) variables: SlotId,
}

/// The block that is being run.
pub(crate) struct Block {
    pub(crate) slots: EventSlots,
    /// The conditions around the current statement, outermost first.
    pub(crate) path: Vec<Handle<ir::Expr>>,
    /// The doses given so far, each with the place that gives it.
    pub(crate) doses: Vec<(ir::EventDose, Span)>,
    /// Whether the block stops the system.
    pub(crate) stop: Option<Handle<ir::Expr>>,
}

impl Analyser<'_> {
    /// Returns the slots of states and variables if a block is being run.
    pub(crate) fn event_slots(&self) -> Option<EventSlots> {
        self.block.as_ref().map(|block| block.slots)
    }

    /// Runs the events of the model in their order.
    pub(crate) fn run_events(&mut self) {
        let model = self.model;
        let items = || model.items.iter().filter(|item| event_word(item).is_some());
        if self.kind == ir::Kind::Stochastic {
            for item in items() {
                self.diags.event_in_stochastic(item.span, event_word(item).unwrap_or_default());
            }
            return;
        }
        let Some(last) = items().next_back() else { return };
        let count = items().count();
        if count > ir::limits::EVENTS {
            self.diags.too_many(last.span, "events", count, ir::limits::EVENTS);
            return;
        }
        let slots = self.slots_before();
        for item in items() {
            if self.is_exhausted(item.span) {
                return;
            }
            let trigger = match &item.kind {
                ItemKind::When(when) => self.condition_trigger(when),
                ItemKind::At(at) => self.time_trigger(at),
                ItemKind::Every(every) => self.repeated_trigger(every),
                _ => continue,
            };
            let event = self.run_body(event_body(item), slots);
            if let Some(trigger) = trigger {
                self.events.push(ir::Event { trigger, ..event });
            }
        }
    }

    /// Makes the slots that hold states and variables, with the values before an event.
    fn slots_before(&mut self) -> EventSlots {
        let (states, variables) = (self.states.len(), self.variables.len());
        let slots = EventSlots {
            states: self.slots.allocate(states, Neutral::None),
            variables: self.slots.allocate(variables, Neutral::None),
        };
        let span = self.model.span;
        for index in 0..states {
            let value = self.graph.add(ir::Expr::State(Handle::from_index(index)), span);
            self.slots.set(slots.states.offset(index), Slot::full(value, span));
        }
        for index in 0..variables {
            let value = self.graph.add(ir::Expr::Variable(Handle::from_index(index)), span);
            self.slots.set(slots.variables.offset(index), Slot::full(value, span));
        }
        slots
    }

    /// Runs a block and returns what it does; the trigger is for the caller to fill in.
    fn run_body(&mut self, body: &[Statement], slots: EventSlots) -> ir::Event {
        self.block = Some(Block { slots, path: Vec::new(), doses: Vec::new(), stop: None });
        let changes = self.run_branch(body);
        let block = self.block.take();
        let (doses, stop) = block.map(|block| (block.doses, block.stop)).unwrap_or_default();
        let states = self.changed(&changes, slots.states, self.states.len());
        let variables = self.changed(&changes, slots.variables, self.variables.len());
        ir::Event {
            trigger: ir::Trigger::When(Handle::from_index(0)),
            states: states.into_iter().map(|(index, value)| (Handle::from_index(index), value)).collect(),
            variables: variables
                .into_iter()
                .map(|(index, value)| (Handle::from_index(index), value))
                .collect(),
            doses: doses.into_iter().map(|(dose, _)| dose).collect(),
            stop,
        }
    }

    /// Returns which of `count` slots a block changed, and to what; a slot that keeps its value counts as
    /// unchanged.
    fn changed(&self, changes: &Changes, first: SlotId, count: usize) -> Vec<(usize, Handle<ir::Expr>)> {
        let values = (0..count).filter_map(|index| {
            let id = first.offset(index);
            let value = changes.get(&id)?.value?;
            (self.slots.get(id).value != Some(value)).then_some((index, value))
        });
        values.collect()
    }

    fn condition_trigger(&mut self, when: &When) -> Option<ir::Trigger> {
        let span = when.condition.span;
        self.in_trigger = true;
        let condition = self.boolean(&when.condition);
        self.in_trigger = false;
        let condition = condition?;
        let reads = self.graph.reads(condition);
        let moving = Reads::TIME.and(Reads::STATE);
        let changing = moving.and(Reads::COVARIATE).and(Reads::RATE).and(Reads::DOSE_HISTORY);
        if !reads.any(changing.and(Reads::VARIABLE)) {
            self.diags.event_never_changes(span);
        }
        let equality = self.graph.comparison_in(condition, |comparison, left, right| {
            let reads = self.graph.reads(left).and(self.graph.reads(right));
            comparison == Comparison::Equal && reads.any(moving)
        });
        if let Some(equality) = equality
            && let ir::Expr::Compare(_, left, right) = *self.graph.get(equality)
        {
            let other = self.compared_with_time(left, right);
            let time = other.map(|other| self.graph.number(other));
            self.diags.event_at_equality(span, time);
        }
        Some(ir::Trigger::When(condition))
    }

    fn time_trigger(&mut self, at: &At) -> Option<ir::Trigger> {
        if let Some(name) = &at.variable
            && !matches!(name.text.as_str(), "t" | "time")
        {
            self.diags.event_at_other_name(name.span, &name.text);
        }
        if let ExprKind::Binary { operator: BinaryOperator::Equal, operator_span, left, .. } = &at.time.kind
            && matches!(&left.kind, ExprKind::Name(name) if matches!(name.as_str(), "t" | "time"))
        {
            self.diags.event_at_comparison(at.time.span, *operator_span);
            return None;
        }
        self.event_time(&at.time, "at").map(ir::Trigger::At)
    }

    fn repeated_trigger(&mut self, every: &Every) -> Option<ir::Trigger> {
        let interval = self.event_time(&every.interval, "every");
        let start = match &every.start {
            Some(start) => self.event_time(start, "every"),
            None => Some(self.graph.constant(0.0, every.interval.span)),
        };
        let interval = interval?;
        if let Some(number) = self.graph.number(interval)
            && number <= 0.0
        {
            self.diags.event_interval_not_positive(every.interval.span, number);
        }
        Some(ir::Trigger::Every { start: start?, interval })
    }

    /// Evaluates a time or an interval, which must be known before time gets there.
    fn event_time(&mut self, expression: &Expr, word: &str) -> Option<Handle<ir::Expr>> {
        let value = self.real(expression)?;
        if self.graph.reads(value).any(Reads::STATE.and(Reads::TIME)) {
            self.diags.event_time_reads_state(expression.span, word);
            return None;
        }
        Some(value)
    }

    /// Notes that what follows runs only if a condition holds, or only if it does not; a condition that was
    /// reported says nothing.
    pub(crate) fn enter_path(&mut self, condition: Option<Handle<ir::Expr>>, holds: bool, span: Span) {
        let Some(condition) = condition else { return };
        let Some(block) = &mut self.block else { return };
        let condition =
            if holds { condition } else { self.graph.unary(UnaryOperation::Not, condition, span) };
        block.path.push(condition);
    }

    /// Ends what [`enter_path`](Self::enter_path) began.
    pub(crate) fn leave_path(&mut self, condition: Option<Handle<ir::Expr>>) {
        if condition.is_some()
            && let Some(block) = &mut self.block
        {
            block.path.pop();
        }
    }

    /// Returns whether the current statement runs; `None`: always.
    pub(crate) fn path_condition(&mut self, span: Span) -> Option<Handle<ir::Expr>> {
        let block = self.block.as_ref()?;
        let mut conditions = block.path.iter().copied();
        let first = conditions.next()?;
        Some(conditions.fold(first, |all, next| self.graph.logic(Logic::And, all, next, span)))
    }
}

/// Returns the word that an event starts with.
fn event_word(item: &Item) -> Option<&'static str> {
    match &item.kind {
        ItemKind::When(_) => Some("when"),
        ItemKind::At(_) => Some("at"),
        ItemKind::Every(_) => Some("every"),
        _ => None,
    }
}

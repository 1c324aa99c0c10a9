//! What each variable of the model holds at the current point of the symbolic run.
//!
//! Derived values, derivatives, initial values, outputs, route properties and bolus coefficients are slots
//! alike. A journal of overwritten slots lets the two branches of a conditional start from one state and be
//! merged, at the cost of what they change.

use std::collections::BTreeMap;

use pmc_diagnostics::Span;
use pmc_ir::{Expr, Handle};

/// The number of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SlotId(pub(crate) u32);

impl SlotId {
    /// Returns the slot `offset` places on; arrays and families of slots are contiguous.
    pub(crate) const fn offset(self, offset: usize) -> Self {
        Self(self.0 + offset as u32)
    }
}

/// On which of the paths to here a slot was assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// On none.
    Missing,
    /// On some.
    Partial,
    /// Only added to, from the neutral value.
    Accumulated,
    /// On all.
    Full,
    /// By something that was already reported; reading it stays silent.
    Poisoned,
}

/// The contents of a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// On which paths it was assigned.
    pub(crate) coverage: Coverage,
    /// The current value, unless missing or poisoned.
    pub(crate) value: Option<Handle<Expr>>,
    /// Where the value was last assigned.
    pub(crate) span: Span,
    /// Whether the value holds an input term.
    pub(crate) has_input: bool,
}

impl Slot {
    const EMPTY: Self =
        Self { coverage: Coverage::Missing, value: None, span: Span::new(0, 0), has_input: false };

    /// A slot assigned on every path.
    pub(crate) const fn full(value: Handle<Expr>, span: Span) -> Self {
        Self { coverage: Coverage::Full, value: Some(value), span, has_input: false }
    }

    /// A slot whose assignment was already reported as wrong.
    pub(crate) const fn poisoned(span: Span) -> Self {
        Self { coverage: Coverage::Poisoned, value: None, span, has_input: false }
    }
}

/// What a slot counts as on a path that does not assign it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Neutral {
    /// It must be assigned.
    None,
    /// This number.
    Number(f64),
}

/// Slots that one branch changed, with their new contents.
pub(crate) type Changes = BTreeMap<SlotId, Slot>;

/// All slots.
#[derive(Default)]
pub(crate) struct Slots {
    list: Vec<(Slot, Neutral)>,
    journal: Vec<(SlotId, Slot)>,
    branches: usize,
}

impl Slots {
    /// Makes `count` empty slots and returns the first.
    pub(crate) fn allocate(&mut self, count: usize, neutral: Neutral) -> SlotId {
        let first = SlotId(self.list.len() as u32);
        self.list.resize(self.list.len() + count, (Slot::EMPTY, neutral));
        first
    }

    /// Returns the contents of a slot.
    pub(crate) fn get(&self, id: SlotId) -> Slot {
        self.list[id.0 as usize].0
    }

    /// Returns what a slot counts as where it is not assigned.
    pub(crate) fn neutral(&self, id: SlotId) -> Neutral {
        self.list[id.0 as usize].1
    }

    /// Says what a slot counts as where it is not assigned.
    pub(crate) fn set_neutral(&mut self, id: SlotId, neutral: Neutral) {
        self.list[id.0 as usize].1 = neutral;
    }

    /// Replaces the contents of a slot.
    pub(crate) fn set(&mut self, id: SlotId, slot: Slot) {
        let place = &mut self.list[id.0 as usize].0;
        if self.branches > 0 {
            self.journal.push((id, *place));
        }
        *place = slot;
    }

    /// Returns whether a branch is being run.
    pub(crate) const fn in_branch(&self) -> bool {
        self.branches > 0
    }

    /// Begins a branch; the result goes to [`Self::leave`].
    pub(crate) const fn enter(&mut self) -> usize {
        self.branches += 1;
        self.journal.len()
    }

    /// Ends a branch: undoes what it changed and returns it.
    pub(crate) fn leave(&mut self, mark: usize) -> Changes {
        let mut changes = Changes::new();
        while self.journal.len() > mark {
            if let Some((id, old)) = self.journal.pop() {
                let place = &mut self.list[id.0 as usize].0;
                changes.entry(id).or_insert(*place);
                *place = old;
            }
        }
        self.branches -= 1;
        changes
    }
}

//! What a function may load, and at which addresses.

use std::collections::BTreeMap;

use pmc_backend as backend;
use pmc_backend::Source;
use pmc_ir::{Expr, Handle, Type};

/// Which kept values a function may load instead of computing them.
pub(super) struct Scope<'a> {
    /// The program.
    pub source: &'a Source<'a>,
    /// Slots below this one have been stored by earlier stages.
    pub readable_slots: u32,
    /// Addresses at which earlier pieces of the same function have left values.
    pub scratch: BTreeMap<Handle<Expr>, u32>,
}

/// Where a loaded value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// At an offset from the frame.
    Frame,
    /// At an offset from the states.
    State,
    /// At an absolute address.
    Memory,
}

/// A value that needs no operands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Leaf {
    /// A number.
    Constant(f64),
    /// A truth value.
    Boolean(bool),
    /// The independent variable.
    Time,
    /// An `f64` in memory, at an offset in bytes.
    Load(Base, u64),
    /// A truth value in memory, kept as 1.0 or 0.0.
    LoadBoolean(Base, u64),
    /// A covariate on a slope: offsets of its value at the start of the segment, and of its slope.
    Sloped(u64, u64),
}

impl Leaf {
    /// Returns whether the value is best written anew wherever it is used.
    pub(super) const fn is_immediate(self) -> bool {
        matches!(self, Self::Constant(_) | Self::Boolean(_) | Self::Time)
    }
}

/// The size of an element of an array, in bytes.
pub(super) const ELEMENT: u64 = 8;

impl Scope<'_> {
    /// Returns how to obtain a value that needs no operands here; `None` if it must be computed.
    pub(super) fn leaf(&self, value: Handle<Expr>) -> Option<Leaf> {
        let leaf = self.source.leaf(value, self.readable_slots);
        if let (None, Some(address)) = (leaf, self.scratch.get(&value)) {
            let offset = u64::from(*address);
            return Some(match self.source.type_of(value) {
                Type::Real => Leaf::Load(Base::Memory, offset),
                Type::Boolean => Leaf::LoadBoolean(Base::Memory, offset),
            });
        }
        leaf.map(at_addresses)
    }

    /// Calls `visit` with each operand that has to be at hand before a value can be computed.
    pub(super) fn for_each_operand(&self, value: Handle<Expr>, visit: impl FnMut(Handle<Expr>)) {
        if self.leaf(value).is_none() {
            self.source.expression(value).for_each_operand(visit);
        }
    }
}

/// Turns elements of arrays into addresses.
fn at_addresses(leaf: backend::Leaf) -> Leaf {
    let bytes = |element: u32| u64::from(element) * ELEMENT;
    match leaf {
        backend::Leaf::Constant(number) => Leaf::Constant(number),
        backend::Leaf::Boolean(truth) => Leaf::Boolean(truth),
        backend::Leaf::Time => Leaf::Time,
        backend::Leaf::Frame(element) => Leaf::Load(Base::Frame, bytes(element)),
        backend::Leaf::FrameBoolean(element) => Leaf::LoadBoolean(Base::Frame, bytes(element)),
        backend::Leaf::State(element) => Leaf::Load(Base::State, bytes(element)),
        backend::Leaf::Sloped(value, slope) => Leaf::Sloped(bytes(value), bytes(slope)),
    }
}

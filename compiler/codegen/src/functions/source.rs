//! What expressions read: the addresses of parameters, covariates, states and kept values.

use std::collections::BTreeMap;

use pmc_abi::frame::FrameLayout;
use pmc_ir::{self as ir, Expr, Handle, Type};

/// A program with what every function needs to know of its expressions.
pub(super) struct Source<'a> {
    /// The program.
    pub program: &'a ir::Program,
    /// The layout of its frame.
    pub layout: FrameLayout,
    /// The slot of each expression that is kept in the frame.
    slots: Vec<Option<u32>>,
    /// The type of each expression.
    types: Vec<Type>,
}

impl<'a> Source<'a> {
    /// Indexes a program.
    pub(super) fn new(program: &'a ir::Program, layout: FrameLayout) -> Self {
        let expressions = &program.module.expressions;
        let mut slots = vec![None; expressions.len()];
        for (slot, value) in program.staging.slots.iter().enumerate() {
            slots[value.index()] = Some(slot as u32);
        }
        Self { program, layout, slots, types: ir::types(&program.module) }
    }

    /// Returns an expression.
    pub(super) fn expression(&self, value: Handle<Expr>) -> &'a Expr {
        &self.program.module.expressions[value]
    }

    /// Returns the type of an expression.
    pub(super) fn type_of(&self, value: Handle<Expr>) -> Type {
        self.types[value.index()]
    }
}

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

/// The size of an element of the frame, in bytes.
pub(super) const ELEMENT: u64 = 8;

impl Scope<'_> {
    /// Returns how to obtain a value that needs no operands here; `None` if it must be computed.
    pub(super) fn leaf(&self, value: Handle<Expr>) -> Option<Leaf> {
        if let Some(slot) = self.source.slots[value.index()].filter(|slot| *slot < self.readable_slots) {
            let offset = u64::from(self.source.layout.staged() + slot) * ELEMENT;
            return Some(self.load(value, Base::Frame, offset));
        }
        if let Some(address) = self.scratch.get(&value) {
            return Some(self.load(value, Base::Memory, u64::from(*address)));
        }
        self.source.leaf(value)
    }

    /// Calls `visit` with each operand that has to be at hand before a value can be computed.
    pub(super) fn for_each_operand(&self, value: Handle<Expr>, visit: impl FnMut(Handle<Expr>)) {
        if self.leaf(value).is_none() {
            self.source.expression(value).for_each_operand(visit);
        }
    }

    /// Returns a load of the right type.
    fn load(&self, value: Handle<Expr>, base: Base, offset: u64) -> Leaf {
        match self.source.type_of(value) {
            Type::Real => Leaf::Load(base, offset),
            Type::Boolean => Leaf::LoadBoolean(base, offset),
        }
    }
}

impl Source<'_> {
    /// Returns how to obtain an expression without operands.
    fn leaf(&self, value: Handle<Expr>) -> Option<Leaf> {
        let layout = &self.layout;
        let frame =
            |first: u32, index: usize| Leaf::Load(Base::Frame, (u64::from(first) + index as u64) * ELEMENT);
        Some(match self.expression(value) {
            Expr::Constant(number) => Leaf::Constant(number.0),
            Expr::Boolean(truth) => Leaf::Boolean(*truth),
            Expr::Time => Leaf::Time,
            Expr::Parameter(parameter) => frame(layout.parameter(), parameter.index()),
            Expr::RandomEffect(effect) => frame(layout.random_effect(), effect.index()),
            Expr::Covariate(covariate) => self.covariate(*covariate),
            Expr::CovariateSlope(covariate) => frame(layout.slope(), covariate.index()),
            Expr::CovariateMissing(covariate) => Leaf::LoadBoolean(
                Base::Frame,
                (u64::from(layout.missing()) + covariate.index() as u64) * ELEMENT,
            ),
            Expr::State(state) => Leaf::Load(Base::State, state.index() as u64 * ELEMENT),
            Expr::InfusionRate(route) => frame(layout.rate(), route.index()),
            Expr::LastDoseTime(Some(route)) => frame(layout.last_dose(), route.index()),
            Expr::LastDoseTime(None) => frame(FrameLayout::LAST_DOSE, 0),
            Expr::DoseNumber => frame(FrameLayout::DOSE_NUMBER, 0),
            Expr::Variable(variable) => frame(layout.variable(), variable.index()),
            Expr::EventTime => frame(FrameLayout::EVENT_TIME, 0),
            Expr::Unary(..)
            | Expr::Binary(..)
            | Expr::Compare(..)
            | Expr::Logic(..)
            | Expr::Select(..)
            | Expr::Call(..) => return None,
        })
    }

    /// Returns how to obtain the current value of a covariate.
    fn covariate(&self, covariate: Handle<ir::Covariate>) -> Leaf {
        let index = covariate.index() as u64;
        let value = (u64::from(self.layout.covariate()) + index) * ELEMENT;
        let slope = (u64::from(self.layout.slope()) + index) * ELEMENT;
        if self.program.module.covariates[covariate].may_slope() {
            Leaf::Sloped(value, slope)
        } else {
            Leaf::Load(Base::Frame, value)
        }
    }
}

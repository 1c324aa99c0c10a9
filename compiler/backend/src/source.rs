//! What expressions read: the places of parameters, covariates, states and kept values.

use pmc_abi::frame::FrameLayout;
use pmc_ir::{self as ir, Expr, Handle, Type};

/// A program with what every function needs to know of its expressions.
pub struct Source<'a> {
    /// The program.
    pub program: &'a ir::Program,
    /// The layout of its frame.
    pub layout: FrameLayout,
    /// The slot of each expression that is kept in the frame.
    slots: Vec<Option<u32>>,
    /// The type of each expression.
    types: Vec<Type>,
}

/// A value that needs no operands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Leaf {
    /// A number.
    Constant(f64),
    /// A truth value.
    Boolean(bool),
    /// The independent variable.
    Time,
    /// An element of the frame.
    Frame(u32),
    /// A truth value in the frame, kept as 1.0 or 0.0.
    FrameBoolean(u32),
    /// A state.
    State(u32),
    /// A covariate on a slope: elements of the frame that hold its value at the start of the segment, and its slope.
    Sloped(u32, u32),
}

impl<'a> Source<'a> {
    /// Indexes a program.
    pub fn new(program: &'a ir::Program, layout: FrameLayout) -> Self {
        let expressions = &program.module.expressions;
        let mut slots = vec![None; expressions.len()];
        for (slot, value) in program.staging.slots.iter().enumerate() {
            slots[value.index()] = Some(slot as u32);
        }
        Self { program, layout, slots, types: ir::types(&program.module) }
    }

    /// Returns an expression.
    pub fn expression(&self, value: Handle<Expr>) -> &'a Expr {
        &self.program.module.expressions[value]
    }

    /// Returns the type of an expression.
    pub fn type_of(&self, value: Handle<Expr>) -> Type {
        self.types[value.index()]
    }

    /// Returns where a value stands for a function that finds the slots below `readable_slots` filled; `None` if it
    /// must be computed.
    pub fn leaf(&self, value: Handle<Expr>, readable_slots: u32) -> Option<Leaf> {
        let Some(slot) = self.slots[value.index()].filter(|slot| *slot < readable_slots) else {
            return self.plain_leaf(value);
        };
        let element = self.layout.staged() + slot;
        Some(match self.type_of(value) {
            Type::Real => Leaf::Frame(element),
            Type::Boolean => Leaf::FrameBoolean(element),
        })
    }

    /// Returns where an expression without operands stands.
    fn plain_leaf(&self, value: Handle<Expr>) -> Option<Leaf> {
        let layout = &self.layout;
        let frame = |first: u32, index: usize| Leaf::Frame(first + index as u32);
        Some(match self.expression(value) {
            Expr::Constant(number) => Leaf::Constant(number.0),
            Expr::Boolean(truth) => Leaf::Boolean(*truth),
            Expr::Time => Leaf::Time,
            Expr::Parameter(parameter) => frame(layout.parameter(), parameter.index()),
            Expr::RandomEffect(effect) => frame(layout.random_effect(), effect.index()),
            Expr::Covariate(covariate) => self.covariate(*covariate),
            Expr::CovariateSlope(covariate) => frame(layout.slope(), covariate.index()),
            Expr::CovariateMissing(covariate) => {
                Leaf::FrameBoolean(layout.missing() + covariate.index() as u32)
            }
            Expr::State(state) => Leaf::State(state.index() as u32),
            Expr::InfusionRate(route) => frame(layout.rate(), route.index()),
            Expr::LastDoseTime(Some(route)) => frame(layout.last_dose(), route.index()),
            Expr::LastDoseTime(None) => Leaf::Frame(FrameLayout::LAST_DOSE),
            Expr::DoseNumber => Leaf::Frame(FrameLayout::DOSE_NUMBER),
            Expr::Variable(variable) => frame(layout.variable(), variable.index()),
            Expr::EventTime => Leaf::Frame(FrameLayout::EVENT_TIME),
            Expr::Unary(..)
            | Expr::Binary(..)
            | Expr::Compare(..)
            | Expr::Logic(..)
            | Expr::Select(..)
            | Expr::Call(..) => return None,
        })
    }

    /// Returns where the current value of a covariate stands.
    fn covariate(&self, covariate: Handle<ir::Covariate>) -> Leaf {
        let value = self.layout.covariate() + covariate.index() as u32;
        if self.program.module.covariates[covariate].may_slope() {
            Leaf::Sloped(value, self.layout.slope() + covariate.index() as u32)
        } else {
            Leaf::Frame(value)
        }
    }
}

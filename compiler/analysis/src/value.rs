//! What an expression of the language evaluates to.

use std::rc::Rc;

use pmc_diagnostics::Span;
use pmc_ir::{Expr, Handle};

use crate::slots::SlotId;

/// The result of evaluating an expression.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A number or a truth value.
    Scalar(Handle<Expr>),
    /// A number plus multiples of boluses.
    Affine(Affine),
    /// Several numbers.
    Array(Sequence),
    /// Something already reported.
    Error,
}

/// A number plus multiples of boluses: the right side of an equation with input terms.
#[derive(Clone, Debug)]
pub(crate) struct Affine {
    /// What remains without the boluses; `None` is zero.
    pub(crate) base: Option<Handle<Expr>>,
    /// The boluses, each route at most once.
    pub(crate) terms: Vec<Term>,
}

/// A multiple of a bolus.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    /// The index of the route.
    pub(crate) route: usize,
    /// What the bolus is multiplied by.
    pub(crate) coefficient: Handle<Expr>,
    /// Where the bolus is written.
    pub(crate) span: Span,
}

/// Where the elements of an array are.
#[derive(Clone, Debug)]
pub(crate) enum Sequence {
    /// In the list.
    Values(Rc<[Handle<Expr>]>),
    /// Parameters from an index on.
    Parameters { first: usize, length: usize },
    /// State components from an index on.
    States { first: usize, length: usize },
    /// Variables from an index on.
    Variables { first: usize, length: usize },
    /// Derived values, slot by slot.
    Slots { first: SlotId, length: usize },
}

impl Sequence {
    /// Returns the number of elements.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Parameters { length, .. }
            | Self::States { length, .. }
            | Self::Variables { length, .. }
            | Self::Slots { length, .. } => *length,
        }
    }
}

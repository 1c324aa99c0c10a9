//! What documents are made of, name by name; apart from the types in memory, which may change.
//!
//! Fields stand in the order in which JSON shows them. What is optional is absent when it says nothing;
//! fields that a reader does not know are ignored. Descriptions become those of the JSON Schema, which a test writes.

mod declarations;
mod derived;
mod envelope;
mod events;
mod expression;
mod number;
mod words;

pub(super) use declarations::{
    Covariate, ErrorModel, Module, Options, Output, Parameter, RandomEffect, Route, Secondary, Spread, State,
    Variable,
};
pub(super) use derived::{Derived, EventFunctions, Jacobian};
pub(super) use envelope::{Envelope, FORMAT, Format, Head, Source, Version};
pub(super) use events::{Event, EventDose, Trigger};
pub(super) use expression::Expr;
pub(super) use number::Finite;
pub(super) use words::{
    BinaryOperation, Comparison, ErrorModelKind, Function, Input, Interpolation, Kind, Linearity, Logic,
    Solver, Transform, UnaryOperation,
};

/// An index into one of the lists of the module.
pub(super) type Index = u32;

/// Returns whether a value is the one that its absence stands for.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

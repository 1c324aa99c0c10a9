//! The intermediate representation: the contract between front ends and back ends.
//!
//! A [`Module`] is plain data: what a model declares, and one arena of scalar expressions. Arrays and loops
//! are gone (front ends unroll them within limits), conditionals are [`Expr::Select`], so an expression is
//! a pure value and the arena a directed acyclic graph in which operands come before their users. Every
//! value is a 64-bit float or a Boolean; arithmetic is IEEE 754 without contraction or reassociation.
//!
//! 1. Front ends build a [`Module`].
//! 2. [`validate()`] is the gate: after `Ok` no pass and no back end panics.
//! 3. Passes (another crate) rewrite it and compute what lies beside it, such as the [`Jacobian`]; [`stage()`]
//!    and [`linearity()`] are here, because readers of documents need them, too.
//! 4. Back ends take a [`Program`]: the module with all of it.
//!
//! [`wire`] writes and reads both as documents, for programs elsewhere. This crate knows neither syntax nor
//! WebAssembly.

mod arena;
mod arithmetic;
mod expr;
pub mod limits;
mod linearity;
mod module;
mod program;
mod roots;
mod stages;
mod staging;
mod text;
mod validate;
pub mod wire;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use arena::{Arena, Handle};
pub use arithmetic::Implementation;
pub use expr::{BinaryOperation, Comparison, Expr, Function, Logic, Real, Type, UnaryOperation};
pub use linearity::linearity;
pub use module::{
    Covariate, ErrorModel, ErrorModelKind, Event, EventDose, Input, Interpolation, Kind, Module, Options,
    Output, Parameter, RandomEffect, Route, Secondary, Solver, SourceSpan, State, Transform, Trigger,
    Variable, Variance,
};
pub use program::{EventFunctions, Jacobian, JacobianEntry, Linearity, Program, Stage, Staging};
pub use roots::{Root, types};
pub use stages::stages;
pub use staging::stage;
pub use text::{program_to_text, to_text};
pub use validate::{IrError, Place, Rule, validate, validate_program};

//! Values.

use serde::Serialize;

use super::{BinaryOperation, Comparison, Finite, Function, Index, Logic, UnaryOperation};

/// One value: a word for a leaf without data, else an object with one field. Operands are indices of
/// expressions that stand before it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::wire) enum Expr {
    /// A finite number.
    Constant(Finite),
    /// +∞.
    Infinity,
    /// −∞.
    NegativeInfinity,
    /// A truth value.
    Boolean(bool),
    /// The independent variable.
    Time,
    /// The value of a parameter.
    Parameter(Index),
    /// The value of a random effect.
    RandomEffect(Index),
    /// The value of a covariate at the current time.
    Covariate(Index),
    /// The slope of a covariate with respect to time.
    CovariateSlope(Index),
    /// Whether the data hold no value of a covariate (Boolean).
    CovariateMissing(Index),
    /// The current value of a state.
    State(Index),
    /// The current value of a variable.
    Variable(Index),
    /// The time of the last event of whatever kind.
    EventTime,
    /// The current infusion rate on a route.
    InfusionRate(Index),
    /// The time of the last dose on any route.
    LastDoseTime,
    /// The time of the last dose on a route.
    LastDoseTimeOfRoute(Index),
    /// How many doses have been given so far.
    DoseNumber,
    /// An operation on one operand.
    Unary(UnaryOperation, Index),
    /// An operation on two reals.
    Binary(BinaryOperation, Index, Index),
    /// A comparison of two reals (Boolean).
    Compare(Comparison, Index, Index),
    /// A connective of two Booleans (Boolean).
    Logic(Logic, Index, Index),
    /// The second value if the first (Boolean) holds, else the third.
    Select(Index, Index, Index),
    /// A function of one or two reals.
    Call(Function, Vec<Index>),
}

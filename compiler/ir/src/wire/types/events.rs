//! What the model raises.

use serde::Serialize;

use super::{Index, is_default};

/// Something that happens at a time or when a condition becomes true. All values are those before it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Event {
    /// When it happens.
    pub(in crate::wire) trigger: Trigger,
    /// New values of states: pairs of a state and an expression, each state once.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) states: Vec<(Index, Index)>,
    /// New values of variables: pairs of a variable and an expression, each variable once.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) variables: Vec<(Index, Index)>,
    /// Doses that are given after the assignments, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) doses: Vec<EventDose>,
    /// Whether the system stands still from then on (Boolean); absent: it does not.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) stop: Option<Index>,
}

/// When an event happens.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::wire) enum Trigger {
    /// Once, at a time.
    At(Index),
    /// At `start`, and every `interval` from then on.
    Every {
        /// The first time.
        start: Index,
        /// The time between two; nothing happens unless it is above 0.
        interval: Index,
    },
    /// Each time when a condition (Boolean) changes from false to true.
    When(Index),
}

/// A dose that an event gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct EventDose {
    /// By which route.
    pub(in crate::wire) route: Index,
    /// The amount, without bioavailability.
    pub(in crate::wire) amount: Index,
    /// How long the infusion takes; absent: a bolus.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) duration: Option<Index>,
    /// Whether it is given (Boolean); absent: always.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) condition: Option<Index>,
}

//! What passes have computed.

use serde::Serialize;

use super::{Index, Linearity, is_default};

/// What passes have computed of the module; a reader may compute it anew.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Derived {
    /// Whether the system is linear between events; absent: not known to be.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) linearity: Linearity,
    /// The partial derivatives of the right-hand side; absent: all are zero.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) jacobian: Jacobian,
    /// What happens at events, number by number; absent: the module has neither events nor switches.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) events: EventFunctions,
}

/// The partial derivatives that are not identically zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Jacobian {
    /// Triples of row, column (both states) and expression, in ascending order of row, then column.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) entries: Vec<(Index, Index, Index)>,
    /// Derivatives with respect to time: pairs of row and expression, in ascending order of row.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) time: Vec<(Index, Index)>,
}

/// What engines ask of events.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct EventFunctions {
    /// The switches, then for each event its first time and its interval; +∞ and 0 for one that waits for a
    /// condition.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) times: Vec<Index>,
    /// For each event its condition; 0 for one that happens at a time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) conditions: Vec<Index>,
    /// For each event pairs of a place and an expression: states, then variables, then whether it stops, then
    /// route, amount and duration of each dose.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) effects: Vec<Vec<(u32, Index)>>,
}

impl Default for Linearity {
    /// Returns what is said where nothing is known.
    fn default() -> Self {
        Self::None
    }
}

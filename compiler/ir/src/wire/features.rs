//! What a reader must understand beyond the base.

use super::WireError;
use crate::{Kind, Module};

/// Events, variables or switches.
const EVENTS: &str = "events";

/// Stochastic differential equations.
const STOCHASTIC: &str = "stochastic";

/// All features of this version, in the order in which documents list them.
pub const FEATURES: [&str; 2] = [EVENTS, STOCHASTIC];

/// Returns the features that a module uses.
pub fn features_of(module: &Module) -> Vec<&'static str> {
    let has_events = !module.events.is_empty() || !module.variables.is_empty();
    let used =
        [(EVENTS, has_events || !module.switches.is_empty()), (STOCHASTIC, module.kind == Kind::Stochastic)];
    used.into_iter().filter_map(|(name, is_used)| is_used.then_some(name)).collect()
}

/// Refuses a feature that is not known.
pub(super) fn check_known(declared: &[String]) -> Result<(), WireError> {
    match declared.iter().find(|name| !FEATURES.contains(&name.as_str())) {
        Some(unknown) => Err(WireError::UnknownFeature(unknown.clone())),
        None => Ok(()),
    }
}

/// Refuses a module that uses what its document does not name.
pub(super) fn check_declared(declared: &[String], module: &Module) -> Result<(), WireError> {
    let mut used = features_of(module).into_iter();
    match used.find(|name| !declared.iter().any(|declared| declared == name)) {
        Some(missing) => Err(WireError::UndeclaredFeature(missing)),
        None => Ok(()),
    }
}

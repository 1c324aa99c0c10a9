//! Limits on what a module may hold, checked by [`validate`](crate::validate()).
//!
//! They bound memory and time of everything behind the validator and lie far above any model known to us.

/// Most state components. A dense Jacobian of this size takes 32 MB.
pub const STATES: usize = 2_000;
/// Most parameters.
pub const PARAMETERS: usize = 10_000;
/// Most covariates.
pub const COVARIATES: usize = 1_000;
/// Most random effects.
pub const RANDOM_EFFECTS: usize = 10_000;
/// Most routes.
pub const ROUTES: usize = 1_000;
/// Most outputs.
pub const OUTPUTS: usize = 10_000;
/// Most variables.
pub const VARIABLES: usize = 1_000;
/// Most events.
pub const EVENTS: usize = 1_000;
/// Most doses that one event gives.
pub const EVENT_DOSES: usize = 100;
/// Most switches: comparisons with time in right-hand sides.
pub const SWITCHES: usize = 10_000;
/// Most particles of a stochastic system.
pub const PARTICLES: u32 = 1_000_000;
/// Most secondary quantities.
pub const SECONDARY: usize = 10_000;
/// Most categories of a covariate.
pub const CATEGORIES: usize = 10_000;
/// Most expressions.
pub const EXPRESSIONS: usize = 200_000;
/// Most pairs of an expression and a state that it depends on: the work of differentiation.
pub const DEPENDENCIES: usize = 1_000_000;
/// Most bytes of one name, unit or label.
pub const TEXT: usize = 10_000;

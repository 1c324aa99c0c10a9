//! The dosing engine from outside: closed forms, the order of events, covariates, NONMEM's scenarios.
#![allow(clippy::disallowed_methods, reason = "closed forms are tests of truth")]

mod closed_forms;
mod covariates;
mod events;
mod large_linear;
mod models;
mod nonmem;
mod refusals;
mod resumed_events;
mod standing;
mod steady_states;
mod support;

//! End-to-end tests, one module a subject.

mod closed_forms;
mod datasets;
mod documents;
mod dose_faults;
mod equilibria;
mod examples;
mod hostile_events;
mod initial_value_problems;
mod interpreter;
mod ir_documents;
mod ir_robustness;
mod language_models;
mod large_linear;
mod lean;
mod linear_properties;
mod module_rules;
mod native_paths;
mod nonlinear_properties;
mod reference_programs;
mod same_bits;
mod state_events;
mod steady_states;
mod stochastic;
mod structures;
mod timed_events;

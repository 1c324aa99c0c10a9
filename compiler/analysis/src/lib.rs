//! From the syntax tree of a model to its intermediate representation: the one place that knows what the
//! language means.
//!
//! 1. `declare` — names, sizes, attributes; constants are evaluated.
//! 2. `assigned`, `order` — the names that statements assign, and the order in which they run.
//! 3. `statements`, `expressions` — a symbolic run of the model: loops are unrolled, conditionals become
//!    selections, functions are expanded; every variable holds the expression of its current value.
//! 4. `events`, `structures` — blocks of events become assignments that happen at once; an analytical model
//!    gets the equations of its structure.
//! 5. `routes`, `finish` — doses reach their states, coverage is checked, the module is assembled.
//!
//! All errors of a model are reported at once; what follows from an error stays silent. This crate knows
//! neither the text nor WebAssembly.

mod affine;
mod analyser;
mod assigned;
mod attributes;
mod builtins;
mod calls;
mod conditionals;
mod declare;
mod doses;
mod error_models;
mod event_statements;
mod events;
mod expressions;
mod finish;
mod flow;
mod fold;
mod functions;
mod graph;
mod indices;
mod kinds;
mod lints;
mod names;
mod noise;
mod operators;
mod options;
mod order;
mod random_effects;
mod routes;
mod slots;
mod statements;
mod structures;
mod tables;
mod targets;
mod units;
mod value;
mod variables;
mod walk;

use pmc_diagnostics::Diagnostics;
use pmc_grammar::ast;
use pmc_ir as ir;

/// Analyses a model; the module is there only if nothing but warnings and notes was found.
pub fn analyse(model: &ast::Model, spelling: ast::Spelling) -> (Option<ir::Module>, Diagnostics) {
    analyser::Analyser::new(model, spelling).run()
}

//! Random models as `.pk` text: most compile, and most of their runs end well.
//!
//! 1. `writer`: the text in the making, with the names that expressions may read.
//! 2. `expressions`: random expressions, mostly where the functions in them have values.
//! 3. `declarations`: parameters, covariates, states, routes and derived values.
//! 4. `dynamics`: equations that gain, lose and exchange, with random expressions as modulators.
//! 5. `events`: blocks of the model.
//!
//! Whatever moves the states is bounded, so that random systems stay where numbers are; but nothing keeps a function away
//! from arguments at which it has no value, a solver from its budget or an event from setting off another.

mod declarations;
mod dynamics;
mod events;
mod expressions;
mod writer;

use crate::random::Random;
use dynamics::Right;
use writer::Writer;

/// What sort of model is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Equations without a pattern.
    General,
    /// Equations that are linear between events.
    Linear,
    /// A structure with a name.
    Structure,
    /// Equations with noise.
    Stochastic,
}

/// Draws a model.
pub fn draw_model(random: &mut Random) -> String {
    let sort = match random.below(20) {
        0..=9 => Sort::General,
        10..=13 => Sort::Linear,
        14..=16 => Sort::Structure,
        _ => Sort::Stochastic,
    };
    draw_model_of(random, sort)
}

/// Draws a model of a sort.
pub fn draw_model_of(random: &mut Random, sort: Sort) -> String {
    let mut writer = Writer::new(random);
    writer.header(sort);
    writer.parameters();
    writer.covariates();
    let structure = writer.states(sort);
    let mut right = Right::new(&writer.states);
    writer.routes(sort, &mut right);
    writer.variables(sort);
    writer.derived(sort);
    writer.properties();
    writer.initial_values(sort);
    match structure {
        Some(structure) => writer.structure(structure),
        None => writer.equations(sort, right),
    }
    writer.events(sort);
    writer.outputs();
    writer.secondary();
    writer.text
}

//! Helpers of the tests: exact solutions, reference tables, random models, and the whole line from text to predictions.

pub mod closed_form;
pub mod double;
pub mod examples;
pub mod line;
pub mod linear;
pub mod models;
pub mod node;
pub mod random;
pub mod random_models;
pub mod random_runs;
pub mod recorder;
pub mod records;
pub mod reference;
pub mod regimens;
pub mod same_bits;
pub mod scratch;
pub mod values;

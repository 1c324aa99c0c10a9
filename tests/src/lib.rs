//! Helpers of the tests: exact solutions, reference tables, and the whole line from text to predictions.

pub mod closed_form;
pub mod double;
pub mod line;
pub mod linear;
pub mod models;
pub mod random;
pub mod records;
pub mod reference;
pub mod scratch;

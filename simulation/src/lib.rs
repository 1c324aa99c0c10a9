//! From data to predictions: datasets, runs of a model over them, tables and plots.
//!
//! 1. [`read_dataset`] — NONMEM-style CSV to typed records, with every mistake at its row and column.
//! 2. [`predict()`] — dataset and model to predictions, in file order.
//! 3. [`to_csv`] — predictions to a table.
//! 4. [`plot`](draw_plot) — predicted curves over observations, as SVG (feature `plot`).
//!
//! Nothing here reads files, knows the engine that runs the model, or knows the language it is written in.

mod dataset;
#[cfg(feature = "plot")]
mod plot;
mod predict;
mod table;

pub use dataset::{Dataset, DatasetOptions, Dose, Event, Input, Observation, Record, Subject, read_dataset};
#[cfg(feature = "plot")]
pub use plot::{Plot, PlotOptions, draw_plot};
pub use predict::{
    Curve, PredictError, PredictedRow, PredictedSubject, Predictions, Rows, SubjectFailure, SubjectWarning,
    curves, predict, predict_subject,
};
pub use table::to_csv;

//! From data to predictions: datasets, runs of a model over them, tables and plots.
//!
//! 1. [`read_dataset`] — NONMEM-style CSV to typed records, with every mistake at its row and column.
//! 2. [`batches`] — subjects that an engine may run side by side, and that a shell may hand to other threads.
//! 3. [`predict()`], [`predict_batch`] — dataset and model to predictions, in file order.
//! 4. [`to_csv`], [`table_piece`] — predictions to a table, whole or piece by piece.
//! 5. [`curves()`], [`plot`](draw_plot) — predicted curves over observations, as SVG (feature `plot`).
//!
//! Nothing here reads files, starts threads, knows the engine that runs the model, or knows the language it is
//! written in.

mod batch;
mod curves;
mod dataset;
mod outcome;
#[cfg(feature = "plot")]
mod plot;
mod predict;
mod schedules;
mod table;

pub use batch::{Batch, batches};
pub use curves::{Curve, curves, curves_of_batch};
pub use dataset::{Dataset, DatasetOptions, Dose, Event, Input, Observation, Record, Subject, read_dataset};
pub use outcome::{PredictError, SubjectFailure, SubjectWarning, warnings_to_diagnostics};
#[cfg(feature = "plot")]
pub use plot::{Plot, PlotOptions, draw_plot};
pub use predict::{PredictedRow, PredictedSubject, Predictions, Rows, columns, predict, predict_batch};
pub use table::{TablePiece, table_head, table_piece, to_csv};

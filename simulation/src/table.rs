//! Tables of predictions.

use core::fmt::Write;

use pmc_host::Model;

use crate::batch::Batch;
use crate::outcome::{SubjectFailure, SubjectWarning};
use crate::predict::{PredictedRow, Predictions, Rows, predict_batch};

/// The piece of a table that belongs to the subjects of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TablePiece {
    /// The lines of the subjects that did not fail.
    pub text: String,
    /// Subjects of which there is more to say than their lines, in file order.
    pub warnings: Vec<SubjectWarning>,
    /// Subjects whose predictions failed, in file order.
    pub failures: Vec<SubjectFailure>,
}

/// Writes predictions as CSV: `id,time` and the outputs, one line per row, in file order.
///
/// Numbers are the shortest ones that read back to the same bits. What is not a number, as after a time at which
/// the model stopped the system, is `NA`, and infinities are `Inf` and `-Inf`: R and pandas read both.
pub fn to_csv(predictions: &Predictions) -> String {
    let mut text = table_head(&predictions.outputs);
    push_rows(&mut text, &predictions.rows);
    text
}

/// Writes the first line of a table: `id,time` and the names of the outputs.
pub fn table_head(outputs: &[String]) -> String {
    let mut text = String::from("id,time");
    for output in outputs {
        text.push(',');
        push_quoted(&mut text, output);
    }
    text.push('\n');
    text
}

/// Predicts the subjects of a batch and writes their lines.
///
/// The head of the table and the pieces of all batches of a dataset, in their order, are the text that [`to_csv`]
/// makes of the whole, so a program can make the pieces at the same time and need not hold more than a few of them.
pub fn table_piece(model: &mut dyn Model, batch: Batch<'_>, rows: Rows) -> TablePiece {
    let mut piece = TablePiece::default();
    for outcome in predict_batch(model, batch, rows) {
        match outcome {
            Ok(predicted) => {
                push_rows(&mut piece.text, &predicted.rows);
                piece.warnings.extend(predicted.warning());
            }
            Err(failure) => piece.failures.push(failure),
        }
    }
    piece
}

fn push_rows(text: &mut String, rows: &[PredictedRow]) {
    for row in rows {
        push_quoted(text, &row.id);
        for value in core::iter::once(&row.time).chain(&row.values) {
            text.push(',');
            push_number(text, *value);
        }
        text.push('\n');
    }
}

/// Writes a cell, in quotes where its contents need it (RFC 4180).
fn push_quoted(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

fn push_number(text: &mut String, value: f64) {
    if !value.is_finite() {
        text.push_str(if value.is_nan() {
            "NA"
        } else if value < 0.0 {
            "-Inf"
        } else {
            "Inf"
        });
        return;
    }
    let size = value.abs();
    let plain = size == 0.0 || (1e-5..1e16).contains(&size);
    // Writing to a string cannot fail.
    let _ = if plain { write!(text, "{value}") } else { write!(text, "{value:e}") };
}

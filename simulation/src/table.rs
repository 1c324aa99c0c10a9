//! Tables of predictions.

use core::fmt::Write;

use crate::predict::Predictions;

/// Writes predictions as CSV: `id,time` and the outputs, one line per row, in file order.
///
/// Numbers are the shortest ones that read back to the same bits. What is not a number, as after a time at which
/// the model stopped the system, is `NA`, and infinities are `Inf` and `-Inf`: R and pandas read both.
pub fn to_csv(predictions: &Predictions) -> String {
    let mut text = String::from("id,time");
    for output in &predictions.outputs {
        text.push(',');
        text.push_str(&quoted(output));
    }
    text.push('\n');
    for row in &predictions.rows {
        text.push_str(&quoted(&row.id));
        for value in core::iter::once(&row.time).chain(&row.values) {
            text.push(',');
            push_number(&mut text, *value);
        }
        text.push('\n');
    }
    text
}

/// Puts a cell into quotes where its contents need it (RFC 4180).
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
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

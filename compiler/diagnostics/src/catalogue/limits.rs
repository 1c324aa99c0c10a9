//! `PK06xx`: limits.

use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (601, "too many declarations"),
    (602, "too many expressions"),
    (603, "array too large"),
    (604, "too many iterations"),
    (605, "too much unrolling"),
    (606, "nested too deep"),
    (607, "table too long"),
    (608, "model too large"),
];

impl Diagnostics {
    /// More components of one kind than a model may have.
    pub fn too_many(&mut self, span: Span, what: &str, found: usize, limit: usize) {
        self.push(
            Diagnostic::error(601, span, format!("the model has {found} {what}, the limit is {limit}"))
                .help("use smaller arrays"),
        );
    }

    /// More distinct expressions than a model may have.
    pub fn too_many_expressions(&mut self, model: Span, limit: usize) {
        let start = Span::new(model.start, model.start);
        self.push(
            Diagnostic::error(602, start, format!("the model has more than {limit} distinct values"))
                .help("loops are written out for each iteration; use smaller arrays or shorter loops"),
        );
    }

    /// An array with more elements than allowed.
    pub fn array_too_large(&mut self, span: Span, found: i64, limit: i64) {
        self.push(
            Diagnostic::error(603, span, format!("the array has {found} elements, the limit is {limit}"))
                .help("use a smaller size"),
        );
    }

    /// A loop with more iterations than allowed.
    pub fn too_many_iterations(&mut self, span: Span, found: i64, limit: i64) {
        self.push(
            Diagnostic::error(604, span, format!("the loop runs {found} times, the limit is {limit}"))
                .help("loops are written out for each iteration; use a shorter one"),
        );
    }

    /// A model that takes too long to write out; `reached` is where the limit was met.
    pub fn too_much_unrolling(&mut self, model: Span, limit: usize, reached: Span) {
        let start = Span::new(model.start, model.start);
        self.push(
            Diagnostic::error(
                605,
                start,
                format!("writing out loops and functions took more than {limit} steps"),
            )
            .secondary(reached, "the limit was met here")
            .help("use shorter loops, or functions that call each other less often"),
        );
    }

    /// An expression nested too deep.
    pub fn nested_too_deep(&mut self, span: Span, limit: usize) {
        self.push(
            Diagnostic::error(606, span, format!("the expression is nested deeper than {limit} levels"))
                .help("assign parts of it to derived values"),
        );
    }

    /// A table with more points than allowed.
    pub fn table_too_long(&mut self, span: Span, found: usize, limit: usize) {
        self.push(
            Diagnostic::error(607, span, format!("the table has {found} points, the limit is {limit}"))
                .help("use fewer points, or a covariate with values over time"),
        );
    }

    /// A model beyond a limit of what follows the analysis; `found` says which.
    pub fn model_too_large(&mut self, model: Span, found: &str) {
        let start = Span::new(model.start, model.start);
        self.push(
            Diagnostic::error(608, start, format!("the model is too large: {found}"))
                .help("use fewer or smaller arrays"),
        );
    }
}

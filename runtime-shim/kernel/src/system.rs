//! A model with its frame: the right-hand side that solvers see.

use crate::Model;
use crate::solver::step::clear;

/// A model together with its frame.
pub struct System<'a, M> {
    /// The model.
    pub model: &'a M,
    /// Its frame, with all staged values current at the start of the present segment.
    pub frame: &'a mut [f64],
    /// Whether some covariate is on a slope in the present segment, so that interpolated values move with
    /// time.
    pub sloped: bool,
    /// 0 for states that stand still while the system does, else 1; empty where it never does.
    pub(crate) mask: &'a mut [f64],
    /// The time at which all the model stands still; NaN where time passes.
    pub(crate) moment: f64,
}

impl<'a, M: Model> System<'a, M> {
    /// Makes a system of which time passes.
    pub fn new(model: &'a M, frame: &'a mut [f64]) -> Self {
        Self { model, frame, sloped: false, mask: &mut [], moment: f64::NAN }
    }

    /// Writes the time derivatives at a time and state.
    pub fn derivatives(&mut self, t: f64, state: &[f64], out: &mut [f64]) {
        self.move_to(t);
        self.model.derivatives(self.seen(t), self.frame, state, out);
        if self.stands_still() {
            clear_rows(out, self.mask, 1);
        }
    }

    /// Writes the dense Jacobian (row by row) and the partial derivative with respect to time.
    pub fn jacobian(&mut self, t: f64, state: &[f64], matrix: &mut [f64], time_derivative: &mut [f64]) {
        self.move_to(t);
        clear(matrix);
        clear(time_derivative);
        self.model.jacobian(self.seen(t), self.frame, state, matrix, time_derivative);
        if self.stands_still() {
            clear_rows(matrix, self.mask, self.mask.len());
            clear(time_derivative);
        }
    }

    /// Writes the outputs at a time and state.
    pub fn outputs(&mut self, t: f64, state: &[f64], out: &mut [f64]) {
        self.move_to(t);
        self.model.outputs(t, self.frame, state, out);
    }

    /// Writes the coefficients of the Wiener processes at a time and state.
    pub fn diffusion(&mut self, t: f64, state: &[f64], out: &mut [f64]) {
        self.move_to(t);
        self.model.diffusion(t, self.frame, state, out);
    }

    /// Brings interpolated values to a time.
    pub fn move_to(&mut self, t: f64) {
        if self.sloped {
            self.model.stage_interpolated(self.seen(t), self.frame);
        }
    }

    /// Returns the time that the model sees.
    fn seen(&self, t: f64) -> f64 {
        if self.stands_still() { self.moment } else { t }
    }

    fn stands_still(&self) -> bool {
        !self.moment.is_nan()
    }
}

/// Clears the rows of a matrix whose mask is 0.
#[inline(never)]
fn clear_rows(matrix: &mut [f64], mask: &[f64], width: usize) {
    for (row, mask) in matrix.chunks_mut(width.max(1)).zip(mask) {
        for entry in row {
            *entry *= mask;
        }
    }
}

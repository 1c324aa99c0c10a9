//! A model with its frame: the right-hand side that solvers see.

use crate::Model;

/// A model together with its frame.
pub struct System<'a, M> {
    /// The model.
    pub model: &'a M,
    /// Its frame, with all staged values current at the start of the present segment.
    pub frame: &'a mut [f64],
    /// Whether some covariate is on a slope in the present segment, so that interpolated values move with
    /// time.
    pub sloped: bool,
}

impl<M: Model> System<'_, M> {
    /// Writes the time derivatives at a time and state.
    pub fn derivatives(&mut self, t: f64, state: &[f64], out: &mut [f64]) {
        self.move_to(t);
        self.model.derivatives(t, self.frame, state, out);
    }

    /// Writes the dense Jacobian (row by row) and the partial derivative with respect to time.
    pub fn jacobian(&mut self, t: f64, state: &[f64], matrix: &mut [f64], time_derivative: &mut [f64]) {
        self.move_to(t);
        matrix.fill(0.0);
        time_derivative.fill(0.0);
        self.model.jacobian(t, self.frame, state, matrix, time_derivative);
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
            self.model.stage_interpolated(t, self.frame);
        }
    }
}

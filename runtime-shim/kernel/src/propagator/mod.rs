//! The exact solution of a linear system between events, `y' = A y + b` with constant `A` and `b`.
//!
//! No step, no error control: the state at any time follows from the state at the last event in one evaluation,
//! so it does not depend on when somebody looks. Two forms:
//!
//! - `modes`: a similarity makes `A` block diagonal; a block is one eigenvalue, or eigenvalues so close that
//!   they are better kept together (equal rate constants, `ka = ke`). Each block has a solution in closed form.
//!   It costs one exponential a block and evaluation.
//! - `exponential`: scaling and squaring of the matrix, for the few systems whose blocks cannot be had in real
//!   numbers or only at a loss of digits.
//!
//! `schur` finds the similarity: the triangular form by rotations, from which `blocks` makes the block diagonal
//! one. Ways that were weighed: closed forms for the structures of textbooks would leave out everything else;
//! scaling and squaring alone costs a hundred times more an evaluation; eigenvectors alone fail where
//! eigenvalues meet, which is where users of the textbooks' formulas get lost.

mod blocks;
mod exponential;
mod matrix;
mod modes;
mod schur;
#[cfg(test)]
mod tests;

use pmc_abi::Status;

use crate::slab::take;
use crate::solver::step::copy;
use crate::solver::tolerance::is_infinite_or_nan;
use crate::{Failure, Model, System};
pub(crate) use matrix::dot;
use modes::Modes;

/// Which form of the solution is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// None: no matrix has been seen.
    Unknown,
    /// By modes.
    Modes,
    /// By the exponential of the matrix.
    Exponential,
}

/// Returns the number of `f64`s that a propagator for this many states works in.
pub const fn propagator_length(states: usize) -> usize {
    let augmented = (states + 1) * (states + 1);
    states * states + 3 * states + Modes::length(states) + 3 * augmented
}

/// The solution since the last event.
#[derive(Debug)]
pub struct Propagator<'a> {
    form: Form,
    /// Time of the event.
    start: f64,
    /// The time for which the exponential is known; NaN if it is not. Records at regular times find it.
    known: f64,
    /// The matrix, row by row.
    matrix: &'a mut [f64],
    /// State at the event.
    state: &'a mut [f64],
    /// The constant part of the derivatives.
    constant: &'a mut [f64],
    scratch: &'a mut [f64],
    modes: Modes<'a>,
    augmented: &'a mut [f64],
}

impl<'a> Propagator<'a> {
    /// Makes a propagator over a slab of at least [`propagator_length`] elements, or one that is of no use.
    pub fn new(mut slab: &'a mut [f64], n: usize) -> Self {
        let slab = &mut slab;
        Self {
            form: Form::Unknown,
            start: 0.0,
            known: f64::NAN,
            matrix: take(slab, n * n),
            state: take(slab, n),
            constant: take(slab, n),
            scratch: take(slab, n),
            modes: Modes::cut(take(slab, Modes::length(n)), n),
            augmented: take(slab, 3 * (n + 1) * (n + 1)),
        }
    }

    /// Starts at a time and state, after any event.
    ///
    /// The matrix is taken apart only if it is not that of the last start. Fails if matrix or state are not
    /// finite.
    pub fn restart<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        t: f64,
        state: &[f64],
    ) -> Result<(), Failure> {
        self.start = t;
        self.known = f64::NAN;
        copy(self.state, state);
        self.scratch.fill(0.0);
        system.derivatives(t, self.scratch, self.constant);
        let fresh = self.modes.room();
        system.jacobian(t, state, fresh, self.scratch);
        check_finite(t, state, self.constant, fresh)?;
        if self.form == Form::Unknown || fresh.iter().zip(&*self.matrix).any(|(a, b)| a != b) {
            copy(self.matrix, fresh);
            self.form = if self.modes.find(self.matrix) { Form::Modes } else { Form::Exponential };
        }
        if self.form == Form::Modes {
            self.modes.start(self.state, self.constant);
        }
        Ok(())
    }

    /// Writes the state at a time since the event.
    ///
    /// Fails if it has grown beyond all numbers.
    pub fn state_at(&mut self, t: f64, out: &mut [f64]) -> Result<(), Failure> {
        let h = t - self.start;
        if self.form == Form::Modes {
            self.modes.evaluate(h, out);
        } else {
            if self.known != h {
                exponential::compute(self.augmented, self.matrix, self.constant, h);
                self.known = h;
            }
            exponential::apply(self.augmented, self.state, out);
        }
        match out.iter().position(|value| is_infinite_or_nan(value.abs())) {
            Some(state) => Err(Failure { status: Status::NotFinite, time: t, state: Some(state as u32) }),
            None => Ok(()),
        }
    }
}

/// Fails if a component of a state, or a coefficient of its derivative, is not finite.
#[inline(never)]
fn check_finite(t: f64, state: &[f64], constant: &[f64], matrix: &[f64]) -> Result<(), Failure> {
    let sum = |values: &[f64]| values.iter().fold(0.0, |sum: f64, value| sum + value.abs());
    // All at once first: that there is something to find is the exception.
    if !is_infinite_or_nan(sum(state) + sum(constant) + sum(matrix)) {
        return Ok(());
    }
    let row = |row: &usize| {
        let coefficients = matrix.get(row * state.len()..).unwrap_or_default();
        let own = [state, constant].map(|values| values.get(*row).copied().unwrap_or(0.0).abs());
        is_infinite_or_nan(own[0] + own[1] + sum(coefficients.get(..state.len()).unwrap_or_default()))
    };
    match (0..state.len()).find(row) {
        Some(state) => Err(Failure { status: Status::NotFinite, time: t, state: Some(state as u32) }),
        // Only the sum is beyond all numbers.
        None => Ok(()),
    }
}

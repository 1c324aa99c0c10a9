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
pub(crate) mod uniform;

use pmc_abi::Status;

use crate::slab::take;
use crate::solver::step::copy;
use crate::solver::tolerance::is_infinite_or_nan;
use crate::{Failure, Model, System};
pub(crate) use matrix::dot;
use modes::{Blocks, Modes};

/// Which form of the solution is at hand, as a number that stands in the slab beside the matrix that it is of: so what
/// one run has found serves the next with the same parameters. Memory that no propagator has used holds none of them.
mod form {
    /// By modes, one a block.
    pub(super) const MODES: f64 = 1.25;
    /// By modes, several in some block.
    pub(super) const LARGER_MODES: f64 = 1.5;
    /// By the exponential of the matrix.
    pub(super) const EXPONENTIAL: f64 = 1.75;
}

/// Returns the number of `f64`s that a propagator for this many states works in.
pub const fn propagator_length(states: usize) -> usize {
    let augmented = (states + 1) * (states + 1);
    1 + states * states + 3 * states + Modes::length(states) + 3 * augmented
}

/// The solution since the last event.
#[derive(Debug)]
pub struct Propagator<'a> {
    /// One of [`form`], in an element of its own; anything else where no matrix has been seen.
    form: &'a mut [f64],
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
            form: take(slab, 1),
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
        let was_found = self.form() != 0.0;
        let fresh = self.modes.room();
        system.jacobian(t, state, fresh, self.scratch);
        check_finite(t, state, self.constant, fresh)?;
        // Equal numbers; not a number, which memory may hold that no propagator has used, equals nothing.
        let is_known = was_found && fresh.iter().zip(&*self.matrix).all(|(a, b)| a == b);
        if !is_known {
            copy(self.matrix, fresh);
            let found = match self.modes.find(self.matrix) {
                Some(Blocks::Single) => form::MODES,
                Some(Blocks::Larger) => form::LARGER_MODES,
                None => form::EXPONENTIAL,
            };
            self.form.fill(found);
        }
        if self.form() < form::EXPONENTIAL {
            self.modes.start(self.state, self.constant, self.blocks());
        }
        Ok(())
    }

    /// Returns one of [`form`], or 0.
    fn form(&self) -> f64 {
        match self.form.first() {
            Some(&form) if form == form::MODES || form == form::LARGER_MODES || form == form::EXPONENTIAL => {
                form
            }
            _ => 0.0,
        }
    }

    fn blocks(&self) -> Blocks {
        if self.form() == form::MODES { Blocks::Single } else { Blocks::Larger }
    }

    /// Writes the state at a time since the event.
    ///
    /// Fails if it has grown beyond all numbers.
    pub fn state_at(&mut self, t: f64, out: &mut [f64]) -> Result<(), Failure> {
        let h = t - self.start;
        if self.form() < form::EXPONENTIAL {
            self.modes.evaluate(h, self.blocks(), out);
        } else {
            if self.known != h {
                exponential::compute(self.augmented, self.matrix, self.constant, h);
                self.known = h;
            }
            exponential::apply(self.augmented, self.state, out);
        }
        match out.iter().position(|value| is_infinite_or_nan(value.abs())) {
            Some(state) => Err(Failure::of_state(Status::NotFinite, t, Some(state as u32))),
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
        Some(state) => Err(Failure::of_state(Status::NotFinite, t, Some(state as u32))),
        // Only the sum is beyond all numbers.
        None => Ok(()),
    }
}

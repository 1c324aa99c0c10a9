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
mod modes;
mod schur;
#[cfg(test)]
mod tests;

use pmc_abi::Status;

use crate::solver::step::copy;
use crate::{Failure, Model, System};
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
    slab: &'a mut [f64],
    states: usize,
    form: Form,
    /// Time of the event.
    start: f64,
    /// The time for which the exponential is known; NaN if it is not. Records at regular times find it.
    known: f64,
}

/// The parts of a slab.
struct Slab<'a> {
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

impl<'a> Slab<'a> {
    fn cut(slab: &'a mut [f64], n: usize) -> Self {
        let (matrix, slab) = slab.split_at_mut(n * n);
        let (state, slab) = slab.split_at_mut(n);
        let (constant, slab) = slab.split_at_mut(n);
        let (scratch, slab) = slab.split_at_mut(n);
        let (modes, augmented) = slab.split_at_mut(Modes::length(n));
        Self { matrix, state, constant, scratch, modes: Modes::cut(modes, n), augmented }
    }
}

impl<'a> Propagator<'a> {
    /// Makes a propagator over a slab of at least [`propagator_length`] elements.
    pub fn new(slab: &'a mut [f64], states: usize) -> Self {
        Self { slab, states, form: Form::Unknown, start: 0.0, known: f64::NAN }
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
        let n = self.states;
        let mut slab = Slab::cut(self.slab, n);
        self.start = t;
        copy(slab.state, state);
        slab.scratch.fill(0.0);
        system.derivatives(t, slab.scratch, slab.constant);
        let fresh = slab.modes.room(n);
        system.jacobian(t, state, fresh, slab.scratch);
        check_finite(t, state, slab.constant, fresh)?;
        if self.form == Form::Unknown || fresh.iter().zip(&*slab.matrix).any(|(a, b)| a != b) {
            copy(slab.matrix, fresh);
            self.form = if slab.modes.find(slab.matrix) { Form::Modes } else { Form::Exponential };
        }
        if self.form == Form::Modes {
            slab.modes.start(slab.state, slab.constant);
        }
        self.known = f64::NAN;
        Ok(())
    }

    /// Writes the state at a time since the event.
    ///
    /// Fails if it has grown beyond all numbers.
    pub fn state_at(&mut self, t: f64, out: &mut [f64]) -> Result<(), Failure> {
        let mut slab = Slab::cut(self.slab, self.states);
        let h = t - self.start;
        match self.form {
            Form::Modes => slab.modes.evaluate(h, out),
            _ => {
                if self.known != h {
                    exponential::compute(slab.augmented, slab.matrix, slab.constant, h);
                    self.known = h;
                }
                exponential::apply(slab.augmented, slab.state, out);
            }
        }
        match out.iter().position(|value| !value.is_finite()) {
            Some(state) => Err(Failure { status: Status::NotFinite, time: t, state: Some(state as u32) }),
            None => Ok(()),
        }
    }
}

/// Fails if a component of a state, or a coefficient of its derivative, is not finite.
fn check_finite(t: f64, state: &[f64], constant: &[f64], matrix: &[f64]) -> Result<(), Failure> {
    let rows = matrix.chunks(state.len().max(1));
    for (row, ((state, constant), coefficients)) in (0..).zip(state.iter().zip(constant).zip(rows)) {
        let sum = coefficients.iter().fold(state.abs() + constant.abs(), |sum, value| sum + value.abs());
        if !sum.is_finite() {
            return Err(Failure { status: Status::NotFinite, time: t, state: Some(row) });
        }
    }
    Ok(())
}

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
use crate::solver::step::{clear, copy};
use crate::solver::tolerance::is_infinite_or_nan;
use crate::{Failure, Model, System};
pub(crate) use matrix::dot;
use modes::{Blocks, Mode, Modes};

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
    let modes = modes::each_length(states) + 4 * states * states + modes::series_length(states);
    modes + 1 + states * states + 3 * states + 3 * augmented
}

/// The solution since the last event.
///
/// Only what an observation needs is cut from its memory at once, since models that step never need it.
#[derive(Debug)]
pub struct Propagator<'a> {
    /// The number of states.
    n: usize,
    /// One of [`form`], or 0 where no matrix has been seen.
    form: f64,
    /// Time of the event.
    start: f64,
    /// The time for which the exponential is known; NaN if it is not. Records at regular times find it.
    known: f64,
    /// Numbers of the modes.
    each: &'a mut [Mode],
    /// What states are made of, as a matrix, row by row.
    vectors: &'a mut [f64],
    /// What modes are made of.
    inverse: &'a mut [f64],
    /// Memory for [`Parts`].
    rest: &'a mut [f64],
}

/// The parts of a propagator that wait to be cut.
struct Parts<'a> {
    /// One of [`form`], in an element of its own; anything else where no matrix has been seen.
    form: &'a mut [f64],
    modes: Modes<'a>,
    /// The constant part of the derivatives.
    constant: &'a mut [f64],
    /// The matrix, row by row.
    matrix: &'a mut [f64],
    /// State at the event.
    state: &'a mut [f64],
    scratch: &'a mut [f64],
    augmented: &'a mut [f64],
}

impl<'a> Propagator<'a> {
    /// Makes a propagator over a slab of at least [`propagator_length`] elements, or one that is of no use.
    pub fn new(mut slab: &'a mut [f64], n: usize) -> Self {
        let slab = &mut slab;
        let each = take(slab, modes::each_length(n)).as_chunks_mut().0;
        let vectors = take(slab, n * n);
        let inverse = take(slab, n * n);
        let rest = core::mem::take(slab);
        let form = found_form(rest);
        Self { n, form, start: 0.0, known: f64::NAN, each, vectors, inverse, rest }
    }

    /// Cuts the rest.
    #[inline(never)]
    fn parts(&mut self) -> Parts<'_> {
        let n = self.n;
        let mut slab = &mut *self.rest;
        let slab = &mut slab;
        let form = take(slab, 1);
        let constant = take(slab, n);
        let blocks = take(slab, n * n);
        let separation = take(slab, n * n);
        let series = take(slab, modes::series_length(n));
        Parts {
            modes: Modes {
                n,
                each: self.each,
                vectors: self.vectors,
                inverse: self.inverse,
                blocks,
                separation,
                series,
            },
            form,
            constant,
            matrix: take(slab, n * n),
            state: take(slab, n),
            scratch: take(slab, n),
            augmented: core::mem::take(slab),
        }
    }

    /// Starts at a time and state, after any event.
    ///
    /// Only where the right-hand side may have `turned` into another one since the last start is it looked at, and
    /// the matrix is taken apart only if it is not that of the last start. Fails if matrix or state are not finite.
    pub fn restart<M: Model>(
        &mut self,
        system: &mut System<'_, M>,
        t: f64,
        state: &[f64],
        turned: bool,
    ) -> Result<(), Failure> {
        self.start = t;
        if turned {
            self.turn(system, t, state)?;
        } else {
            check_finite(t, state, &[], &[])?;
        }
        match self.blocks() {
            Some(blocks) => {
                modes::enter(self.each, modes::START, self.inverse, state);
                if blocks == Blocks::Larger {
                    self.parts().modes.expand_blocks();
                }
            }
            None => copy(self.parts().state, state),
        }
        Ok(())
    }

    /// Looks at the right-hand side.
    #[inline(never)]
    fn turn<M: Model>(&mut self, system: &mut System<'_, M>, t: f64, state: &[f64]) -> Result<(), Failure> {
        self.known = f64::NAN;
        let was_found = self.form != 0.0;
        let Parts { form, mut modes, matrix, constant, scratch, .. } = self.parts();
        clear(scratch);
        system.derivatives(t, scratch, constant);
        let fresh = modes.room();
        system.jacobian(t, state, fresh, scratch);
        check_finite(t, state, constant, fresh)?;
        // Equal numbers; not a number, which memory may hold that no propagator has used, equals nothing.
        let is_known = was_found && fresh.iter().zip(&*matrix).all(|(a, b)| a == b);
        if !is_known {
            copy(matrix, fresh);
            let found = match modes.find(matrix) {
                Some(Blocks::Single) => form::MODES,
                Some(Blocks::Larger) => form::LARGER_MODES,
                None => form::EXPONENTIAL,
            };
            form.fill(found);
        }
        modes::enter(modes.each, modes::CONSTANT, modes.inverse, constant);
        self.form = found_form(form);
        Ok(())
    }

    /// Returns what blocks there are; `None` where the solution is by the exponential of the matrix.
    fn blocks(&self) -> Option<Blocks> {
        if self.form == form::MODES {
            Some(Blocks::Single)
        } else if self.form == form::LARGER_MODES {
            Some(Blocks::Larger)
        } else {
            None
        }
    }

    /// Writes the state at a time since the event.
    ///
    /// Fails if it has grown beyond all numbers.
    pub fn state_at(&mut self, t: f64, out: &mut [f64]) -> Result<(), Failure> {
        let h = t - self.start;
        if let Some(blocks) = self.blocks() {
            modes::evaluate(self.each, h);
            if blocks == Blocks::Larger {
                self.parts().modes.evaluate_blocks(h);
            }
            // The sum over all at once: that a component is beyond all numbers is the exception.
            if !is_infinite_or_nan(modes::combine(self.each, self.vectors, out)) {
                return Ok(());
            }
        } else {
            let known = core::mem::replace(&mut self.known, h);
            let Parts { matrix, constant, state, augmented, .. } = self.parts();
            if known != h {
                exponential::compute(augmented, matrix, constant, h);
            }
            exponential::apply(augmented, state, out);
        }
        match out.iter().position(|value| is_infinite_or_nan(value.abs())) {
            Some(state) => Err(Failure::of_state(Status::NotFinite, t, Some(state as u32))),
            None => Ok(()),
        }
    }
}

/// Returns one of [`form`] from where it is kept, or 0 where none is.
#[inline(never)]
fn found_form(kept: &[f64]) -> f64 {
    match kept.first() {
        Some(&form) if form == form::MODES || form == form::LARGER_MODES || form == form::EXPONENTIAL => form,
        _ => 0.0,
    }
}

/// Fails if a component of a state, or a coefficient of its derivative, is not finite.
#[inline(never)]
fn check_finite(t: f64, state: &[f64], constant: &[f64], matrix: &[f64]) -> Result<(), Failure> {
    let n = state.len();
    // All at once first: that there is something to find is the exception.
    if !is_infinite_or_nan(size(state) + size(constant) + size(matrix)) {
        return Ok(());
    }
    let row = |row: &usize| {
        let part =
            |values: &[f64], length| size(values.get(row * length..(row + 1) * length).unwrap_or_default());
        is_infinite_or_nan(part(state, 1) + part(constant, 1) + part(matrix, n))
    };
    match (0..n).find(row) {
        Some(state) => Err(Failure::of_state(Status::NotFinite, t, Some(state as u32))),
        // Only the sum is beyond all numbers.
        None => Ok(()),
    }
}

/// Returns the sum of the sizes of numbers.
#[inline(never)]
fn size(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum: f64, value| sum + value.abs())
}

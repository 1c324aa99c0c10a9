//! Where nothing changes: constant infusions that have always run, and states that start in equilibrium.
//!
//! Newton's method on the right-hand side with the model's own Jacobian, damped as an implicit step through time
//! whose length grows as the right-hand side vanishes (pseudo-transient continuation: C. T. Kelley and
//! D. E. Keyes, SIAM J. Numer. Anal. 35 (1998) 508). A linear system is solved in two or three steps; where a
//! plain Newton step would jump out of the model's domain, time leads there.

use pmc_abi::Status;

use super::Engine;
use crate::Model;
use crate::solver::{factorise, solve};

/// Most steps.
const STEPS: u32 = 400;

/// Stands for an entry of the Jacobian that is not written: no model computes it.
const UNTOUCHED: f64 = -1.234_567_890_123e-297;

/// Length of a step through time, relative to the fastest process, from which on it is as good as endless.
const ENOUGH: f64 = 1e12;

/// Longest step through time.
const LONGEST: f64 = 1e200;

/// Derivatives beside the flows that make them up, at an equilibrium.
const BALANCED: f64 = 1e-6;

/// Relative size of a step that is none.
const NEGLIGIBLE: f64 = 1e-10;

impl<M: Model> Engine<'_, M> {
    /// Brings the states that start in equilibrium there; the part behind [`Model::balance`].
    pub fn find_balance(&mut self) -> Result<(), Status> {
        let steady = self.descriptor.dynamics.steady;
        let n = self.state.len();
        let slab = core::mem::take(&mut self.steady_state);
        let mask = &mut slab[..n];
        mask.fill(0.0);
        for state in steady {
            mask[*state as usize] = 1.0;
        }
        let found = M::equilibrium(self, mask);
        self.steady_state = slab;
        found
    }

    /// Marks with 0 the states that nothing reads, which only add up what others do, and others with 1.
    pub(super) fn mark_accumulators(&mut self, mask: &mut [f64]) {
        let n = self.state.len();
        let (matrix, rest) = self.integrator.slab().split_at_mut(n * n);
        matrix.fill(UNTOUCHED);
        self.system.move_to(self.time);
        self.system.model.jacobian(self.time, self.system.frame, self.state, matrix, &mut rest[..n]);
        for (column, mask) in mask.iter_mut().enumerate() {
            let read = (0..n).any(|row| matrix[row * n + column] != UNTOUCHED);
            *mask = f64::from(u8::from(read));
        }
        self.jumped = true;
    }

    /// Changes the states whose mask is 1 so that their derivatives vanish, given the others; the part behind
    /// [`Model::equilibrium`].
    pub fn find_equilibrium(&mut self, mask: &[f64]) -> Result<(), Status> {
        let n = self.state.len();
        self.jumped = true;
        let (mut h, mut enough) = (0.0, f64::INFINITY);
        let mut before = f64::INFINITY;
        for _ in 0..STEPS {
            let (matrix, rest) = self.integrator.slab().split_at_mut(n * n);
            let (exchanges, rest) = rest.split_at_mut(n);
            let (slope, rest) = rest.split_at_mut(n);
            let time_derivative = &mut rest[..n];
            self.system.derivatives(self.time, self.state, slope);
            self.system.jacobian(self.time, self.state, matrix, time_derivative);
            let is_first = h == 0.0;
            if is_first {
                h = first_step(matrix, slope, self.state);
                enough = ENOUGH * h;
            }
            let residual = residual(slope, self.state, mask, enough / ENOUGH);
            if !residual.is_finite() {
                return Err(Status::NoSteadyState);
            }
            if residual == 0.0 {
                return Ok(());
            }
            let is_balanced = imbalance(matrix, slope, self.state, mask) <= BALANCED;
            if !is_first {
                h = longer(h, before / residual);
            }
            before = residual;
            for row in 0..n {
                let entries = &mut matrix[row * n..][..n];
                for (entry, mask) in entries.iter_mut().zip(mask) {
                    *entry *= -mask;
                }
                if mask[row] == 0.0 {
                    entries.fill(0.0);
                    slope[row] = 0.0;
                }
                entries[row] += 1.0 / h;
            }
            if !factorise(matrix, exchanges) {
                // Something grows just as fast as the step allows: a shorter one is none the worse.
                h *= 0.37;
                continue;
            }
            solve(matrix, exchanges, slope);
            let mut largest = 0.0;
            for (state, step) in self.state.iter_mut().zip(&*slope) {
                *state += step;
                let relative = step.abs() / (state.abs() + f64::MIN_POSITIVE);
                largest = if relative <= largest { largest } else { relative };
            }
            if largest <= NEGLIGIBLE && h >= enough && is_balanced {
                return Ok(());
            }
        }
        Err(Status::NoSteadyState)
    }
}

/// Returns how far from standing still a state is: the fastest change of a component, relative to all of the state
/// and to what `step` adds to it, so that a state of zeros is not infinitely far.
fn residual(slope: &[f64], state: &[f64], mask: &[f64], step: f64) -> f64 {
    let mut largest = 0.0;
    for (slope, _) in slope.iter().zip(mask).filter(|(_, mask)| **mask != 0.0) {
        let change = slope.abs();
        if change.is_nan() {
            return change;
        }
        largest = if largest < change { change } else { largest };
    }
    let scale = state.iter().fold(step * largest, |sum, state| sum + state.abs());
    largest / (scale + f64::MIN_POSITIVE)
}

/// Returns how large derivatives are beside the flows that make them up; infinity where nothing flows, so that a
/// steady stream into nowhere is no equilibrium.
fn imbalance(matrix: &[f64], slope: &[f64], state: &[f64], mask: &[f64]) -> f64 {
    let mut largest = 0.0;
    for ((row, slope), mask) in matrix.chunks(state.len().max(1)).zip(slope).zip(mask) {
        let flow: f64 = row.iter().zip(state).map(|(entry, state)| (entry * state).abs()).sum();
        let ratio = if *slope == 0.0 { 0.0 } else { mask * (slope / flow).abs() };
        largest = if ratio <= largest { largest } else { ratio };
    }
    largest
}

/// Returns a step through time that no process outruns.
pub(super) fn first_step(matrix: &[f64], slope: &[f64], state: &[f64]) -> f64 {
    let sum = |values: &[f64]| values.iter().fold(0.0, |sum: f64, value| sum + value.abs());
    let change = sum(slope);
    let mut norm = if change > 0.0 { change / (sum(state) + change) } else { f64::MIN_POSITIVE };
    for row in matrix.chunks(state.len().max(1)) {
        let sum: f64 = row.iter().map(|entry| entry.abs()).sum();
        norm = if sum > norm { sum } else { norm };
    }
    1.0 / norm
}

/// Returns the next step: longer by as much as the right-hand side has become smaller, and a little more.
fn longer(h: f64, gain: f64) -> f64 {
    let factor = if gain >= 1e3 || gain.is_nan() {
        1e6
    } else if gain < 0.5 {
        0.5
    } else {
        4.0 * gain
    };
    if h * factor < LONGEST { h * factor } else { LONGEST }
}

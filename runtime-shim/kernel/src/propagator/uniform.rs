//! Large linear systems of compartments by uniformisation (A. Jensen, Skand. Aktuarietidskr. 36 (1953) 87).
//!
//! With a rate `L` that no diagonal entry of `A` exceeds, a step of Euler's method of the length `1 / L`,
//! `E(v) = v + (A v + b) / L`, adds and takes away nothing that is not there, and
//!
//! `y(h) = Σ P(k; L h) Eᵏ(y(0))`
//!
//! with the probabilities `P` of a Poisson distribution: in the exponential series of `A = L (E − 1)` the part
//! `exp(−L h)` comes out, and `b` is the coefficient of one more state, which is always 1. There is no step size and no
//! estimate of errors. No term is negative where states are not, so nothing cancels, and amounts do not fall below zero.
//! The cost are evaluations of the right-hand side, `L h` and a few more, so entries that are zero cost nothing.
//!
//! Time since the last event is cut into pieces of `L h` = [16, 32 or 64](PIECES), and all `Eᵏ` of a piece are kept: the
//! state at any time in it is one more sum of them. Pieces start at the event and nowhere else, so nothing depends on
//! who looks when. Within a piece the exponential is not needed either: weights are divided by their sum.
//!
//! What was weighed: powers of a triangular or full matrix of `n²` numbers at each time, as [`modes`](super::modes) would
//! need for equal rates; series in `A` itself, and projections to Krylov's spaces, whose terms cancel and whose errors must be
//! estimated. A sum over the whole time to an event would take fewer evaluations but longer sums for each record.

use super::matrix::largest;
use crate::slab::take;
use crate::solver::step::copy;
use crate::solver::tolerance::is_infinite_or_nan;
use crate::solver::unplanned_length;
use crate::{Model, System};

/// Longest `L h` since an event, for each state. What is slower than that is better done by steps, which can be longer: at
/// a relative tolerance of 1e-6 they become cheaper at 24 to 60 for each state of a chain, and at 20 of tissues around blood.
const LONGEST: f64 = 24.0;

/// Lengths of pieces, as `L h`, with the terms that one may need.
pub(super) const PIECES: [(f64, usize); 3] = [(64.0, 143), (32.0, 91), (16.0, 61)];

/// Rows of the slab that hold no terms.
const OTHERS: usize = 4;

/// Weights that are left out, relative to the others.
const NEGLIGIBLE: f64 = f64::EPSILON / 4.0;

/// What a diagonal entry of `E` keeps at least, about: more than rounding takes away, and so much that what leaves a
/// state does not become subnormal within a piece, with which processors are slow.
const MARGIN: f64 = 1.0 / 32.0;

/// Size relative to the largest state below which a piece starts from zero instead, for the same reason.
const VANISHED: f64 = 1.0 / (1_u128 << 100) as f64 / (1_u128 << 100) as f64 / (1_u128 << 100) as f64;

/// Growth of all that there is, relative to `L`, that counts as none: over the terms of a piece it is a seventh.
const GROWTH: f64 = 1.0 / 1024.0;

/// A way from an event on, in the memory of an integrator.
pub(crate) struct Uniform<'a> {
    /// Time of the event.
    start: &'a mut f64,
    /// `L`; 0 where nothing moves.
    rate: &'a mut f64,
    /// `L h` at the start of the piece.
    before: &'a mut f64,
    /// Number of the last term that is known.
    known: &'a mut f64,
    weights: &'a mut [f64],
    /// The terms, one a row.
    terms: &'a mut [f64],
    states: usize,
    /// `L h` of a piece.
    piece: f64,
}

/// What a look at a state has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Pieces that are done.
    pub(crate) pieces: u32,
    /// Evaluations of the right-hand side.
    pub(crate) derivatives: u32,
}

impl<'a> Uniform<'a> {
    /// Cuts the slab of an integrator, if that is enough for a piece.
    pub(crate) fn cut(mut slab: &'a mut [f64], states: usize) -> Option<Self> {
        let slab = &mut slab;
        let room = (unplanned_length(states) / states.max(1)).checked_sub(OTHERS)?;
        let (piece, terms) = *PIECES.iter().find(|(_, terms)| *terms <= room)?;
        let ([start, rate, before, known], weights) =
            take(slab, OTHERS * states).split_first_chunk_mut::<4>()?;
        let (weights, _) = weights.split_at_mut_checked(terms)?;
        let terms = take(slab, terms * states);
        Some(Self { start, rate, before, known, weights, terms, states, piece })
    }

    /// Starts at a time and state, with a rate.
    pub(crate) fn start(&mut self, t: f64, state: &[f64], rate: f64) {
        (*self.start, *self.rate) = (t, rate);
        self.start_piece(0.0, state);
    }

    fn start_piece(&mut self, before: f64, state: &[f64]) {
        (*self.before, *self.known) = (before, 0.0);
        let vanished = VANISHED * largest(state);
        for (first, value) in self.terms.iter_mut().zip(state) {
            *first = if value.abs() < vanished { 0.0 } else { *value };
        }
    }

    /// Returns the time up to which the state is to be had.
    pub(crate) fn end(&self) -> f64 {
        *self.start + LONGEST * self.states as f64 / *self.rate
    }

    /// Writes the state at a time that is not before the last piece; returns what that has cost.
    pub(crate) fn state_at<M: Model>(&mut self, system: &mut System<'_, M>, t: f64, out: &mut [f64]) -> Cost {
        let mut cost = Cost::default();
        loop {
            let length = *self.rate * (t - *self.start) - *self.before;
            let is_beyond = length > self.piece;
            let count = weigh(self.weights, if is_beyond { self.piece } else { length });
            cost.derivatives += self.find_terms(system, count);
            if *self.rate == 0.0 {
                copy(out, self.terms);
                return cost;
            }
            add_up(self.weights.get(..count).unwrap_or_default(), self.terms, out);
            if !is_beyond {
                return cost;
            }
            cost.pieces += 1;
            self.start_piece(*self.before + self.piece, out);
        }
    }

    /// Computes terms until so many are known, if they do not stand still; returns the evaluations of the right-hand
    /// side.
    fn find_terms<M: Model>(&mut self, system: &mut System<'_, M>, count: usize) -> u32 {
        let mut evaluations = 0;
        let length = 1.0 / *self.rate;
        while *self.rate != 0.0 && *self.known + 1.0 < count as f64 {
            let first = *self.known as usize * self.states;
            let Some(rows) = self.terms.get_mut(first..first + 2 * self.states) else { break };
            let (last, next) = rows.split_at_mut(self.states);
            system.derivatives(*self.start, last, next);
            evaluations += 1;
            if *self.known == 0.0 && next.iter().all(|slope| *slope == 0.0) {
                *self.rate = 0.0;
            }
            *self.known += 1.0;
            step(last, next, length);
        }
        evaluations
    }
}

/// Replaces derivatives at a state by the state a step further.
#[inline(never)]
fn step(state: &[f64], next: &mut [f64], length: f64) {
    for (next, state) in next.iter_mut().zip(state) {
        *next = state + *next * length;
    }
}

/// Writes the probabilities of a Poisson distribution with a mean, from that of 0 on; returns how many there are until
/// the rest is negligible, also beside those of 1 and more.
pub(super) fn weigh(weights: &mut [f64], mean: f64) -> usize {
    let (mut weight, mut sum, mut count) = (1.0, 0.0, 1);
    for (place, number) in weights.iter_mut().zip(0_u32..) {
        let number = f64::from(number);
        if number > 0.0 {
            weight *= mean / number;
            sum += weight;
            count += 1;
        }
        *place = weight;
        // What follows is less than a geometric series.
        if weight * mean <= NEGLIGIBLE * sum * (number + 1.0 - mean) {
            break;
        }
    }
    let whole = 1.0 + sum;
    for weight in weights.iter_mut().take(count) {
        *weight /= whole;
    }
    count
}

/// Writes the sum of rows with weights.
#[inline(never)]
fn add_up(weights: &[f64], rows: &[f64], out: &mut [f64]) {
    out.fill(0.0);
    let n = out.len();
    let (fours, rest) = weights.as_chunks::<4>();
    let mut rows = rows;
    for [a, b, c, d] in fours {
        let Some((four, others)) = rows.split_at_checked(4 * n) else { return };
        rows = others;
        let (first, last) = four.split_at(2 * n);
        let ((first, second), (third, fourth)) = (first.split_at(n), last.split_at(n));
        let four = first.iter().zip(second).zip(third.iter().zip(fourth));
        for (out, ((first, second), (third, fourth))) in out.iter_mut().zip(four) {
            *out += (a * first + b * second) + (c * third + d * fourth);
        }
    }
    for weight in rest {
        let Some((row, others)) = rows.split_at_checked(n) else { return };
        rows = others;
        for (out, value) in out.iter_mut().zip(row) {
            *out += weight * value;
        }
    }
}

/// Returns whether a jump comes too late for a rate; it is not known where it lies at infinity.
pub(crate) fn is_too_far(rate: f64, length: f64, states: usize) -> bool {
    LONGEST * (states as f64) < rate * length && length < f64::INFINITY
}

/// Returns `L` for a matrix of compartments, and nothing for others: entries beside the diagonal must not be negative,
/// and what enters each state, or what leaves it, must not be more than what it loses.
///
/// Rows of accumulators may be anything, since nothing follows from them. `columns` is room for a row.
#[inline(never)]
pub(crate) fn rate(matrix: &[f64], accumulators: &[u32], columns: &mut [f64]) -> Option<f64> {
    columns.fill(0.0);
    let (mut fastest, mut most, mut all) = (0.0, 0.0, 0.0);
    for (row, entries) in matrix.chunks_exact(columns.len().max(1)).enumerate() {
        if accumulators.contains(&(row as u32)) {
            continue;
        }
        let diagonal = entries.get(row)?.abs();
        fastest = if diagonal > fastest { diagonal } else { fastest };
        let mut sum = 0.0;
        for (index, (entry, column)) in entries.iter().zip(&mut *columns).enumerate() {
            if *entry == 0.0 {
                continue;
            }
            if *entry < 0.0 && index != row {
                return None;
            }
            *column += entry;
            sum += entry;
        }
        most = if sum > most { sum } else { most };
        all += sum;
    }
    let highest = columns.iter().fold(0.0, |highest, sum| if *sum > highest { *sum } else { highest });
    let least = if most < highest { most } else { highest };
    let is_sound = !is_infinite_or_nan(all) && fastest > 0.0 && least <= GROWTH * fastest;
    is_sound.then_some((1.0 + MARGIN) * fastest)
}

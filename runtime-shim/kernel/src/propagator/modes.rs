//! The solution by modes.
//!
//! With `A = V D W`, `W = V⁻¹` and block-diagonal `D`, the modes `w = W y` are independent of each other, block by
//! block: `w' = (μ + N) w + d` with a number μ, a small or nilpotent `N` and `d = W b`. A block of one mode has
//!
//! `w(h) = w(0) + (μ w(0) + d) (exp(μ h) − 1) / μ`,
//!
//! which loses no digits for slow modes; without `d` the other form `w(0) exp(μ h)` loses none for fast ones. A
//! larger block has `w(h) = p + exp(μ h) Σ hᵏ Nᵏ (w(0) − p) / k!` with `(μ + N) p = −d`; if μ is zero, `p` is left
//! out and `d` enters the series.

use crate::slab::take;
use crate::solver::step::copy;

use super::blocks;
use super::matrix::{get, largest, multiply, set};
use super::schur::Schur;

/// Most terms of a series.
const TERMS: usize = 40;

/// Relative size of the first term that is left out.
const NEGLIGIBLE: f64 = 1e-15;

/// Below this the exponential of `μ h` is zero.
const VANISHED: f64 = -746.0;

/// What blocks there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blocks {
    /// Of one mode each.
    Single,
    /// Some of several modes.
    Larger,
}

/// Matrices and vectors, cut from one slab.
#[derive(Debug)]
pub(super) struct Modes<'a> {
    n: usize,
    /// `D`, row by row.
    blocks: &'a mut [f64],
    /// `V`, row by row.
    vectors: &'a mut [f64],
    /// `W`, row by row.
    inverse: &'a mut [f64],
    /// `S` while it is needed.
    separation: &'a mut [f64],
    /// For each mode the first one of its block.
    first: &'a mut [f64],
    /// The mean eigenvalue of the block of each mode.
    mean: &'a mut [f64],
    /// The number of terms of the series of each block, at its first mode.
    terms: &'a mut [f64],
    /// Modes at the event.
    start: &'a mut [f64],
    /// Modes of the constant part of the derivatives.
    constant: &'a mut [f64],
    /// Constant solutions of larger blocks.
    particular: &'a mut [f64],
    /// Modes at the time at hand.
    now: &'a mut [f64],
    /// Terms of the series of larger blocks: those of one mode side by side.
    series: &'a mut [f64],
}

impl<'a> Modes<'a> {
    /// Returns the length of the slab for this many states.
    pub(super) const fn length(n: usize) -> usize {
        n * (4 * n + 7 + TERMS)
    }

    /// Cuts a slab of that length.
    pub(super) fn cut(mut slab: &'a mut [f64], n: usize) -> Self {
        let slab = &mut slab;
        Self {
            n,
            blocks: take(slab, n * n),
            vectors: take(slab, n * n),
            inverse: take(slab, n * n),
            separation: take(slab, n * n),
            first: take(slab, n),
            mean: take(slab, n),
            terms: take(slab, n),
            start: take(slab, n),
            constant: take(slab, n),
            particular: take(slab, n),
            now: take(slab, n),
            series: take(slab, n * TERMS),
        }
    }

    /// Returns room for a matrix that is free between evaluations.
    pub(super) fn room(&mut self) -> &mut [f64] {
        self.separation
    }

    /// Finds the modes of a matrix, if they can be had without loss of digits.
    #[inline(never)]
    pub(super) fn find(&mut self, matrix: &[f64]) -> Option<Blocks> {
        let n = self.n;
        copy(self.blocks, matrix);
        let scale = largest(matrix);
        let mut schur = Schur { n, t: self.blocks, q: self.vectors };
        if !schur.run() {
            return None;
        }
        if blocks::must_sort(schur.t, n, scale) {
            schur.sort();
        }
        blocks::find(self.blocks, n, scale, self.first);
        if !blocks::separate(self.blocks, self.separation, self.first, n) {
            return None;
        }
        self.invert();
        self.settle(scale)
    }

    /// Computes `V = Q S` and `W = S⁻¹ Qᵀ` from `Q`, which stands in the place of `V`, and `S`.
    #[inline(never)]
    fn invert(&mut self) {
        let n = self.n;
        for i in (0..n).rev() {
            for j in 0..n {
                let known = (i + 1..n).map(|k| get(self.separation, n, i, k) * get(self.inverse, n, k, j));
                let value = get(self.vectors, n, j, i) - known.sum::<f64>();
                set(self.inverse, n, i, j, value);
            }
        }
        for i in 0..n {
            for j in (0..n).rev() {
                let terms = (0..=j).map(|k| get(self.vectors, n, i, k) * get(self.separation, n, k, j));
                let value = terms.sum();
                set(self.vectors, n, i, j, value);
            }
        }
    }

    /// Splits each block into the mean of its eigenvalues and the rest, and notes how many terms its series has;
    /// returns what blocks there are, if their terms are few enough.
    #[inline(never)]
    fn settle(&mut self, scale: f64) -> Option<Blocks> {
        let n = self.n;
        let mut kind = Blocks::Single;
        let mut start = 0;
        while start < n {
            let end = self.end(start);
            let size = end - start;
            if size > 1 {
                kind = Blocks::Larger;
            }
            let eigenvalues = (start..end).map(|i| get(self.blocks, n, i, i));
            let mut mean = eigenvalues.sum::<f64>() / size as f64;
            if size > 1 && mean.abs() <= blocks::CLOSE_TO_ZERO * scale {
                mean = 0.0;
            }
            let mut spread = 0.0;
            for i in start..end {
                let distance = get(self.blocks, n, i, i) - mean;
                set(self.blocks, n, i, i, distance);
                spread = if distance.abs() > spread { distance.abs() } else { spread };
                put(self.mean, i, mean);
            }
            let terms = terms(size, spread, mean)?;
            put(self.terms, start, terms as f64);
            start = end;
        }
        Some(kind)
    }

    /// Returns the end of the block that starts at a mode.
    fn end(&self, start: usize) -> usize {
        let rest = self.first.get(start..).unwrap_or_default();
        start + rest.iter().take_while(|first| **first as usize == start).count()
    }

    /// Starts from a state with constant parts of the derivatives, or with those of the last start.
    pub(super) fn start(&mut self, state: &[f64], constant: Option<&[f64]>, blocks: Blocks) {
        let n = self.n;
        multiply(self.inverse, state, self.start);
        if let Some(constant) = constant {
            multiply(self.inverse, constant, self.constant);
        }
        let mut start = 0;
        while blocks == Blocks::Larger && start < n {
            let end = self.end(start);
            if end - start > 1 {
                self.expand(start, end);
            }
            start = end;
        }
    }

    /// Solves `(μ + N) p = −d` for a block, from its last row, and computes the terms of its series. Where μ is
    /// zero, `p` is.
    #[inline(never)]
    fn expand(&mut self, start: usize, end: usize) {
        let n = self.n;
        let (mean, terms) = (at(self.mean, start), at(self.terms, start) as usize);
        for i in (start..end).rev() {
            let known: f64 = (i + 1..end).map(|k| get(self.blocks, n, i, k) * at(self.particular, k)).sum();
            let sum = -(at(self.constant, i) + known);
            let value = if mean == 0.0 { 0.0 } else { sum / (mean + get(self.blocks, n, i, i)) };
            put(self.particular, i, value);
            put(self.series, i * TERMS, at(self.start, i) - value);
        }
        for term in 1..terms {
            for i in start..end {
                let product = |k: usize| get(self.blocks, n, i, k) * at(self.series, k * TERMS + term - 1);
                let mut sum: f64 = (i..end).map(product).sum();
                if term == 1 && mean == 0.0 {
                    sum += at(self.constant, i);
                }
                put(self.series, i * TERMS + term, sum / term as f64);
            }
        }
    }

    /// Writes the state `h` after the start; returns the sum of the sizes of its components.
    pub(super) fn evaluate(&mut self, h: f64, blocks: Blocks, out: &mut [f64]) -> f64 {
        // One mode a block without a constant part is the rule; the loop makes no calls, so that what it needs stays
        // in registers. All else is put right afterwards.
        let mut common = true;
        let modes = self.mean.iter().zip(&*self.start).zip(&*self.constant);
        for (((mean, start), constant), now) in modes.zip(&mut *self.now) {
            if *constant != 0.0 {
                common = false;
            } else if *start == 0.0 {
                // Nothing grows from nothing, however fast.
                *now = 0.0;
            } else if let Some(factor) = pmc_math::exp_if_ordinary(mean * h) {
                *now = start * factor;
            } else {
                common = false;
            }
        }
        if !common {
            self.uncommon_at(h);
        }
        if blocks == Blocks::Larger {
            self.blocks_at(h);
        }
        multiply(self.vectors, self.now, out)
    }

    /// Computes all modes at a time as if each were a block.
    #[inline(never)]
    fn uncommon_at(&mut self, h: f64) {
        let modes = self.mean.iter().zip(&*self.start).zip(&*self.constant);
        for (((mean, start), constant), now) in modes.zip(&mut *self.now) {
            *now = single(*mean, *start, *constant, h);
        }
    }

    /// Computes the modes of larger blocks at a time.
    #[inline(never)]
    fn blocks_at(&mut self, h: f64) {
        let mut mode = 0;
        while mode < self.n {
            let end = self.end(mode);
            if end - mode > 1 {
                self.block(mode, end, h);
            }
            mode = end;
        }
    }

    #[inline(never)]
    fn block(&mut self, start: usize, end: usize, h: f64) {
        let exponent = at(self.mean, start) * h;
        let factor = if exponent < VANISHED { 0.0 } else { pmc_math::exp(exponent) };
        let terms = at(self.terms, start) as usize;
        for i in start..end {
            let sum = (0..terms).rev().fold(0.0, |sum, term| sum * h + at(self.series, i * TERMS + term));
            // A sum may be infinite where the factor has vanished.
            let rest = if factor == 0.0 || sum == 0.0 { 0.0 } else { factor * sum };
            put(self.now, i, at(self.particular, i) + rest);
        }
    }
}

/// Returns a mode `h` after a start, given its eigenvalue and the constant part of its derivative.
fn single(mean: f64, start: f64, constant: f64, h: f64) -> f64 {
    if constant == 0.0 {
        // Nothing grows from nothing, however fast.
        if start == 0.0 { 0.0 } else { start * pmc_math::exp(mean * h) }
    } else if mean == 0.0 {
        start + constant * h
    } else {
        start + (mean * start + constant) / mean * pmc_math::expm1(mean * h)
    }
}

/// Returns how many terms the series of a block has, if they are few enough.
///
/// The k-th one is largest, relative to the start of the block, by about (spread / mean)ᵏ from the size of the
/// block on.
fn terms(size: usize, spread: f64, mean: f64) -> Option<usize> {
    let mut terms = size + usize::from(mean == 0.0);
    if mean != 0.0 {
        let ratio = spread / mean.abs();
        let mut power = ratio;
        while power > NEGLIGIBLE && terms < TERMS {
            power *= ratio;
            terms += 1;
        }
    }
    (terms < TERMS).then_some(terms)
}

/// Returns an element; zero outside.
fn at(vector: &[f64], index: usize) -> f64 {
    vector.get(index).copied().unwrap_or(0.0)
}

/// Writes an element; nothing outside.
fn put(vector: &mut [f64], index: usize, value: f64) {
    if let Some(place) = vector.get_mut(index) {
        *place = value;
    }
}

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

use crate::solver::step::copy;

use super::blocks;
use super::matrix::{get, largest, set};
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

/// What is known of a mode, as offsets in its numbers: side by side, so that one walk through memory meets all.
mod of_mode {
    /// The mean eigenvalue of its block.
    pub(in crate::propagator) const MEAN: usize = 0;
    /// Its value at the event.
    pub(in crate::propagator) const START: usize = 1;
    /// Its part of the constant part of the derivatives.
    pub(in crate::propagator) const CONSTANT: usize = 2;
    /// Its value at the time at hand.
    pub(in crate::propagator) const NOW: usize = 3;
    /// The first mode of its block.
    pub(in crate::propagator) const FIRST: usize = 4;
    /// The number of terms of the series of its block, at the first mode of that.
    pub(in crate::propagator) const TERMS: usize = 5;
    /// The constant solution of a larger block.
    pub(in crate::propagator) const PARTICULAR: usize = 6;
}

pub(super) use of_mode::{CONSTANT, START};
use of_mode::{FIRST, MEAN, NOW, PARTICULAR};

/// Numbers of a mode: a power of two, so that counting modes is no division.
const LENGTH: usize = 8;

/// Numbers of a mode; see [`of_mode`].
pub(super) type Mode = [f64; LENGTH];

/// Returns how many `f64`s the numbers of all modes take.
pub(super) const fn each_length(n: usize) -> usize {
    n * LENGTH
}

/// Matrices and vectors.
#[derive(Debug)]
pub(super) struct Modes<'a> {
    pub(super) n: usize,
    /// Numbers of the modes.
    pub(super) each: &'a mut [Mode],
    /// `V`, row by row.
    pub(super) vectors: &'a mut [f64],
    /// `W`, row by row.
    pub(super) inverse: &'a mut [f64],
    /// `D`, row by row.
    pub(super) blocks: &'a mut [f64],
    /// `S` while it is needed.
    pub(super) separation: &'a mut [f64],
    /// Terms of the series of larger blocks: those of one mode side by side.
    pub(super) series: &'a mut [f64],
}

/// Returns the length of the series for this many states.
pub(super) const fn series_length(n: usize) -> usize {
    n * TERMS
}

impl Modes<'_> {
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
        let firsts = blocks::find(self.blocks, n, scale);
        for (mode, first) in self.each.iter_mut().zip(firsts) {
            mode[FIRST] = first as f64;
        }
        let firsts = self.each.iter().map(|mode| mode[FIRST] as usize);
        if !blocks::separate(self.blocks, self.separation, firsts, n) {
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
                self.put(i, MEAN, mean);
            }
            let terms = terms(size, spread, mean)?;
            self.put(start, of_mode::TERMS, terms as f64);
            start = end;
        }
        Some(kind)
    }

    /// Returns the end of the block that starts at a mode.
    fn end(&self, start: usize) -> usize {
        let rest = self.each.get(start..).unwrap_or_default();
        start + rest.iter().take_while(|mode| mode[FIRST] as usize == start).count()
    }

    /// Prepares the series of larger blocks after a start.
    #[inline(never)]
    pub(super) fn expand_blocks(&mut self) {
        self.for_larger_blocks(Self::expand);
    }

    /// Computes the modes of larger blocks at a time `h` after the start.
    #[inline(never)]
    pub(super) fn evaluate_blocks(&mut self, h: f64) {
        self.for_larger_blocks(|modes, start, end| modes.block(start, end, h));
    }

    fn for_larger_blocks(&mut self, work: impl Fn(&mut Self, usize, usize)) {
        let mut start = 0;
        while start < self.n {
            let end = self.end(start);
            if end - start > 1 {
                work(self, start, end);
            }
            start = end;
        }
    }

    /// Solves `(μ + N) p = −d` for a block, from its last row, and computes the terms of its series. Where μ is
    /// zero, `p` is.
    #[inline(never)]
    fn expand(&mut self, start: usize, end: usize) {
        let n = self.n;
        let (mean, terms) = (self.at(start, MEAN), self.at(start, of_mode::TERMS) as usize);
        for i in (start..end).rev() {
            let known: f64 = (i + 1..end).map(|k| get(self.blocks, n, i, k) * self.at(k, PARTICULAR)).sum();
            let sum = -(self.at(i, CONSTANT) + known);
            let value = if mean == 0.0 { 0.0 } else { sum / (mean + get(self.blocks, n, i, i)) };
            self.put(i, PARTICULAR, value);
            set(self.series, TERMS, i, 0, self.at(i, START) - value);
        }
        for term in 1..terms {
            for i in start..end {
                let product = |k: usize| get(self.blocks, n, i, k) * get(self.series, TERMS, k, term - 1);
                let mut sum: f64 = (i..end).map(product).sum();
                if term == 1 && mean == 0.0 {
                    sum += self.at(i, CONSTANT);
                }
                set(self.series, TERMS, i, term, sum / term as f64);
            }
        }
    }

    #[inline(never)]
    fn block(&mut self, start: usize, end: usize, h: f64) {
        let exponent = self.at(start, MEAN) * h;
        let factor = if exponent < VANISHED { 0.0 } else { pmc_math::exp(exponent) };
        let terms = self.at(start, of_mode::TERMS) as usize;
        for i in start..end {
            let sum = (0..terms).rev().fold(0.0, |sum, term| sum * h + get(self.series, TERMS, i, term));
            // A sum may be infinite where the factor has vanished.
            let rest = if factor == 0.0 || sum == 0.0 { 0.0 } else { factor * sum };
            self.put(i, NOW, self.at(i, PARTICULAR) + rest);
        }
    }

    /// Returns a number of a mode.
    #[inline(never)]
    fn at(&self, mode: usize, offset: usize) -> f64 {
        self.each.get(mode).map_or(0.0, |mode| mode[offset])
    }

    /// Writes a number of a mode.
    #[inline(never)]
    fn put(&mut self, mode: usize, offset: usize, value: f64) {
        if let Some(mode) = self.each.get_mut(mode) {
            mode[offset] = value;
        }
    }
}

/// Writes a number of each mode: what a state, or a constant part of the derivatives, is in terms of modes; `inverse`
/// is `W`.
#[inline(never)]
pub(super) fn enter(each: &mut [Mode], offset: usize, inverse: &[f64], vector: &[f64]) {
    let mut rest = inverse;
    for mode in each {
        let Some((row, rows)) = rest.split_at_checked(vector.len()) else { return };
        rest = rows;
        mode[offset % LENGTH] = dot(row, vector);
    }
}

/// Computes modes at a time `h` after the start as if each were a block.
///
/// One mode a block without a constant part is the rule; its loop makes no calls, so that what it needs stays in
/// registers. All else is put right afterwards.
#[allow(clippy::inline_always, reason = "what an observation costs")]
#[inline(always)]
pub(super) fn evaluate(each: &mut [Mode], h: f64) {
    let mut common = true;
    for mode in &mut *each {
        let [mean, start, constant, now, ..] = mode;
        if *constant != 0.0 {
            common = false;
        } else if *start == 0.0 {
            // Nothing grows from nothing, however fast.
            *now = 0.0;
        } else if let Some(factor) = pmc_math::exp_if_ordinary(*mean * h) {
            *now = *start * factor;
        } else {
            common = false;
        }
    }
    if !common {
        evaluate_uncommon(each, h);
    }
}

/// Writes the state that modes make up, given `V`; returns the sum of the sizes of its components.
#[allow(clippy::inline_always, reason = "what an observation costs")]
#[inline(always)]
pub(super) fn combine(each: &[Mode], vectors: &[f64], out: &mut [f64]) -> f64 {
    let mut rest = vectors;
    let mut size = 0.0;
    for out in out {
        let Some((row, rows)) = rest.split_at_checked(each.len()) else { return size };
        rest = rows;
        let mut sum = 0.0;
        for (weight, mode) in row.iter().zip(each) {
            sum += weight * mode[NOW];
        }
        *out = sum;
        size += sum.abs();
    }
    size
}

/// The same for modes of any kind.
#[inline(never)]
fn evaluate_uncommon(each: &mut [Mode], h: f64) {
    for mode in each {
        mode[NOW] = single(mode[MEAN], mode[START], mode[CONSTANT], h);
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

/// Returns the sum of products of the entries that both have.
#[allow(clippy::inline_always, reason = "what a dose costs")]
#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += a * b;
    }
    sum
}

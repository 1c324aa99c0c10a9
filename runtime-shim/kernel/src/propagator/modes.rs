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
use super::schur::Schur;

/// Most terms of a series.
const TERMS: usize = 40;

/// Relative size of the first term that is left out.
const NEGLIGIBLE: f64 = 1e-15;

/// Below this the exponential of `μ h` is zero.
const VANISHED: f64 = -746.0;

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

    pub(super) fn cut(slab: &'a mut [f64], n: usize) -> Self {
        let (blocks, slab) = slab.split_at_mut(n * n);
        let (vectors, slab) = slab.split_at_mut(n * n);
        let (inverse, slab) = slab.split_at_mut(n * n);
        let (separation, slab) = slab.split_at_mut(n * n);
        let (first, slab) = slab.split_at_mut(n);
        let (mean, slab) = slab.split_at_mut(n);
        let (terms, slab) = slab.split_at_mut(n);
        let (start, slab) = slab.split_at_mut(n);
        let (constant, slab) = slab.split_at_mut(n);
        let (particular, slab) = slab.split_at_mut(n);
        let (now, series) = slab.split_at_mut(n);
        Self {
            n,
            blocks,
            vectors,
            inverse,
            separation,
            first,
            mean,
            terms,
            start,
            constant,
            particular,
            now,
            series,
        }
    }

    /// Returns room for a matrix that is free between evaluations.
    pub(super) fn room(&mut self, n: usize) -> &mut [f64] {
        &mut self.separation[..n * n]
    }

    /// Finds the modes of a matrix; returns whether they can be had without loss of digits.
    pub(super) fn find(&mut self, matrix: &[f64]) -> bool {
        let n = self.n;
        copy(self.blocks, matrix);
        let scale =
            matrix.iter().fold(0.0, |scale, entry| if entry.abs() > scale { entry.abs() } else { scale });
        let mut schur = Schur { n, t: self.blocks, q: self.vectors };
        if !schur.run() {
            return false;
        }
        if blocks::must_sort(schur.t, n, scale) {
            schur.sort();
        }
        blocks::find(self.blocks, n, scale, self.first);
        if !blocks::separate(self.blocks, self.separation, self.first, n) {
            return false;
        }
        self.invert();
        self.settle(scale)
    }

    /// Computes `V = Q S` and `W = S⁻¹ Qᵀ` from `Q`, which stands in the place of `V`, and `S`.
    fn invert(&mut self) {
        let n = self.n;
        for i in 0..n {
            for j in 0..n {
                self.inverse[i * n + j] = self.vectors[j * n + i];
            }
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                let factor = self.separation[i * n + k];
                if factor != 0.0 {
                    for j in 0..n {
                        self.inverse[i * n + j] -= factor * self.inverse[k * n + j];
                    }
                }
            }
        }
        for row in self.vectors.chunks_mut(n) {
            for j in (0..n).rev() {
                row[j] += (0..j).map(|k| row[k] * self.separation[k * n + j]).sum::<f64>();
            }
        }
    }

    /// Splits each block into the mean of its eigenvalues and the rest, and notes how many terms its series has;
    /// returns whether they are few enough.
    fn settle(&mut self, scale: f64) -> bool {
        let n = self.n;
        let mut start = 0;
        while start < n {
            let end = self.end(start);
            let size = end - start;
            let sum: f64 = (start..end).map(|i| self.blocks[i * (n + 1)]).sum();
            let mut mean = sum / size as f64;
            if size > 1 && mean.abs() <= blocks::CLOSE_TO_ZERO * scale {
                mean = 0.0;
            }
            let mut spread = 0.0;
            for i in start..end {
                let distance = self.blocks[i * (n + 1)] - mean;
                self.blocks[i * (n + 1)] = if size > 1 { distance } else { 0.0 };
                spread = if distance.abs() > spread { distance.abs() } else { spread };
            }
            let Some(terms) = terms(size, spread, mean) else { return false };
            self.mean[start..end].fill(mean);
            self.terms[start] = terms as f64;
            start = end;
        }
        true
    }

    /// Returns the end of the block that starts at a mode.
    fn end(&self, start: usize) -> usize {
        (start + 1..self.n).find(|row| self.first[*row] as usize != start).unwrap_or(self.n)
    }

    /// Starts from a state with constant parts of the derivatives.
    pub(super) fn start(&mut self, state: &[f64], constant: &[f64]) {
        let n = self.n;
        for (row, weights) in self.inverse.chunks(n).enumerate() {
            self.start[row] = dot(weights, state);
            self.constant[row] = dot(weights, constant);
        }
        let mut start = 0;
        while start < n {
            let end = self.end(start);
            if end - start > 1 {
                self.particular(start, end);
                self.expand(start, end);
            }
            start = end;
        }
    }

    /// Solves `(μ + N) p = −d` for a block, from its last row; zero where μ is.
    fn particular(&mut self, start: usize, end: usize) {
        let n = self.n;
        let mean = self.mean[start];
        for i in (start..end).rev() {
            let known: f64 = (i + 1..end).map(|k| self.blocks[i * n + k] * self.particular[k]).sum();
            let diagonal = mean + self.blocks[i * (n + 1)];
            self.particular[i] = if mean == 0.0 { 0.0 } else { -(self.constant[i] + known) / diagonal };
        }
    }

    /// Computes the terms of the series of a block.
    fn expand(&mut self, start: usize, end: usize) {
        let n = self.n;
        for i in start..end {
            self.series[i * TERMS] = self.start[i] - self.particular[i];
        }
        for term in 1..self.terms[start] as usize {
            for i in start..end {
                let product = |k: usize| self.blocks[i * n + k] * self.series[k * TERMS + term - 1];
                let mut sum: f64 = (i..end).map(product).sum();
                if term == 1 && self.mean[start] == 0.0 {
                    sum += self.constant[i];
                }
                self.series[i * TERMS + term] = sum / term as f64;
            }
        }
    }

    /// Writes the state `h` after the start.
    pub(super) fn evaluate(&mut self, h: f64, out: &mut [f64]) {
        let n = self.n;
        let mut start = 0;
        while start < n {
            let end = self.end(start);
            if end - start == 1 {
                self.now[start] = self.single(start, h);
            } else {
                self.block(start, end, h);
            }
            start = end;
        }
        for (weights, out) in self.vectors.chunks(n).zip(out) {
            *out = dot(weights, self.now);
        }
    }

    fn single(&self, mode: usize, h: f64) -> f64 {
        let (mean, start, constant) = (self.mean[mode], self.start[mode], self.constant[mode]);
        if mean == 0.0 {
            start + constant * h
        } else if constant == 0.0 {
            start * pmc_math::exp(mean * h)
        } else {
            start + (mean * start + constant) / mean * pmc_math::expm1(mean * h)
        }
    }

    fn block(&mut self, start: usize, end: usize, h: f64) {
        let exponent = self.mean[start] * h;
        let factor = if exponent < VANISHED { 0.0 } else { pmc_math::exp(exponent) };
        for i in start..end {
            let terms = &self.series[i * TERMS..][..self.terms[start] as usize];
            let sum = terms.iter().rev().fold(0.0, |sum, term| sum * h + term);
            self.now[i] = if factor == 0.0 { self.particular[i] } else { self.particular[i] + factor * sum };
        }
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

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

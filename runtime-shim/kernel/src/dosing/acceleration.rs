//! Acceleration of a sequence that approaches a fixed point: D. G. Anderson, J. ACM 12 (1965) 547, in the form of
//! H. F. Walker and P. Ni, SIAM J. Numer. Anal. 49 (2011) 1715.
//!
//! The next point is where the change would vanish if the map were linear on the space of the last few points.
//! On a linear system with `n` states it is exact after `n` points; what decays fast needs no acceleration.

use crate::solver::step::copy;

/// Most differences of points that are kept.
const DEPTH: usize = 6;

/// Differences that are shorter than this part of themselves after the others have been taken out are dropped.
const INDEPENDENT: f64 = 1e-9;

/// The last points of a sequence, newest last, and their changes.
pub(super) struct Acceleration<'a> {
    n: usize,
    /// How many differences are kept.
    depth: usize,
    /// Whether a point has been seen.
    begun: bool,
    point: &'a mut [f64],
    change: &'a mut [f64],
    /// Differences of points, one after the other.
    points: &'a mut [f64],
    /// Differences of changes.
    changes: &'a mut [f64],
    /// Differences of weighted changes, made orthogonal, and what they are differences of.
    basis: &'a mut [f64],
    images: &'a mut [f64],
}

impl<'a> Acceleration<'a> {
    /// Returns the length of the slab for this many states.
    pub(super) const fn length(n: usize) -> usize {
        n * (2 + 4 * DEPTH)
    }

    pub(super) fn new(slab: &'a mut [f64], n: usize) -> Self {
        let (point, slab) = slab.split_at_mut(n);
        let (change, slab) = slab.split_at_mut(n);
        let (points, slab) = slab.split_at_mut(n * DEPTH);
        let (changes, slab) = slab.split_at_mut(n * DEPTH);
        let (basis, images) = slab.split_at_mut(n * DEPTH);
        Self { n, depth: 0, begun: false, point, change, points, changes, basis, images }
    }

    /// Forgets all points.
    pub(super) fn forget(&mut self) {
        self.depth = 0;
        self.begun = false;
    }

    /// Takes a point and its change, and replaces the change by the step to the next point. Components are
    /// measured by `weights`.
    pub(super) fn step(&mut self, point: &[f64], change: &mut [f64], weights: &[f64]) {
        if self.begun {
            self.keep(point, change);
        }
        self.begun = true;
        copy(self.point, point);
        copy(self.change, change);
        self.orthogonalise(weights);
        let n = self.n;
        for (basis, image) in self.basis.chunks(n).zip(self.images.chunks(n)).take(self.depth) {
            let products = basis.iter().zip(self.change.iter().zip(weights));
            let factor: f64 = products.map(|(basis, (change, weight))| basis * change * weight).sum();
            for (step, image) in change.iter_mut().zip(image) {
                *step -= factor * image;
            }
        }
    }

    /// Keeps the differences from the point before.
    fn keep(&mut self, point: &[f64], change: &[f64]) {
        let n = self.n;
        if self.depth == DEPTH {
            self.points.copy_within(n.., 0);
            self.changes.copy_within(n.., 0);
            self.depth -= 1;
        }
        let place = self.depth * n;
        for i in 0..n {
            self.points[place + i] = point[i] - self.point[i];
            self.changes[place + i] = change[i] - self.change[i];
        }
        self.depth += 1;
    }

    /// Makes the weighted differences of changes orthonormal, newest first.
    fn orthogonalise(&mut self, weights: &[f64]) {
        let n = self.n;
        for place in 0..self.depth {
            let source = (self.depth - 1 - place) * n;
            let (done, rest) = self.basis.split_at_mut(place * n);
            let (done_images, rest_images) = self.images.split_at_mut(place * n);
            let (own, image) = (&mut rest[..n], &mut rest_images[..n]);
            for i in 0..n {
                own[i] = weights[i] * self.changes[source + i];
                image[i] = self.points[source + i] + self.changes[source + i];
            }
            let before = length(own);
            // Twice is enough (L. Giraud and others, Numer. Math. 101 (2005) 87), once is not: of a vector that is
            // dependent on the others rounding leaves a little, which would count as a direction of its own.
            for _ in 0..2 {
                for (basis, basis_image) in done.chunks(n).zip(done_images.chunks(n)) {
                    let factor: f64 = basis.iter().zip(&*own).map(|(a, b)| a * b).sum();
                    own.iter_mut().zip(basis).for_each(|(own, basis)| *own -= factor * basis);
                    image.iter_mut().zip(basis_image).for_each(|(own, basis)| *own -= factor * basis);
                }
            }
            let after = length(own);
            let scale = if after > INDEPENDENT * before { 1.0 / after } else { 0.0 };
            own.iter_mut().for_each(|own| *own *= scale);
            image.iter_mut().for_each(|image| *image *= scale);
        }
    }
}

fn length(vector: &[f64]) -> f64 {
    pmc_math::sqrt(vector.iter().map(|x| x * x).sum())
}

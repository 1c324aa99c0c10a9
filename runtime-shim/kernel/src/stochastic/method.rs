//! One step of one particle.
//!
//! Two methods for diagonal noise, where the diffusion of a state reads no other state that has one:
//!
//! - Euler's and Maruyama's, of strong order 0.5, and 1 where the diffusion reads no state at all: G. Maruyama,
//!   Rend. Circ. Mat. Palermo 4 (1955) 48;
//! - SRIW1 of A. Rößler, SIAM J. Numer. Anal. 48 (2010) 922, of strong order 1.5 and of order 2 where
//!   there is no noise. It needs no derivatives of the diffusion: two drifts and four diffusions a step.
//!
//! Where the diffusion of one state reads another one that is random too, both have the order 0.5 at least.

use pmc_abi::descriptor::solver;

use super::generator::Source;
use super::normal::inverse_distribution;
use crate::{Model, System};

/// Vectors of the length of the state that a step works in.
pub(super) const VECTORS: usize = 9;

/// Where a step works.
pub(super) struct Work<'a> {
    /// Drifts at two stages.
    drifts: [&'a mut [f64]; 2],
    /// Diffusions at four stages. Elements of states without diffusion are 0.
    diffusions: [&'a mut [f64]; 4],
    /// The argument of the stage at hand.
    argument: &'a mut [f64],
    /// Increments of the Wiener processes, I₍₁₎; 0 for states without diffusion.
    increments: &'a mut [f64],
    /// Their integrals over the step divided by its length, I₍₁,₀₎/h; 0 for states without diffusion.
    integrals: &'a mut [f64],
}

impl<'a> Work<'a> {
    /// Cuts a slab of `VECTORS * n` elements.
    pub(super) fn cut(slab: &'a mut [f64], n: usize) -> Self {
        let (first, slab) = slab.split_at_mut(n);
        let (second, slab) = slab.split_at_mut(n);
        let (b1, slab) = slab.split_at_mut(n);
        let (b2, slab) = slab.split_at_mut(n);
        let (b3, slab) = slab.split_at_mut(n);
        let (b4, slab) = slab.split_at_mut(n);
        let (argument, slab) = slab.split_at_mut(n);
        let (increments, integrals) = slab.split_at_mut(n);
        Self { drifts: [first, second], diffusions: [b1, b2, b3, b4], argument, increments, integrals }
    }
}

/// Which step of which particle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// When it starts.
    pub(super) start: f64,
    /// Its length.
    pub(super) length: f64,
    /// The square root of its length.
    pub(super) root: f64,
    /// Its number since the start of the simulation.
    pub(super) number: u32,
    /// The number of the particle.
    pub(super) particle: u32,
}

/// Which method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Euler's and Maruyama's.
    Euler,
    /// SRIW1.
    Strong,
}

impl Method {
    /// Returns the method that one of [`solver`] stands for.
    pub(crate) fn of(solver: u32) -> Self {
        if solver == solver::EULER_MARUYAMA { Self::Euler } else { Self::Strong }
    }

    /// Returns how often a step evaluates the drift.
    pub(crate) fn drifts(self) -> u32 {
        match self {
            Self::Euler => 1,
            Self::Strong => 2,
        }
    }
}

impl Step {
    /// Draws the increments of the states that have a diffusion.
    ///
    /// The integral is the half of increment and an independent variate of a third of its variance: P. E. Kloeden
    /// and E. Platen, Numerical Solution of Stochastic Differential Equations, 1992, section 10.4. Both methods see
    /// the same increments.
    pub(super) fn draw(&self, method: Method, source: &Source, diffusing: &[u32], work: &mut Work<'_>) {
        // The root of a third.
        const ROOT: f64 = 0.577_350_269_189_625_8;
        for state in diffusing {
            let [first, second] = source.uniforms(self.number, self.particle, *state);
            let place = *state as usize;
            if let (Some(increment), Some(integral)) =
                (work.increments.get_mut(place), work.integrals.get_mut(place))
            {
                *increment = self.root * inverse_distribution(first);
                if method == Method::Strong {
                    let rest = ROOT * self.root * inverse_distribution(second);
                    *integral = 0.5 * (*increment + rest);
                }
            }
        }
    }

    /// Moves a particle to the end of the step.
    pub(super) fn advance<M: Model>(
        &self,
        method: Method,
        system: &mut System<'_, M>,
        particle: &mut [f64],
        work: &mut Work<'_>,
    ) {
        match method {
            Method::Euler => self.euler(system, particle, work),
            Method::Strong => self.strong(system, particle, work),
        }
    }

    fn euler<M: Model>(&self, system: &mut System<'_, M>, particle: &mut [f64], work: &mut Work<'_>) {
        let Work { drifts: [drift, _], diffusions: [diffusion, ..], increments, .. } = work;
        system.derivatives(self.start, particle, drift);
        system.diffusion(self.start, particle, diffusion);
        let terms = drift.iter().zip(diffusion.iter().zip(increments.iter()));
        for (place, (drift, (diffusion, increment))) in particle.iter_mut().zip(terms) {
            *place += self.length * drift + diffusion * increment;
        }
    }

    fn strong<M: Model>(&self, system: &mut System<'_, M>, particle: &mut [f64], work: &mut Work<'_>) {
        let Work { drifts: [a1, a2], diffusions: [b1, b2, b3, b4], argument, increments, integrals } = work;
        let (t, h, root) = (self.start, self.length, self.root);
        let n = particle.len();
        system.derivatives(t, particle, a1);
        system.diffusion(t, particle, b1);
        for i in 0..n {
            argument[i] = particle[i] + 0.25 * h * a1[i] + 0.5 * root * b1[i];
        }
        system.diffusion(t + 0.25 * h, argument, b2);
        for i in 0..n {
            argument[i] = particle[i] + h * a1[i] - root * b1[i];
        }
        system.diffusion(t + h, argument, b3);
        for i in 0..n {
            let noise = -5.0 * b1[i] + 3.0 * b2[i] + 0.5 * b3[i];
            argument[i] = particle[i] + 0.25 * h * a1[i] + root * noise;
        }
        system.diffusion(t + 0.25 * h, argument, b4);
        for i in 0..n {
            argument[i] = particle[i] + 0.75 * h * a1[i] + 1.5 * integrals[i] * b1[i];
        }
        system.derivatives(t + 0.75 * h, argument, a2);
        for i in 0..n {
            let noise = self.noise(increments[i], integrals[i], [b1[i], b2[i], b3[i], b4[i]]);
            particle[i] += h * (a1[i] + 2.0 * a2[i]) / 3.0 + noise;
        }
    }

    /// Returns what the Wiener process of a state adds, from its integrals and the diffusions at the stages.
    fn noise(&self, increment: f64, integral: f64, [b1, b2, b3, b4]: [f64; 4]) -> f64 {
        let square = increment * increment / self.length;
        // I(1,1)/√h and I(1,1,1)/h.
        let double = 0.5 * self.root * (square - 1.0);
        let triple = increment * (square - 3.0) / 6.0;
        b1 * (-increment - double + 2.0 * integral - 2.0 * triple)
            + b2 * (4.0 * (increment + double - integral) + 5.0 * triple) / 3.0
            + b3 * (2.0 * (increment - integral - triple) - double) / 3.0
            + b4 * triple
    }
}

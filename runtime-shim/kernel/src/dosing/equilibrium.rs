//! Where nothing changes: constant infusions that have always run, and states that start in equilibrium.
//!
//! Newton's method on the right-hand side with the model's own Jacobian, damped as an implicit step through time
//! whose length grows as the right-hand side vanishes (pseudo-transient continuation: C. T. Kelley and
//! D. E. Keyes, SIAM J. Numer. Anal. 35 (1998) 508). A linear system is solved in two or three steps; where a
//! plain Newton step would jump out of the model's domain, time leads there.
//!
//! An equilibrium is one only if states near it come back. That is asked by following them through time while the
//! model stands still, and where they do not, the first guess is followed.

use pmc_abi::Status;
use pmc_abi::descriptor::{SolverSettings, feature, solver};

use super::Engine;
use super::steady_state::{NEARBY, size, tightened};
use crate::slab::take;
use crate::solver::step::copy;
use crate::solver::{Integrator, factorise, solve};
use crate::{Model, System};

/// Most steps.
const STEPS: u32 = 400;

/// Length of a step through time, relative to the fastest process, from which on it is as good as endless.
const ENOUGH: f64 = 1e12;

/// Longest step through time.
const LONGEST: f64 = 1e200;

/// Derivatives beside the flows that make them up, at an equilibrium.
const BALANCED: f64 = 1e-6;

/// Relative size of a step that is none.
const NEGLIGIBLE: f64 = 1e-10;

/// Most doublings of the time for which states are followed.
const DOUBLINGS: u32 = 64;

/// Doublings over which nothing must change: slow processes show late.
const SETTLED: u32 = 16;

/// Most steps of the solver on the way: what has not come to rest by then goes round.
const FOLLOWED: f64 = 10_000.0;

/// Size of states at an equilibrium relative to where the search starts, beyond which rounding alone has stopped them.
const LARGEST: f64 = 1e12;

/// Relative distance from an equilibrium at which states that started near it have left it.
const FAR: f64 = 20.0 * NEARBY;

/// Relative distance at which they have come back.
const BACK: f64 = 0.01 * NEARBY;

/// Part of the distance by which components differ: nothing is symmetric then that would hide how they leave.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// What the search works in.
struct Room<'a> {
    /// Where it starts.
    guess: &'a mut [f64],
    point: &'a mut [f64],
    before: &'a mut [f64],
    change: &'a mut [f64],
    weights: &'a mut [f64],
}

impl<'a> Room<'a> {
    fn cut(mut room: &'a mut [f64], n: usize) -> Self {
        let room = &mut room;
        Self {
            guess: take(room, n),
            point: take(room, n),
            before: take(room, n),
            change: take(room, n),
            weights: take(room, n),
        }
    }

    /// Returns how far from the point a state is, relative to point and guess.
    fn distance(&self, state: &[f64]) -> f64 {
        let mut farthest = 0.0;
        for (state, (point, guess)) in state.iter().zip(self.point.iter().zip(&*self.guess)) {
            let distance = (state - point).abs() / (point.abs() + guess.abs());
            // What nothing gives a scale goes with the others.
            farthest = if farthest < distance && distance < f64::INFINITY { distance } else { farthest };
        }
        farthest
    }
}

/// A right-hand side near a state, and room for what its elimination exchanges.
struct Linear<'s> {
    matrix: &'s mut [f64],
    slope: &'s mut [f64],
    exchanges: &'s mut [f64],
}

/// Writes derivatives and Jacobian to what an integrator works in.
#[inline(never)]
fn linearise<'s, M: Model>(
    integrator: &'s mut Integrator<'_>,
    system: &mut System<'_, M>,
    t: f64,
    state: &[f64],
) -> Linear<'s> {
    let n = state.len();
    let (matrix, rest) = integrator.slab().split_at_mut(n * n);
    let (exchanges, rest) = rest.split_at_mut(n);
    let (slope, rest) = rest.split_at_mut(n);
    system.derivatives(t, state, slope);
    system.jacobian(t, state, matrix, &mut rest[..n]);
    Linear { matrix, slope, exchanges }
}

impl<M: Model> Engine<'_, M> {
    /// Brings the states that start in equilibrium there; the part behind [`Model::balance`].
    pub fn find_balance(&mut self) -> Result<(), Status> {
        let slab = core::mem::take(&mut self.steady_state);
        self.system.mask.fill(0.0);
        self.mark(self.descriptor.dynamics.steady, 1.0);
        let found = M::equilibrium(self, slab);
        self.steady_state = slab;
        found
    }

    /// Marks with 0 the states that nothing reads, which only add up what others do, and others with 1.
    pub(super) fn mark_accumulators(&mut self) {
        self.system.mask.fill(1.0);
        self.mark(self.descriptor.dynamics.accumulators, 0.0);
    }

    fn mark(&mut self, states: &[u32], mark: f64) {
        for state in states {
            if let Some(mask) = self.system.mask.get_mut(*state as usize) {
                *mask = mark;
            }
        }
    }

    /// Changes the states whose mask is 1 so that their derivatives vanish at this moment, given the others; the part
    /// behind [`Model::equilibrium`].
    ///
    /// What is found attracts states near it. It is not below zero where the first guess, the present state, is not.
    pub fn find_equilibrium(&mut self, room: &mut [f64]) -> Result<(), Status> {
        let mut room = Room::cut(room, self.state.len());
        let moment = self.time;
        let watching = self.clock.look_away();
        let settings = *self.integrator.settings();
        let done = self.integrator.statistics();
        let budget = FOLLOWED + f64::from(done.accepted) + f64::from(done.rejected);
        self.integrator.exchange(SolverSettings {
            maximum_step: f64::INFINITY,
            maximum_steps: if budget < settings.maximum_steps { budget } else { settings.maximum_steps },
            solver: solver::STIFF,
            ..tightened(settings)
        });
        self.system.moment = moment;
        copy(room.guess, self.state);
        let found = self.rest(&mut room);
        self.system.moment = f64::NAN;
        self.integrator.exchange(settings);
        // Steps were as long as the past.
        self.integrator.forget_step_size();
        self.clock.watch(watching);
        self.time = moment;
        (self.jumped, self.turned) = (true, true);
        if found { Ok(()) } else { Err(Status::NoSteadyState) }
    }

    /// Finds where states near by come to rest, or else where the guess does; returns whether there is such a state.
    fn rest(&mut self, room: &mut Room<'_>) -> bool {
        let (_, scale) = self.first_length();
        let mut may_be = self.vanish() && total(self.state) <= LARGEST * scale;
        copy(room.point, self.state);
        let mut part = 1.0;
        let scales = room.guess.iter().zip(&*self.system.mask);
        for (state, (guess, mask)) in self.state.iter_mut().zip(scales) {
            may_be &= !(*guess >= 0.0 && *state < 0.0);
            *state += mask * part * NEARBY * (state.abs() + guess.abs());
            part += if part < 2.0 - GOLDEN { GOLDEN } else { GOLDEN - 1.0 };
        }
        // Particles would follow by chance.
        let is_stochastic = self.descriptor.dynamics.has(feature::STOCHASTIC);
        if may_be && (is_stochastic || self.follow(room, true)) {
            copy(self.state, room.point);
            return true;
        }
        copy(self.state, room.guess);
        !is_stochastic && self.follow(room, false)
    }

    /// Lets time pass, in lengths that double, until nothing changes any more; returns whether it comes to that, and,
    /// if the states have to stay, near the point.
    ///
    /// Of several equilibria the one that is reached is that to which the states lead.
    fn follow(&mut self, room: &mut Room<'_>, stay: bool) -> bool {
        // The model stands still, so this time is another one, in which short steps can be told apart.
        self.time = 0.0;
        (self.jumped, self.turned) = (true, true);
        let (mut length, _) = self.first_length();
        let mut settled = 0;
        for _ in 0..DOUBLINGS {
            copy(room.before, self.state);
            let end = self.time + length;
            if !(self.time < end && end < f64::INFINITY) || self.integrate(end, end).is_err() {
                return false;
            }
            if stay {
                let distance = room.distance(self.state);
                if !(BACK..=FAR).contains(&distance) {
                    return distance < BACK;
                }
            }
            self.measure(room.before, room.change, room.weights);
            settled = if size(room.change, room.weights) <= 1.0 { settled + 1 } else { 0 };
            if settled == SETTLED {
                return true;
            }
            length *= 2.0;
        }
        false
    }

    /// Returns a length of time that no process outruns, and the size of the state with what that time adds to it.
    #[inline(never)]
    fn first_length(&mut self) -> (f64, f64) {
        let Linear { matrix, slope, .. } =
            linearise(&mut self.integrator, &mut self.system, self.time, self.state);
        let length = first_step(matrix, slope, self.state);
        (length, total(self.state) + length * total(slope))
    }

    /// Changes the state so that its derivatives vanish; returns whether they do.
    fn vanish(&mut self) -> bool {
        let n = self.state.len();
        let (mut h, mut enough) = (0.0, f64::INFINITY);
        let mut before = f64::INFINITY;
        for _ in 0..STEPS {
            let Linear { matrix, slope, exchanges } =
                linearise(&mut self.integrator, &mut self.system, self.time, self.state);
            let is_first = h == 0.0;
            if is_first {
                h = first_step(matrix, slope, self.state);
                enough = ENOUGH * h;
            }
            let residual = residual(slope, self.state, enough / ENOUGH);
            if !residual.is_finite() {
                return false;
            }
            if residual == 0.0 {
                return true;
            }
            let is_balanced = imbalance(matrix, slope, self.state) <= BALANCED;
            if !is_first {
                h = longer(h, before / residual);
            }
            before = residual;
            for (row, entries) in matrix.chunks_mut(n.max(1)).enumerate() {
                for entry in &mut *entries {
                    *entry = -*entry;
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
                return true;
            }
        }
        false
    }
}

/// Returns how far from standing still a state is: the fastest change of a component, relative to all of the state
/// and to what `step` adds to it, so that a state of zeros is not infinitely far.
fn residual(slope: &[f64], state: &[f64], step: f64) -> f64 {
    let mut largest = 0.0;
    for slope in slope {
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
fn imbalance(matrix: &[f64], slope: &[f64], state: &[f64]) -> f64 {
    let mut largest = 0.0;
    for (row, slope) in matrix.chunks(state.len().max(1)).zip(slope) {
        let flow: f64 = row.iter().zip(state).map(|(entry, state)| (entry * state).abs()).sum();
        let ratio = if *slope == 0.0 { 0.0 } else { (slope / flow).abs() };
        largest = if ratio <= largest { largest } else { ratio };
    }
    largest
}

/// Returns a step through time that no process outruns.
fn first_step(matrix: &[f64], slope: &[f64], state: &[f64]) -> f64 {
    let change = total(slope);
    let mut norm = if change > 0.0 { change / (total(state) + change) } else { f64::MIN_POSITIVE };
    for row in matrix.chunks(state.len().max(1)) {
        let sum = total(row);
        norm = if sum > norm { sum } else { norm };
    }
    1.0 / norm
}

/// Returns the sum of all magnitudes.
#[inline(never)]
fn total(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value.abs())
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

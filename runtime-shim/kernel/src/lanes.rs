//! Several subjects side by side: each goes its own way through time, their attempts at explicit steps are made
//! together.
//!
//! What a subject does alone (events, doses, stiff and exact solutions, the choice of its step sizes) it does here alone
//! as well, by the same code. Only the stages of an attempt, where the time goes, are computed for all at once, over
//! [`Lanes`]: vectors of one number a subject. So each has its own time and step, and the bits that it has alone.
//!
//! Sharing one step among subjects was weighed and not taken: a subject's results would depend on its company.

use core::ops::{Add, Mul};

use crate::dosing::{Outcome, Simulation};
use crate::solver::{STAGES, Value, Vectors, take_explicit};
use crate::{Failure, Model};

/// Number of subjects side by side: eight fill the vector registers of today's processors two to four times over.
pub const LANES: usize = 8;

/// One number a subject.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f64; LANES]);

impl Lanes {
    /// The same number for all.
    pub const fn all(number: f64) -> Self {
        Self([number; LANES])
    }

    /// Applies a function to the numbers of each subject.
    #[inline]
    fn zip(self, other: Self, apply: impl Fn(f64, f64) -> f64) -> Self {
        Self(core::array::from_fn(|lane| apply(self.0[lane], other.0[lane])))
    }
}

impl Add for Lanes {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        self.zip(other, |one, other| one + other)
    }
}

impl Mul for Lanes {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |one, other| one * other)
    }
}

impl Value for Lanes {
    #[inline]
    fn scaled(self, coefficient: f64) -> Self {
        Self(self.0.map(|number| coefficient * number))
    }
}

/// A right-hand side for several subjects at once.
pub trait LaneModel<M> {
    /// Takes over what the right-hand side of a subject reads of its frame, which is current.
    fn take_over(&mut self, lane: usize, model: &M, frame: &[f64]);

    /// Writes the time derivatives of all subjects.
    fn derivatives(&mut self, t: Lanes, state: &[Lanes], out: &mut [Lanes]);
}

/// Returns how many [`Lanes`] [`simulate_abreast`] works in for a model with this many states.
pub const fn slab_length(states: usize) -> usize {
    states * (4 + STAGES)
}

/// A subject on its way, with its number.
struct Runner<'a, M> {
    number: usize,
    simulation: Simulation<'a, M>,
}

/// Runs simulations of one model, as many side by side as there are lanes; calls `finish` with the number of each, by the
/// order of the iterator, and what came of it.
///
/// Simulations finish in any order, each with the same results as alone. `slab` has at least [`slab_length`] elements.
pub fn simulate_abreast<'a, M: Model + 'a>(
    simulations: impl Iterator<Item = Result<Simulation<'a, M>, Failure>>,
    model: &mut impl LaneModel<M>,
    slab: &mut [Lanes],
    mut finish: impl FnMut(usize, Result<Outcome, Failure>),
) {
    let mut waiting = simulations.enumerate();
    let mut runners: [Option<Runner<'a, M>>; LANES] = [const { None }; LANES];
    let mut times = Times::default();
    loop {
        let mut states = 0;
        for (lane, place) in runners.iter_mut().enumerate() {
            bring_to_attempt(place, &mut waiting, &mut finish);
            if let Some(runner) = place {
                let engine = runner.simulation.engine();
                let (start, end) = engine.integrator.attempt_times();
                times.set(lane, start, end);
                model.take_over(lane, engine.system.model, engine.system.frame);
                let mut columns = Columns::new(slab, engine.state.len());
                columns.load(lane, engine.integrator.attempt_vectors());
                states = engine.state.len();
            }
        }
        if states == 0 {
            return;
        }
        let stages = Columns::new(slab, states).stages();
        take_explicit(stages, times.lengths(), |node, argument, out| {
            model.derivatives(times.at(node), argument, out);
        });
        for (lane, place) in runners.iter_mut().enumerate() {
            if let Some(runner) = place {
                let engine = runner.simulation.engine();
                Columns::new(slab, states).store(lane, engine.integrator.attempt_vectors());
                engine.integrator.judge_attempt();
            }
        }
    }
}

/// Lets the subject of a lane go on until it needs an attempt; when it is finished, the next one takes its place.
fn bring_to_attempt<'a, M: Model + 'a>(
    place: &mut Option<Runner<'a, M>>,
    waiting: &mut impl Iterator<Item = (usize, Result<Simulation<'a, M>, Failure>)>,
    finish: &mut impl FnMut(usize, Result<Outcome, Failure>),
) {
    loop {
        if place.is_none() {
            match waiting.next() {
                None => return,
                Some((number, Ok(simulation))) => *place = Some(Runner { number, simulation }),
                Some((number, Err(failure))) => {
                    finish(number, Err(failure));
                    continue;
                }
            }
        }
        let Some(Runner { number, simulation }) = place else { return };
        let outcome = match simulation.go_on() {
            Ok(true) => return,
            Ok(false) => Ok(simulation.outcome()),
            Err(status) => Err(simulation.explain(status)),
        };
        finish(*number, outcome);
        *place = None;
    }
}

/// Starts and ends of the attempts of all subjects.
struct Times {
    start: Lanes,
    end: Lanes,
}

impl Default for Times {
    fn default() -> Self {
        Self { start: Lanes::all(0.0), end: Lanes::all(0.0) }
    }
}

impl Times {
    fn set(&mut self, lane: usize, start: f64, end: f64) {
        if let (Some(first), Some(last)) = (self.start.0.get_mut(lane), self.end.0.get_mut(lane)) {
            (*first, *last) = (start, end);
        }
    }

    fn lengths(&self) -> Lanes {
        self.end.zip(self.start, |end, start| end - start)
    }

    /// Returns the times after a fraction of each attempt, never beyond its end.
    fn at(&self, fraction: f64) -> Lanes {
        let times = self.start + self.lengths().scaled(fraction);
        times.zip(self.end, |time, end| if time < end { time } else { end })
    }
}

/// The vectors of all subjects.
struct Columns<'s> {
    start: &'s mut [Lanes],
    end: &'s mut [Lanes],
    stages: &'s mut [[Lanes; STAGES]],
    latest: &'s mut [Lanes],
    scratch: &'s mut [Lanes],
}

impl<'s> Columns<'s> {
    /// Cuts a slab.
    fn new(slab: &'s mut [Lanes], states: usize) -> Self {
        let (start, slab) = slab.split_at_mut(states);
        let (end, slab) = slab.split_at_mut(states);
        let (latest, slab) = slab.split_at_mut(states);
        let (scratch, slab) = slab.split_at_mut(states);
        let (stages, _) = slab.as_chunks_mut();
        Self { start, end, stages, latest, scratch }
    }

    fn stages(self) -> Vectors<'s, Lanes> {
        let Self { start, end, stages, latest, scratch } = self;
        Vectors { start, end, stages, latest, scratch }
    }

    /// Puts what an attempt starts from into a lane.
    fn load(&mut self, lane: usize, from: Vectors<'_, f64>) {
        let columns = self.start.iter_mut().zip(&mut *self.latest);
        for ((start, latest), (from_start, from_latest)) in columns.zip(from.start.iter().zip(from.latest)) {
            start.0[lane] = *from_start;
            latest.0[lane] = *from_latest;
        }
    }

    /// Takes what an attempt has come to from a lane.
    fn store(&self, lane: usize, to: Vectors<'_, f64>) {
        let ends = self.end.iter().zip(&*self.latest).zip(&*self.scratch).zip(&*self.stages);
        let places = to.end.iter_mut().zip(to.latest).zip(to.scratch).zip(to.stages);
        for ((((end, latest), scratch), stages), (((to_end, to_latest), to_scratch), to_stages)) in
            ends.zip(places)
        {
            *to_end = end.0[lane];
            *to_latest = latest.0[lane];
            *to_scratch = scratch.0[lane];
            for (to, from) in to_stages.iter_mut().zip(stages) {
                *to = from.0[lane];
            }
        }
    }
}

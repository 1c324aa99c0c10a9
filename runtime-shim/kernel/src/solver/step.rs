//! One attempt at a step, by either method.

use super::explicit::{self, Vectors, combine};
use super::sparse::{Elimination, Task};
use super::tableau::{self, GAMMA, Method};
use super::tolerance::{Estimate, Largest, Tolerance};
use super::workspace::{STAGES, Workspace};
use super::{SLOPE, linear, sparse};
use crate::{Model, System};

/// A step from a time to a later one by a method.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Time at its start.
    pub(super) start: f64,
    /// Time at its end.
    pub(super) end: f64,
    /// How it is taken.
    pub(super) method: Method,
}

impl Step {
    /// Length of the step, the difference of its ends to the last bit.
    pub(super) fn length(&self) -> f64 {
        self.end - self.start
    }

    /// Time after a fraction of the step, never beyond its end.
    pub(super) fn at(&self, fraction: f64) -> f64 {
        let time = self.start + fraction * self.length();
        if time < self.end { time } else { self.end }
    }
}

/// Attempts a step from the state at its start and, explicit, the first stage or, stiff, the Jacobian; returns the
/// local error.
pub(super) fn attempt<M: Model>(
    system: &mut System<'_, M>,
    work: &mut Workspace<'_>,
    step: &Step,
    tolerance: Tolerance,
) -> Estimate {
    let factors = match step.method {
        Method::Explicit => Some(Factors::Dense),
        Method::Stiff => factorise_shifted::<M>(work, step.length()),
    };
    let Some(factors) = factors else {
        return Estimate { norm: f64::NAN, state: None, rate: f64::NAN };
    };
    match step.method {
        Method::Explicit => take_explicit(system, work, step),
        Method::Stiff => take_stiff(system, work, step, factors),
    }
    estimate(work, step, tolerance)
}

/// Computes all stages and the state at the end.
fn take_explicit<M: Model>(system: &mut System<'_, M>, work: &mut Workspace<'_>, step: &Step) {
    let Workspace { start, end, stages, latest, scratch, .. } = work;
    let stages = Vectors { start, end, stages, latest, scratch };
    explicit::take(stages, step.length(), |node, argument, out| {
        system.derivatives(step.at(node), argument, out);
    });
}

fn take_stiff<M: Model>(system: &mut System<'_, M>, work: &mut Workspace<'_>, step: &Step, factors: Factors) {
    let h = step.length();
    let n = work.start.len();
    for stage in 0..STAGES {
        let time = step.at(step.method.node(stage));
        if stage == 0 {
            system.derivatives(time, work.start, work.increment);
        } else {
            combine(work.end, work.start, work.stages, work.latest, step.method.argument(stage), 1.0);
            system.derivatives(time, work.end, work.scratch);
            let weights = tableau::correction(stage);
            combine(work.increment, work.scratch, work.stages, work.latest, weights, 1.0 / h);
        }
        let weight = tableau::time_weight(stage) * h;
        for (value, slope) in work.increment.iter_mut().zip(&*work.time_derivative) {
            *value += weight * slope;
        }
        match factors {
            Factors::Dense => linear::solve(&work.factors[..n * n], work.exchanges, work.increment),
            Factors::Planned => _ = eliminate::<M>(Task::Solve, work.factors, work.increment, work.plan),
        }
        // An even number of times, so that both are in their places in the end.
        core::mem::swap(&mut work.increment, &mut work.latest);
    }
}

/// Plans the elimination for the structure of a model's Jacobian; returns whether there is a plan.
pub(super) fn plan<M: Model>(system: &mut System<'_, M>, work: &mut Workspace<'_>, t: f64) -> bool {
    if work.plan.is_empty() {
        return false;
    }
    // The model's own function: the system's clears the matrix before.
    sparse::clear(work.factors);
    system.model.jacobian(t, system.frame, work.start, work.factors, work.time_derivative);
    eliminate::<M>(Task::Analyse, work.factors, work.exchanges, work.plan)
}

/// Lets the part that knows plans do a task.
#[inline(never)]
fn eliminate<M: Model>(task: Task, values: &mut [f64], vector: &mut [f64], plan: &mut [f64]) -> bool {
    let mut elimination = Elimination { task, values, vector, plan, succeeded: false };
    M::eliminate(&mut elimination);
    elimination.succeeded
}

/// What kind of factors a matrix has been replaced by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factors {
    /// By `linear`.
    Dense,
    /// By `sparse`, along the plan.
    Planned,
}

/// Factorises the matrix `1 / (h γ) - J` of a stiff step; `None` if it is not regular and finite.
fn factorise_shifted<M: Model>(work: &mut Workspace<'_>, h: f64) -> Option<Factors> {
    if work.planned {
        shift(work, h);
        if eliminate::<M>(Task::Factorise, work.factors, work.exchanges, work.plan) {
            return Some(Factors::Planned);
        }
    }
    shift(work, h);
    let n = work.start.len();
    linear::factorise(&mut work.factors[..n * n], work.exchanges).then_some(Factors::Dense)
}

/// Writes that matrix where its factors will be.
fn shift(work: &mut Workspace<'_>, h: f64) {
    for (factor, derivative) in work.factors.iter_mut().zip(&*work.jacobian) {
        *factor = -derivative;
    }
    let mut at = 0;
    while let Some(diagonal) = work.factors.get_mut(at) {
        *diagonal += 1.0 / (h * GAMMA);
        at += work.start.len() + 1;
    }
}

/// Puts the last stage in its place, estimates the local error and, explicit, the fastest rate.
///
/// The rate is that of E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, section IV.2, from the last
/// two stages, which both evaluate at the end: near the border of stability the difference of their arguments is
/// dominated by the fastest component.
pub(super) fn estimate(work: &mut Workspace<'_>, step: &Step, tolerance: Tolerance) -> Estimate {
    let h = step.length();
    let explicit = step.method == Method::Explicit;
    let (mut worst, mut above, mut below) = (Largest::NONE, Largest::NONE, Largest::NONE);
    let arguments = work.end.iter_mut().zip(&*work.start).zip(&*work.scratch);
    for (((end, start), before), (row, latest)) in arguments.zip(work.stages.iter_mut().zip(&*work.latest)) {
        let error = if explicit {
            row[SLOPE] = *latest;
            h * weigh_all(row, &tableau::EXPLICIT_ERROR)
        } else {
            row[SLOPE + 1] = *latest;
            *end += latest;
            *latest
        };
        let unit = 1.0 / tolerance.at_larger(*start, *end);
        // Times zero it is NaN if it is infinite.
        worst.take((error + 0.0 * *end) * unit);
        above.take((row[SLOPE] - row[SLOPE - 1]) * unit);
        below.take((*end - before) * unit);
    }
    Estimate {
        norm: worst.value(),
        state: (!worst.value().is_nan() || explicit).then_some(worst.place()),
        rate: above.value() / below.value(),
    }
}

/// Writes the solution at a fraction of a step that has been taken.
pub(super) fn interpolate(
    start: &[f64],
    stages: &[[f64; STAGES]],
    step: &Step,
    fraction: f64,
    out: &mut [f64],
) {
    let mut weights = [0.0; STAGES];
    let scale = step.method.scale(step.length());
    for (weight, [first, second, third, fourth]) in weights.iter_mut().zip(step.method.interpolant()) {
        let sum = first + fraction * (second + fraction * (third + fraction * fourth));
        *weight = scale * fraction * sum;
    }
    let weights = &weights[..step.method.stages()];
    for ((out, start), row) in out.iter_mut().zip(start).zip(stages) {
        *out = start + weigh(row, weights);
    }
}

/// Returns a sum of stages.
fn weigh(row: &[f64; STAGES], weights: &[f64]) -> f64 {
    row.iter().zip(weights).map(|(stage, weight)| stage * weight).sum()
}

/// Returns the sum of the seven stages of the explicit method, each with its weight.
fn weigh_all(row: &[f64; STAGES], [a, b, c, d, e, f, g]: &[f64; 7]) -> f64 {
    a * row[0] + b * row[1] + c * row[2] + d * row[3] + e * row[4] + f * row[5] + g * row[6]
}

/// Copies a vector.
#[inline(never)]
pub(crate) fn copy(to: &mut [f64], from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// Sets all numbers to zero.
#[inline(never)]
pub(crate) fn clear(vector: &mut [f64]) {
    vector.fill(0.0);
}

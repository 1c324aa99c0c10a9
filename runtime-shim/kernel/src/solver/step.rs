//! One attempt at a step, by either method.

use super::SLOPE;
use super::linear::{factorise, solve};
use super::tableau::{self, GAMMA, Method};
use super::tolerance::{Estimate, Tolerance, is_infinite_or_nan};
use super::workspace::Workspace;
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
    fn at(&self, fraction: f64) -> f64 {
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
    if step.method == Method::Stiff && !factorise_shifted(work, step.length()) {
        return Estimate { norm: f64::NAN, state: None };
    }
    take(system, work, step);
    estimate(work, step, tolerance)
}

/// Computes all stages and the state at the end.
fn take<M: Model>(system: &mut System<'_, M>, work: &mut Workspace<'_>, step: &Step) {
    let n = work.start.len();
    let h = step.length();
    let method = step.method;
    for stage in method.first_stage()..method.stages() {
        let (before, rest) = work.stages.split_at_mut(stage * n);
        let this = &mut rest[..n];
        if stage == SLOPE && method == Method::Explicit {
            // The test for stiffness compares the last two arguments.
            copy(work.scratch, work.end);
        }
        combine(work.end, work.start, before, method.argument(stage), method.scale(h));
        let time = step.at(method.node(stage));
        match method {
            Method::Explicit => system.derivatives(time, work.end, this),
            Method::Stiff => {
                system.derivatives(time, work.end, work.scratch);
                combine(this, work.scratch, before, tableau::correction(stage), 1.0 / h);
                let weight = tableau::time_weight(stage) * h;
                for (value, slope) in this.iter_mut().zip(&*work.time_derivative) {
                    *value += weight * slope;
                }
                solve(work.factors, work.exchanges, this);
            }
        }
    }
    if method == Method::Stiff {
        for (end, last) in work.end.iter_mut().zip(&work.stages[7 * n..]) {
            *end += last;
        }
    }
}

/// Factorises the matrix `1 / (h γ) - J` of a stiff step; returns whether it is regular and finite.
fn factorise_shifted(work: &mut Workspace<'_>, h: f64) -> bool {
    for (factor, derivative) in work.factors.iter_mut().zip(&*work.jacobian) {
        *factor = -derivative;
    }
    for diagonal in work.factors.iter_mut().step_by(work.start.len() + 1) {
        *diagonal += 1.0 / (h * GAMMA);
    }
    factorise(work.factors, work.exchanges)
}

/// Estimates the local error of a step that has been taken.
pub(super) fn estimate(work: &Workspace<'_>, step: &Step, tolerance: Tolerance) -> Estimate {
    let n = work.start.len();
    let scale = step.method.scale(step.length());
    let mut worst = Estimate { norm: 0.0, state: None };
    for (state, (start, end)) in work.start.iter().zip(&*work.end).enumerate() {
        let error = (scale * weigh(work.stages, state, n, step.method.error())).abs();
        if is_infinite_or_nan(error + end.abs()) {
            // Linear systems spread it over all states.
            let state = (step.method == Method::Explicit).then_some(state as u32);
            return Estimate { norm: f64::NAN, state };
        }
        let (start, end) = (start.abs(), end.abs());
        let allowed = tolerance.at(if start < end { end } else { start });
        if error > worst.norm * allowed {
            worst = Estimate { norm: error / allowed, state: Some(state as u32) };
        }
    }
    worst
}

/// Estimates the largest absolute value of an eigenvalue of the Jacobian from a step that has been taken.
///
/// Explicit: from the last two stages, which both evaluate at the end (E. Hairer and G. Wanner, Solving Ordinary
/// Differential Equations II, section IV.2). Near the border of stability the difference of their arguments is
/// dominated by the fastest component.
pub(super) fn eigenvalue(work: &Workspace<'_>, method: Method, tolerance: Tolerance) -> f64 {
    if method == Method::Stiff {
        return tolerance.matrix_norm(work.jacobian, work.start);
    }
    let n = work.start.len();
    let (before, last) = work.stages[(SLOPE - 1) * n..].split_at(n);
    tolerance.rate(last, before, work.end, work.scratch, work.end)
}

/// Writes the solution at a fraction of a step that has been taken.
pub(super) fn interpolate(start: &[f64], stages: &[f64], step: &Step, fraction: f64, out: &mut [f64]) {
    let mut weights = [0.0; 8];
    for (weight, [first, second, third, fourth]) in weights.iter_mut().zip(step.method.interpolant()) {
        *weight = fraction * (first + fraction * (second + fraction * (third + fraction * fourth)));
    }
    let weights = &weights[..step.method.stages()];
    combine(out, start, stages, weights, step.method.scale(step.length()));
}

/// Writes `base` plus `scale` times the weighted sum of stages.
fn combine(out: &mut [f64], base: &[f64], stages: &[f64], weights: &[f64], scale: f64) {
    let n = base.len();
    for (state, (out, base)) in out.iter_mut().zip(base).enumerate() {
        *out = base + scale * weigh(stages, state, n, weights);
    }
}

/// Returns the weighted sum of one component of the stages.
fn weigh(stages: &[f64], state: usize, n: usize, weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut at = state;
    for weight in weights {
        sum += weight * stages.get(at).unwrap_or(&0.0);
        at += n;
    }
    sum
}

/// Copies a vector.
pub(crate) fn copy(to: &mut [f64], from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

//! Coefficients, single steps and parts of the solvers.

extern crate std;

use std::vec;
use std::vec::Vec;

use pmc_abi::descriptor::{Descriptor, Dynamics, SolverSettings, solver};
use pmc_abi::frame::FrameLayout;

use super::SLOPE;
use super::control::Control;
use super::linear::{factorise, solve};
use super::power::{exponential, logarithm};
use super::step::{self, Step};
use super::switch::Switch;
use super::tableau::{EXPLICIT_ERROR, Method};
use super::tolerance::Tolerance;
use super::workspace::{Workspace, workspace_length};
use crate::{Model, System};

const SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 1e-6,
    absolute_tolerance: 1e-9,
    maximum_step: f64::INFINITY,
    maximum_steps: 1e6,
    solver: solver::AUTOMATIC,
    particles: 0,
    seed: 0,
};

/// Nonlinear, coupled and dependent on time, with the solution `exp(sin t)`, `cos t`, `sin t`, `1 / (1 + t²)`.
struct Smooth;

const STATES: usize = 4;

fn truth(t: f64) -> [f64; STATES] {
    let sine = pmc_math::sin(t);
    [pmc_math::exp(sine), pmc_math::cos(t), sine, 1.0 / (1.0 + t * t)]
}

impl Model for Smooth {
    fn descriptor(&self) -> Descriptor<'_> {
        let layout = FrameLayout {
            parameters: 0,
            random_effects: 0,
            covariates: 0,
            routes: 0,
            variables: 0,
            staged: 0,
        };
        Descriptor {
            layout,
            states: 4,
            outputs: 0,
            routes: &[],
            covariates: &[],
            dynamics: Dynamics::PLAIN,
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, t: f64, _frame: &[f64], state: &mut [f64]) {
        state.copy_from_slice(&truth(t));
    }

    fn derivatives(&self, t: f64, _frame: &[f64], y: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[
            y[0] * y[1],
            -y[2],
            y[1] + y[1] * (y[1] * y[1] + y[2] * y[2] - 1.0),
            -2.0 * t * y[3] * y[3],
        ]);
    }

    fn jacobian(&self, t: f64, _frame: &[f64], y: &[f64], matrix: &mut [f64], time_derivative: &mut [f64]) {
        let third = [0.0, 3.0 * y[1] * y[1] + y[2] * y[2], 2.0 * y[1] * y[2], 0.0];
        matrix[..4].copy_from_slice(&[y[1], y[0], 0.0, 0.0]);
        matrix[6] = -1.0;
        matrix[8..12].copy_from_slice(&third);
        matrix[15] = -4.0 * t * y[3];
        time_derivative[3] = -2.0 * y[3] * y[3];
    }

    fn outputs(&self, _t: f64, _frame: &[f64], _state: &[f64], _out: &mut [f64]) {}

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        0.0
    }
}

/// One step from a true solution, and its parts.
struct Attempt {
    slab: Vec<f64>,
    step: Step,
    /// Estimate of the local error, absolute.
    estimate: f64,
}

impl Attempt {
    fn new(method: Method, start: f64, h: f64) -> Self {
        let settings = SolverSettings { relative_tolerance: 0.0, absolute_tolerance: 1.0, ..SETTINGS };
        let mut slab = vec![f64::NAN; workspace_length(STATES)];
        let mut system = System::new(&Smooth, &mut []);
        let step = Step { start, end: start + h, method };
        let mut work = Workspace::cut(&mut slab, STATES);
        work.start.copy_from_slice(&truth(start));
        match method {
            Method::Explicit => system.derivatives(start, work.start, work.latest),
            Method::Stiff => system.jacobian(start, work.start, work.jacobian, work.time_derivative),
        }
        let estimate = step::attempt(&mut system, &mut work, &step, Tolerance::new(&settings));
        Self { slab, step, estimate: estimate.norm }
    }

    /// Error at the end.
    fn error(&mut self) -> f64 {
        let work = Workspace::cut(&mut self.slab, STATES);
        distance(work.end, &truth(self.step.end))
    }

    /// Solution at a fraction of the step.
    fn at(&mut self, fraction: f64) -> [f64; STATES] {
        let work = Workspace::cut(&mut self.slab, STATES);
        let mut state = [f64::NAN; STATES];
        step::interpolate(work.start, work.stages, &self.step, fraction, &mut state);
        state
    }

    /// Largest error within.
    fn error_within(&mut self) -> f64 {
        let mut worst: f64 = 0.0;
        for fraction in [0.15, 0.3, 0.45, 0.6, 0.75, 0.9] {
            let truth = truth(self.step.start + fraction * self.step.length());
            worst = worst.max(distance(&self.at(fraction), &truth));
        }
        worst
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

const METHODS: [Method; 2] = [Method::Explicit, Method::Stiff];

/// Asserts that an error shrinks with a power of the step size.
fn assert_power(power: f64, error: fn(&mut Attempt) -> f64) {
    for method in METHODS {
        for start in [0.7, 1.1] {
            let [coarse, fine] = [0.04, 0.02].map(|h| error(&mut Attempt::new(method, start, h)));
            let found = pmc_math::log2(coarse / fine);
            assert!((found - power).abs() < 0.3, "{method:?} at {start}: power {found} instead of {power}");
        }
    }
}

#[test]
fn local_errors_are_of_order_six() {
    assert_power(6.0, Attempt::error);
}

#[test]
fn error_estimates_are_of_order_five() {
    assert_power(5.0, |attempt| attempt.estimate);
}

#[test]
fn errors_within_steps_are_of_order_five() {
    assert_power(5.0, Attempt::error_within);
}

#[test]
fn errors_within_steps_are_no_larger_than_the_estimate() {
    for method in METHODS {
        for start in [0.0, 0.3, 0.7, 1.1, 2.0] {
            let mut attempt = Attempt::new(method, start, 0.05);
            let (error, estimate) = (attempt.error_within(), attempt.estimate);
            assert!(error < 1.5 * estimate, "{method:?} at {start}: {error:e} against {estimate:e}");
        }
    }
}

#[test]
fn interpolants_meet_the_ends_of_the_step() {
    for method in METHODS {
        let mut attempt = Attempt::new(method, 0.5, 0.1);
        let end = Workspace::cut(&mut attempt.slab, STATES).end.to_vec();
        assert!(distance(&attempt.at(0.0), &truth(0.5)) < 1e-15, "{method:?} at the start");
        assert!(distance(&attempt.at(1.0), &end) < 1e-13, "{method:?} at the end");
    }
}

#[test]
fn explicit_stages_are_evaluated_where_their_weights_say() {
    for stage in 0..Method::Explicit.stages() {
        let sum: f64 = Method::Explicit.argument(stage).iter().sum();
        assert!((sum - Method::Explicit.node(stage)).abs() < 1e-13, "stage {stage}");
    }
    assert!(EXPLICIT_ERROR.iter().sum::<f64>().abs() < 1e-14);
}

#[test]
fn explicit_weights_integrate_polynomials_to_degree_four() {
    for degree in 0..5 {
        let power = |c: f64| (0..degree).fold(1.0, |product, _| product * c);
        let weights = Method::Explicit.argument(SLOPE).iter().enumerate();
        let integral: f64 = weights.map(|(stage, b)| b * power(Method::Explicit.node(stage))).sum();
        assert!((integral - 1.0 / f64::from(degree + 1)).abs() < 1e-13, "degree {degree}");
    }
}

/// Returns the product of a matrix and a vector.
fn product(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    matrix.chunks(vector.len()).map(|row| row.iter().zip(vector).map(|(a, x)| a * x).sum()).collect()
}

#[test]
fn linear_systems_are_solved_whatever_the_order_of_their_rows() {
    let matrices: [&[f64]; 4] = [
        &[2.0],
        &[0.0, 3.0, 1e-3, 1.0],
        &[0.0, 0.0, 5.0, 1.0, 2.0, 3.0, 4.0, 4.0, -1.0],
        &[1e-9, 1.0, 2.0, 0.0, 7.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, -3.0, 1.0, 1.0, 1.0, 1.0],
    ];
    for matrix in matrices {
        let solution = &[3.0, -1.0, 0.5, 8.0][..(1..5).find(|n| n * n == matrix.len()).unwrap()];
        let mut vector = product(matrix, solution);
        let (mut factors, mut exchanges) = (matrix.to_vec(), vec![f64::NAN; solution.len()]);
        assert!(factorise(&mut factors, &mut exchanges));
        solve(&factors, &exchanges, &mut vector);
        assert!(distance(&vector, solution) < 1e-13, "{matrix:?} gives {vector:?}");
    }
}

#[test]
fn matrices_that_are_singular_or_not_finite_have_no_factors() {
    let matrices =
        [[1.0, 2.0, 2.0, 4.0], [0.0; 4], [1.0, f64::NAN, 2.0, 3.0], [f64::INFINITY, 0.0, 0.0, 1.0]];
    for matrix in matrices {
        let mut factors = matrix;
        assert!(!factorise(&mut factors, &mut [0.0; 2]), "{matrix:?}");
    }
}

#[test]
fn powers_are_as_exact_as_they_claim() {
    for i in 0..=40_000 {
        let x = f64::from(i - 20_000) / 100.0;
        let truth = pmc_math::pow(2.0, x);
        assert!((exponential(x) / truth - 1.0).abs() < 0.004, "2^{x}");
        assert!((logarithm(truth) - x).abs() < 0.009, "logarithm of 2^{x}");
    }
    assert!(logarithm(0.0) < -1000.0);
    assert!(logarithm(f64::INFINITY) > 1000.0 && logarithm(f64::NAN) > 1000.0);
}

/// A control that proposes a size.
fn proposing(size: f64) -> Control {
    let mut control = Control::new();
    control.size = size;
    control
}

#[test]
fn steps_end_on_barriers_and_leave_no_scraps() {
    assert_eq!(proposing(1.0).end_of_step(2.0, f64::INFINITY, &SETTINGS), 3.0);
    assert_eq!(proposing(1.0).end_of_step(2.0, 10.0, &SETTINGS), 3.0);
    assert_eq!(proposing(1.0).end_of_step(2.0, 2.5, &SETTINGS), 2.5);
    assert_eq!(proposing(1.0).end_of_step(2.0, 3.04, &SETTINGS), 3.04);
    assert_eq!(proposing(1.0).end_of_step(2.0, 3.5, &SETTINGS), 2.75);
}

#[test]
fn steps_are_no_longer_than_the_maximum() {
    let settings = SolverSettings { maximum_step: 0.5, ..SETTINGS };
    assert_eq!(proposing(9.0).end_of_step(2.0, f64::INFINITY, &settings), 2.5);
    assert_eq!(proposing(9.0).end_of_step(2.0, 2.51, &settings), 2.255);
}

#[test]
fn a_step_cut_by_a_barrier_leaves_the_size_alone() {
    let mut control = proposing(1.0);
    control.accept(1.0, 0.5);
    let size = control.size;
    control.accept(1e-3, 1e-20);
    assert_eq!(control.size, size);
}

#[test]
fn steps_shrink_after_large_errors_and_do_not_grow_at_once() {
    let mut control = proposing(1.0);
    control.reject(1.0, 50.0);
    assert!(0.3 < control.size && control.size < 0.5, "{}", control.size);
    let size = control.size;
    control.accept(size, 1e-9);
    assert_eq!(control.size, size);
    control.reject(size, f64::NAN);
    assert!(control.size < 0.2 * size);
}

#[test]
fn the_size_that_was_right_after_a_start_is_tried_after_the_next() {
    let mut control = proposing(1e-6);
    control.accept(1e-6, 1e-12);
    control.accept(control.size, 0.1);
    let size = control.size;
    control.accept(size, 1e-3);
    assert!(control.size > size);
    control.restart();
    assert_eq!(control.size, size);
}

#[test]
fn methods_switch_on_lasting_evidence_only() {
    let mut switch = Switch::new(solver::AUTOMATIC);
    for _ in 0..100 {
        assert!(![3.0, 3.0, 3.0, 0.1].into_iter().any(|product| switch.observe(product)));
    }
    let needed = (1..100).find(|_| switch.observe(3.0)).unwrap();
    assert!(needed <= 10 && switch.method == Method::Stiff);
    assert_eq!((1..100).find(|_| switch.observe(1.0)), Some(25));
    assert!(switch.method == Method::Explicit);
    assert_eq!((1..100).find(|_| switch.observe(3.0)), Some(10));
    assert_eq!((1..100).find(|_| switch.observe(1.0)), Some(50), "what was stiff twice needs more evidence");
}

#[test]
fn the_worst_state_is_named() {
    let tolerance = Tolerance::new(&SETTINGS);
    let mut slab = vec![0.0; workspace_length(3)];
    let mut work = Workspace::cut(&mut slab, 3);
    work.end.copy_from_slice(&[1.0, 1.0, f64::INFINITY]);
    let step = Step { start: 0.0, end: 1.0, method: Method::Explicit };
    let estimate = step::estimate(&mut work, &step, tolerance);
    assert!(estimate.norm.is_nan() && estimate.state == Some(2));
    work.end[2] = 1.0;
    work.latest[1] = 66.0 * 3e-6;
    let estimate = step::estimate(&mut work, &step, tolerance);
    assert!((estimate.norm - 3.0).abs() < 0.01 && estimate.state == Some(1));
}

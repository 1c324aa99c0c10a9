//! Strong convergence: the error of a path at its end against the exact solution for the same Wiener process.
//!
//! The problems have solutions that need the Wiener process at the end only: P. E. Kloeden and E. Platen, Numerical
//! Solution of Stochastic Differential Equations, 1992, section 4.4.

use pmc_abi::descriptor::solver::{EULER_MARUYAMA, STRONG};
use pmc_kernel::stochastic::Source;

use crate::support::{Run, Sde, wiener};

const SEED: u64 = 99;

const PATHS: u32 = 1_000;

/// Steps up to time 1.
const STEPS: [u32; 5] = [8, 16, 32, 64, 128];

/// Returns the order of the error by regression of its logarithm on that of the step, and the error of the finest.
fn order(model: Sde, method: u32, exact: fn(f64) -> f64) -> (f64, f64) {
    let mut points = Vec::new();
    for steps in STEPS {
        let length = 1.0 / f64::from(steps);
        let found = Run::new(model, 1, SEED).method(method, length).observe(&[1.0]).paths(PATHS);
        let errors = (0..PATHS).zip(found).map(|(path, found)| {
            let expected = exact(wiener(SEED, path, steps, length));
            (found - expected).abs()
        });
        points.push((length.ln(), (errors.sum::<f64>() / f64::from(PATHS)).ln()));
    }
    let n = points.len() as f64;
    let (mean_x, mean_y) = points.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let covariance: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let variance: f64 = points.iter().map(|(x, _)| (x - mean_x) * (x - mean_x)).sum();
    (covariance / variance, points.last().expect("a point").1.exp())
}

#[allow(clippy::print_stdout, reason = "the documentation quotes these numbers")]
fn check(what: &str, model: Sde, exact: fn(f64) -> f64, euler: f64, strong: f64) {
    for (name, method, expected) in [("Euler and Maruyama", EULER_MARUYAMA, euler), ("SRIW1", STRONG, strong)]
    {
        let (found, error) = order(model, method, exact);
        println!("{what}, {name}: order {found:.2}, error {error:.1e} with 128 steps");
        assert!((found - expected).abs() < 0.15, "{what}, {name}: order {found}, expected {expected}");
    }
}

#[test]
fn multiplicative_noise_has_orders_one_half_and_three_halves() {
    // dX = 1.5·X dt + X dW.
    let model = Sde {
        initial: &[1.0],
        drift: |_, _, _, state, out| out[0] = 1.5 * state[0],
        diffusion: |_, _, _, state, out| out[0] = state[0],
        diffusing: &[0],
    };
    check("geometric", model, |w| (1.0 + w).exp(), 0.5, 1.5);
}

#[test]
fn noise_that_is_not_linear_has_the_same_orders() {
    // dX = −¼·X·(1 − X²) dt + ½·(1 − X²) dW: X = tanh(W/2 + artanh X₀).
    let model = Sde {
        initial: &[0.2],
        drift: |_, _, _, state, out| out[0] = -0.25 * state[0] * (1.0 - state[0] * state[0]),
        diffusion: |_, _, _, state, out| out[0] = 0.5 * (1.0 - state[0] * state[0]),
        diffusing: &[0],
    };
    check("hyperbolic", model, |w| (0.5 * w + 0.2_f64.atanh()).tanh(), 0.5, 1.5);
}

#[test]
fn additive_noise_has_order_one_and_at_least_three_halves() {
    // dX = (½/√(1 + t) − X/(2(1 + t))) dt + 0.3/√(1 + t) dW: X = (X₀ + ½·t + 0.3·W)/√(1 + t).
    let model = Sde {
        initial: &[1.0],
        drift: |t, _, _, state, out| out[0] = 0.5 / (1.0 + t).sqrt() - 0.5 * state[0] / (1.0 + t),
        diffusion: |t, _, _, _, out| out[0] = 0.3 / (1.0 + t).sqrt(),
        diffusing: &[0],
    };
    // What the method leaves out of order 3/2 vanishes where the drift is linear.
    check("additive", model, |w| (1.0 + 0.5 + 0.3 * w) / 2.0_f64.sqrt(), 1.0, 2.0);
}

#[test]
fn a_diffusion_may_read_states_without_noise() {
    // dX = −X dt + Y dW, dY = −Y dt with Y₀ = 1: X = exp(−t)·W.
    let model = Sde {
        initial: &[0.0, 1.0],
        drift: |_, _, _, state, out| (out[0], out[1]) = (-state[0], -state[1]),
        diffusion: |_, _, _, state, out| out[0] = state[1],
        diffusing: &[0],
    };
    check("chain", model, |w| (-1.0_f64).exp() * w, 1.0, 2.0);
}

#[test]
fn a_state_that_adds_up_a_wiener_process_gets_its_integral() {
    // The second state has noise, the first one is its integral, to the last term of the step.
    let model = Sde {
        initial: &[0.0, 0.0],
        drift: |_, _, _, state, out| (out[0], out[1]) = (state[1], 0.0),
        diffusion: |_, _, _, _, out| out[1] = 1.0,
        diffusing: &[1],
    };
    let found = Run::new(model, 1, SEED).method(STRONG, 0.125).observe(&[1.0]).paths(20);
    for (stream, found) in (0..20).zip(found) {
        let source = Source { seed: SEED, stream };
        let (mut w, mut expected, h) = (0.0, 0.0, 0.125_f64);
        for step in 0..8 {
            let [first, second] = source.normals(step, 0, 1);
            expected += h * w + 0.5 * h * h.sqrt() * (first + second / 3.0_f64.sqrt());
            w += h.sqrt() * first;
        }
        assert!((found - expected).abs() < 1e-14, "{found}, expected {expected}");
    }
}

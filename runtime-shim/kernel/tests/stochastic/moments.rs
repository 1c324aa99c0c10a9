//! Means, variances and quantiles of processes whose distribution is known, within the error of sampling.

use pmc_abi::descriptor::solver;

use crate::support::{Run, Sde};

const PARTICLES: u32 = 20_000;

/// Standard errors that a sample may be away from the truth.
const ERRORS: f64 = 4.0;

/// The process of Ornstein and Uhlenbeck around 2, `dX = 0.5·(2 − X) dt + 0.8 dW`.
const ORNSTEIN_UHLENBECK: Sde = Sde {
    initial: &[5.0],
    drift: |_, _, _, state, out| out[0] = 0.5 * (2.0 - state[0]),
    diffusion: |_, _, _, _, out| out[0] = 0.8,
    diffusing: &[0],
};

/// Geometric Brownian motion, `dX = 0.1·X dt + 0.3·X dW`.
const GEOMETRIC: Sde = Sde {
    initial: &[10.0],
    drift: |_, _, _, state, out| out[0] = 0.1 * state[0],
    diffusion: |_, _, _, state, out| out[0] = 0.3 * state[0],
    diffusing: &[0],
};

/// Both methods, each with a step that makes its own error small beside that of sampling.
const METHODS: [(u32, f64); 2] = [(solver::EULER_MARUYAMA, 0.02), (solver::STRONG, 0.05)];

/// Mean, variance and fourth central moment.
type Moments = [f64; 3];

/// Compares mean and variance of 20,000 particles at some times with the truth.
fn check(model: Sde, times: &[f64], truth: fn(f64) -> Moments) {
    for (method, step) in METHODS {
        let rows = Run::new(model, PARTICLES, 11).method(method, step).observe(times).rows();
        for (row, time) in rows.iter().zip(times) {
            let [mean, variance, fourth] = truth(*time);
            let n = f64::from(PARTICLES);
            let error = (variance / n).sqrt();
            assert!((row[0] - mean).abs() < ERRORS * error, "mean {}, expected {mean} ± {error}", row[0]);
            // About the true mean, so that the estimate has no bias.
            let found = row[1] - 2.0 * mean * row[0] + mean * mean;
            let error = ((fourth - variance * variance) / n).sqrt();
            assert!(
                (found - variance).abs() < ERRORS * error,
                "variance {found}, expected {variance} ± {error}"
            );
        }
    }
}

#[test]
fn an_ornstein_uhlenbeck_process_has_its_mean_and_variance() {
    // C. W. Gardiner, Handbook of Stochastic Methods, 1985, section 3.8.4.
    check(ORNSTEIN_UHLENBECK, &[0.7, 3.0], |time| {
        let decay = (-0.5 * time).exp();
        let variance = 0.64 * (1.0 - decay * decay);
        [2.0 + 3.0 * decay, variance, 3.0 * variance * variance]
    });
}

#[test]
fn a_geometric_brownian_motion_has_its_mean_and_variance() {
    // Log-normal with parameters ln 10 + (0.1 − 0.3²/2)·t and 0.3²·t.
    check(GEOMETRIC, &[0.5, 4.0], |time| {
        let mean = 10.0 * (0.1 * time).exp();
        let w = (0.09 * time).exp();
        let variance = mean * mean * (w - 1.0);
        [mean, variance, variance * variance * (w * w * w * w + 2.0 * w * w * w + 3.0 * w * w - 3.0)]
    });
}

#[test]
fn quantiles_are_those_of_the_distribution() {
    let probabilities = [0.05, 0.5, 0.95];
    let variates = [-1.644_853_626_951_472_7, 0.0, 1.644_853_626_951_472_7];
    let run = Run::new(GEOMETRIC, PARTICLES, 3).quantiles(&probabilities).observe(&[1.0, 4.0]);
    for (row, time) in run.rows().iter().zip([1.0_f64, 4.0]) {
        let (location, scale) = (10.0_f64.ln() + (0.1 - 0.045) * time, 0.3 * time.sqrt());
        for (index, (probability, variate)) in probabilities.iter().zip(variates).enumerate() {
            let expected = (location + scale * variate).exp();
            // The asymptotic error of a quantile: √(p(1 − p)/n) over the density there.
            let density =
                (-0.5 * variate * variate).exp() / (2.0 * core::f64::consts::PI).sqrt() / scale / expected;
            let error = (probability * (1.0 - probability) / f64::from(PARTICLES)).sqrt() / density;
            // After the means of both outputs come both outputs at the first probability.
            let found = row[2 + 2 * index];
            assert!((found - expected).abs() < ERRORS * error, "{found}, expected {expected} ± {error}");
            // The square ascends with the state, but interpolation between neighbours is not quite the same.
            assert!((row[3 + 2 * index] - found * found).abs() < 1e-3 * found * found);
        }
    }
}

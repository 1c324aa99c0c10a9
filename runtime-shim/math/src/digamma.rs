//! The logarithmic derivative of the gamma function, which the derivatives of `tgamma` and `lgamma` need.

use core::f64::consts::PI;

use crate::{log, round, tan};

/// From here on the truncated asymptotic series is exact to working precision.
const ASYMPTOTIC: f64 = 10.0;

/// Coefficients of x⁻², x⁻⁴, … in the asymptotic series: B₂ₖ / 2k with the Bernoulli numbers B₂ₖ
/// (Abramowitz and Stegun, 6.3.18).
const SERIES: [f64; 7] =
    [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32760.0, 1.0 / 12.0];

/// Returns the derivative of `lgamma`; −∞ at +0, +∞ at −0 and NaN at negative whole numbers.
///
/// The error is within a few units in the last place of the larger of the result and 1.
pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return -1.0 / x;
    }
    if x > 0.0 {
        return digamma_positive(x);
    }
    // Reflection: ψ(x) = ψ(1 − x) − π cot πx, and cot has period 1 in x.
    let fraction = x - round(x);
    if fraction == 0.0 {
        return f64::NAN;
    }
    digamma_positive(1.0 - x) - PI / tan(PI * fraction)
}

fn digamma_positive(x: f64) -> f64 {
    if x == f64::INFINITY {
        return x;
    }
    // Recurrence: ψ(x) = ψ(x + 1) − 1/x.
    let mut shifted = x;
    let mut correction = 0.0;
    while shifted < ASYMPTOTIC {
        correction += 1.0 / shifted;
        shifted += 1.0;
    }
    let inverse_square = 1.0 / (shifted * shifted);
    let series = SERIES.iter().rev().fold(0.0, |sum, coefficient| (sum + coefficient) * inverse_square);
    log(shifted) - 0.5 / shifted - series - correction
}

#[cfg(test)]
mod tests {
    use super::digamma;

    const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

    fn check(x: f64, expected: f64) {
        let error = (digamma(x) - expected).abs();
        assert!(error <= 4.0 * f64::EPSILON * expected.abs().max(1.0), "digamma({x}) is off by {error:e}");
    }

    #[test]
    fn known_values_are_met() {
        check(1.0, -EULER_GAMMA);
        check(2.0, 1.0 - EULER_GAMMA);
        check(0.5, -EULER_GAMMA - 2.0 * core::f64::consts::LN_2);
        // Sums of the harmonic series: ψ(n) = −γ + 1 + 1/2 + … + 1/(n − 1).
        check(11.0, -EULER_GAMMA + 7381.0 / 2520.0);
        // Reflection and recurrence: ψ(−1/2) = ψ(1/2) + 2.
        check(-0.5, 2.0 - EULER_GAMMA - 2.0 * core::f64::consts::LN_2);
        check(1e-10, -1e10 - EULER_GAMMA);
    }

    #[test]
    fn recurrence_holds_on_both_sides_of_zero() {
        for step in -80..400 {
            let x = 0.05 * f64::from(step) + 0.013;
            let scale = digamma(x).abs().max(1.0 / x.abs()).max(1.0);
            let error = (digamma(x + 1.0) - digamma(x) - 1.0 / x).abs();
            assert!(error <= 2e-14 * scale, "at {x}: {error:e}");
        }
    }

    #[test]
    fn special_values_are_met() {
        assert_eq!(digamma(0.0), f64::NEG_INFINITY);
        assert_eq!(digamma(-0.0), f64::INFINITY);
        assert_eq!(digamma(f64::INFINITY), f64::INFINITY);
        for x in [-1.0, -7.0, f64::NEG_INFINITY, f64::NAN] {
            assert!(digamma(x).is_nan(), "{x}");
        }
    }
}

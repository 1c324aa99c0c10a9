//! The gamma function by Stirling's series, with more bits than a double until the last step.
//!
//! M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 6.1.15 (recurrence), 6.1.17 (reflection) and
//! 6.1.40 (series).

use crate::circular::sine_and_cosine;
use crate::exponential::{Factors, exp_of_sum};
use crate::logarithm::log_extended;
use crate::parts::{extended_product, product, sum, upper_part};
use crate::tables::{HALF_LOG_TWO_PI, PI, STIRLING};
use crate::{round, trunc};

/// From here on the series is used directly.
const ASYMPTOTIC: f64 = 8.0;
/// From here on results are infinite.
const OVERFLOW: f64 = 172.0;
/// Below its negative results are zero.
const UNDERFLOW: f64 = 186.0;
/// Up to here 1/x is the gamma function.
const SMALL: f64 = 1e-17;

/// Returns the gamma function; NaN at negative whole numbers, signed infinity at zero.
pub fn tgamma(x: f64) -> f64 {
    if x.abs() < SMALL {
        return 1.0 / x;
    }
    if x > OVERFLOW {
        return f64::INFINITY;
    }
    if x >= ASYMPTOTIC {
        let (high, low) = log_gamma((x, 0.0));
        return exp_of_sum(high + low, high, low);
    }
    if x.is_nan() || x == f64::NEG_INFINITY || (x < 0.0 && trunc(x) == x) {
        return f64::NAN;
    }
    if x > -ASYMPTOTIC { by_recurrence(x) } else { reflected(x) }
}

/// Returns the gamma function on both sides of zero: Γ(x) = Γ(x + n) / (x (x + 1) … (x + n − 1)).
fn by_recurrence(x: f64) -> f64 {
    let mut divisor = (x, 0.0);
    let mut shift = 1.0;
    while x + shift < ASYMPTOTIC {
        divisor = extended_product(divisor, shifted(x, shift));
        shift += 1.0;
    }
    let (high, low) = log_gamma(shifted(x, shift));
    let (scale, rest) = Factors::new(high + low, high, low).product(0);
    let quotient = scale / divisor.0;
    let (multiple, lost) = product(quotient, divisor.0);
    quotient + ((scale - multiple - lost) + (rest - quotient * divisor.1)) / divisor.0
}

/// Returns the sum with a whole number, and what its rounding takes away.
#[inline]
fn shifted(x: f64, shift: f64) -> (f64, f64) {
    if x.abs() < shift { sum(shift, x) } else { sum(x, shift) }
}

/// Returns the logarithm of the gamma function from [`ASYMPTOTIC`] on as a sum of two numbers, of which the second
/// is small beside the first.
#[inline]
fn log_gamma((x, x_rest): (f64, f64)) -> (f64, f64) {
    let (high, low) = log_extended(x.to_bits());
    let factor = x - 0.5;
    let (factor_upper, high_upper) = (upper_part(factor), upper_part(high));
    let rest = (factor - factor_upper) * high_upper + factor * ((high - high_upper) + low);
    let inverse = 1.0 / x;
    let w = inverse * inverse;
    let [c0, c1, c2, c3, c4, c5, c6, c7] = STIRLING;
    let w2 = w * w;
    let series = (c0 + w * c1) + w2 * ((c2 + w * c3) + w2 * ((c4 + w * c5) + w2 * (c6 + w * c7)));
    let [constant, constant_rest] = HALF_LOG_TWO_PI;
    let (total, lost) = sum(factor_upper * high_upper, -x);
    let (total, lost_too) = sum(total, constant);
    // The derivative of log Γ, to the few digits that the rest of the argument needs.
    let slope = high - 0.5 * inverse;
    (total, inverse * series + (rest + (lost + lost_too + constant_rest) + x_rest * slope))
}

/// Returns the gamma function of a number below −[`ASYMPTOTIC`] that is not whole: Γ(x) Γ(−x) = −π / (x sin πx).
fn reflected(x: f64) -> f64 {
    /// Results may be subnormal, and a factor of theirs before they are.
    const EXPONENT: i64 = 300;
    const SCALE_BACK: f64 = f64::from_bits((1023 - EXPONENT as u64) << 52);
    let nearest = round(x);
    let fraction = x - nearest;
    let is_odd = round(0.5 * nearest) != 0.5 * nearest;
    let sign = if is_odd == (fraction > 0.0) { -1.0 } else { 1.0 };
    if x < -UNDERFLOW {
        return 0.0 * sign;
    }
    let size = -x;
    // sign · π / (size · |sin πx|)
    let factor = sign * PI[0] / (size * sine_of_half_turns(fraction.abs()));
    let (high, low) = log_gamma((size, 0.0));
    let (scale, rest) = Factors::new(-(high + low), -high, -low).product(EXPONENT);
    factor * (scale + rest) * SCALE_BACK
}

/// Returns sin πx up to 1/2.
fn sine_of_half_turns(x: f64) -> f64 {
    let turn = |x: f64| {
        let (high, low) = product(PI[0], x);
        sine_and_cosine(high, low + PI[1] * x)
    };
    if x <= 0.25 { turn(x).0 } else { turn(0.5 - x).1 }
}

//! Hyperbolic functions from exponentials with more bits than a double.

use crate::exponential::Factors;
use crate::parts::sum;
use crate::tables::{SINH, TANH};

/// From here on the smaller exponential does not count.
const LARGE: f64 = 40.0;
/// From here on results are infinite.
const OVERFLOW: f64 = 711.0;
/// Up to here the difference of exponentials would lose too many bits.
const SMALL_SINH: f64 = 0.35;
/// As [`SMALL_SINH`] for the hyperbolic tangent.
const SMALL_TANH: f64 = 0.55;
/// From here on the hyperbolic tangent is 1.
const LARGE_TANH: f64 = 20.0;

/// Returns the hyperbolic sine.
#[inline]
pub fn sinh(x: f64) -> f64 {
    let size = x.abs();
    if size < SMALL_SINH {
        let [c0, c1, c2, c3, c4] = SINH;
        let z = x * x;
        let z2 = z * z;
        return x + x * z * ((c0 + z * c1) + z2 * ((c2 + z * c3) + z2 * c4));
    }
    combined(size, -1.0).copysign(x)
}

/// Returns the hyperbolic cosine.
#[inline]
pub fn cosh(x: f64) -> f64 {
    combined(x.abs(), 1.0)
}

/// Returns half of e^x, plus or minus half of e^−x.
#[inline]
fn combined(x: f64, sign: f64) -> f64 {
    if x < LARGE {
        let (up, up_rest) = Factors::new(x, x, 0.0).product(-1);
        let (down, down_rest) = Factors::new(-x, -x, 0.0).product(-1);
        let (high, low) = sum(up, sign * down);
        return high + (low + (up_rest + sign * down_rest));
    }
    if x < OVERFLOW {
        let (scale, rest) = Factors::new(x, x, 0.0).product(-2);
        return 2.0 * (scale + rest);
    }
    x * f64::INFINITY
}

/// Returns the hyperbolic tangent.
#[inline]
pub fn tanh(x: f64) -> f64 {
    let size = x.abs();
    if size < SMALL_TANH {
        let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10] = TANH;
        let z = x * x;
        let z2 = z * z;
        let low = (c0 + z * c1) + z2 * (c2 + z * c3);
        let high = (c4 + z * c5) + z2 * (c6 + z * c7);
        let excess = x * z * (low + (z2 * z2) * (high + (z2 * z2) * ((c8 + z * c9) + z2 * c10)));
        // The excess has the other sign, which would win over that of −0.
        return (x + excess).copysign(x);
    }
    if size < LARGE_TANH {
        // 1 − 2 / (e^2x + 1)
        let double = 2.0 * size;
        let (scale, rest) = Factors::new(double, double, 0.0).product(0);
        let (divisor, lost) = sum(scale, 1.0);
        let (divisor, lost) = sum(divisor, lost + rest);
        let quotient = 2.0 / divisor;
        let correction = 0.5 * quotient * quotient * lost;
        let (high, low) = sum(1.0, -quotient);
        return (high + (low + correction)).copysign(x);
    }
    if x.is_nan() { x } else { 1.0_f64.copysign(x) }
}

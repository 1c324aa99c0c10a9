//! The error function and its complement.
//!
//! Up to 0.65 a polynomial. Beyond, erfc x = e^(−x²) q(x), where q varies slowly and has a polynomial in every half octave,
//! as in W. J. Cody, Rational Chebyshev approximations for the error function, Mathematics of Computation 23 (1969)
//! 631–637, with polynomials in place of quotients. Both factors carry more than the bits of a double.

use crate::exponential::Factors;
use crate::parts::upper_part;
use crate::tables::{ERF, ERFC};

/// Up to here the polynomial in `x` is the more accurate one.
const SMALL: f64 = 0.65;
/// From here on `erf` is 1 and `erfc` is 0.
const LARGEST: f64 = 28.0;

/// Returns the error function, 2/√π times the integral of exp(−t²) from 0 to `x`.
#[inline]
pub fn erf(x: f64) -> f64 {
    let size = x.abs();
    if size < SMALL {
        return x + x * excess(x);
    }
    if size < LARGEST {
        return (1.0 - tail(size)).copysign(x);
    }
    if x.is_nan() { x } else { 1.0_f64.copysign(x) }
}

/// Returns `1 - erf(x)` without the cancellation for large `x`.
#[inline]
pub fn erfc(x: f64) -> f64 {
    let size = x.abs();
    if size < 0.5 {
        let beyond = x * excess(x);
        // One half is taken away first, so that the sum rounds once.
        return if x < 0.25 { 1.0 - (x + beyond) } else { 0.5 - ((x - 0.5) + beyond) };
    }
    if size < LARGEST {
        return if x > 0.0 { tail(size) } else { 2.0 - tail(size) };
    }
    if x.is_nan() {
        return x;
    }
    if x > 0.0 { 0.0 } else { 2.0 }
}

/// Returns erf(x) / x − 1 up to [`SMALL`].
#[inline]
fn excess(x: f64) -> f64 {
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10] = ERF;
    let z = x * x;
    let z2 = z * z;
    let z4 = z2 * z2;
    let low = (c1 + z * c2) + z2 * (c3 + z * c4);
    let middle = (c5 + z * c6) + z2 * (c7 + z * c8);
    let high = c9 + z * c10;
    c0 + z * (low + z4 * (middle + z4 * high))
}

/// Returns erfc(x) from 1/2 to [`LARGEST`].
#[inline]
fn tail(x: f64) -> f64 {
    /// Bits of the fraction that do not select a half octave.
    const INTERVAL_BITS: u32 = 51;
    /// The result is computed times a power of 2, for parts of it would be subnormal.
    const EXPONENT: i64 = 600;
    const SCALE_BACK: f64 = f64::from_bits((1023 - EXPONENT as u64) << 52);
    let bits = x.to_bits();
    let interval = (bits >> INTERVAL_BITS).wrapping_sub(0.5_f64.to_bits() >> INTERVAL_BITS);
    let Some(&[base, ref coefficients @ ..]) = ERFC.get(interval as usize) else {
        return 0.0;
    };
    let middle = f64::from_bits((bits >> INTERVAL_BITS << INTERVAL_BITS) | 1 << (INTERVAL_BITS - 1));
    let difference = polynomial(x - middle, coefficients);
    let upper = upper_part(x);
    let (square, square_rest) = (upper * upper, (x + upper) * (x - upper));
    let exponential = Factors::new(-(square + square_rest), -square, -square_rest);
    let (scale, rest) = exponential.product(EXPONENT);
    let scale_upper = upper_part(scale);
    let small = (scale - scale_upper) * base + (rest * base + (scale + rest) * difference);
    (scale_upper * base + small) * SCALE_BACK
}

#[inline]
fn polynomial(x: f64, coefficients: &[f64; 18]) -> f64 {
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17] = *coefficients;
    let x2 = x * x;
    let x4 = x2 * x2;
    let first = (c0 + x * c1) + x2 * (c2 + x * c3);
    let second = (c4 + x * c5) + x2 * (c6 + x * c7);
    let third = (c8 + x * c9) + x2 * (c10 + x * c11);
    let fourth = (c12 + x * c13) + x2 * (c14 + x * c15);
    let fifth = c16 + x * c17;
    first + x4 * (second + x4 * (third + x4 * (fourth + x4 * fifth)))
}

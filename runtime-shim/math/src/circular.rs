//! Sine and cosine.
//!
//! W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980): x = n π/2 + r, with π/2 cut into a
//! part so short that its multiples are exact and a rest. Both polynomials are computed and one is chosen, for no
//! processor can guess the quadrant of an angle. Where the parts do not suffice — from 205,000 on and within 2⁻¹² of a
//! multiple of π/2 — `libm` does it, by the method of M. H. Payne and R. N. Hanek.

use crate::tables::{COSINE, HALF_PI_HIGH, HALF_PI_LOW, PER_HALF_PI, SINE};

/// Multiples of π/2 up to here have 17 bits.
const LARGEST: f64 = 205_000.0;
/// Remainders down to here keep their accuracy.
const SMALLEST: f64 = 1.0 / 4096.0;
/// Added and subtracted again, this rounds to a whole number; in between the lowest bits hold that number.
const SHIFT: f64 = 1.5 * (1_u64 << 52) as f64;

/// Returns the sine of an angle in radians; NaN at the infinities.
#[inline]
pub fn sin(x: f64) -> f64 {
    of_quadrant(x, 0).unwrap_or_else(|| libm::sin(x))
}

/// Returns the cosine of an angle in radians; NaN at the infinities.
#[inline]
pub fn cos(x: f64) -> f64 {
    of_quadrant(x, 1).unwrap_or_else(|| libm::cos(x))
}

/// Returns the sine of the angle turned by so many quadrants, where two parts of π/2 suffice.
#[inline]
fn of_quadrant(x: f64, turn: u64) -> Option<f64> {
    if x.abs() < LARGEST {
        let shifted = x * PER_HALF_PI + SHIFT;
        let quarters = shifted - SHIFT;
        let difference = x - quarters * HALF_PI_HIGH;
        let rest = quarters * HALF_PI_LOW;
        let r = difference - rest;
        if r.abs() > SMALLEST {
            let quadrant = shifted.to_bits().wrapping_add(turn);
            let (sine, cosine) = sine_and_cosine(r, difference - r - rest);
            let chosen = if quadrant & 1 == 0 { sine } else { cosine };
            return Some(f64::from_bits(chosen.to_bits() ^ ((quadrant & 2) << 62)));
        }
    }
    None
}

/// Returns both functions of `r + rest` for angles up to π/4.
#[inline]
pub(crate) fn sine_and_cosine(r: f64, rest: f64) -> (f64, f64) {
    let z = r * r;
    let z2 = z * z;
    let half = 0.5 * z;
    let [s3, s5, s7, s9, s11, s13] = SINE;
    let sine = (s3 + z * s5) + z2 * ((s7 + z * s9) + z2 * (s11 + z * s13));
    let sine = r + ((r * z) * sine + (rest - rest * half));
    let [c4, c6, c8, c10, c12, c14] = COSINE;
    let cosine = (c4 + z * c6) + z2 * ((c8 + z * c10) + z2 * (c12 + z * c14));
    let near = 1.0 - half;
    let cosine = near + ((1.0 - near - half) + (z2 * cosine - r * rest));
    (sine, cosine)
}

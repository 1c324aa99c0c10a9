//! The cube root and the length of a vector, from approximations with their errors taken away.

use crate::parts::{nearest_upper_part, sum, upper_part};
use crate::sqrt;
use crate::tables::{INVERSE_CUBE_ROOT, INVERSE_CUBE_ROOTS_OF_POWERS};

const FRACTION_BITS: u32 = 52;
const FRACTION: u64 = (1 << FRACTION_BITS) - 1;
const BIAS: u64 = 1023;

/// Returns the cube root, of negative numbers too; correctly rounded.
#[inline]
pub fn cbrt(x: f64) -> f64 {
    /// Makes subnormals normal.
    const SCALE: f64 = (1_u64 << 54) as f64;
    const ROOT_OF_SCALE: f64 = (1_u64 << 18) as f64;
    let size = x.abs();
    if (f64::MIN_POSITIVE..f64::INFINITY).contains(&size) {
        return cbrt_of_normal(size).copysign(x);
    }
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    cbrt_of_normal(size * SCALE).copysign(x) / ROOT_OF_SCALE
}

/// Returns the cube root of a positive normal number.
///
/// It is scaled to z in [1, 8). A polynomial and a step of Newton's method give z^(−1/3) without a division; from it
/// comes t, the root in 26 bits, whose residual z − t³ can be computed almost without error; Halley's method then
/// adds to t what is missing, with a relative error of 2⁻⁷⁵ of the root.
#[inline]
fn cbrt_of_normal(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = bits >> FRACTION_BITS;
    // The bias is a multiple of 3.
    let (third, power) = (exponent / 3, exponent % 3);
    let m = f64::from_bits((bits & FRACTION) | (BIAS << FRACTION_BITS));
    let z = f64::from_bits((bits & FRACTION) | ((BIAS + power) << FRACTION_BITS));
    let [c0, c1, c2, c3, c4] = INVERSE_CUBE_ROOT;
    let m2 = m * m;
    let start =
        ((c0 + c1 * m) + m2 * ((c2 + c3 * m) + m2 * c4)) * INVERSE_CUBE_ROOTS_OF_POWERS[power as usize];
    let inverse = start + start * (1.0 - z * start * (start * start)) * (1.0 / 3.0);
    let t = nearest_upper_part(z * inverse * inverse);
    let square = t * t;
    let square_upper = upper_part(square);
    let residual = (z - square_upper * t) - (square - square_upper) * t;
    let (root, rest) = sum(t, t * residual / (3.0 * z - 2.0 * residual));
    let root = if is_doubtful(rest) { decide(z, root, rest) } else { root };
    f64::from_bits(root.to_bits().wrapping_add(third.wrapping_sub(BIAS / 3) << FRACTION_BITS))
}

/// Half a unit in the last place of numbers in [1, 2).
const HALF_UNIT: f64 = 0.5 * f64::EPSILON;

/// Whether the rounding of a root in [1, 2), which left this rest, could be undone by its error.
#[inline]
fn is_doubtful(rest: f64) -> bool {
    const MARGIN: f64 = 1.0 / (1_u64 << 17) as f64;
    rest.abs() > HALF_UNIT * (1.0 - MARGIN)
}

/// Returns the root or its neighbour on the side of `rest`, whichever is nearer to the cube root of `z`.
///
/// Compares `z` with the cube of the number in the middle, both in units of 2⁻¹⁵⁹. They are so close that the lower 128
/// bits of the difference tell its sign; it is never zero, for the cube of an odd number is odd.
#[cold]
#[inline(never)]
fn decide(z: f64, root: f64, rest: f64) -> f64 {
    let whole = |x: f64, unit: f64| u128::from((x * unit) as u64);
    let unit = (1_u64 << (FRACTION_BITS + 1)) as f64;
    let step = f64::EPSILON.copysign(rest);
    let up = rest > 0.0;
    let twice = whole(root, unit);
    let middle = if up { twice + 1 } else { twice - 1 };
    let cube = middle.wrapping_mul(middle).wrapping_mul(middle);
    let difference = (whole(z, unit) << 106).wrapping_sub(cube).cast_signed();
    if (difference > 0) == up { root + step } else { root }
}

/// Returns the length of the vector (`x`, `y`) without overflow on the way.
#[inline]
pub fn hypot(x: f64, y: f64) -> f64 {
    const LARGEST: f64 = f64::from_bits((BIAS + 500) << FRACTION_BITS);
    const SMALLEST: f64 = f64::from_bits((BIAS - 400) << FRACTION_BITS);
    let (x, y) = (x.abs(), y.abs());
    let (long, short) = if x < y { (y, x) } else { (x, y) };
    if long < LARGEST && short > SMALLEST {
        return length(long, short);
    }
    hypot_at_the_ends(long, short)
}

/// As [`hypot`] where squares overflow or vanish.
#[cold]
#[inline(never)]
fn hypot_at_the_ends(long: f64, short: f64) -> f64 {
    const SCALE: f64 = f64::from_bits((BIAS + 600) << FRACTION_BITS);
    const SCALE_BACK: f64 = f64::from_bits((BIAS - 600) << FRACTION_BITS);
    const NEGLIGIBLE: f64 = 1.0 / (1_u64 << 60) as f64;
    if long == f64::INFINITY || short == f64::INFINITY {
        return f64::INFINITY;
    }
    if long.is_nan() || short.is_nan() {
        return f64::NAN;
    }
    if short <= long * NEGLIGIBLE {
        return long + short;
    }
    if long > 1.0 {
        return length(long * SCALE_BACK, short * SCALE_BACK) * SCALE;
    }
    length(long * SCALE, short * SCALE) * SCALE_BACK
}

/// Returns √(a² + b²) for 0 ≤ b ≤ a, and squares that neither overflow nor vanish.
///
/// The root h of the rounded sum is within 2 units of the result; a step of Newton's method takes the rest away,
/// with the residual a² + b² − h² from squares of parts, which are exact.
#[inline]
fn length(a: f64, b: f64) -> f64 {
    let h = sqrt(a * a + b * b);
    let (a_upper, b_upper, h_upper) = (upper_part(a), upper_part(b), upper_part(h));
    let upper = (a_upper * a_upper - h_upper * h_upper) + b_upper * b_upper;
    let lower = (a + a_upper) * (a - a_upper) - (h + h_upper) * (h - h_upper) + (b + b_upper) * (b - b_upper);
    h + (upper + lower) / (2.0 * h)
}

//! Powers by the exponential of a logarithm with 64 bits.

use core::ops::RangeInclusive;

use crate::exponential::exp_of_sum;
use crate::logarithm::{extended_bits, has_extended_log, log_extended};
use crate::parts::{extended_product, product, upper_part};
use crate::{sqrt, trunc};

/// Twice the largest exponent for which multiplications are faster than a logarithm.
const SMALL_TWICE: f64 = 8.0;
/// Numbers whose small powers are far from the ends of the range.
const MODERATE: RangeInclusive<f64> = 1e-30..=1e30;
/// Exponents of this size take every number but 1 to zero or infinity, and are even.
const HUGE_EXPONENT: f64 = (1_u64 << 63) as f64 * 2.0;

/// Returns `x` to the power `y` by the rules of IEEE 754: 1 for `y = 0` and for `x = 1` whatever the other
/// is, NaN for a negative `x` with a fractional `y`.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    let twice = y + y;
    if twice.abs() <= SMALL_TWICE && is_small_whole(twice) && MODERATE.contains(&x) {
        return pow_by_products(x, twice);
    }
    if has_extended_log(x) && y.abs() < HUGE_EXPONENT {
        return pow_of_bits(x.to_bits(), y);
    }
    pow_at_the_ends(x, y)
}

/// Whether the number, of less than 51 bits, is whole.
#[inline]
fn is_small_whole(x: f64) -> bool {
    const SHIFT: f64 = 1.5 * (1_u64 << 52) as f64;
    x + SHIFT - SHIFT == x
}

/// Returns `x` to the power `twice / 2` by multiplications, divisions and square roots with twice the bits of a double:
/// a product of doubles would be off by more than 1 unit in the last place from the third power on.
fn pow_by_products(x: f64, twice: f64) -> f64 {
    let halves = twice.abs() as u32;
    let whole = match halves / 2 {
        0 => (1.0, 0.0),
        1 => (x, 0.0),
        2 => product(x, x),
        3 => extended_product(product(x, x), (x, 0.0)),
        _ => extended_product(product(x, x), product(x, x)),
    };
    let (high, low) = match halves {
        1 => extended_sqrt(x),
        3 | 5 | 7 => extended_product(whole, extended_sqrt(x)),
        _ => whole,
    };
    if twice > 0.0 {
        return high + low;
    }
    let inverse = 1.0 / high;
    let (one, rest) = product(inverse, high);
    inverse + inverse * (1.0 - one - (rest + inverse * low))
}

#[inline]
fn extended_sqrt(x: f64) -> (f64, f64) {
    let root = sqrt(x);
    let (square, rest) = product(root, root);
    (root, (x - square - rest) / (root + root))
}

#[inline]
fn pow_of_bits(bits: u64, y: f64) -> f64 {
    let (high, low) = log_extended(bits);
    let (y_upper, high_upper) = (upper_part(y), upper_part(high));
    let product = y_upper * high_upper;
    let rest = (y - y_upper) * high_upper + y * ((high - high_upper) + low);
    exp_of_sum(product + rest, product, rest)
}

fn is_whole(y: f64) -> bool {
    trunc(y) == y
}

/// As [`pow`] where a rule of its own holds, and for negative and subnormal numbers.
#[cold]
#[inline(never)]
fn pow_at_the_ends(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    let size = x.abs();
    if y.abs() >= HUGE_EXPONENT {
        if size == 1.0 {
            return 1.0;
        }
        return if (size > 1.0) == (y > 0.0) { f64::INFINITY } else { 0.0 };
    }
    let is_odd = is_whole(y) && !is_whole(0.5 * y);
    let sign = if x.is_sign_negative() && is_odd { -1.0 } else { 1.0 };
    if size == 0.0 || size == f64::INFINITY {
        return if (size == 0.0) == (y < 0.0) { sign * f64::INFINITY } else { sign * 0.0 };
    }
    if x < 0.0 && !is_whole(y) {
        return f64::NAN;
    }
    let bits = if size < f64::MIN_POSITIVE { extended_bits(size) } else { size.to_bits() };
    sign * pow_of_bits(bits, y)
}

//! The exponential from a table of 64 powers of 2.
//!
//! P. T. P. Tang, Table-driven implementation of the exponential function in IEEE floating-point arithmetic, ACM
//! Transactions on Mathematical Software 15 (1989) 144–157: x = k ln 2 / 64 + r, and e^x is a power of 2 times an entry
//! of the table times a polynomial of degree 5 in r.

use crate::tables::{EXP, EXP_SERIES, EXP_STEP_HIGH, EXP_STEP_LOW, EXP_STEPS};

/// Up to here neither the result nor its last addend is subnormal.
const ORDINARY: f64 = 700.0;
/// Added and subtracted again, this rounds to a whole number; in between the lowest bits hold that number.
const SHIFT: f64 = 1.5 * (1_u64 << 52) as f64;
const FRACTION_BITS: u32 = 52;

/// The factors of an exponential: `power * (1 + fraction) * 2^exponent` with `power` in [1, 2).
pub(crate) struct Factors {
    power: f64,
    fraction: f64,
    /// The exponent in the place where a double has it, modulo 2^12.
    exponent_bits: u64,
}

impl Factors {
    /// Splits the exponential of `high + low`, whose rounded sum is `x`.
    #[inline]
    pub(crate) fn new(x: f64, high: f64, low: f64) -> Self {
        let shifted = x * EXP_STEPS + SHIFT;
        let multiple = shifted.to_bits();
        let steps = shifted - SHIFT;
        let r = (high - steps * EXP_STEP_HIGH) - (steps * EXP_STEP_LOW - low);
        let [power, tail] = EXP[(multiple & 63) as usize];
        let [c2, c3, c4, c5] = EXP_SERIES;
        let r2 = r * r;
        let fraction = tail + r + (r2 * (c2 + r * c3) + (r2 * r2) * (c4 + r * c5));
        Self { power, fraction, exponent_bits: (multiple & !63) << (FRACTION_BITS - 6) }
    }

    /// Returns the product with the exponent changed by so much, as a leading number and what is added to it.
    #[inline]
    pub(crate) fn product(&self, change: i64) -> (f64, f64) {
        let change = (change as u64) << FRACTION_BITS;
        let scale =
            f64::from_bits(self.power.to_bits().wrapping_add(self.exponent_bits).wrapping_add(change));
        (scale, scale * self.fraction)
    }
}

/// Returns e to the power `x`: 0 below about −745, infinity above about 709.8.
#[inline]
pub fn exp(x: f64) -> f64 {
    exp_of_sum(x, x, 0.0)
}

/// Returns e to the power `x` as [`exp`] does, where that takes no call and no thought: between −700 and 700.
#[inline]
pub fn exp_if_ordinary(x: f64) -> Option<f64> {
    (x.abs() < ORDINARY).then(|| {
        let (scale, rest) = Factors::new(x, x, 0.0).product(0);
        scale + rest
    })
}

/// Returns e to the power `high + low`, whose rounded sum is `x`; `low` is less than a thousandth of `high`.
#[inline]
pub(crate) fn exp_of_sum(x: f64, high: f64, low: f64) -> f64 {
    if x.abs() < ORDINARY {
        let (scale, rest) = Factors::new(x, high, low).product(0);
        return scale + rest;
    }
    exp_at_the_ends(x, high, low)
}

/// As [`exp_of_sum`] where the result may overflow, be subnormal or be NaN.
#[cold]
#[inline(never)]
fn exp_at_the_ends(x: f64, high: f64, low: f64) -> f64 {
    const LOWEST_NORMAL_EXPONENT: i64 = -1022;
    if x.is_nan() {
        return x;
    }
    if x > 710.0 {
        return f64::INFINITY;
    }
    if x < -746.0 {
        return 0.0;
    }
    let factors = Factors::new(x, high, low);
    if x > 0.0 {
        let (scale, rest) = factors.product(-1);
        return 2.0 * (scale + rest);
    }
    // In units of the smallest normal number, so that it is the sum with 1 that rounds to the last bit of a subnormal;
    // what the first sum loses is carried along, for two roundings in a row would not be one.
    let (scale, rest) = factors.product(-LOWEST_NORMAL_EXPONENT);
    let sum = scale + rest;
    if sum >= 1.0 {
        return sum * f64::MIN_POSITIVE;
    }
    let lost = scale - sum + rest;
    let beside_one = 1.0 + sum;
    let lost = 1.0 - beside_one + sum + lost;
    (beside_one + lost - 1.0) * f64::MIN_POSITIVE
}

#[cfg(test)]
mod tests {
    use crate::parts::product;
    use crate::tables::{EXP, EXP_STEP_HIGH, EXP_STEP_LOW, EXP_STEPS};

    /// Twice the bits of a double and a few for the sums.
    const TINY: f64 = 1e-31;

    #[test]
    fn entries_of_the_table_multiply_as_powers_of_two_do() {
        let (one, rest) = (EXP[0][0], EXP[0][1]);
        assert_eq!((one, rest), (1.0, 0.0));
        for i in 0..64 {
            for j in 0..64 {
                let ([a, a_rest], [b, b_rest]) = (EXP[i], EXP[j]);
                let [c, c_rest] = EXP[(i + j) % 64];
                let c = if i + j < 64 { c } else { 2.0 * c };
                let (high, low) = product(a, b);
                let difference = (high - c) + low + c * (a_rest + b_rest - c_rest);
                assert!(difference.abs() <= TINY, "{i} + {j}: {difference:e}");
            }
        }
    }

    #[test]
    fn ordinary_exponentials_are_those_of_exp() {
        for x in [-699.9, -1.0, -1e-300, -0.0, 0.0, 0.7, 699.9] {
            assert_eq!(super::exp_if_ordinary(x).map(f64::to_bits), Some(super::exp(x).to_bits()), "{x}");
        }
        for x in [-700.0, 700.0, f64::NEG_INFINITY, f64::INFINITY, f64::NAN] {
            assert_eq!(super::exp_if_ordinary(x), None, "{x}");
        }
    }

    #[test]
    fn steps_are_a_part_of_the_logarithm_of_two() {
        assert_eq!(64.0 * (EXP_STEP_HIGH + EXP_STEP_LOW), core::f64::consts::LN_2);
        assert!((EXP_STEPS * EXP_STEP_HIGH - 1.0).abs() <= 1e-11);
        assert_eq!(EXP_STEP_HIGH.to_bits() & 0x1_ffff, 0);
    }
}

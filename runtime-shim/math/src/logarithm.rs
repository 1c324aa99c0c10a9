//! Logarithms from a table of 64 reciprocals and their logarithms.
//!
//! P. T. P. Tang, Table-driven implementation of the logarithm function in IEEE floating-point arithmetic, ACM
//! Transactions on Mathematical Software 16 (1990) 378–400, with a reciprocal in place of his quotient:
//! x = 2^k z, and with 1/c from the table r = z/c − 1 is small; log x = k ln 2 + log c + log(1 + r).
//!
//! No product here needs a fused multiply-add. The reciprocals have 10 bits after the point and z is cut in two, so
//! that r comes in two parts without error; log c, ln 2 and the upper part of r are whole multiples of 2⁻⁴², so that
//! their sum has none either. The interval about 1 has c = 1, and accuracy is relative there too.

use crate::parts::sum;
use crate::tables::{
    LN_2_HIGH, LN_2_LOW, LOG, LOG_SERIES, LOG_SERIES_LONG, LOG2_SERIES, LOG10_2_HIGH, LOG10_2_LOW,
    LOG10_SERIES, PER_LN_2, PER_LN_10,
};

const FRACTION_BITS: u32 = 52;
const EXPONENT_MASK: u64 = 0xfff << FRACTION_BITS;
/// Bits of the fraction that do not select an entry of the table.
const INTERVAL_BITS: u32 = FRACTION_BITS - 6;
/// The lower end of the table, 37.5 intervals below 1.
const LOWEST: u64 = 1.0_f64.to_bits() - (75 << (INTERVAL_BITS - 1));
/// The bits that the lower part of z takes.
const LOWER_PART: u64 = 0xffff_ffff;

/// `2^exponent * c * (1 + upper + lower)`.
struct Reduced {
    exponent: f64,
    log_c: f64,
    log_c_rest: f64,
    upper: f64,
    lower: f64,
}

impl Reduced {
    /// Reduces a positive number given by its bits; exponents below those of doubles are welcome.
    #[inline]
    fn new(bits: u64) -> Self {
        let above = bits.wrapping_sub(LOWEST);
        let [reciprocal, log_c, log_c_rest] = LOG[(above >> INTERVAL_BITS) as usize & 63];
        let z_bits = bits.wrapping_sub(above & EXPONENT_MASK);
        // To the nearest: then the lower part of r never undoes the upper one.
        let z_upper = f64::from_bits(z_bits.wrapping_add(LOWER_PART / 2 + 1) & !LOWER_PART);
        Self {
            exponent: exponent_of(above),
            log_c,
            log_c_rest,
            upper: z_upper * reciprocal - 1.0,
            lower: (f64::from_bits(z_bits) - z_upper) * reciprocal,
        }
    }

    /// Returns log(1 + r) − r to double precision, in the base that the coefficients belong to.
    #[inline]
    fn series(&self, coefficients: &[f64; 6]) -> f64 {
        let r = self.upper + self.lower;
        let [c2, c3, c4, c5, c6, c7] = *coefficients;
        let r2 = r * r;
        r2 * ((c2 + r * c3) + r2 * ((c4 + r * c5) + r2 * (c6 + r * c7)))
    }

    /// Returns the logarithm to another base of all but the power of 2, added to that of the power of 2.
    ///
    /// The parts without error have 41 bits, so their product with the leading 12 bits of the factor has none either.
    #[inline]
    fn to_base(&self, of_power: f64, factor: &[f64; 3], coefficients: &[f64; 6]) -> (f64, f64) {
        let [factor, factor_high, factor_low] = *factor;
        let exact = self.log_c + self.upper;
        let (high, low) = sum(of_power, exact * factor_high);
        let rest = low + (exact + self.lower) * factor_low + self.log_c_rest * factor;
        // Apart from numbers within 2⁻¹⁹ of 1 the last addend is below the last bits of the result.
        (high, (rest + self.series(coefficients)) + self.lower * factor_high)
    }
}

/// Returns the twelve upper bits, a signed number, as a double.
///
/// By way of the lowest bits of a large double: the conversion instruction of x86 waits for the register that it
/// writes to, which chains calls to each other.
#[inline]
fn exponent_of(bits: u64) -> f64 {
    const SIGN: u64 = 1 << 63;
    const LARGE: f64 = (1_u64 << FRACTION_BITS) as f64;
    const OFFSET: f64 = 2048.0;
    f64::from_bits(((bits ^ SIGN) >> FRACTION_BITS) | LARGE.to_bits()) - (LARGE + OFFSET)
}

/// Whether the number is positive, normal and finite.
#[inline]
fn is_ordinary(bits: u64) -> bool {
    bits.wrapping_sub(f64::MIN_POSITIVE.to_bits()) < f64::INFINITY.to_bits() - f64::MIN_POSITIVE.to_bits()
}

/// Returns the bits of a subnormal as if exponents went on below those of doubles.
pub(crate) fn extended_bits(subnormal: f64) -> u64 {
    const UNIT: f64 = (1_u64 << FRACTION_BITS) as f64;
    (subnormal * UNIT).to_bits().wrapping_sub(u64::from(FRACTION_BITS) << FRACTION_BITS)
}

/// Calls `logarithm` with the bits of `x`, or returns what every logarithm gives where there are none.
#[inline]
fn for_positive(x: f64, logarithm: impl Fn(u64) -> f64) -> f64 {
    let bits = x.to_bits();
    if is_ordinary(bits) {
        return logarithm(bits);
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x < 0.0 {
        return f64::NAN;
    }
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    logarithm(extended_bits(x))
}

/// Returns the natural logarithm; −∞ at zero and NaN below.
#[inline]
pub fn log(x: f64) -> f64 {
    for_positive(x, |bits| {
        let reduced = Reduced::new(bits);
        let exact = reduced.exponent * LN_2_HIGH + reduced.log_c + reduced.upper;
        let (high, low) = sum(exact, reduced.lower);
        let rest = reduced.exponent * LN_2_LOW + reduced.log_c_rest;
        high + (low + rest + reduced.series(&LOG_SERIES))
    })
}

/// Returns the logarithm to base 2; −∞ at zero and NaN below.
#[inline]
pub fn log2(x: f64) -> f64 {
    for_positive(x, |bits| {
        let reduced = Reduced::new(bits);
        let (high, low) = reduced.to_base(reduced.exponent, &PER_LN_2, &LOG2_SERIES);
        high + low
    })
}

/// Returns the logarithm to base 10; −∞ at zero and NaN below.
#[inline]
pub fn log10(x: f64) -> f64 {
    for_positive(x, |bits| {
        let reduced = Reduced::new(bits);
        let (high, low) = reduced.to_base(reduced.exponent * LOG10_2_HIGH, &PER_LN_10, &LOG10_SERIES);
        high + (low + reduced.exponent * LOG10_2_LOW)
    })
}

/// Returns the natural logarithm of a positive number, given by its bits, as a sum of two numbers.
///
/// The error is below 2⁻⁶⁴ of the result: the square in the series of log(1 + r) is computed without error as
/// far as the upper part of r goes.
#[inline]
pub(crate) fn log_extended(bits: u64) -> (f64, f64) {
    let reduced = Reduced::new(bits);
    let Reduced { upper, lower, .. } = reduced;
    let r = upper + lower;
    let [c3, c4, c5, c6, c7, c8, c9] = LOG_SERIES_LONG;
    let r2 = r * r;
    let series = (r * r2) * ((c3 + r * c4) + r2 * ((c5 + r * c6) + r2 * ((c7 + r * c8) + r2 * c9)));
    let exact = reduced.exponent * LN_2_HIGH + reduced.log_c + upper;
    let (high, low) = sum(exact, lower);
    let (high, square) = sum(high, -0.5 * upper * upper);
    let rest = reduced.exponent * LN_2_LOW + reduced.log_c_rest;
    (high, (low + square) + (rest + (series - 0.5 * lower * (upper + r))))
}

/// Whether [`log_extended`] takes the number as it is.
#[inline]
pub(crate) fn has_extended_log(x: f64) -> bool {
    is_ordinary(x.to_bits())
}

#[cfg(test)]
mod tests {
    use super::{INTERVAL_BITS, LOWEST};
    use crate::exponential::Factors;
    use crate::parts::product;
    use crate::tables::{LN_2_HIGH, LN_2_LOW, LOG};

    fn is_on_grid(x: f64, bits: u32) -> bool {
        let multiple = x * (1_u64 << bits) as f64;
        crate::trunc(multiple) == multiple
    }

    #[test]
    fn entries_of_the_table_are_short_reciprocals_of_their_intervals() {
        for (interval, [reciprocal, high, low]) in (0_u64..).zip(LOG) {
            assert!(is_on_grid(reciprocal, 10) && is_on_grid(high, 42), "{interval}");
            assert!(low.abs() <= 0.5 / (1_u64 << 42) as f64, "{interval}");
            let begin = LOWEST + (interval << INTERVAL_BITS);
            for end in [begin, begin + (1 << INTERVAL_BITS) - 1] {
                let x = f64::from_bits(end) * reciprocal;
                assert!((x - 1.0).abs() <= 0.008, "{interval}: {x}");
            }
        }
    }

    #[test]
    fn logarithms_of_the_table_undo_its_reciprocals() {
        for [reciprocal, high, low] in LOG {
            let (scale, rest) = Factors::new(high, high, low).product(0);
            let (one, lost) = product(scale, reciprocal);
            let difference = (one - 1.0) + (lost + rest * reciprocal);
            // As far as exponentials are known: their polynomial is off by 2⁻⁵⁹.
            assert!(difference.abs() <= 4e-18, "{reciprocal}: {difference:e}");
        }
        assert_eq!(LN_2_HIGH + LN_2_LOW, core::f64::consts::LN_2);
        assert!(is_on_grid(LN_2_HIGH, 42));
    }
}

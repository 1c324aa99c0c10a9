//! Powers good enough for choosing steps, from the bits of numbers: the same everywhere, and short.

/// Height of the parabola that takes `1 + x` to about `2^x` on [0, 1]: exact at 0, 1/2 and 1.
const BEND: f64 = 0.3431457505076198;

/// Returns the logarithm to base 2 of a positive number within 0.009.
pub(super) fn logarithm(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i32 - 1023;
    let fraction = f64::from_bits((bits & MANTISSA) | 1f64.to_bits()) - 1.0;
    f64::from(exponent) + fraction + BEND * fraction * (1.0 - fraction)
}

/// Returns 2 to a power between −1000 and 1000 within 0.4 %.
pub(super) fn exponential(x: f64) -> f64 {
    let whole = pmc_math::floor(x);
    let fraction = x - whole;
    let scale = f64::from_bits(((whole as i64 + 1023) as u64) << 52);
    scale * (1.0 + fraction - BEND * fraction * (1.0 - fraction))
}

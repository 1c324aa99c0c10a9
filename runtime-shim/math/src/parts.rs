//! Doubles cut in two, for products without error where there is no fused multiply-add.
//!
//! T. J. Dekker, A floating-point technique for extending the available precision, Numerische Mathematik 18 (1971)
//! 224–242.

/// The bits that the lower part takes: products of two upper parts are exact, and so are those of any two parts.
const LOWER_PART: u64 = 0x7ff_ffff;

/// Returns the leading 26 bits.
#[inline]
pub(crate) fn upper_part(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !LOWER_PART)
}

/// Returns the number rounded to 26 bits.
#[inline]
pub(crate) fn nearest_upper_part(x: f64) -> f64 {
    f64::from_bits(x.to_bits().wrapping_add(LOWER_PART / 2 + 1) & !LOWER_PART)
}

/// Returns the sum rounded and what the rounding took away; `a` is zero or at least as large as `b`.
#[inline]
pub(crate) fn sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, a - sum + b)
}

/// Returns the product rounded and what the rounding took away; neither may overflow, nor the latter be subnormal.
#[inline]
pub(crate) fn product(a: f64, b: f64) -> (f64, f64) {
    let (a_upper, b_upper) = (upper_part(a), upper_part(b));
    let (a_lower, b_lower) = (a - a_upper, b - b_upper);
    let product = a * b;
    (product, a_lower * b_lower - (product - a_upper * b_upper - a_lower * b_upper - a_upper * b_lower))
}

/// Returns the product of two sums as a sum, to about twice the bits of a double.
#[inline]
pub(crate) fn extended_product(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (high, low) = product(a.0, b.0);
    sum(high, low + (a.0 * b.1 + a.1 * b.0))
}

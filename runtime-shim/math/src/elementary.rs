//! Functions that `libm` computes fast enough, from exactly rounded operations.
//!
//! The tests state a bound of the error for each.

/// Returns `exp(x) - 1` without the cancellation for small `x`.
#[inline]
pub fn expm1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Returns `log(1 + x)` without the cancellation for small `x`.
#[inline]
pub fn log1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Returns the tangent of an angle in radians; NaN at the infinities.
#[inline]
pub fn tan(x: f64) -> f64 {
    libm::tan(x)
}

/// Returns the angle in [−π/2, π/2] with this tangent.
#[inline]
pub fn atan(x: f64) -> f64 {
    libm::atan(x)
}

/// Returns the angle in [−π, π] of the point (`x`, `y`).
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// Returns the logarithm of the absolute value of the gamma function; infinity at its poles.
#[inline]
pub fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

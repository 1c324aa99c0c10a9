//! Functions that have no exact answer: approximations from `libm`, made of exactly rounded operations.
//!
//! Largest errors found by the tests of this crate are within 1 unit in the last place for most functions;
//! the tests state the bound for each.

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

/// Returns the angle in [−π/2, π/2] with this sine; NaN outside [−1, 1].
#[inline]
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// Returns the angle in [0, π] with this cosine; NaN outside [−1, 1].
#[inline]
pub fn acos(x: f64) -> f64 {
    libm::acos(x)
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

/// Returns the hyperbolic sine.
#[inline]
pub fn sinh(x: f64) -> f64 {
    libm::sinh(x)
}

/// Returns the hyperbolic cosine.
#[inline]
pub fn cosh(x: f64) -> f64 {
    libm::cosh(x)
}

/// Returns the hyperbolic tangent.
#[inline]
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// Returns the error function, 2/√π times the integral of exp(−t²) from 0 to `x`.
#[inline]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// Returns `1 - erf(x)` without the cancellation for large `x`.
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Returns the gamma function; NaN at negative whole numbers, signed infinity at zero.
#[inline]
pub fn tgamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// Returns the logarithm of the absolute value of the gamma function; infinity at its poles.
#[inline]
pub fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

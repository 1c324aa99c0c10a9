//! Operations with exactly one right answer: instructions natively and in WebAssembly.

// The compiler's runtime library defines these symbols for wasm32, and the optimiser knows them: calls become
// the instructions `f64.sqrt`, `f64.floor`, `f64.ceil` and `f64.trunc`.
#[cfg(target_arch = "wasm32")]
mod instructions {
    #[allow(unsafe_code)]
    // SAFETY: pure functions of the C library, defined for every argument.
    unsafe extern "C" {
        pub(super) safe fn sqrt(x: f64) -> f64;
        pub(super) safe fn floor(x: f64) -> f64;
        pub(super) safe fn ceil(x: f64) -> f64;
        pub(super) safe fn trunc(x: f64) -> f64;
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod instructions {
    pub(super) fn sqrt(x: f64) -> f64 {
        x.sqrt()
    }

    pub(super) fn floor(x: f64) -> f64 {
        x.floor()
    }

    pub(super) fn ceil(x: f64) -> f64 {
        x.ceil()
    }

    pub(super) fn trunc(x: f64) -> f64 {
        x.trunc()
    }
}

/// Returns the square root, correctly rounded; NaN below zero.
#[inline]
pub fn sqrt(x: f64) -> f64 {
    instructions::sqrt(x)
}

/// Returns the largest whole number that is not above `x`.
#[inline]
pub fn floor(x: f64) -> f64 {
    instructions::floor(x)
}

/// Returns the smallest whole number that is not below `x`.
#[inline]
pub fn ceil(x: f64) -> f64 {
    instructions::ceil(x)
}

/// Returns `x` without its fraction.
#[inline]
pub fn trunc(x: f64) -> f64 {
    instructions::trunc(x)
}

/// Returns the nearest whole number, halves away from zero.
///
/// The number added is the largest below one half, so that the sum never rounds up to a whole number which
/// `x` does not reach.
#[inline]
pub fn round(x: f64) -> f64 {
    trunc(x + (0.5 - 0.25 * f64::EPSILON).copysign(x))
}

/// Returns the smaller of two numbers as `f64.min` of WebAssembly does: NaN if either is NaN, and −0 below +0.
#[inline]
pub fn minimum(a: f64, b: f64) -> f64 {
    if a < b || (a == b && a.is_sign_negative()) {
        a
    } else if b <= a {
        b
    } else {
        f64::NAN
    }
}

/// Returns the larger of two numbers as `f64.max` of WebAssembly does: NaN if either is NaN, and −0 below +0.
#[inline]
pub fn maximum(a: f64, b: f64) -> f64 {
    if b < a || (a == b && a.is_sign_positive()) {
        a
    } else if a <= b {
        b
    } else {
        f64::NAN
    }
}

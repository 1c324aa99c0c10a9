//! The inverse functions of sine and cosine.
//!
//! One polynomial serves both and the whole interval, by asin x = π/2 − 2 asin √((1 − x)/2) above one half. The square
//! root takes its rounding error along.

use crate::parts::{sum, upper_part};
use crate::sqrt;
use crate::tables::{HALF_PI, INVERSE_SINE};

/// Up to here the polynomial is that of `x` itself.
const HALF: f64 = 0.5;

/// Returns the angle in [−π/2, π/2] with this sine; NaN outside [−1, 1].
#[inline]
pub fn asin(x: f64) -> f64 {
    let size = x.abs();
    if size < HALF {
        return x + x * excess(x * x);
    }
    let [half_pi, rest] = HALF_PI;
    let (root, root_rest, excess) = above_half(size);
    let (angle, lost) = sum(half_pi, -2.0 * root);
    (angle + (lost + rest - 2.0 * (root_rest + excess))).copysign(x)
}

/// Returns the angle in [0, π] with this cosine; NaN outside [−1, 1].
#[inline]
pub fn acos(x: f64) -> f64 {
    let [half_pi, rest] = HALF_PI;
    if x.abs() < HALF {
        let (angle, lost) = sum(half_pi, -x);
        return angle + (lost + rest - x * excess(x * x));
    }
    let (root, root_rest, excess) = above_half(x.abs());
    if x > 0.0 {
        return 2.0 * (root + (root_rest + excess));
    }
    let (angle, lost) = sum(half_pi, -root);
    2.0 * (angle + (lost + rest - (root_rest + excess)))
}

/// Returns s = √((1 − x)/2), the rest of this root, and asin s − s.
#[inline]
fn above_half(x: f64) -> (f64, f64, f64) {
    let z = 0.5 * (1.0 - x);
    let root = sqrt(z);
    let upper = upper_part(root);
    let residual = (z - upper * upper) - (root + upper) * (root - upper);
    // At 1 both are zero, and so is the rest.
    let rest = residual / (root + root + f64::MIN_POSITIVE);
    (root, rest, root * excess(z))
}

/// Returns asin(√z) / √z − 1.
#[inline]
fn excess(z: f64) -> f64 {
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12] = INVERSE_SINE;
    let z2 = z * z;
    let z4 = z2 * z2;
    let low = (c0 + z * c1) + z2 * (c2 + z * c3);
    let middle = (c4 + z * c5) + z2 * (c6 + z * c7);
    let high = (c8 + z * c9) + z2 * (c10 + z * c11) + z4 * c12;
    z * (low + z4 * (middle + z4 * high))
}

//! Elementary functions that give the same bits on every machine.
//!
//! Pure Rust, no host mathematics: the constant folder, the interpreter and the kernel inside emitted modules all call
//! these and nothing else. Where models spend their time, functions come from tables and polynomials of this
//! crate; the others come from `libm`.
//!
//! Why the bits agree: WebAssembly and every target that we build for compute `+ - * /` and square roots in
//! IEEE 754 binary64 with one rounding each, Rust never contracts or reorders them, and the approximations are made
//! of nothing else. The feature `arch` of `libm` may be switched on by another crate of the same build; for
//! `f64` it replaces exactly rounded operations (square root, fused multiply-add, rounding to integers) by
//! instructions with the same results, and nothing else. Which NaN comes out of an operation is the one
//! thing left open.

#![no_std]

// Only for `f64::sqrt`, `floor`, `ceil` and `trunc`, which core does not offer yet. In WebAssembly the crate
// needs no standard library.
#[cfg(not(target_arch = "wasm32"))]
extern crate std;

mod circular;
mod digamma;
mod elementary;
mod error_function;
mod exact;
mod exponential;
mod gamma;
mod hyperbolic;
mod inverse_sine;
mod logarithm;
mod parts;
mod power;
mod roots;
mod tables;

pub use circular::{cos, sin};
pub use digamma::digamma;
pub use elementary::{atan, atan2, expm1, lgamma, log1p, tan};
pub use error_function::{erf, erfc};
pub use exact::{ceil, floor, maximum, minimum, round, sqrt, trunc};
pub use exponential::{exp, exp_if_ordinary};
pub use gamma::tgamma;
pub use hyperbolic::{cosh, sinh, tanh};
pub use inverse_sine::{acos, asin};
pub use logarithm::{log, log2, log10};
pub use power::pow;
pub use roots::{cbrt, hypot};

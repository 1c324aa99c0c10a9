//! A digest of half a million results, by which engines are compared: a library that exports `digest`.
//!
//! ```text
//! cargo build --release -p pmc-math --example digest --target wasm32-unknown-unknown
//! node runtime-shim/math/tests/digest.mjs target/wasm32-unknown-unknown/release/examples/digest.wasm
//! ```
//!
//! The test `same_bits` asserts the number that this prints.

type One = fn(f64) -> f64;
type Two = fn(f64, f64) -> f64;

const OF_ONE: [One; 28] = [
    pmc_math::exp,
    pmc_math::expm1,
    pmc_math::log,
    pmc_math::log1p,
    pmc_math::log2,
    pmc_math::log10,
    pmc_math::sqrt,
    pmc_math::cbrt,
    pmc_math::sin,
    pmc_math::cos,
    pmc_math::tan,
    pmc_math::asin,
    pmc_math::acos,
    pmc_math::atan,
    pmc_math::sinh,
    pmc_math::cosh,
    pmc_math::tanh,
    pmc_math::erf,
    pmc_math::erfc,
    pmc_math::tgamma,
    pmc_math::lgamma,
    pmc_math::digamma,
    pmc_math::floor,
    pmc_math::ceil,
    pmc_math::trunc,
    pmc_math::round,
    f64::abs,
    core::convert::identity,
];

const OF_TWO: [Two; 5] =
    [pmc_math::pow, pmc_math::hypot, pmc_math::atan2, pmc_math::minimum, pmc_math::maximum];

/// Arguments of each function.
const ARGUMENTS: u32 = 16_000;

/// A linear congruential generator (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        self.0 ^ (self.0 >> 29)
    }

    /// Returns a number of either sign: a quarter of any bits, the others of moderate size.
    fn number(&mut self) -> f64 {
        let bits = self.next();
        let exponent = match self.next() >> 62 {
            0 => return f64::from_bits(bits),
            1 => 1023 - (self.next() >> 60),
            _ => 1019 + (self.next() >> 60),
        };
        f64::from_bits((bits & !(0x7ff << 52)) | (exponent << 52))
    }
}

/// The hash of Fowler, Noll and Vo over words.
struct Digest(u64);

impl Digest {
    fn add(&mut self, x: f64) {
        // Which NaN comes out is the engine's choice.
        let bits = if x.is_nan() { u64::MAX } else { x.to_bits() };
        self.0 = (self.0 ^ bits).wrapping_mul(0x100_0000_01b3);
        self.0 ^= self.0 >> 32;
    }
}

/// Returns the digest of the results of every function.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn digest() -> u64 {
    let mut random = Random(7);
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    for _ in 0..ARGUMENTS {
        let (x, y) = (random.number(), random.number());
        for function in OF_ONE {
            digest.add(function(x));
        }
        for function in OF_TWO {
            digest.add(function(x, y));
            digest.add(function(x.abs(), y));
        }
    }
    digest.0
}

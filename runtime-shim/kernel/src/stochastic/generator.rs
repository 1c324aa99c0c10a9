//! A generator without state: each number is a function of its name.
//!
//! Philox 4x32-10 of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel random numbers: as easy as
//! 1, 2, 3, in SC'11. Ten rounds turn a counter of 128 bits into as many random ones under a key of 64 bits; the
//! authors found no test that tells them from chance. With particle and step in the counter, no path depends on how
//! many others there are or in which order they are computed.

use super::normal::inverse_distribution;

/// Rounds of the generator.
const ROUNDS: u32 = 10;

/// Multipliers of the first and third word.
const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];

/// What is added to the words of the key after each round: the golden ratio and the root of three, less one.
const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];

/// Returns the 128 random bits of a counter under a key.
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let [mut first, mut second, mut third, mut fourth] = counter;
    let [mut low, mut high] = key;
    for _ in 0..ROUNDS {
        let left = u64::from(MULTIPLIERS[0]) * u64::from(first);
        let right = u64::from(MULTIPLIERS[1]) * u64::from(third);
        first = (right >> 32) as u32 ^ second ^ low;
        second = right as u32;
        third = (left >> 32) as u32 ^ fourth ^ high;
        fourth = left as u32;
        low = low.wrapping_add(WEYL[0]);
        high = high.wrapping_add(WEYL[1]);
    }
    [first, second, third, fourth]
}

/// All random numbers of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The key.
    pub seed: u64,
    /// Which of the streams under this key.
    pub stream: u32,
}

impl Source {
    /// Returns two independent standard normal variates that belong to a step of a state of a particle.
    pub fn normals(&self, step: u32, particle: u32, state: u32) -> [f64; 2] {
        self.uniforms(step, particle, state).map(inverse_distribution)
    }

    /// Returns the uniform variates from which the normal ones are made.
    pub(super) fn uniforms(&self, step: u32, particle: u32, state: u32) -> [f64; 2] {
        let key = [self.seed as u32, (self.seed >> 32) as u32];
        let [a, b, c, d] = philox([step, particle, state, self.stream], key);
        [uniform(a, b), uniform(c, d)]
    }
}

/// Returns a number between 0 and 1, neither of them: the middle of one of 2⁵² equal intervals.
fn uniform(low: u32, high: u32) -> f64 {
    const WIDTH: f64 = 1.0 / (1_u64 << 52) as f64;
    let interval = (u64::from(high) << 32 | u64::from(low)) >> 12;
    (interval as f64 + 0.5) * WIDTH
}

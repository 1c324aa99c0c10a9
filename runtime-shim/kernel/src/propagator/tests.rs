use std::vec;
use std::vec::Vec;

use super::exponential;
use super::modes::{Blocks, CONSTANT, Mode, Modes, START, combine, enter, evaluate, series_length};
use super::uniform;

/// Returns the state after a time by modes, if they are found.
fn by_modes(matrix: &[f64], constant: &[f64], state: &[f64], h: f64) -> Option<Vec<f64>> {
    let n = state.len();
    let mut each = vec![[f64::NAN; size_of::<Mode>() / 8]; n];
    let [mut vectors, mut inverse, mut blocks, mut separation] = [(); 4].map(|()| vec![f64::NAN; n * n]);
    let mut series = vec![f64::NAN; series_length(n)];
    let mut modes = Modes {
        n,
        each: &mut each,
        vectors: &mut vectors,
        inverse: &mut inverse,
        blocks: &mut blocks,
        separation: &mut separation,
        series: &mut series,
    };
    let mut out = vec![0.0; n];
    modes.find(matrix).map(|blocks| {
        enter(modes.each, START, modes.inverse, state);
        enter(modes.each, CONSTANT, modes.inverse, constant);
        if blocks == Blocks::Larger {
            modes.expand_blocks();
        }
        evaluate(modes.each, h);
        if blocks == Blocks::Larger {
            modes.evaluate_blocks(h);
        }
        combine(modes.each, modes.vectors, &mut out);
        out
    })
}

fn by_exponential(matrix: &[f64], constant: &[f64], state: &[f64], h: f64) -> Vec<f64> {
    let n = state.len();
    let mut slab = vec![f64::NAN; 3 * (n + 1) * (n + 1)];
    let mut out = vec![0.0; n];
    exponential::compute(&mut slab, matrix, constant, h);
    exponential::apply(&slab, state, &mut out);
    out
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    let scale = expected.iter().fold(0.0, |scale: f64, value| scale.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        let error = (found - expected).abs() / scale;
        assert!(error <= tolerance, "{what}: {found} instead of {expected}, error {error:e}");
    }
}

/// One compartment with absorption, where the amounts have a closed form.
#[test]
fn absorption_and_elimination_follow_the_closed_form_also_where_rates_meet() {
    for distance in [0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-2, 0.029, 0.031, 0.1, 1.0, 30.0] {
        let (ka, ke): (f64, f64) = (0.7 * (1.0 + distance), 0.7);
        let matrix = [-ka, 0.0, ka, -ke];
        for h in [1e-3_f64, 0.1, 1.0, 5.0, 20.0] {
            let found = by_modes(&matrix, &[0.0, 0.0], &[100.0, 3.0], h).expect("modes");
            // (exp(-ke h) - exp(-ka h)) / (ka - ke) without cancellation.
            let half = 0.5 * (ka - ke) * h;
            let ratio = if half == 0.0 { 1.0 } else { pmc_math::sinh(half) / half };
            let delay = h * pmc_math::exp(-0.5 * (ka + ke) * h) * ratio;
            let central = 100.0 * ka * delay + 3.0 * pmc_math::exp(-ke * h);
            let expected = [100.0 * pmc_math::exp(-ka * h), central];
            assert_close(&found, &expected, 3e-13, &std::format!("distance {distance}, h {h}"));
        }
    }
}

#[test]
fn an_infusion_into_a_chain_with_an_integral_is_exact() {
    // Central amount and its integral, at a constant rate: 2 (1 - exp(-h)) and 2 (h - 1 + exp(-h)).
    let matrix = [-1.0, 0.0, 1.0, 0.0];
    for h in [1e-6_f64, 0.5, 3.0, 40.0] {
        let found = by_modes(&matrix, &[2.0, 0.0], &[0.0, 0.0], h).expect("modes");
        let grown = -pmc_math::expm1(-h);
        assert_close(&found, &[2.0 * grown, 2.0 * (h - grown)], 1e-9, &std::format!("h {h}"));
    }
}

#[test]
fn a_chain_of_equal_rates_gives_the_terms_of_a_poisson_distribution() {
    const N: usize = 12;
    let mut matrix = vec![0.0; N * N];
    for i in 0..N {
        matrix[i * (N + 1)] = -3.0;
        if i > 0 {
            matrix[i * N + i - 1] = 3.0;
        }
    }
    let mut state = vec![0.0; N];
    state[0] = 1.0;
    for h in [0.01_f64, 1.0, 4.0, 30.0] {
        let found = by_modes(&matrix, &[0.0; N], &state, h).expect("modes");
        let mut term = pmc_math::exp(-3.0 * h);
        let expected: Vec<f64> = (0..N)
            .map(|k| {
                let value = term;
                term *= 3.0 * h / (k + 1) as f64;
                value
            })
            .collect();
        assert_close(&found, &expected, 1e-13, &std::format!("h {h}"));
    }
}

/// A generator of numbers, good enough for tests: G. Marsaglia, J. Stat. Softw. 8 (2003) 14.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn rate(&mut self) -> f64 {
        // Some rates are equal, many differ by orders of magnitude.
        if self.next() < 0.2 { 0.25 } else { pmc_math::exp(6.0 * self.next() - 4.0) }
    }

    /// Returns the matrix of compartments that exchange, some one way only, some not at all.
    fn compartments(&mut self, n: usize) -> Vec<f64> {
        let mut matrix = vec![0.0; n * n];
        for from in 0..n {
            for to in 0..=n {
                if to != from && self.next() < 0.4 {
                    let rate = self.rate();
                    matrix[from * (n + 1)] -= rate;
                    if to < n {
                        matrix[to * n + from] += rate;
                    }
                }
            }
        }
        matrix
    }
}

/// Two ways that share nothing but the matrix.
#[test]
fn modes_and_exponential_agree_on_random_compartments() {
    let mut random = Random(88_172_645_463_325_252);
    let mut found = 0;
    for case in 0..3_000 {
        let n = 1 + case % 8;
        let matrix = random.compartments(n);
        let state: Vec<f64> = (0..n).map(|_| 100.0 * random.next()).collect();
        let constant: Vec<f64> =
            (0..n).map(|_| if random.next() < 0.5 { 0.0 } else { random.next() }).collect();
        let h = pmc_math::exp(8.0 * random.next() - 4.0);
        if let Some(modes) = by_modes(&matrix, &constant, &state, h) {
            found += 1;
            let expected = by_exponential(&matrix, &constant, &state, h);
            assert_close(&modes, &expected, 1e-9, &std::format!("case {case}: {matrix:?}, h {h}"));
        }
    }
    // Compartments that exchange in circles may have complex eigenvalues.
    assert!(found > 1_800, "modes for {found} of 3000");
}

#[test]
fn oscillations_are_left_to_the_exponential() {
    let matrix = [0.0, 1.0, -1.0, 0.0];
    assert_eq!(by_modes(&matrix, &[0.0, 0.0], &[1.0, 0.0], 1.0), None);
    let found = by_exponential(&matrix, &[0.0, 0.0], &[1.0, 0.0], 1.0);
    assert_close(&found, &[pmc_math::cos(1.0), -pmc_math::sin(1.0)], 1e-14, "a turn");
}

#[test]
fn weights_of_each_piece_fit_their_room_and_are_those_of_a_poisson_distribution() {
    for (piece, room) in uniform::PIECES {
        for mean in [0.0, 1e-300, 1e-6, 0.3, 0.25 * piece, 0.9 * piece, piece] {
            let mut weights = vec![f64::NAN; room];
            let count = uniform::weigh(&mut weights, mean);
            assert!(count < room, "{piece}, {mean}: {count} of {room}");
            let sum: f64 = weights[..count].iter().sum();
            assert!((sum - 1.0).abs() < 1e-15, "{piece}, {mean}: {sum}");
            let mut expected = pmc_math::exp(-mean);
            for (number, weight) in weights[..count].iter().enumerate() {
                assert!(
                    (weight - expected).abs() <= 5e-14 * expected,
                    "{mean}, {number}: {weight} {expected}"
                );
                expected *= mean / (number + 1) as f64;
            }
        }
    }
}

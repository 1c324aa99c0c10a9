//! Random numbers, quantiles and the conditions of the method, one by one.

use std::vec::Vec;

use super::generator::{Source, philox};
use super::normal::inverse_distribution;
use super::summary::{quantile, sort};

#[test]
fn philox_gives_the_published_words() {
    // The file `kat_vectors` that the authors publish with their library.
    let known = [
        ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
            [0xa409_3822, 0x299f_31d0],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
        ),
    ];
    for (counter, key, expected) in known {
        assert_eq!(philox(counter, key), expected);
    }
}

#[test]
fn the_inverse_distribution_gives_the_percentage_points() {
    // The test values of the publication of the algorithm, and one from the far tail.
    let known = [
        (0.25, -0.674_489_750_196_081_7),
        (0.001, -3.090_232_306_167_813_5),
        (1e-20, -9.262_340_089_798_408),
        (0.5, 0.0),
        (0.975, 1.959_963_984_540_054),
    ];
    for (probability, expected) in known {
        let found = inverse_distribution(probability);
        assert!((found - expected).abs() <= 1e-15 * 10.0, "{probability}: {found}");
    }
}

#[test]
fn the_inverse_distribution_is_odd_and_ascends() {
    let steps = 100_000;
    let mut before = f64::NEG_INFINITY;
    for step in 0..steps {
        let probability = (f64::from(step) + 0.5) / f64::from(steps);
        let found = inverse_distribution(probability);
        assert!(before < found, "{probability}");
        before = found;
        // Powers of two, so that the distance from one is exact.
        let small = 0.5 * probability / 65_536.0;
        if 1.0 - (1.0 - small) == small {
            assert_eq!(inverse_distribution(small), -inverse_distribution(1.0 - small));
        }
    }
}

#[test]
fn variates_have_the_moments_of_the_normal_distribution() {
    let source = Source { seed: 20_240_229, stream: 3 };
    let count = 200_000;
    let mut sums = [0.0; 5];
    for step in 0..count {
        let [a, b] = source.normals(step, 17, 2);
        for z in [a, b] {
            sums[0] += z;
            sums[1] += z * z;
            sums[2] += z * z * z;
            sums[3] += z * z * z * z;
        }
        sums[4] += a * b;
    }
    let n = f64::from(2 * count);
    let error = |variance: f64| 4.0 * pmc_math::sqrt(variance / n);
    assert!((sums[0] / n).abs() < error(1.0));
    assert!((sums[1] / n - 1.0).abs() < error(2.0));
    assert!((sums[2] / n).abs() < error(15.0));
    assert!((sums[3] / n - 3.0).abs() < error(96.0));
    assert!((sums[4] / f64::from(count)).abs() < error(2.0), "the two of a pair are independent");
}

#[test]
fn each_part_of_the_name_of_a_variate_counts() {
    let source = Source { seed: 1, stream: 0 };
    let first = source.normals(0, 0, 0);
    assert_eq!(source.normals(0, 0, 0), first, "the same name, the same number");
    let others = [
        source.normals(1, 0, 0),
        source.normals(0, 1, 0),
        source.normals(0, 0, 1),
        Source { stream: 1, ..source }.normals(0, 0, 0),
        Source { seed: 2, ..source }.normals(0, 0, 0),
        Source { seed: 1 << 32 | 1, ..source }.normals(0, 0, 0),
    ];
    for (index, other) in others.iter().enumerate() {
        assert_ne!(*other, first, "{index}");
        assert!(others[..index].iter().all(|before| before != other), "{index}");
    }
}

#[test]
fn quantiles_are_those_of_type_seven() {
    let mut sample = [15.0, 20.0, 35.0, 40.0, 50.0];
    sample.reverse();
    sort(&mut sample);
    // 1 + (n - 1) p is the place among order statistics.
    let known = [(0.0, 15.0), (0.05, 16.0), (0.25, 20.0), (0.4, 29.0), (0.5, 35.0), (0.9, 46.0), (1.0, 50.0)];
    for (probability, expected) in known {
        let found = quantile(&sample, probability);
        assert!((found - expected).abs() < 1e-12, "{probability}: {found}");
    }
    assert_eq!(quantile(&[7.0], 0.3), 7.0);
    assert_eq!(quantile(&[1.0, f64::INFINITY, f64::INFINITY], 0.75), f64::INFINITY);
    assert_eq!(quantile(&[f64::NEG_INFINITY, 1.0], 0.0), f64::NEG_INFINITY);
}

#[test]
fn samples_are_sorted_whatever_their_order() {
    let source = Source { seed: 5, stream: 5 };
    for length in [0, 1, 2, 3, 4, 5, 64, 1_001] {
        let mut sample: Vec<f64> = (0..length).map(|step| source.normals(step, 0, 0)[0]).collect();
        let mut expected = sample.clone();
        expected.sort_by(f64::total_cmp);
        sort(&mut sample);
        assert_eq!(sample, expected);
        sort(&mut sample);
        assert_eq!(sample, expected, "sorted before");
        sample.reverse();
        sort(&mut sample);
        assert_eq!(sample, expected, "in descending order before");
    }
}

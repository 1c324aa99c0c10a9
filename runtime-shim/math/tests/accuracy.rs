//! Accuracy of the elementary functions.

// Reference tables hold values that happen to be famous.
#![allow(clippy::approx_constant)]

/// Name, function, argument and value pairs. The values are the true ones to 300 bits, rounded once.
type OfOne = (&'static str, fn(f64) -> f64, &'static [(f64, f64)]);

/// As [`OfOne`], for functions of two arguments.
type OfTwo = (&'static str, fn(f64, f64) -> f64, &'static [(f64, f64, f64)]);

#[rustfmt::skip]
const OF_ONE: &[OfOne] = &[
    ("exp", pmc_math::exp, &[
        (1.0, 2.718281828459045),
        (-1.0, 0.36787944117144233),
        (0.5, 1.6487212707001282),
        (-20.25, 1.6052280551856116e-09),
        (100.0, 2.6881171418161356e+43),
        (700.5, 1.6721859620674984e+304),
        (-700.5, 5.980196118639791e-305),
        (1e-10, 1.0000000001),
        (-740.0, 4.2e-322),
    ]),
    ("expm1", pmc_math::expm1, &[
        (1e-10, 1.00000000005e-10),
        (-1e-05, -9.999950000166666e-06),
        (0.5, 0.6487212707001282),
        (1.0, 1.7182818284590453),
        (-40.0, -1.0),
        (30.25, 13721704977463.906),
    ]),
    ("log", pmc_math::log, &[
        (2.0, 0.6931471805599453),
        (10.0, 2.302585092994046),
        (0.1, -2.3025850929940455),
        (1.0000001, 9.999999505838704e-08),
        (1e+300, 690.7755278982137),
        (5e-324, -744.4400719213812),
    ]),
    ("log1p", pmc_math::log1p, &[
        (1e-10, 9.999999999500001e-11),
        (-1e-05, -1.0000050000333337e-05),
        (0.5, 0.4054651081081644),
        (-0.75, -1.3862943611198906),
        (10000000000.0, 23.025850930040455),
    ]),
    ("log2", pmc_math::log2, &[
        (3.0, 1.584962500721156),
        (0.1, -3.321928094887362),
        (1e-300, -996.5784284662087),
        (1.0000001, 1.4426949695965583e-07),
    ]),
    ("log10", pmc_math::log10, &[
        (2.0, 0.3010299956639812),
        (0.3, -0.5228787452803376),
        (1e-300, -300.0),
        (7e+22, 22.845098040014257),
    ]),
    ("cbrt", pmc_math::cbrt, &[
        (2.0, 1.2599210498948732),
        (-10.0, -2.154434690031884),
        (1e-300, 1e-100),
        (0.1, 0.4641588833612779),
    ]),
    ("sin", pmc_math::sin, &[
        (0.5, 0.479425538604203),
        (1.0, 0.8414709848078965),
        (3.0, 0.1411200080598672),
        (100.0, -0.5063656411097588),
        (1000000.0, -0.34999350217129294),
        (1e+22, -0.8522008497671888),
        (-2.5, -0.5984721441039565),
    ]),
    ("cos", pmc_math::cos, &[
        (0.5, 0.8775825618903728),
        (1.0, 0.5403023058681398),
        (3.0, -0.9899924966004454),
        (100.0, 0.8623188722876839),
        (1000000.0, 0.9367521275331447),
        (1e+22, 0.523214785395139),
    ]),
    ("tan", pmc_math::tan, &[
        (0.5, 0.5463024898437905),
        (1.0, 1.5574077246549023),
        (1.5, 14.101419947171719),
        (100.0, -0.5872139151569291),
        (1000000.0, -0.373624453987599),
    ]),
    ("asin", pmc_math::asin, &[
        (0.5, 0.5235987755982989),
        (-0.9, -1.1197695149986342),
        (0.99999, 1.5663241871131188),
        (1e-05, 1.0000000000166668e-05),
    ]),
    ("acos", pmc_math::acos, &[
        (0.5, 1.0471975511965979),
        (-0.9, 2.6905658417935308),
        (0.99999, 0.0044721396817777506),
        (1e-05, 1.5707863267948965),
    ]),
    ("atan", pmc_math::atan, &[
        (0.5, 0.4636476090008061),
        (1.0, 0.7853981633974483),
        (-10.0, -1.4711276743037347),
        (10000000000.0, 1.5707963266948965),
    ]),
    ("sinh", pmc_math::sinh, &[
        (1e-05, 1.0000000000166668e-05),
        (0.5, 0.5210953054937474),
        (2.0, 3.6268604078470186),
        (-20.0, -242582597.70489514),
        (709.5, 6.774931596573164e+307),
    ]),
    ("cosh", pmc_math::cosh, &[
        (1e-05, 1.00000000005),
        (0.5, 1.1276259652063807),
        (2.0, 3.7621956910836314),
        (-20.0, 242582597.70489514),
        (709.5, 6.774931596573164e+307),
    ]),
    ("tanh", pmc_math::tanh, &[
        (1e-05, 9.999999999666668e-06),
        (0.5, 0.46211715726000974),
        (2.0, 0.9640275800758169),
        (-0.9, -0.7162978701990245),
        (15.0, 0.9999999999998128),
    ]),
    ("erf", pmc_math::erf, &[
        (1e-10, 1.1283791670955126e-10),
        (0.3, 0.3286267594591274),
        (0.9, 0.7969082124228322),
        (1.5, 0.9661051464753108),
        (-2.5, -0.999593047982555),
        (5.0, 0.9999999999984626),
    ]),
    ("erfc", pmc_math::erfc, &[
        (0.1, 0.887537083981715),
        (0.5, 0.4795001221869535),
        (1.5, 0.033894853524689274),
        (5.0, 1.537459794428035e-12),
        (20.0, 5.395865611607901e-176),
        (-1.0, 1.8427007929497148),
    ]),
    ("tgamma", pmc_math::tgamma, &[
        (0.5, 1.772453850905516),
        (1.5, 0.886226925452758),
        (-0.5, -3.544907701811032),
        (5.0, 24.0),
        (10.25, 639232.5987795768),
        (100.5, 9.320963104082716e+156),
        (170.5, 5.56209241456e+305),
        (-3.75, 0.2678661288614166),
        (1e-05, 99999.42279422555),
    ]),
    ("lgamma", pmc_math::lgamma, &[
        (0.5, 0.5723649429247001),
        (1.5, -0.12078223763524522),
        (3.0, 0.6931471805599453),
        (10.25, 13.368023671476045),
        (1e-05, 11.512919692895826),
        (1000.5, 5908.674175848678),
        (10000000000.0, 220258509288.81058),
        (-3.75, -1.3172679424463636),
    ]),
];

#[rustfmt::skip]
const OF_TWO: &[OfTwo] = &[
    ("pow", pmc_math::pow, &[
        (2.0, 0.5, 1.4142135623730951),
        (10.0, -3.0, 0.001),
        (0.7, 123.4, 7.675349100464164e-20),
        (1.0000001, 1000000000.0, 2.6881038582144647e+43),
        (3.5, -200.25, 1.122985422877702e-109),
        (1e-300, 0.01, 0.0009999999999999998),
    ]),
    ("hypot", pmc_math::hypot, &[
        (3.0, 4.0, 5.0),
        (1e+200, 2e+200, 2.2360679774997897e+200),
        (0.1, 0.7, 0.7071067811865475),
    ]),
    ("atan2", pmc_math::atan2, &[
        (1.0, 2.0, 0.4636476090008061),
        (-1.0, -2.0, -2.677945044588987),
        (0.3, -7.0, 3.098761720921066),
        (1e-300, 1.0, 1e-300),
    ]),
];

/// Units in the last place that the named function may be off by.
fn allowance(name: &str) -> u64 {
    match name {
        "cbrt" => 0,
        "lgamma" => 3,
        _ => 1,
    }
}

/// Distance of two finite numbers of one sign in units in the last place.
fn distance(a: f64, b: f64) -> u64 {
    assert_eq!(a.is_sign_negative(), b.is_sign_negative(), "{a} and {b}");
    a.to_bits().abs_diff(b.to_bits())
}

#[test]
fn functions_of_one_argument_agree_with_true_values() {
    for (name, function, cases) in OF_ONE {
        for &(x, truth) in *cases {
            let value = function(x);
            assert!(distance(value, truth) <= allowance(name), "{name}({x}) = {value}, truly {truth}");
        }
    }
}

#[test]
fn functions_of_two_arguments_agree_with_true_values() {
    for (name, function, cases) in OF_TWO {
        for &(x, y, truth) in *cases {
            let value = function(x, y);
            assert!(distance(value, truth) <= allowance(name), "{name}({x}, {y}) = {value}, truly {truth}");
        }
    }
}

/// Calls `check` for each of many points that cover an interval evenly.
fn for_points(low: f64, high: f64, mut check: impl FnMut(f64)) {
    const POINTS: u32 = 20_011;
    for i in 0..=POINTS {
        check(low + (high - low) * f64::from(i) / f64::from(POINTS));
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn functions_agree_with_the_host_over_their_ranges() {
    type Case = (&'static str, fn(f64) -> f64, fn(f64) -> f64, f64, f64);
    const CASES: &[Case] = &[
        ("exp", pmc_math::exp, f64::exp, -745.0, 709.7),
        ("exp", pmc_math::exp, f64::exp, -2.0, 2.0),
        ("expm1", pmc_math::expm1, f64::exp_m1, -2.0, 2.0),
        ("log", pmc_math::log, f64::ln, 1e-6, 3.0),
        ("log1p", pmc_math::log1p, f64::ln_1p, -0.999, 3.0),
        ("log2", pmc_math::log2, f64::log2, 1e-6, 3.0),
        ("log10", pmc_math::log10, f64::log10, 1e-6, 3.0),
        ("sin", pmc_math::sin, f64::sin, -100.0, 100.0),
        ("cos", pmc_math::cos, f64::cos, -100.0, 100.0),
        ("tan", pmc_math::tan, f64::tan, -100.0, 100.0),
        ("asin", pmc_math::asin, f64::asin, -1.0, 1.0),
        ("acos", pmc_math::acos, f64::acos, -1.0, 1.0),
        ("atan", pmc_math::atan, f64::atan, -10.0, 10.0),
        ("sinh", pmc_math::sinh, f64::sinh, -10.0, 10.0),
        ("cosh", pmc_math::cosh, f64::cosh, -10.0, 10.0),
        ("tanh", pmc_math::tanh, f64::tanh, -10.0, 10.0),
    ];
    for &(name, function, host, low, high) in CASES {
        for_points(low, high, |x| {
            let (value, expected) = (function(x), host(x));
            // Both may be off, in different directions.
            assert!(
                distance(value, expected) <= allowance(name) + 1,
                "{name}({x}) = {value}, host {expected}"
            );
        });
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn powers_agree_with_the_host_over_a_plane() {
    for_points(0.001, 50.0, |x| {
        for y in [-20.5, -1.0, -0.3, 0.25, 0.75, 1.5, 2.0, 3.7, 40.0] {
            let (value, expected) = (pmc_math::pow(x, y), x.powf(y));
            assert!(distance(value, expected) <= 1, "{x}^{y} = {value}, host {expected}");
        }
    });
}

#[test]
fn inverse_functions_undo_each_other() {
    for_points(0.01, 5.0, |x| {
        let there_and_back: [f64; 5] = [
            pmc_math::log(pmc_math::exp(x)),
            pmc_math::log1p(pmc_math::expm1(x)),
            pmc_math::pow(pmc_math::pow(x, 3.0), 1.0 / 3.0),
            pmc_math::cbrt(x * x * x),
            pmc_math::tan(pmc_math::atan(x)),
        ];
        for back in there_and_back {
            // Near zero the exponential is near 1 and keeps 1e-16 absolute only.
            assert!((back - x).abs() <= 1e-15 * (1.0 + x) + 1e-14 * x, "{x} came back as {back}");
        }
    });
}

#[test]
fn gamma_satisfies_its_recurrence() {
    for_points(0.1, 60.0, |x| {
        let (next, product) = (pmc_math::tgamma(x + 1.0), x * pmc_math::tgamma(x));
        assert!((next - product).abs() <= 4e-14 * next, "gamma({x} + 1)");
    });
}

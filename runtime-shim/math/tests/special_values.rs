//! Signs of zero, infinities, NaN and the edges of ranges.

use pmc_math::{
    acos, asin, cbrt, ceil, cos, cosh, erf, erfc, exp, expm1, floor, hypot, lgamma, log, log1p, log2, log10,
    maximum, minimum, pow, round, sin, sinh, sqrt, tanh, tgamma, trunc,
};

const INFINITY: f64 = f64::INFINITY;

/// Asserts equality of bits, or that both are NaN.
fn same(value: f64, expected: f64) {
    assert!(
        value.to_bits() == expected.to_bits() || (value.is_nan() && expected.is_nan()),
        "{value:e} instead of {expected:e}"
    );
}

#[test]
fn exponential_saturates() {
    same(exp(0.0), 1.0);
    same(exp(-INFINITY), 0.0);
    same(exp(INFINITY), INFINITY);
    same(exp(710.0), INFINITY);
    same(exp(-746.0), 0.0);
    same(expm1(-INFINITY), -1.0);
    same(expm1(-0.0), -0.0);
    same(exp(f64::NAN), f64::NAN);
}

#[test]
fn logarithms_have_a_pole_at_zero_and_no_value_below() {
    for logarithm in [log, log2, log10] {
        same(logarithm(0.0), -INFINITY);
        same(logarithm(-0.0), -INFINITY);
        same(logarithm(1.0), 0.0);
        same(logarithm(-1.0), f64::NAN);
        same(logarithm(INFINITY), INFINITY);
    }
    same(log1p(-1.0), -INFINITY);
    same(log1p(-2.0), f64::NAN);
    same(log2(1024.0), 10.0);
    same(log10(1000.0), 3.0);
}

#[test]
fn powers_follow_the_rules_of_ieee_754() {
    same(pow(f64::NAN, 0.0), 1.0);
    same(pow(1.0, f64::NAN), 1.0);
    same(pow(0.0, 0.0), 1.0);
    same(pow(0.0, -1.0), INFINITY);
    same(pow(-0.0, -1.0), -INFINITY);
    same(pow(-2.0, 3.0), -8.0);
    same(pow(-2.0, 0.5), f64::NAN);
    same(pow(0.5, INFINITY), 0.0);
    same(pow(2.0, 10.0), 1024.0);
    same(pow(-1.0, INFINITY), 1.0);
    same(pow(-1.0, 1e300), 1.0);
    same(pow(0.0, 1e300), 0.0);
    same(pow(1.0000000000000002, 1e300), INFINITY);
    same(pow(1.0000000000000002, -1e300), 0.0);
    same(pow(-INFINITY, 3.0), -INFINITY);
    same(pow(-INFINITY, -3.0), -0.0);
    same(pow(-INFINITY, 0.5), INFINITY);
    same(pow(-0.0, 0.5), 0.0);
    same(pow(-0.0, 3.0), -0.0);
    same(pow(-0.0, -INFINITY), INFINITY);
    same(pow(INFINITY, -0.5), 0.0);
    same(pow(-1e300, 3.0), -INFINITY);
    same(pow(-5e-324, 1.0), -5e-324);
    same(pow(5e-324, -1.0), INFINITY);
    same(pow(2.0, -1074.0), 5e-324);
    same(pow(2.0, -1076.0), 0.0);
    same(pow(2.0, 1e-300), 1.0);
    same(pow(f64::NAN, 1.0), f64::NAN);
    same(pow(2.0, f64::NAN), f64::NAN);
}

#[test]
fn powers_of_whole_numbers_are_exact() {
    for exponent in 1..16_u32 {
        let power = f64::from(3_u32.pow(exponent));
        same(pow(3.0, f64::from(exponent)), power);
        same(pow(-3.0, f64::from(exponent)), if exponent % 2 == 0 { power } else { -power });
        same(pow(power, 1.0), power);
        same(log2(f64::from(1_u32 << exponent)), f64::from(exponent));
        same(log10(pow(10.0, f64::from(exponent))), f64::from(exponent));
        same(cbrt(power * power * power), power);
        same(pow(power * power, 0.5), power);
    }
}

#[test]
fn roots_and_lengths_have_no_ends() {
    for x in [0.0, -0.0, INFINITY, -INFINITY, f64::NAN] {
        same(cbrt(x), x);
    }
    same(cbrt(-8.0), -2.0);
    same(cbrt(pow(2.0, -1074.0)), pow(2.0, -358.0));
    same(hypot(INFINITY, f64::NAN), INFINITY);
    same(hypot(f64::NAN, -INFINITY), INFINITY);
    same(hypot(f64::NAN, 1.0), f64::NAN);
    same(hypot(-3.0, 4.0), 5.0);
    same(hypot(3e-320, 4e-320), 5e-320);
    same(hypot(0.0, -0.0), 0.0);
    same(hypot(3e307, 4e307), 5e307);
    same(hypot(f64::MAX, f64::MAX), INFINITY);
    same(hypot(5e-324, f64::MAX), f64::MAX);
}

#[test]
fn angles_are_defined_where_their_functions_reach() {
    same(asin(1.0), core::f64::consts::FRAC_PI_2);
    same(asin(-0.0), -0.0);
    same(acos(1.0), 0.0);
    same(acos(-1.0), core::f64::consts::PI);
    for x in [1.0000000000000002, -2.0, INFINITY, f64::NAN] {
        same(asin(x), f64::NAN);
        same(acos(x), f64::NAN);
    }
    same(cos(0.0), 1.0);
    same(cos(-INFINITY), f64::NAN);
}

#[test]
fn hyperbolic_functions_keep_signs_and_overflow() {
    same(sinh(-0.0), -0.0);
    same(sinh(-711.0), -INFINITY);
    same(sinh(INFINITY), INFINITY);
    same(cosh(0.0), 1.0);
    same(cosh(-INFINITY), INFINITY);
    same(tanh(-0.0), -0.0);
    same(tanh(-INFINITY), -1.0);
    for function in [sinh, cosh, tanh, erf, erfc, tgamma] {
        same(function(f64::NAN), f64::NAN);
    }
}

#[test]
fn bounded_functions_reach_their_bounds() {
    same(erf(10.0), 1.0);
    same(erf(-10.0), -1.0);
    same(erfc(30.0), 0.0);
    same(tanh(100.0), 1.0);
    same(sin(INFINITY), f64::NAN);
    same(sin(-0.0), -0.0);
}

#[test]
fn gamma_has_poles() {
    same(tgamma(0.0), INFINITY);
    same(tgamma(-0.0), -INFINITY);
    same(tgamma(-1.0), f64::NAN);
    same(tgamma(172.0), INFINITY);
    same(tgamma(-INFINITY), f64::NAN);
    same(tgamma(INFINITY), INFINITY);
    same(tgamma(-200.5), -0.0);
    same(tgamma(5e-324), INFINITY);
    same(tgamma(23.0), 1124000727777607680000.0);
    same(tgamma(6.0), 120.0);
    same(lgamma(-1.0), INFINITY);
    same(lgamma(1.0), 0.0);
    same(lgamma(2.0), 0.0);
}

#[test]
fn square_roots_are_correctly_rounded() {
    same(sqrt(2.0), core::f64::consts::SQRT_2);
    same(sqrt(-0.0), -0.0);
    same(sqrt(-1.0), f64::NAN);
    same(sqrt(5e-324), 2.2227587494850775e-162);
}

#[test]
fn whole_numbers_are_found_in_every_direction() {
    same(floor(-1.5), -2.0);
    same(floor(1.5), 1.0);
    same(ceil(-0.5), -0.0);
    same(ceil(1.5), 2.0);
    same(trunc(-1.9), -1.0);
    same(floor(4503599627370497.0), 4503599627370497.0);
    same(floor(-INFINITY), -INFINITY);
}

#[test]
fn halves_round_away_from_zero() {
    same(round(0.5), 1.0);
    same(round(-0.5), -1.0);
    same(round(2.5), 3.0);
    same(round(0.49999999999999994), 0.0);
    same(round(-0.2), -0.0);
    same(round(4503599627370497.0), 4503599627370497.0);
    same(round(9007199254740991.0), 9007199254740991.0);
    same(round(2251799813685248.5), 2251799813685249.0);
    same(round(INFINITY), INFINITY);
    same(round(f64::NAN), f64::NAN);
}

#[test]
fn extremes_order_zeros_and_keep_nan() {
    same(minimum(0.0, -0.0), -0.0);
    same(minimum(-0.0, 0.0), -0.0);
    same(maximum(0.0, -0.0), 0.0);
    same(maximum(-0.0, 0.0), 0.0);
    same(minimum(1.0, 2.0), 1.0);
    same(minimum(2.0, 1.0), 1.0);
    same(maximum(1.0, 2.0), 2.0);
    same(maximum(2.0, 1.0), 2.0);
    same(minimum(-1.0, -1.0), -1.0);
    same(maximum(-1.0, -1.0), -1.0);
    same(maximum(-INFINITY, -3.0), -3.0);
    for other in [1.0, -1.0, INFINITY, f64::NAN] {
        for extreme in [minimum, maximum] {
            same(extreme(f64::NAN, other), f64::NAN);
            same(extreme(other, f64::NAN), f64::NAN);
        }
    }
}

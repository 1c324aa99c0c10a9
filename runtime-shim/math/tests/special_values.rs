//! Signs of zero, infinities, NaN and the edges of ranges.

use pmc_math::{
    ceil, erf, erfc, exp, expm1, floor, lgamma, log, log1p, log2, log10, maximum, minimum, pow, round, sin,
    sqrt, tanh, tgamma, trunc,
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

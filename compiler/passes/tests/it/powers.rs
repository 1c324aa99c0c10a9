//! Powers with small constant exponents are products and roots.

use pmc_ir as ir;
use pmc_passes::{evaluate, expand_powers};

use crate::sketch::{Sketch, environment};

fn expanded(exponent: f64) -> ir::Module {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    let power = sketch.power(x, exponent);
    sketch.output("y", power);
    let mut module = sketch.finish();
    expand_powers(&mut module, &mut ir::Jacobian::default());
    assert_eq!(ir::validate(&module), Ok(()));
    module
}

fn value(module: &ir::Module, x: f64) -> f64 {
    let output = module.outputs[ir::Handle::from_index(0)].value;
    evaluate(module, &environment(&[x], &[]))[output.index()].real()
}

fn has_power(module: &ir::Module) -> bool {
    module.expressions.iter().any(|(_, expression)| matches!(expression, ir::Expr::Call(..)))
}

#[test]
fn a_whole_exponent_to_eight_is_a_product_within_its_rounding() {
    for exponent in -8..=8 {
        let module = expanded(f64::from(exponent));
        for x in [-3.7, -1.0, -0.2, 0.3, 1.0, 1.1, 2.5, 70.3] {
            let expected = pmc_math::pow(x, f64::from(exponent));
            let bound = (f64::from(exponent).abs() + 1.0) * f64::EPSILON * expected.abs();
            assert!((value(&module, x) - expected).abs() <= bound, "{x}^{exponent}");
        }
    }
}

#[test]
fn a_square_is_the_rounded_product_exactly() {
    let module = expanded(2.0);
    for x in [1.1, -0.3, 1e200, f64::INFINITY] {
        assert_eq!(value(&module, x), x * x);
    }
}

#[test]
fn half_exponents_are_roots_exactly() {
    for x in [0.0, 0.3, 2.0, 1e300, f64::INFINITY] {
        assert_eq!(value(&expanded(0.5), x), pmc_math::sqrt(x));
        assert_eq!(value(&expanded(-0.5), x), 1.0 / pmc_math::sqrt(x));
        assert_eq!(value(&expanded(1.5), x), x * pmc_math::sqrt(x));
    }
}

#[test]
fn the_power_zero_is_one_even_of_what_is_not_a_number() {
    for x in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        assert_eq!(value(&expanded(0.0), x), 1.0);
    }
}

#[test]
fn other_exponents_stay_powers() {
    for exponent in [0.75, -0.25, 2.5, 9.0, -9.0, f64::INFINITY, 1e18] {
        assert!(has_power(&expanded(exponent)), "{exponent}");
    }
    for exponent in [-8.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 8.0] {
        assert!(!has_power(&expanded(exponent)), "{exponent}");
    }
}

#[test]
fn an_exponent_that_is_a_parameter_stays() {
    let mut sketch = Sketch::new();
    let (x, gamma) = (sketch.state("x"), sketch.parameter("gamma"));
    let power = sketch.call(ir::Function::Pow, &[x, gamma]);
    sketch.output("y", power);
    let mut module = sketch.finish();
    expand_powers(&mut module, &mut ir::Jacobian::default());
    assert!(has_power(&module));
}

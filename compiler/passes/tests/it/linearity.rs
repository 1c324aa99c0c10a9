//! Which systems are linear between events.

use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Comparison, Linearity};
use pmc_passes::{linearity, optimise};

use crate::sketch::{Sketch, Value, one_compartment};

/// Returns what is found of `x' = build(x)`, once passes have run.
fn found(build: impl Fn(&mut Sketch, Value) -> Value) -> Linearity {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    let value = build(&mut sketch, x);
    sketch.derivative(0, value);
    optimise(sketch.finish()).linearity
}

#[test]
fn rates_times_states_plus_inputs_are_linear() {
    let linear = found(|sketch, x| {
        let (k, q) = (sketch.parameter("k"), sketch.parameter("q"));
        let rate = sketch.infusion("iv");
        let negated = sketch.negate(x);
        let product = sketch.multiply(k, negated);
        let quotient = sketch.divide(product, q);
        let sum = sketch.add(quotient, rate);
        sketch.subtract(sum, q)
    });
    assert_eq!(linear, Linearity::Always);
}

#[test]
fn a_constant_right_side_is_linear() {
    assert_eq!(found(|sketch, _| sketch.constant(0.0)), Linearity::Always);
    assert_eq!(found(|sketch, _| sketch.parameter("k")), Linearity::Always);
}

#[test]
fn coefficients_may_be_anything_that_stands_still() {
    let linear = found(|sketch, x| {
        let (k, v) = (sketch.parameter("k"), sketch.variable("v"));
        let weight = sketch.covariate("wt", Some(ir::Interpolation::LastForward));
        let last = sketch.push(ir::Expr::LastDoseTime(None));
        let count = sketch.push(ir::Expr::DoseNumber);
        let above = sketch.compare(Comparison::Less, last, count);
        let chosen = sketch.select(above, k, v);
        let power = sketch.call(ir::Function::Pow, &[weight, k]);
        let largest = sketch.binary(BinaryOperation::Maximum, chosen, power);
        sketch.multiply(largest, x)
    });
    assert_eq!(linear, Linearity::Always);
}

#[test]
fn branches_on_what_stands_still_may_be_linear() {
    let linear = found(|sketch, x| {
        let (k, v) = (sketch.parameter("k"), sketch.variable("v"));
        let zero = sketch.constant(0.0);
        let on = sketch.compare(Comparison::Greater, v, zero);
        let product = sketch.multiply(k, x);
        sketch.select(on, product, zero)
    });
    assert_eq!(linear, Linearity::Always);
}

#[test]
fn a_branch_on_a_state_is_not_linear() {
    let linear = found(|sketch, x| {
        let (k, one) = (sketch.parameter("k"), sketch.constant(1.0));
        let above = sketch.compare(Comparison::Greater, x, one);
        sketch.select(above, k, one)
    });
    assert_eq!(linear, Linearity::None);
}

#[test]
fn functions_and_products_of_states_are_not_linear() {
    type Build = fn(&mut Sketch, Value) -> Value;
    let builds: [Build; 6] = [
        |sketch, x| sketch.multiply(x, x),
        |sketch, x| {
            let k = sketch.parameter("k");
            sketch.divide(k, x)
        },
        |sketch, x| {
            let zero = sketch.constant(0.0);
            sketch.binary(BinaryOperation::Maximum, x, zero)
        },
        |sketch, x| sketch.unary(ir::UnaryOperation::Absolute, x),
        |sketch, x| sketch.call(ir::Function::Exp, &[x]),
        |sketch, x| sketch.power(x, 1.5),
    ];
    for build in builds {
        assert_eq!(found(build), Linearity::None);
    }
}

#[test]
fn what_depends_on_time_is_not_linear() {
    let linear = found(|sketch, x| {
        let time = sketch.time();
        sketch.multiply(time, x)
    });
    assert_eq!(linear, Linearity::None);
    let forced = found(|sketch, x| {
        let time = sketch.time();
        let wave = sketch.call(ir::Function::Cos, &[time]);
        sketch.subtract(wave, x)
    });
    assert_eq!(forced, Linearity::None);
}

#[test]
fn a_comparison_with_time_is_linear_once_it_is_held() {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    let (k, time, onset) = (sketch.parameter("k"), sketch.time(), sketch.parameter("onset"));
    let late = sketch.compare(Comparison::Greater, time, onset);
    let zero = sketch.constant(0.0);
    let product = sketch.multiply(k, x);
    let value = sketch.select(late, product, zero);
    sketch.derivative(0, value);
    let module = sketch.finish();
    assert_eq!(linearity(&module), Linearity::None);
    assert_eq!(optimise(module).linearity, Linearity::Always);
}

#[test]
fn a_count_of_days_is_linear_once_it_is_held() {
    let linear = found(|sketch, x| {
        let (time, day) = (sketch.time(), sketch.constant(24.0));
        let ratio = sketch.divide(time, day);
        let days = sketch.unary(ir::UnaryOperation::Floor, ratio);
        sketch.multiply(days, x)
    });
    assert_eq!(linear, Linearity::Always);
}

#[test]
fn an_equality_with_time_is_not_linear() {
    let linear = found(|sketch, x| {
        let (time, one) = (sketch.time(), sketch.constant(1.0));
        let now = sketch.compare(Comparison::Equal, time, one);
        sketch.select(now, x, one)
    });
    assert_eq!(linear, Linearity::None);
}

#[test]
fn a_covariate_that_may_slope_is_linear_while_it_does_not() {
    for interpolation in [None, Some(ir::Interpolation::Linear)] {
        let linear = found(|sketch, x| {
            let weight = sketch.covariate("wt", interpolation);
            sketch.multiply(weight, x)
        });
        assert_eq!(linear, Linearity::UnlessSloped);
    }
    for interpolation in
        [ir::Interpolation::LastForward, ir::Interpolation::NextBackward, ir::Interpolation::Constant]
    {
        let linear = found(|sketch, x| {
            let weight = sketch.covariate("wt", Some(interpolation));
            sketch.multiply(weight, x)
        });
        assert_eq!(linear, Linearity::Always);
    }
}

#[test]
fn outputs_do_not_matter() {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    let (weight, time) = (sketch.covariate("wt", None), sketch.time());
    let product = sketch.multiply(x, x);
    let sum = sketch.add(weight, time);
    let value = sketch.add(product, sum);
    sketch.output("y", value);
    assert_eq!(optimise(sketch.finish()).linearity, Linearity::Always);
}

#[test]
fn one_equation_that_is_not_linear_decides() {
    let mut sketch = Sketch::new();
    let (x, y) = (sketch.state("x"), sketch.state("y"));
    let product = sketch.multiply(x, y);
    sketch.derivative(0, x);
    sketch.derivative(1, product);
    assert_eq!(optimise(sketch.finish()).linearity, Linearity::None);
}

#[test]
fn a_solver_that_the_model_asks_for_is_left_to_it() {
    for solver in [ir::Solver::Explicit, ir::Solver::Stiff] {
        let mut module = one_compartment();
        module.options.solver = solver;
        assert_eq!(optimise(module).linearity, Linearity::None);
    }
    assert_eq!(optimise(one_compartment()).linearity, Linearity::UnlessSloped);
}

#[test]
fn a_stochastic_system_is_not_linear() {
    let mut module = one_compartment();
    module.kind = ir::Kind::Stochastic;
    module.options.particles = 100;
    assert_eq!(optimise(module).linearity, Linearity::None);
}

#[test]
fn systems_without_states_are_left_to_the_solvers_and_those_of_very_many_are_not() {
    let of_size = |states: usize| {
        let mut sketch = Sketch::new();
        for index in 0..states {
            sketch.state(&format!("x{index}"));
        }
        linearity(&sketch.finish())
    };
    assert_eq!(of_size(0), Linearity::None);
    assert_eq!(of_size(1), Linearity::Always);
    assert_eq!(of_size(1_000), Linearity::Always);
}

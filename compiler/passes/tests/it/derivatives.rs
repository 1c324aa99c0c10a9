//! Derivatives against central differences, and where those do not exist against the rules.

use pmc_ir as ir;
use pmc_passes::{Environment, differentiate, evaluate, optimise};

use crate::random::Random;
use crate::sketch::{Sketch, Value, environment};

/// Jacobian entries at a point: rows of values with respect to states, and with respect to time.
struct Point {
    entries: Vec<Vec<f64>>,
    time: Vec<f64>,
}

fn jacobian(module: &ir::Module, jacobian: &ir::Jacobian, environment: &Environment) -> Point {
    let values = evaluate(module, environment);
    let states = module.states.len();
    let mut point = Point { entries: vec![vec![0.0; states]; states], time: vec![0.0; states] };
    for entry in &jacobian.entries {
        point.entries[entry.row.index()][entry.column.index()] = values[entry.value.index()].real();
    }
    for (row, value) in &jacobian.time {
        point.time[row.index()] = values[value.index()].real();
    }
    point
}

fn right_hand_side(module: &ir::Module, environment: &Environment) -> Vec<f64> {
    let values = evaluate(module, environment);
    module.states.iter().map(|(_, state)| values[state.derivative.index()].real()).collect()
}

/// Differences of fourth order in one input, which `shift` moves.
fn differences(
    module: &ir::Module,
    environment: &Environment,
    scale: f64,
    shift: impl Fn(&mut Environment, f64),
) -> Vec<f64> {
    let step = 1e-3 * scale;
    let at = |multiple: f64| {
        let mut moved = environment.clone();
        shift(&mut moved, multiple * step);
        right_hand_side(module, &moved)
    };
    let (far_left, left, right, far_right) = (at(-2.0), at(-1.0), at(1.0), at(2.0));
    (0..right.len())
        .map(|row| (8.0 * (right[row] - left[row]) - (far_right[row] - far_left[row])) / (12.0 * step))
        .collect()
}

#[track_caller]
fn assert_close(found: f64, expected: f64, scale: f64, what: &str) {
    let error = (found - expected).abs();
    assert!(error <= 2e-7 * scale.max(expected.abs()), "{what}: found {found}, expected {expected}");
}

/// Checks one function of two states x and y, before and after the other passes.
#[track_caller]
fn check(points: &[[f64; 2]], function: impl Fn(&mut Sketch, Value, Value) -> Value) {
    let mut sketch = Sketch::new();
    let (x, y) = (sketch.state("x"), sketch.state("y"));
    let value = function(&mut sketch, x, y);
    sketch.derivative(0, value);
    let module = sketch.finish();
    let mut plain = module.clone();
    let plain_jacobian = differentiate(&mut plain);
    let program = optimise(module.clone());
    for states in points {
        let environment = environment(states, &[]);
        for (module_after, found) in [(&plain, &plain_jacobian), (&program.module, &program.jacobian)] {
            let found = jacobian(module_after, found, &environment);
            for column in 0..2 {
                let scale = states[column].abs().clamp(0.01, 1.0);
                let expected =
                    differences(&module, &environment, scale, |moved, by| moved.states[column] += by);
                let what = format!("at {states:?} by column {column}\n{}", ir::to_text(&module));
                assert_close(found.entries[0][column], expected[0], 1e-3, &what);
            }
        }
    }
}

const POSITIVE: [[f64; 2]; 4] = [[0.3, 1.7], [1.2, 0.4], [2.5, 3.1], [0.05, 0.9]];
const ANY: [[f64; 2]; 4] = [[0.3, -1.7], [-1.2, 0.4], [-0.45, -0.3], [0.8, 0.7]];
const WITHIN_ONE: [[f64; 2]; 3] = [[0.3, 0.1], [-0.6, 0.4], [0.01, -0.9]];

#[test]
fn each_operation_has_its_derivative() {
    use ir::{BinaryOperation, UnaryOperation};
    for operation in [
        BinaryOperation::Add,
        BinaryOperation::Subtract,
        BinaryOperation::Multiply,
        BinaryOperation::Divide,
        BinaryOperation::Minimum,
        BinaryOperation::Maximum,
    ] {
        check(&ANY, |sketch, x, y| sketch.binary(operation, x, y));
    }
    for operation in [
        UnaryOperation::Negate,
        UnaryOperation::Absolute,
        UnaryOperation::Floor,
        UnaryOperation::Ceiling,
        UnaryOperation::Truncate,
    ] {
        check(&ANY, |sketch, x, _| sketch.unary(operation, x));
    }
    check(&POSITIVE, |sketch, x, _| sketch.unary(UnaryOperation::SquareRoot, x));
}

#[test]
fn each_function_has_its_derivative() {
    use ir::Function;
    for function in Function::ALL {
        let points: &[[f64; 2]] = match function {
            Function::Digamma => continue,
            Function::Log
            | Function::Log1p
            | Function::Log2
            | Function::Log10
            | Function::Pow
            | Function::Gamma
            | Function::LogGamma => &POSITIVE,
            Function::Asin | Function::Acos => &WITHIN_ONE,
            _ => &ANY,
        };
        check(points, |sketch, x, y| sketch.call(function, &[x, y][..function.arity()]));
    }
    check(&[[-0.5, 0.0], [-2.3, 0.0]], |sketch, x, _| sketch.call(Function::LogGamma, &[x]));
    check(&[[-0.5, 0.0], [-2.3, 0.0]], |sketch, x, _| sketch.call(Function::Gamma, &[x]));
}

#[test]
fn constant_exponents_have_their_derivatives() {
    for exponent in [-3.0, -1.0, -0.5, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 7.0] {
        check(&POSITIVE, |sketch, x, _| sketch.power(x, exponent));
    }
    for exponent in [-2.0, 2.0, 3.0] {
        check(&ANY, |sketch, x, _| sketch.power(x, exponent));
    }
}

#[test]
fn a_choice_has_the_derivative_of_the_branch_taken() {
    check(&ANY, |sketch, x, y| {
        let zero = sketch.constant(0.0);
        let condition = sketch.compare(ir::Comparison::Less, x, zero);
        let (product, negated) = (sketch.multiply(x, y), sketch.negate(y));
        sketch.select(condition, product, negated)
    });
    check(&ANY, |sketch, x, y| {
        let condition = sketch.compare(ir::Comparison::Greater, y, x);
        let (one, negated) = (sketch.constant(1.0), sketch.negate(x));
        sketch.select(condition, one, negated)
    });
}

#[test]
fn random_compositions_have_their_derivatives() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let module = tame_module(&mut random);
        let program = optimise(module.clone());
        let environment = Environment {
            time: random.tame(),
            parameters: vec![random.tame()],
            states: (0..3).map(|_| random.tame()).collect(),
            ..Environment::default()
        };
        let found = jacobian(&program.module, &program.jacobian, &environment);
        for column in 0..3 {
            let expected = differences(&module, &environment, 0.5, |moved, by| moved.states[column] += by);
            for (row, expected) in expected.into_iter().enumerate() {
                let what = format!("seed {seed}, entry {row}, {column}\n{}", ir::to_text(&module));
                assert_close(found.entries[row][column], expected, 1.0, &what);
            }
        }
        let expected = differences(&module, &environment, 0.5, |moved, by| moved.time += by);
        for (row, expected) in expected.into_iter().enumerate() {
            assert_close(found.time[row], expected, 1.0, &format!("seed {seed}, time, row {row}"));
        }
    }
}

/// A module of smooth operations whose values stay small.
fn tame_module(random: &mut Random) -> ir::Module {
    let mut sketch = Sketch::new();
    let mut values = vec![sketch.parameter("p"), sketch.push(ir::Expr::Time), sketch.constant(0.5)];
    values.extend(["x", "y", "z"].map(|name| sketch.state(name)));
    for _ in 0..12 {
        let (x, y) = (random.pick(&values), random.pick(&values));
        let bounded = sketch.call(ir::Function::Tanh, &[y]);
        values.push(match random.below(7) {
            0 => sketch.add(x, y),
            1 => sketch.subtract(x, y),
            2 => sketch.multiply(x, bounded),
            3 => sketch.call(ir::Function::Exp, &[bounded]),
            4 => sketch.call(random.pick(&[ir::Function::Sin, ir::Function::Cos, ir::Function::Atan]), &[y]),
            5 => {
                let (one, square) = (sketch.constant(1.0), sketch.multiply(bounded, bounded));
                let sum = sketch.add(one, square);
                sketch.divide(x, sum)
            }
            _ => {
                let base = sketch.call(ir::Function::Exp, &[bounded]);
                let exponent = sketch.call(ir::Function::Tanh, &[x]);
                sketch.call(ir::Function::Pow, &[base, exponent])
            }
        });
    }
    for (state, value) in values.into_iter().rev().take(3).enumerate() {
        sketch.derivative(state, value);
    }
    sketch.finish()
}

/// The derivatives of x^p with respect to x and, through a second state, p.
fn power_at(x: f64, exponent: f64) -> [f64; 2] {
    let mut sketch = Sketch::new();
    let (base, power) = (sketch.state("x"), sketch.state("p"));
    let value = sketch.call(ir::Function::Pow, &[base, power]);
    sketch.derivative(0, value);
    let program = optimise(sketch.finish());
    let found = jacobian(&program.module, &program.jacobian, &environment(&[x, exponent], &[]));
    [found.entries[0][0], found.entries[0][1]]
}

#[test]
fn a_power_of_zero_has_a_finite_derivative_where_the_true_one_is() {
    assert_eq!(power_at(0.0, 2.5), [0.0, 0.0]);
    assert_eq!(power_at(0.0, 1.0), [1.0, 0.0]);
    assert_eq!(power_at(0.0, 0.5), [f64::INFINITY, 0.0]);
    assert_eq!(power_at(0.0, 0.0)[0], 0.0);
    assert_eq!(power_at(3.0, 0.0)[0], 0.0);
}

#[test]
fn a_radius_of_zero_has_the_derivative_zero() {
    for function in [ir::Function::Hypot, ir::Function::Atan2] {
        let mut sketch = Sketch::new();
        let (x, y) = (sketch.state("x"), sketch.state("y"));
        let value = sketch.call(function, &[x, y]);
        sketch.derivative(0, value);
        let program = optimise(sketch.finish());
        let found = jacobian(&program.module, &program.jacobian, &environment(&[0.0, 0.0], &[]));
        assert_eq!(found.entries[0], [0.0, 0.0], "{function:?}");
    }
}

#[test]
fn a_covariate_on_a_slope_moves_with_time() {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    let linear = sketch.covariate("linear", Some(ir::Interpolation::Linear));
    let undecided = sketch.covariate("undecided", None);
    let fixed = sketch.covariate("fixed", Some(ir::Interpolation::LastForward));
    let product = sketch.multiply(linear, undecided);
    let sum = sketch.add(product, fixed);
    let value = sketch.multiply(sum, x);
    sketch.derivative(0, value);
    let program = optimise(sketch.finish());
    let environment = Environment {
        covariates: vec![2.0, 3.0, 5.0],
        covariate_slopes: vec![0.25, 0.5, 100.0],
        ..environment(&[4.0], &[])
    };
    let found = jacobian(&program.module, &program.jacobian, &environment);
    assert_eq!(found.time[0], (0.25 * 3.0 + 2.0 * 0.5) * 4.0);
    assert_eq!(found.entries[0][0], 11.0);
}

#[test]
fn only_entries_that_are_not_identically_zero_are_listed() {
    let mut sketch = Sketch::new();
    let states = ["a", "b", "c"].map(|name| sketch.state(name));
    let (rate, time) = (sketch.parameter("k"), sketch.push(ir::Expr::Time));
    let flow = sketch.multiply(rate, states[0]);
    let outflow = sketch.negate(flow);
    sketch.derivative(0, outflow);
    let nothing = sketch.subtract(states[2], states[2]);
    let step = sketch.unary(ir::UnaryOperation::Floor, states[2]);
    let mut sum = sketch.add(flow, nothing);
    sum = sketch.add(sum, step);
    sketch.derivative(1, sum);
    let forcing = sketch.call(ir::Function::Sin, &[time]);
    sketch.derivative(2, forcing);
    let jacobian = optimise(sketch.finish()).jacobian;
    let places: Vec<_> =
        jacobian.entries.iter().map(|entry| (entry.row.index(), entry.column.index())).collect();
    assert_eq!(places, [(0, 0), (1, 0)]);
    let rows: Vec<_> = jacobian.time.iter().map(|(row, _)| row.index()).collect();
    assert_eq!(rows, [2]);
}

#[test]
fn the_size_of_a_chain_grows_linearly() {
    let sizes = [100, 200].map(|length| {
        let program = optimise(chain(length));
        assert_eq!(program.jacobian.entries.len(), 2 * length - 1);
        program.module.expressions.len()
    });
    assert!(sizes[1] <= 2 * sizes[0], "{sizes:?}");
}

/// Transit compartments with saturable flow between neighbours.
fn chain(length: usize) -> ir::Module {
    let mut sketch = Sketch::new();
    let (maximum, half) = (sketch.parameter("vmax"), sketch.parameter("km"));
    let mut inflow = None;
    for index in 0..length {
        let state = sketch.state(&format!("tr[{index}]"));
        let (sum, product) = (sketch.add(half, state), sketch.multiply(maximum, state));
        let outflow = sketch.divide(product, sum);
        let derivative = match inflow {
            Some(inflow) => sketch.subtract(inflow, outflow),
            None => sketch.negate(outflow),
        };
        sketch.derivative(index, derivative);
        inflow = Some(outflow);
    }
    sketch.finish()
}

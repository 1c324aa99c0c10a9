//! Deep, wide and large expressions.

use pmc_codegen::model_functions_wat;
use pmc_ir::{BinaryOperation, Expr, Function, Handle};
use pmc_passes::Environment;

use crate::build::{Builder, module_of};
use crate::random::assert_agrees;

/// Returns what models with one parameter and one state read.
fn environment() -> Environment {
    Environment { parameters: vec![1.25], states: vec![0.75], time: 1.0, ..Environment::default() }
}

/// Checks a model whose only derivative is what `grow` makes of a parameter and a state.
fn check(grow: impl FnOnce(&mut Builder, Handle<Expr>, Handle<Expr>) -> Handle<Expr>) {
    let mut builder = Builder::new("large");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let value = grow(&mut builder, p, x);
    builder.derivative(0, value);
    builder.output("y", value);
    assert_agrees(&builder.plain(), &environment());
}

const LENGTH: usize = 100_000;

#[test]
fn a_chain_that_grows_to_the_left_compiles_and_runs() {
    check(|builder, p, x| {
        (0..LENGTH).fold(x, |chain, _| {
            let shrunk = builder.product(chain, p);
            builder.binary(BinaryOperation::Minimum, shrunk, p)
        })
    });
}

#[test]
fn a_chain_that_grows_to_the_right_compiles_and_runs() {
    check(|builder, p, x| {
        (0..LENGTH).fold(x, |chain, _| builder.binary(BinaryOperation::Subtract, p, chain))
    });
}

#[test]
fn a_chain_of_squares_compiles_and_runs() {
    check(|builder, p, x| {
        (0..LENGTH / 2).fold(x, |chain, _| {
            let square = builder.product(chain, chain);
            builder.binary(BinaryOperation::Minimum, square, p)
        })
    });
}

#[test]
fn many_values_alive_at_once_compile_and_run() {
    check(|builder, p, x| {
        let values: Vec<_> = (0..LENGTH / 2)
            .map(|index| {
                let number = builder.constant(index as f64);
                builder.product(if index % 2 == 0 { x } else { p }, number)
            })
            .collect();
        let forward = values.iter().fold(x, |sum, value| builder.sum(sum, *value));
        values.iter().rev().fold(forward, |sum, value| builder.sum(*value, sum))
    });
}

#[test]
fn selections_nested_in_conditions_and_sides_compile_and_run() {
    check(|builder, p, x| {
        (0..LENGTH / 10).fold(x, |chain, index| {
            let number = builder.constant(index as f64 / 1000.0);
            let condition = builder.less(chain, number);
            let power = builder.call(Function::Exp, number);
            let negative = builder.negation(chain);
            let power = builder.product(power, negative);
            let (then, otherwise) = if index % 3 == 0 { (power, p) } else { (chain, power) };
            builder.push(Expr::Select(condition, then, otherwise))
        })
    });
}

#[test]
fn no_function_is_larger_than_an_engine_compiles_fast() {
    let mut builder = Builder::new("large");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let value = (0..LENGTH).fold(x, |chain, _| builder.binary(BinaryOperation::Subtract, p, chain));
    builder.derivative(0, value);
    let module = module_of(&builder.plain());
    assert_fast(&module);
    assert!(model_functions_wat(&module).unwrap().contains("(call $derivatives.1"));
}

/// Checks that each function of a module has a size that engines compile fast.
fn assert_fast(module: &[u8]) {
    let mut largest = 0;
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        if let wasmparser::Payload::CodeSectionEntry(body) = payload.unwrap() {
            largest = largest.max(body.range().end - body.range().start);
        }
    }
    assert!(largest < 128 << 10, "{largest} bytes");
}

#[test]
fn results_without_end_are_delivered_in_pieces() {
    const STATES: usize = 300;
    let mut builder = Builder::new("dense");
    let p = builder.parameter("p", None);
    let states: Vec<_> = (0..STATES).map(|index| builder.state(&format!("x{index}"))).collect();
    let square = builder.product(states[0], states[0]);
    let sum = states.iter().fold(p, |sum, state| builder.sum(sum, *state));
    for (index, state) in states.iter().enumerate() {
        let product = builder.product(*state, *state);
        let rate = builder.binary(BinaryOperation::Subtract, product, sum);
        builder.derivative(index, rate);
    }
    builder.output("y", square);
    let program = pmc_passes::optimise(builder.module);
    assert_eq!(program.jacobian.entries.len(), STATES * STATES);
    assert_fast(&module_of(&program));
    let states = (0..STATES).map(|index| 0.5 + index as f64 / 64.0).collect();
    let environment = Environment { parameters: vec![1.25], states, time: 1.0, ..Environment::default() };
    assert_agrees(&program, &environment);
}

#[test]
fn the_deepest_operand_stack_is_bounded() {
    let mut builder = Builder::new("deep");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let value = (0..1000).fold(x, |chain, _| builder.binary(BinaryOperation::Subtract, p, chain));
    builder.derivative(0, value);
    let module = module_of(&builder.plain());
    let text = model_functions_wat(&module).unwrap();
    let deepest = text.lines().map(|line| line.len() - line.trim_start().len()).max();
    assert!(deepest < Some(2 * 48), "an operand stack of about {deepest:?} / 2");
}

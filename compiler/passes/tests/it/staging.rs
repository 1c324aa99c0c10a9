//! Stages and slots.

use pmc_ir as ir;
use pmc_passes::{dead_code, optimise, stage};

use crate::random::{Random, module};
use crate::sketch::{Sketch, one_compartment};

fn slots_of(module: &ir::Module) -> Vec<ir::Handle<ir::Expr>> {
    stage(module, &ir::Jacobian::default()).slots
}

#[test]
fn a_value_used_by_a_later_stage_is_kept() {
    let mut sketch = Sketch::new();
    let (k, x) = (sketch.parameter("k"), sketch.state("x"));
    let root = sketch.unary(ir::UnaryOperation::SquareRoot, k);
    let scaled = sketch.multiply(root, root);
    let value = sketch.multiply(scaled, x);
    sketch.derivative(0, value);
    assert_eq!(slots_of(&sketch.finish()), [scaled]);
}

#[test]
fn leaves_and_constants_are_never_kept() {
    let mut sketch = Sketch::new();
    let (k, x) = (sketch.parameter("k"), sketch.state("x"));
    let rate = sketch.infusion("iv");
    let minus_one = sketch.constant(-1.0);
    let not_a_number = sketch.unary(ir::UnaryOperation::SquareRoot, minus_one);
    let product = sketch.multiply(k, x);
    let sum = sketch.add(product, rate);
    let value = sketch.add(sum, not_a_number);
    sketch.derivative(0, value);
    sketch.output("k", k);
    assert_eq!(slots_of(&sketch.finish()), []);
}

#[test]
fn a_value_that_a_root_names_directly_is_kept() {
    let mut sketch = Sketch::new();
    let k = sketch.parameter("k");
    let root = sketch.unary(ir::UnaryOperation::SquareRoot, k);
    sketch.output("root", root);
    assert_eq!(slots_of(&sketch.finish()), [root]);
}

#[test]
fn a_secondary_quantity_keeps_nothing() {
    let mut sketch = Sketch::new();
    let k = sketch.parameter("k");
    let weight = sketch.covariate("wt", None);
    let root = sketch.unary(ir::UnaryOperation::SquareRoot, k);
    let value = sketch.multiply(root, weight);
    sketch.module.secondary.push(ir::Secondary { name: "s".to_owned(), value });
    assert_eq!(slots_of(&sketch.finish()), []);
}

#[test]
fn slots_are_sorted_by_stage_then_handle() {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    let linear = sketch.covariate("linear", Some(ir::Interpolation::Linear));
    let rate = sketch.infusion("iv");
    let fixed = sketch.covariate("fixed", Some(ir::Interpolation::LastForward));
    let parameter = sketch.parameter("k");
    let mut sum = x;
    let mut expected = Vec::new();
    for leaf in [linear, rate, fixed, parameter] {
        let kept = sketch.call(ir::Function::Exp, &[leaf]);
        sum = sketch.add(sum, kept);
        expected.insert(0, kept);
    }
    sketch.derivative(0, sum);
    assert_eq!(slots_of(&sketch.finish()), expected);
}

#[test]
fn whatever_a_stage_reads_of_an_earlier_one_is_a_leaf_constant_or_slot() {
    let mut functions = ir::Function::ALL.to_vec();
    functions.retain(|function| *function != ir::Function::Digamma);
    for seed in 0..200 {
        let mut module = module(&mut Random::new(seed), 80, &functions);
        dead_code(&mut module, &mut ir::Jacobian::default());
        let ir::Staging { stages, slots } = stage(&module, &ir::Jacobian::default());
        for (user, expression) in module.expressions.iter() {
            expression.for_each_operand(|operand| {
                let [stage, of_operand] = [user, operand].map(|handle| stages[handle.index()]);
                let mut is_leaf = true;
                module.expressions[operand].for_each_operand(|_| is_leaf = false);
                let is_earlier = of_operand < stage && of_operand <= ir::Stage::Interpolated;
                let is_read = is_earlier && !is_leaf && of_operand != ir::Stage::Constant;
                assert!(!is_read || slots.contains(&operand), "seed {seed}: {user:?} reads {operand:?}");
            });
        }
    }
}

#[test]
fn an_interpolated_value_that_only_the_jacobian_uses_is_not_kept() {
    let mut sketch = Sketch::new();
    let (x, k) = (sketch.state("x"), sketch.parameter("k"));
    let weight = sketch.covariate("wt", None);
    let square = sketch.multiply(k, k);
    let scaled = sketch.multiply(square, weight);
    let negated = sketch.negate(scaled);
    let product = sketch.multiply(scaled, x);
    sketch.derivative(0, product);
    let module = sketch.finish();
    let row = ir::Handle::from_index(0);
    let entry = ir::JacobianEntry { row, column: row, value: negated };
    let jacobian = ir::Jacobian { entries: vec![entry], time: Vec::new() };
    assert_eq!(stage(&module, &jacobian).slots, [square, scaled]);
}

#[test]
fn what_depends_on_parameters_only_is_computed_once_a_parameter_set() {
    let program = optimise(one_compartment());
    let first = program.staging.slots.first().map(|handle| program.staging.stages[handle.index()]);
    assert_eq!(first, Some(ir::Stage::Parameters));
    for (handle, expression) in program.module.expressions.iter() {
        let is_call = matches!(expression, ir::Expr::Call(..));
        let is_rare = program.staging.stages[handle.index()] <= ir::Stage::Interpolated;
        assert!(!is_call || is_rare, "{}", ir::program_to_text(&program));
    }
}

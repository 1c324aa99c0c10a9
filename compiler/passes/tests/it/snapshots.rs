//! Each pass, before and after.

use pmc_ir as ir;
use pmc_passes::{
    common_subexpressions, dead_code, differentiate, expand_powers, fold_constants, optimise, stage,
};

use crate::sketch::{Sketch, one_compartment};

#[track_caller]
fn check(name: &str, before: &ir::Module, after: &str) {
    let text = format!("{}\n--- after ---\n\n{after}", ir::to_text(before));
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../../../../snapshots/passes");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[track_caller]
fn check_pass(name: &str, before: &ir::Module, pass: fn(&mut ir::Module, &mut ir::Jacobian)) {
    let mut after = before.clone();
    pass(&mut after, &mut ir::Jacobian::default());
    check(name, before, &ir::to_text(&after));
}

#[test]
fn constants_are_folded() {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    let (two, three, one, minus_zero) =
        (sketch.constant(2.0), sketch.constant(3.0), sketch.constant(1.0), sketch.constant(-0.0));
    let six = sketch.multiply(two, three);
    let log = sketch.call(ir::Function::Log, &[six]);
    sketch.output("computed", log);
    let negated = sketch.negate(x);
    let values = [
        ("unchanged_by_one", sketch.multiply(one, x)),
        ("unchanged_by_minus_zero", sketch.add(x, minus_zero)),
        ("sum_of_a_negation", sketch.add(six, negated)),
        ("divided_by_two", sketch.divide(x, two)),
        ("divided_by_three", sketch.divide(x, three)),
        ("times_minus_six", sketch.multiply(negated, six)),
        ("negated_product", sketch.multiply(negated, x)),
    ];
    for (name, value) in values {
        sketch.output(name, value);
    }
    let condition = sketch.compare(ir::Comparison::Less, two, three);
    let chosen = sketch.select(condition, x, negated);
    sketch.output("chosen", chosen);
    let zero = sketch.constant(0.0);
    let kept = [sketch.multiply(x, zero), sketch.add(x, zero), sketch.subtract(x, x)];
    for (index, value) in kept.into_iter().enumerate() {
        sketch.output(&format!("kept[{index}]"), value);
    }
    let minus_one = sketch.constant(-1.0);
    let not_a_number = sketch.unary(ir::UnaryOperation::SquareRoot, minus_one);
    sketch.output("not_a_number", not_a_number);
    check_pass("fold_constants", &sketch.finish(), |module, jacobian| {
        fold_constants(module, jacobian);
        dead_code(module, jacobian);
    });
}

#[test]
fn powers_are_expanded() {
    let mut sketch = Sketch::new();
    let x = sketch.state("x");
    for exponent in [0.0, 1.0, 2.0, 3.0, 7.0, -1.0, -2.0, 0.5, -0.5, 1.5, 0.75] {
        let power = sketch.power(x, exponent);
        sketch.output(&format!("power {exponent}"), power);
    }
    check_pass("expand_powers", &sketch.finish(), |module, jacobian| {
        expand_powers(module, jacobian);
        dead_code(module, jacobian);
    });
}

#[test]
fn subexpressions_are_shared() {
    let mut sketch = Sketch::new();
    let (x, y) = (sketch.state("x"), sketch.state("y"));
    let (sum, mirrored) = (sketch.add(x, y), sketch.add(y, x));
    let product = sketch.multiply(sum, mirrored);
    let (difference, opposite) = (sketch.subtract(x, y), sketch.subtract(y, x));
    let quotient = sketch.divide(difference, opposite);
    let (less, greater) =
        (sketch.compare(ir::Comparison::Less, x, y), sketch.compare(ir::Comparison::Greater, y, x));
    let chosen = sketch.select(less, product, quotient);
    let again = sketch.select(greater, product, quotient);
    sketch.output("chosen", chosen);
    sketch.output("again", again);
    check_pass("common_subexpressions", &sketch.finish(), common_subexpressions);
}

#[test]
fn dead_code_is_removed() {
    let mut sketch = Sketch::new();
    let (x, y) = (sketch.state("x"), sketch.state("y"));
    let (sum, _) = (sketch.add(x, y), sketch.multiply(x, y));
    sketch.output("sum", sum);
    check_pass("dead_code", &sketch.finish(), dead_code);
}

#[test]
fn derivatives_are_added() {
    let mut sketch = Sketch::new();
    let (x, maximum, half) = (sketch.state("x"), sketch.parameter("vmax"), sketch.parameter("km"));
    let (numerator, denominator) = (sketch.multiply(maximum, x), sketch.add(half, x));
    let quotient = sketch.divide(numerator, denominator);
    let outflow = sketch.negate(quotient);
    sketch.derivative(0, outflow);
    let before = sketch.finish();
    let mut module = before.clone();
    let mut jacobian = differentiate(&mut module);
    dead_code(&mut module, &mut jacobian);
    let staging = stage(&module, &jacobian);
    check(
        "differentiate",
        &before,
        &ir::program_to_text(&ir::Program {
            module,
            jacobian,
            staging,
            linearity: ir::Linearity::None,
            events: ir::EventFunctions::default(),
        }),
    );
}

#[test]
fn a_model_is_optimised() {
    let before = one_compartment();
    let program = optimise(before.clone());
    check("optimise_one_compartment", &before, &ir::program_to_text(&program));
}

//! The text of what is written for small models.

use pmc_codegen::{model_functions_wat, size_report, wat};
use pmc_ir::{Expr, Function, Logic, UnaryOperation};
use pmc_passes::optimise;

use crate::build::{Builder, module_of, one_compartment, thorough};

/// Compares the model's functions of a program with a snapshot.
fn check(name: &str, program: &pmc_ir::Program) {
    let source = pmc_ir::program_to_text(program);
    let text = model_functions_wat(&module_of(program)).unwrap();
    insta::with_settings!({
        snapshot_path => "../../../../snapshots/wat",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, format!("{source}\n{text}")) });
}

/// Returns the text of one function of a program.
fn function(program: &pmc_ir::Program, name: &str) -> String {
    let text = model_functions_wat(&module_of(program)).unwrap();
    let start = text.find(&format!("(func ${name} ")).unwrap();
    let length = text[start..].find("\n)\n").unwrap();
    text[start..start + length].to_owned()
}

#[test]
fn one_compartment_model() {
    check("one_compartment", &optimise(one_compartment()));
}

#[test]
fn covariates_routes_and_stages() {
    check("thorough", &optimise(thorough()));
}

#[test]
fn the_text_of_a_module_holds_the_kernel_too() {
    let module = module_of(&optimise(one_compartment()));
    let text = wat(&module).unwrap();
    assert!(text.contains("(func $plugin_create"));
    assert!(!model_functions_wat(&module).unwrap().contains("plugin_create"));
}

#[test]
fn bytes_that_are_no_module_have_neither_text_nor_sizes() {
    assert!(wat(b"no module").unwrap_err().to_string().starts_with("not a WebAssembly module: "));
    assert!(model_functions_wat(b"no module").is_err());
    assert!(size_report(b"no module").is_err());
}

#[test]
fn a_selection_between_cheap_values_computes_both() {
    let mut builder = Builder::new("cheap");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let condition = builder.less(x, p);
    let double = builder.sum(x, x);
    let choice = builder.push(Expr::Select(condition, double, p));
    builder.derivative(0, choice);
    let text = function(&builder.plain(), "derivatives");
    assert!(text.contains("(select") && !text.contains("(if"), "{text}");
}

#[test]
fn a_selection_between_costly_values_computes_one() {
    let mut builder = Builder::new("costly");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let condition = builder.less(x, p);
    let power = builder.call(Function::Exp, x);
    let square = builder.product(power, power);
    let choice = builder.push(Expr::Select(condition, square, p));
    builder.derivative(0, choice);
    let program = builder.plain();
    let text = function(&program, "derivatives");
    assert!(text.contains("(if (result f64)") && !text.contains("(select"), "{text}");
    assert!(text.find("(then").unwrap() < text.find("(call $exp").unwrap(), "{text}");
    assert_eq!(text.matches("(call $exp").count(), 1, "{text}");
    check("costly_selection", &program);
}

#[test]
fn a_value_that_both_sides_use_is_computed_before_the_jump() {
    let mut builder = Builder::new("shared");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let condition = builder.less(x, p);
    let power = builder.call(Function::Exp, x);
    let (then, otherwise) = (builder.call(Function::Sin, power), builder.product(power, p));
    let choice = builder.push(Expr::Select(condition, then, otherwise));
    builder.derivative(0, choice);
    let text = function(&builder.plain(), "derivatives");
    assert!(text.find("(call $exp").unwrap() < text.find("(if").unwrap(), "{text}");
    assert!(text.find("(then").unwrap() < text.find("(call $sin").unwrap(), "{text}");
}

#[test]
fn a_value_used_after_a_jump_is_not_left_in_a_branch() {
    let mut builder = Builder::new("outside");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let condition = builder.less(x, p);
    let power = builder.call(Function::Exp, x);
    let choice = builder.push(Expr::Select(condition, power, p));
    let sum = builder.sum(choice, power);
    builder.derivative(0, sum);
    let text = function(&builder.plain(), "derivatives");
    assert!(text.contains("(call $exp") && text.contains("(select") && !text.contains("(if"), "{text}");
}

#[test]
fn a_negated_condition_swaps_the_sides() {
    let mut builder = Builder::new("negated");
    let (p, x) = (builder.parameter("p", None), builder.state("x"));
    let both = {
        let (low, high) = (builder.less(x, p), builder.less(p, x));
        builder.push(Expr::Logic(Logic::Or, low, high))
    };
    let not = builder.push(Expr::Unary(UnaryOperation::Not, both));
    let choice = builder.push(Expr::Select(not, x, p));
    builder.derivative(0, choice);
    let text = function(&builder.plain(), "derivatives");
    assert!(text.contains("(select") && !text.contains("i32.eqz"), "{text}");
}

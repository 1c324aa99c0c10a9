//! What valid models mean: texts that must give the same module, and values of functions.

mod events;
mod kinds;

use pmc_diagnostics::{Diagnostics, Style, render};
use pmc_ir::{Expr, Input, Module, Real};

fn analyse(source: &str) -> (Option<Module>, Diagnostics) {
    let parsed = pmc_grammar::parse(source);
    assert!(!parsed.diagnostics.has_errors(), "{source}\n{:#?}", parsed.diagnostics);
    pmc_analysis::analyse(&parsed.file.models[0], parsed.file.spelling)
}

fn module(source: &str) -> Module {
    let (module, diagnostics) = analyse(source);
    let findings = || -> String {
        diagnostics.iter().map(|found| render(found, "model.pk", source, Style::Full)).collect()
    };
    let module = module.unwrap_or_else(|| panic!("{}", findings()));
    if let Err(error) = pmc_ir::validate(&module) {
        panic!("{source}\n{error:?}");
    }
    module
}

fn codes(source: &str) -> Vec<u16> {
    analyse(source).1.iter().map(|diagnostic| diagnostic.code.0).collect()
}

/// Writes an expression in full, so that modules compare whatever the order of their values.
fn write(module: &Module, handle: pmc_ir::Handle<Expr>) -> String {
    let mut operands = Vec::new();
    let expression = &module.expressions[handle];
    expression.for_each_operand(|operand| operands.push(write(module, operand)));
    let head = match expression {
        Expr::Unary(operation, _) => format!("{operation:?}"),
        Expr::Binary(operation, ..) => format!("{operation:?}"),
        Expr::Compare(comparison, ..) => format!("{comparison:?}"),
        Expr::Logic(logic, ..) => format!("{logic:?}"),
        Expr::Select(..) => "Select".to_owned(),
        Expr::Call(function, _) => format!("{function:?}"),
        leaf => return format!("{leaf:?}"),
    };
    format!("{head}({})", operands.join(", "))
}

/// Writes everything that a module computes.
fn meaning(module: &Module) -> String {
    let mut lines = Vec::new();
    for (_, state) in module.states.iter() {
        let (initial, derivative) = (write(module, state.initial), write(module, state.derivative));
        lines.push(format!("{}: {initial}, {derivative}", state.name));
    }
    for (_, route) in module.routes.iter() {
        let optional = |value: Option<_>| value.map(|handle| write(module, handle));
        lines.push(format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?}",
            route.label,
            route.input,
            route.destination,
            optional(route.lag),
            optional(route.bioavailability),
            optional(route.rate),
            optional(route.duration),
        ));
    }
    for (_, output) in module.outputs.iter() {
        lines.push(format!("{} = {}", output.name, write(module, output.value)));
    }
    lines.join("\n")
}

fn assert_same(first: &str, second: &str) {
    assert_eq!(meaning(&module(first)), meaning(&module(second)), "\n{first}\n---\n{second}");
}

const DECLARED: &str = "
params = ka, ke, f, tlag
states = depot, central
bolus(oral) -> depot
infusion(iv) -> central
lag(oral) = tlag
fa(oral) = f
dx(depot) = -(ka * depot)
dx(central) = ka * depot - ke * central
out(cp) = central
";

#[test]
fn declared_routes_and_input_terms_mean_the_same() {
    assert_same(
        DECLARED,
        "
params = ka, ke, f, tlag
states = depot, central
lag(oral) = tlag
dx(depot) = bolus(oral) * f - ka * depot
dx(central) = (ka * depot - ke * central) + infusion(iv)
out(cp) = central
",
    );
}

#[test]
fn both_spellings_mean_the_same() {
    assert_same(
        DECLARED,
        "
model main {
  kind ode
  parameters { ka, ke, f, tlag }
  states { depot, central }
  routes {
    bolus oral -> depot { lag = tlag, bioavailability = f }
    infusion iv -> central
  }
  dynamics {
    ddt(depot) = -(ka * depot)
    ddt(central) = ka * depot - ke * central
  }
  outputs { cp = central }
}
",
    );
}

#[test]
fn a_declared_infusion_counts_once_where_it_is_written() {
    let text = |equation: &str| {
        format!("params = k\nstates = x\ninfusion(iv) -> x\nddt(x) = {equation}\nout(y) = x\n")
    };
    assert_same(&text("-k * x"), &text("-k * x + rate(iv)"));
    assert_eq!(codes(&text("-k * x + rate(iv)")), [409]);
}

#[test]
fn a_declared_infusion_is_an_equation() {
    let module = module("states = x\ninfusion(iv) -> x\nout(y) = x\n");
    let (_, state) = module.states.iter().next().unwrap();
    assert!(matches!(module.expressions[state.derivative], Expr::InfusionRate(_)));
}

#[test]
fn bolus_terms_may_have_signs_divisors_parentheses_and_branches() {
    let text = |term: &str| format!("params = f\nstates = x\nddt(x) = {term}\nout(y) = x\n");
    assert_same(&text("bolus(r) * f"), &text("f * (bolus(r))"));
    assert_same(&text("bolus(r) / f"), &text("(bolus(r) * 1) / f"));
    assert_same(&text("0 + bolus(r)"), &text("bolus[r]"));
    assert_same(&text("-(-bolus(r))"), &text("bolus(r)"));
    let scaled = module(&text("if (f > 1) 2 * bolus(r) else bolus(r) - x"));
    let (_, route) = scaled.routes.iter().next().unwrap();
    let scale = write(&scaled, route.bioavailability.unwrap());
    assert!(scale.starts_with("Select(Greater("), "{scale}");
}

#[test]
fn statements_in_both_branches_may_give_the_same_bolus() {
    let text = "
params = f
states = x
if (f > 1) { ddt(x) = 2 * bolus(r) - x } else { ddt(x) = bolus(r) * 3 - x }
out(y) = x
";
    let module = module(text);
    let (_, route) = module.routes.iter().next().unwrap();
    let (scale, input) = (write(&module, route.bioavailability.unwrap()), route.input);
    assert_eq!(input, Input::Bolus);
    assert!(scale.ends_with("Constant(2.0), Constant(3.0))"), "{scale}");
}

#[test]
fn dose_terms_accept_both_kinds_of_dose() {
    let terms = module("states = x\nddt(x) = dose(r) - x\nout(y) = x\n");
    let (_, route) = terms.routes.iter().next().unwrap();
    assert_eq!(route.input, Input::Both);
    assert_same(
        "states = x\nddt(x) = rate(r) - x\nbolus(q) -> x\ndose(r) -> x\nout(y) = x\n",
        "states = x\nbolus(q) -> x\nddt(x) = infusion(r) - x\ndose(r) -> x\nout(y) = x\n"
            .replace("infusion(r)", "rate(r)")
            .as_str(),
    );
}

#[test]
fn an_array_named_like_an_input_word_is_an_array() {
    let module = module(
        "const k = 1\nstate infusion[2]\nfor i in 0..2 { ddt(infusion[i]) = 0 }\nout(y) = infusion[k]\n",
    );
    assert!(module.routes.is_empty());
}

#[test]
fn one_label_may_have_a_bolus_and_an_infusion_into_one_state() {
    let declared = "states = a\nbolus(r) -> a\ninfusion(r) -> a\nddt(a) = -a\nout(y) = tad(r)\n";
    assert_same(declared, "states = a\ndose(r) -> a\nddt(a) = -a\nout(y) = tad(r)\n");
    assert_same(declared, "states = a\nddt(a) = bolus(r) + (-a + infusion(r))\nout(y) = tad(r)\n");
}

#[test]
fn one_label_with_two_destinations_or_a_lag_of_the_bolus_is_not_supported_yet() {
    let apart = "states = a, b\nbolus(r) -> a\ninfusion(r) -> b\nddt(a) = -a\nddt(b) = -b\nout(y) = a\n";
    assert_eq!(codes(apart), [909]);
    let late = "states = a\nbolus(r) -> a\ninfusion(r) -> a\nlag(r) = 1\nddt(a) = -a\nout(y) = a\n";
    assert_eq!(codes(late), [909]);
    assert_eq!(codes("states = a\nddt(a) = 0.5 * bolus(r) + infusion(r)\nout(y) = a\n"), [909]);
}

#[test]
fn any_state_takes_doses_when_the_option_says_so() {
    let module =
        module("option doses = any\nstate x[2]\nfor i in 0..2 { ddt(x[i]) = -x[i] }\nout(y) = x[0]\n");
    let labels: Vec<&str> = module.routes.iter().map(|(_, route)| route.label.as_str()).collect();
    assert_eq!(labels, ["x[0]", "x[1]"]);
    for (_, state) in module.states.iter() {
        assert!(write(&module, state.derivative).contains("InfusionRate"));
    }
}

#[test]
fn equations_may_stand_above_the_derived_values_that_they_read() {
    assert_same(
        "params = cl, v\nstates = x\nout(cp) = x / vol\nddt(x) = -ke * x\nvol = v\nke = cl / vol\n",
        "params = cl, v\nstates = x\nvol = v\nke = cl / vol\nout(cp) = x / vol\nddt(x) = -ke * x\n",
    );
}

#[test]
fn derived_values_run_in_the_order_of_the_text() {
    assert_same(
        "params = k\nstates = x\na = k\na = a * 2\nddt(x) = -a * x\nout(y) = x\n",
        "params = k\nstates = x\nddt(x) = -(k * 2) * x\nout(y) = x\n",
    );
}

#[test]
fn branches_never_taken_may_read_routes() {
    for value in ["rate(r)", "tad(r)", "tlast(r)"] {
        let text = format!("states = x\ndose(r) -> x\nif (false) {{ y = {value} }} else {{ y = 1 }}\n");
        assert_eq!(codes(&format!("{text}ddt(x) = -x\nout(o) = y\n")), Vec::<u16>::new(), "{value}");
    }
}

#[test]
fn conditional_statements_are_selections() {
    assert_same(
        "params = k\nstates = x\nif (k > 1) { a = 2 } else if (k > 0) { a = 1 } else { a = 0 }\nddt(x) = a\nout(y) = x\n",
        "params = k\nstates = x\nddt(x) = if (k > 1) 2 else if (k > 0) 1 else 0\nout(y) = x\n",
    );
}

#[test]
fn loops_are_written_out() {
    assert_same(
        "const n = 3\nstate x[n]\nddt(x[0]) = -x[0]\nfor i in 1..n {\n  let from = x[i - 1]\n  ddt(x[i]) = from - x[i]\n}\nout(y) = sum(x) * length(x)\n",
        "state x[3]\nddt(x[0]) = -x[0]\nddt(x[1]) = x[0] - x[1]\nddt(x[2]) = x[1] - x[2]\nout(y) = (x[0] + x[1] + x[2]) * 3\n",
    );
}

#[test]
fn a_known_condition_chooses_before_the_other_branch_is_looked_at() {
    assert_same(
        "state x[2]\nfor i in 0..2 {\n  ddt(x[i]) = if (i > 0 && x[i - 1] > 0) x[i - 1] else 0\n  if (i == 1) { ddt(x[i]) += x[i - 1] }\n}\nout(y) = x[0]\n",
        "state x[2]\nddt(x[0]) = 0\nddt(x[1]) = (if (x[0] > 0) x[0] else 0) + x[0]\nout(y) = x[0]\n",
    );
}

#[test]
fn an_index_may_be_a_choice_between_constants() {
    assert_same(
        "params = k\nstate x[2]\nddt(x[0]) = 0\nddt(x[1]) = 0\nout(y) = x[if (k > 1) 0 else 1]\n",
        "params = k\nstate x[2]\nddt(x[0]) = 0\nddt(x[1]) = 0\nout(y) = if (k > 1) x[0] else x[1]\n",
    );
}

#[test]
fn functions_are_written_out() {
    assert_same(
        "params = k\nstates = x\nconst two = 2\nfun f(a, b) = g(a) / b\nfun g(c) = two * c\nddt(x) = f(x, k)\nout(y) = x\n",
        "params = k\nstates = x\nddt(x) = 2 * x / k\nout(y) = x\n",
    );
}

#[test]
fn user_names_win_over_predefined_ones() {
    assert_same(
        "params = pi, gamma, tad, exp\nstates = x\nddt(x) = -pi * gamma * tad * exp * x\nout(y) = gamma(gamma)\n",
        "params = a, b, c, d\nstates = x\nddt(x) = -a * b * c * d * x\nout(y) = gamma(b)\n",
    );
}

#[test]
fn an_unassigned_path_of_an_equation_is_zero() {
    let text = "params = k\nstates = x\nif (k > 1) { ddt(x) = -x }\nout(y) = x\n";
    assert_same(text, "params = k\nstates = x\nddt(x) = if (k > 1) -x else 0\nout(y) = x\n");
    assert_eq!(codes(text), [304]);
}

#[test]
fn adding_on_some_paths_adds_nothing_on_the_others() {
    let text = "params = k\nstates = x\nif (k > 1) { ddt(x) += -x }\nout(y) = x\n";
    assert_same(text, "params = k\nstates = x\nddt(x) = if (k > 1) -x else 0\nout(y) = x\n");
    assert!(codes(text).is_empty());
}

#[test]
fn outputs_follow_the_order_of_their_list() {
    let module = module("states = x\noutputs = b, a\nddt(x) = 0\na = x\nout(b) = a + 1\n");
    let names: Vec<&str> = module.outputs.iter().map(|(_, output)| output.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
}

#[test]
fn correlations_follow_the_standard_deviations() {
    let module = module(
        "states = x\neta (a, b, c) ~ corr(0.1, 0.2, 0.3, 0.5, 0.6, 0.7)\nddt(x) = a + b + c\nout(y) = x\n",
    );
    let rows: Vec<Vec<f64>> = module
        .random_effects
        .iter()
        .map(|(_, effect)| match &effect.variance {
            pmc_ir::Variance::CorrelationRow(row) => {
                row.iter().map(|entry| number(&module, *entry)).collect()
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(rows, [vec![0.1], vec![0.5, 0.2], vec![0.6, 0.7, 0.3]]);
}

fn number(module: &Module, handle: pmc_ir::Handle<Expr>) -> f64 {
    match module.expressions[handle] {
        Expr::Constant(Real(value)) => value,
        ref other => panic!("{other:?} is no constant"),
    }
}

#[test]
fn functions_of_constants_are_folded_to_their_values() {
    let cases = [
        ("mod(-7, 3)", 2.0),
        ("mod(7, -3)", -2.0),
        ("idiv(-7, 2)", -4.0),
        ("sign(-2) + 10 * sign(3) + 100 * sign(0)", 9.0),
        ("trunc(-2.5)", -2.0),
        ("round(-2.5)", -3.0),
        ("min(3, 1, 2) + max(3, 1, 2)", 4.0),
        ("step(0) + step(-1) + 10 * step(2)", 11.0),
        ("ramp(-2) + ramp(3)", 3.0),
        ("smoothstep(0, 2)", 0.5),
        ("smoothstep(-1, 2) + smoothstep(5, 2)", 1.0),
        ("smoothstep(0.5, 2)", 0.84375),
        ("phi(0)", 0.5),
        ("expit(0)", 0.5),
        ("logit(0.5)", 0.0),
        ("if_else(1 < 2, 5, 6)", 5.0),
        ("if (true == (1 > 2)) 1 else 2", 2.0),
        ("sum([1, 2, 3]) + prod([2, 3, 4])", 30.0),
        ("interp(0.5, [0, 1, 3], [1, 2, 6])", 1.5),
        ("interp(2, [0, 1, 3], [1, 2, 6])", 4.0),
        ("interp(-1, [0, 1, 3], [1, 2, 6])", 1.0),
        ("interp(9, [0, 1, 3], [1, 2, 6])", 6.0),
        ("interp(1, [0, 1, 3], [1, 2, 6])", 2.0),
        ("-2^2", -4.0),
        ("2^3^2", 512.0),
        ("2 ** -1", 0.5),
        ("1 / 2", 0.5),
        ("pow(2, 10)", 1024.0),
        ("hypot(3, 4)", 5.0),
        ("length([1, 2])", 2.0),
        ("inf", f64::INFINITY),
        ("pi - 3.141592653589793", 0.0),
        ("log(1) + ln(1) + log10(100) + log2(8)", 5.0),
    ];
    for (text, expected) in cases {
        let source = format!("const c = {text}\nstates = x\nddt(x) = c\nout(y) = x\n");
        let module = module(&source);
        let (_, state) = module.states.iter().next().unwrap();
        assert_eq!(number(&module, state.derivative), expected, "{text}");
    }
}

#[test]
fn every_value_knows_its_place_in_the_text() {
    let source = "params = k\nstates = x\nddt(x) = -k * x\nout(y) = x / k\n";
    let module = module(source);
    let (_, output) = module.outputs.iter().next().unwrap();
    let span = module.spans[output.value.index()];
    assert_eq!(&source[span.start as usize..span.end as usize], "x / k");
    assert_eq!(module.spans.len(), module.expressions.len());
}

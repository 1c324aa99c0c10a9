//! What blocks of events do.

use pmc_ir::{Event, Handle, Module, Trigger};

use super::{codes, module, write};

const HEAD: &str = "
params = a, b
states = x, y, z[2]
var v = a, w[2] = [1, 2]
bolus(po) -> x
infusion(iv) -> y
twice = 2 * x
ddt(x) = -a * x * v
ddt(y) = a * x - b * y
for i in 0..2 { ddt(z[i]) = w[i] }
out(o) = x
";

/// Writes an event, the values in full.
fn effects(module: &Module, event: &Event) -> Vec<String> {
    let mut lines = Vec::new();
    for (state, value) in &event.states {
        lines.push(format!("{} = {}", module.states[*state].name, write(module, *value)));
    }
    for (variable, value) in &event.variables {
        lines.push(format!("{} = {}", module.variables[*variable].name, write(module, *value)));
    }
    for dose in &event.doses {
        let label = &module.routes[dose.route].label;
        let duration =
            dose.duration.map_or(String::new(), |duration| format!(" over {}", write(module, duration)));
        let condition =
            dose.condition.map_or(String::new(), |condition| format!(" if {}", write(module, condition)));
        lines.push(format!("{label} {}{duration}{condition}", write(module, dose.amount)));
    }
    lines.extend(event.stop.map(|stop| format!("stop if {}", write(module, stop))));
    lines
}

/// Returns what a block in the model above does.
fn block(body: &str) -> Vec<String> {
    let module = module(&format!("{HEAD}at 1 {{\n{body}\n}}\n"));
    effects(&module, &module.events[Handle::from_index(0)])
}

fn assert_same(first: &str, second: &str) {
    assert_eq!(block(first), block(second), "\n{first}\n---\n{second}");
}

#[test]
fn a_block_is_a_program_of_which_the_result_holds_at_once() {
    assert_same("x = a\ny = x + b", "y = a + b\nx = a");
    assert_same("x += a\nx += b", "x = x + a + b");
    assert_same("let keep = x\nx = y\ny = keep", "let other = y\ny = x\nx = other");
    assert_same("v = 3\nw[0] = v", "w[0] = 3\nv = 3");
    assert_same("for i in 0..2 { z[i] = i }", "z[0] = 0\nz[1] = 1");
    assert_same("z[0] = 7\nx = sum(z)", "z[0] = 7\nx = 7 + z[1]");
}

#[test]
fn derived_values_in_a_block_are_those_before_it() {
    assert_eq!(block("x = 1\ny = twice")[1..], block("y = twice"));
    assert_eq!(block("y = twice"), block("y = 2 * x"));
    assert_eq!(block("x = 1\ny = 2 * x")[1], "y = Constant(2.0)");
}

#[test]
fn a_block_reads_the_last_value_of_a_derived_value() {
    let text = "params = a\nstates = x\nc = a\nat 1 { x = c }\nc = 2 * a\nddt(x) = 0\nout(o) = x\n";
    let module = module(text);
    let lines = effects(&module, &module.events[Handle::from_index(0)]);
    assert!(lines[0].starts_with("x = Multiply("), "{lines:?}");
}

#[test]
fn what_a_block_leaves_as_it_was_is_no_effect() {
    assert_eq!(block("x = x\nlet c = 2"), [""; 0]);
    assert_eq!(block("let keep = x\nx = 3\nx = keep"), [""; 0]);
}

#[test]
fn branches_choose_values() {
    assert_same("if (x > a) { y = 1 }", "y = if (x > a) 1 else y");
    assert_same(
        "if (x > a) { y = 1 } else { y = 2; v = 3 }",
        "y = if (x > a) 1 else 2\nv = if (x > a) v else 3",
    );
    assert_same("x = b\nif (x > a) { y = 1 }", "x = b\ny = if (b > a) 1 else y");
}

#[test]
fn doses_and_stops_keep_the_conditions_around_them() {
    assert_eq!(block("give(po, 10)"), ["po Constant(10.0)"]);
    assert_eq!(block("give(iv, 10, 2)"), ["iv Constant(10.0) over Constant(2.0)"]);
    assert_eq!(block("x = 3\ngive(po, x)")[1], "po Constant(3.0)");
    let lines =
        block("if (x > a) { give(po, 1); if (y > b) { stop() } else { give(po, 2) } } else { stop() }");
    let (first, second) = (condition("x > a"), condition("y > b"));
    assert_eq!(lines[0], format!("po Constant(1.0) if {first}"));
    assert_eq!(lines[1], format!("po Constant(2.0) if And({first}, Not({second}))"));
    assert_eq!(lines[2], format!("stop if Or(And({first}, {second}), Not({first}))"));
    assert_eq!(block("stop()"), ["stop if Boolean(true)"]);
    assert_eq!(block("if (a > b) { stop() }\nstop()").len(), 1);
}

fn condition(text: &str) -> String {
    let lines = block(&format!("if ({text}) {{ stop() }}"));
    lines[0].trim_start_matches("stop if ").to_owned()
}

#[test]
fn a_branch_whose_condition_is_known_is_the_only_one() {
    assert_same("if (1 > 2) { x = 1; give(po, 1) } else { x = 2 }", "x = 2");
    assert_same("for i in 0..3 { if (i == 1) { give(po, i) } }", "give(po, 1)");
}

#[test]
fn events_keep_their_order_and_their_triggers() {
    let module = module(&format!(
        "{HEAD}every 7 from 2 {{ x = 0 }}\nat t = 5 {{ x = 1 }}\nwhen (x > a) {{ x = 2 }}\nevery 24 {{ x = 3 }}\n"
    ));
    let show = |value| write(&module, value);
    let triggers: Vec<String> = module
        .events
        .iter()
        .map(|(_, event)| match event.trigger {
            Trigger::At(time) => format!("at {}", show(time)),
            Trigger::Every { start, interval } => format!("every {} from {}", show(interval), show(start)),
            Trigger::When(condition) => format!("when {}", show(condition)),
        })
        .collect();
    let expected = [
        "every Constant(7.0) from Constant(2.0)".to_owned(),
        "at Constant(5.0)".to_owned(),
        format!("when {}", condition("x > a")),
        "every Constant(24.0) from Constant(0.0)".to_owned(),
    ];
    assert_eq!(triggers, expected);
}

#[test]
fn variables_start_with_values_of_their_own() {
    let module = module(HEAD);
    let names: Vec<&str> = module.variables.iter().map(|(_, variable)| variable.name.as_str()).collect();
    assert_eq!(names, ["v", "w[0]", "w[1]"]);
    let values: Vec<String> =
        module.variables.iter().map(|(_, variable)| write(&module, variable.initial)).collect();
    assert_eq!(values[1..], ["Constant(1.0)", "Constant(2.0)"]);
}

#[test]
fn a_first_value_may_read_derived_values() {
    let text = "params = a\nstates = x\nvar v = half\nhalf = a / 2\nddt(x) = v\nout(o) = x\n";
    let module = module(text);
    assert!(write(&module, module.variables[Handle::from_index(0)].initial).starts_with("Divide("));
}

#[test]
fn a_state_opened_by_an_option_takes_doses_of_events() {
    let text = "option doses = any\nparams = a\nstates = x, y\nbolus(po) -> x\nddt(x) = 0\nddt(y) = 0\nout(o) = x\nat 1 { give(y, 1); give(y, 1, 2); give(po, 3) }\n";
    let module = module(text);
    let event = &module.events[Handle::from_index(0)];
    let labels: Vec<&str> = event.doses.iter().map(|dose| module.routes[dose.route].label.as_str()).collect();
    assert_eq!(labels, ["y", "y", "po"]);
}

#[test]
fn an_equality_of_variables_is_worth_waiting_for() {
    assert_eq!(codes(&format!("{HEAD}when (v == 2) {{ x = 1 }}\n")), [0; 0]);
    assert_eq!(codes(&format!("{HEAD}when (x == 2) {{ x = 1 }}\n")), [1106]);
    assert_eq!(codes(&format!("{HEAD}when (t == 2) {{ x = 1 }}\n")), [1106]);
}

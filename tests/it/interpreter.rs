//! What interpretation refuses, and where it ends.

use pmc_host::{Configuration, Limits};
use pmc_tests::line::{Regimen, read};

#[test]
fn a_budget_of_instructions_ends_what_takes_too_long() {
    let source = "name = slow\nstate x, y\ninit(x) = 1\nddt(x) = y / (1 + x * x)\nddt(y) = -1000 * x\nout(z) = x\noption solver = explicit";
    let options = pmc::CompileOptions::default();
    let program = pmc::compile_to_program(source, &options).expect("a sound model").0.program;
    let limits = Limits { fuel_per_call: 10_000, ..Limits::generous() };
    let schedule = Regimen::new().observed([0.0, 1000.0]);
    let run = |limits: &Limits| {
        let configuration = Configuration { maximum_steps: Some(u64::MAX >> 12), ..Configuration::default() };
        let mut model = pmc_host::interpret(&program, limits)
            .expect("a small model")
            .model(&configuration)
            .expect("a model");
        model.simulate(&schedule).map(|values| values.len())
    };
    assert_eq!(run(&Limits::generous()), Ok(2));
    assert_eq!(run(&limits).expect_err("too many steps").code.to_string(), "PK2009");
}

/// Returns what a step of a model takes.
fn effort(source: &str) -> u64 {
    let options = pmc::CompileOptions::default();
    let program = pmc::compile_to_program(source, &options).expect("a sound model").0.program;
    pmc_interpreter::effort(&program).instructions
}

#[test]
fn a_step_costs_what_its_runs_and_its_elimination_do() {
    let run = |length: usize| {
        let source = format!(
            "name = s\nconst n = {length}\nstate y[n]\nfor i in 0..n {{ ddt(y[i]) = -y[i] }}\n\
             out(z) = y[0]\noption solver = explicit"
        );
        effort(&source)
    };
    // Runs over arrays are one instruction but cost what is in them.
    assert!(run(100) * 10 < run(1_600), "{} and {}", run(100), run(1_600));
    let dense = |length: usize| {
        let source = format!(
            "name = d\nconst n = {length}\nstate x[n]\nfor i in 0..n {{ ddt(x[i]) = x[i] * x[i] - sum(x) }}\nout(y) = x[0]"
        );
        effort(&source)
    };
    // The whole of a matrix is eliminated in time that grows with the third power.
    assert!(dense(100) * 5 < dense(200), "{} and {}", dense(100), dense(200));
}

#[test]
fn routes_that_share_a_long_computation_are_refused_before_they_fill_the_memory() {
    let routes = (0..1_000).map(|route| format!("bolus(r{route}) -> x\nlag(r{route}) = y + {route}"));
    let source = format!(
        "name = shared\nstate x\nlet y = t\nfor i in 0..8000 {{ y = 1 + y * y / (i + 1) }}\n{}\nddt(x) = -x\nout(z) = x",
        routes.collect::<Vec<_>>().join("\n")
    );
    let options = pmc::CompileOptions::default();
    let program = pmc::compile_to_program(&source, &options).expect("a sound model").0.program;
    let Err(error) = pmc_host::interpret(&program, &Limits::generous()) else { panic!("it is made ready") };
    let codes: Vec<String> = error.diagnostics.iter().map(|found| found.code.to_string()).collect();
    assert_eq!(codes, ["PK0702"]);
}

#[test]
fn however_many_subjects_run_at_once_each_has_what_it_has_alone() {
    let program =
        pmc_tests::line::interpreted("name = m\nstate x\nbolus(b) -> x\nddt(x) = -x / (1 + x)\nout(z) = x");
    let mut model = program.model(&Configuration::default()).expect("a model");
    // More than there are places for, in three parts of which the last is not full.
    let schedules: Vec<_> = (0..150_u32)
        .map(|number| {
            Regimen::new()
                .dose(0.0, 0, 1.0 + f64::from(number), 0.0)
                .observed([1.0, 2.0 + f64::from(number % 7)])
        })
        .collect();
    let together = model.simulate_many(&schedules);
    assert_eq!(together.len(), schedules.len());
    for (schedule, together) in schedules.iter().zip(together) {
        let alone = model.simulate(schedule).expect("values");
        assert_eq!(together.expect("values").values, alone);
    }
}

#[test]
fn documents_that_cannot_run_are_refused_with_a_code() {
    let document = |kind| {
        let source = read("examples/tmdd/tmdd.pk");
        pmc::emit(&source, kind, &pmc::CompileOptions::default()).expect("the example compiles").bytes
    };
    let refused = |bytes: &[u8], limits: &Limits| match pmc_host::load_from_ir(bytes, limits) {
        Ok(_) => "loaded".to_owned(),
        Err(error) => {
            error.diagnostics.iter().map(|found| found.code.to_string()).collect::<Vec<_>>().join(" ")
        }
    };
    let generous = Limits::generous();
    let json = document(pmc::EmitKind::IrJson);
    for bytes in [&json, &document(pmc::EmitKind::IrCbor)] {
        assert_eq!(refused(bytes, &generous), "loaded");
        assert_eq!(refused(&bytes[..bytes.len() / 2], &generous), "PK3103");
    }
    let edited = |from: &str, to: &str| {
        let text = String::from_utf8(json.clone()).expect("JSON is text");
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    assert_eq!(refused(&json, &Limits { document_bytes: 100, ..generous.clone() }), "PK3102");
    assert_eq!(refused(b"\0asm", &generous), "PK3101");
    assert_eq!(refused(&edited("\"major\": 1", "\"major\": 2"), &generous), "PK3104");
    assert_eq!(refused(&edited("\"derived\"", "\"left_out\""), &generous), "PK3109");
}

#[test]
fn functions_beside_one_another_are_each_called() {
    let names =
        ["sin", "cos", "tan", "asin", "acos", "atan", "exp", "expm1", "log", "log1p", "log2", "log10"];
    let outputs: Vec<String> = names.iter().map(|name| format!("out(of_{name}) = {name}(x * a)")).collect();
    let source =
        format!("name = row\nparam x = 0.3\nstate a\ninit(a) = 1\nddt(a) = 0\n{}", outputs.join("\n"));
    let options = pmc::CompileOptions::default();
    let program = pmc::compile_to_program(&source, &options).expect("a sound model").0.program;
    let model = pmc_host::interpret(&program, &Limits::generous()).expect("a small model");
    let model = model.model(&Configuration::default());
    let found = model.expect("a model").simulate(&Regimen::new().observed([1.0])).expect("values");
    // Values of the C library.
    let expected = [
        0.29552020666133955,
        0.955336489125606,
        0.30933624960962325,
        0.3046926540153975,
        1.2661036727794992,
        0.2914567944778671,
        1.3498588075760032,
        0.3498588075760031,
        -1.2039728043259361,
        0.26236426446749106,
        -1.7369655941662063,
        -0.5228787452803376,
    ];
    for ((name, found), expected) in names.iter().zip(found).zip(expected) {
        assert!((found - expected).abs() < 1e-15 * (1.0 + expected.abs()), "{name}: {found}, not {expected}");
    }
}

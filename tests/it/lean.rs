//! The lean build gives the bits of the host's interpreter, refuses what is no program, and holds no compiler.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use pmc::{CompileOptions, EmitKind, emit};
use pmc_host::{Configuration, Inputs};
use pmc_tests::examples::{self, Example};
use pmc_tests::line::{interpreted, project, read};
use pmc_tests::recorder::{Recorded, record};
use pmc_tests::same_bits::bits;
use pmc_tests::scratch::Scratch;
use serde_json::{Value, json};

/// Makes a command that runs cargo in the project.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(project(""));
    command
}

/// Builds the module, once a run, and returns where it is.
fn module() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let output = cargo(&["run", "--quiet", "--package", "xtask", "--", "lean"]).output();
        let output = output.expect("cargo can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        project("target/lean/pmc-lean.wasm")
    };
    BUILT.get_or_init(build).clone()
}

/// Runs jobs under Node and returns what each failed with.
fn run(scratch: &Scratch, jobs: &[Value]) -> Vec<Value> {
    let result = Command::new("node")
        .arg(project("tests/node/lean.mjs"))
        .arg(module())
        .arg(scratch.write("jobs.json", json!(jobs).to_string().as_bytes()))
        .output()
        .expect("Node is there: `cargo xtask setup` installs it");
    assert!(result.status.success(), "{}", String::from_utf8_lossy(&result.stderr));
    serde_json::from_slice(&result.stdout).expect("the script prints JSON")
}

/// Returns the document of a model.
fn document(source: &str, kind: EmitKind) -> Vec<u8> {
    emit(source, kind, &CompileOptions::default()).expect("the model is sound").bytes
}

#[test]
fn examples_have_the_same_bits_in_the_lean_build() {
    let scratch = Scratch::new("lean");
    let mut jobs = Vec::new();
    let mut expected = Vec::new();
    for Example { name: folder, source, data } in examples::all() {
        let runs = record(&interpreted(&source), &Configuration::default(), &data);
        assert!(!runs.is_empty(), "{folder}");
        let write = |(number, (schedule, _)): (usize, &Recorded)| {
            scratch.write(&format!("{folder}-{number}.bin"), &schedule.to_bytes())
        };
        let schedules: Vec<PathBuf> = runs.iter().enumerate().map(write).collect();
        let values: Vec<f64> =
            runs.into_iter().flat_map(|(_, result)| result.expect("the example runs")).collect();
        for (kind, ending) in [(EmitKind::IrJson, "json"), (EmitKind::IrCbor, "cbor")] {
            let name = format!("{folder}.{ending}");
            let outputs = scratch.path(&format!("{name}.out"));
            jobs.push(json!({
                "document": scratch.write(&name, &document(&source, kind)),
                "configuration": {},
                "schedules": schedules,
                "outputs": outputs,
            }));
            expected.push((name, outputs, values.clone()));
        }
    }
    for (failure, (name, outputs, expected)) in run(&scratch, &jobs).into_iter().zip(expected) {
        assert_eq!(failure, Value::Null, "{name}");
        assert_eq!(bits(&numbers(&outputs)), bits(&expected), "{name}");
    }
}

/// Returns numbers from a file.
fn numbers(path: &Path) -> Vec<f64> {
    let bytes = std::fs::read(path).expect("the script has written its outputs");
    bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
}

#[test]
fn functions_have_the_same_bits_in_the_lean_build() {
    let scratch = Scratch::new("lean-functions");
    let source = read("examples/theophylline/theophylline.pk");
    let (time, state, inputs) = (1.5, [200.0, 70.0], [3.0, 81.5]);
    let outputs = scratch.path("outputs.bin");
    let job = json!({
        "document": scratch.write("model.json", &document(&source, EmitKind::IrJson)),
        "configuration": {},
        "schedules": [],
        "outputs": outputs,
        "evaluate": { "time": time, "state": state, "inputs": inputs },
    });
    assert_eq!(run(&scratch, &[job]), [Value::Null]);
    let mut model = interpreted(&source).model(&Configuration::default()).expect("the defaults are complete");
    let held = Inputs { rates: &inputs[..1], covariates: &inputs[1..] };
    let mut expected = [0.0; 11];
    model.initial(time, &held, &mut expected[..2]).expect("there are initial values");
    model.derivatives(time, &state, &held, &mut expected[2..4]).expect("there are derivatives");
    let (matrix, rest) = expected[4..].split_at_mut(4);
    model.jacobian(time, &state, &held, matrix, &mut rest[..2]).expect("there is a matrix");
    model.outputs(time, &state, &held, &mut rest[2..]).expect("there is an output");
    let properties = [0.0, 1.0, f64::NAN, f64::NAN];
    assert_eq!(bits(&numbers(&outputs)), bits(&[&expected[..], &properties].concat()));
}

/// A model of one state.
const DECAY: &str = "name = decay\nparam k = 0.1\nstate a\nbolus(iv) -> a\nddt(a) = -k * a\nout(y) = a\n";

/// Returns documents that are none, each with a part of what is to be said of it.
fn bad_documents() -> Vec<(Vec<u8>, &'static str)> {
    let json = document(DECAY, EmitKind::IrJson);
    let cbor = document(DECAY, EmitKind::IrCbor);
    let text = String::from_utf8(json.clone()).expect("JSON is text");
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&json).expect("a document is JSON");
        change(&mut value);
        value.to_string().into_bytes()
    };
    vec![
        (json[..json.len() / 2].to_vec(), "EOF while parsing"),
        (cbor[..cbor.len() / 2].to_vec(), "the bytes end within an item"),
        (Vec::new(), "neither like JSON nor like CBOR"),
        (b"name = decay".to_vec(), "neither like JSON nor like CBOR"),
        (changed(&|value| value["version"]["major"] = json!(2)), "version 2 of the format, known is 1"),
        (changed(&|value| value["features"] = json!(["lanes"])), "needs the feature \"lanes\""),
        (changed(&|value| value["format"] = json!("other")), "its format is \"other\""),
        (
            changed(&|value| {
                value.as_object_mut().expect("an object").remove("derived");
            }),
            "`derived`: it is missing",
        ),
        (
            changed(&|value| value["module"]["expressions"][1] = json!({ "binary": ["add", "x", 0] })),
            "`module.expressions[1].binary[1]`: found the text \"x\", expected a whole number",
        ),
        (changed(&|value| value["module"]["states"][0]["derivative"] = json!(1_000)), "state 0: "),
        (
            changed(&|value| value["module"]["kind"] = json!("odd")),
            "`module.kind`: unknown variant `odd`, expected one of `ode`",
        ),
        (text.replace("\"name\": \"decay\",", "").into_bytes(), "`module`: missing field `name`"),
        (format!("{{\"format\":{}", "[".repeat(100_000)).into_bytes(), "recursion limit exceeded"),
    ]
}

#[test]
fn bad_documents_are_errors_in_the_lean_build() {
    let scratch = Scratch::new("lean-documents");
    let documents = bad_documents();
    let job = |(number, (bytes, _)): (usize, &(Vec<u8>, &str))| json!({ "document": scratch.write(&format!("{number}.bin"), bytes) });
    let jobs: Vec<Value> = documents.iter().enumerate().map(job).collect();
    for (failure, (_, expected)) in run(&scratch, &jobs).into_iter().zip(&documents) {
        let message = failure["message"].as_str().unwrap_or_default();
        assert!(failure["code"] == json!(-100) && message.contains(expected), "{failure}: {expected}");
    }
}

#[test]
fn failures_of_the_lean_build_are_those_of_plugins() {
    let scratch = Scratch::new("lean-failures");
    let source = DECAY.replace("-k * a", "a * a * k");
    let path = scratch.write("growth.json", &document(&source, EmitKind::IrJson));
    let schedule = pmc_tests::line::Regimen::new().dose(0.0, 0, 100.0, 0.0).observed([1.0, 2.0]);
    let schedules = [scratch.write("schedule.bin", &schedule.to_bytes())];
    let broken = [scratch.write("broken.bin", b"PMS1")];
    let job = |configuration: Value, schedules: &[PathBuf]| {
        let outputs = scratch.path("outputs.bin");
        json!({ "document": path, "configuration": configuration, "schedules": schedules, "outputs": outputs })
    };
    let failures = run(
        &scratch,
        &[
            job(json!({ "parameters": { "kk": 1 } }), &schedules),
            job(json!({}), &schedules),
            job(json!({}), &broken),
            job(json!({ "parameters": { "k": 0 } }), &schedules),
        ],
    );
    assert_eq!(
        failures[0],
        json!({ "code": -4, "message": "the model has no such parameter: `kk`", "name": "LeanError" })
    );
    let mut model = interpreted(&source).model(&Configuration::default()).expect("the defaults are complete");
    let here = model.simulate(&schedule).expect_err("the state grows beyond all numbers");
    let (status, time) = (here.status.expect("a failure has one") as i32, here.time.expect("it has a time"));
    assert_eq!((&failures[1]["code"], &failures[1]["state"]), (&json!(status), &json!(0)));
    assert!((failures[1]["time"].as_f64().unwrap_or_default() - time).abs() < 1e-5, "{}", failures[1]);
    assert_eq!(failures[2]["code"], json!(-11));
    assert_eq!(failures[3], Value::Null);
}

#[test]
fn the_lean_build_holds_no_compiler_and_no_engine() {
    let output =
        cargo(&["tree", "--package", "pmc-lean", "--edges", "normal", "--prefix", "none", "--locked"])
            .args(["--target", "wasm32-unknown-unknown", "--format", "{p}"])
            .output()
            .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).expect("names are text");
    let mut ours: Vec<&str> = listing
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| name.starts_with("pmc"))
        .collect();
    ours.sort_unstable();
    ours.dedup();
    assert_eq!(
        ours,
        ["pmc-abi", "pmc-backend", "pmc-interpreter", "pmc-ir", "pmc-kernel", "pmc-lean", "pmc-math"]
    );
    for engine in ["wasm", "wat", "lalrpop", "logos"] {
        let linked = listing.lines().find(|line| line.starts_with(engine));
        assert_eq!(linked, None, "{engine}");
    }
}

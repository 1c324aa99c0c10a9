//! Recorded runs of the command line: what it prints, writes and returns.

mod support;

use core::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::Place;

const DECAY: &str = "\
name = decay
param k : 1/h = 0.5 in 0..5 @log \"elimination\", v : L
cov wt = 70
option time = h
state a : mg
bolus(iv) -> a
ddt(a) = -k * a
out(cp) : mg/L = a / v
";

const WRONG: &str = "name = wrong\nparam k = 1\nstate a\nddt(a) = -kk * a\nout(y) = a + zz\n";

const TWO: &str = "\
model first { kind ode parameters { k = 1 } states { a } dynamics { ddt(a) = -k * a } outputs { y = a } }
model second { kind ode parameters { k = 1 } states { b } dynamics { ddt(b) = -k * b } outputs { z = b } }
";

const DATA: &str = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,4\n1,4,.,1.5\n2,0,50,.\n2,1,.,3\n";

const WRONG_DATA: &str = "ID,TIME,AMT,RATE,DV\n1,0,1O0,.,.\n1,2,.,.,4\n1,1,10,5,.\n";

/// Shows a run; outputs that are no text are shown by their length.
fn record(shown: &mut String, place: &Place, arguments: &str, input: &str) {
    let output = place.run(arguments, input);
    let text = |bytes: &[u8]| match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => "(bytes)\n".to_owned(),
    };
    let code = output.status.code().expect("the program was not killed");
    writeln!(shown, "$ pmc {arguments}\nexit status {code}").expect("a string takes everything");
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            writeln!(shown, "--- {name}\n{}", text(bytes).trim_end()).expect("a string takes everything");
        }
    }
    shown.push('\n');
}

fn check(name: &str, files: &[(&str, &str)], runs: &[(&str, &str)]) {
    let place = Place::new(name, files);
    let mut shown = String::new();
    for (arguments, input) in runs {
        record(&mut shown, &place, arguments, input);
    }
    insta::with_settings!({
        snapshot_path => "../../../snapshots/cli",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, shown) });
}

const FILES: &[(&str, &str)] = &[
    ("decay.pk", DECAY),
    ("wrong.pk", WRONG),
    ("two.pk", TWO),
    ("data.csv", DATA),
    ("wrong.csv", WRONG_DATA),
];

#[test]
fn help_is_readable() {
    check(
        "help",
        &[],
        &[
            ("--help", ""),
            ("compile --help", ""),
            ("check --help", ""),
            ("simulate --help", ""),
            ("inspect --help", ""),
        ],
    );
}

#[test]
fn usage_errors_have_status_2() {
    check(
        "usage",
        FILES,
        &[
            ("", ""),
            ("compil decay.pk", ""),
            ("check", ""),
            ("check nowhere.pk", ""),
            ("compile decay.pk -o nowhere/out.wasm", ""),
            ("compile decay.pk -o decay.pk", ""),
            ("simulate - --data -", ""),
            ("simulate decay.pk --data nowhere.csv --param v=10", ""),
            ("simulate decay.pk --data data.csv --param v", ""),
            ("simulate decay.pk --data data.csv --param v=ten", ""),
            ("simulate decay.pk --data data.csv", ""),
            ("simulate decay.pk --data data.csv --param v=10 --param kk=1", ""),
            ("check nowhere.pk --message-format json", ""),
        ],
    );
}

#[test]
fn findings_have_three_formats_and_status_1() {
    check(
        "check",
        FILES,
        &[
            ("check decay.pk", ""),
            ("check wrong.pk", ""),
            ("check wrong.pk --message-format short", ""),
            ("check wrong.pk --message-format json", ""),
            ("check - --color always", WRONG),
            ("check two.pk decay.pk", ""),
        ],
    );
}

#[test]
fn compile_writes_only_sound_models() {
    let place = Place::new("compile", FILES);
    assert!(place.run("compile decay.pk", "").status.success());
    assert!(place.exists("decay.wasm"));
    assert_eq!(place.run("compile wrong.pk", "").status.code(), Some(1));
    assert!(!place.exists("wrong.wasm"));
    fs::write(place.path.join("old.wasm"), "kept").expect("the file can be written");
    assert_eq!(place.run("compile wrong.pk -o old.wasm", "").status.code(), Some(1));
    assert_eq!(fs::read_to_string(place.path.join("old.wasm")).expect("it is still there"), "kept");
    let piped = place.run("compile -", DECAY);
    assert!(piped.status.success() && piped.stdout.starts_with(b"\0asm"));
    assert_eq!(piped.stdout, fs::read(place.path.join("decay.wasm")).expect("it was written"));
}

#[test]
fn stages_are_shown() {
    check(
        "emit",
        FILES,
        &[
            ("compile two.pk --emit ast --model second", ""),
            ("compile two.pk", ""),
            ("compile two.pk --model third", ""),
        ],
    );
    let place = Place::new("emit-text", FILES);
    let ir = place.run("compile decay.pk --emit ir", "");
    assert!(ir.stdout.starts_with(b"model decay kind ode\n"));
    let wat = place.run("compile decay.pk --emit wat", "");
    assert!(wat.stdout.starts_with(b"(module"));
}

#[test]
fn documents_are_written_read_and_described() {
    let place = Place::new("documents-written", FILES);
    assert!(place.run("compile decay.pk", "").status.success());
    let wasm = fs::read(place.path.join("decay.wasm")).expect("it was written");
    let json = place.run("compile decay.pk --emit ir-json", "").stdout;
    fs::write(place.path.join("other.pkir.json"), &json).expect("the file can be written");
    assert!(place.run("compile decay.pk --emit ir-cbor", "").status.success());
    let cbor = fs::read(place.path.join("decay.pkir.cbor")).expect("it was written");
    assert!(cbor.len() < json.len());
    for (name, module) in [("other.pkir.json", "other.wasm"), ("decay.pkir.cbor", "decay.wasm")] {
        let _ = fs::remove_file(place.path.join(module));
        assert!(place.run(&format!("compile {name}"), "").status.success());
        assert_eq!(fs::read(place.path.join(module)).expect("it was written"), wasm);
        assert!(place.run(&format!("check {name}"), "").status.success());
    }
    assert_eq!(place.run("compile decay.pkir.cbor --emit ir-json", "").stdout, json);
    let output = place.run("inspect decay.pkir.cbor --json", "");
    let described: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(described["manifest"]["parameters"][0]["name"], "k");
    assert_eq!(described["document"]["encoding"], "CBOR");
}

#[test]
fn documents_that_are_wrong_have_status_1() {
    let place = Place::new("documents-text", FILES);
    let json =
        String::from_utf8(place.run("compile decay.pk --emit ir-json", "").stdout).expect("it is text");
    check(
        "documents",
        &[
            ("decay.pkir.json", &json),
            ("newer.pkir.json", &json.replace("\"major\": 1", "\"major\": 2")),
            ("broken.pkir.json", &json.replace("{\"state\": 0}", "{\"state\": 1}")),
            ("odd.pkir.json", &json.replace("{\"state\": 0}", "{\"stat\": 0}")),
        ],
        &[
            ("inspect decay.pkir.json", ""),
            ("check newer.pkir.json", ""),
            ("check broken.pkir.json --message-format short", ""),
            ("compile odd.pkir.json", ""),
            ("compile decay.pkir.json --emit ast", ""),
            ("compile - -o out.wasm", "\0asm"),
        ],
    );
}

#[test]
fn predictions_are_a_table() {
    check(
        "simulate",
        FILES,
        &[
            ("simulate decay.pk --data data.csv --param v=10", ""),
            ("simulate decay.pk --data - --param v=10 --param k=0.1 --all-rows", DATA),
            ("simulate - --data data.csv --param v=10 --message-format short", DECAY),
            ("simulate decay.pk --data data.csv --param v=10 --param k=7", ""),
        ],
    );
}

#[test]
fn runs_that_fail_say_when_and_of_whom() {
    const EXPLOSION: &str = "name = explosion\nstate a\ninit(a) = 1\nddt(a) = a * a\nout(y) = a\n";
    check(
        "failure",
        &[("explosion.pk", EXPLOSION), ("times.csv", "ID,TIME,DV\n1,0,.\n1,0.5,2\n2,0,.\n2,2,9\n")],
        &[("simulate explosion.pk --data times.csv --out out.csv", "")],
    );
}

#[test]
fn steady_states_warn_and_fail_with_a_code() {
    let model = "name = steady\ncov lagt = 30\nstate a, kept\ndose(iv) -> a\ndose(store) -> kept\nlag(iv) = lagt\n\
                 ddt(a) = -0.1 * a\nddt(kept) = 0\nout(o) = a + kept\n";
    let late = "ID,TIME,AMT,CMT,SS,II,DV\n1,0,10,a,1,12,.\n1,1,.,.,.,.,2\n2,0,10,a,1,48,.\n2,1,.,.,.,.,2\n";
    let kept = late.replace(",a,", ",kept,");
    let files = [("steady.pk", model), ("late.csv", late), ("kept.csv", &kept)];
    check(
        "steady_state",
        &files,
        &[
            ("simulate steady.pk --data late.csv", ""),
            ("simulate steady.pk --data late.csv --message-format json", ""),
            ("simulate steady.pk --data kept.csv", ""),
        ],
    );
}

#[test]
fn wrong_data_have_status_1() {
    check(
        "wrong_data",
        FILES,
        &[
            ("simulate decay.pk --data wrong.csv --param v=10 --out out.csv", ""),
            ("simulate decay.pk --data wrong.csv --param v=10 --message-format short", ""),
            ("simulate decay.pk --data wrong.csv --param v=10 --message-format json", ""),
            ("simulate wrong.pk --data data.csv", ""),
        ],
    );
}

#[test]
fn nothing_is_written_when_the_data_are_wrong() {
    let place = Place::new("nothing", FILES);
    let output = place.run("simulate decay.pk --data wrong.csv --param v=10 --out o.csv --plot p.svg", "");
    assert_eq!(output.status.code(), Some(1));
    assert!(!place.exists("o.csv") && !place.exists("p.svg"));
}

#[test]
fn a_module_predicts_what_its_text_does() {
    let place = Place::new("module", FILES);
    assert!(place.run("compile decay.pk", "").status.success());
    let of_text = place.run("simulate decay.pk --data data.csv --param v=10", "");
    let of_module = place.run("simulate decay.wasm --data data.csv --param v=10", "");
    assert!(of_module.status.success());
    assert_eq!(of_text.stdout, of_module.stdout);
}

/// Returns the path of the file of an example with an ending, other than what it gives.
fn example_file(folder: &Path, ending: &str) -> String {
    let entries = fs::read_dir(folder).expect("the folder can be read").filter_map(Result::ok);
    let wanted = |path: &PathBuf| path.extension().is_some_and(|found| found == ending);
    let mut paths =
        entries.map(|entry| entry.path()).filter(wanted).filter(|path| !path.ends_with("expected.csv"));
    paths.next().expect("an example has a model and data").display().to_string()
}

#[test]
fn every_engine_writes_the_same_table() {
    let place = Place::new("engines", &[]);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let folders = fs::read_dir(examples).expect("there are examples").filter_map(Result::ok);
    for folder in folders.map(|entry| entry.path()) {
        let (model, data) = (example_file(&folder, "pk"), example_file(&folder, "csv"));
        let table =
            |engine: &str| place.run(&format!("simulate {model} --data {data} --engine {engine}"), "");
        let expected = table("auto");
        assert!(expected.status.success() && !expected.stdout.is_empty(), "{model}");
        let modules = pmc_host::Engine::ALL.iter().map(|engine| engine.name());
        for engine in modules.chain(["interpreter"]) {
            assert_eq!(table(engine), expected, "{model} in {engine}");
        }
    }
}

#[test]
fn a_document_predicts_what_its_text_does() {
    let place = Place::new("document-run", FILES);
    let of_text = place.run("simulate decay.pk --data data.csv --param v=10", "");
    assert!(of_text.status.success() && !of_text.stdout.is_empty());
    for (kind, file) in [("ir-json", "decay.pkir.json"), ("ir-cbor", "decay.pkir.cbor")] {
        assert!(place.run(&format!("compile decay.pk --emit {kind} -o {file}"), "").status.success());
        for engine in ["auto", "interpreter", "wasmi"] {
            let run = format!("simulate {file} --data data.csv --param v=10 --engine {engine}");
            let output = place.run(&run, "");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(output.stdout, of_text.stdout, "{run}");
        }
    }
}

#[test]
fn the_interpreter_runs_no_modules() {
    let place = Place::new("interpreted-module", FILES);
    assert!(place.run("compile decay.pk", "").status.success());
    let output = place.run("simulate decay.wasm --data data.csv --param v=10 --engine interpreter", "");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let message = "error: `decay.wasm` is a module, which the interpreter does not run; \
                   choose another engine, or name the model's text or document\n";
    assert_eq!(str::from_utf8(&output.stderr), Ok(message));
}

#[test]
fn a_name_chooses_among_the_models_of_what_is_named() {
    let place = Place::new("chosen", FILES);
    assert!(place.run("compile decay.pk", "").status.success());
    assert!(place.run("compile decay.pk --emit ir-cbor", "").status.success());
    for (file, holder) in [("decay.pk", "text"), ("decay.pkir.cbor", "document"), ("decay.wasm", "module")] {
        let run = |name: &str| {
            let options = format!("--data data.csv --param v=10 --message-format short --model {name}");
            place.run(&format!("simulate {file} {options}"), "")
        };
        assert!(run("decay").status.success(), "{file}");
        let output = run("dacey");
        assert_eq!(output.status.code(), Some(1), "{file}");
        let message = format!("{file}: error[PK0803]: the {holder} holds no model `dacey`\n");
        assert_eq!(str::from_utf8(&output.stderr), Ok(&*message));
        assert_eq!(place.run(&format!("inspect {file} --model dacey"), "").status.code(), Some(1), "{file}");
    }
}

#[test]
fn an_engine_that_is_not_built_in_is_named() {
    let place = Place::new("no-engine", FILES);
    let output = place.run("simulate decay.pk --data data.csv --param v=10 --engine wasmtime", "");
    if pmc_host::Engine::of_name("wasmtime").is_some() {
        assert_eq!(output.status.code(), Some(0));
        return;
    }
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let message = "error: this build of pmc has no engine wasmtime; build with --features wasmtime\n";
    assert_eq!(str::from_utf8(&output.stderr), Ok(message));
}

#[test]
fn a_picture_is_drawn_beside_the_table() {
    let place = Place::new("picture", FILES);
    let output = place.run("simulate decay.pk --data data.csv --param v=10 --out o.csv --plot p.svg", "");
    assert!(output.status.success() && output.stdout.is_empty());
    let svg = fs::read_to_string(place.path.join("p.svg")).expect("it was written");
    assert!(svg.contains("Subject 1\n") && svg.contains("Subject 2\n") && svg.contains("cp [mg/L]"));
    assert!(place.exists("o.csv"));
}

#[test]
fn modules_are_described() {
    let place = Place::new("inspect", FILES);
    assert!(place.run("compile decay.pk", "").status.success());
    let mut shown = String::new();
    record(&mut shown, &place, "inspect decay.wasm", "");
    // Sizes change with every change of the kernel.
    let stable = shown.split("\nsections, bytes").next().expect("a text has a first part");
    insta::with_settings!({
        snapshot_path => "../../../snapshots/cli",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!("inspect", stable) });
    assert!(shown.contains("\n  code ") && shown.contains("\n  total "), "{shown}");
    let output = place.run("inspect decay.wasm --json", "");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(json["manifest"]["parameters"][0]["name"], "k");
    assert_eq!(json["imports"], serde_json::json!([]));
}

#[test]
fn a_module_that_breaks_the_contract_is_refused() {
    let place = Place::new("refused", &[]);
    fs::write(place.path.join("empty.wasm"), b"\0asm\x01\0\0\0").expect("the file can be written");
    let mut shown = String::new();
    record(&mut shown, &place, "inspect empty.wasm --message-format short", "");
    insta::with_settings!({
        snapshot_path => "../../../snapshots/cli",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!("refused", shown) });
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new("pipe", FILES);
    let mut child = Command::new(env!("CARGO_BIN_EXE_pmc"))
        .args(["compile", "decay.pk", "--emit", "wat"])
        .current_dir(&place.path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn stochastic_models_have_options_of_their_own() {
    let noise =
        "name = noise\nstate a\ninit(a) = 4\nparticles = 8\nddt(a) = 0 * a\nnoise(a) = 1\nout(y) = a\n";
    check(
        "stochastic",
        &[("noise.pk", noise), ("decay.pk", DECAY), ("times.csv", "ID,TIME,DV\n1,0,.\n1,1,4\n2,1,4\n")],
        &[
            ("simulate noise.pk --data times.csv", ""),
            ("simulate noise.pk --data times.csv --particles 3 --seed 5 --quantiles 0,0.025,0.5,1", ""),
            ("simulate decay.pk --data times.csv --param v=10 --seed 1", ""),
            ("simulate decay.pk --data times.csv --param v=10 --particles 2 --quantiles 0.5", ""),
            ("simulate noise.pk --data times.csv --particles 0", ""),
            ("simulate noise.pk --data times.csv --quantiles 0.5,1.5", ""),
            ("simulate noise.pk --data times.csv --quantiles 0.5,0.05,0.50", ""),
        ],
    );
}

#[test]
fn tolerances_that_mean_nothing_are_refused() {
    let model = "name = a\nstate a\nddt(a) = 0\nout(o) = a\n";
    let place = Place::new("tolerances", &[("a.pk", model), ("d.csv", "ID,TIME\n1,0\n")]);
    for option in ["--rtol 0", "--rtol -1", "--rtol 10", "--atol 0", "--atol inf", "--rtol x"] {
        let output = place.run(&format!("simulate a.pk --data d.csv {option}"), "");
        assert_eq!(output.status.code(), Some(2), "{option}");
    }
}

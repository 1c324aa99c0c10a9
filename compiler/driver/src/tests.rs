//! The whole line, on small models.

use pmc_diagnostics::Diagnostics;
use pmc_ir::wire::Limits;

use crate::emit::readable;
use crate::{CompileOptions, EmitKind, InputKind, check, check_ir, compile, compile_ir, emit, emit_ir};

const DECAY: &str = "\
name = decay
param k = 0.5
state a
bolus(iv) -> a
ddt(a) = -k * a
out(y) = a
";

const TWO: &str = "\
model first {
  kind ode
  parameters { k = 1 }
  states { a }
  dynamics { ddt(a) = -k * a }
  outputs { y = a }
}
model second {
  kind ode
  parameters { k = 1 }
  states { b }
  dynamics { ddt(b) = -k * b }
  outputs { z = b }
}
";

const UNDECLARED: &str = "name = wrong\nstate a\nddt(a) = -kk * a\nout(y) = a + zz\n";

fn codes(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(|finding| finding.code.to_string()).collect()
}

fn of_model(name: &str) -> CompileOptions {
    CompileOptions { model: Some(name.to_owned()), ..CompileOptions::default() }
}

#[test]
fn a_model_becomes_a_module() {
    let compiled = compile(DECAY, &CompileOptions::default()).unwrap();
    assert!(compiled.wasm.starts_with(b"\0asm"));
    assert_eq!(compiled.manifest.name, "decay");
    assert!(!compiled.diagnostics.has_errors());
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    let bytes = || compile(DECAY, &CompileOptions::default()).unwrap().wasm;
    assert_eq!(bytes(), bytes());
}

#[test]
fn every_stage_can_be_shown() {
    let shown = |kind| emit(DECAY, kind, &CompileOptions::default()).unwrap().bytes;
    assert!(shown(EmitKind::Wasm).starts_with(b"\0asm"));
    assert!(shown(EmitKind::Wat).starts_with(b"(module"));
    for kind in [EmitKind::Ast, EmitKind::Ir] {
        let text = String::from_utf8(shown(kind)).unwrap();
        assert!(text.contains("decay") && text.ends_with('\n'), "{kind:?}: {text}");
    }
}

#[test]
fn all_mistakes_are_found_at_once() {
    assert_eq!(codes(&check(UNDECLARED).diagnostics), ["PK0101", "PK0101"]);
    assert_eq!(codes(&compile(UNDECLARED, &CompileOptions::default()).unwrap_err()), ["PK0101", "PK0101"]);
}

#[test]
fn of_several_models_one_must_be_chosen() {
    let error = compile(TWO, &CompileOptions::default()).unwrap_err();
    assert_eq!(codes(&error), ["PK0802"]);
    assert_eq!(
        error.iter().next().unwrap().help.as_deref(),
        Some("choose one of `first`, `second` with `--model`")
    );
    let compiled = compile(TWO, &of_model("second")).unwrap();
    assert_eq!(compiled.manifest.outputs[0].name, "z");
}

#[test]
fn all_models_of_a_text_are_checked() {
    let checked = check(&TWO.replace("-k * b", "-q * b").replace("-k * a", "-q * a"));
    assert_eq!(checked.models, ["first", "second"]);
    assert_eq!(codes(&checked.diagnostics), ["PK0101", "PK0101"]);
}

#[test]
fn an_unknown_model_is_an_error_with_the_nearest_name() {
    let error = compile(TWO, &of_model("secnd")).unwrap_err();
    assert_eq!(codes(&error), ["PK0803"]);
    assert_eq!(error.iter().next().unwrap().help.as_deref(), Some("a name like it is `second`"));
    let error = emit(DECAY, EmitKind::Ast, &of_model("other")).unwrap_err();
    assert_eq!(codes(&error), ["PK0803"]);
}

#[test]
fn a_text_without_a_model_is_an_error() {
    assert!(check("").diagnostics.has_errors());
    assert!(compile("", &CompileOptions::default()).is_err());
    assert!(compile("# nothing\n", &CompileOptions::default()).is_err());
}

#[test]
fn what_bytes_are_is_told_by_how_they_start() {
    let shown = |kind| emit(DECAY, kind, &CompileOptions::default()).unwrap().bytes;
    assert_eq!(InputKind::of(DECAY.as_bytes()), InputKind::Text);
    assert_eq!(InputKind::of(b""), InputKind::Text);
    assert_eq!(InputKind::of(&shown(EmitKind::Wasm)), InputKind::Module);
    assert_eq!(InputKind::of(&shown(EmitKind::IrJson)), InputKind::Document);
    assert_eq!(InputKind::of(&shown(EmitKind::IrCbor)), InputKind::Document);
    assert_eq!(InputKind::of(b" \n{}"), InputKind::Document);
}

#[test]
fn marks_in_front_of_documents_are_passed_over() {
    let options = CompileOptions::default();
    for (kind, mark) in [(EmitKind::IrJson, &b"\xef\xbb\xbf"[..]), (EmitKind::IrCbor, b"\xd9\xd9\xf7")] {
        let document = emit(DECAY, kind, &options).unwrap().bytes;
        let marked = [mark, &document].concat();
        assert_eq!(InputKind::of(&marked), InputKind::Document);
        assert_eq!(compile_ir(&marked, &options), compile_ir(&document, &options));
        assert_eq!(check_ir(&marked).models, ["decay"]);
        assert_eq!(InputKind::of(&[mark, DECAY.as_bytes()].concat()), InputKind::Text);
    }
    assert!(compile(&format!("\u{feff}{DECAY}"), &options).is_ok());
}

#[test]
fn a_document_compiles_to_the_module_of_its_text() {
    let options = CompileOptions::default();
    let wasm = compile(DECAY, &options).unwrap().wasm;
    for kind in [EmitKind::IrJson, EmitKind::IrCbor] {
        let document = emit(DECAY, kind, &options).unwrap().bytes;
        assert_eq!(compile_ir(&document, &options).unwrap().wasm, wasm);
        assert_eq!(emit_ir(&document, EmitKind::Wasm, &options).unwrap().bytes, wasm);
        assert_eq!(emit_ir(&document, kind, &options).unwrap().bytes, document);
        assert_eq!(check_ir(&document).models, ["decay"]);
    }
}

#[test]
fn what_a_document_does_not_hold_is_an_error() {
    let options = CompileOptions::default();
    let document = emit(DECAY, EmitKind::IrJson, &options).unwrap().bytes;
    assert_eq!(codes(&emit_ir(&document, EmitKind::Ast, &options).unwrap_err()), ["PK3108"]);
    assert_eq!(codes(&compile_ir(&document, &of_model("other")).unwrap_err()), ["PK0803"]);
    assert!(compile_ir(&document, &of_model("decay")).is_ok());
}

#[test]
fn a_document_that_is_refused_says_why() {
    let document = emit(DECAY, EmitKind::IrJson, &CompileOptions::default()).unwrap().bytes;
    let document = String::from_utf8(document).unwrap();
    let cases = [
        ("pmc-ir", "other", "PK3101"),
        ("\"major\": 1", "\"major\": 2", "PK3104"),
        ("\"features\": []", "\"features\": [\"magic\"]", "PK3105"),
        ("\"kind\": \"ode\"", "\"kind\": \"odd\"", "PK3103"),
        ("{\"parameter\": 0}", "{\"parameter\": 9}", "PK3107"),
        ("\"outputs\"", "\"variables\": [{\"name\": \"v\", \"initial\": 0}], \"outputs\"", "PK3106"),
        ("\n}\n", "\n", "PK3103"),
    ];
    for (found, replacement, code) in cases {
        assert!(document.contains(found), "{found}: {document}");
        let broken = document.replace(found, replacement);
        assert_eq!(codes(&check_ir(broken.as_bytes()).diagnostics), [code], "{found}");
    }
}

#[test]
fn a_document_that_could_not_be_read_back_is_not_written() {
    let bytes = emit(DECAY, EmitKind::IrJson, &CompileOptions::default()).unwrap().bytes;
    let generous = Limits::generous();
    let within = |limits: Limits| readable(bytes.clone(), &limits, &mut Diagnostics::new());
    assert_eq!(within(generous), Ok(bytes.clone()));
    let exact = Limits { bytes: bytes.len(), ..generous };
    assert_eq!(within(exact), Ok(bytes.clone()));
    let refused = within(Limits { bytes: bytes.len() - 1, ..generous }).unwrap_err();
    assert_eq!(codes(&refused), ["PK0703"]);
    let refused = within(Limits { program_expressions: 2, ..generous }).unwrap_err();
    assert_eq!(codes(&refused), ["PK0703"]);
}

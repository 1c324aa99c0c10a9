//! Many runs in Node's engine, in one process.

use std::process::Command;

use pmc_abi::Status;
use pmc_abi::manifest::Manifest;
use pmc_host::RunError;
use serde_json::Value;

use crate::line::project;
use crate::same_bits::{Failed, Outcome, Run, Subject, bits};
use crate::scratch::Scratch;

/// Runs models with all their runs in one process of Node; a list of outcomes a model.
///
/// Each model has one instantiation for all its runs, and runs in a row with one configuration share an instance.
///
/// # Panics
/// When Node is not there, the script fails or a module says other things of itself than the document; `name` tells batches apart that run at one time.
pub fn run_in_node(name: &str, models: &[(Subject, Vec<Run>)]) -> Vec<Vec<Outcome>> {
    let scratch = Scratch::new(&format!("batch-{name}"));
    let cases = scratch.write("cases.bin", &written(models));
    let results = scratch.path("results.bin");
    let script = Command::new("node").arg(project("tests/node/batch.mjs")).arg(&cases).arg(&results).output();
    let script = script.expect("Node is there: `cargo xtask setup` installs it");
    assert!(script.status.success(), "{name}: {}", String::from_utf8_lossy(&script.stderr));
    let bytes = std::fs::read(&results).expect("the script has written its results");
    let mut rest = &bytes[..];
    let outcomes = models
        .iter()
        .map(|(subject, runs)| {
            let manifest: Manifest =
                serde_json::from_slice(result(&mut rest).2).expect("a module writes JSON");
            assert_eq!(manifest, *subject.interpreted.manifest(), "{name}");
            runs.iter().map(|run| outcome(&mut rest, subject, run)).collect()
        })
        .collect();
    assert!(rest.is_empty(), "{name}: {} bytes are left", rest.len());
    outcomes
}

/// Writes the file that the script reads.
fn written(models: &[(Subject, Vec<Run>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let length = |bytes: &mut Vec<u8>, length: usize| bytes.extend((length as u32).to_le_bytes());
    length(&mut bytes, models.len());
    for (Subject { wasm, interpreted, .. }, runs) in models {
        length(&mut bytes, wasm.len());
        bytes.extend(wasm);
        length(&mut bytes, runs.len());
        for Run { configuration, schedule } in runs {
            let document = configuration.to_json().expect("random settings are finite");
            let schedule_bytes = schedule.to_bytes();
            let width = interpreted.manifest().outputs.len() * (1 + configuration.quantiles.len());
            length(&mut bytes, schedule.reports() * width);
            for part in [document.as_bytes(), &schedule_bytes] {
                length(&mut bytes, part.len());
                bytes.extend(part);
            }
        }
    }
    bytes
}

/// Takes one result: status, warnings, and as many bytes as the length says.
fn result<'b>(rest: &mut &'b [u8]) -> (i32, u32, &'b [u8]) {
    let mut word = || u32::from_le_bytes(take(rest, 4).try_into().expect("four bytes"));
    let (status, warnings, length) = (word().cast_signed(), word(), word() as usize);
    (status, warnings, take(rest, length))
}

/// Takes one outcome: numbers or the document of an error.
fn outcome(rest: &mut &[u8], subject: &Subject, run: &Run) -> Outcome {
    let (status, warnings, payload) = result(rest);
    if status == 0 {
        let numbers: Vec<f64> =
            payload.as_chunks::<8>().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect();
        return Outcome::Rows { values: bits(&numbers), warnings };
    }
    let document: Value = serde_json::from_slice(payload).expect("a module writes JSON");
    assert!(document["code"].as_i64() == Some(i64::from(status)), "{document} for status {status}");
    let status = Status::from_code(status).expect("a status of the contract");
    let manifest = subject.interpreted.manifest();
    let error = RunError::from_status(status).with_document(&document, manifest);
    Outcome::Failed(Failed::from(&run.schedule.explain(error, manifest)))
}

fn take<'b>(rest: &mut &'b [u8], length: usize) -> &'b [u8] {
    let (taken, left) = rest.split_at_checked(length).expect("the script has written every result");
    *rest = left;
    taken
}

//! What reading a document of the intermediate representation costs.

use std::hint::black_box;

use anyhow::{Result, anyhow};
use pmc_interpreter::Tape;
use pmc_ir::wire::{self, Document, Limits};
use serde_json::Value;

use crate::clock::microseconds_of_all;
use crate::contest::show;
use crate::workload::{Workload, oral, physiological};

/// Prints the times of reading documents, as they are and as ratios to a reader of any JSON.
pub fn print_loading() -> Result<()> {
    show("loading, µs (ratio to a reader of any JSON on the same document)");
    for workload in [oral(), physiological()] {
        load(&workload)?;
    }
    Ok(())
}

fn load(workload: &Workload) -> Result<()> {
    let program = workload.program()?.program;
    let module = Document::Module(program.module.clone());
    for (what, document) in [("module", module), ("program", Document::Program(program.clone()))] {
        let (json, cbor) = (wire::to_json(&document), wire::to_cbor(&document));
        let limits = Limits::generous();
        wire::read(json.as_bytes(), &limits).map_err(|error| anyhow!("{error:?}"))?;
        wire::read(&cbor, &limits).map_err(|error| anyhow!("{error:?}"))?;
        let times = microseconds_of_all(
            5,
            &mut [
                &mut || drop(black_box(serde_json::from_str::<Value>(black_box(&json)))),
                &mut || drop(black_box(wire::read(black_box(json.as_bytes()), &limits))),
                &mut || drop(black_box(wire::read(black_box(&cbor), &limits))),
                &mut || drop(black_box(Tape::new(black_box(&program)))),
            ],
        );
        let [any, from_json, from_cbor, tape] = times[..] else { return Ok(()) };
        show(&format!(
            "{:<28} {what:<8} any JSON {any:.0}  JSON, {} bytes {from_json:.0} ({:.1})  CBOR, {} bytes {from_cbor:.0} ({:.1})  tape {tape:.0} ({:.1})",
            workload.name,
            json.len(),
            from_json / any,
            cbor.len(),
            from_cbor / any,
            tape / any,
        ));
    }
    Ok(())
}

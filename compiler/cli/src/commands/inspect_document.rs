//! `pmc inspect` of a document.

use std::path::Path;

use pmc::CompileOptions;
use pmc::wire::{Document, Encoding, Limits, features_of};
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Diagnostics;
use serde_json::{Value, json};

use super::page::{Page, declarations};
use crate::arguments::Inspect;
use crate::report::Reporter;
use crate::{Failure, files};

/// A document, and what a module made of it would say of itself.
struct Inspected {
    manifest: Manifest,
    encoding: &'static str,
    bytes: usize,
    features: Vec<&'static str>,
    /// Whether the document holds what passes compute.
    is_derived: bool,
    /// How many there are of what a manifest does not list.
    counts: Vec<(&'static str, usize)>,
}

/// Writes what a document declares and holds.
pub(super) fn run(command: &Inspect, bytes: &[u8], reporter: &mut Reporter) -> Result<(), Failure> {
    let inspected = inspect(bytes, command.name.as_deref()).map_err(|diagnostics| {
        reporter.report(&diagnostics, &files::shown(&command.model), "");
        Failure::Reported
    })?;
    let text = if command.json { format!("{:#}\n", json(&inspected)) } else { text(&inspected) };
    files::write(Path::new("-"), text.as_bytes())
}

fn inspect(bytes: &[u8], name: Option<&str>) -> Result<Inspected, Diagnostics> {
    let options = CompileOptions { model: name.map(str::to_owned), ..CompileOptions::default() };
    let manifest = pmc::compile_ir(bytes, &options)?.manifest;
    let document = pmc::read_ir(bytes, &Limits::generous())?;
    let module = document.module();
    let mut counts = vec![
        ("expressions", module.expressions.len()),
        ("variables", module.variables.len()),
        ("events", module.events.len()),
        ("switches", module.switches.len()),
        ("secondary quantities", module.secondary.len()),
    ];
    if let Document::Program(program) = &document {
        counts.push(("partial derivatives", program.jacobian.entries.len() + program.jacobian.time.len()));
    }
    Ok(Inspected {
        manifest,
        encoding: match Encoding::of(pmc::without_mark(bytes)) {
            Some(Encoding::Cbor) => "CBOR",
            Some(Encoding::Json) | None => "JSON",
        },
        bytes: bytes.len(),
        features: features_of(module),
        is_derived: matches!(document, Document::Program(_)),
        counts,
    })
}

fn json(inspected: &Inspected) -> Value {
    let counts = inspected.counts.iter().map(|(name, count)| (name.replace(' ', "_"), Value::from(*count)));
    json!({
        "manifest": inspected.manifest,
        "document": {
            "encoding": inspected.encoding,
            "bytes": inspected.bytes,
            "features": inspected.features,
            "derived": inspected.is_derived,
            "counts": Value::Object(counts.collect()),
        },
    })
}

fn text(inspected: &Inspected) -> String {
    let Inspected { manifest, encoding, bytes, features, is_derived, counts } = inspected;
    let mut page = Page::new();
    page.field("model", &manifest.name);
    page.field("kind", &manifest.kind);
    let derived = if *is_derived { "with what passes compute" } else { "as a front end wrote it" };
    page.field("document", &format!("{encoding}, {bytes} bytes, {derived}"));
    let features = if features.is_empty() { "none beyond the base".to_owned() } else { features.join(", ") };
    page.field("features", &features);
    declarations(&mut page, manifest);
    let counts = counts.iter().filter(|(_, count)| *count != 0);
    let rows = counts.map(|(name, count)| vec![(*name).to_owned(), count.to_string()]);
    page.table("counts", &rows.collect::<Vec<_>>());
    page.text
}

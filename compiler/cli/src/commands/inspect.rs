//! `pmc inspect`.

use std::path::Path;

use pmc::InputKind;
use pmc_host::{Engine, Inspection};
use serde_json::{Value, json};

use super::inspect_document;
use super::load::{LoadedModule, Source};
use super::page::{Page, declarations};
use crate::apart::keep_apart;
use crate::arguments::Inspect;
use crate::report::Reporter;
use crate::{Failure, files};

/// Writes what a module or a document declares and holds.
pub(crate) fn run(command: &Inspect, reporter: &mut Reporter) -> Result<(), Failure> {
    keep_apart(&[&command.model], &[Path::new("-")])?;
    let bytes = files::read(&command.model)?;
    if InputKind::of(&bytes) == InputKind::Document {
        return inspect_document::run(command, &bytes, reporter);
    }
    let source = Source::new(bytes, &command.model, command.name.as_deref());
    let loaded = source.load_module(Engine::Wasmi, reporter)?;
    let text = if command.json { format!("{:#}\n", document(&loaded)) } else { text(&loaded) };
    files::write(Path::new("-"), text.as_bytes())
}

fn document(loaded: &LoadedModule) -> Value {
    let LoadedModule { plugin, bytes } = loaded;
    let inspection = plugin.inspection();
    let list = |items: Vec<Value>| Value::Array(items);
    json!({
        "manifest": plugin.manifest(),
        "capabilities": plugin.capability_names(),
        "bytes": bytes,
        "sections": list(
            inspection
                .sections
                .iter()
                .map(|section| json!({ "name": section.name, "bytes": section.bytes }))
                .collect(),
        ),
        "memory": list(
            inspection
                .memories
                .iter()
                .map(|memory| json!({
                    "minimum_pages": memory.minimum_pages,
                    "maximum_pages": memory.maximum_pages,
                }))
                .collect(),
        ),
        "imports": list(
            inspection
                .imports
                .iter()
                .map(|import| json!({
                    "module": import.module,
                    "name": import.name,
                    "type": import.signature,
                }))
                .collect(),
        ),
        "exports": list(
            inspection
                .exports
                .iter()
                .map(|export| json!({ "name": export.name, "type": export.signature }))
                .collect(),
        ),
    })
}

fn text(loaded: &LoadedModule) -> String {
    let manifest = loaded.plugin.manifest();
    let mut page = Page::new();
    page.field("model", &manifest.name);
    page.field("kind", &manifest.kind);
    page.field("contract", &format!("{}.{}", manifest.abi.major, manifest.abi.minor));
    page.field("capabilities", &loaded.plugin.capability_names().join(", "));
    declarations(&mut page, manifest);
    contents(loaded.plugin.inspection(), loaded.bytes, &mut page);
    page.text
}

fn contents(inspection: &Inspection, bytes: usize, page: &mut Page) {
    let imports = inspection
        .imports
        .iter()
        .map(|import| vec![format!("{}.{}", import.module, import.name), import.signature.clone()]);
    page.table("imports", &imports.collect::<Vec<_>>());
    let memories = inspection.memories.iter().map(|memory| {
        let maximum = memory.maximum_pages.map_or("any".to_owned(), |pages| pages.to_string());
        vec![format!("{} to {maximum} pages of 64 KiB", memory.minimum_pages)]
    });
    page.table("memory", &memories.collect::<Vec<_>>());
    let sections = inspection.sections.iter().map(|section| (section.name.as_str(), section.bytes));
    let rows: Vec<(&str, u64)> = sections.chain([("total", bytes as u64)]).collect();
    let width = rows.iter().map(|(_, bytes)| bytes.to_string().len()).max().unwrap_or_default();
    let aligned = |(name, bytes): &(&str, u64)| vec![(*name).to_owned(), format!("{bytes:>width$}")];
    page.table("sections, bytes", &rows.iter().map(aligned).collect::<Vec<_>>());
}

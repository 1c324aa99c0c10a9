//! `pmc inspect`.

use core::fmt::Write;
use std::path::Path;

use pmc_abi::manifest::{Manifest, Parameter, Quantity, Route};
use pmc_host::{Engine, Inspection};
use serde_json::{Value, json};

use super::load::{Loaded, load};
use crate::arguments::Inspect;
use crate::report::Reporter;
use crate::{Failure, files};

/// Writes what a module declares and holds.
pub(crate) fn run(command: &Inspect, reporter: &mut Reporter) -> Result<(), Failure> {
    let loaded = load(&command.model, command.name.as_deref(), Engine::Wasmi, reporter)?;
    let text = if command.json { format!("{:#}\n", document(&loaded)) } else { text(&loaded) };
    files::write(Path::new("-"), text.as_bytes())
}

fn document(loaded: &Loaded) -> Value {
    let Loaded { plugin, bytes } = loaded;
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

fn text(loaded: &Loaded) -> String {
    let manifest = loaded.plugin.manifest();
    let mut page = Page { text: String::new() };
    page.field("model", &manifest.name);
    page.field("kind", &manifest.kind);
    page.field("contract", &format!("{}.{}", manifest.abi.major, manifest.abi.minor));
    page.field("capabilities", &loaded.plugin.capability_names().join(", "));
    page.field("solver", &solver(manifest));
    page.field("time", manifest.time_unit.as_deref().unwrap_or("no unit"));
    page.table("parameters", &manifest.parameters.iter().map(parameter).collect::<Vec<_>>());
    let effects = manifest.random_effects.iter().map(|effect| vec![effect.name.clone()]);
    page.table("random effects", &effects.collect::<Vec<_>>());
    page.table("covariates", &covariates(manifest));
    page.table("states", &manifest.states.iter().map(quantity).collect::<Vec<_>>());
    let routes = manifest.routes.iter().map(|listed| route(listed, manifest));
    page.table("routes", &routes.collect::<Vec<_>>());
    page.table("outputs", &manifest.outputs.iter().map(quantity).collect::<Vec<_>>());
    contents(loaded.plugin.inspection(), loaded.bytes, &mut page);
    page.text
}

/// Text in the making.
struct Page {
    text: String,
}

impl Page {
    fn field(&mut self, name: &str, value: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{name:<14}{value}");
    }

    /// Writes rows in aligned columns under a title, or nothing if there are none.
    fn table(&mut self, title: &str, rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let count = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..count).map(width).collect();
        let _ = writeln!(self.text, "\n{title}");
        for row in rows {
            let mut line = String::from(" ");
            for (cell, width) in row.iter().zip(&widths) {
                if *width > 0 {
                    let _ = write!(line, " {cell:<width$} ");
                }
            }
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
    }
}

fn solver(manifest: &Manifest) -> String {
    let solver = &manifest.solver;
    let step = solver.hmax.map(|step| format!(", steps up to {step}")).unwrap_or_default();
    let steps = format!("{}, rtol {:e}, atol {:e}{step}", solver.method, solver.rtol, solver.atol);
    match solver.linear.as_deref() {
        Some("always") => "exact: the equations are linear between events".to_owned(),
        Some(_) => format!("exact while no covariate is on a slope, else {steps}"),
        None => steps,
    }
}

fn unit(unit: Option<&str>) -> String {
    unit.map(|unit| format!("[{unit}]")).unwrap_or_default()
}

fn quantity(quantity: &Quantity) -> Vec<String> {
    vec![quantity.name.clone(), unit(quantity.unit.as_deref())]
}

fn parameter(parameter: &Parameter) -> Vec<String> {
    let value = parameter.default.map_or("no default".to_owned(), |value| format!("= {value}"));
    let bounds = match (parameter.lower, parameter.upper) {
        (None, None) => String::new(),
        (lower, upper) => {
            let bound = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            format!("in {}..{}", bound(lower), bound(upper))
        }
    };
    let fixed = parameter.fixed.then_some("fixed");
    let marks: Vec<&str> = parameter.transform.as_deref().into_iter().chain(fixed).collect();
    vec![
        parameter.name.clone(),
        unit(parameter.unit.as_deref()),
        value,
        bounds,
        marks.join(" "),
        parameter.label.clone().unwrap_or_default(),
    ]
}

fn covariates(manifest: &Manifest) -> Vec<Vec<String>> {
    manifest
        .covariates
        .iter()
        .map(|covariate| {
            let categories: Vec<String> = covariate.categories.iter().map(f64::to_string).collect();
            vec![
                covariate.name.clone(),
                unit(covariate.unit.as_deref()),
                covariate.default.map(|value| format!("= {value}")).unwrap_or_default(),
                covariate.interpolation.clone().unwrap_or_default(),
                if categories.is_empty() {
                    String::new()
                } else {
                    format!("in {{{}}}", categories.join(", "))
                },
            ]
        })
        .collect()
}

fn route(route: &Route, manifest: &Manifest) -> Vec<String> {
    let state = route.destination.and_then(|index| manifest.states.get(index as usize));
    let accepts = if route.input == "both" { "bolus, infusion" } else { route.input.as_str() };
    vec![
        route.label.clone(),
        state.map(|state| format!("-> {}", state.name)).unwrap_or_default(),
        accepts.to_owned(),
        route.properties.join(", "),
        if route.implicit { "any dose into this state".to_owned() } else { String::new() },
    ]
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

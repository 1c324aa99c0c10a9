//! What a model declares, as text in columns.

use core::fmt::Write;

use pmc_abi::manifest::{Manifest, Parameter, Quantity, Route};
use pmc_diagnostics::plain;

/// Text in the making.
pub(super) struct Page {
    /// What has been written.
    pub(super) text: String,
}

impl Page {
    /// Starts with what stands on top.
    pub(super) fn new() -> Self {
        Self { text: String::new() }
    }

    /// Writes a name and a value.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{name:<14}{}", plain(value));
    }

    /// Writes rows in aligned columns under a title, or nothing if there are none.
    pub(super) fn table(&mut self, title: &str, rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
        let count = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..count).map(width).collect();
        let _ = writeln!(self.text, "\n{title}");
        for row in &rows {
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

/// Writes what a model declares, after its name and kind.
pub(super) fn declarations(page: &mut Page, manifest: &Manifest) {
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

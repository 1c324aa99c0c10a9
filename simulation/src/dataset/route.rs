//! Which route a dose takes.

use pmc_abi::manifest::{Manifest, Route};
use pmc_diagnostics::Cell;

use super::findings::Findings;
use super::row::Row;

/// The kinds of dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// At once.
    Bolus,
    /// At a rate.
    Infusion,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Bolus => "bolus",
            Self::Infusion => "infusion",
        }
    }

    fn fits(self, route: &Route) -> bool {
        route.input == "both" || route.input == self.name()
    }
}

/// Finds the route of a dose by CMT, or the only one that fits.
///
/// CMT is the number of a state in the order of the model (0 says nothing), the label of a route or the
/// name of a state. Routes of the model's text go before those that stand for a state open to any dose.
pub(crate) fn resolve(row: &Row<'_>, kind: Kind, findings: &mut Findings) -> Option<u32> {
    let manifest = row.manifest;
    let column = row.columns.compartment;
    let text = row.text(column).filter(|text| *text != "0");
    let Some(text) = text else {
        let cell = row.cell(column.or(row.columns.amount).unwrap_or(row.columns.time));
        let all: Vec<usize> = (0..manifest.routes.len()).collect();
        return choose(manifest, &all, kind, cell, "the model", findings);
    };
    let cell = row.cell(column.unwrap_or_default());
    if let Some(index) = position(manifest.routes.iter().map(|route| route.label.as_str()), text) {
        return choose(manifest, &[index], kind, cell, &format!("the route `{text}`"), findings);
    }
    let Some(state) = state(manifest, text) else {
        let names = manifest
            .routes
            .iter()
            .map(|route| route.label.as_str())
            .chain(manifest.states.iter().map(|state| state.name.as_str()));
        findings.error(|list| list.unknown_compartment(cell, names, &compartments(manifest)));
        return None;
    };
    let entering: Vec<usize> = (0..manifest.routes.len())
        .filter(|index| manifest.routes[*index].destination == Some(state as u32))
        .collect();
    let place = format!("the state `{}`", manifest.states[state].name);
    choose(manifest, &entering, kind, cell, &place, findings)
}

/// Returns the index of a name: the exact one, or else one that differs by case.
fn position<'a>(mut names: impl Iterator<Item = &'a str> + Clone, text: &str) -> Option<usize> {
    let exact = names.clone().position(|name| name == text);
    exact.or_else(|| names.position(|name| name.eq_ignore_ascii_case(text)))
}

/// Finds a state by its number, from 1, or its name.
fn state(manifest: &Manifest, text: &str) -> Option<usize> {
    let number = text.parse::<f64>().ok().filter(|number| number.trunc() == *number && *number >= 1.0);
    match number {
        Some(number) => Some(number as usize - 1).filter(|index| *index < manifest.states.len()),
        None => position(manifest.states.iter().map(|state| state.name.as_str()), text),
    }
}

/// Picks the one route among the candidates that accepts the dose, or says why there is none.
fn choose(
    manifest: &Manifest,
    candidates: &[usize],
    kind: Kind,
    cell: Cell<'_>,
    place: &str,
    findings: &mut Findings,
) -> Option<u32> {
    let fitting = |implicit: bool| -> Vec<usize> {
        let fits = |route: &Route| route.implicit == implicit && kind.fits(route);
        candidates.iter().copied().filter(|index| fits(&manifest.routes[*index])).collect()
    };
    let declared = fitting(false);
    let found = if declared.is_empty() { fitting(true) } else { declared };
    match found.as_slice() {
        [index] => Some(*index as u32),
        [] => {
            let problem = format!("{place} accepts no {}", kind.name());
            let help = if candidates.is_empty() {
                format!("the model has {}", routes(manifest, 0..manifest.routes.len()))
            } else {
                format!("available: {}", routes(manifest, candidates.iter().copied()))
            };
            findings.error(|list| list.no_route_for_dose(cell, &problem, &help));
            None
        }
        several => {
            let choices = routes(manifest, several.iter().copied());
            findings.error(|list| list.ambiguous_route(cell, kind.name(), &choices));
            None
        }
    }
}

/// Writes routes as `` `oral` (bolus), `iv` (infusion) ``.
fn routes(manifest: &Manifest, indices: impl Iterator<Item = usize>) -> String {
    let accepts = |route: &Route| match route.input.as_str() {
        "both" => "any dose",
        "bolus" => "bolus",
        _ => "infusion",
    };
    let list: Vec<String> = indices
        .filter_map(|index| manifest.routes.get(index))
        .map(|route| format!("`{}` ({})", route.label, accepts(route)))
        .collect();
    if list.is_empty() { "no routes".to_owned() } else { list.join(", ") }
}

/// Writes states with their numbers, and routes.
fn compartments(manifest: &Manifest) -> String {
    const SHOWN: usize = 12;
    let mut states: Vec<String> = manifest
        .states
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(index, state)| format!("{} = `{}`", index + 1, state.name))
        .collect();
    if manifest.states.len() > SHOWN {
        states.push(format!("… {} states", manifest.states.len()));
    }
    format!("the states {} and {}", states.join(", "), routes(manifest, 0..manifest.routes.len()))
}

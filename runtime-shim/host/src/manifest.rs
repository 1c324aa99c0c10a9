//! Reading and checking of manifests.

use pmc_abi::ABI_VERSION;
use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Diagnostics;

use crate::limits::Limits;

/// Reads a manifest and checks that it is consistent; findings go to `diagnostics`.
pub(crate) fn read(bytes: &[u8], limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Manifest> {
    let manifest: Manifest = match serde_json::from_slice(bytes) {
        Ok(manifest) => manifest,
        Err(error) => {
            diagnostics.unreadable_manifest(&error.to_string());
            return None;
        }
    };
    let problems = problems(&manifest, limits);
    for problem in &problems {
        diagnostics.contradictory_manifest(problem);
    }
    problems.is_empty().then_some(manifest)
}

fn problems(manifest: &Manifest, limits: &Limits) -> Vec<String> {
    let mut problems = Vec::new();
    if manifest.abi.major != ABI_VERSION {
        problems
            .push(format!("it is of version {}, the module of version {ABI_VERSION}", manifest.abi.major));
    }
    let counts = [
        ("parameters", manifest.parameters.len()),
        ("random effects", manifest.random_effects.len()),
        ("covariates", manifest.covariates.len()),
        ("states", manifest.states.len()),
        ("routes", manifest.routes.len()),
        ("outputs", manifest.outputs.len()),
    ];
    for (what, count) in counts {
        if count > limits.declarations {
            problems.push(format!("it declares {count} {what}, the limit is {}", limits.declarations));
        }
    }
    repeated("parameter", manifest.parameters.iter().map(|parameter| &parameter.name), &mut problems);
    repeated("covariate", manifest.covariates.iter().map(|covariate| &covariate.name), &mut problems);
    repeated("state", manifest.states.iter().map(|state| &state.name), &mut problems);
    repeated("route", manifest.routes.iter().map(|route| &route.label), &mut problems);
    repeated("output", manifest.outputs.iter().map(|output| &output.name), &mut problems);
    let names = manifest.parameters.iter().map(|parameter| &parameter.name);
    let names = names.chain(manifest.random_effects.iter().map(|effect| &effect.name));
    let names = names.chain(manifest.covariates.iter().map(|covariate| &covariate.name));
    let quantities = manifest.states.iter().chain(&manifest.outputs);
    let names = names.chain(quantities.flat_map(|quantity| quantity.unit.iter().chain([&quantity.name])));
    let mut names = names.chain(manifest.routes.iter().map(|route| &route.label)).chain([&manifest.name]);
    if let Some(name) = names.find(|name| name.contains(char::is_control)) {
        problems.push(format!("the name or unit `{name}` holds a control character"));
    }
    for route in &manifest.routes {
        if route.destination.is_some_and(|state| state as usize >= manifest.states.len()) {
            problems.push(format!("the route `{}` enters a state that does not exist", route.label));
        }
        if !matches!(route.input.as_str(), "bolus" | "infusion" | "both") {
            problems.push(format!("the route `{}` accepts `{}`", route.label, route.input));
        }
    }
    problems
}

fn repeated<'a>(what: &str, names: impl Iterator<Item = &'a String>, problems: &mut Vec<String>) {
    let mut sorted: Vec<&String> = names.collect();
    sorted.sort();
    for pair in sorted.windows(2) {
        if let [first, second] = pair
            && first == second
        {
            problems.push(format!("the {what} `{first}` is declared twice"));
        }
    }
}

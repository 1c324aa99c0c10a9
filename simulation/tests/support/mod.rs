//! The manifest of a model that the tests read data for.

use pmc_abi::manifest::{AbiVersion, Covariate, Manifest, Quantity, Route, Solver};

/// Returns the manifest of a one-compartment model with depot: routes `oral` (bolus, depot), `iv` (infusion,
/// central, modelled duration); covariates `WT` (required), `SEX` (0 or 1, constant, default 0).
pub(crate) fn manifest() -> Manifest {
    let quantity = |name: &str, unit: &str| Quantity { name: name.to_owned(), unit: Some(unit.to_owned()) };
    let route = |label: &str, input: &str, destination, properties: &[&str]| Route {
        label: label.to_owned(),
        input: input.to_owned(),
        destination: Some(destination),
        properties: properties.iter().map(|name| (*name).to_owned()).collect(),
        given_by_events: false,
        implicit: false,
    };
    let covariate = |name: &str| Covariate {
        name: name.to_owned(),
        unit: None,
        interpolation: None,
        default: None,
        may_be_missing: false,
        categories: Vec::new(),
    };
    Manifest {
        abi: AbiVersion { major: 1, minor: 0 },
        name: "one compartment".to_owned(),
        kind: "ode".to_owned(),
        parameters: Vec::new(),
        random_effects: Vec::new(),
        covariates: vec![
            covariate("WT"),
            Covariate {
                interpolation: Some("const".to_owned()),
                default: Some(0.0),
                categories: vec![0.0, 1.0],
                ..covariate("SEX")
            },
        ],
        states: vec![quantity("depot", "mg"), quantity("central", "mg")],
        routes: vec![route("oral", "bolus", 0, &[]), route("iv", "infusion", 1, &["duration"])],
        outputs: vec![quantity("cp", "mg/L"), quantity("effect", "%")],
        solver: Solver {
            method: "auto".to_owned(),
            rtol: 1e-6,
            atol: 1e-9,
            hmax: None,
            linear: None,
            particles: None,
            effort: None,
        },
        time_unit: Some("h".to_owned()),
    }
}

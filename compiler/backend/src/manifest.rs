//! What a model says of itself.

use pmc_abi::descriptor::feature;
use pmc_abi::manifest::{AbiVersion, Covariate, Manifest, Named, Parameter, Quantity, Route, Solver};
use pmc_ir::{self as ir, Handle, Input, Interpolation, Kind, Linearity, Transform};

use crate::properties;

/// The minor version of the contract that emitted modules follow.
const MINOR: u32 = 0;

/// Returns what a program says of itself; the [`effort`](crate::effort()) of its steps is left to who needs it.
pub fn manifest(program: &ir::Program) -> Manifest {
    let module = &program.module;
    Manifest {
        abi: AbiVersion { major: pmc_abi::ABI_VERSION, minor: MINOR },
        name: module.name.clone(),
        kind: match module.kind {
            Kind::Ode => "ode",
            Kind::Analytical => "analytical",
            Kind::Stochastic => "sde",
        }
        .to_owned(),
        parameters: module.parameters.iter().map(|(_, declared)| parameter(declared)).collect(),
        random_effects: module
            .random_effects
            .iter()
            .map(|(_, effect)| Named { name: effect.name.clone() })
            .collect(),
        covariates: module.covariates.iter().map(|(_, declared)| covariate(declared)).collect(),
        states: module.states.iter().map(|(_, state)| quantity(&state.name, state.unit.as_ref())).collect(),
        routes: module.routes.iter().map(|(handle, declared)| route(module, handle, declared)).collect(),
        outputs: module
            .outputs
            .iter()
            .map(|(_, output)| quantity(&output.name, output.unit.as_ref()))
            .collect(),
        solver: solver(program),
        time_unit: module.options.time_unit.clone(),
    }
}

/// Describes a parameter.
fn parameter(declared: &ir::Parameter) -> Parameter {
    Parameter {
        name: declared.name.clone(),
        unit: declared.unit.clone(),
        default: finite(declared.default),
        lower: finite(declared.lower),
        upper: finite(declared.upper),
        transform: declared.transform.map(|transform| {
            let name = match transform {
                Transform::Log => "log",
                Transform::Logit => "logit",
            };
            name.to_owned()
        }),
        fixed: declared.fixed,
        label: declared.label.clone(),
    }
}

/// Describes a covariate.
fn covariate(declared: &ir::Covariate) -> Covariate {
    Covariate {
        name: declared.name.clone(),
        unit: declared.unit.clone(),
        interpolation: declared.interpolation.map(|interpolation| {
            let name = match interpolation {
                Interpolation::Linear => "linear",
                Interpolation::LastForward => "locf",
                Interpolation::NextBackward => "nocb",
                Interpolation::Constant => "const",
            };
            name.to_owned()
        }),
        default: finite(declared.default),
        may_be_missing: declared.tested_for_missing,
        categories: declared.categories.iter().copied().filter(|value| value.is_finite()).collect(),
    }
}

/// Describes a route.
fn route(module: &ir::Module, handle: Handle<ir::Route>, declared: &ir::Route) -> Route {
    let properties = properties(module).into_iter().filter(|property| property.route == handle);
    Route {
        label: declared.label.clone(),
        input: match declared.input {
            Input::Bolus => "bolus",
            Input::Infusion => "infusion",
            Input::Both => "both",
        }
        .to_owned(),
        destination: declared.destination.map(|state| state.index() as u32),
        properties: properties.map(|property| property.name.to_owned()).collect(),
        given_by_events: module
            .events
            .iter()
            .any(|(_, event)| event.doses.iter().any(|dose| dose.route == handle)),
        implicit: declared.implicit,
    }
}

/// Describes a state or an output.
fn quantity(name: &str, unit: Option<&String>) -> Quantity {
    Quantity { name: name.to_owned(), unit: unit.cloned() }
}

/// Describes the numerical settings.
fn solver(program: &ir::Program) -> Solver {
    let options = &program.module.options;
    let is_exact = crate::features(program) & feature::LINEAR != 0;
    Solver {
        method: match options.solver {
            ir::Solver::Automatic => "auto",
            ir::Solver::Explicit => "explicit",
            ir::Solver::Stiff => "stiff",
        }
        .to_owned(),
        rtol: options.relative_tolerance,
        atol: options.absolute_tolerance,
        hmax: finite(Some(options.maximum_step)),
        // Larger systems may still be stepped.
        linear: match program.linearity {
            _ if !is_exact => None,
            Linearity::Always => Some("always".to_owned()),
            Linearity::UnlessSloped => Some("unless_sloped".to_owned()),
            Linearity::None => None,
        },
        particles: (options.particles != 0).then_some(options.particles),
        effort: None,
    }
}

/// Returns a number that JSON can hold.
fn finite(number: Option<f64>) -> Option<f64> {
    number.filter(|number| number.is_finite())
}

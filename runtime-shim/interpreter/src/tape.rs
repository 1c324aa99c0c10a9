//! All functions of a model.

use pmc_abi::manifest::Manifest;
use pmc_backend::{Description, Function, Place, Source};
use pmc_ir as ir;

use crate::translate::{Code, translate};

/// A model as register programs, made once and shared by all its subjects.
#[derive(Clone, Debug)]
pub struct Tape {
    pub(crate) description: Description,
    pub(crate) functions: Functions,
    /// Properties of routes: route, number of the property, and what computes it.
    pub(crate) properties: Vec<(u32, u32, Code)>,
    /// What each event does.
    pub(crate) effects: Vec<Code>,
    manifest: Manifest,
    names: Vec<String>,
}

/// The functions that every model has.
#[derive(Clone, Debug)]
pub(crate) struct Functions {
    pub(crate) stage_parameters: Code,
    pub(crate) stage_covariates: Code,
    pub(crate) stage_event: Code,
    pub(crate) stage_interpolated: Code,
    pub(crate) initial: Code,
    pub(crate) derivatives: Code,
    pub(crate) jacobian: Code,
    pub(crate) outputs: Code,
    pub(crate) variables: Code,
    pub(crate) event_times: Code,
    pub(crate) event_conditions: Code,
    pub(crate) diffusion: Code,
}

impl Tape {
    /// Translates a program, which must have passed the validator.
    pub fn new(program: &ir::Program) -> Self {
        let description = Description::new(program);
        let source = Source::new(program, description.layout);
        let all_slots = program.staging.slots.len() as u32;
        let properties = pmc_backend::properties(&program.module).into_iter().map(|property| {
            let code = translate(&source, all_slots, &[(Place::Out(0), property.value)]);
            (property.route.index() as u32, property.number, code)
        });
        let effects = pmc_backend::effects(program);
        Self {
            functions: Functions::new(&source),
            properties: properties.collect(),
            effects: effects.iter().map(|results| translate(&source, all_slots, results)).collect(),
            manifest: pmc_backend::manifest(program),
            names: names(&program.module),
            description,
        }
    }

    /// Returns what the model says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the constants that the kernel reads.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Returns the name of a parameter, random effect or covariate, numbered in this order; nothing beyond them.
    pub fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }
}

impl Functions {
    fn new(source: &Source<'_>) -> Self {
        let deliveries = pmc_backend::deliveries(source.program, source.layout);
        let code = |function: Function| {
            let delivery = deliveries.iter().find(|delivery| delivery.function == function);
            let (slots, results) =
                delivery.map_or((0, &[][..]), |delivery| (delivery.readable_slots, &delivery.results[..]));
            translate(source, slots, results)
        };
        Self {
            stage_parameters: code(Function::StageParameters),
            stage_covariates: code(Function::StageCovariates),
            stage_event: code(Function::StageEvent),
            stage_interpolated: code(Function::StageInterpolated),
            initial: code(Function::Initial),
            derivatives: code(Function::Derivatives),
            jacobian: code(Function::Jacobian),
            outputs: code(Function::Outputs),
            variables: code(Function::Variables),
            event_times: code(Function::EventTimes),
            event_conditions: code(Function::EventConditions),
            diffusion: code(Function::Diffusion),
        }
    }
}

/// Returns the names of parameters, random effects and covariates.
fn names(module: &ir::Module) -> Vec<String> {
    let parameters = module.parameters.iter().map(|(_, parameter)| &parameter.name);
    let effects = module.random_effects.iter().map(|(_, effect)| &effect.name);
    let covariates = module.covariates.iter().map(|(_, covariate)| &covariate.name);
    parameters.chain(effects).chain(covariates).cloned().collect()
}

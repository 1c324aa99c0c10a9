//! All functions of a model.

use pmc_abi::manifest::Manifest;
use pmc_backend::{Description, Function, Place, Source};
use pmc_ir as ir;

use crate::translate::{Budget, Code, TooLarge, translate};

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
    ///
    /// Fails if its functions, those of routes and events among them, are too large or too many.
    pub fn new(program: &ir::Program) -> Result<Self, TooLarge> {
        let description = Description::new(program);
        let source = Source::new(program, description.layout);
        let all_slots = program.staging.slots.len() as u32;
        let mut budget = Budget::new();
        let functions = Functions::new(&mut budget, &source)?;
        let mut properties = Vec::new();
        for property in pmc_backend::properties(&program.module) {
            let code = translate(&mut budget, &source, all_slots, &[(Place::Out(0), property.value)])?;
            properties.push((property.route.index() as u32, property.number, code));
        }
        let effects = pmc_backend::effects(program);
        let effects = effects.iter().map(|results| translate(&mut budget, &source, all_slots, results));
        Ok(Self {
            functions,
            properties,
            effects: effects.collect::<Result<_, _>>()?,
            manifest: pmc_backend::manifest(program),
            description,
        })
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
        self.description.names.get(index).map_or("", String::as_str)
    }
}

impl Functions {
    fn new(budget: &mut Budget, source: &Source<'_>) -> Result<Self, TooLarge> {
        let deliveries = pmc_backend::deliveries(source.program, source.layout);
        let mut code = |function: Function| {
            let delivery = deliveries.iter().find(|delivery| delivery.function == function);
            let (slots, results) =
                delivery.map_or((0, &[][..]), |delivery| (delivery.readable_slots, &delivery.results[..]));
            translate(budget, source, slots, results)
        };
        Ok(Self {
            stage_parameters: code(Function::StageParameters)?,
            stage_covariates: code(Function::StageCovariates)?,
            stage_event: code(Function::StageEvent)?,
            stage_interpolated: code(Function::StageInterpolated)?,
            initial: code(Function::Initial)?,
            derivatives: code(Function::Derivatives)?,
            jacobian: code(Function::Jacobian)?,
            outputs: code(Function::Outputs)?,
            variables: code(Function::Variables)?,
            event_times: code(Function::EventTimes)?,
            event_conditions: code(Function::EventConditions)?,
            diffusion: code(Function::Diffusion)?,
        })
    }
}

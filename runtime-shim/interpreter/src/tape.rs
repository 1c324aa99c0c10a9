//! All functions of a model.

use pmc_abi::manifest::Manifest;
use pmc_backend::{Description, Function, Place, Source};
use pmc_ir as ir;
use pmc_kernel::solver::sparse;

use crate::translate::{Budget, Code, TooLarge, translate};

/// Evaluations of the right-hand side in a step.
const STAGES: u64 = 8;

/// Looks at the conditions of events in a step: at a few times within it, and the halvings that find one of them.
const LOOKS: u64 = 64;

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
    /// What linear algebra of a step costs, in instructions.
    algebra: u64,
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
            algebra: algebra(program),
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

    /// Returns how many instructions a step takes at most, about: stages of a method, Jacobian and its factors, outputs,
    /// values that change with time, what events do, and what is staged at a stop, which counts as a step.
    pub fn instructions_per_step(&self) -> u64 {
        let of = &self.functions;
        let stage = of.derivatives.steps + of.stage_interpolated.steps + of.diffusion.steps + 1;
        let effects: u64 = self.effects.iter().map(|effect| effect.steps).sum();
        let events = of.event_times.steps + LOOKS * of.event_conditions.steps + effects;
        let others = of.jacobian.steps + of.outputs.steps + of.stage_event.steps + of.variables.steps;
        STAGES * stage + self.algebra + events + others
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

/// Returns what elimination and substitution of a step cost at most, in instructions, unless a plan that the entries allow
/// turns out to be unsafe by their values.
fn algebra(program: &ir::Program) -> u64 {
    let states = program.module.states.len();
    if program.module.options.solver == ir::Solver::Explicit {
        return 0;
    }
    let mut slab = vec![0.0; sparse::operations_length(states)];
    let entries = program.jacobian.entries.iter().map(|entry| (entry.row.index(), entry.column.index()));
    let dense = (states * states * states / 3, states * states);
    let (elimination, substitution) = sparse::planned_operations(states, entries, &mut slab).unwrap_or(dense);
    // Compiled code; a quarter of an instruction an operation, by gut feeling.
    (elimination as u64 + STAGES * substitution as u64) / 4
}

//! The constants that the kernel reads of a model.

use pmc_abi::descriptor::{
    self, CovariateDescriptor, Descriptor, Dynamics, NO_STATE, RouteDescriptor, SolverSettings,
};
use pmc_abi::frame::FrameLayout;
use pmc_ir::{self as ir, Input, Interpolation, Solver};

use crate::{layout, properties};

/// Most attempted steps of a simulation unless the host says otherwise: minutes of work for a model that
/// is not hopeless, and an end for one that is.
pub(crate) const MAXIMUM_STEPS: f64 = 1_000_000.0;

/// Seed of random numbers unless the host says otherwise.
const SEED: u64 = 0;

/// The constants of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// The layout of its frame.
    pub layout: FrameLayout,
    /// Number of state components.
    pub states: u32,
    /// Number of outputs.
    pub outputs: u32,
    /// Routes, by index.
    pub routes: Vec<RouteDescriptor>,
    /// Covariates, by index.
    pub covariates: Vec<CovariateDescriptor>,
    /// Default of each parameter; NaN where there is none.
    pub defaults: Vec<f64>,
    /// Names of parameters, random effects and covariates, numbered in this order.
    pub names: Vec<String>,
    /// Bits of [`descriptor::feature`].
    pub features: u32,
    /// Number of times at which the right-hand side jumps.
    pub switches: u32,
    /// Number of events.
    pub events: u32,
    /// The largest number of doses that one event gives.
    pub event_doses: u32,
    /// States that start where their derivative is zero.
    pub steady: Vec<u32>,
    /// States that have a diffusion.
    pub diffusing: Vec<u32>,
    /// States that no right-hand side reads.
    pub accumulators: Vec<u32>,
    /// Settings that the host may override.
    pub settings: SolverSettings,
}

impl Description {
    /// Collects the constants of a program.
    pub fn new(program: &ir::Program) -> Self {
        let module = &program.module;
        let event_doses = module.events.iter().map(|(_, event)| event.doses.len()).max().unwrap_or(0);
        Self {
            layout: layout(program),
            states: module.states.len() as u32,
            outputs: module.outputs.len() as u32,
            routes: routes(module),
            covariates: module.covariates.iter().map(|(_, declared)| covariate(declared)).collect(),
            defaults: module
                .parameters
                .iter()
                .map(|(_, declared)| declared.default.unwrap_or(f64::NAN))
                .collect(),
            names: names(module),
            features: features(program),
            switches: module.switches.len() as u32,
            events: module.events.len() as u32,
            event_doses: event_doses as u32,
            steady: states(module, |state| state.steady),
            diffusing: states(module, |state| state.diffusion.is_some()),
            accumulators: module.accumulators().into_iter().map(|state| state.index() as u32).collect(),
            settings: settings(&module.options),
        }
    }

    /// Returns them as the kernel takes them.
    pub fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: self.layout,
            states: self.states,
            outputs: self.outputs,
            routes: &self.routes,
            covariates: &self.covariates,
            dynamics: Dynamics {
                features: self.features,
                switches: self.switches,
                events: self.events,
                event_doses: self.event_doses,
                steady: &self.steady,
                diffusing: &self.diffusing,
                accumulators: &self.accumulators,
            },
            settings: self.settings,
        }
    }
}

/// Describes the routes.
fn routes(module: &ir::Module) -> Vec<RouteDescriptor> {
    let properties = properties(module);
    let describe = |(route, declared): (ir::Handle<ir::Route>, &ir::Route)| {
        let own = properties.iter().filter(|property| property.route == route);
        RouteDescriptor {
            destination: declared.destination.map_or(NO_STATE, |state| state.index() as u32),
            input: match declared.input {
                Input::Bolus => descriptor::input::BOLUS,
                Input::Infusion => descriptor::input::INFUSION,
                Input::Both => descriptor::input::BOLUS | descriptor::input::INFUSION,
            },
            properties: own.fold(0, |bits, property| bits | 1 << property.number),
            reserved: 0,
        }
    };
    module.routes.iter().map(describe).collect()
}

/// Describes a covariate.
fn covariate(declared: &ir::Covariate) -> CovariateDescriptor {
    CovariateDescriptor {
        interpolation: match declared.interpolation {
            None => descriptor::interpolation::DATA,
            Some(Interpolation::Linear) => descriptor::interpolation::LINEAR,
            Some(Interpolation::LastForward) => descriptor::interpolation::LAST_FORWARD,
            Some(Interpolation::NextBackward) => descriptor::interpolation::NEXT_BACKWARD,
            Some(Interpolation::Constant) => descriptor::interpolation::CONSTANT,
        },
        tested_for_missing: u32::from(declared.tested_for_missing),
        default: declared.default.unwrap_or(f64::NAN),
    }
}

/// Returns the names of parameters, random effects and covariates.
fn names(module: &ir::Module) -> Vec<String> {
    let parameters = module.parameters.iter().map(|(_, parameter)| &parameter.name);
    let effects = module.random_effects.iter().map(|(_, effect)| &effect.name);
    let covariates = module.covariates.iter().map(|(_, covariate)| &covariate.name);
    parameters.chain(effects).chain(covariates).cloned().collect()
}

/// Returns the indices of some of the states.
fn states(module: &ir::Module, are_meant: impl Fn(&ir::State) -> bool) -> Vec<u32> {
    let meant = module.states.iter().filter(|(_, state)| are_meant(state));
    meant.map(|(state, _)| state.index() as u32).collect()
}

/// Returns what a program needs of the kernel, as bits of [`descriptor::feature`].
pub fn features(program: &ir::Program) -> u32 {
    let is_small = program.module.states.len() <= descriptor::MOST_EXACT_STATES as usize;
    let solved = if is_small { descriptor::feature::LINEAR } else { descriptor::feature::LARGE };
    let linear = match program.linearity {
        // A linear drift does not make a system of which the exact solution is known.
        _ if program.module.kind == ir::Kind::Stochastic => 0,
        ir::Linearity::None => 0,
        ir::Linearity::UnlessSloped => solved | descriptor::feature::SLOPED,
        ir::Linearity::Always => solved,
    };
    let reads = |meant: fn(&ir::Expr) -> bool| reads(&program.module, meant);
    let reads_time = reads(|expression| *expression == ir::Expr::Time);
    let autonomous = if reads_time { 0 } else { descriptor::feature::AUTONOMOUS };
    let reads_history = reads(|expression| {
        matches!(expression, ir::Expr::EventTime | ir::Expr::LastDoseTime(_) | ir::Expr::DoseNumber)
    });
    let standing = if reads_time || reads_history { 0 } else { descriptor::feature::STANDING };
    let stochastic = match program.module.kind {
        ir::Kind::Stochastic => descriptor::feature::STOCHASTIC,
        ir::Kind::Ode | ir::Kind::Analytical => 0,
    };
    linear | autonomous | standing | stochastic
}

/// Returns whether a right-hand side reads something that is meant, be it in a condition.
fn reads(module: &ir::Module, is_meant: fn(&ir::Expr) -> bool) -> bool {
    let live = module.needed_by(module.derivatives());
    module.expressions.iter().any(|(handle, expression)| live[handle.index()] && is_meant(expression))
}

/// Returns the settings that a model asks for.
fn settings(options: &ir::Options) -> SolverSettings {
    SolverSettings {
        relative_tolerance: options.relative_tolerance,
        absolute_tolerance: options.absolute_tolerance,
        maximum_step: options.maximum_step,
        maximum_steps: MAXIMUM_STEPS,
        solver: match options.solver {
            Solver::Automatic => descriptor::solver::AUTOMATIC,
            Solver::Explicit => descriptor::solver::EXPLICIT,
            Solver::Stiff => descriptor::solver::STIFF,
        },
        particles: options.particles,
        seed: SEED,
    }
}

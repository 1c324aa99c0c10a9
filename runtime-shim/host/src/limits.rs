//! What a plugin may use.

use std::borrow::Cow;

use pmc_abi::manifest::Manifest;

use crate::model::Configuration;

/// Records of a schedule for which a simulation has as much fuel again as a call.
const RECORDS: u64 = 100_000;

/// Steps that every model may take, whatever they cost: with fewer, large systems could not be run at all.
const LEAST_STEPS: u64 = 1_000;

/// How many times the fuel of a call a simulation has at most if so many steps take more than a call may.
const LARGEST: u64 = 10;

/// The budget of a plugin.
///
/// Fuel is counted by the engine, roughly one unit an instruction, so that equal runs use equal fuel on all
/// machines; different engines count a little differently. It is the host's deadline: a clock would make results
/// depend on the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest module, in bytes.
    pub module_bytes: usize,
    /// Largest document of the intermediate representation, in bytes; reading one may take 14 times as much memory.
    pub document_bytes: usize,
    /// Largest memory of an instance, in bytes; growth beyond it fails inside the module.
    pub memory_bytes: usize,
    /// Most tables.
    pub tables: usize,
    /// Most elements of a table.
    pub table_elements: usize,
    /// Fuel for one call into the module; a simulation has a hundred-thousandth more for each record of its schedule.
    ///
    /// Models that say what a step takes get as many steps as this has room for, and a thousand in any case, in every
    /// engine, interpreted ones included; up to ten times the fuel if that is what a thousand steps take. Fuel then ends only
    /// what is not as it says.
    pub fuel_per_call: u64,
    /// Deepest nesting of calls. Compiled code has 512 bytes of the thread's stack for each of them instead, and at
    /// least 64 KiB, so a thread that runs it needs that much beside its own.
    pub call_depth: usize,
    /// Most state components, parameters, covariates, routes and outputs each.
    pub declarations: usize,
    /// Seed of `host_random_u32`.
    pub seed: u64,
    /// Imports that the module may have beside those that every host offers.
    pub grants: Vec<Grant>,
}

impl Limits {
    /// Returns limits that no sensible model reaches and that a laptop does not notice.
    ///
    /// The numbers are picked by gut feeling: 16 MiB of module, 64 MiB of document, 256 MiB of memory, 10¹¹ units of fuel
    /// a call. A loop without end uses them up in about a minute, and a million steps of most models fit in.
    pub fn generous() -> Self {
        Self {
            module_bytes: pmc_abi::MODULE_BYTES,
            document_bytes: 64 << 20,
            memory_bytes: 256 << 20,
            tables: 4,
            table_elements: 65_536,
            fuel_per_call: 100_000_000_000,
            call_depth: 1_000,
            declarations: 100_000,
            seed: 0,
            grants: Vec::new(),
        }
    }

    /// Returns the fuel of a simulation.
    ///
    /// Data are the caller's own, so that what their records take is no matter of the budget.
    pub(crate) fn fuel_of_simulation(
        &self,
        records: usize,
        configuration: &Configuration,
        manifest: &Manifest,
    ) -> u64 {
        let of_records = (self.fuel_per_call / RECORDS).saturating_mul(records as u64);
        let of_steps = step(configuration, manifest).map_or(0, |step| step.saturating_mul(LEAST_STEPS));
        let most = self.fuel_per_call.saturating_mul(LARGEST);
        self.fuel_per_call.max(of_steps.min(most)).saturating_add(of_records)
    }

    /// Returns a configuration with no more steps than the budget has room for, if a model says what a step takes.
    ///
    /// Every engine makes its models by this, and a step is the same in each of them, so that runs which take too long end
    /// at the same place with the same error.
    pub(crate) fn bound<'c>(
        &self,
        configuration: &'c Configuration,
        manifest: &Manifest,
    ) -> Cow<'c, Configuration> {
        let (Some(effort), Some(step)) = (manifest.solver.effort, step(configuration, manifest)) else {
            return Cow::Borrowed(configuration);
        };
        let most = (self.fuel_per_call / step).max(LEAST_STEPS);
        if configuration.maximum_steps.unwrap_or(effort.steps) <= most {
            return Cow::Borrowed(configuration);
        }
        Cow::Owned(Configuration { maximum_steps: Some(most), ..configuration.clone() })
    }

    /// Returns whether the caller lets a module have an import.
    pub(crate) fn grants(&self, module: &str, name: &str) -> bool {
        self.grants.iter().any(|grant| grant.module == module && grant.name == name)
    }
}

/// Returns what a step takes, if a model says it.
fn step(configuration: &Configuration, manifest: &Manifest) -> Option<u64> {
    let particles = configuration.particles.or(manifest.solver.particles).unwrap_or(1).max(1);
    let effort = manifest.solver.effort?;
    Some(effort.instructions.saturating_mul(particles.into()).max(1))
}

/// An import that the caller lets a module have although this host does not offer it.
///
/// The module can then be loaded; a call of the function ends the run with an error that names it. Modules
/// built with a system interface often import functions that they never call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The module name of the import.
    pub module: String,
    /// The name of the function.
    pub name: String,
}

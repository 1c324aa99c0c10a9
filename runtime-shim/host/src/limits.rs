//! What a plugin may use.

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
    /// Fuel for one call into the module.
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
    /// The numbers are picked by gut feeling: 16 MiB of module, 64 MiB of document, 256 MiB of memory, 2·10¹⁰ units of fuel
    /// (minutes of interpretation) a call.
    pub fn generous() -> Self {
        Self {
            module_bytes: 16 << 20,
            document_bytes: 64 << 20,
            memory_bytes: 256 << 20,
            tables: 4,
            table_elements: 65_536,
            fuel_per_call: 20_000_000_000,
            call_depth: 1_000,
            declarations: 100_000,
            seed: 0,
            grants: Vec::new(),
        }
    }

    /// Returns whether the caller lets a module have an import.
    pub(crate) fn grants(&self, module: &str, name: &str) -> bool {
        self.grants.iter().any(|grant| grant.module == module && grant.name == name)
    }
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

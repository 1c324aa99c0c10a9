//! The model's constants in memory: the descriptor and all that it points to.

use pmc_abi::descriptor::{CovariateDescriptor, RouteDescriptor, SolverSettings};
use pmc_abi::manifest::Manifest;
use pmc_backend::Description;

/// Size of [`RawDescriptor`](pmc_abi::descriptor::RawDescriptor) in bytes.
const DESCRIPTOR_SIZE: usize = 160;

/// Offset of [`heap_start`](pmc_abi::descriptor::RawDescriptor::heap_start).
const HEAP_START: usize = 104;

/// Alignment of the first constant and of the heap, in bytes.
pub(crate) const ALIGNMENT: u32 = 16;

/// The constants of a model, with addresses filled in.
pub(crate) struct Constants {
    /// Where they start; there stands the descriptor.
    pub address: u32,
    /// What they are.
    pub bytes: Vec<u8>,
}

impl Constants {
    /// Lays out the constants of a model, with its name and manifest, from an address.
    pub(crate) fn new(name: &str, description: &Description, manifest: &str, address: u32) -> Self {
        let mut constants = Self { address, bytes: vec![0; DESCRIPTOR_SIZE] };
        let layout = &description.layout;
        let counts = [
            layout.parameters,
            layout.random_effects,
            layout.covariates,
            layout.routes,
            layout.variables,
            layout.staged,
            description.states,
            description.outputs,
        ];
        let routes = constants.routes(&description.routes);
        let covariates = constants.covariates(&description.covariates);
        let defaults = constants.defaults(&description.defaults);
        let names = constants.names(&description.names);
        let steady = constants.table(&description.steady);
        let diffusing = constants.table(&description.diffusing);
        let accumulators = constants.table(&description.accumulators);
        let [name, name_length] = constants.text(name);
        let [manifest, manifest_length] = constants.text(manifest);
        let addresses = [routes, covariates, defaults, names, name, name_length, manifest, manifest_length];
        let dynamics = [
            description.features,
            description.switches,
            description.events,
            description.event_doses,
            steady,
            description.steady.len() as u32,
            diffusing,
            description.diffusing.len() as u32,
            accumulators,
            description.accumulators.len() as u32,
        ];
        let mut head = Vec::with_capacity(DESCRIPTOR_SIZE);
        for word in counts.into_iter().chain(addresses).chain(dynamics).chain([0, 0]) {
            head.extend(word.to_le_bytes());
        }
        head.extend(settings(&description.settings));
        constants.bytes[..DESCRIPTOR_SIZE].copy_from_slice(&head);
        constants
    }

    /// Says where the heap starts.
    pub(crate) fn set_heap_start(&mut self, heap_start: u32) {
        self.bytes[HEAP_START..HEAP_START + 4].copy_from_slice(&heap_start.to_le_bytes());
    }

    /// Returns the address one past the last constant.
    pub(crate) fn end(&self) -> u32 {
        self.address + self.bytes.len() as u32
    }

    /// Adds the table of routes and returns its address.
    fn routes(&mut self, routes: &[RouteDescriptor]) -> u32 {
        let address = self.align();
        for RouteDescriptor { destination, input, properties, reserved } in routes {
            self.words(&[*destination, *input, *properties, *reserved]);
        }
        address
    }

    /// Adds a table of indices and returns its address.
    fn table(&mut self, indices: &[u32]) -> u32 {
        let address = self.align();
        self.words(indices);
        address
    }

    /// Adds the table of covariates and returns its address.
    fn covariates(&mut self, covariates: &[CovariateDescriptor]) -> u32 {
        let address = self.align();
        for CovariateDescriptor { interpolation, tested_for_missing, default } in covariates {
            self.words(&[*interpolation, *tested_for_missing]);
            self.bytes.extend(default.to_le_bytes());
        }
        address
    }

    /// Adds the defaults of parameters and returns their address.
    fn defaults(&mut self, defaults: &[f64]) -> u32 {
        let address = self.align();
        self.bytes.extend(defaults.iter().flat_map(|value| value.to_le_bytes()));
        address
    }

    /// Adds the names of parameters, random effects and covariates, and returns the address of their table.
    fn names(&mut self, names: &[String]) -> u32 {
        let pairs: Vec<u32> = names.iter().flat_map(|name| self.text(name)).collect();
        let address = self.align();
        self.words(&pairs);
        address
    }

    /// Adds a text and returns its address and length.
    fn text(&mut self, text: &str) -> [u32; 2] {
        let place = [self.end(), text.len() as u32];
        self.bytes.extend(text.as_bytes());
        place
    }

    /// Adds words of 32 bits.
    fn words(&mut self, words: &[u32]) {
        self.bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// Moves to the next address that is a multiple of 8, and returns it.
    fn align(&mut self) -> u32 {
        let length = self.bytes.len().next_multiple_of(8);
        self.bytes.resize(length, 0);
        self.end()
    }
}

/// Returns the document that a module carries about itself, and its text.
pub(crate) fn manifest_text(manifest: &Manifest) -> String {
    serde_json::to_string(manifest).unwrap_or_else(|error| unreachable!("a manifest is plain data: {error}"))
}

/// Returns the bytes of the settings.
fn settings(settings: &SolverSettings) -> Vec<u8> {
    let SolverSettings {
        relative_tolerance,
        absolute_tolerance,
        maximum_step,
        maximum_steps,
        solver,
        particles,
        seed,
    } = *settings;
    let reals = [relative_tolerance, absolute_tolerance, maximum_step, maximum_steps];
    let reals = reals.into_iter().flat_map(f64::to_le_bytes);
    let words = [solver, particles].into_iter().flat_map(u32::to_le_bytes);
    reals.chain(words).chain(seed.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use core::mem::{offset_of, size_of};

    use pmc_abi::descriptor::{CovariateDescriptor, RawDescriptor, RouteDescriptor, SolverSettings};

    use super::{DESCRIPTOR_SIZE, HEAP_START};

    #[test]
    fn the_descriptor_has_the_layout_of_the_contract() {
        assert_eq!(size_of::<RawDescriptor>(), DESCRIPTOR_SIZE);
        assert_eq!(offset_of!(RawDescriptor, states), 6 * 4);
        assert_eq!(offset_of!(RawDescriptor, routes), 8 * 4);
        assert_eq!(offset_of!(RawDescriptor, manifest_length), 15 * 4);
        assert_eq!(offset_of!(RawDescriptor, steady_length), 21 * 4);
        assert_eq!(offset_of!(RawDescriptor, diffusing_length), 23 * 4);
        assert_eq!(offset_of!(RawDescriptor, accumulators_length), 25 * 4);
        assert_eq!(offset_of!(RawDescriptor, heap_start), HEAP_START);
        assert_eq!(offset_of!(RawDescriptor, settings), 112);
        assert_eq!(size_of::<SolverSettings>(), 48);
        assert_eq!(size_of::<RouteDescriptor>(), 16);
        assert_eq!(size_of::<CovariateDescriptor>(), 16);
    }
}

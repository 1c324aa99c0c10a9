//! The model's constants in memory: the descriptor and all that it points to.

use pmc_abi::descriptor::{self, NO_STATE};
use pmc_abi::frame::FrameLayout;
use pmc_abi::manifest::Manifest;
use pmc_ir::{self as ir, Input, Interpolation, Solver};

use crate::functions::properties;

/// Most attempted steps of a simulation unless the host says otherwise: minutes of work for a model that
/// is not hopeless, and an end for one that is.
const MAXIMUM_STEPS: f64 = 1_000_000.0;

/// Seed of random numbers unless the host says otherwise.
const SEED: u64 = 0;

/// Size of [`descriptor::RawDescriptor`] in bytes.
const DESCRIPTOR_SIZE: usize = 160;

/// Offset of [`descriptor::RawDescriptor::heap_start`].
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
    /// Lays out the constants of a program from an address.
    pub(crate) fn new(program: &ir::Program, layout: FrameLayout, manifest: &str, address: u32) -> Self {
        let module = &program.module;
        let mut constants = Self { address, bytes: vec![0; DESCRIPTOR_SIZE] };
        let counts = [
            layout.parameters,
            layout.random_effects,
            layout.covariates,
            layout.routes,
            layout.variables,
            layout.staged,
            module.states.len() as u32,
            module.outputs.len() as u32,
        ];
        let routes = constants.routes(module);
        let covariates = constants.covariates(module);
        let defaults = constants.defaults(module);
        let names = constants.names(module);
        let such = |are_meant: fn(&ir::State) -> bool| {
            let meant = module.states.iter().filter(move |(_, state)| are_meant(state));
            meant.map(|(handle, _)| handle)
        };
        let [steady, steady_length] = constants.states(such(|state| state.steady));
        let [diffusing, diffusing_length] = constants.states(such(|state| state.diffusion.is_some()));
        let [accumulators, accumulators_length] = constants.states(module.accumulators());
        let [name, name_length] = constants.text(&module.name);
        let [manifest, manifest_length] = constants.text(manifest);
        let addresses = [routes, covariates, defaults, names, name, name_length, manifest, manifest_length];
        let mut head = Vec::with_capacity(DESCRIPTOR_SIZE);
        let event_doses = module.events.iter().map(|(_, event)| event.doses.len()).max().unwrap_or(0);
        let dynamics = [
            features(program),
            module.switches.len() as u32,
            module.events.len() as u32,
            event_doses as u32,
            steady,
            steady_length,
            diffusing,
            diffusing_length,
            accumulators,
            accumulators_length,
        ];
        for word in counts.into_iter().chain(addresses).chain(dynamics).chain([0, 0]) {
            head.extend(word.to_le_bytes());
        }
        head.extend(settings(&module.options));
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
    fn routes(&mut self, module: &ir::Module) -> u32 {
        let address = self.align();
        let properties = properties(module);
        for (route, declared) in module.routes.iter() {
            let destination = declared.destination.map_or(NO_STATE, |state| state.index() as u32);
            let input = match declared.input {
                Input::Bolus => descriptor::input::BOLUS,
                Input::Infusion => descriptor::input::INFUSION,
                Input::Both => descriptor::input::BOLUS | descriptor::input::INFUSION,
            };
            let own = properties.iter().filter(|property| property.route == route);
            let defined = own.fold(0, |bits, property| bits | 1 << property.number);
            self.words(&[destination, input, defined, 0]);
        }
        address
    }

    /// Adds the indices of states, and returns their address and number.
    fn states(&mut self, states: impl IntoIterator<Item = ir::Handle<ir::State>>) -> [u32; 2] {
        let address = self.align();
        let indices: Vec<u32> = states.into_iter().map(|state| state.index() as u32).collect();
        self.words(&indices);
        [address, indices.len() as u32]
    }

    /// Adds the table of covariates and returns its address.
    fn covariates(&mut self, module: &ir::Module) -> u32 {
        let address = self.align();
        for (_, covariate) in module.covariates.iter() {
            let interpolation = match covariate.interpolation {
                None => descriptor::interpolation::DATA,
                Some(Interpolation::Linear) => descriptor::interpolation::LINEAR,
                Some(Interpolation::LastForward) => descriptor::interpolation::LAST_FORWARD,
                Some(Interpolation::NextBackward) => descriptor::interpolation::NEXT_BACKWARD,
                Some(Interpolation::Constant) => descriptor::interpolation::CONSTANT,
            };
            self.words(&[interpolation, u32::from(covariate.tested_for_missing)]);
            self.bytes.extend(covariate.default.unwrap_or(f64::NAN).to_le_bytes());
        }
        address
    }

    /// Adds the defaults of parameters and returns their address.
    fn defaults(&mut self, module: &ir::Module) -> u32 {
        let address = self.align();
        for (_, parameter) in module.parameters.iter() {
            self.bytes.extend(parameter.default.unwrap_or(f64::NAN).to_le_bytes());
        }
        address
    }

    /// Adds the names of parameters, random effects and covariates, and returns the address of their table.
    fn names(&mut self, module: &ir::Module) -> u32 {
        let parameters = module.parameters.iter().map(|(_, parameter)| &parameter.name);
        let effects = module.random_effects.iter().map(|(_, effect)| &effect.name);
        let covariates = module.covariates.iter().map(|(_, covariate)| &covariate.name);
        let names: Vec<&String> = parameters.chain(effects).chain(covariates).collect();
        let pairs: Vec<u32> = names.into_iter().flat_map(|name| self.text(name)).collect();
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

/// Returns what a program needs of the kernel, as bits of [`descriptor::feature`].
fn features(program: &ir::Program) -> u32 {
    let linear = match program.linearity {
        // A linear drift does not make a system of which the exact solution is known.
        _ if program.module.kind == ir::Kind::Stochastic => 0,
        ir::Linearity::None => 0,
        ir::Linearity::UnlessSloped => descriptor::feature::LINEAR | descriptor::feature::SLOPED,
        ir::Linearity::Always => descriptor::feature::LINEAR,
    };
    let autonomous = if reads_time(&program.module) { 0 } else { descriptor::feature::AUTONOMOUS };
    let stochastic = match program.module.kind {
        ir::Kind::Stochastic => descriptor::feature::STOCHASTIC,
        ir::Kind::Ode | ir::Kind::Analytical => 0,
    };
    linear | autonomous | stochastic
}

/// Returns whether a right-hand side reads time, be it in a condition.
fn reads_time(module: &ir::Module) -> bool {
    let live = module.needed_by(module.derivatives());
    module
        .expressions
        .iter()
        .any(|(handle, expression)| live[handle.index()] && *expression == ir::Expr::Time)
}

/// Returns the bytes of the settings.
fn settings(options: &ir::Options) -> Vec<u8> {
    let reals = [options.relative_tolerance, options.absolute_tolerance, options.maximum_step, MAXIMUM_STEPS];
    let solver = match options.solver {
        Solver::Automatic => descriptor::solver::AUTOMATIC,
        Solver::Explicit => descriptor::solver::EXPLICIT,
        Solver::Stiff => descriptor::solver::STIFF,
    };
    let words = [solver, options.particles];
    let reals = reals.into_iter().flat_map(f64::to_le_bytes);
    let words = words.into_iter().flat_map(u32::to_le_bytes);
    reals.chain(words).chain(SEED.to_le_bytes()).collect()
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

//! The model trait on an instance of a module.

use pmc_abi::manifest::Manifest;
use pmc_abi::{Status, export};

use crate::engine::Value;
use crate::error::RunError;
use crate::imports::LogLine;
use crate::instance::Instance;
use crate::model::{Configuration, Inputs, Model, RouteProperties};
use crate::plugin::Plugin;
use crate::schedule::Schedule;

/// A model that runs in an instance of its own, made anew after a trap.
pub(crate) struct WasmModel {
    plugin: Plugin,
    configuration: Configuration,
    /// Bits of the last simulation.
    warnings: u32,
    /// Absent after a failure that ended the instance.
    live: Option<Live>,
}

/// An instance with what belongs to it.
struct Live {
    instance: Instance,
    handle: u32,
    /// A buffer for arguments and results, grown when a call needs more.
    buffer: Buffer,
}

/// A piece of the instance's memory that belongs to the host.
#[derive(Clone, Copy)]
struct Buffer {
    start: u32,
    size: u32,
}

impl WasmModel {
    /// Makes a model and its first instance, so that a wrong configuration is found at once.
    pub(crate) fn new(plugin: Plugin, configuration: Configuration) -> Result<Self, RunError> {
        let live = Live::new(&plugin, &configuration)?;
        Ok(Self { plugin, configuration, warnings: 0, live: Some(live) })
    }

    /// Runs `action` on the live instance, or a new one, and drops it after a fatal error.
    fn with<R>(
        &mut self,
        action: impl FnOnce(&mut Live, &Plugin) -> Result<R, RunError>,
    ) -> Result<R, RunError> {
        let mut live = match self.live.take() {
            Some(live) => live,
            None => Live::new(&self.plugin, &self.configuration)?,
        };
        let result = action(&mut live, &self.plugin);
        if !result.as_ref().is_err_and(RunError::ends_instance) {
            self.live = Some(live);
        }
        result
    }
}

impl Model for WasmModel {
    fn manifest(&self) -> &Manifest {
        self.plugin.manifest()
    }

    fn fork(&self) -> Result<Box<dyn Model>, RunError> {
        Ok(Box::new(Self::new(self.plugin.clone(), self.configuration.clone())?))
    }

    fn configure(&mut self, configuration: &Configuration) -> Result<(), RunError> {
        let replaced = self.with(|live, plugin| live.replace(plugin, configuration));
        match replaced {
            Ok(()) => self.configuration = configuration.clone(),
            // The old handle is gone: the next call makes an instance with the old configuration.
            Err(_) => self.live = None,
        }
        replaced
    }

    fn initial(&mut self, time: f64, inputs: &Inputs<'_>, state: &mut [f64]) -> Result<(), RunError> {
        inputs.check(self.plugin.manifest(), Some(state.len()))?;
        self.with(|live, plugin| {
            let places = live.place(&[inputs.rates, inputs.covariates], &[state.len()])?;
            let parameters = [live.handle.into(), time.into(), places.first.into(), places.results.into()];
            live.status(plugin, export::INITIAL, &parameters)?;
            live.instance.read_numbers(places.results, state)
        })
    }

    fn derivatives(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        inputs.check(self.plugin.manifest(), Some(state.len()))?;
        inputs.check(self.plugin.manifest(), Some(out.len()))?;
        self.with(|live, plugin| live.evaluate(plugin, export::DERIVATIVES, time, state, inputs, out))
    }

    fn jacobian(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), RunError> {
        inputs.check(self.plugin.manifest(), Some(state.len()))?;
        inputs.check(self.plugin.manifest(), Some(time_derivative.len()))?;
        RunError::check_matrix(matrix.len(), state.len())?;
        self.with(|live, plugin| {
            let results = [matrix.len(), time_derivative.len()];
            let places = live.place(&[state, inputs.rates, inputs.covariates], &results)?;
            let vector = places.results + 8 * matrix.len() as u32;
            let inputs = places.first + 8 * state.len() as u32;
            let [handle, state] = [live.handle.into(), places.first.into()];
            let parameters =
                [handle, time.into(), state, inputs.into(), places.results.into(), vector.into()];
            live.status(plugin, export::JACOBIAN, &parameters)?;
            live.instance.read_numbers(places.results, matrix)?;
            live.instance.read_numbers(vector, time_derivative)
        })
    }

    fn outputs(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        inputs.check(self.plugin.manifest(), Some(state.len()))?;
        RunError::check_outputs(out.len(), self.plugin.manifest())?;
        self.with(|live, plugin| live.evaluate(plugin, export::OUTPUTS, time, state, inputs, out))
    }

    fn route(&mut self, time: f64, route: u32, inputs: &Inputs<'_>) -> Result<RouteProperties, RunError> {
        inputs.check(self.plugin.manifest(), None)?;
        RunError::check_route(route, self.plugin.manifest())?;
        let mut values = [f64::NAN; 4];
        self.with(|live, plugin| {
            let places = live.place(&[inputs.rates, inputs.covariates], &[values.len()])?;
            let [handle, first] = [live.handle.into(), places.first.into()];
            let parameters = [handle, time.into(), route.into(), first, places.results.into()];
            live.status(plugin, export::ROUTE, &parameters)?;
            live.instance.read_numbers(places.results, &mut values)
        })?;
        Ok(RouteProperties::of(values))
    }

    fn simulate(&mut self, schedule: &Schedule) -> Result<Vec<f64>, RunError> {
        self.warnings = 0;
        let manifest = self.plugin.manifest();
        schedule.check(manifest)?;
        let mut out = vec![0.0; schedule.reports() * manifest.outputs.len() * (1 + self.quantiles().len())];
        let limits = self.plugin.limits();
        let fuel = limits.fuel_of_simulation(schedule.records.len(), &self.configuration, manifest);
        let bytes = schedule.to_bytes();
        let simulated = self.with(|live, plugin| live.simulate(plugin, fuel, &bytes, &mut out));
        self.warnings = simulated.map_err(|error| schedule.explain(error, self.plugin.manifest()))?;
        Ok(out)
    }

    fn warnings(&self) -> u32 {
        self.warnings
    }

    fn quantiles(&self) -> &[f64] {
        &self.configuration.quantiles
    }

    fn take_log(&mut self) -> Vec<LogLine> {
        self.live.as_mut().map(|live| live.instance.take_log()).unwrap_or_default()
    }
}

/// Where arguments and results of a call stand.
struct Places {
    first: u32,
    results: u32,
}

impl Live {
    fn new(plugin: &Plugin, configuration: &Configuration) -> Result<Self, RunError> {
        let mut instance = plugin.instantiate()?;
        let handle = create(&mut instance, plugin, configuration)?;
        Ok(Self { instance, handle, buffer: Buffer { start: 0, size: 0 } })
    }

    /// Replaces the handle by one with another configuration; without one on failure.
    fn replace(&mut self, plugin: &Plugin, configuration: &Configuration) -> Result<(), RunError> {
        // Plugins may have room for one handle only, so the old one goes first.
        self.instance.call::<()>(export::FREE, &[self.handle.into()])?;
        self.handle = create(&mut self.instance, plugin, configuration)?;
        Ok(())
    }

    /// Calls a function `(handle, t, state, inputs, out)`.
    fn evaluate(
        &mut self,
        plugin: &Plugin,
        name: &str,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        let places = self.place(&[state, inputs.rates, inputs.covariates], &[out.len()])?;
        let inputs = places.first + 8 * state.len() as u32;
        let [handle, state] = [self.handle.into(), places.first.into()];
        self.status(plugin, name, &[handle, time.into(), state, inputs.into(), places.results.into()])?;
        self.instance.read_numbers(places.results, out)
    }

    /// Runs a schedule with so much fuel; returns the bits of its warnings.
    fn simulate(
        &mut self,
        plugin: &Plugin,
        fuel: u64,
        schedule: &[u8],
        out: &mut [f64],
    ) -> Result<u32, RunError> {
        let start = self.reserve(schedule.len() + 8 * out.len())?;
        self.instance.write(start, schedule)?;
        let results = start.wrapping_add(schedule.len() as u32);
        let [length, capacity] = [schedule.len() as u32, out.len() as u32];
        let parameters = [self.handle, start, length, results, capacity].map(Value::from);
        let code: i32 = self.instance.call_with(fuel, export::SIMULATE, &parameters)?;
        self.instance.status(export::SIMULATE, code, plugin.manifest())?;
        self.instance.read_numbers(results, out)?;
        if !plugin.warns() {
            return Ok(0);
        }
        self.instance.call(export::WARNINGS, &[self.handle.into()])
    }

    /// Writes arguments one after another and makes room for results behind them.
    fn place(&mut self, arguments: &[&[f64]], results: &[usize]) -> Result<Places, RunError> {
        let given: usize = arguments.iter().map(|numbers| numbers.len()).sum();
        let wanted: usize = results.iter().sum();
        let first = self.reserve(8 * (given + wanted))?;
        let mut next = first;
        for numbers in arguments {
            self.instance.write_numbers(next, numbers)?;
            next = next.wrapping_add(8 * numbers.len() as u32);
        }
        Ok(Places { first, results: next })
    }

    /// Makes sure that the buffer has at least `size` bytes and returns its start.
    fn reserve(&mut self, size: usize) -> Result<u32, RunError> {
        let size = u32::try_from(size.max(8)).map_err(|_| RunError::from_status(Status::OutOfMemory))?;
        if self.buffer.size < size {
            if self.buffer.size > 0 {
                let Buffer { start, size } =
                    core::mem::replace(&mut self.buffer, Buffer { start: 0, size: 0 });
                self.instance.release(start, size)?;
            }
            self.buffer = Buffer { start: self.instance.allocate(size)?, size };
        }
        Ok(self.buffer.start)
    }

    fn status(&mut self, plugin: &Plugin, name: &str, parameters: &[Value]) -> Result<(), RunError> {
        let code: i32 = self.instance.call(name, parameters)?;
        self.instance.status(name, code, plugin.manifest())
    }
}

/// Makes a handle from a configuration.
fn create(instance: &mut Instance, plugin: &Plugin, configuration: &Configuration) -> Result<u32, RunError> {
    let json = plugin.limits().bound(configuration, plugin.manifest()).to_json()?;
    let length = json.len() as u32;
    let start = instance.allocate(length)?;
    instance.write(start, json.as_bytes())?;
    let handle: u32 = instance.call(export::CREATE, &[start.into(), length.into()])?;
    if handle == 0 {
        let otherwise = RunError::from_status(Status::BadJson);
        return Err(instance.last_error(otherwise, plugin.manifest()));
    }
    instance.release(start, length)?;
    Ok(handle)
}

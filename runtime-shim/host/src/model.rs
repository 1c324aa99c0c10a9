//! What every engine offers.

use pmc_abi::manifest::Manifest;
use serde_json::{Map, Value, json};

use crate::error::RunError;
use crate::imports::LogLine;
use crate::schedule::Schedule;

/// A model that runs, with its parameters; the same for every engine.
///
/// It may be sent to another thread; [`fork`](Self::fork) makes a copy for one cheaply.
pub trait Model: Send {
    /// Returns what the model says of itself.
    fn manifest(&self) -> &Manifest;

    /// Makes an independent copy with the same configuration.
    fn fork(&self) -> Result<Box<dyn Model>, RunError>;

    /// Replaces parameters and settings.
    fn configure(&mut self, configuration: &Configuration) -> Result<(), RunError>;

    /// Writes the initial values; `state` has one element per state.
    fn initial(&mut self, time: f64, inputs: &Inputs<'_>, state: &mut [f64]) -> Result<(), RunError>;

    /// Writes the time derivatives of the states.
    fn derivatives(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError>;

    /// Writes the partial derivatives of the right-hand side: `matrix[row * states + column]` with respect
    /// to states, `time_derivative[row]` with respect to time.
    fn jacobian(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), RunError>;

    /// Writes the outputs; `out` has one element per output.
    fn outputs(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError>;

    /// Returns the properties of a route, by its index, for a dose recorded at `time`.
    fn route(&mut self, time: f64, route: u32, inputs: &Inputs<'_>) -> Result<RouteProperties, RunError>;

    /// Runs the events and observations of one subject; returns the outputs of each record that asks for
    /// them, one row after another.
    ///
    /// A row of a stochastic model holds the means of the outputs, then for each of the [quantiles](Self::quantiles)
    /// that of each output.
    ///
    /// Values after a time at which the model stopped the system are NaN.
    fn simulate(&mut self, schedule: &Schedule) -> Result<Vec<f64>, RunError>;

    /// Runs one schedule as [`simulate`](Self::simulate) does; returns the [warnings](Self::warnings) with the outputs.
    fn simulate_one(&mut self, schedule: &Schedule) -> Result<Simulated, RunError> {
        let values = self.simulate(schedule)?;
        Ok(Simulated { values, warnings: self.warnings() })
    }

    /// Runs many schedules, one after another or side by side; returns one result for each, in their order.
    ///
    /// Each result has the same bits as that of [`simulate`](Self::simulate) for the schedule alone: an engine that
    /// runs several side by side keeps them apart, and one that fails leaves the others as they are.
    fn simulate_many(&mut self, schedules: &[Schedule]) -> Vec<Result<Simulated, RunError>> {
        schedules.iter().map(|schedule| self.simulate_one(schedule)).collect()
    }

    /// Returns the probabilities of the quantiles that rows of results hold beside the outputs.
    fn quantiles(&self) -> &[f64] {
        &[]
    }

    /// Returns what the author of the data should know of the last simulation, as bits of
    /// [`pmc_abi::warning`]; bits that the caller does not know mean nothing to it.
    ///
    /// 0 if there was none or it failed. The last simulation of [`simulate_many`](Self::simulate_many) is that of its last
    /// schedule, whichever ended last; what each has to say stands beside its outputs.
    fn warnings(&self) -> u32 {
        0
    }

    /// Takes the lines that the model logged since the last call.
    fn take_log(&mut self) -> Vec<LogLine> {
        Vec::new()
    }
}

/// A model that has been loaded and waits for parameters; the same for every engine.
pub trait Loaded: Send + Sync {
    /// Returns what the model says of itself.
    fn manifest(&self) -> &Manifest;

    /// Makes a model with the given parameters and settings.
    ///
    /// # Errors
    ///
    /// What the model finds wrong with the configuration, or a failure of the model.
    fn model(&self, configuration: &Configuration) -> Result<Box<dyn Model>, RunError>;
}

/// What came of a schedule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simulated {
    /// The outputs, as [`Model::simulate`] returns them.
    pub values: Vec<f64>,
    /// What the author of the data should know, as [`Model::warnings`] returns it.
    pub warnings: u32,
}

/// Parameters and settings of an instance; what is absent keeps the model's default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    /// Values of parameters by name; later entries win.
    pub parameters: Vec<(String, f64)>,
    /// Values of random effects by name; absent ones are 0.
    pub random_effects: Vec<(String, f64)>,
    /// Values of covariates by name, for calls outside a schedule.
    pub covariates: Vec<(String, f64)>,
    /// Relative tolerance.
    pub relative_tolerance: Option<f64>,
    /// Absolute tolerance.
    pub absolute_tolerance: Option<f64>,
    /// Largest step of the solver.
    pub maximum_step: Option<f64>,
    /// Most steps of a simulation.
    pub maximum_steps: Option<u64>,
    /// What only stochastic models have: number of particles.
    pub particles: Option<u32>,
    /// Seed of their random numbers, up to 2⁵³.
    pub seed: Option<u64>,
    /// Probabilities of the quantiles of outputs that rows of results hold, at most 16.
    pub quantiles: Vec<f64>,
}

impl Configuration {
    /// Makes a configuration of parameters only.
    pub fn of_parameters<'a>(parameters: impl IntoIterator<Item = (&'a str, f64)>) -> Self {
        let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { parameters, ..Self::default() }
    }

    /// Writes the document that `plugin_create` reads.
    ///
    /// # Errors
    ///
    /// A value that is not finite: JSON cannot say it.
    pub fn to_json(&self) -> Result<String, RunError> {
        let mut document = Map::new();
        let groups = [
            ("parameters", &self.parameters),
            ("random_effects", &self.random_effects),
            ("covariates", &self.covariates),
        ];
        for (group, values) in groups {
            if !values.is_empty() {
                document.insert(group.to_owned(), Value::Object(object(values)?));
            }
        }
        let mut solver = Map::new();
        let settings = [
            ("rtol", self.relative_tolerance),
            ("atol", self.absolute_tolerance),
            ("hmax", self.maximum_step),
        ];
        for (name, value) in settings {
            if let Some(value) = value {
                solver.insert(name.to_owned(), number(name, value)?);
            }
        }
        if let Some(steps) = self.maximum_steps {
            solver.insert("maximum_steps".to_owned(), json!(steps));
        }
        solver.extend(self.particles.map(|count| ("particles".to_owned(), json!(count))));
        solver.extend(self.seed.map(|seed| ("seed".to_owned(), json!(seed))));
        if !self.quantiles.is_empty() {
            let quantiles = self.quantiles.iter().map(|value| number("quantiles", *value));
            solver.insert("quantiles".to_owned(), quantiles.collect::<Result<_, _>>()?);
        }
        if !solver.is_empty() {
            document.insert("solver".to_owned(), Value::Object(solver));
        }
        Ok(Value::Object(document).to_string())
    }
}

fn object(values: &[(String, f64)]) -> Result<Map<String, Value>, RunError> {
    values.iter().map(|(name, value)| Ok((name.clone(), number(name, *value)?))).collect()
}

fn number(name: &str, value: f64) -> Result<Value, RunError> {
    if value.is_finite() {
        Ok(json!(value))
    } else {
        Err(RunError::bad_value(format!("`{name}` is {value}, expected a finite number")))
    }
}

/// What drives a model from outside at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs<'a> {
    /// Infusion rate of each route.
    pub rates: &'a [f64],
    /// Value of each covariate; NaN where there is none.
    pub covariates: &'a [f64],
}

impl Inputs<'_> {
    /// Checks the lengths of what the caller gives, with the number of its states if there are any.
    pub(crate) fn check(&self, manifest: &Manifest, states: Option<usize>) -> Result<(), RunError> {
        let lengths = [
            ("states", states.unwrap_or(manifest.states.len()), manifest.states.len()),
            ("rates", self.rates.len(), manifest.routes.len()),
            ("covariates", self.covariates.len(), manifest.covariates.len()),
        ];
        match lengths.iter().find(|(_, found, expected)| found != expected) {
            Some((what, found, expected)) => {
                Err(RunError::bad_value(format!("{found} {what} given, expected {expected}")))
            }
            None => Ok(()),
        }
    }
}

impl RunError {
    /// Checks the length of a matrix.
    pub(crate) fn check_matrix(found: usize, states: usize) -> Result<(), Self> {
        let expected = states * states;
        if found == expected {
            return Ok(());
        }
        Err(Self::bad_value(format!("a matrix of {found} given, expected {expected}")))
    }

    /// Checks the number of outputs.
    pub(crate) fn check_outputs(found: usize, manifest: &Manifest) -> Result<(), Self> {
        let expected = manifest.outputs.len();
        if found == expected {
            return Ok(());
        }
        Err(Self::bad_value(format!("{found} outputs given, expected {expected}")))
    }

    /// Checks the number of a route.
    pub(crate) fn check_route(route: u32, manifest: &Manifest) -> Result<(), Self> {
        if (route as usize) < manifest.routes.len() {
            return Ok(());
        }
        Err(Self::bad_value(format!("the model has no route {route}")))
    }
}

impl RouteProperties {
    /// Takes lag, bioavailability, rate and duration, the last two NaN where the model does not define them.
    pub(crate) fn of([lag, bioavailability, rate, duration]: [f64; 4]) -> Self {
        let defined = |value: f64| (!value.is_nan()).then_some(value);
        Self { lag, bioavailability, rate: defined(rate), duration: defined(duration) }
    }
}

/// How doses on a route enter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RouteProperties {
    /// Delay of doses; 0 if the model defines none.
    pub lag: f64,
    /// Fraction that enters; 1 if the model defines none.
    pub bioavailability: f64,
    /// Modelled rate, if the model defines it.
    pub rate: Option<f64>,
    /// Modelled duration, if the model defines it.
    pub duration: Option<f64>,
}

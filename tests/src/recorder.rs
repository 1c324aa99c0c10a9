//! What comes of the data of a model, schedule by schedule.

use pmc_abi::manifest::Manifest;
use pmc_host::{Configuration, Inputs, Loaded, Model, RouteProperties, RunError, Schedule};
use pmc_simulation::Rows;

use crate::line::dataset;

/// A schedule with what came of it.
pub type Recorded = (Schedule, Result<Vec<f64>, RunError>);

/// Predicts data; returns the schedules that the model is given for it, in order, with what it makes of them.
///
/// # Panics
/// When the data are not sound, or the model does not take the configuration.
pub fn record(loaded: &dyn Loaded, configuration: &Configuration, data: &str) -> Vec<Recorded> {
    let dataset = dataset(data, loaded.manifest());
    let model = loaded.model(configuration).unwrap_or_else(|error| panic!("{error}"));
    let mut recorder = Recorder { model, runs: Vec::new() };
    pmc_simulation::predict(&mut recorder, &dataset, Rows::All).unwrap_or_else(|error| panic!("{error}"));
    recorder.runs
}

/// A model that remembers what it was asked to simulate.
struct Recorder {
    model: Box<dyn Model>,
    runs: Vec<Recorded>,
}

impl Model for Recorder {
    fn manifest(&self) -> &Manifest {
        self.model.manifest()
    }

    fn fork(&self) -> Result<Box<dyn Model>, RunError> {
        self.model.fork()
    }

    fn configure(&mut self, configuration: &Configuration) -> Result<(), RunError> {
        self.model.configure(configuration)
    }

    fn initial(&mut self, time: f64, inputs: &Inputs<'_>, state: &mut [f64]) -> Result<(), RunError> {
        self.model.initial(time, inputs, state)
    }

    fn derivatives(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        self.model.derivatives(time, state, inputs, out)
    }

    fn jacobian(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), RunError> {
        self.model.jacobian(time, state, inputs, matrix, time_derivative)
    }

    fn outputs(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        self.model.outputs(time, state, inputs, out)
    }

    fn route(&mut self, time: f64, route: u32, inputs: &Inputs<'_>) -> Result<RouteProperties, RunError> {
        self.model.route(time, route, inputs)
    }

    fn simulate(&mut self, schedule: &Schedule) -> Result<Vec<f64>, RunError> {
        let result = self.model.simulate(schedule);
        self.runs.push((schedule.clone(), result.clone()));
        result
    }

    fn warnings(&self) -> u32 {
        self.model.warnings()
    }

    fn quantiles(&self) -> &[f64] {
        self.model.quantiles()
    }
}

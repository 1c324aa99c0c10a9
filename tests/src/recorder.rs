//! A model that remembers what it is asked to simulate.

use pmc_abi::manifest::Manifest;
use pmc_host::{Configuration, Inputs, Model, RouteProperties, RunError, Schedule};

/// A model that remembers the schedules which it is given.
pub struct Recorder {
    model: Box<dyn Model>,
    /// The schedules, in order.
    pub schedules: Vec<Schedule>,
}

impl Recorder {
    /// Makes one around a model.
    pub fn new(model: Box<dyn Model>) -> Self {
        Self { model, schedules: Vec::new() }
    }
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
        self.schedules.push(schedule.clone());
        self.model.simulate(schedule)
    }

    fn quantiles(&self) -> &[f64] {
        self.model.quantiles()
    }
}

//! A model with a closed form.

use pmc_abi::manifest::{Manifest, Parameter, Route};
use pmc_abi::schedule::event;
use pmc_abi::warning;
use pmc_host::{
    Configuration, Inputs, Model, RouteProperties, RunError, Schedule, ScheduleRecord, Simulated, SteadyState,
};

use crate::support::manifest;

/// One compartment with boluses only, solved exactly: `cp = Σ dose · exp(-k (t - t_dose)) / v`.
#[derive(Clone)]
pub(crate) struct OneCompartment {
    manifest: Manifest,
    k: f64,
    v: f64,
    /// Values after this time are none.
    pub(crate) stop: f64,
    /// How many schedules were handed over at a time.
    pub(crate) together: Vec<usize>,
    /// Bits of the last simulation: a steady state with an interval below 1 has too long a lag.
    warnings: u32,
}

impl OneCompartment {
    /// Makes the model with elimination rate `k` and volume `v`.
    pub(crate) fn new(k: f64, v: f64) -> Self {
        let full = manifest();
        let parameter = |name: &str, default| Parameter {
            name: name.to_owned(),
            unit: None,
            default: Some(default),
            lower: None,
            upper: None,
            transform: None,
            fixed: false,
            label: None,
        };
        let manifest = Manifest {
            name: "bolus".to_owned(),
            parameters: vec![parameter("k", k), parameter("v", v)],
            covariates: Vec::new(),
            states: full.states[1..].to_vec(),
            routes: vec![Route { input: "bolus".to_owned(), destination: Some(0), ..full.routes[1].clone() }],
            outputs: full.outputs[..1].to_vec(),
            ..full
        };
        Self { manifest, k, v, stop: f64::INFINITY, together: Vec::new(), warnings: 0 }
    }
}

impl Model for OneCompartment {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn fork(&self) -> Result<Box<dyn Model>, RunError> {
        Ok(Box::new(self.clone()))
    }

    fn configure(&mut self, _: &Configuration) -> Result<(), RunError> {
        Ok(())
    }

    fn initial(&mut self, _: f64, _: &Inputs<'_>, state: &mut [f64]) -> Result<(), RunError> {
        state.fill(0.0);
        Ok(())
    }

    fn derivatives(
        &mut self,
        _: f64,
        state: &[f64],
        _: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        out[0] = -self.k * state[0];
        Ok(())
    }

    fn jacobian(
        &mut self,
        _: f64,
        _: &[f64],
        _: &Inputs<'_>,
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), RunError> {
        matrix[0] = -self.k;
        time_derivative[0] = 0.0;
        Ok(())
    }

    fn outputs(&mut self, _: f64, state: &[f64], _: &Inputs<'_>, out: &mut [f64]) -> Result<(), RunError> {
        out[0] = state[0] / self.v;
        Ok(())
    }

    fn route(&mut self, _: f64, _: u32, _: &Inputs<'_>) -> Result<RouteProperties, RunError> {
        Ok(RouteProperties { lag: 0.0, bioavailability: 1.0, rate: None, duration: None })
    }

    fn simulate(&mut self, schedule: &Schedule) -> Result<Vec<f64>, RunError> {
        let mut doses: Vec<(f64, f64)> = Vec::new();
        let mut out = Vec::new();
        let reduced =
            |record: &ScheduleRecord| record.steady_state != SteadyState::None && record.interval < 1.0;
        self.warnings = if schedule.records.iter().any(reduced) { warning::LAG_REDUCED } else { 0 };
        for record in &schedule.records {
            if matches!(record.event, event::RESET | event::RESET_AND_DOSE) {
                doses.clear();
            }
            if matches!(record.event, event::DOSE | event::RESET_AND_DOSE) {
                let times = (0..=record.additional).map(|n| record.time + f64::from(n) * record.interval);
                doses.extend(times.map(|time| (time, record.amount)));
            }
            if record.report {
                let given = doses.iter().filter(|(time, _)| *time <= record.time);
                let left = given.map(|(time, amount)| amount * pmc_math::exp(-self.k * (record.time - time)));
                let value = left.fold(0.0, |sum, amount| sum + amount) / self.v;
                out.push(if record.time <= self.stop { value } else { f64::NAN });
            }
            if record.amount > 1e6 {
                return Err(RunError::bad_value("too large a dose"));
            }
        }
        Ok(out)
    }

    /// Runs the last schedule first, as an engine may.
    fn simulate_many(&mut self, schedules: &[Schedule]) -> Vec<Result<Simulated, RunError>> {
        self.together.push(schedules.len());
        let mut results: Vec<_> =
            schedules.iter().rev().map(|schedule| self.simulate_one(schedule)).collect();
        results.reverse();
        results
    }

    fn warnings(&self) -> u32 {
        self.warnings
    }
}

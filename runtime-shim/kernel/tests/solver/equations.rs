//! Systems with parameters and an exact Jacobian, as models.

use pmc_abi::descriptor::{Descriptor, Dynamics, SolverSettings, solver};
use pmc_abi::frame::FrameLayout;
use pmc_kernel::solver::{Integrator, Statistics, workspace_length};
use pmc_kernel::{Failure, Model, System};

use crate::problems::settings;

/// A system that does not depend on time.
pub(crate) trait Equations {
    /// Number of states.
    fn states(&self) -> usize;

    /// Writes the right-hand side.
    fn derivatives(&self, y: &[f64], out: &mut [f64]);

    /// Writes the entries of the Jacobian that are not identically zero.
    fn jacobian(&self, y: &[f64], matrix: &mut [f64]);
}

/// A system as a model.
pub(crate) struct Exact<E>(pub(crate) E);

impl<E: Equations> Exact<E> {
    /// Integrates over equal intervals, adding doses to the first state at the start of each; returns the state at the
    /// end and the counts.
    pub(crate) fn dosed(
        &self,
        mut state: Vec<f64>,
        (doses, amount, interval): (u32, f64, f64),
        settings: SolverSettings,
    ) -> Result<(Vec<f64>, Statistics), Failure> {
        let mut workspace = vec![f64::NAN; workspace_length(state.len())];
        let mut integrator = Integrator::new(&mut workspace, settings);
        let mut system = System::new(self, &mut []);
        for dose in 0..doses {
            let (start, end) = (interval * f64::from(dose), interval * f64::from(dose + 1));
            state[0] += amount;
            integrator.restart(&mut system, start, &state);
            integrator.advance(&mut system, end, end)?;
            integrator.state_at(end, &mut state);
        }
        Ok((state, integrator.statistics()))
    }
}

impl<E: Equations> Model for Exact<E> {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: FrameLayout {
                parameters: 0,
                random_effects: 0,
                covariates: 0,
                routes: 0,
                variables: 0,
                staged: 0,
            },
            states: self.0.states() as u32,
            outputs: 0,
            routes: &[],
            covariates: &[],
            dynamics: Dynamics::PLAIN,
            settings: settings(1e-6, 1e-9, solver::AUTOMATIC),
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state.fill(0.0);
    }

    fn derivatives(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        self.0.derivatives(state, out);
    }

    fn jacobian(&self, _t: f64, _frame: &[f64], state: &[f64], matrix: &mut [f64], _time: &mut [f64]) {
        self.0.jacobian(state, matrix);
    }

    fn outputs(&self, _t: f64, _frame: &[f64], _state: &[f64], _out: &mut [f64]) {}

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        0.0
    }
}

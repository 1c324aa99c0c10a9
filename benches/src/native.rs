//! A model in Rust over the kernel, compiled natively, with memory to run in.

use pmc_abi::descriptor::SolverSettings;
use pmc_kernel::Model;
use pmc_kernel::dosing::{Doses, Schedule, Track, Workspace, simulate};
use pmc_kernel::solver::Statistics;

/// A model with memory to run in.
pub struct Native<M> {
    model: M,
    parameters: Vec<f64>,
    settings: SolverSettings,
    numbers: Vec<f64>,
    tracks: Vec<Track>,
    doses: Doses,
    outputs: Vec<f64>,
}

impl<M: Model> Native<M> {
    /// Makes it, ready to run.
    pub fn new(model: M, parameters: Vec<f64>, settings: SolverSettings) -> Self {
        let numbers = vec![0.0; Workspace::numbers(&model.descriptor())];
        let tracks = vec![Track::default(); model.descriptor().covariates.len()];
        let (doses, outputs) = (Doses::new(), Vec::new());
        Self { model, parameters, settings, numbers, tracks, doses, outputs }
    }

    /// Runs a schedule in the layout of the contract; returns what the solver did.
    pub fn simulate(&mut self, words: &[u64]) -> Statistics {
        let descriptor = self.model.descriptor();
        let schedule = Schedule::new(words, &descriptor).expect("the workload is sound");
        self.outputs.resize(schedule.reports() * descriptor.outputs as usize, 0.0);
        let mut workspace =
            Workspace { numbers: &mut self.numbers, tracks: &mut self.tracks, doses: &mut self.doses };
        workspace.parameters(&descriptor.layout).copy_from_slice(&self.parameters);
        simulate(&self.model, workspace, self.settings, &schedule, &mut self.outputs)
            .expect("the workload can be integrated")
            .statistics
    }

    /// Returns the outputs of the last run.
    pub fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    /// Returns the model.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// Returns the numbers that it works in: the frame first.
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    /// Returns the number of states.
    pub fn states(&self) -> usize {
        self.model.descriptor().states as usize
    }

    /// Evaluates the right-hand side once, with the parameters of the last run.
    ///
    /// A call of a function, so that engines are compared with what a solver calls that was compiled without the model.
    #[inline(never)]
    pub fn derivatives(&self, state: &[f64], out: &mut [f64]) {
        self.model.derivatives(1.0, &self.numbers, state, out);
    }
}

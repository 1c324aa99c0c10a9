//! Initial-value solvers: an explicit pair, an L-stable Rosenbrock method, and the switch between them.

use pmc_abi::descriptor::SolverSettings;

use crate::{Failure, Model, System};

/// Returns the number of `f64`s that an [`Integrator`] for this many states works in.
pub const fn workspace_length(states: usize) -> usize {
    states
}

/// Counts of what an integrator has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Accepted steps.
    pub accepted: u32,
    /// Rejected steps.
    pub rejected: u32,
    /// Evaluations of the right-hand side.
    pub derivatives: u32,
    /// Evaluations of the Jacobian.
    pub jacobians: u32,
    /// Switches between explicit and stiff method.
    pub switches: u32,
}

/// Advances one system through time and knows its solution on the last step.
pub struct Integrator<'a> {
    #[allow(dead_code)]
    workspace: &'a mut [f64],
    #[allow(dead_code)]
    settings: SolverSettings,
}

impl<'a> Integrator<'a> {
    /// Makes an integrator over a workspace of at least [`workspace_length`] elements.
    pub fn new(workspace: &'a mut [f64], settings: SolverSettings) -> Self {
        Self { workspace, settings }
    }

    /// Starts at a time and state, or starts again after any discontinuity of state or right-hand side.
    ///
    /// The step size of the past and the choice of method serve as hints, never as facts.
    pub fn restart<M: Model>(&mut self, _system: &mut System<'_, M>, _t: f64, _state: &[f64]) {}

    /// Takes steps until the solution is known at `target`, evaluating nothing beyond `barrier`.
    ///
    /// `barrier >= target` is the next time at which right-hand side or state may jump; steps end on it
    /// exactly. Between them the solution may be known well past `target` already.
    pub fn advance<M: Model>(
        &mut self,
        _system: &mut System<'_, M>,
        _target: f64,
        _barrier: f64,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// Writes the solution at a time within the last step, ends included (there exactly).
    pub fn state_at(&self, _t: f64, _out: &mut [f64]) {}

    /// Returns what has been done so far.
    pub fn statistics(&self) -> Statistics {
        Statistics::default()
    }
}

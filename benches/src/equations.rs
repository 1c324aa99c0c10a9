//! Equations by hand, with one route and without covariates, as models of the kernel.

use pmc_abi::descriptor::{
    Descriptor, Dynamics, MOST_EXACT_STATES, RouteDescriptor, SolverSettings, feature, input, solver,
};
use pmc_abi::frame::FrameLayout;
use pmc_abi::route_property;
use pmc_kernel::Model;

/// Settings of the models; every workload has its own.
const SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 1e-6,
    absolute_tolerance: 1e-6,
    maximum_step: f64::INFINITY,
    maximum_steps: 1e6,
    solver: solver::AUTOMATIC,
    particles: 0,
    seed: 0,
};

/// Equations with one route, into the first state, and without covariates.
///
/// Where a frame is given it starts with the parameters: `p[0]` is the first of them, `s[0]` the first staged value.
pub trait Equations {
    /// Number of states.
    const STATES: usize;
    /// Number of outputs.
    const OUTPUTS: u32 = 1;
    /// Number of parameters.
    const PARAMETERS: usize;
    /// Number of staged values.
    const STAGED: usize;
    /// Bits of the properties that the route has: a parameter's index each.
    const BIOAVAILABILITY: Option<usize> = None;

    /// Stages what depends on parameters only.
    fn stage(p: &[f64], s: &mut [f64]);

    /// Writes initial values to a state of zeros.
    fn initial(_p: &[f64], _state: &mut [f64]) {}

    /// Writes the right-hand side.
    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]);

    /// Writes the Jacobian, `matrix[row * STATES + column]`, over zeros.
    fn jacobian(p: &[f64], s: &[f64], y: &[f64], matrix: &mut [f64]);

    /// Writes the outputs.
    fn outputs(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]);
}

/// Equations as a model.
#[derive(Clone, Copy, Debug)]
pub struct Handwritten<E> {
    _equations: E,
    /// Bits of [`feature`].
    features: u32,
}

impl<E: Equations> Handwritten<E> {
    const LAYOUT: FrameLayout = FrameLayout {
        parameters: E::PARAMETERS as u32,
        random_effects: 0,
        covariates: 0,
        routes: 1,
        variables: 0,
        staged: E::STAGED as u32,
    };

    const ROUTES: [RouteDescriptor; 1] = [RouteDescriptor {
        destination: 0,
        input: input::BOLUS,
        properties: if E::BIOAVAILABILITY.is_some() { 1 << route_property::BIOAVAILABILITY } else { 0 },
        reserved: 0,
    }];

    /// Makes a model of equations.
    pub const fn new(equations: E) -> Self {
        Self { _equations: equations, features: feature::AUTONOMOUS | feature::STANDING }
    }

    /// Says that the equations are linear.
    pub const fn linear(equations: E) -> Self {
        let is_small = E::STATES <= MOST_EXACT_STATES as usize;
        let linear = if is_small { feature::LINEAR } else { feature::LARGE };
        Self { _equations: equations, features: feature::AUTONOMOUS | feature::STANDING | linear }
    }

    /// Returns parameters and staged values.
    fn parts(frame: &[f64]) -> (&[f64], &[f64]) {
        let (before, staged) = frame.split_at(Self::LAYOUT.staged() as usize);
        (&before[Self::LAYOUT.parameter() as usize..][..E::PARAMETERS], &staged[..E::STAGED])
    }
}

impl<E: Equations> Model for Handwritten<E> {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: Self::LAYOUT,
            states: E::STATES as u32,
            outputs: E::OUTPUTS,
            routes: const { &Self::ROUTES },
            covariates: &[],
            dynamics: Dynamics { features: self.features, ..Dynamics::PLAIN },
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, frame: &mut [f64]) {
        let (before, staged) = frame.split_at_mut(Self::LAYOUT.staged() as usize);
        E::stage(&before[Self::LAYOUT.parameter() as usize..], staged);
    }

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, frame: &[f64], state: &mut [f64]) {
        state.fill(0.0);
        E::initial(Self::parts(frame).0, state);
    }

    fn derivatives(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let (parameters, staged) = Self::parts(frame);
        E::derivatives(parameters, staged, &state[..E::STATES], &mut out[..E::STATES]);
    }

    fn jacobian(&self, _t: f64, frame: &[f64], state: &[f64], matrix: &mut [f64], _time: &mut [f64]) {
        let (parameters, staged) = Self::parts(frame);
        E::jacobian(parameters, staged, &state[..E::STATES], &mut matrix[..E::STATES * E::STATES]);
    }

    fn outputs(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let (parameters, staged) = Self::parts(frame);
        E::outputs(parameters, staged, state, out);
    }

    fn route_property(&self, _t: f64, frame: &[f64], _route: u32, _property: u32) -> f64 {
        E::BIOAVAILABILITY.map_or(f64::NAN, |parameter| Self::parts(frame).0[parameter])
    }
}

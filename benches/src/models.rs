//! The benchmark's models by hand, as one would write them for speed: staged like the compiler stages them, and
//! known to the solver at compile time.

use pmc_abi::descriptor::{Descriptor, Dynamics, RouteDescriptor, SolverSettings, feature, input, solver};
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
        Self { _equations: equations, features: feature::AUTONOMOUS }
    }

    /// Says that the equations are linear.
    pub const fn linear(equations: E) -> Self {
        Self { _equations: equations, features: feature::AUTONOMOUS | feature::LINEAR }
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

/// `models/one_compartment.pk`.
#[derive(Clone, Copy, Debug)]
pub struct OneCompartment;

impl Equations for OneCompartment {
    const STATES: usize = 2;
    const PARAMETERS: usize = 3;
    const STAGED: usize = 1;

    fn stage(p: &[f64], s: &mut [f64]) {
        s[0] = p[1] / p[2];
    }

    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = -p[0] * y[0];
        out[1] = p[0] * y[0] - s[0] * y[1];
    }

    fn jacobian(p: &[f64], s: &[f64], _y: &[f64], matrix: &mut [f64]) {
        matrix[0] = -p[0];
        matrix[2] = p[0];
        matrix[3] = -s[0];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[2];
    }
}

/// `models/pkpd.pk`; staged are the reciprocals of the volumes.
#[derive(Clone, Copy, Debug)]
pub struct PkPd;

impl Equations for PkPd {
    const STATES: usize = 6;
    const OUTPUTS: u32 = 2;
    const PARAMETERS: usize = 11;
    const STAGED: usize = 0;

    fn stage(_p: &[f64], _s: &mut [f64]) {}

    fn initial(p: &[f64], state: &mut [f64]) {
        state[4] = p[8] / p[9];
        state[5] = p[8] / p[10];
    }

    fn derivatives(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        let c = y[1] / p[2];
        let exchange = p[3] * (c - y[2] / p[4]);
        let release = p[9] * (1.0 - p[6] * y[3] / (p[7] + y[3])) * y[4];
        out[0] = -p[0] * y[0];
        out[1] = p[0] * y[0] - p[1] * c - exchange;
        out[2] = exchange;
        out[3] = p[5] * (c - y[3]);
        out[4] = p[8] - release;
        out[5] = release - p[10] * y[5];
    }

    fn jacobian(p: &[f64], _s: &[f64], y: &[f64], matrix: &mut [f64]) {
        let saturation = p[7] + y[3];
        let drive = p[9] * (1.0 - p[6] * y[3] / saturation);
        let slope = -p[9] * p[6] * p[7] / (saturation * saturation) * y[4];
        matrix[0] = -p[0];
        matrix[6] = p[0];
        matrix[7] = -(p[1] + p[3]) / p[2];
        matrix[8] = p[3] / p[4];
        matrix[13] = p[3] / p[2];
        matrix[14] = -p[3] / p[4];
        matrix[19] = p[5] / p[2];
        matrix[21] = -p[5];
        matrix[27] = -slope;
        matrix[28] = -drive;
        matrix[33] = slope;
        matrix[34] = drive;
        matrix[35] = -p[10];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[2];
        out[1] = y[5];
    }
}

/// `examples/tmdd/tmdd.pk`, of which only the subcutaneous route is used.
#[derive(Clone, Copy, Debug)]
pub struct Tmdd;

impl Equations for Tmdd {
    const STATES: usize = 5;
    const OUTPUTS: u32 = 3;
    const PARAMETERS: usize = 11;
    const STAGED: usize = 0;
    const BIOAVAILABILITY: Option<usize> = Some(5);

    fn stage(_p: &[f64], _s: &mut [f64]) {}

    fn initial(p: &[f64], state: &mut [f64]) {
        state[3] = p[10];
    }

    fn derivatives(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        let c = y[1] / p[1];
        let binding = p[6] * c * y[3] - p[7] * y[4];
        let exchange = p[2] * (c - y[2] / p[3]);
        out[0] = -p[4] * y[0];
        out[1] = p[4] * y[0] - p[0] * c - exchange - binding * p[1];
        out[2] = exchange;
        out[3] = p[9] * (p[10] - y[3]) - binding;
        out[4] = binding - p[8] * y[4];
    }

    fn jacobian(p: &[f64], _s: &[f64], y: &[f64], matrix: &mut [f64]) {
        let by_central = p[6] * y[3] / p[1];
        let by_target = p[6] * y[1] / p[1];
        matrix[0] = -p[4];
        matrix[5] = p[4];
        matrix[6] = -(p[0] + p[2]) / p[1] - by_central * p[1];
        matrix[7] = p[2] / p[3];
        matrix[8] = -by_target * p[1];
        matrix[9] = p[7] * p[1];
        matrix[11] = p[2] / p[1];
        matrix[12] = -p[2] / p[3];
        matrix[16] = -by_central;
        matrix[18] = -p[9] - by_target;
        matrix[19] = p[7];
        matrix[21] = by_central;
        matrix[23] = by_target;
        matrix[24] = -p[7] - p[8];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[1] / p[1];
        out[1] = y[3];
        out[2] = y[4] / (y[3] + y[4]);
    }
}

/// Number of compartments in the chain of [`Transit`].
const CHAIN: usize = 100;

/// `models/transit.pk`.
#[derive(Clone, Copy, Debug)]
pub struct Transit;

impl Equations for Transit {
    const STATES: usize = CHAIN + 2;
    const PARAMETERS: usize = 4;
    const STAGED: usize = 2;

    fn stage(p: &[f64], s: &mut [f64]) {
        s[0] = (CHAIN + 1) as f64 / p[0];
        s[1] = p[1] / p[2];
    }

    fn derivatives(p: &[f64], s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = -s[0] * y[0];
        for i in 1..CHAIN {
            out[i] = s[0] * (y[i - 1] - y[i]);
        }
        out[CHAIN] = s[0] * y[CHAIN - 1] - p[3] * y[CHAIN];
        out[CHAIN + 1] = p[3] * y[CHAIN] - s[1] * y[CHAIN + 1];
    }

    fn jacobian(p: &[f64], s: &[f64], _y: &[f64], matrix: &mut [f64]) {
        let n = Self::STATES;
        for i in 0..CHAIN {
            matrix[i * n + i] = -s[0];
            matrix[(i + 1) * n + i] = s[0];
        }
        matrix[CHAIN * n + CHAIN] = -p[3];
        matrix[(CHAIN + 1) * n + CHAIN] = p[3];
        matrix[(CHAIN + 1) * n + CHAIN + 1] = -s[1];
    }

    fn outputs(p: &[f64], _s: &[f64], y: &[f64], out: &mut [f64]) {
        out[0] = y[CHAIN + 1] / p[2];
    }
}

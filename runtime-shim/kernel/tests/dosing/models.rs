//! Models written by hand.

use pmc_abi::descriptor::{CovariateDescriptor, Descriptor, Dynamics, RouteDescriptor, input};
use pmc_abi::frame::FrameLayout;
use pmc_abi::route_property;
use pmc_kernel::Model;

use crate::support::SETTINGS;

/// One compartment with a depot.
///
/// Parameters: absorption rate, clearance, volume, then lag, bioavailability, rate and duration of route 1, then the
/// initial amount in the central compartment. Route 0 enters the depot, route 1 the central compartment. Outputs:
/// concentration, time since the last dose, number of doses, infusion rate of route 1.
pub(crate) struct Oral;

/// Parameters of [`Oral`] for the scenarios of NONMEM: lag 0, bioavailability 1.
pub(crate) const ORAL: [f64; 8] = [1.5, 1.1, 20.0, 0.0, 1.0, 10.0, 2.0, 0.0];

const ORAL_LAYOUT: FrameLayout =
    FrameLayout { parameters: 8, random_effects: 0, covariates: 0, routes: 2, variables: 0, staged: 1 };

const ANY: u32 = input::BOLUS | input::INFUSION;

const ORAL_ROUTES: [RouteDescriptor; 2] = [
    RouteDescriptor { destination: 0, input: ANY, properties: 0, reserved: 0 },
    RouteDescriptor { destination: 1, input: ANY, properties: 0b1111, reserved: 0 },
];

impl Model for Oral {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: ORAL_LAYOUT,
            states: 2,
            outputs: 4,
            routes: &ORAL_ROUTES,
            covariates: &[],
            dynamics: Dynamics::PLAIN,
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, frame: &mut [f64]) {
        frame[ORAL_LAYOUT.staged() as usize] = frame[5] / frame[6];
    }

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, frame: &[f64], state: &mut [f64]) {
        state.copy_from_slice(&[0.0, frame[11]]);
    }

    fn derivatives(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let rates = &frame[ORAL_LAYOUT.rate() as usize..];
        let absorbed = frame[4] * state[0];
        out[0] = rates[0] - absorbed;
        out[1] = rates[1] + absorbed - frame[ORAL_LAYOUT.staged() as usize] * state[1];
    }

    fn jacobian(
        &self,
        _t: f64,
        frame: &[f64],
        _state: &[f64],
        matrix: &mut [f64],
        _time_derivative: &mut [f64],
    ) {
        matrix[0] = -frame[4];
        matrix[2] = frame[4];
        matrix[3] = -frame[ORAL_LAYOUT.staged() as usize];
    }

    fn outputs(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = state[1] / frame[6];
        out[1] = t - frame[FrameLayout::LAST_DOSE as usize];
        out[2] = frame[FrameLayout::DOSE_NUMBER as usize];
        out[3] = frame[ORAL_LAYOUT.rate() as usize + 1];
    }

    fn route_property(&self, _t: f64, frame: &[f64], route: u32, property: u32) -> f64 {
        assert_eq!(route, 1, "only route 1 announces properties");
        let parameter = match property {
            route_property::LAG => 7,
            route_property::BIOAVAILABILITY => 8,
            route_property::RATE => 9,
            _ => 10,
        };
        frame[parameter]
    }
}

/// Two compartments, dosed centrally. Parameters: rate constants of elimination, of exchange outwards and back.
/// Output: the central amount.
pub(crate) struct Disposition;

const DISPOSITION_LAYOUT: FrameLayout =
    FrameLayout { parameters: 3, random_effects: 0, covariates: 0, routes: 1, variables: 0, staged: 0 };

const DISPOSITION_ROUTES: [RouteDescriptor; 1] =
    [RouteDescriptor { destination: 0, input: ANY, properties: 0, reserved: 0 }];

impl Model for Disposition {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: DISPOSITION_LAYOUT,
            states: 2,
            outputs: 1,
            routes: &DISPOSITION_ROUTES,
            covariates: &[],
            dynamics: Dynamics::PLAIN,
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state.fill(0.0);
    }

    fn derivatives(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let rate = frame[DISPOSITION_LAYOUT.rate() as usize];
        let exchange = frame[5] * state[0] - frame[6] * state[1];
        out[0] = rate - frame[4] * state[0] - exchange;
        out[1] = exchange;
    }

    fn jacobian(
        &self,
        _t: f64,
        frame: &[f64],
        _state: &[f64],
        matrix: &mut [f64],
        _time_derivative: &mut [f64],
    ) {
        matrix.copy_from_slice(&[-frame[4] - frame[5], frame[6], frame[5], -frame[6]]);
    }

    fn outputs(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = state[0];
    }

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        f64::NAN
    }
}

/// The integral of a covariate; a bolus on its route counts as much as the covariate is at that time.
///
/// Outputs: the integral, the covariate, whether it is missing.
pub(crate) struct Exposure {
    pub(crate) covariate: CovariateDescriptor,
}

const EXPOSURE_LAYOUT: FrameLayout =
    FrameLayout { parameters: 0, random_effects: 0, covariates: 1, routes: 1, variables: 0, staged: 1 };

const EXPOSURE_ROUTES: [RouteDescriptor; 1] = [RouteDescriptor {
    destination: 0,
    input: ANY,
    properties: 1 << route_property::BIOAVAILABILITY,
    reserved: 0,
}];

impl Model for Exposure {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: EXPOSURE_LAYOUT,
            states: 1,
            outputs: 3,
            routes: &EXPOSURE_ROUTES,
            covariates: core::slice::from_ref(&self.covariate),
            dynamics: Dynamics::PLAIN,
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, t: f64, frame: &mut [f64]) {
        let start = frame[FrameLayout::SEGMENT_START as usize];
        let value = frame[EXPOSURE_LAYOUT.covariate() as usize];
        let slope = frame[EXPOSURE_LAYOUT.slope() as usize];
        frame[EXPOSURE_LAYOUT.staged() as usize] = value + slope * (t - start);
    }

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state[0] = 0.0;
    }

    fn derivatives(&self, _t: f64, frame: &[f64], _state: &[f64], out: &mut [f64]) {
        out[0] = frame[EXPOSURE_LAYOUT.staged() as usize] + frame[EXPOSURE_LAYOUT.rate() as usize];
    }

    fn jacobian(
        &self,
        _t: f64,
        frame: &[f64],
        _state: &[f64],
        _matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        time_derivative[0] = frame[EXPOSURE_LAYOUT.slope() as usize];
    }

    fn outputs(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = state[0];
        out[1] = frame[EXPOSURE_LAYOUT.staged() as usize];
        out[2] = frame[EXPOSURE_LAYOUT.missing() as usize];
    }

    fn route_property(&self, _t: f64, frame: &[f64], _route: u32, _property: u32) -> f64 {
        frame[EXPOSURE_LAYOUT.staged() as usize]
    }
}

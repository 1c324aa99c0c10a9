//! Random paths of a module have the bits of the same kernel compiled natively.

use pmc_abi::descriptor::{Descriptor, Dynamics, RouteDescriptor, SolverSettings, feature, input, solver};
use pmc_abi::frame::FrameLayout;
use pmc_host::Configuration;
use pmc_kernel::Model;
use pmc_kernel::dosing::{Doses, Schedule, Workspace, simulate};
use pmc_tests::line::{Regimen, plugin};

/// The model as text.
const TEXT: &str = "
name = paths
kind = sde
particles = 64
option hmax = 0.2
state central, ke
bolus(iv) -> central
init(ke) = 0.2
ddt(central) = -ke * central
ddt(ke) = 0.3 * (0.2 - ke)
noise(central) = 0.1 * central
noise(ke) = 0.05
out(cp) = central / 20
";

/// The model in Rust.
struct Paths;

const SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 1e-6,
    absolute_tolerance: 1e-9,
    maximum_step: 0.2,
    maximum_steps: 1e6,
    solver: solver::AUTOMATIC,
    particles: 64,
    seed: 12,
};

const ROUTES: &[RouteDescriptor] =
    &[RouteDescriptor { destination: 0, input: input::BOLUS, properties: 0, reserved: 0 }];

impl Model for Paths {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: FrameLayout {
                parameters: 0,
                random_effects: 0,
                covariates: 0,
                routes: 1,
                variables: 0,
                staged: 0,
            },
            states: 2,
            outputs: 1,
            routes: ROUTES,
            covariates: &[],
            dynamics: Dynamics { features: feature::STOCHASTIC, diffusing: &[0, 1], ..Dynamics::PLAIN },
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state.copy_from_slice(&[0.0, 0.2]);
    }

    fn derivatives(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[-state[1] * state[0], 0.3 * (0.2 - state[1])]);
    }

    fn jacobian(&self, _t: f64, _frame: &[f64], _state: &[f64], _matrix: &mut [f64], _time: &mut [f64]) {}

    fn outputs(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = state[0] / 20.0;
    }

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        f64::NAN
    }

    fn diffusion(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[0.1 * state[0], 0.05]);
    }
}

#[test]
fn a_module_has_the_bits_of_the_native_kernel() {
    const QUANTILES: [f64; 2] = [0.1, 0.9];
    let mut schedule = Regimen::new()
        .dose(0.0, 0, 100.0, 0.0)
        .repeated(2, 5.0)
        .observed((0..20).map(|k| 0.9 * f64::from(k)));
    schedule.stream = 3;
    let configuration =
        Configuration { seed: Some(12), quantiles: QUANTILES.to_vec(), ..Configuration::default() };
    let mut model = plugin(TEXT).model(&configuration).expect("a model");
    let found = model.simulate(&schedule).expect("a simulation");

    let bytes = schedule.to_bytes();
    let words: Vec<u64> =
        bytes.chunks_exact(8).map(|chunk| u64::from_le_bytes(chunk.try_into().expect("eight"))).collect();
    let descriptor = Paths.descriptor();
    let mut numbers = vec![0.0; Workspace::numbers(&descriptor)];
    let mut doses = Doses::new();
    let mut workspace = Workspace { numbers: &mut numbers, tracks: &mut [], doses: &mut doses };
    workspace.cloud(&descriptor).expect("room for the particles").ask(&QUANTILES);
    let records = Schedule::new(&words, &descriptor).expect("a schedule");
    let mut expected = vec![0.0; 3 * records.reports()];
    simulate(&Paths, workspace, SETTINGS, &records, &mut expected).expect("a simulation");
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&found), bits(&expected));
}

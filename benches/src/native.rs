//! The same model in Rust, over the same kernel, compiled natively.

use std::hint::black_box;

use pmc_abi::descriptor::{Descriptor, Dynamics, RouteDescriptor, SolverSettings, input, solver as method};
use pmc_abi::frame::FrameLayout;
use pmc_kernel::Model;
use pmc_kernel::dosing::{Doses, Schedule, Track, Workspace, simulate};

const LAYOUT: FrameLayout =
    FrameLayout { parameters: 3, random_effects: 0, covariates: 0, routes: 1, variables: 0, staged: 1 };
const ROUTES: [RouteDescriptor; 1] =
    [RouteDescriptor { destination: 0, input: input::BOLUS, properties: 0, reserved: 0 }];
const SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 1e-6,
    absolute_tolerance: 1e-6,
    maximum_step: f64::INFINITY,
    maximum_steps: 1e6,
    solver: method::AUTOMATIC,
    particles: 0,
    seed: 0,
};
const KA: usize = LAYOUT.parameter() as usize;
const V: usize = KA + 2;
const KE: usize = LAYOUT.staged() as usize;

/// The model.
struct OneCompartment;

impl Model for OneCompartment {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: LAYOUT,
            states: 2,
            outputs: 1,
            routes: &ROUTES,
            covariates: &[],
            dynamics: Dynamics::PLAIN,
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, frame: &mut [f64]) {
        frame[KE] = frame[KA + 1] / frame[V];
    }

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state.fill(0.0);
    }

    fn derivatives(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = -frame[KA] * state[0];
        out[1] = frame[KA] * state[0] - frame[KE] * state[1];
    }

    fn jacobian(&self, _t: f64, frame: &[f64], _state: &[f64], matrix: &mut [f64], _time: &mut [f64]) {
        matrix[0] = -frame[KA];
        matrix[2] = frame[KA];
        matrix[3] = -frame[KE];
    }

    fn outputs(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out[0] = state[1] / frame[V];
    }

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        f64::NAN
    }
}

/// The model with memory to run in.
pub(crate) struct Native {
    numbers: Vec<f64>,
    tracks: Vec<Track>,
    doses: Doses,
    words: Vec<u64>,
    outputs: Vec<f64>,
}

impl Native {
    /// Makes it, ready to run.
    pub(crate) fn new() -> Self {
        let descriptor = OneCompartment.descriptor();
        let mut numbers = vec![0.0; Workspace::numbers(&descriptor)];
        numbers[KA..=V].copy_from_slice(&[1.2, 5.0, 50.0]);
        OneCompartment.stage_parameters(&mut numbers);
        Self { numbers, tracks: Vec::new(), doses: Doses::new(), words: Vec::new(), outputs: Vec::new() }
    }

    /// Runs a schedule in the layout of the contract.
    pub(crate) fn simulate(&mut self, bytes: &[u8]) {
        let descriptor = OneCompartment.descriptor();
        self.words.clear();
        self.words.extend(
            bytes
                .chunks_exact(8)
                .map(|chunk| chunk.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte))),
        );
        let schedule = Schedule::new(&self.words, &descriptor).expect("the workload is sound");
        self.outputs.resize(schedule.reports(), 0.0);
        let mut workspace =
            Workspace { numbers: &mut self.numbers, tracks: &mut self.tracks, doses: &mut self.doses };
        workspace.parameters(&LAYOUT).copy_from_slice(&[1.2, 5.0, 50.0]);
        simulate(&OneCompartment, workspace, SETTINGS, &schedule, &mut self.outputs)
            .expect("the workload can be integrated");
    }

    /// Returns the outputs of the last run.
    pub(crate) fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    /// Evaluates the right-hand side once.
    pub(crate) fn derivatives(&self) {
        let mut out = [0.0; 2];
        OneCompartment.derivatives(
            black_box(1.0),
            black_box(&self.numbers),
            black_box(&[10.0, 5.0]),
            &mut out,
        );
        black_box(out);
    }
}

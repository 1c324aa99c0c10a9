//! Events of a model whose engine is made anew for each step, as `plugin_step` does.

use pmc_abi::descriptor::{Descriptor, Dynamics, RouteDescriptor, input};
use pmc_abi::frame::FrameLayout;
use pmc_kernel::Model;
use pmc_kernel::dosing::{DoseRequest, Doses, Engine, History, Workspace};

use crate::support::SETTINGS;

/// One state that stands still between doses: above 5 it is emptied and counted, below 0 the system stops.
struct Bucket;

const LAYOUT: FrameLayout =
    FrameLayout { parameters: 0, random_effects: 0, covariates: 0, routes: 1, variables: 1, staged: 0 };

const COUNT: usize = LAYOUT.variable() as usize;

impl Model for Bucket {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: LAYOUT,
            states: 1,
            outputs: 2,
            routes: &[RouteDescriptor { destination: 0, input: input::BOLUS, properties: 0, reserved: 0 }],
            covariates: &[],
            dynamics: Dynamics { events: 2, ..Dynamics::PLAIN },
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, _t: f64, _frame: &mut [f64]) {}

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state[0] = 0.0;
    }

    fn derivatives(&self, _t: f64, _frame: &[f64], _state: &[f64], out: &mut [f64]) {
        out[0] = 0.0;
    }

    fn jacobian(&self, _t: f64, _frame: &[f64], _state: &[f64], _matrix: &mut [f64], _time: &mut [f64]) {}

    fn outputs(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[state[0], frame[COUNT]]);
    }

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        f64::NAN
    }

    fn variables(&self, _t: f64, _frame: &[f64], out: &mut [f64]) {
        out[0] = 0.0;
    }

    fn event_times(&self, _t: f64, _frame: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[f64::INFINITY, 0.0, f64::INFINITY, 0.0]);
    }

    fn event_conditions(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[f64::from(u8::from(state[0] > 5.0)), f64::from(u8::from(state[0] < 0.0))]);
    }

    fn event_effects(&self, _t: f64, frame: &[f64], _state: &[f64], event: u32, out: &mut [f64]) {
        if event == 0 {
            out[..2].copy_from_slice(&[0.0, frame[COUNT] + 1.0]);
        } else {
            out[2] = 1.0;
        }
    }
}

#[test]
fn conditions_and_stops_are_remembered_from_step_to_step() {
    let mut numbers = vec![0.0; Workspace::numbers(&Bucket.descriptor())];
    let mut doses = Doses::new();
    let mut found = Vec::new();
    for (step, amount) in [3.0, 3.0, 1.0, -2.0, 9.0].into_iter().enumerate() {
        let workspace = Workspace { numbers: &mut numbers, tracks: &mut [], doses: &mut doses };
        let time = step as f64;
        let mut engine = Engine::resume(&Bucket, workspace, SETTINGS, time).expect("room");
        if step == 0 {
            engine.start(time).expect("a start");
        }
        let (rate, interval, history) = (0.0, 0.0, History::Recorded);
        engine
            .dose(&DoseRequest { route: 0, amount, rate, interval, additional: 0, history })
            .expect("a dose");
        engine.advance(time + 1.0).expect("a step");
        let mut out = [0.0; 2];
        engine.outputs(&mut out).expect("outputs");
        found.push(out);
    }
    assert_eq!(found[..3], [[3.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
    assert!(found[3..].iter().flatten().all(|value| value.is_nan()), "{found:?}");
}

//! A linear right-hand side that stands still between changes of rates is looked at only when they change.

use std::cell::Cell;

use pmc_abi::descriptor::{Descriptor, Dynamics, feature};
use pmc_abi::schedule::{Record, event, flag};
use pmc_kernel::Model;

use crate::models::{ORAL, Oral};
use crate::support::{Subject, bolus, happening, infusion, run};

/// [`Oral`] as a linear system that counts how often its matrix is looked at.
struct Counted {
    features: u32,
    looks: Cell<u32>,
}

impl Counted {
    fn new(features: u32) -> Self {
        Self { features, looks: Cell::new(0) }
    }
}

impl Model for Counted {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            dynamics: Dynamics { features: self.features, ..Dynamics::PLAIN },
            ..Model::descriptor(&Oral)
        }
    }

    fn stage_parameters(&self, frame: &mut [f64]) {
        Oral.stage_parameters(frame);
    }

    fn stage_covariates(&self, frame: &mut [f64]) {
        Oral.stage_covariates(frame);
    }

    fn stage_event(&self, frame: &mut [f64]) {
        Oral.stage_event(frame);
    }

    fn stage_interpolated(&self, t: f64, frame: &mut [f64]) {
        Oral.stage_interpolated(t, frame);
    }

    fn initial(&self, t: f64, frame: &[f64], state: &mut [f64]) {
        Oral.initial(t, frame, state);
    }

    fn derivatives(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        Oral.derivatives(t, frame, state, out);
    }

    fn jacobian(
        &self,
        t: f64,
        frame: &[f64],
        state: &[f64],
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        self.looks.set(self.looks.get() + 1);
        Oral.jacobian(t, frame, state, matrix, time_derivative);
    }

    fn outputs(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        Oral.outputs(t, frame, state, out);
    }

    fn route_property(&self, t: f64, frame: &[f64], route: u32, property: u32) -> f64 {
        Oral.route_property(t, frame, route, property)
    }
}

const LINEAR: u32 = feature::LINEAR | feature::AUTONOMOUS;

/// Returns the bits of all outputs, and how often the matrix was looked at.
fn outcome(features: u32, subject: &Subject) -> (Vec<u64>, u32) {
    let model = Counted::new(features);
    let rows = run(&model, &ORAL, subject);
    (rows.iter().flatten().map(|value| value.to_bits()).collect(), model.looks.get())
}

#[test]
fn boluses_leave_a_standing_right_hand_side_alone() {
    let daily = Record { interval: 24.0, additional: 6, ..bolus(0.0, 0, 100.0) };
    let subject = Subject::new().record(daily).observe((1..80).map(|hour| 2.1 * f64::from(hour)));
    let (moving, looks) = outcome(LINEAR, &subject);
    assert_eq!(looks, 7);
    let (standing, looks) = outcome(LINEAR | feature::STANDING, &subject);
    assert_eq!(looks, 1);
    assert_eq!(standing, moving);
}

#[test]
fn whatever_changes_rates_turns_a_standing_right_hand_side() {
    let steady = Record { interval: 12.0, flags: flag::STEADY_STATE, ..bolus(60.0, 0, 50.0) };
    let subject = Subject::new()
        .record(bolus(0.0, 0, 100.0))
        .record(infusion(5.0, 1, 40.0, 8.0))
        .record(bolus(7.0, 1, 10.0))
        .record(infusion(8.0, 1, 40.0, 20.0))
        .record(happening(30.0, event::RESET))
        .record(infusion(31.0, 0, 40.0, 8.0))
        .record(happening(33.0, event::RESET))
        .record(bolus(40.0, 0, 100.0))
        .record(bolus(50.0, 0, 100.0))
        .record(steady)
        .observe((1..160).map(|hour| 0.61 * f64::from(hour)))
        .sorted();
    let (moving, often) = outcome(LINEAR, &subject);
    let (standing, seldom) = outcome(LINEAR | feature::STANDING, &subject);
    assert_eq!(standing, moving);
    assert!(seldom < often, "{seldom} of {often}");
}

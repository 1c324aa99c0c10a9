//! Stochastic models, and how to run them.

use pmc_abi::descriptor::{
    CovariateDescriptor, Descriptor, Dynamics, RouteDescriptor, SolverSettings, feature, input,
    interpolation, solver,
};
use pmc_abi::frame::FrameLayout;
use pmc_abi::schedule::{MAGIC, Record, event};
use pmc_kernel::dosing::{Doses, Outcome, Schedule, Track, Workspace, simulate};
use pmc_kernel::stochastic::Source;
use pmc_kernel::{Failure, Model};

pub(crate) const SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 1e-6,
    absolute_tolerance: 1e-9,
    maximum_step: f64::INFINITY,
    maximum_steps: 1e6,
    solver: solver::AUTOMATIC,
    particles: 1,
    seed: 0,
};

/// Drift or diffusion: of time, covariate, infusion rate and state.
type Coefficient = fn(f64, f64, f64, &[f64], &mut [f64]);

/// A model with one covariate, one route into its first state; its outputs are its states, then their squares.
#[derive(Clone, Copy)]
pub(crate) struct Sde {
    pub(crate) initial: &'static [f64],
    pub(crate) drift: Coefficient,
    pub(crate) diffusion: Coefficient,
    pub(crate) diffusing: &'static [u32],
}

const LAYOUT: FrameLayout =
    FrameLayout { parameters: 0, random_effects: 0, covariates: 1, routes: 1, variables: 0, staged: 1 };

const ROUTES: &[RouteDescriptor] =
    &[RouteDescriptor { destination: 0, input: input::BOLUS | input::INFUSION, properties: 0, reserved: 0 }];

const COVARIATES: &[CovariateDescriptor] =
    &[CovariateDescriptor { interpolation: interpolation::LINEAR, tested_for_missing: 0, default: 0.0 }];

impl Model for Sde {
    fn descriptor(&self) -> Descriptor<'_> {
        let dynamics =
            Dynamics { features: feature::STOCHASTIC, diffusing: self.diffusing, ..Dynamics::PLAIN };
        let states = self.initial.len() as u32;
        let (routes, covariates) = (ROUTES, COVARIATES);
        let outputs = 2 * states;
        Descriptor { layout: LAYOUT, states, outputs, routes, covariates, dynamics, settings: SETTINGS }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, t: f64, frame: &mut [f64]) {
        frame[LAYOUT.staged() as usize] = frame[LAYOUT.covariate() as usize]
            + frame[LAYOUT.slope() as usize] * (t - frame[FrameLayout::SEGMENT_START as usize]);
    }

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state.copy_from_slice(self.initial);
    }

    fn derivatives(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let (covariate, rate) = (frame[LAYOUT.staged() as usize], frame[LAYOUT.rate() as usize]);
        (self.drift)(t, covariate, rate, state, out);
    }

    fn jacobian(&self, _t: f64, _frame: &[f64], _state: &[f64], _matrix: &mut [f64], _time: &mut [f64]) {}

    fn outputs(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        let (values, squares) = out.split_at_mut(state.len());
        values.copy_from_slice(state);
        squares.iter_mut().zip(state).for_each(|(square, value)| *square = value * value);
    }

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        f64::NAN
    }

    fn diffusion(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        let (covariate, rate) = (frame[LAYOUT.staged() as usize], frame[LAYOUT.rate() as usize]);
        (self.diffusion)(t, covariate, rate, state, out);
    }
}

/// One run: who, with which random numbers, and what is asked of them.
#[derive(Clone)]
pub(crate) struct Run<'a> {
    pub(crate) model: Sde,
    pub(crate) settings: SolverSettings,
    pub(crate) stream: u32,
    pub(crate) quantiles: &'a [f64],
    /// Records with the value of the covariate.
    pub(crate) records: Vec<(Record, f64)>,
}

impl<'a> Run<'a> {
    /// Observes a model from time 0 on.
    pub(crate) fn new(model: Sde, particles: u32, seed: u64) -> Self {
        let settings = SolverSettings { particles, seed, ..SETTINGS };
        let records = vec![(Record { flags: 0, ..observation(0.0) }, f64::NAN)];
        Self { model, settings, stream: 0, quantiles: &[], records }
    }

    pub(crate) fn method(mut self, solver: u32, step: f64) -> Self {
        self.settings.solver = solver;
        self.settings.maximum_step = step;
        self
    }

    pub(crate) fn stream(mut self, stream: u32) -> Self {
        self.stream = stream;
        self
    }

    pub(crate) fn quantiles(mut self, quantiles: &'a [f64]) -> Self {
        self.quantiles = quantiles;
        self
    }

    pub(crate) fn record(mut self, record: Record, covariate: f64) -> Self {
        self.records.push((record, covariate));
        self
    }

    pub(crate) fn observe(mut self, times: &[f64]) -> Self {
        self.records.extend(times.iter().map(|time| (observation(*time), f64::NAN)));
        self
    }

    /// Runs; returns a row for each observation.
    pub(crate) fn try_rows(&self) -> Result<(Vec<Vec<f64>>, Outcome), Failure> {
        let pair = |low: u32, high: u32| u64::from(high) << 32 | u64::from(low);
        let mut words = vec![
            pair(MAGIC, self.records.len() as u32),
            pair(1, 0),
            pair(interpolation::LINEAR, self.stream),
            0,
        ];
        for (record, covariate) in &self.records {
            words.extend([record.time, record.amount, record.rate, record.interval].map(f64::to_bits));
            words.extend([pair(record.event, record.route), pair(record.additional, record.flags)]);
            words.push(covariate.to_bits());
        }
        let descriptor = Descriptor { settings: self.settings, ..self.model.descriptor() };
        let schedule = Schedule::new(&words, &descriptor)?;
        // Whatever lies in the memory before must not matter.
        let mut numbers = vec![f64::NAN; Workspace::numbers(&descriptor)];
        let (mut tracks, mut doses) = ([Track::default()], Doses::new());
        let mut workspace = Workspace { numbers: &mut numbers, tracks: &mut tracks, doses: &mut doses };
        let mut cloud = workspace.cloud(&descriptor).expect("room for the particles");
        cloud.ask(self.quantiles);
        let width = cloud.width();
        assert_eq!(width, 2 * self.model.initial.len() * (1 + self.quantiles.len()));
        let mut out = vec![0.0; schedule.reports() * width];
        let outcome = simulate(&self.model, workspace, self.settings, &schedule, &mut out)?;
        Ok((out.chunks_exact(width).map(<[f64]>::to_vec).collect(), outcome))
    }

    /// Runs what must succeed.
    pub(crate) fn rows(&self) -> Vec<Vec<f64>> {
        self.try_rows().unwrap_or_else(|failure| panic!("{failure:?}")).0
    }

    /// Returns the first state at the last observation for each of some streams, one path a stream.
    pub(crate) fn paths(&self, count: u32) -> Vec<f64> {
        let mut run = self.clone();
        run.settings.particles = 1;
        let mut path = |stream: u32| {
            run.stream = stream;
            run.rows().last().expect("an observation")[0]
        };
        (0..count).map(&mut path).collect()
    }
}

/// An observation that is reported.
pub(crate) fn observation(time: f64) -> Record {
    Record::observation(time)
}

/// A dose that is not reported: a bolus at rate 0.
pub(crate) fn dose(time: f64, amount: f64, rate: f64) -> Record {
    Record { amount, rate, route: 0, event: event::DOSE, flags: 0, ..observation(time) }
}

/// Returns the Wiener process of the first state of the first particle of a stream after some steps of a length.
pub(crate) fn wiener(seed: u64, stream: u32, steps: u32, length: f64) -> f64 {
    let source = Source { seed, stream };
    (0..steps).map(|step| length.sqrt() * source.normals(step, 0, 0)[0]).sum()
}

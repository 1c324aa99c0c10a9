//! The model that the compiler links in.
#![allow(unsafe_code, reason = "calls of imported functions")]

use core::slice;

use pmc_abi::Status;
use pmc_abi::descriptor::{CovariateDescriptor, Descriptor, Dynamics, RawDescriptor, RouteDescriptor};

use super::parts;
use crate::Model;
use crate::dosing::{DoseRequest, Engine};
use crate::solver::sparse::Elimination;

mod import {
    use pmc_abi::descriptor::RawDescriptor;

    #[link(wasm_import_module = "model")]
    unsafe extern "C" {
        pub(super) fn descriptor() -> *const RawDescriptor;
        pub(super) fn stage_parameters(frame: *mut f64);
        pub(super) fn stage_covariates(frame: *mut f64);
        pub(super) fn stage_event(frame: *mut f64);
        pub(super) fn stage_interpolated(t: f64, frame: *mut f64);
        pub(super) fn initial(t: f64, frame: *const f64, state: *mut f64);
        pub(super) fn derivatives(t: f64, frame: *const f64, state: *const f64, out: *mut f64);
        pub(super) fn jacobian(
            t: f64,
            frame: *const f64,
            state: *const f64,
            matrix: *mut f64,
            time_derivative: *mut f64,
        );
        pub(super) fn outputs(t: f64, frame: *const f64, state: *const f64, out: *mut f64);
        pub(super) fn route_property(t: f64, frame: *const f64, route: u32, property: u32) -> f64;
        pub(super) fn variables(t: f64, frame: *const f64, out: *mut f64);
        pub(super) fn event_times(t: f64, frame: *const f64, out: *mut f64);
        pub(super) fn event_conditions(t: f64, frame: *const f64, state: *const f64, out: *mut f64);
        pub(super) fn event_effects(t: f64, frame: *const f64, state: *const f64, event: u32, out: *mut f64);
        pub(super) fn diffusion(t: f64, frame: *const f64, state: *const f64, out: *mut f64);
    }
}

/// The model behind the imports of module `model`.
///
/// The compiler emits both the functions and the descriptor, so both keep what [`Model`] and
/// [`RawDescriptor`] promise; that is what makes the calls and reads below sound.
pub(super) struct Linked;

/// The one model of this module.
pub(super) static MODEL: Linked = Linked;

impl Linked {
    /// Returns the descriptor.
    #[expect(clippy::unused_self, reason = "the descriptor belongs to the model")]
    pub(super) fn raw(&self) -> &'static RawDescriptor {
        // SAFETY: the address of constant data that the compiler emitted.
        unsafe { &*import::descriptor() }
    }

    /// Returns the name of a parameter, random effect or covariate, numbered in this order.
    #[inline(never)]
    pub(super) fn name(&self, index: usize) -> &'static [u8] {
        let layout = &self.raw().layout;
        let count = layout.parameters + layout.random_effects + layout.covariates;
        match constants::<[u32; 2]>(self.raw().names, count).get(index) {
            Some([address, length]) => constants(*address, *length),
            None => &[],
        }
    }

    /// Returns the defaults of the parameters.
    pub(super) fn defaults(&self) -> &'static [f64] {
        constants(self.raw().defaults, self.raw().layout.parameters)
    }

    /// Returns the model's name.
    pub(super) fn model_name(&self) -> &'static [u8] {
        constants(self.raw().name, self.raw().name_length)
    }
}

/// Returns a table of the descriptor; its length counts elements.
fn constants<T>(address: u32, length: u32) -> &'static [T] {
    if length == 0 {
        return &[];
    }
    // SAFETY: address and length of constant data that the compiler emitted, aligned as its type needs.
    unsafe { slice::from_raw_parts(address as *const T, length as usize) }
}

impl Model for Linked {
    fn descriptor(&self) -> Descriptor<'static> {
        let raw = self.raw();
        let routes: &[RouteDescriptor] = constants(raw.routes, raw.layout.routes);
        let covariates: &[CovariateDescriptor] = constants(raw.covariates, raw.layout.covariates);
        let dynamics = Dynamics {
            features: raw.features,
            switches: raw.switches,
            events: raw.events,
            event_doses: raw.event_doses,
            steady: constants(raw.steady, raw.steady_length),
            diffusing: constants(raw.diffusing, raw.diffusing_length),
            accumulators: constants(raw.accumulators, raw.accumulators_length),
        };
        Descriptor {
            layout: raw.layout,
            states: raw.states,
            outputs: raw.outputs,
            routes,
            covariates,
            dynamics,
            settings: raw.settings,
        }
    }

    fn stage_parameters(&self, frame: &mut [f64]) {
        // SAFETY: as said at [`Linked`]; so below.
        unsafe { import::stage_parameters(frame.as_mut_ptr()) }
    }

    fn stage_covariates(&self, frame: &mut [f64]) {
        unsafe { import::stage_covariates(frame.as_mut_ptr()) }
    }

    fn stage_event(&self, frame: &mut [f64]) {
        unsafe { import::stage_event(frame.as_mut_ptr()) }
    }

    fn stage_interpolated(&self, t: f64, frame: &mut [f64]) {
        unsafe { import::stage_interpolated(t, frame.as_mut_ptr()) }
    }

    fn initial(&self, t: f64, frame: &[f64], state: &mut [f64]) {
        unsafe { import::initial(t, frame.as_ptr(), state.as_mut_ptr()) }
    }

    fn derivatives(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        unsafe { import::derivatives(t, frame.as_ptr(), state.as_ptr(), out.as_mut_ptr()) }
    }

    fn jacobian(
        &self,
        t: f64,
        frame: &[f64],
        state: &[f64],
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        let (matrix, time_derivative) = (matrix.as_mut_ptr(), time_derivative.as_mut_ptr());
        unsafe { import::jacobian(t, frame.as_ptr(), state.as_ptr(), matrix, time_derivative) }
    }

    fn outputs(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        unsafe { import::outputs(t, frame.as_ptr(), state.as_ptr(), out.as_mut_ptr()) }
    }

    fn route_property(&self, t: f64, frame: &[f64], route: u32, property: u32) -> f64 {
        unsafe { import::route_property(t, frame.as_ptr(), route, property) }
    }

    fn variables(&self, t: f64, frame: &[f64], out: &mut [f64]) {
        unsafe { import::variables(t, frame.as_ptr(), out.as_mut_ptr()) }
    }

    fn event_times(&self, t: f64, frame: &[f64], out: &mut [f64]) {
        unsafe { import::event_times(t, frame.as_ptr(), out.as_mut_ptr()) }
    }

    fn event_conditions(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        unsafe { import::event_conditions(t, frame.as_ptr(), state.as_ptr(), out.as_mut_ptr()) }
    }

    fn event_effects(&self, t: f64, frame: &[f64], state: &[f64], event: u32, out: &mut [f64]) {
        unsafe { import::event_effects(t, frame.as_ptr(), state.as_ptr(), event, out.as_mut_ptr()) }
    }

    fn diffusion(&self, t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        unsafe { import::diffusion(t, frame.as_ptr(), state.as_ptr(), out.as_mut_ptr()) }
    }

    fn integrate(engine: &mut Engine<'_, Self>, target: f64, barrier: f64) -> Result<(), Status> {
        parts::integrate(engine, target, barrier)
    }

    fn step(engine: &mut Engine<'_, Self>, target: f64, barrier: f64) -> Result<(), Status> {
        parts::step(engine, target, barrier)
    }

    fn propagate(engine: &mut Engine<'_, Self>, target: f64) -> Result<(), Status> {
        parts::propagate(engine, target)
    }

    fn disperse(engine: &mut Engine<'_, Self>, target: f64) -> Result<(), Status> {
        parts::disperse(engine, target)
    }

    fn summarise(engine: &mut Engine<'_, Self>, mut out: &mut [f64]) -> Result<(), Status> {
        parts::summarise(engine, &mut out)
    }

    fn balance(engine: &mut Engine<'_, Self>) -> Result<(), Status> {
        parts::balance(engine)
    }

    fn equilibrium(engine: &mut Engine<'_, Self>, mut room: &mut [f64]) -> Result<(), Status> {
        parts::equilibrium(engine, &mut room)
    }

    fn eliminate(elimination: &mut Elimination<'_>) {
        parts::eliminate(elimination);
    }

    fn steady_state(engine: &mut Engine<'_, Self>, request: &DoseRequest, lag: f64) -> Result<(), Status> {
        parts::steady_state(engine, request, lag)
    }

    fn raise_events(engine: &mut Engine<'_, Self>) -> Result<(), Status> {
        parts::raise_events(engine)
    }

    fn watch_conditions(engine: &mut Engine<'_, Self>, target: f64, barrier: f64) -> Result<(), Status> {
        parts::watch_conditions(engine, target, barrier)
    }
}

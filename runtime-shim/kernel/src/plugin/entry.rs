//! Entry points: memory, instances, steps, simulations and documents.
#![allow(unsafe_code, reason = "exported names")]

use pmc_abi::descriptor::feature;
use pmc_abi::{ABI_VERSION, Status, capability};

use super::instance::{self, Parts};
use super::linked::{Linked, MODEL};
use super::memory::{self, Global};
use crate::Failure;
use crate::dosing::{self, DoseRequest, Engine, History, Schedule};
use crate::report::Report;

static REPORT: Global<Report> = Global::new(Report::new());

/// A failure without a time.
pub(super) fn timeless(status: Status) -> Failure {
    Failure::new(status, f64::NAN)
}

/// Keeps what went wrong for `plugin_last_error` and returns the status.
pub(super) fn finish(result: Result<(), Failure>) -> i32 {
    match result {
        Ok(()) => Status::Success as i32,
        Err(failure) => {
            REPORT.with(|report| report.write(&failure, b""));
            failure.status as i32
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn plugin_abi_version() -> u32 {
    ABI_VERSION
}

#[unsafe(no_mangle)]
extern "C" fn plugin_capabilities() -> u64 {
    capability::STEP
        | capability::DERIVATIVES
        | capability::JACOBIAN
        | capability::OUTPUTS
        | capability::SIMULATE
        | capability::ROUTES
        | if MODEL.raw().features & feature::STOCHASTIC == 0 { 0 } else { capability::STOCHASTIC }
        | if MODEL.raw().events == 0 { 0 } else { capability::EVENTS }
}

#[unsafe(no_mangle)]
extern "C" fn plugin_alloc(size: u32) -> u32 {
    memory::allocate(size)
}

#[unsafe(no_mangle)]
extern "C" fn plugin_dealloc(pointer: u32, _size: u32) {
    memory::free(pointer);
}

#[unsafe(no_mangle)]
extern "C" fn plugin_name(pointer: u32, length: u32) -> u32 {
    let name = MODEL.model_name();
    if let Ok(out) = memory::write::<u8>(pointer, length) {
        out.iter_mut().zip(name).for_each(|(place, byte)| *place = *byte);
    }
    name.len() as u32
}

#[unsafe(no_mangle)]
extern "C" fn plugin_create(pointer: u32, length: u32) -> u32 {
    let created =
        memory::read(pointer, length).map_err(|status| (status, &b""[..])).and_then(instance::create);
    match created {
        Ok(handle) => handle,
        Err((status, name)) => {
            REPORT.with(|report| report.write(&timeless(status), name));
            0
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn plugin_free(handle: u32) {
    instance::free(handle);
}

#[unsafe(no_mangle)]
extern "C" fn plugin_get_metadata(handle: u32, out: u32) -> i32 {
    let raw = MODEL.raw();
    let known = if handle == 0 { Ok(()) } else { instance::find(handle).map(|_| ()) };
    let written = known.and_then(|()| write_place(out, raw.manifest, raw.manifest_length));
    finish(written.map_err(timeless))
}

#[unsafe(no_mangle)]
extern "C" fn plugin_last_error(out: u32) -> i32 {
    let (address, length) = REPORT.with(|report| {
        let text = report.text();
        (text.as_ptr() as u32, text.len() as u32)
    });
    write_place(out, address, length).map_or_else(|status| status as i32, |()| Status::Success as i32)
}

/// Writes address and length of a document.
fn write_place(out: u32, address: u32, length: u32) -> Result<(), Status> {
    memory::write::<u32>(out, 2)?.copy_from_slice(&[address, length]);
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn plugin_step(
    handle: u32,
    t: f64,
    dt: f64,
    inputs: u32,
    inputs_length: u32,
    outputs: u32,
    outputs_length: u32,
) -> i32 {
    finish(step(handle, t, dt, (inputs, inputs_length), (outputs, outputs_length)))
}

/// Times of steps that differ by less than this, relatively, are the same.
const SAME_TIME: f64 = 1e-9;

fn step(handle: u32, t: f64, dt: f64, inputs: (u32, u32), outputs: (u32, u32)) -> Result<(), Failure> {
    let Parts { head, workspace, rates, covariates, .. } = instance::find(handle).map_err(timeless)?;
    let given: &[f64] = memory::read(inputs.0, inputs.1).map_err(timeless)?;
    let out = outputs_of_step(outputs, head.width).map_err(timeless)?;
    let end = t + dt;
    if !(t.is_finite() && end.is_finite()) {
        return Err(timeless(Status::BadValue));
    }
    if dt < 0.0 || t < head.time - SAME_TIME * head.time.abs() {
        return Err(Failure::new(Status::TimeReversed, t));
    }
    let fresh = head.time.is_nan();
    let routes = rates.len();
    if !given.is_empty() && given.len() != 2 * routes + covariates.len() {
        return Err(timeless(Status::BadPointer));
    }
    let (boluses, held) = given.split_at(routes.min(given.len()));
    let mut engine = Engine::resume(&MODEL, workspace, head.settings, if fresh { t } else { head.time })?;
    take_inputs(held, rates, covariates);
    head.current = false;
    if fresh {
        // The initial values see the inputs of this step; if they cannot be had, the next step is the first.
        engine.hold(rates, covariates).map_err(|status| engine.explain(status))?;
        engine.start(t).map_err(|status| engine.explain(status))?;
    }
    let result = go(&mut engine, (t, end), boluses, (rates, covariates)).and_then(|()| engine.outputs(out));
    head.time = engine.time();
    head.current = result.is_ok();
    result.map_err(|status| engine.explain(status))
}

/// Brings an engine to the start of a step, gives it its inputs, and brings it to the end.
fn go(
    engine: &mut Engine<'_, Linked>,
    (start, end): (f64, f64),
    boluses: &[f64],
    (rates, covariates): (&[f64], &[f64]),
) -> Result<(), Status> {
    if engine.time() < start {
        engine.advance(start)?;
    }
    engine.hold(rates, covariates)?;
    for (route, amount) in (0..).zip(boluses).filter(|(_, amount)| **amount != 0.0) {
        let (rate, interval, history) = (0.0, 0.0, History::Recorded);
        engine.dose(&DoseRequest { route, amount: *amount, rate, interval, additional: 0, history })?;
    }
    if engine.time() < end {
        engine.advance(end)?;
    }
    Ok(())
}

/// Takes over rates and covariates that a host gives, if it gives any.
pub(super) fn take_inputs(given: &[f64], rates: &mut [f64], covariates: &mut [f64]) {
    rates.iter_mut().chain(covariates).zip(given).for_each(|(place, value)| *place = *value);
}

/// Returns where the outputs of a step go: `length` is the address of the capacity, which becomes the length.
fn outputs_of_step((outputs, length): (u32, u32), needed: u32) -> Result<&'static mut [f64], Status> {
    let [capacity] = memory::write::<u32>(length, 1)? else { return Err(Status::BadPointer) };
    if core::mem::replace(capacity, needed) < needed {
        return Err(Status::BufferTooSmall);
    }
    memory::write(outputs, needed)
}

#[unsafe(no_mangle)]
extern "C" fn plugin_simulate(
    handle: u32,
    schedule: u32,
    schedule_length: u32,
    outputs: u32,
    outputs_length: u32,
) -> i32 {
    finish(simulate(handle, (schedule, schedule_length), (outputs, outputs_length)))
}

fn simulate(handle: u32, schedule: (u32, u32), outputs: (u32, u32)) -> Result<(), Failure> {
    let Parts { head, descriptor, workspace, .. } = instance::find(handle).map_err(timeless)?;
    if !schedule.1.is_multiple_of(8) {
        return Err(timeless(Status::BadSchedule));
    }
    let words = memory::read(schedule.0, schedule.1 / 8).map_err(timeless)?;
    let out = memory::write(outputs.0, outputs.1).map_err(timeless)?;
    let schedule = Schedule::new(words, &descriptor)?;
    head.time = f64::NAN;
    head.current = false;
    head.warnings = 0;
    let outcome = dosing::simulate(&MODEL, workspace, head.settings, &schedule, out)?;
    head.warnings = outcome.warnings;
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn plugin_warnings(handle: u32) -> u32 {
    instance::find(handle).map_or(0, |parts| parts.head.warnings)
}

//! The exports.
#![allow(unsafe_code, reason = "exported names")]

use std::cell::RefCell;

use pmc_abi::Status;
use pmc_kernel::Failure;
use pmc_kernel::evaluation::Function;

use crate::buffers::Buffers;
use crate::fault::Fault;
use crate::runtime::Runtime;

/// The version of these exports.
const VERSION: u32 = 1;

/// What a call works on.
struct Shared {
    runtime: Runtime,
    buffers: Buffers,
    /// The document of the last failure.
    error: Vec<u8>,
}

thread_local! {
    /// No export calls another one, so that it is never borrowed twice.
    static SHARED: RefCell<Shared> =
        const { RefCell::new(Shared { runtime: Runtime::new(), buffers: Buffers::new(), error: Vec::new() }) };
}

/// Runs a call.
fn with<R>(call: impl FnOnce(&mut Shared) -> R) -> R {
    SHARED.with(|shared| call(&mut shared.borrow_mut()))
}

/// Runs a call that may fail, and keeps why for `lean_last_error`.
fn attempt<R>(call: impl FnOnce(&mut Shared) -> Result<R, Fault>) -> Result<R, i32> {
    with(|shared| {
        call(shared).map_err(|fault| {
            shared.error = fault.to_json();
            fault.status()
        })
    })
}

/// Returns the status of a call.
fn status(result: Result<(), i32>) -> i32 {
    result.map_or_else(|status| status, |()| Status::Success as i32)
}

#[unsafe(no_mangle)]
extern "C" fn lean_version() -> u32 {
    VERSION
}

#[unsafe(no_mangle)]
extern "C" fn lean_alloc(size: u32) -> u32 {
    with(|shared| shared.buffers.allocate(size))
}

#[unsafe(no_mangle)]
extern "C" fn lean_dealloc(pointer: u32, _size: u32) {
    with(|shared| shared.buffers.free(pointer));
}

#[unsafe(no_mangle)]
extern "C" fn lean_load(pointer: u32, length: u32) -> u32 {
    attempt(|shared| shared.runtime.load(&shared.buffers.bytes(pointer, length)?)).unwrap_or(0)
}

#[unsafe(no_mangle)]
extern "C" fn lean_unload(program: u32) {
    with(|shared| shared.runtime.unload(program));
}

#[unsafe(no_mangle)]
extern "C" fn lean_create(program: u32, pointer: u32, length: u32) -> u32 {
    attempt(|shared| shared.runtime.create(program, &shared.buffers.bytes(pointer, length)?)).unwrap_or(0)
}

#[unsafe(no_mangle)]
extern "C" fn lean_free(handle: u32) {
    with(|shared| shared.runtime.free(handle));
}

#[unsafe(no_mangle)]
extern "C" fn lean_get_metadata(program: u32, out: u32) -> i32 {
    status(attempt(|shared| {
        let place = place(shared.runtime.manifest(program)?);
        Ok(shared.buffers.write_pair(out, place)?)
    }))
}

#[unsafe(no_mangle)]
extern "C" fn lean_last_error(out: u32) -> i32 {
    with(|shared| {
        if shared.error.is_empty() {
            shared.error = Fault::from(Status::Success).to_json();
        }
        let written = shared.buffers.write_pair(out, place(&shared.error));
        written.map_or_else(|status| status as i32, |()| Status::Success as i32)
    })
}

/// Returns address and length of a document.
fn place(document: &[u8]) -> [u32; 2] {
    [document.as_ptr() as u32, document.len() as u32]
}

#[unsafe(no_mangle)]
extern "C" fn lean_simulate(
    handle: u32,
    schedule: u32,
    schedule_length: u32,
    outputs: u32,
    outputs_length: u32,
) -> i32 {
    status(attempt(|Shared { runtime, buffers, .. }| {
        if !schedule_length.is_multiple_of(8) {
            return Err(Status::BadSchedule.into());
        }
        buffers.has_room(outputs, outputs_length)?;
        let mut out = vec![0.0; outputs_length as usize];
        runtime.simulate(handle, buffers.words(schedule, schedule_length / 8)?, &mut out)?;
        Ok(buffers.write_numbers(outputs, &out)?)
    }))
}

#[unsafe(no_mangle)]
extern "C" fn lean_warnings(handle: u32) -> u32 {
    with(|shared| shared.runtime.warnings(handle))
}

/// Addresses that a host gives; 0 where a function has no such argument.
struct Addresses {
    state: u32,
    inputs: u32,
    out: u32,
    time_derivative: u32,
}

#[unsafe(no_mangle)]
extern "C" fn lean_initial(handle: u32, t: f64, inputs: u32, state: u32) -> i32 {
    evaluate(handle, t, Function::Initial, &Addresses { state: 0, inputs, out: state, time_derivative: 0 })
}

#[unsafe(no_mangle)]
extern "C" fn lean_derivatives(handle: u32, t: f64, state: u32, inputs: u32, out: u32) -> i32 {
    evaluate(handle, t, Function::Derivatives, &Addresses { state, inputs, out, time_derivative: 0 })
}

#[unsafe(no_mangle)]
extern "C" fn lean_jacobian(
    handle: u32,
    t: f64,
    state: u32,
    inputs: u32,
    matrix: u32,
    time_derivative: u32,
) -> i32 {
    evaluate(handle, t, Function::Jacobian, &Addresses { state, inputs, out: matrix, time_derivative })
}

#[unsafe(no_mangle)]
extern "C" fn lean_outputs(handle: u32, t: f64, state: u32, inputs: u32, out: u32) -> i32 {
    evaluate(handle, t, Function::Outputs, &Addresses { state, inputs, out, time_derivative: 0 })
}

#[unsafe(no_mangle)]
extern "C" fn lean_route(handle: u32, t: f64, route: u32, inputs: u32, out: u32) -> i32 {
    evaluate(handle, t, Function::Route(route), &Addresses { state: 0, inputs, out, time_derivative: 0 })
}

/// Takes over the inputs, none at address 0, evaluates a function of a model and writes its results.
fn evaluate(handle: u32, t: f64, function: Function, addresses: &Addresses) -> i32 {
    status(attempt(|Shared { runtime, buffers, .. }| {
        let failed = |status| Failure::new(status, t);
        let lengths = runtime.lengths(handle)?;
        if addresses.inputs != 0 {
            let inputs = buffers.numbers(addresses.inputs, lengths.inputs).map_err(failed)?;
            runtime.hold(handle, &inputs)?;
        }
        let states = if function.reads_states() { lengths.states } else { 0 };
        let state = buffers.numbers(addresses.state, states).map_err(failed)?;
        let rows = if function == Function::Jacobian { lengths.states } else { 0 };
        let length = function.length(lengths.states, lengths.outputs);
        let mut out = buffers.numbers(addresses.out, length).map_err(failed)?;
        let mut vector = buffers.numbers(addresses.time_derivative, rows).map_err(failed)?;
        runtime.evaluate(handle, t, function, &state, &mut out, &mut vector)?;
        buffers.write_numbers(addresses.out, &out).map_err(failed)?;
        buffers.write_numbers(addresses.time_derivative, &vector).map_err(failed)?;
        Ok(())
    }))
}

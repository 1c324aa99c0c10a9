//! Entry points for hosts with an integrator of their own: the functions of the model at any time and state.
#![allow(unsafe_code, reason = "exported names")]

use pmc_abi::Status;

use super::entry::{finish, take_inputs};
use super::instance::{self, Parts};
use super::linked::MODEL;
use super::memory;
use crate::dosing::{forget_doses, hold_inputs};
use crate::{Failure, Model};

/// A call that is under way: the frame holds the inputs.
struct Call {
    frame: &'static mut [f64],
    states: u32,
    outputs: u32,
}

/// Finds the instance and takes over the inputs: rates and covariates, or none at address 0.
fn begin(handle: u32, t: f64, inputs: u32) -> Result<Call, Status> {
    let Parts { head, descriptor, workspace, rates, covariates } = instance::find(handle)?;
    let frame = workspace.numbers.get_mut(..descriptor.layout.len() as usize).ok_or(Status::OutOfMemory)?;
    if inputs != 0 {
        let count = rates.len() + covariates.len();
        take_inputs(memory::read(inputs, count as u32)?, rates, covariates);
    }
    if inputs != 0 || !head.current {
        if head.time.is_nan() {
            forget_doses(&descriptor.layout, frame);
        }
        MODEL.stage_parameters(frame);
        hold_inputs(&MODEL, t, frame, rates, covariates)?;
        head.current = true;
    }
    Ok(Call { frame, states: descriptor.states, outputs: descriptor.outputs })
}

/// Runs a call: `evaluate` gets the instance and writes results, which must be numbers.
fn call(
    handle: u32,
    inputs: u32,
    t: f64,
    evaluate: impl FnOnce(&mut Call) -> Result<&'static [f64], Status>,
) -> i32 {
    let result = begin(handle, t, inputs).and_then(|mut call| {
        let results = evaluate(&mut call)?;
        if results.iter().any(|value| value.is_nan()) { Err(Status::NotFinite) } else { Ok(()) }
    });
    finish(result.map_err(|status| Failure::new(status, t)))
}

#[unsafe(no_mangle)]
extern "C" fn plugin_initial(handle: u32, t: f64, inputs: u32, state: u32) -> i32 {
    call(handle, inputs, t, |call| {
        let state = memory::write(state, call.states)?;
        state.fill(0.0);
        MODEL.initial(t, call.frame, state);
        Ok(state)
    })
}

#[unsafe(no_mangle)]
extern "C" fn plugin_derivatives(handle: u32, t: f64, state: u32, inputs: u32, out: u32) -> i32 {
    call(handle, inputs, t, |call| {
        let out = memory::write(out, call.states)?;
        MODEL.derivatives(t, call.frame, memory::read(state, call.states)?, out);
        Ok(out)
    })
}

#[unsafe(no_mangle)]
extern "C" fn plugin_jacobian(
    handle: u32,
    t: f64,
    state: u32,
    inputs: u32,
    matrix: u32,
    time_derivative: u32,
) -> i32 {
    call(handle, inputs, t, |call| {
        let matrix = memory::write(matrix, call.states * call.states)?;
        let time_derivative = memory::write(time_derivative, call.states)?;
        matrix.fill(0.0);
        time_derivative.fill(0.0);
        let state = memory::read(state, call.states)?;
        MODEL.jacobian(t, call.frame, state, matrix, time_derivative);
        Ok(matrix)
    })
}

#[unsafe(no_mangle)]
extern "C" fn plugin_outputs(handle: u32, t: f64, state: u32, inputs: u32, out: u32) -> i32 {
    call(handle, inputs, t, |call| {
        let out = memory::write(out, call.outputs)?;
        MODEL.outputs(t, call.frame, memory::read(state, call.states)?, out);
        Ok(out)
    })
}

#[unsafe(no_mangle)]
extern "C" fn plugin_route(handle: u32, t: f64, route: u32, inputs: u32, out: u32) -> i32 {
    call(handle, inputs, t, |call| {
        let routes = MODEL.descriptor().routes;
        let defined = routes.get(route as usize).ok_or(Status::BadValue)?.properties;
        let out = memory::write(out, UNDEFINED.len() as u32)?;
        out.copy_from_slice(&UNDEFINED);
        for (property, place) in (0..).zip(&mut *out) {
            if defined & (1 << property) != 0 {
                *place = MODEL.route_property(t, call.frame, route, property);
            }
        }
        Ok(&[])
    })
}

/// Lag, bioavailability, rate and duration where the model does not define them.
const UNDEFINED: [f64; 4] = [0.0, 1.0, f64::NAN, f64::NAN];

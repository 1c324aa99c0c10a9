//! Entry points for hosts with an integrator of their own: the functions of the model at any time and state.
#![allow(unsafe_code, reason = "exported names")]

use pmc_abi::Status;

use super::entry::{finish, take_inputs};
use super::instance::{self, Parts};
use super::linked::MODEL;
use super::memory;
use crate::dosing::{forget_doses, hold_inputs, stage_at};
use crate::evaluation::{self, Function};
use crate::{Failure, Model};

/// Addresses that a host gives; 0 where a function has no such argument.
struct Addresses {
    state: u32,
    inputs: u32,
    out: u32,
    time_derivative: u32,
}

#[unsafe(no_mangle)]
extern "C" fn plugin_initial(handle: u32, t: f64, inputs: u32, state: u32) -> i32 {
    call(handle, t, Function::Initial, &Addresses { state: 0, inputs, out: state, time_derivative: 0 })
}

#[unsafe(no_mangle)]
extern "C" fn plugin_derivatives(handle: u32, t: f64, state: u32, inputs: u32, out: u32) -> i32 {
    call(handle, t, Function::Derivatives, &Addresses { state, inputs, out, time_derivative: 0 })
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
    call(handle, t, Function::Jacobian, &Addresses { state, inputs, out: matrix, time_derivative })
}

#[unsafe(no_mangle)]
extern "C" fn plugin_outputs(handle: u32, t: f64, state: u32, inputs: u32, out: u32) -> i32 {
    call(handle, t, Function::Outputs, &Addresses { state, inputs, out, time_derivative: 0 })
}

#[unsafe(no_mangle)]
extern "C" fn plugin_route(handle: u32, t: f64, route: u32, inputs: u32, out: u32) -> i32 {
    call(handle, t, Function::Route(route), &Addresses { state: 0, inputs, out, time_derivative: 0 })
}

#[inline(never)]
fn call(handle: u32, t: f64, function: Function, addresses: &Addresses) -> i32 {
    finish(evaluate(handle, t, function, addresses).map_err(|status| Failure::new(status, t)))
}

/// Takes over the inputs, evaluates a function of the model and writes its results.
fn evaluate(handle: u32, t: f64, function: Function, addresses: &Addresses) -> Result<(), Status> {
    let mut parts = instance::find(handle)?;
    hold(&mut parts, t, addresses.inputs)?;
    let (states, outputs) = (parts.descriptor.states, parts.descriptor.outputs);
    let state = memory::read(addresses.state, if function.reads_states() { states } else { 0 })?;
    let out = memory::write(addresses.out, function.length(states, outputs))?;
    let has_vector = function == Function::Jacobian;
    let vector = memory::write(addresses.time_derivative, if has_vector { states } else { 0 })?;
    evaluation::evaluate(&MODEL, t, function, parts.workspace.numbers, state, out, vector)
}

/// Takes over rates and covariates, none at address 0, and makes sure that the frame holds them.
fn hold(parts: &mut Parts, t: f64, inputs: u32) -> Result<(), Status> {
    let Parts { head, descriptor, workspace, rates, covariates } = parts;
    if inputs != 0 {
        let count = rates.len() + covariates.len();
        take_inputs(memory::read(inputs, count as u32)?, rates, covariates);
    }
    if inputs != 0 || !head.current {
        if head.time.is_nan() {
            forget_doses(&descriptor.layout, workspace.numbers);
        }
        MODEL.stage_parameters(workspace.numbers);
        hold_inputs(&MODEL, t, workspace.numbers, rates, covariates)?;
        head.current = true;
    }
    stage_at(&MODEL, t, workspace.numbers);
    Ok(())
}

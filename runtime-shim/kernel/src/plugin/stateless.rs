//! Entry points for hosts with an integrator of their own: the functions of the model at any time and state.
#![allow(unsafe_code, reason = "exported names")]

use pmc_abi::Status;

use super::entry::{finish, take_inputs};
use super::instance::{self, Parts};
use super::linked::MODEL;
use super::memory;
use crate::dosing::{forget_doses, hold_inputs, stage_at};
use crate::{Failure, Model};

/// Which function of the model is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Function {
    Initial,
    Derivatives,
    Jacobian,
    Outputs,
    /// The properties of this route.
    Route(u32),
}

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
    let descriptor = &parts.descriptor;
    let frame = &*parts.workspace.numbers;
    let n = descriptor.states;
    let reads_state = !matches!(function, Function::Initial | Function::Route(_));
    let state = memory::read(addresses.state, if reads_state { n } else { 0 })?;
    let length = match function {
        Function::Initial | Function::Derivatives => n,
        Function::Jacobian => n * n,
        Function::Outputs => descriptor.outputs,
        Function::Route(_) => UNDEFINED.len() as u32,
    };
    let out: &mut [f64] = memory::write(addresses.out, length)?;
    out.fill(0.0);
    match function {
        Function::Initial => MODEL.initial(t, frame, out),
        Function::Derivatives => MODEL.derivatives(t, frame, state, out),
        Function::Jacobian => {
            let time_derivative: &mut [f64] = memory::write(addresses.time_derivative, n)?;
            time_derivative.fill(0.0);
            MODEL.jacobian(t, frame, state, out, time_derivative);
        }
        Function::Outputs => MODEL.outputs(t, frame, state, out),
        Function::Route(route) => {
            let defined = descriptor.routes.get(route as usize).ok_or(Status::BadValue)?.properties;
            for ((property, place), undefined) in (0..).zip(out).zip(UNDEFINED) {
                let known = defined & (1 << property) != 0;
                *place = if known { MODEL.route_property(t, frame, route, property) } else { undefined };
            }
            return Ok(());
        }
    }
    if out.iter().any(|value| value.is_nan()) { Err(Status::NotFinite) } else { Ok(()) }
}

/// Lag, bioavailability, rate and duration where the model does not define them.
const UNDEFINED: [f64; 4] = [0.0, 1.0, f64::NAN, f64::NAN];

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

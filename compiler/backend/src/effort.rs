//! What a step of a simulation costs, so that all engines of a host end a run that takes too long at the same step.

use pmc_abi::descriptor::{FEWEST_PLANNED_STATES, feature};
use pmc_abi::manifest::Effort;
use pmc_ir::{self as ir, Expr, Handle};

use crate::description::MAXIMUM_STEPS;
use crate::elimination::multiplications;
use crate::{Delivery, Description, Function, Source, deliveries, effects, layout, properties};

// Instructions of WebAssembly, measured on the examples and random models and rounded up, mostly to twice of it and more: what an
// engine counts beyond its budget ends a run at a place that only this engine knows.

/// Evaluations of the right-hand side in a step.
const STAGES: u64 = 9;

/// Evaluations in a piece of uniformisation, which counts as a step.
const TERMS: u64 = 143;

/// An operation with its operands.
const OPERATION: u64 = 10;

/// A function of the kernel's mathematics.
const CALL: u64 = 400;

/// Whatever the size of the model: choice of the step, doses, records.
const STEP: u64 = 12_000;

/// Conditions of events: where in a step one becomes true is searched for.
const SEARCH: u64 = 16_000;

/// A state in an evaluation: combinations of stages and their weights.
const STATE: u64 = 400;

/// An element of the matrix of an implicit step: it is cleared, scaled, and read by each of its solutions.
const ELEMENT: u64 = 100;

/// A multiplication of an elimination.
const MULTIPLICATION: u64 = 48;

/// A particle of a stochastic system, with its random numbers.
const PARTICLE: u64 = 2_000;

/// Returns how many steps a simulation of a program may take, and what each takes at most, about.
///
/// A bound on what a step, a stop at an event and a record take together. It is counted on the graph of the program, so
/// that it is the same wherever the program runs.
pub fn effort(program: &ir::Program) -> Effort {
    let description = Description::new(program);
    let source = Source::new(program, layout(program));
    let all = deliveries(program, layout(program));
    let cost = |wanted: &[Function]| {
        let chosen = all.iter().filter(|delivery| wanted.contains(&delivery.function));
        chosen.map(|delivery| of_delivery(&source, delivery)).sum::<u64>()
    };
    let states = u64::from(description.states);
    let evaluation = cost(&[Function::Derivatives, Function::StageInterpolated, Function::EventConditions]);
    let matrix = cost(&[Function::Jacobian]) + ELEMENT * states * states;
    let stop =
        cost(&[Function::StageCovariates, Function::StageEvent, Function::EventTimes, Function::Outputs])
            + rare(&source)
            + if program.events.conditions.is_empty() { 0 } else { SEARCH };
    let is_stochastic = description.features & feature::STOCHASTIC != 0;
    let step = if is_stochastic {
        STAGES * (evaluation + cost(&[Function::Diffusion]) + STATE * states) + stop + PARTICLE
    } else if description.features & feature::LINEAR != 0 && description.features & feature::SLOPED == 0 {
        evaluation + matrix + stop + STEP
    } else {
        let elimination = if program.module.options.solver == ir::Solver::Explicit {
            0
        } else {
            MULTIPLICATION * eliminated(program, description.states)
        };
        let stages = if description.features & feature::LARGE == 0 { STAGES } else { TERMS };
        stages * (evaluation + STATE * states) + matrix + elimination + stop + STEP
    };
    Effort { steps: MAXIMUM_STEPS as u64, instructions: step }
}

/// Returns the multiplications of an elimination of the matrix of an implicit step.
fn eliminated(program: &ir::Program, states: u32) -> u64 {
    let entries = program.jacobian.entries.iter().map(|entry| (entry.row.index(), entry.column.index()));
    let n = states as usize;
    if states < FEWEST_PLANNED_STATES { u64::from(states).pow(3) } else { multiplications(n, entries) }
}

/// Returns what the functions of events and routes take, each value once.
fn rare(source: &Source<'_>) -> u64 {
    let module = &source.program.module;
    let properties = properties(module).into_iter().map(|property| property.value);
    let effects = effects(source.program).into_iter().flatten().map(|(_, value)| value);
    computed(source, source.program.staging.slots.len() as u32, properties.chain(effects))
}

fn of_delivery(source: &Source<'_>, delivery: &Delivery) -> u64 {
    computed(source, delivery.readable_slots, delivery.results.iter().map(|(_, value)| *value))
}

/// Returns what computing and storing values takes, where the slots below `readable_slots` are filled.
fn computed(source: &Source<'_>, readable_slots: u32, values: impl Iterator<Item = Handle<Expr>>) -> u64 {
    let expressions = &source.program.module.expressions;
    let mut needed = vec![false; expressions.len()];
    let mut sum = 0;
    for value in values {
        needed[value.index()] = true;
        sum += OPERATION;
    }
    // Operands come before their users.
    for (value, expression) in expressions.iter().rev() {
        if !needed[value.index()] || source.leaf(value, readable_slots).is_some() {
            continue;
        }
        sum += if matches!(expression, Expr::Call(..)) { CALL } else { OPERATION };
        expression.for_each_operand(|operand| needed[operand.index()] = true);
    }
    sum
}

//! What each function of a model has to deliver.

use pmc_abi::frame::FrameLayout;
use pmc_abi::route_property;
use pmc_ir::{self as ir, Expr, Handle, Route, Stage};

/// The functions of a model that write to memory, but for those of events and routes, of which there may be many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Stores the values of stage `Parameters`.
    StageParameters,
    /// Stores the values of stage `Covariates`.
    StageCovariates,
    /// Stores the values of stage `Event`.
    StageEvent,
    /// Stores the values of stage `Interpolated`.
    StageInterpolated,
    /// Writes the initial values of states.
    Initial,
    /// Writes time derivatives.
    Derivatives,
    /// Writes partial derivatives.
    Jacobian,
    /// Writes outputs.
    Outputs,
    /// Writes the initial values of variables.
    Variables,
    /// Writes the times of switches and events.
    EventTimes,
    /// Writes whether the conditions of events hold.
    EventConditions,
    /// Writes the coefficients of Wiener processes.
    Diffusion,
}

/// An element of one of the arrays that a function writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Of the frame.
    Frame(u32),
    /// Of the results.
    Out(u32),
    /// Of the partial derivatives with respect to time.
    TimeDerivative(u32),
}

/// The results of one function.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The function.
    pub function: Function,
    /// How many slots of the frame it finds filled.
    pub readable_slots: u32,
    /// Its results.
    pub results: Vec<(Place, Handle<Expr>)>,
}

/// A property that a route defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// The route.
    pub route: Handle<Route>,
    /// One of [`route_property`].
    pub number: u32,
    /// What people call it.
    pub name: &'static str,
    /// The value.
    pub value: Handle<Expr>,
}

/// Returns the results of all functions that write to memory.
pub fn deliveries(program: &ir::Program, layout: FrameLayout) -> Vec<Delivery> {
    let module = &program.module;
    let all_slots = program.staging.slots.len() as u32;
    let complete = |function, results| Delivery { function, readable_slots: all_slots, results };
    let initial = module.states.iter().map(|(_, state)| state.initial);
    let outputs = module.outputs.iter().map(|(_, output)| output.value);
    let variables = module.variables.iter().map(|(_, variable)| variable.initial);
    let diffusion = module.states.iter().filter_map(|(state, declared)| {
        declared.diffusion.map(|value| (Place::Out(state.index() as u32), value))
    });
    vec![
        stage(program, layout, Function::StageParameters, Stage::Parameters),
        stage(program, layout, Function::StageCovariates, Stage::Covariates),
        stage(program, layout, Function::StageEvent, Stage::Event),
        stage(program, layout, Function::StageInterpolated, Stage::Interpolated),
        complete(Function::Initial, in_order(initial)),
        complete(Function::Derivatives, in_order(module.derivatives())),
        complete(Function::Jacobian, jacobian(program)),
        complete(Function::Outputs, in_order(outputs)),
        complete(Function::Variables, in_order(variables)),
        complete(Function::EventTimes, in_order(program.events.times.iter().copied())),
        complete(Function::EventConditions, in_order(program.events.conditions.iter().copied())),
        complete(Function::Diffusion, diffusion.collect()),
    ]
}

/// Returns the results of the function of each event.
pub fn effects(program: &ir::Program) -> Vec<Vec<(Place, Handle<Expr>)>> {
    let of_event = |effects: &Vec<(u32, Handle<Expr>)>| {
        effects.iter().map(|(place, value)| (Place::Out(*place), *value)).collect()
    };
    program.events.effects.iter().map(of_event).collect()
}

/// Returns the properties that routes define, by route.
pub fn properties(module: &ir::Module) -> Vec<Property> {
    let mut properties = Vec::new();
    for (route, declared) in module.routes.iter() {
        let values = [
            (route_property::LAG, "lag", declared.lag),
            (route_property::BIOAVAILABILITY, "bioavailability", declared.bioavailability),
            (route_property::RATE, "rate", declared.rate),
            (route_property::DURATION, "duration", declared.duration),
        ];
        properties.extend(
            values.into_iter().filter_map(|(number, name, value)| {
                value.map(|value| Property { route, number, name, value })
            }),
        );
    }
    properties
}

/// Returns results that go to consecutive elements.
fn in_order(values: impl Iterator<Item = Handle<Expr>>) -> Vec<(Place, Handle<Expr>)> {
    (0..).map(Place::Out).zip(values).collect()
}

/// Returns the results of a stage: its slots.
fn stage(program: &ir::Program, layout: FrameLayout, function: Function, stage: Stage) -> Delivery {
    let ir::Staging { stages, slots } = &program.staging;
    let stage_of = |value: &Handle<Expr>| stages[value.index()];
    let first = slots.partition_point(|value| stage_of(value) < stage);
    let end = slots.partition_point(|value| stage_of(value) <= stage);
    let results =
        (first..end).map(|slot| (Place::Frame(layout.staged() + slot as u32), slots[slot])).collect();
    Delivery { function, readable_slots: first as u32, results }
}

/// Returns the partial derivatives.
fn jacobian(program: &ir::Program) -> Vec<(Place, Handle<Expr>)> {
    let states = program.module.states.len();
    let matrix =
        program.jacobian.entries.iter().map(|entry| {
            (Place::Out((entry.row.index() * states + entry.column.index()) as u32), entry.value)
        });
    let time = &program.jacobian.time;
    matrix
        .chain(time.iter().map(|(row, value)| (Place::TimeDerivative(row.index() as u32), *value)))
        .collect()
}

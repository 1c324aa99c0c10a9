//! What each function of the model has to deliver.

use std::collections::BTreeSet;

use pmc_abi::frame::FrameLayout;
use pmc_abi::route_property;
use pmc_ir::{self as ir, Expr, Handle, Route, Stage};

use super::entry::{self, Entry};
use super::plan::{Root, Target};
use super::source::ELEMENT;

/// The results of one function.
pub(super) struct Delivery {
    /// The function.
    pub entry: Entry,
    /// How many slots of the frame it finds filled.
    pub readable_slots: u32,
    /// Its results.
    pub roots: Vec<Root>,
}

/// A property that a route defines.
pub(crate) struct Property {
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
pub(super) fn deliveries(program: &ir::Program, layout: FrameLayout) -> Vec<Delivery> {
    let module = &program.module;
    let all_slots = program.staging.slots.len() as u32;
    let complete = |entry, roots| Delivery { entry, readable_slots: all_slots, roots };
    let initial = module
        .states
        .iter()
        .map(|(state, declared)| write(declared.initial, entry::INITIAL_OUT, state.index()));
    let derivatives =
        module.states.iter().map(|(state, declared)| write(declared.derivative, entry::OUT, state.index()));
    let outputs =
        module.outputs.iter().map(|(output, declared)| write(declared.value, entry::OUT, output.index()));
    let variables = module
        .variables
        .iter()
        .map(|(variable, declared)| write(declared.initial, entry::INITIAL_OUT, variable.index()));
    let diffusion = module.states.iter().filter_map(|(state, declared)| {
        declared.diffusion.map(|diffusion| write(diffusion, entry::OUT, state.index()))
    });
    vec![
        stage(program, layout, entry::STAGE_PARAMETERS, Stage::Parameters),
        stage(program, layout, entry::STAGE_COVARIATES, Stage::Covariates),
        stage(program, layout, entry::STAGE_EVENT, Stage::Event),
        stage(program, layout, entry::STAGE_INTERPOLATED, Stage::Interpolated),
        complete(entry::INITIAL, initial.collect()),
        complete(entry::DERIVATIVES, derivatives.collect()),
        complete(entry::JACOBIAN, jacobian(program)),
        complete(entry::OUTPUTS, outputs.collect()),
        complete(entry::VARIABLES, variables.collect()),
        complete(entry::EVENT_TIMES, numbered(&program.events.times, entry::INITIAL_OUT)),
        complete(entry::EVENT_CONDITIONS, numbered(&program.events.conditions, entry::OUT)),
        complete(entry::DIFFUSION, diffusion.collect()),
    ]
}

/// Returns results that go to consecutive elements of the array in a parameter.
fn numbered(values: &[Handle<Expr>], parameter: u32) -> Vec<Root> {
    values.iter().enumerate().map(|(element, value)| write(*value, parameter, element)).collect()
}

/// Returns the results of the function of each event.
pub(super) fn effects(program: &ir::Program) -> Vec<Vec<Root>> {
    let of_event = |effects: &Vec<(u32, Handle<Expr>)>| {
        effects.iter().map(|(place, value)| write(*value, entry::OUT, *place as usize)).collect()
    };
    program.events.effects.iter().map(of_event).collect()
}

/// Returns the properties that routes define, by route.
pub(crate) fn properties(module: &ir::Module) -> Vec<Property> {
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

/// Returns the mathematical functions that the functions of the model with certain names call.
pub(crate) fn functions_called(
    program: &ir::Program,
    layout: FrameLayout,
    is_live: impl Fn(&str) -> bool,
) -> BTreeSet<ir::Function> {
    let live = deliveries(program, layout).into_iter().filter(|delivery| is_live(delivery.entry.name));
    let effects = effects(program).into_iter().filter(|_| is_live(entry::EVENT_EFFECTS.name));
    let roots = live.flat_map(|delivery| delivery.roots).chain(effects.flatten()).map(|root| root.value);
    let properties = properties(&program.module).into_iter().map(|property| property.value);
    let used = program.module.needed_by(roots.chain(properties));
    let expressions = program.module.expressions.iter().filter(|(value, _)| used[value.index()]);
    let called = expressions.filter_map(|(_, expression)| match expression {
        Expr::Call(function, _) => Some(*function),
        _ => None,
    });
    called.collect()
}

/// Returns the results of a stage: its slots.
fn stage(program: &ir::Program, layout: FrameLayout, entry: Entry, stage: Stage) -> Delivery {
    let ir::Staging { stages, slots } = &program.staging;
    let stage_of = |value: &Handle<Expr>| stages[value.index()];
    let first = slots.partition_point(|value| stage_of(value) < stage);
    let end = slots.partition_point(|value| stage_of(value) <= stage);
    let offset = layout.staged() as usize;
    let roots = (first..end).map(|slot| write(slots[slot], entry.frame, offset + slot)).collect();
    Delivery { entry, readable_slots: first as u32, roots }
}

/// Returns the partial derivatives.
fn jacobian(program: &ir::Program) -> Vec<Root> {
    let states = program.module.states.len();
    let matrix = program
        .jacobian
        .entries
        .iter()
        .map(|entry| write(entry.value, entry::OUT, entry.row.index() * states + entry.column.index()));
    let time = &program.jacobian.time;
    let time = time.iter().map(|(row, value)| write(*value, entry::TIME_DERIVATIVE_OUT, row.index()));
    matrix.chain(time).collect()
}

/// Returns a result that goes to an element of the array in a parameter.
fn write(value: Handle<Expr>, parameter: u32, element: usize) -> Root {
    Root { value, target: Target::Parameter(parameter, element as u64 * ELEMENT) }
}

//! The functions of the model: stages, initial values, derivatives, Jacobian, outputs, routes.
//!
//! Each delivers a list of values. Values that the frame keeps are loaded, everything else is computed
//! where it is needed and once: see [`plan`] for where, [`emitter`] for the instructions, [`pieces`] for
//! functions too large for one body.

mod body;
mod deliveries;
mod emitter;
mod entry;
mod instruction;
mod pieces;
mod plan;
mod regions;
mod source;

use std::collections::BTreeMap;

use pmc_abi::frame::FrameLayout;
use pmc_backend::{Property, Source, properties};
use pmc_ir as ir;
use wasm_encoder::{BlockType, Function};

pub(crate) use deliveries::functions_called;
pub(crate) use emitter::Mathematics;
pub(crate) use entry::ALL as ENTRIES;
pub(crate) use pieces::{ModelFunction, TooLarge};

use pieces::Writer;
use plan::{Root, Target};

/// Where things are that the functions refer to.
pub(crate) struct Places<'a> {
    /// The index of the first function.
    pub first_index: u32,
    /// The indices of the kernel's mathematics.
    pub mathematics: &'a Mathematics,
    /// The address of the descriptor.
    pub descriptor: u32,
    /// The address of the scratch memory.
    pub scratch: u32,
    /// The most bytes that the functions may take.
    pub most_code: usize,
}

/// All functions of a model.
pub(crate) struct ModelFunctions {
    /// The functions, by index from the first.
    pub functions: Vec<ModelFunction>,
    /// The index of each function that the kernel imports.
    pub imports: BTreeMap<&'static str, u32>,
    /// One past the last byte of scratch memory.
    pub scratch_end: u32,
}

/// Writes the functions of a model that are live by name.
pub(crate) fn emit(
    program: &ir::Program,
    layout: FrameLayout,
    places: &Places<'_>,
    is_live: impl Fn(&str) -> bool,
) -> Result<ModelFunctions, TooLarge> {
    let source = Source::new(program, layout);
    let mut writer = Writer {
        source: &source,
        mathematics: places.mathematics,
        first_index: places.first_index,
        scratch: places.scratch,
        scratch_end: places.scratch,
        functions: Vec::new(),
        code: 0,
        most_code: places.most_code,
        looks: 0,
    };
    let mut imports = BTreeMap::new();
    let descriptor = descriptor(places.descriptor);
    imports.insert(
        entry::DESCRIPTOR.name,
        writer.add(entry::DESCRIPTOR.name.to_owned(), &entry::DESCRIPTOR, descriptor),
    );
    for delivery in pmc_backend::deliveries(program, layout) {
        let entry = deliveries::entry_of(delivery.function);
        if is_live(entry.name) {
            let roots = deliveries::roots(&entry, &delivery.results);
            let index = writer.deliver(entry.name.to_owned(), &entry, delivery.readable_slots, roots)?;
            imports.insert(entry.name, index);
        }
    }
    let property = route_property(&mut writer)?;
    imports.insert(
        entry::ROUTE_PROPERTY.name,
        writer.add(entry::ROUTE_PROPERTY.name.to_owned(), &entry::ROUTE_PROPERTY, property),
    );
    if is_live(entry::EVENT_EFFECTS.name) {
        let effects = event_effects(&mut writer)?;
        let name = entry::EVENT_EFFECTS.name;
        imports.insert(name, writer.add(name.to_owned(), &entry::EVENT_EFFECTS, effects));
    }
    writer.look(&[])?;
    Ok(ModelFunctions { functions: writer.functions, imports, scratch_end: writer.scratch_end })
}

/// Writes a function for each event, and returns the body of the one that chooses.
fn event_effects(writer: &mut Writer<'_>) -> Result<Function, TooLarge> {
    let readable_slots = writer.source.program.staging.slots.len() as u32;
    let (time, frame, state, event_parameter, out) = (0, 1, 2, 3, 4);
    let mut function = Function::new([]);
    let mut sink = function.instructions();
    for (event, results) in pmc_backend::effects(writer.source.program).into_iter().enumerate() {
        let name = format!("{}_{event}", entry::ONE_EVENT.name);
        let roots = deliveries::roots(&entry::ONE_EVENT, &results);
        let one = writer.deliver(name, &entry::ONE_EVENT, readable_slots, roots)?;
        sink.local_get(event_parameter).i32_const((event as u32).cast_signed()).i32_eq();
        sink.if_(BlockType::Empty).local_get(time).local_get(frame).local_get(state).local_get(out);
        sink.call(one).return_().end();
    }
    sink.end();
    Ok(function)
}

/// Returns the body of the function that returns the address of the descriptor.
fn descriptor(address: u32) -> Function {
    let mut function = Function::new([]);
    function.instructions().i32_const(address.cast_signed()).end();
    function
}

/// Writes a function for each property of a route, and returns the body of the one that chooses.
fn route_property(writer: &mut Writer<'_>) -> Result<Function, TooLarge> {
    let readable_slots = writer.source.program.staging.slots.len() as u32;
    let (time, frame, route_parameter, property_parameter) = (0, 1, 2, 3);
    let mut function = Function::new([]);
    let mut sink = function.instructions();
    for Property { route, number, name, value } in properties(&writer.source.program.module) {
        let name = format!("{}_{}_{name}", entry::ONE_PROPERTY.name, route.index());
        let root = Root { value, target: Target::Result };
        let one = writer.deliver(name, &entry::ONE_PROPERTY, readable_slots, vec![root])?;
        sink.local_get(route_parameter).i32_const((route.index() as u32).cast_signed()).i32_eq();
        sink.local_get(property_parameter).i32_const(number.cast_signed()).i32_eq().i32_and();
        sink.if_(BlockType::Empty).local_get(time).local_get(frame).call(one).return_().end();
    }
    sink.f64_const(f64::NAN.into()).end();
    Ok(function)
}

//! Rules about what lies beside the module.

use super::declarations::check_handle;
use super::{Errors, Place, Rule, events};
use crate::{Expr, Handle, Linearity, Program, Stage, State, Type, linearity, stages, types};

/// Checks what lies beside a module that is itself valid, but for its stages.
pub(super) fn check(program: &Program, errors: &mut Errors) {
    check_jacobian(program, errors);
    let message = "the system is not known to be as linear as it is said to be";
    let is_true = program.linearity == Linearity::None || program.linearity <= linearity(&program.module);
    errors.require(is_true, Rule::Linearity, Place::Module, message);
    events::check(program, errors);
}

fn check_jacobian(program: &Program, errors: &mut Errors) {
    let types = types(&program.module);
    let jacobian = &program.jacobian;
    let mut before: Option<(Handle<State>, Handle<State>)> = None;
    for (index, entry) in jacobian.entries.iter().enumerate() {
        let place = Place::JacobianEntry(index);
        check_handle(&program.module.states, entry.row, place, errors);
        check_handle(&program.module.states, entry.column, place, errors);
        check_value(&types, entry.value, place, errors);
        let position = (entry.row, entry.column);
        let is_later = before.is_none_or(|before| before < position);
        errors.require(is_later, Rule::JacobianOrder, place, "it does not come after the entry before it");
        before = Some(position);
    }
    let mut before: Option<Handle<State>> = None;
    for (index, (row, value)) in jacobian.time.iter().enumerate() {
        let place = Place::TimeDerivative(index);
        check_handle(&program.module.states, *row, place, errors);
        check_value(&types, *value, place, errors);
        let is_later = before.is_none_or(|before| before < *row);
        errors.require(is_later, Rule::JacobianOrder, place, "it does not come after the entry before it");
        before = Some(*row);
    }
}

fn check_value(types: &[Type], value: Handle<Expr>, place: Place, errors: &mut Errors) {
    match types.get(value.index()) {
        Some(Type::Real) => {}
        Some(Type::Boolean) => errors.add(Rule::Type, place, "the value is not real"),
        None => errors.add(Rule::HandleInRange, place, format!("handle {value:?} is out of range")),
    }
}

/// Checks the stages of a program in which all else is sound.
pub(super) fn check_staging(program: &Program, errors: &mut Errors) {
    let stages = stages(&program.module);
    if program.staging.stages != stages {
        let message = "stages are not those that follow from the expressions";
        errors.add(Rule::Stages, Place::Module, message);
    }
    let mut before: Option<(Stage, Handle<Expr>)> = None;
    for (index, kept) in program.staging.slots.iter().enumerate() {
        let place = Place::Slot(index);
        let Some(stage) = stages.get(kept.index()).copied() else {
            errors.add(Rule::HandleInRange, place, format!("handle {kept:?} is out of range"));
            continue;
        };
        let is_kept = Stage::Parameters <= stage && stage <= Stage::Interpolated;
        errors.require(is_kept, Rule::Slots, place, "its value is of a stage that is not kept");
        let is_later = before.is_none_or(|before| before < (stage, *kept));
        errors.require(is_later, Rule::Slots, place, "it does not come after the slot before it");
        before = Some((stage, *kept));
    }
}

use crate::fixture::one_compartment;
use crate::{
    EventFunctions, Handle, Jacobian, JacobianEntry, Linearity, Program, Stage, Staging, program_to_text,
    stages, to_text, types,
};

#[track_caller]
fn check(name: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../../../snapshots/ir");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_module_prints_its_declarations_and_values() {
    check("ir__module", &to_text(&one_compartment()));
}

#[test]
fn a_program_prints_stages_slots_and_jacobian() {
    let module = one_compartment();
    let entry = |row, column, value| JacobianEntry {
        row: Handle::from_index(row),
        column: Handle::from_index(column),
        value: Handle::from_index(value),
    };
    let jacobian = Jacobian {
        entries: vec![entry(0, 0, 0), entry(1, 1, 10)],
        time: vec![(Handle::from_index(1), Handle::from_index(19))],
    };
    let staging =
        Staging { stages: stages(&module), slots: vec![Handle::from_index(8), Handle::from_index(10)] };
    check(
        "ir__program",
        &program_to_text(&Program {
            module,
            jacobian,
            staging,
            linearity: Linearity::None,
            events: EventFunctions::default(),
        }),
    );
}

#[test]
fn a_handle_out_of_range_prints_as_a_question_mark() {
    let mut module = one_compartment();
    module.states = crate::Arena::new();
    assert!(to_text(&module).contains("%11 = state ?\n"));
}

#[test]
fn mapping_roots_reaches_each_root_in_order() {
    let mut module = one_compartment();
    let mut walked = Vec::new();
    module.for_each_root(|_, value| walked.push(value));
    let mut mapped = Vec::new();
    module.map_roots(|value| {
        mapped.push(value);
        Handle::from_index(7)
    });
    assert_eq!(walked, mapped);
    assert_eq!(walked.len(), 11);
    module.for_each_root(|_, value| assert_eq!(value.index(), 7));
}

#[test]
fn a_covariate_on_a_slope_is_interpolated_and_its_slope_is_not() {
    let mut module = one_compartment();
    let slope = module.expressions.push(crate::Expr::CovariateSlope(Handle::from_index(0)));
    let constant = module.expressions.push(crate::Expr::Covariate(Handle::from_index(1)));
    let stages = stages(&module);
    assert_eq!(stages[3], Stage::Interpolated);
    assert_eq!(stages[10], Stage::Interpolated);
    assert_eq!(stages[slope.index()], Stage::Covariates);
    assert_eq!(stages[constant.index()], Stage::Covariates);
    assert_eq!(stages[8], Stage::Parameters);
    assert_eq!(stages[18], Stage::State);
    assert_eq!(types(&module).len(), stages.len());
}

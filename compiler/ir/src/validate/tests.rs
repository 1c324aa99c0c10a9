use crate::fixture::{one_compartment, push};
use crate::{
    BinaryOperation, Comparison, Event, EventDose, EventFunctions, Expr, Function, Handle, Input, Jacobian,
    JacobianEntry, Kind, Linearity, Logic, Module, Parameter, Place, Program, Real, Rule, SourceSpan, Stage,
    Staging, Trigger, UnaryOperation, Variance, limits, stages, validate, validate_program,
};

/// Asserts that the change breaks this rule and no other, at this place and nowhere else.
#[track_caller]
fn check(rule: Rule, place: Place, change: impl FnOnce(&mut Module)) {
    let mut module = one_compartment();
    change(&mut module);
    let errors = validate(&module).expect_err("the change breaks a rule");
    let found: Vec<_> = errors.iter().map(|error| (error.rule, error.place)).collect();
    assert_eq!(found, [(rule, place)], "{errors:?}");
}

fn expression<T>(index: usize, wrap: impl Fn(Handle<T>) -> Place) -> Place {
    wrap(Handle::from_index(index))
}

/// Adds an expression behind the others and returns its place.
fn added() -> Place {
    expression(one_compartment().expressions.len(), Place::Expression)
}

#[test]
fn a_sound_module_is_accepted() {
    assert_eq!(validate(&one_compartment()), Ok(()));
    assert_eq!(validate(&Module::new("empty")), Ok(()));
}

#[test]
fn all_errors_are_reported() {
    let mut module = one_compartment();
    module.name.clear();
    module.options.relative_tolerance = 0.0;
    push(&mut module, Expr::Constant(Real(f64::NAN)));
    assert_eq!(validate(&module).expect_err("three rules are broken").len(), 3);
}

#[test]
fn too_many_states_are_an_error() {
    check(Rule::Limit, Place::Module, |module| {
        let state = module.states[Handle::from_index(0)].clone();
        (0..limits::STATES).for_each(|_| {
            module.states.push(state.clone());
        });
    });
}

#[test]
fn too_many_expressions_are_an_error() {
    check(Rule::Limit, Place::Module, |module| {
        (0..limits::EXPRESSIONS).for_each(|_| {
            push(module, Expr::Time);
        });
    });
}

#[test]
fn too_many_dependencies_on_states_are_an_error() {
    check(Rule::Limit, Place::Module, |module| {
        let mut sum = Handle::from_index(12);
        for index in 0..1_500 {
            let mut state = module.states[Handle::from_index(0)].clone();
            state.name = format!("x[{index}]");
            let state = module.states.push(state);
            let value = push(module, Expr::State(state));
            sum = push(module, Expr::Binary(BinaryOperation::Add, sum, value));
        }
        module.states[Handle::from_index(0)].derivative = sum;
    });
}

#[test]
fn a_text_that_is_too_long_is_an_error() {
    check(Rule::Limit, expression(0, Place::Parameter), |module| {
        module.parameters[Handle::from_index(0)].label = Some("x".repeat(limits::TEXT + 1));
    });
}

#[test]
fn an_empty_name_is_an_error() {
    check(Rule::EmptyName, Place::Module, |module| module.name.clear());
    check(Rule::EmptyName, expression(0, Place::Output), |module| {
        module.outputs[Handle::from_index(0)].name.clear();
    });
}

#[test]
fn a_name_used_twice_within_its_kind_is_an_error() {
    check(Rule::DuplicateName, expression(1, Place::Parameter), |module| {
        module.parameters[Handle::from_index(1)].name = "ka".to_owned();
    });
    check(Rule::DuplicateName, expression(1, Place::Route), |module| {
        module.routes[Handle::from_index(1)].label = "oral".to_owned();
    });
}

#[test]
fn a_handle_out_of_range_is_an_error() {
    check(Rule::HandleInRange, added(), |module| {
        push(module, Expr::Parameter(Handle::from_index(2)));
    });
    check(Rule::HandleInRange, added(), |module| {
        push(module, Expr::LastDoseTime(Some(Handle::from_index(2))));
    });
    check(Rule::HandleInRange, expression(0, Place::Output), |module| {
        module.outputs[Handle::from_index(0)].value = Handle::from_index(99);
    });
    check(Rule::HandleInRange, expression(0, Place::RandomEffect), |module| {
        module.random_effects[Handle::from_index(0)].per = Some(Handle::from_index(2));
    });
    check(Rule::HandleInRange, expression(0, Place::Route), |module| {
        module.routes[Handle::from_index(0)].destination = Some(Handle::from_index(2));
    });
}

#[test]
fn an_operand_that_does_not_come_before_its_user_is_an_error() {
    check(Rule::OperandOrder, added(), |module| {
        let own = Handle::from_index(module.expressions.len());
        push(module, Expr::Unary(UnaryOperation::Negate, own));
    });
}

#[test]
fn a_call_with_the_wrong_number_of_arguments_is_an_error() {
    check(Rule::Arity, added(), |module| {
        push(module, Expr::Call(Function::Pow, vec![Handle::from_index(0)]));
    });
}

#[test]
fn an_error_model_with_the_wrong_number_of_arguments_is_an_error() {
    check(Rule::Arity, expression(0, Place::Output), |module| {
        let model = module.outputs[Handle::from_index(0)].error_model.as_mut();
        model.expect("the fixture has one").arguments.pop();
    });
}

#[test]
fn a_matrix_row_that_does_not_continue_its_block_is_an_error() {
    let own = Handle::from_index(20);
    check(Rule::Arity, expression(0, Place::RandomEffect), |module| {
        module.random_effects[Handle::from_index(0)].variance = Variance::CovarianceRow(vec![own; 2]);
    });
    check(Rule::Arity, expression(1, Place::RandomEffect), |module| {
        let mut effect = module.random_effects[Handle::from_index(0)].clone();
        effect.name = "eta_ka".to_owned();
        effect.variance = Variance::CorrelationRow(vec![own; 2]);
        module.random_effects.push(effect);
    });
}

#[test]
fn a_real_where_a_truth_value_belongs_is_an_error() {
    let real = Handle::from_index(0);
    check(Rule::Type, added(), |module| {
        push(module, Expr::Unary(UnaryOperation::Not, real));
    });
    check(Rule::Type, added(), |module| {
        push(module, Expr::Select(real, real, real));
    });
    check(Rule::Type, added(), |module| {
        let truth = Handle::from_index(module.expressions.len() - 1);
        module.expressions[truth] = Expr::Boolean(true);
        module.outputs[Handle::from_index(0)].error_model = None;
        module.random_effects[Handle::from_index(0)].variance = Variance::Variance(real);
        module.routes[Handle::from_index(0)].lag = None;
        push(module, Expr::Logic(Logic::And, truth, real));
    });
}

#[test]
fn a_truth_value_where_a_real_belongs_is_an_error() {
    let real = Handle::from_index(0);
    for user in [
        |truth, real| Expr::Binary(BinaryOperation::Add, real, truth),
        |truth, real| Expr::Compare(Comparison::Less, real, truth),
        |truth, _| Expr::Call(Function::Exp, vec![truth]),
        |truth, real| Expr::Select(truth, real, truth),
    ] {
        let place = expression(one_compartment().expressions.len() + 1, Place::Expression);
        check(Rule::Type, place, |module| {
            let truth = push(module, Expr::Boolean(true));
            push(module, user(truth, real));
        });
    }
}

#[test]
fn a_declaration_that_names_a_truth_value_is_an_error() {
    check(Rule::Type, expression(0, Place::Output), |module| {
        module.outputs[Handle::from_index(0)].value = push(module, Expr::Boolean(true));
    });
}

#[test]
fn a_constant_that_is_not_a_number_is_an_error() {
    check(Rule::Number, added(), |module| {
        push(module, Expr::Constant(Real(f64::NAN)));
    });
    check(Rule::Number, expression(0, Place::Parameter), |module| {
        module.parameters[Handle::from_index(0)].default = Some(f64::INFINITY);
    });
    check(Rule::Number, expression(0, Place::Parameter), |module| {
        module.parameters[Handle::from_index(0)].upper = Some(f64::NAN);
    });
    check(Rule::Number, expression(0, Place::Covariate), |module| {
        module.covariates[Handle::from_index(0)].categories = vec![1.0, f64::NAN];
    });
}

#[test]
fn bounds_out_of_order_are_an_error() {
    check(Rule::Bounds, expression(0, Place::Parameter), |module| {
        module.parameters[Handle::from_index(0)].upper = Some(0.001);
    });
}

#[test]
fn an_initial_value_that_reads_a_state_is_an_error() {
    check(Rule::Reads, expression(1, Place::State), |module| {
        module.states[Handle::from_index(1)].initial = Handle::from_index(13);
    });
}

#[test]
fn a_route_property_that_reads_a_state_or_a_rate_is_an_error() {
    check(Rule::Reads, expression(0, Place::Route), |module| {
        module.routes[Handle::from_index(0)].bioavailability = Some(Handle::from_index(11));
    });
    check(Rule::Reads, expression(1, Place::Route), |module| {
        module.routes[Handle::from_index(1)].duration = Some(Handle::from_index(17));
    });
}

#[test]
fn a_secondary_quantity_that_reads_time_is_an_error() {
    check(Rule::Reads, expression(0, Place::Secondary), |module| {
        module.secondary[Handle::from_index(0)].value = push(module, Expr::Time);
    });
}

#[test]
fn an_error_model_or_variance_that_reads_a_covariate_is_an_error() {
    check(Rule::Reads, expression(0, Place::Output), |module| {
        let model = module.outputs[Handle::from_index(0)].error_model.as_mut();
        model.expect("the fixture has one").lower_limit = Some(Handle::from_index(3));
    });
    check(Rule::Reads, expression(0, Place::RandomEffect), |module| {
        module.random_effects[Handle::from_index(0)].variance =
            Variance::StandardDeviation(Handle::from_index(3));
    });
}

#[test]
fn a_derivative_that_depends_on_digamma_is_an_error() {
    check(Rule::Differentiable, expression(0, Place::State), |module| {
        let value = push(module, Expr::Call(Function::Digamma, vec![Handle::from_index(11)]));
        module.states[Handle::from_index(0)].derivative = value;
    });
}

#[test]
fn a_bolus_route_without_destination_is_an_error() {
    for input in [Input::Bolus, Input::Both] {
        check(Rule::Destination, expression(1, Place::Route), |module| {
            module.routes[Handle::from_index(1)].input = input;
        });
    }
}

#[test]
fn unusable_options_are_errors() {
    check(Rule::Options, Place::Options, |module| module.options.relative_tolerance = f64::INFINITY);
    check(Rule::Options, Place::Options, |module| module.options.absolute_tolerance = -1.0);
    check(Rule::Options, Place::Options, |module| module.options.maximum_step = f64::NAN);
}

#[test]
fn spans_without_expressions_or_out_of_order_are_errors() {
    check(Rule::Spans, Place::Module, |module| module.spans.push(SourceSpan::default()));
    check(Rule::Spans, Place::Module, |module| module.spans[0] = SourceSpan { start: 2, end: 1 });
}

fn program() -> Program {
    let module = one_compartment();
    let entry = |row, column, value| JacobianEntry {
        row: Handle::from_index(row),
        column: Handle::from_index(column),
        value: Handle::from_index(value),
    };
    let jacobian = Jacobian {
        entries: vec![entry(0, 0, 0), entry(1, 0, 0), entry(1, 1, 10)],
        time: vec![(Handle::from_index(1), Handle::from_index(19))],
    };
    let slots = vec![Handle::from_index(8), Handle::from_index(10)];
    Program {
        staging: Staging { stages: stages(&module), slots },
        module,
        jacobian,
        linearity: Linearity::None,
        events: EventFunctions::default(),
    }
}

/// Asserts that the change breaks this rule of programs and no other.
#[track_caller]
fn check_program(rule: Rule, place: Place, change: impl FnOnce(&mut Program)) {
    let mut program = program();
    change(&mut program);
    let errors = validate_program(&program).expect_err("the change breaks a rule");
    let found: Vec<_> = errors.iter().map(|error| (error.rule, error.place)).collect();
    assert_eq!(found, [(rule, place)], "{errors:?}");
}

#[test]
fn a_sound_program_is_accepted() {
    assert_eq!(validate_program(&program()), Ok(()));
}

#[test]
fn a_program_with_an_unsound_module_is_an_error() {
    check_program(Rule::EmptyName, Place::Module, |program| program.module.name.clear());
}

#[test]
fn a_jacobian_out_of_order_is_an_error() {
    check_program(Rule::JacobianOrder, Place::JacobianEntry(1), |program| {
        program.jacobian.entries.swap(0, 1);
        program.jacobian.entries.pop();
    });
    check_program(Rule::JacobianOrder, Place::JacobianEntry(3), |program| {
        program.jacobian.entries.push(program.jacobian.entries[2]);
    });
    check_program(Rule::JacobianOrder, Place::TimeDerivative(1), |program| {
        program.jacobian.time.push(program.jacobian.time[0]);
    });
}

#[test]
fn a_jacobian_out_of_range_is_an_error() {
    check_program(Rule::HandleInRange, Place::JacobianEntry(2), |program| {
        program.jacobian.entries[2].column = Handle::from_index(2);
    });
    check_program(Rule::HandleInRange, Place::TimeDerivative(0), |program| {
        program.jacobian.time[0].1 = Handle::from_index(99);
    });
}

#[test]
fn stages_that_do_not_follow_from_the_expressions_are_an_error() {
    check_program(Rule::Stages, Place::Module, |program| program.staging.stages[0] = Stage::Time);
    check_program(Rule::Stages, Place::Module, |program| {
        program.staging.stages.pop();
    });
}

#[test]
fn slots_out_of_order_or_of_the_wrong_stage_are_errors() {
    check_program(Rule::Slots, Place::Slot(1), |program| program.staging.slots.reverse());
    check_program(Rule::Slots, Place::Slot(2), |program| {
        program.staging.slots.push(Handle::from_index(11));
    });
}

#[test]
fn particles_belong_to_stochastic_systems() {
    check(Rule::Options, Place::Options, |module| module.options.particles = 10);
    check(Rule::Options, Place::Options, |module| module.kind = Kind::Stochastic);
}

#[test]
fn violations_beyond_a_hundred_are_not_listed() {
    let mut module = one_compartment();
    (0..1000).for_each(|_| {
        push(&mut module, Expr::Constant(Real(f64::NAN)));
    });
    assert_eq!(validate(&module).expect_err("many rules are broken").len(), 100);
}

#[test]
fn texts_with_control_characters_are_an_error() {
    let first = Place::Parameter(Handle::from_index(0));
    for character in ['\0', '\t', '\n', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}', '\u{fffe}', '\u{ffff}'] {
        let text = format!("a{character}b");
        check(Rule::Text, Place::Module, |module| module.name = text.clone());
        check(Rule::Text, Place::Options, |module| module.options.time_unit = Some(text.clone()));
        let parameter = |module: &mut Module, change: &dyn Fn(&mut Parameter)| {
            change(&mut module.parameters[Handle::from_index(0)]);
        };
        check(Rule::Text, first, |module| parameter(module, &|of| of.name = text.clone()));
        check(Rule::Text, first, |module| parameter(module, &|of| of.unit = Some(text.clone())));
        check(Rule::Text, first, |module| parameter(module, &|of| of.label = Some(text.clone())));
    }
    let mut module = one_compartment();
    module.name = "“naïve” · α₁ \u{a0}\u{1f48a}".to_owned();
    assert_eq!(validate(&module), Ok(()));
}

#[test]
fn names_that_stand_for_something_else_are_an_error() {
    let first = Handle::from_index(0);
    for name in ["t", "time"] {
        let name = || name.to_owned();
        check(Rule::ReservedName, Place::Parameter(Handle::from_index(0)), |module| {
            module.parameters[Handle::from_index(0)].name = name();
        });
        check(Rule::ReservedName, Place::Covariate(Handle::from_index(0)), |module| {
            module.covariates[Handle::from_index(0)].name = name();
        });
        check(Rule::ReservedName, Place::State(Handle::from_index(0)), |module| {
            module.states[Handle::from_index(0)].name = name();
        });
        check(Rule::ReservedName, Place::Output(first), |module| module.outputs[first].name = name());
    }
    check(Rule::ReservedName, Place::Output(first), |module| module.outputs[first].name = "id".to_owned());
    let mut module = one_compartment();
    module.outputs[first].name = "ID".to_owned();
    module.parameters[Handle::from_index(0)].name = "id".to_owned();
    module.routes[Handle::from_index(0)].label = "time".to_owned();
    assert_eq!(validate(&module), Ok(()));
}

#[test]
fn a_system_that_is_said_to_be_more_linear_than_it_is_is_an_error() {
    check_program(Rule::Linearity, Place::Module, |program| program.linearity = Linearity::Always);
    let mut modest = program();
    modest.linearity = Linearity::UnlessSloped;
    assert_eq!(validate_program(&modest), Ok(()));
}

/// Returns a program with an event that waits, and one that happens at a time and gives a dose if it is true.
fn eventful() -> Program {
    let mut program = program();
    let module = &mut program.module;
    let [zero, time] = [0.0, 5.0].map(|number| push(module, Expr::Constant(Real(number))));
    let [never, nowhere] = [f64::INFINITY, -1.0].map(|number| push(module, Expr::Constant(Real(number))));
    let condition = push(module, Expr::Compare(Comparison::Less, Handle::from_index(11), time));
    let route = push(module, Expr::Select(condition, zero, nowhere));
    let dose =
        EventDose { condition: Some(condition), route: Handle::from_index(0), amount: time, duration: None };
    let event = |trigger| Event {
        trigger,
        states: Vec::new(),
        variables: Vec::new(),
        doses: Vec::new(),
        stop: Some(condition),
    };
    module.events.push(event(Trigger::When(condition)));
    let states = vec![(Handle::from_index(1), time)];
    module.events.push(Event { states, doses: vec![dose], stop: None, ..event(Trigger::At(time)) });
    program.events = EventFunctions {
        times: vec![never, zero, time, zero],
        conditions: vec![condition, zero],
        effects: vec![vec![(2, condition)], vec![(1, time), (3, route), (4, time), (5, zero)]],
    };
    program.staging.stages = stages(&program.module);
    program
}

/// Asserts that the change makes the functions of events break this rule, and no other.
#[track_caller]
fn check_events(rule: Rule, place: Place, change: impl FnOnce(&mut EventFunctions)) {
    let mut program = eventful();
    assert_eq!(validate_program(&program), Ok(()));
    change(&mut program.events);
    let errors = validate_program(&program).expect_err("the change breaks a rule");
    let found: Vec<_> = errors.iter().map(|error| (error.rule, error.place)).collect();
    assert_eq!(found, [(rule, place)], "{errors:?}");
}

#[test]
fn functions_of_events_that_do_not_cover_them_are_an_error() {
    check_events(Rule::Events, Place::Module, |events| events.times.clear());
    check_events(Rule::Events, Place::Module, |events| events.conditions.truncate(1));
    check_events(Rule::Events, Place::Module, |events| events.effects.truncate(1));
    check_events(Rule::HandleInRange, Place::Module, |events| events.times[0] = Handle::from_index(999));
}

#[test]
fn a_time_of_an_event_that_reads_a_state_is_an_error() {
    check_events(Rule::Events, Place::Event(Handle::from_index(0)), |events| {
        events.times[0] = Handle::from_index(11);
    });
}

/// Returns whether an event with this trigger may have this first time; both are made of expressions behind those of the
/// program: a parameter, the time of the last event, the time of the last dose, 5, 10, ±∞, 0 and the largest number.
fn may_start(trigger: impl Fn(&[Handle<Expr>]) -> Trigger, time: impl Fn(&[Handle<Expr>]) -> Expr) -> bool {
    let mut program = eventful();
    let module = &mut program.module;
    let mut values = vec![Expr::Parameter(Handle::from_index(0)), Expr::EventTime, Expr::LastDoseTime(None)];
    let numbers = [5.0, 10.0, f64::INFINITY, f64::NEG_INFINITY, 0.0, f64::MAX];
    values.extend(numbers.map(|number| Expr::Constant(Real(number))));
    let mut handles: Vec<Handle<Expr>> = values.into_iter().map(|value| push(module, value)).collect();
    // A minimum of the parameter, one of infinity, and whether the parameter is above 0.
    let minimum = |x: usize| Expr::Binary(BinaryOperation::Minimum, handles[x], handles[8]);
    let more = [minimum(0), minimum(5), Expr::Compare(Comparison::Less, handles[7], handles[0])];
    handles.extend(more.map(|value| module.expressions.push(value)));
    let event = Handle::from_index(1);
    module.events[event].trigger = trigger(&handles);
    program.events.times[2] = push(module, time(&handles));
    if let Trigger::Every { interval, .. } = module.events[event].trigger {
        program.events.times[3] = interval;
    }
    // A constant is taken as it is, not copied.
    if let Expr::Constant(number) = module.expressions[program.events.times[2]]
        && let Some(place) = numbers.iter().position(|known| *known == number.0)
    {
        program.events.times[2] = handles[3 + place];
    }
    program.staging = crate::stage(&program.module, &program.jacobian);
    validate_program(&program).is_ok()
}

#[test]
fn an_event_starts_when_its_trigger_says() {
    use BinaryOperation::Minimum;
    let constant = |number| move |_: &[Handle<Expr>]| Expr::Constant(Real(number));
    let at = |value: usize| move |of: &[Handle<Expr>]| Trigger::At(of[value]);
    assert!(may_start(at(3), constant(5.0)));
    assert!(may_start(at(6), constant(f64::NEG_INFINITY)));
    assert!(may_start(at(0), |of| Expr::Binary(Minimum, of[0], of[8])));
    assert!(may_start(at(5), |of| Expr::Binary(Minimum, of[5], of[8])));
    for number in [10.0, f64::NEG_INFINITY, f64::MAX] {
        assert!(!may_start(at(3), constant(number)), "{number}");
        assert!(!may_start(at(0), constant(number)), "{number}");
        assert!(!may_start(at(5), constant(number)), "{number}");
    }
    // Neither something else than what is stated, nor cut somewhere else.
    for other in [1, 2, 3, 7] {
        assert!(!may_start(at(0), |of| Expr::Binary(Minimum, of[other], of[8])), "{other}");
        assert!(!may_start(at(0), |of| Expr::Binary(Minimum, of[0], of[other])), "{other}");
    }
    assert!(!may_start(at(0), |of| Expr::Select(of[11], of[9], of[8])));
}

#[test]
fn a_series_starts_when_its_trigger_says() {
    let every = |start: usize, interval: usize| {
        move |of: &[Handle<Expr>]| Trigger::Every { start: of[start], interval: of[interval] }
    };
    assert!(may_start(every(3, 4), |_| Expr::Constant(Real(5.0))));
    assert!(may_start(every(0, 4), |of| Expr::Binary(BinaryOperation::Minimum, of[0], of[8])));
    assert!(may_start(every(3, 0), |of| Expr::Select(of[11], of[3], of[8])));
    assert!(may_start(every(0, 0), |of| Expr::Select(of[11], of[9], of[8])));
    assert!(may_start(every(5, 0), |of| Expr::Select(of[11], of[10], of[8])));
    // Where the interval is not above 0, nothing may happen.
    assert!(!may_start(every(3, 7), |_| Expr::Constant(Real(5.0))));
    assert!(!may_start(every(3, 0), |_| Expr::Constant(Real(5.0))));
    assert!(!may_start(every(3, 0), |of| Expr::Select(of[11], of[4], of[8])));
    assert!(!may_start(every(3, 0), |of| Expr::Select(of[11], of[3], of[4])));
    assert!(!may_start(every(0, 0), |of| Expr::Select(of[11], of[0], of[8])));
    assert!(!may_start(every(3, 3), |of| Expr::Select(of[11], of[3], of[8])));
}

#[test]
fn functions_that_do_not_say_what_events_say_are_an_error() {
    let [first, second] = [0, 1].map(|index| Place::Event(Handle::from_index(index)));
    // An event that waits has no time, one that does not has one.
    check_events(Rule::Events, first, |events| events.times[0] = events.times[2]);
    check_events(Rule::Events, second, |events| events.times[2] = events.times[0]);
    check_events(Rule::Events, second, |events| events.times[3] = events.times[2]);
    check_events(Rule::Events, first, |events| events.conditions[0] = events.conditions[1]);
    check_events(Rule::Events, second, |events| events.conditions[1] = events.conditions[0]);
    // Effects stand in their places, none elsewhere, and a route is the one of the dose.
    check_events(Rule::Events, first, |events| events.effects[0].clear());
    check_events(Rule::Events, first, |events| events.effects[0][0].0 = 3);
    check_events(Rule::Events, second, |events| events.effects[1][0].0 = u32::MAX);
    check_events(Rule::Events, second, |events| events.effects[1][1].1 = events.effects[1][2].1);
    check_events(Rule::Events, second, |events| events.effects[1][3].1 = events.effects[1][2].1);
}

//! Random expressions: modules compute what the reference evaluator computes, bit for bit.

use pmc_ir::{
    self as ir, BinaryOperation, Comparison, Expr, Function, Handle, Interpolation, JacobianEntry, Logic,
    Module, Program, Type, UnaryOperation,
};
use pmc_passes::{Environment, evaluate};

use crate::build::Builder;
use crate::run::{Results, run};

/// A small generator of numbers (Marsaglia's xorshift, 64 bits).
pub(crate) struct Generator(u64);

impl Generator {
    /// Starts a sequence.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    /// Returns one of some things.
    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const STATES: usize = 4;

/// Returns a module with `size` random operations on every kind of leaf.
fn random_module(generator: &mut Generator, size: usize) -> Module {
    let mut builder = Builder::new("random");
    for name in ["p", "q", "r"] {
        builder.parameter(name, Some(1.0));
    }
    builder.random_effect("eta");
    let modes = [None, Some(Interpolation::Linear), Some(Interpolation::LastForward)];
    for (name, mode) in ["wt", "age", "sex"].into_iter().zip(modes) {
        builder.covariate(name, mode);
    }
    for name in ["a", "b", "c", "d"] {
        builder.state(name);
    }
    let routes = [builder.route("oral", 0), builder.route("iv", 1)];
    for covariate in builder.module.covariates.handles() {
        builder.push(Expr::CovariateSlope(covariate));
        builder.push(Expr::CovariateMissing(covariate));
    }
    for route in routes {
        builder.push(Expr::InfusionRate(route));
        builder.push(Expr::LastDoseTime(Some(route)));
    }
    let zero = builder.constant(0.0);
    for name in ["v", "w"] {
        let variable = ir::Variable { name: name.to_owned(), unit: None, initial: zero };
        let variable = builder.module.variables.push(variable);
        builder.push(Expr::Variable(variable));
    }
    let times = [Expr::LastDoseTime(None), Expr::EventTime, Expr::Time];
    for leaf in times.into_iter().chain([Expr::DoseNumber, Expr::Boolean(true)]) {
        builder.push(leaf);
    }
    for number in [0.5, -2.0, 0.0, f64::INFINITY] {
        builder.constant(number);
    }
    let mut types = ir::types(&builder.module);
    for _ in 0..size {
        let operation = random_operation(generator, &types);
        types.push(operation.result_type(|operand| types[operand.index()]));
        builder.push(operation);
    }
    choose_roots(generator, &mut builder, &types);
    builder.module
}

/// Returns a value of a type, recent ones more often.
fn operand(generator: &mut Generator, types: &[Type], wanted: Type) -> Handle<Expr> {
    let recent = if generator.below(2) == 0 { types.len().min(12) } else { types.len() };
    let start = types.len() - 1 - generator.below(recent);
    let nearest = (0..=start).rev().find(|index| types[*index] == wanted);
    Handle::from_index(nearest.or_else(|| types.iter().position(|of| *of == wanted)).unwrap())
}

/// Returns an operation on values that are there.
fn random_operation(generator: &mut Generator, types: &[Type]) -> Expr {
    match generator.below(16) {
        0..=6 => {
            let operation = generator.choose(&BINARY);
            Expr::Binary(
                operation,
                operand(generator, types, Type::Real),
                operand(generator, types, Type::Real),
            )
        }
        7 | 8 => {
            let operation = generator.choose(&UNARY);
            Expr::Unary(operation, operand(generator, types, Type::Real))
        }
        9 => {
            let comparison = generator.choose(&COMPARISONS);
            let left = operand(generator, types, Type::Real);
            Expr::Compare(comparison, left, operand(generator, types, Type::Real))
        }
        10 => Expr::Unary(UnaryOperation::Not, operand(generator, types, Type::Boolean)),
        11 => {
            let logic = generator.choose(&[Logic::And, Logic::Or]);
            let left = operand(generator, types, Type::Boolean);
            Expr::Logic(logic, left, operand(generator, types, Type::Boolean))
        }
        12 | 13 => {
            let wanted = generator.choose(&[Type::Real, Type::Real, Type::Real, Type::Boolean]);
            let condition = operand(generator, types, Type::Boolean);
            Expr::Select(condition, operand(generator, types, wanted), operand(generator, types, wanted))
        }
        _ => {
            let function = generator.choose(&Function::ALL);
            let function = if function == Function::Digamma { Function::Exp } else { function };
            let mut argument = || operand(generator, types, Type::Real);
            Expr::Call(function, (0..function.arity()).map(|_| argument()).collect())
        }
    }
}

const BINARY: [BinaryOperation; 6] = [
    BinaryOperation::Add,
    BinaryOperation::Subtract,
    BinaryOperation::Multiply,
    BinaryOperation::Divide,
    BinaryOperation::Minimum,
    BinaryOperation::Maximum,
];

const UNARY: [UnaryOperation; 6] = [
    UnaryOperation::Negate,
    UnaryOperation::Absolute,
    UnaryOperation::SquareRoot,
    UnaryOperation::Floor,
    UnaryOperation::Ceiling,
    UnaryOperation::Truncate,
];

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessEqual,
    Comparison::Greater,
    Comparison::GreaterEqual,
];

/// Makes random values the roots of everything, where the validator allows them.
fn choose_roots(generator: &mut Generator, builder: &mut Builder, types: &[Type]) {
    let module = &builder.module;
    let stages = ir::stages(module);
    let real = |handle: &Handle<Expr>| types[handle.index()] == Type::Real;
    let any: Vec<_> = module.expressions.handles().filter(real).collect();
    let settled = without(module, |expression| matches!(expression, Expr::State(_) | Expr::InfusionRate(_)));
    let settled: Vec<_> = settled.into_iter().filter(real).collect();
    let stateless: Vec<_> =
        any.iter().copied().filter(|handle| stages[handle.index()] < ir::Stage::State).collect();
    let recent = |from: &[Handle<Expr>], generator: &mut Generator| {
        from[from.len() - 1 - generator.below(from.len().min(20))]
    };
    for state in builder.module.states.values_mut() {
        state.derivative = recent(&any, generator);
        state.initial = recent(&stateless, generator);
    }
    for route in builder.module.routes.values_mut() {
        route.lag = Some(recent(&settled, generator));
        route.bioavailability = Some(recent(&settled, generator));
        route.duration = Some(recent(&settled, generator));
    }
    for name in ["x", "y", "z"] {
        builder.output(name, recent(&any, generator));
    }
}

/// Returns the expressions in which nothing unwanted takes part.
fn without(module: &Module, unwanted: impl Fn(&Expr) -> bool) -> Vec<Handle<Expr>> {
    let mut tainted = vec![false; module.expressions.len()];
    for (handle, expression) in module.expressions.iter() {
        let mut taint = unwanted(expression);
        expression.for_each_operand(|operand| taint |= tainted[operand.index()]);
        tainted[handle.index()] = taint;
    }
    module.expressions.handles().filter(|handle| !tainted[handle.index()]).collect()
}

/// Returns a program whose Jacobian is made of arbitrary values; staged or not.
fn random_program(generator: &mut Generator, size: usize, staged: bool) -> Program {
    let module = random_module(generator, size);
    let types = ir::types(&module);
    let real: Vec<_> =
        module.expressions.handles().filter(|handle| types[handle.index()] == Type::Real).collect();
    let mut jacobian = ir::Jacobian::default();
    for (row, _) in module.states.iter() {
        for (column, _) in module.states.iter().filter(|(column, _)| column.index() != 2) {
            jacobian.entries.push(JacobianEntry { row, column, value: generator.choose(&real) });
        }
        jacobian.time.push((row, generator.choose(&real)));
    }
    let mut staging = pmc_passes::stage(&module, &jacobian);
    if !staged {
        staging.slots.clear();
    }
    let program = Program {
        module,
        jacobian,
        staging,
        linearity: pmc_ir::Linearity::None,
        events: pmc_ir::EventFunctions::default(),
    };
    assert_eq!(ir::validate_program(&program), Ok(()));
    program
}

/// Returns values for all leaves; covariates and slopes are whole so that interpolation is exact.
fn random_environment(generator: &mut Generator) -> Environment {
    let mut reals = |count: usize| -> Vec<f64> {
        (0..count).map(|_| generator.below(4000) as f64 / 1000.0 - 1.0).collect()
    };
    Environment {
        variables: reals(2),
        event_time: 0.25,
        parameters: reals(3),
        random_effects: reals(1),
        states: reals(STATES),
        infusion_rates: reals(2),
        last_dose_times: vec![f64::NEG_INFINITY, 1.0],
        last_dose_time: 1.0,
        dose_number: 2.0,
        time: 3.0,
        covariates: vec![70.0, 40.0, 1.0],
        covariate_slopes: vec![2.0, -1.0, 0.0],
        covariates_missing: vec![false, true, false],
    }
}

/// Fails unless two lists hold the same bits, NaN being one value.
#[track_caller]
pub(crate) fn assert_same(what: &str, found: &[f64], expected: &[f64]) {
    let bits = |values: &[f64]| -> Vec<u64> {
        values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
    };
    assert_eq!(bits(found), bits(expected), "{what}: found {found:?}, expected {expected:?}");
}

/// Fails unless a module computes what the evaluator computes.
#[track_caller]
pub(crate) fn assert_agrees(program: &Program, environment: &Environment) {
    let Results { initial, derivatives, matrix, time_derivative, outputs, properties } =
        run(program, environment);
    let module = &program.module;
    let values = evaluate(module, environment);
    let of = |handle: Handle<Expr>| values[handle.index()].real();
    let states = module.states.len();
    let mut expected_matrix = vec![0.0; states * states];
    for entry in &program.jacobian.entries {
        expected_matrix[entry.row.index() * states + entry.column.index()] = of(entry.value);
    }
    let mut expected_time_derivative = vec![0.0; states];
    for (row, value) in &program.jacobian.time {
        expected_time_derivative[row.index()] = of(*value);
    }
    let list = |handles: Vec<Handle<Expr>>| handles.into_iter().map(of).collect::<Vec<_>>();
    let expected_properties: Vec<f64> = module
        .routes
        .iter()
        .flat_map(|(_, route)| [route.lag, route.bioavailability, route.rate, route.duration])
        .map(|property| property.map_or(f64::NAN, of))
        .collect();
    assert_same("initial", &initial, &list(module.states.iter().map(|(_, state)| state.initial).collect()));
    let expected_derivatives = list(module.states.iter().map(|(_, state)| state.derivative).collect());
    assert_same("derivatives", &derivatives, &expected_derivatives);
    assert_same("matrix", &matrix, &expected_matrix);
    assert_same("time derivative", &time_derivative, &expected_time_derivative);
    assert_same("outputs", &outputs, &list(module.outputs.iter().map(|(_, output)| output.value).collect()));
    assert_same("properties", &properties, &expected_properties);
}

#[test]
fn every_function_gives_the_bits_of_the_reference() {
    for (x, y) in [(0.3, 2.5), (-1.75, 0.5), (12.0, -3.0), (1e-9, 1e9), (710.0, 1.5), (0.0, 0.0)] {
        let mut builder = Builder::new("functions");
        let arguments = [builder.parameter("x", None), builder.parameter("y", None)];
        for function in Function::ALL {
            let arguments = arguments[..function.arity()].to_vec();
            let value = builder.push(Expr::Call(function, arguments));
            builder.output(function.name(), value);
        }
        let environment = Environment { parameters: vec![x, y], ..Environment::default() };
        assert_agrees(&builder.plain(), &environment);
    }
}

#[test]
fn modules_agree_with_the_evaluator_when_everything_is_computed_in_place() {
    for seed in 0..60 {
        let mut generator = Generator::new(seed);
        let program = random_program(&mut generator, 20 + 10 * seed as usize, false);
        assert_agrees(&program, &random_environment(&mut generator));
    }
}

#[test]
fn modules_agree_with_the_evaluator_when_values_are_staged() {
    for seed in 100..160 {
        let mut generator = Generator::new(seed);
        let program = random_program(&mut generator, 5 * (seed as usize - 90), true);
        assert_agrees(&program, &random_environment(&mut generator));
    }
}

#[test]
fn modules_agree_with_the_evaluator_when_functions_are_cut_into_pieces() {
    let mut generator = Generator::new(7);
    let program = random_program(&mut generator, 30_000, true);
    let text = pmc_codegen::model_functions_wat(&crate::build::module_of(&program)).unwrap();
    assert!(text.contains("(func $derivatives.2 "), "the test must be large enough for two pieces");
    assert_agrees(&program, &random_environment(&mut generator));
}

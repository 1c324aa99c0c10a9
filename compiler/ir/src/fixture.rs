//! A small module that uses every kind of declaration, for tests.

use crate::{
    BinaryOperation, Covariate, ErrorModel, ErrorModelKind, Expr, Function, Handle, Input, Interpolation,
    Module, Output, Parameter, RandomEffect, Real, Route, Secondary, SourceSpan, State, Transform,
    UnaryOperation, Variance,
};

/// Adds an expression.
pub(crate) fn push(module: &mut Module, expression: Expr) -> Handle<Expr> {
    module.expressions.push(expression)
}

fn parameter(name: &str, default: f64) -> Parameter {
    Parameter {
        name: name.to_owned(),
        unit: None,
        default: Some(default),
        lower: None,
        upper: None,
        transform: None,
        fixed: false,
        label: None,
    }
}

fn covariate(name: &str, interpolation: Option<Interpolation>) -> Covariate {
    Covariate {
        name: name.to_owned(),
        unit: None,
        interpolation,
        default: None,
        categories: Vec::new(),
        tested_for_missing: false,
        label: None,
    }
}

/// Absorption from a depot, elimination that scales with weight, an infusion, one output.
pub(crate) fn one_compartment() -> Module {
    let mut module = Module::new("one_compartment");
    module.options.time_unit = Some("h".to_owned());
    declare(&mut module);
    let expressions = [
        Expr::Parameter(Handle::from_index(0)),
        Expr::Parameter(Handle::from_index(1)),
        Expr::RandomEffect(Handle::from_index(0)),
        Expr::Covariate(Handle::from_index(0)),
        Expr::Constant(Real(70.0)),
        Expr::Binary(BinaryOperation::Divide, Handle::from_index(3), Handle::from_index(4)),
        Expr::Constant(Real(0.75)),
        Expr::Call(Function::Pow, vec![Handle::from_index(5), Handle::from_index(6)]),
        Expr::Call(Function::Exp, vec![Handle::from_index(2)]),
        Expr::Binary(BinaryOperation::Multiply, Handle::from_index(7), Handle::from_index(8)),
        Expr::Binary(BinaryOperation::Multiply, Handle::from_index(1), Handle::from_index(9)),
        Expr::State(Handle::from_index(0)),
        Expr::State(Handle::from_index(1)),
        Expr::Binary(BinaryOperation::Multiply, Handle::from_index(0), Handle::from_index(11)),
        Expr::Unary(UnaryOperation::Negate, Handle::from_index(13)),
        Expr::Binary(BinaryOperation::Multiply, Handle::from_index(10), Handle::from_index(12)),
        Expr::Binary(BinaryOperation::Subtract, Handle::from_index(13), Handle::from_index(15)),
        Expr::InfusionRate(Handle::from_index(1)),
        Expr::Binary(BinaryOperation::Add, Handle::from_index(16), Handle::from_index(17)),
        Expr::Constant(Real(0.0)),
        Expr::Constant(Real(0.1)),
    ];
    module.expressions = expressions.into_iter().collect();
    module.spans = vec![SourceSpan { start: 3, end: 5 }; 21];
    let [depot, central] = [Handle::from_index(14), Handle::from_index(18)];
    let zero = Handle::from_index(19);
    for (name, derivative) in [("depot", depot), ("central", central)] {
        let unit = Some("mg".to_owned());
        module.states.push(State {
            name: name.to_owned(),
            unit,
            initial: zero,
            steady: false,
            derivative,
            diffusion: None,
        });
    }
    module
}

fn declare(module: &mut Module) {
    module.parameters.push(Parameter {
        lower: Some(0.01),
        upper: Some(10.0),
        transform: Some(Transform::Log),
        label: Some("absorption \"rate\"".to_owned()),
        ..parameter("ka", 1.0)
    });
    module.parameters.push(Parameter { unit: Some("1/h".to_owned()), fixed: true, ..parameter("ke", 0.1) });
    module.covariates.push(Covariate { default: Some(70.0), ..covariate("weight", None) });
    module.covariates.push(covariate("occasion", Some(Interpolation::LastForward)));
    module.random_effects.push(RandomEffect {
        name: "eta_ke".to_owned(),
        variance: Variance::CovarianceRow(vec![Handle::from_index(20)]),
        per: Some(Handle::from_index(1)),
    });
    let route = |label: &str, input, destination| Route {
        label: label.to_owned(),
        input,
        destination,
        lag: None,
        bioavailability: None,
        rate: None,
        duration: None,
        implicit: false,
    };
    let lag = Some(Handle::from_index(20));
    module.routes.push(Route { lag, ..route("oral", Input::Bolus, Some(Handle::from_index(0))) });
    module.routes.push(route("iv", Input::Infusion, None));
    module.outputs.push(Output {
        name: "c p".to_owned(),
        unit: None,
        value: Handle::from_index(12),
        error_model: Some(ErrorModel {
            kind: ErrorModelKind::Combined,
            arguments: vec![Handle::from_index(20), Handle::from_index(0)],
            lower_limit: Some(Handle::from_index(20)),
            upper_limit: None,
        }),
    });
    module.secondary.push(Secondary { name: "clearance".to_owned(), value: Handle::from_index(10) });
}

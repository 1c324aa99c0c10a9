//! Small modules built by hand, and what runs them.

use pmc_codegen::{EmitOptions, emit};
use pmc_ir::{
    BinaryOperation, Comparison, Covariate, Expr, Function, Handle, Input, Interpolation, Module, Output,
    Parameter, Program, RandomEffect, Real, Route, Staging, State, UnaryOperation, Variance,
};

/// Adds expressions to a module.
pub(crate) struct Builder {
    /// The module.
    pub(crate) module: Module,
}

impl Builder {
    /// Starts a module.
    pub(crate) fn new(name: &str) -> Self {
        Self { module: Module::new(name) }
    }

    /// Adds an expression.
    pub(crate) fn push(&mut self, expression: Expr) -> Handle<Expr> {
        self.module.expressions.push(expression)
    }

    /// Adds a number.
    pub(crate) fn constant(&mut self, value: f64) -> Handle<Expr> {
        self.push(Expr::Constant(Real(value)))
    }

    /// Adds an operation on two reals.
    pub(crate) fn binary(
        &mut self,
        operation: BinaryOperation,
        left: Handle<Expr>,
        right: Handle<Expr>,
    ) -> Handle<Expr> {
        self.push(Expr::Binary(operation, left, right))
    }

    /// Adds a product.
    pub(crate) fn product(&mut self, left: Handle<Expr>, right: Handle<Expr>) -> Handle<Expr> {
        self.binary(BinaryOperation::Multiply, left, right)
    }

    /// Adds a sum.
    pub(crate) fn sum(&mut self, left: Handle<Expr>, right: Handle<Expr>) -> Handle<Expr> {
        self.binary(BinaryOperation::Add, left, right)
    }

    /// Adds a quotient.
    pub(crate) fn quotient(&mut self, left: Handle<Expr>, right: Handle<Expr>) -> Handle<Expr> {
        self.binary(BinaryOperation::Divide, left, right)
    }

    /// Adds a sign change.
    pub(crate) fn negation(&mut self, operand: Handle<Expr>) -> Handle<Expr> {
        self.push(Expr::Unary(UnaryOperation::Negate, operand))
    }

    /// Adds a call of a function of one argument.
    pub(crate) fn call(&mut self, function: Function, argument: Handle<Expr>) -> Handle<Expr> {
        self.push(Expr::Call(function, vec![argument]))
    }

    /// Adds a comparison.
    pub(crate) fn less(&mut self, left: Handle<Expr>, right: Handle<Expr>) -> Handle<Expr> {
        self.push(Expr::Compare(Comparison::Less, left, right))
    }

    /// Declares a parameter and returns its value.
    pub(crate) fn parameter(&mut self, name: &str, default: Option<f64>) -> Handle<Expr> {
        let parameter = self.module.parameters.push(Parameter {
            name: name.to_owned(),
            unit: None,
            default,
            lower: Some(0.0),
            upper: None,
            transform: None,
            fixed: false,
            label: None,
        });
        self.push(Expr::Parameter(parameter))
    }

    /// Declares a covariate and returns its value.
    pub(crate) fn covariate(&mut self, name: &str, interpolation: Option<Interpolation>) -> Handle<Expr> {
        let covariate = self.module.covariates.push(Covariate {
            name: name.to_owned(),
            unit: None,
            interpolation,
            default: None,
            categories: Vec::new(),
            tested_for_missing: false,
            label: None,
        });
        self.push(Expr::Covariate(covariate))
    }

    /// Declares a random effect and returns its value.
    pub(crate) fn random_effect(&mut self, name: &str) -> Handle<Expr> {
        let spread = self.constant(0.3);
        let effect = self.module.random_effects.push(RandomEffect {
            name: name.to_owned(),
            variance: Variance::StandardDeviation(spread),
            per: None,
        });
        self.push(Expr::RandomEffect(effect))
    }

    /// Declares a state whose initial value is zero, and returns its value; its derivative is set later.
    pub(crate) fn state(&mut self, name: &str) -> Handle<Expr> {
        let zero = self.constant(0.0);
        let state = self.module.states.push(State {
            name: name.to_owned(),
            unit: None,
            initial: zero,
            steady: false,
            derivative: zero,
            diffusion: None,
        });
        self.push(Expr::State(state))
    }

    /// Sets the derivative of a state.
    pub(crate) fn derivative(&mut self, state: usize, value: Handle<Expr>) {
        self.module.states[Handle::from_index(state)].derivative = value;
    }

    /// Declares an output.
    pub(crate) fn output(&mut self, name: &str, value: Handle<Expr>) {
        self.module.outputs.push(Output { name: name.to_owned(), unit: None, value, error_model: None });
    }

    /// Declares a route for boluses into a state, without properties.
    pub(crate) fn route(&mut self, label: &str, destination: usize) -> Handle<Route> {
        self.module.routes.push(Route {
            label: label.to_owned(),
            input: Input::Both,
            destination: Some(Handle::from_index(destination)),
            lag: None,
            bioavailability: None,
            rate: None,
            duration: None,
            implicit: false,
        })
    }

    /// Returns the program without any pass: no derivatives, nothing kept.
    pub(crate) fn plain(self) -> Program {
        let stages = pmc_ir::stages(&self.module);
        let staging = Staging { stages, slots: Vec::new() };
        let program = Program {
            module: self.module,
            jacobian: pmc_ir::Jacobian::default(),
            staging,
            linearity: pmc_ir::Linearity::None,
            events: pmc_ir::EventFunctions::default(),
        };
        assert_eq!(pmc_ir::validate_program(&program), Ok(()));
        program
    }
}

/// One compartment with absorption from a depot.
pub(crate) fn one_compartment() -> Module {
    let mut builder = Builder::new("one_compartment");
    let (ka, cl, v) = (
        builder.parameter("ka", Some(1.0)),
        builder.parameter("cl", Some(5.0)),
        builder.parameter("v", Some(50.0)),
    );
    let (depot, central) = (builder.state("depot"), builder.state("central"));
    let route = builder.route("depot", 0);
    let infusion = builder.push(Expr::InfusionRate(route));
    let absorption = builder.product(ka, depot);
    let loss = builder.negation(absorption);
    let depot_change = builder.sum(loss, infusion);
    builder.derivative(0, depot_change);
    let ke = builder.quotient(cl, v);
    let elimination = builder.product(ke, central);
    let change = builder.binary(BinaryOperation::Subtract, absorption, elimination);
    builder.derivative(1, change);
    let concentration = builder.quotient(central, v);
    builder.output("cp", concentration);
    builder.module
}

/// Emits a program with the usual options.
pub(crate) fn module_of(program: &Program) -> Vec<u8> {
    emit(program, &EmitOptions::default()).unwrap().module
}

/// A model that uses every kind of declaration and of stage.
pub(crate) fn thorough() -> Module {
    let mut builder = Builder::new("thorough");
    let (cl, v, lag) = (
        builder.parameter("cl", Some(5.0)),
        builder.parameter("v", None),
        builder.parameter("lag", Some(0.5)),
    );
    let eta = builder.random_effect("eta");
    let weight = builder.covariate("wt", Some(Interpolation::Linear));
    let sex = builder.covariate("sex", Some(Interpolation::LastForward));
    let (depot, central) = (builder.state("depot"), builder.state("central"));
    let (oral, iv) = (builder.route("oral", 0), builder.route("iv", 1));
    let individual = builder.call(Function::Exp, eta);
    let cl = builder.product(cl, individual);
    let reference = builder.constant(70.0);
    let relative = builder.quotient(weight, reference);
    let three_quarters = builder.constant(0.75);
    let size = builder.push(Expr::Call(Function::Pow, vec![relative, three_quarters]));
    let (zero, half) = (builder.constant(0.0), builder.constant(0.5));
    let female = builder.less(zero, sex);
    let factor = builder.push(Expr::Select(female, half, size));
    let clearance = builder.product(cl, factor);
    let rate = builder.quotient(clearance, v);
    let (infusion, last) =
        (builder.push(Expr::InfusionRate(iv)), builder.push(Expr::LastDoseTime(Some(oral))));
    let time = builder.push(Expr::Time);
    let since = builder.binary(BinaryOperation::Subtract, time, last);
    let decay = builder.negation(since);
    let absorption = builder.call(Function::Exp, decay);
    let absorbed = builder.product(absorption, depot);
    let loss = builder.negation(absorbed);
    builder.derivative(0, loss);
    let elimination = builder.product(rate, central);
    let gain = builder.sum(absorbed, infusion);
    let change = builder.binary(BinaryOperation::Subtract, gain, elimination);
    builder.derivative(1, change);
    builder.module.routes[oral].lag = Some(lag);
    builder.module.routes[oral].bioavailability = Some(half);
    builder.module.routes[iv].duration = Some(size);
    let concentration = builder.quotient(central, v);
    builder.output("cp", concentration);
    builder.module
}

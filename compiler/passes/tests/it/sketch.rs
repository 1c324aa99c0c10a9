//! Modules in few lines.

use pmc_ir as ir;
use pmc_passes::Environment;

pub(crate) type Value = ir::Handle<ir::Expr>;

/// A module under construction.
pub(crate) struct Sketch {
    pub(crate) module: ir::Module,
}

impl Sketch {
    pub(crate) fn new() -> Self {
        Self { module: ir::Module::new("sketch") }
    }

    pub(crate) fn push(&mut self, expression: ir::Expr) -> Value {
        self.module.expressions.push(expression)
    }

    pub(crate) fn constant(&mut self, value: f64) -> Value {
        self.push(ir::Expr::Constant(ir::Real(value)))
    }

    pub(crate) fn parameter(&mut self, name: &str) -> Value {
        let handle = self.module.parameters.push(ir::Parameter {
            name: name.to_owned(),
            unit: None,
            default: None,
            lower: None,
            upper: None,
            transform: None,
            fixed: false,
            label: None,
        });
        self.push(ir::Expr::Parameter(handle))
    }

    pub(crate) fn random_effect(&mut self, name: &str) -> Value {
        let variance = ir::Variance::Variance(self.constant(0.1));
        let effect = ir::RandomEffect { name: name.to_owned(), variance, per: None };
        let handle = self.module.random_effects.push(effect);
        self.push(ir::Expr::RandomEffect(handle))
    }

    pub(crate) fn covariate(&mut self, name: &str, interpolation: Option<ir::Interpolation>) -> Value {
        let handle = self.module.covariates.push(ir::Covariate {
            name: name.to_owned(),
            unit: None,
            interpolation,
            default: None,
            categories: Vec::new(),
            tested_for_missing: true,
            label: None,
        });
        self.push(ir::Expr::Covariate(handle))
    }

    /// Declares a state that stands still until [`derivative`](Self::derivative) says otherwise.
    pub(crate) fn state(&mut self, name: &str) -> Value {
        let zero = self.constant(0.0);
        let state = ir::State {
            name: name.to_owned(),
            unit: None,
            initial: zero,
            steady: false,
            derivative: zero,
            diffusion: None,
        };
        let handle = self.module.states.push(state);
        self.push(ir::Expr::State(handle))
    }

    /// Declares a variable that starts at zero.
    pub(crate) fn variable(&mut self, name: &str) -> Value {
        let initial = self.constant(0.0);
        let variable = ir::Variable { name: name.to_owned(), unit: None, initial };
        let handle = self.module.variables.push(variable);
        self.push(ir::Expr::Variable(handle))
    }

    pub(crate) fn time(&mut self) -> Value {
        self.push(ir::Expr::Time)
    }

    /// Declares a route for infusions and returns its rate.
    pub(crate) fn infusion(&mut self, label: &str) -> Value {
        let handle = self.module.routes.push(ir::Route {
            label: label.to_owned(),
            input: ir::Input::Infusion,
            destination: None,
            lag: None,
            bioavailability: None,
            rate: None,
            duration: None,
            implicit: false,
        });
        self.push(ir::Expr::InfusionRate(handle))
    }

    pub(crate) fn derivative(&mut self, state: usize, value: Value) {
        self.module.states[ir::Handle::from_index(state)].derivative = value;
    }

    pub(crate) fn output(&mut self, name: &str, value: Value) {
        let output = ir::Output { name: name.to_owned(), unit: None, value, error_model: None };
        self.module.outputs.push(output);
    }

    pub(crate) fn unary(&mut self, operation: ir::UnaryOperation, x: Value) -> Value {
        self.push(ir::Expr::Unary(operation, x))
    }

    pub(crate) fn negate(&mut self, x: Value) -> Value {
        self.unary(ir::UnaryOperation::Negate, x)
    }

    pub(crate) fn binary(&mut self, operation: ir::BinaryOperation, x: Value, y: Value) -> Value {
        self.push(ir::Expr::Binary(operation, x, y))
    }

    pub(crate) fn add(&mut self, x: Value, y: Value) -> Value {
        self.binary(ir::BinaryOperation::Add, x, y)
    }

    pub(crate) fn subtract(&mut self, x: Value, y: Value) -> Value {
        self.binary(ir::BinaryOperation::Subtract, x, y)
    }

    pub(crate) fn multiply(&mut self, x: Value, y: Value) -> Value {
        self.binary(ir::BinaryOperation::Multiply, x, y)
    }

    pub(crate) fn divide(&mut self, x: Value, y: Value) -> Value {
        self.binary(ir::BinaryOperation::Divide, x, y)
    }

    pub(crate) fn compare(&mut self, comparison: ir::Comparison, x: Value, y: Value) -> Value {
        self.push(ir::Expr::Compare(comparison, x, y))
    }

    pub(crate) fn select(&mut self, condition: Value, then: Value, otherwise: Value) -> Value {
        self.push(ir::Expr::Select(condition, then, otherwise))
    }

    pub(crate) fn call(&mut self, function: ir::Function, arguments: &[Value]) -> Value {
        self.push(ir::Expr::Call(function, arguments.to_vec()))
    }

    pub(crate) fn power(&mut self, x: Value, exponent: f64) -> Value {
        let exponent = self.constant(exponent);
        self.call(ir::Function::Pow, &[x, exponent])
    }

    /// Ends the construction of a valid module.
    #[track_caller]
    pub(crate) fn finish(self) -> ir::Module {
        assert_eq!(ir::validate(&self.module), Ok(()));
        self.module
    }
}

/// One-compartment model with first-order absorption: clearance by weight, an infusion, concentration as
/// output, written the way a front end lowers it, without any sharing.
pub(crate) fn one_compartment() -> ir::Module {
    let mut sketch = Sketch::new();
    let (ka, clearance, volume) = (sketch.parameter("ka"), sketch.parameter("cl"), sketch.parameter("v"));
    let eta = sketch.random_effect("eta_cl");
    let weight = sketch.covariate("wt", None);
    let (depot, central) = (sketch.state("depot"), sketch.state("central"));
    let rate = sketch.infusion("iv");
    let reference = sketch.constant(70.0);
    let relative = sketch.divide(weight, reference);
    let scale = sketch.power(relative, 0.75);
    let random = sketch.call(ir::Function::Exp, &[eta]);
    let scaled = sketch.multiply(clearance, scale);
    let individual = sketch.multiply(scaled, random);
    let absorption = sketch.multiply(ka, depot);
    let outflow = sketch.negate(absorption);
    sketch.derivative(0, outflow);
    let again = sketch.multiply(ka, depot);
    let elimination = sketch.divide(individual, volume);
    let eliminated = sketch.multiply(elimination, central);
    let difference = sketch.subtract(again, eliminated);
    let sum = sketch.add(difference, rate);
    sketch.derivative(1, sum);
    let concentration = sketch.divide(central, volume);
    sketch.output("cp", concentration);
    sketch.finish()
}

/// Values for all inputs of [`one_compartment`] and smaller sketches.
pub(crate) fn environment(states: &[f64], parameters: &[f64]) -> Environment {
    Environment { states: states.to_vec(), parameters: parameters.to_vec(), ..Environment::default() }
}

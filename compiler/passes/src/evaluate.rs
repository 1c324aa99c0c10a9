//! The reference evaluator: every value of a module for given inputs, by the book.

use pmc_ir as ir;

/// What the leaves of a module read; anything not given is NaN, or false.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Environment {
    /// The independent variable.
    pub time: f64,
    /// Values of parameters, by index.
    pub parameters: Vec<f64>,
    /// Values of random effects, by index.
    pub random_effects: Vec<f64>,
    /// Values of covariates at `time`, by index.
    pub covariates: Vec<f64>,
    /// Slopes of covariates, by index.
    pub covariate_slopes: Vec<f64>,
    /// Whether the data hold no value of a covariate, by index.
    pub covariates_missing: Vec<bool>,
    /// Values of states, by index.
    pub states: Vec<f64>,
    /// Infusion rates, by route.
    pub infusion_rates: Vec<f64>,
    /// Times of the last dose, by route.
    pub last_dose_times: Vec<f64>,
    /// Time of the last dose on any route.
    pub last_dose_time: f64,
    /// Number of doses given.
    pub dose_number: f64,
    /// Values of variables, by index.
    pub variables: Vec<f64>,
    /// The time of the last event.
    pub event_time: f64,
}

/// A value of either type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A real.
    Real(f64),
    /// A truth value.
    Boolean(bool),
}

impl Value {
    /// Returns the real; NaN for a truth value.
    pub fn real(self) -> f64 {
        match self {
            Self::Real(value) => value,
            Self::Boolean(_) => f64::NAN,
        }
    }

    /// Returns the truth value; false for a real.
    pub fn boolean(self) -> bool {
        self == Self::Boolean(true)
    }
}

/// Returns the value of each expression of a valid module, by index.
pub fn evaluate(module: &ir::Module, environment: &Environment) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::with_capacity(module.expressions.len());
    for (_, expression) in module.expressions.iter() {
        let value = evaluate_leaf(environment, expression)
            .unwrap_or_else(|| evaluate_operation(expression, |operand| values[operand.index()]));
        values.push(value);
    }
    values
}

fn evaluate_leaf(environment: &Environment, expression: &ir::Expr) -> Option<Value> {
    let value = match expression {
        ir::Expr::Constant(value) => value.0,
        ir::Expr::Boolean(value) => return Some(Value::Boolean(*value)),
        ir::Expr::Time => environment.time,
        ir::Expr::Parameter(handle) => read(&environment.parameters, *handle),
        ir::Expr::RandomEffect(handle) => read(&environment.random_effects, *handle),
        ir::Expr::Covariate(handle) => read(&environment.covariates, *handle),
        ir::Expr::CovariateSlope(handle) => read(&environment.covariate_slopes, *handle),
        ir::Expr::CovariateMissing(handle) => {
            let missing = environment.covariates_missing.get(handle.index());
            return Some(Value::Boolean(missing.copied().unwrap_or(false)));
        }
        ir::Expr::State(handle) => read(&environment.states, *handle),
        ir::Expr::InfusionRate(handle) => read(&environment.infusion_rates, *handle),
        ir::Expr::LastDoseTime(Some(handle)) => read(&environment.last_dose_times, *handle),
        ir::Expr::LastDoseTime(None) => environment.last_dose_time,
        ir::Expr::DoseNumber => environment.dose_number,
        ir::Expr::Variable(handle) => read(&environment.variables, *handle),
        ir::Expr::EventTime => environment.event_time,
        ir::Expr::Unary(..)
        | ir::Expr::Binary(..)
        | ir::Expr::Compare(..)
        | ir::Expr::Logic(..)
        | ir::Expr::Select(..)
        | ir::Expr::Call(..) => return None,
    };
    Some(Value::Real(value))
}

fn read<T>(values: &[f64], handle: ir::Handle<T>) -> f64 {
    values.get(handle.index()).copied().unwrap_or(f64::NAN)
}

fn evaluate_operation(expression: &ir::Expr, value: impl Fn(ir::Handle<ir::Expr>) -> Value) -> Value {
    let real = |handle: &ir::Handle<ir::Expr>| value(*handle).real();
    let boolean = |handle: &ir::Handle<ir::Expr>| value(*handle).boolean();
    match expression {
        ir::Expr::Unary(ir::UnaryOperation::Not, x) => Value::Boolean(!boolean(x)),
        ir::Expr::Unary(operation, x) => Value::Real(operation.apply(real(x))),
        ir::Expr::Binary(operation, x, y) => Value::Real(operation.apply(real(x), real(y))),
        ir::Expr::Compare(comparison, x, y) => Value::Boolean(comparison.apply(real(x), real(y))),
        ir::Expr::Logic(logic, x, y) => Value::Boolean(logic.apply(boolean(x), boolean(y))),
        ir::Expr::Select(condition, then, otherwise) => {
            value(if boolean(condition) { *then } else { *otherwise })
        }
        ir::Expr::Call(function, arguments) => {
            let argument = |index: usize| arguments.get(index).map_or(f64::NAN, real);
            Value::Real(function.apply(argument(0), argument(1)))
        }
        _ => Value::Real(f64::NAN),
    }
}

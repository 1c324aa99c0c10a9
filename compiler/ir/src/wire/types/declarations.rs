//! What a model declares.

use serde::Serialize;

use super::{
    ErrorModelKind, Event, Expr, Finite, Index, Input, Interpolation, Kind, Solver, Transform, is_default,
};

/// A model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Module {
    /// The model's name.
    pub(in crate::wire) name: String,
    /// What kind of system it is.
    pub(in crate::wire) kind: Kind,
    /// What it asks of solver and reader; absent: nothing in particular.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) options: Options,
    /// Parameters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) parameters: Vec<Parameter>,
    /// Covariates.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) covariates: Vec<Covariate>,
    /// Random effects.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) random_effects: Vec<RandomEffect>,
    /// State components.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) states: Vec<State>,
    /// Variables that events assign.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) variables: Vec<Variable>,
    /// Routes by which doses enter.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) routes: Vec<Route>,
    /// Outputs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) outputs: Vec<Output>,
    /// Events, in the order in which those of one time take effect.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) events: Vec<Event>,
    /// Times at which a right-hand side may jump.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) switches: Vec<Index>,
    /// Quantities computed from parameters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) secondary: Vec<Secondary>,
    /// All values; operands stand before their users.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) expressions: Vec<Expr>,
}

/// What the model asks of solver and reader.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Options {
    /// Which solver; absent: `auto`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) solver: Option<Solver>,
    /// Relative tolerance, above 0; absent: 1e-6.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) relative_tolerance: Option<Finite>,
    /// Absolute tolerance, 0 or above; absent: 1e-9.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) absolute_tolerance: Option<Finite>,
    /// The largest step, above 0; absent: unlimited.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) maximum_step: Option<Finite>,
    /// The unit of time; absent: not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) time_unit: Option<String>,
    /// How many particles stand for the distribution of a stochastic system; absent unless it is one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) particles: Option<u32>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Parameter {
    /// The name.
    pub(in crate::wire) name: String,
    /// The unit; absent: not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) unit: Option<String>,
    /// The value when the host gives none; absent: the host must.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) default: Option<Finite>,
    /// The smallest sensible value; absent: none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) lower: Option<Finite>,
    /// The largest sensible value; absent: none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) upper: Option<Finite>,
    /// The scale on which an estimator should work; absent: its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) transform: Option<Transform>,
    /// Whether an estimator should leave it alone; absent: no.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) fixed: bool,
    /// A description for people.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) label: Option<String>,
}

/// A covariate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Covariate {
    /// The name, which is also the column in the data.
    pub(in crate::wire) name: String,
    /// The unit; absent: not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) unit: Option<String>,
    /// How values between records arise; absent: the data decide.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) interpolation: Option<Interpolation>,
    /// The value for subjects of whom the data hold none; absent: they must.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) default: Option<Finite>,
    /// The values that the data may have; absent: any.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) categories: Vec<Finite>,
    /// Whether the model asks if it is missing, so that it may be; absent: no.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) tested_for_missing: bool,
    /// A description for people.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) label: Option<String>,
}

/// A random effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct RandomEffect {
    /// The name.
    pub(in crate::wire) name: String,
    /// How widely it is spread.
    pub(in crate::wire) spread: Spread,
    /// The covariate that numbers occasions, for an effect that is drawn anew on each; absent: it is not.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) per: Option<Index>,
}

/// How the spread of a random effect is declared; expressions of parameters.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::wire) enum Spread {
    /// Standard deviation.
    StandardDeviation(Index),
    /// Variance.
    Variance(Index),
    /// Coefficient of variation c of a log-normal quantity; the variance is ln(1 + c²).
    CoefficientOfVariation(Index),
    /// Covariances with the effects before it in its block, then its variance.
    CovarianceRow(Vec<Index>),
    /// Correlations with the effects before it in its block, then its standard deviation.
    CorrelationRow(Vec<Index>),
}

/// A state component.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct State {
    /// The name.
    pub(in crate::wire) name: String,
    /// The unit; absent: not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) unit: Option<String>,
    /// The value at the start.
    pub(in crate::wire) initial: Index,
    /// Whether it starts at equilibrium, with `initial` as the first guess; absent: no.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) steady: bool,
    /// The time derivative, infusions included; of a stochastic system the drift.
    pub(in crate::wire) derivative: Index,
    /// The coefficient of its own Wiener process; absent: zero.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) diffusion: Option<Index>,
}

/// A variable: constant between events, which assign it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Variable {
    /// The name.
    pub(in crate::wire) name: String,
    /// The unit; absent: not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) unit: Option<String>,
    /// The value at the start.
    pub(in crate::wire) initial: Index,
}

/// A route by which doses enter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Route {
    /// The label by which data address it.
    pub(in crate::wire) label: String,
    /// What it accepts.
    pub(in crate::wire) input: Input,
    /// The state that a bolus is added to, or that a lone infusion enters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) destination: Option<Index>,
    /// Lag time; absent: 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) lag: Option<Index>,
    /// Bioavailability; absent: 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) bioavailability: Option<Index>,
    /// The rate of infusions that leave it to the model; absent: none may.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) rate: Option<Index>,
    /// The duration of infusions that leave it to the model; absent: none may.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) duration: Option<Index>,
    /// Whether it stands for a state that takes any dose; absent: no.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) implicit: bool,
}

/// An output.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Output {
    /// The name.
    pub(in crate::wire) name: String,
    /// The unit; absent: not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) unit: Option<String>,
    /// The predicted value.
    pub(in crate::wire) value: Index,
    /// How observations scatter around it; absent: not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) error_model: Option<ErrorModel>,
}

/// A residual-error model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct ErrorModel {
    /// Which model.
    pub(in crate::wire) kind: ErrorModelKind,
    /// Its arguments: expressions of parameters.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) arguments: Vec<Index>,
    /// Lower limit of quantification; absent: none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) lower_limit: Option<Index>,
    /// Upper limit of quantification; absent: none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::wire) upper_limit: Option<Index>,
}

/// A quantity computed from parameters, for reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::wire) struct Secondary {
    /// The name.
    pub(in crate::wire) name: String,
    /// The value; reads parameters, random effects and covariates only.
    pub(in crate::wire) value: Index,
}

//! What a model declares.

use crate::{Arena, Expr, Handle};

/// A model.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// The model's name.
    pub name: String,
    /// What kind of system it is.
    pub kind: Kind,
    /// Parameters, in the order of declaration; an array parameter gives one entry an element.
    pub parameters: Arena<Parameter>,
    /// Covariates.
    pub covariates: Arena<Covariate>,
    /// Random effects (declarations only; the kernel takes their values).
    pub random_effects: Arena<RandomEffect>,
    /// State components, in the order of declaration; an array state gives one entry an element.
    pub states: Arena<State>,
    /// Variables that events assign.
    pub variables: Arena<Variable>,
    /// Routes, in the order of declaration or first use.
    pub routes: Arena<Route>,
    /// Outputs, in the order of the results.
    pub outputs: Arena<Output>,
    /// Events that the model raises, in the order in which those of one time take effect.
    pub events: Arena<Event>,
    /// Times at which the right-hand side may jump because a comparison with time changes: solvers stop
    /// there. One that reads the time of the last event is the next of many, and is computed anew then. Front
    /// ends leave it empty, a pass fills it.
    pub switches: Vec<Handle<Expr>>,
    /// Quantities computed from parameters.
    pub secondary: Arena<Secondary>,
    /// All values.
    pub expressions: Arena<Expr>,
    /// The place in the source of each expression (same indices), for run-time errors; may be shorter.
    pub spans: Vec<SourceSpan>,
    /// What the model asks of solver and reader.
    pub options: Options,
}

/// A half-open range of byte offsets in the source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SourceSpan {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The kinds of system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Ordinary differential equations.
    Ode,
    /// The equations of a named structure, linear in the states.
    Analytical,
    /// Stochastic differential equations: each state has a diffusion beside its derivative, the drift.
    Stochastic,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The name, with its index if it belongs to an array: `kp[2]`.
    pub name: String,
    /// The unit as written.
    pub unit: Option<String>,
    /// The value when the host gives none.
    pub default: Option<f64>,
    /// The smallest sensible value.
    pub lower: Option<f64>,
    /// The largest sensible value.
    pub upper: Option<f64>,
    /// The scale on which an estimator should work.
    pub transform: Option<Transform>,
    /// Whether an estimator should leave it alone.
    pub fixed: bool,
    /// A description for people.
    pub label: Option<String>,
}

/// Scales of estimation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform {
    /// `@log`.
    Log,
    /// `@logit`, between the bounds.
    Logit,
}

/// A covariate.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    /// The name, which is also the column in the data.
    pub name: String,
    /// The unit as written.
    pub unit: Option<String>,
    /// How values between records arise; `None`: the data decide.
    pub interpolation: Option<Interpolation>,
    /// The value for subjects of whom the data hold none.
    pub default: Option<f64>,
    /// The values that the data may have; empty: any.
    pub categories: Vec<f64>,
    /// Whether the model asks `is_missing` of it, so that it may be absent.
    pub tested_for_missing: bool,
    /// A description for people.
    pub label: Option<String>,
}

/// Ways from the values on records to values at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// Straight lines between records, constant outside.
    Linear,
    /// The last observation is carried forward.
    LastForward,
    /// The next observation is carried backward.
    NextBackward,
    /// One value a subject, checked by the reader.
    Constant,
}

/// A random effect.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomEffect {
    /// The name.
    pub name: String,
    /// Its row of the lower triangle of the covariance matrix: entry `j` is the covariance with the
    /// `j`-th effect before it in the same block, the last entry its own variance. Constant expressions
    /// or expressions of parameters.
    pub variance: Variance,
    /// The covariate that numbers occasions, for an effect that is drawn anew on each.
    pub per: Option<Handle<Covariate>>,
}

/// How the spread of a random effect is declared.
#[derive(Clone, Debug, PartialEq)]
pub enum Variance {
    /// Standard deviation.
    StandardDeviation(Handle<Expr>),
    /// Variance.
    Variance(Handle<Expr>),
    /// Coefficient of variation c of a log-normal quantity; the variance is ln(1 + c²).
    CoefficientOfVariation(Handle<Expr>),
    /// A row of a covariance matrix: covariances with the effects before it in its block, then its
    /// variance.
    CovarianceRow(Vec<Handle<Expr>>),
    /// A row of a matrix of correlations with standard deviations on the diagonal.
    CorrelationRow(Vec<Handle<Expr>>),
}

/// A state component.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The name, with its index if it belongs to an array: `tr[0]`.
    pub name: String,
    /// The unit as written.
    pub unit: Option<String>,
    /// The value at the start; reads no state. Of a state that starts in equilibrium, the first guess.
    pub initial: Handle<Expr>,
    /// Whether it starts where its derivative is zero, given the other states and no doses.
    pub steady: bool,
    /// The time derivative, infusions included; of a stochastic system the drift.
    pub derivative: Handle<Expr>,
    /// The coefficient of its own Wiener process, in a stochastic system; `None` is zero.
    pub diffusion: Option<Handle<Expr>>,
}

/// A variable: constant between events, which assign it.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The name, with its index if it belongs to an array.
    pub name: String,
    /// The unit as written.
    pub unit: Option<String>,
    /// The value at the start; reads neither states nor variables.
    pub initial: Handle<Expr>,
}

/// Something that happens at a time or when a condition becomes true.
///
/// All values are those before the event: what a block assigns one after the other is resolved to
/// assignments that happen at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it happens.
    pub trigger: Trigger,
    /// New values of states, each state at most once.
    pub states: Vec<(Handle<State>, Handle<Expr>)>,
    /// New values of variables, each variable at most once.
    pub variables: Vec<(Handle<Variable>, Handle<Expr>)>,
    /// Doses that are given, in order, after the assignments.
    pub doses: Vec<EventDose>,
    /// Whether the system stands still from then on (Boolean).
    pub stop: Option<Handle<Expr>>,
}

/// When an event happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Once, at a time, unless it lies before the start.
    At(Handle<Expr>),
    /// At `start`, and every `interval` from then on; what lies before the start of the data is left out.
    Every {
        /// The first time.
        start: Handle<Expr>,
        /// The time between two; nothing happens unless it is above 0.
        interval: Handle<Expr>,
    },
    /// Each time when a condition (Boolean) changes from false to true.
    When(Handle<Expr>),
}

/// A dose that an event gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventDose {
    /// Whether it is given (Boolean); `None`: always.
    pub condition: Option<Handle<Expr>>,
    /// By which route.
    pub route: Handle<Route>,
    /// The amount, without bioavailability.
    pub amount: Handle<Expr>,
    /// How long the infusion takes; `None`: a bolus.
    pub duration: Option<Handle<Expr>>,
}

/// A route by which doses enter.
///
/// Properties read parameters, covariates, time and dose history, never states or rates; they are
/// evaluated at the dose record.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The label by which data address it.
    pub label: String,
    /// What it accepts.
    pub input: Input,
    /// The state that a bolus is added to, or that a lone infusion enters; `None` if an infusion term
    /// stands in no equation.
    pub destination: Option<Handle<State>>,
    /// Lag time.
    pub lag: Option<Handle<Expr>>,
    /// Bioavailability.
    pub bioavailability: Option<Handle<Expr>>,
    /// Modelled rate (RATE = −1 in the data).
    pub rate: Option<Handle<Expr>>,
    /// Modelled duration (RATE = −2 in the data).
    pub duration: Option<Handle<Expr>>,
    /// Whether it stands for a state that `option doses = any` opened to doses.
    pub implicit: bool,
}

/// What a route accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Boluses only.
    Bolus,
    /// Infusions only.
    Infusion,
    /// Both.
    Both,
}

/// An output.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The name.
    pub name: String,
    /// The unit as written.
    pub unit: Option<String>,
    /// The predicted value.
    pub value: Handle<Expr>,
    /// How observations scatter around it.
    pub error_model: Option<ErrorModel>,
}

/// A residual-error model: declared, carried, not used by the kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorModel {
    /// Which model.
    pub kind: ErrorModelKind,
    /// Its arguments in the order of the language reference; constants or parameters.
    pub arguments: Vec<Handle<Expr>>,
    /// Lower limit of quantification.
    pub lower_limit: Option<Handle<Expr>>,
    /// Upper limit of quantification.
    pub upper_limit: Option<Handle<Expr>>,
}

/// The residual-error models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorModelKind {
    /// A continuous observation, no statement about its scatter.
    Continuous,
    /// σ = a.
    Additive,
    /// σ = b·|f|.
    Proportional,
    /// σ² = a² + b²·f².
    Combined,
    /// σ = a + b·|f|.
    CombinedSum,
    /// ln y is normal around ln f with standard deviation s.
    LogNormal,
    /// α = c0 + c1·y + c2·y² + c3·y³ on the observation, σ = √(α² + λ²).
    AssayLambda,
    /// The same α, σ = γ·α.
    AssayGamma,
}

impl ErrorModelKind {
    /// Returns the number of arguments.
    pub const fn arity(self) -> usize {
        match self {
            Self::Continuous => 0,
            Self::Additive | Self::Proportional | Self::LogNormal => 1,
            Self::Combined | Self::CombinedSum => 2,
            Self::AssayLambda | Self::AssayGamma => 5,
        }
    }
}

/// A quantity computed from parameters, for reports.
#[derive(Clone, Debug, PartialEq)]
pub struct Secondary {
    /// The name.
    pub name: String,
    /// The value; reads parameters and covariates only.
    pub value: Handle<Expr>,
}

/// What the model asks of solver and reader.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Which solver.
    pub solver: Solver,
    /// Relative tolerance.
    pub relative_tolerance: f64,
    /// Absolute tolerance.
    pub absolute_tolerance: f64,
    /// The largest step, in units of time; infinity for none.
    pub maximum_step: f64,
    /// The unit of time as written.
    pub time_unit: Option<String>,
    /// How many particles stand for the distribution of a stochastic system; 0 unless it is one.
    pub particles: u32,
}

impl Options {
    /// Returns what holds where a model says nothing: the solver is automatic, tolerances are 1e-6 relative and 1e-9
    /// absolute, steps are unlimited.
    pub fn unset() -> Self {
        Self {
            solver: Solver::Automatic,
            relative_tolerance: 1e-6,
            absolute_tolerance: 1e-9,
            maximum_step: f64::INFINITY,
            time_unit: None,
            particles: 0,
        }
    }
}

/// The solvers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// Explicit until the problem proves stiff, and back.
    Automatic,
    /// `Tsit5` only.
    Explicit,
    /// `Rodas5P` only.
    Stiff,
}

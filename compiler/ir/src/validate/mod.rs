//! The gate: what must hold of a module before anything else looks at it.
//!
//! After `Ok` no pass and no back end panics, whatever the module holds. The rules, one [`Rule`] each:
//!
//! - counts and texts are within [`limits`];
//! - texts have no control characters;
//! - names are neither empty nor repeated within their kind, nor do they stand for time or a column of tables;
//! - every handle is in range;
//! - operands come before their users;
//! - calls have as many arguments as [`Function::arity`](crate::Function::arity) says;
//! - operands have the types that their operation wants, branches of a `Select` agree;
//! - constants are not NaN; defaults, categories and bounds are finite, bounds in order;
//! - what a declaration names is real;
//! - it reads nothing that is not known where it is evaluated: initial values no state, route properties
//!   neither state nor infusion rate, secondary quantities neither time nor state nor doses, variances and
//!   error models nothing but parameters;
//! - derivatives are free of digamma, which has no derivative here;
//! - a route that accepts a bolus has a destination;
//! - tolerances and largest step are usable numbers, and a stochastic system has particles, as no other has;
//! - error models have as many arguments as [`ErrorModelKind::arity`](crate::ErrorModelKind::arity) says,
//!   rows of a covariance or correlation matrix grow by one from effect to effect;
//! - there are no more spans than expressions, and none ends before it starts.
//!
//! [`validate_program`] adds what must hold beside the module: the Jacobian is sorted, in range and real; the
//! system is linear where it is said to be; functions of events say what the events say; stages are those of
//! [`stages`](crate::stages()), slots are sorted and hold values of the stages that are kept.

mod declarations;
mod events;
mod expressions;
mod program;
mod reads;

#[cfg(test)]
mod tests;

use core::fmt;

use crate::{
    Covariate, Event, Expr, Handle, Module, Output, Parameter, Program, RandomEffect, Root, Route, Secondary,
    State, Variable, limits,
};

/// Checks a module against all rules and returns the violations found, up to a hundred.
///
/// Where expressions are malformed, what depends on them is not looked at.
pub fn validate(module: &Module) -> Result<(), Vec<IrError>> {
    let mut errors = Errors::default();
    let size = module.expressions.len();
    if size > limits::EXPRESSIONS {
        let message = format!("{size} expressions, at most {} are allowed", limits::EXPRESSIONS);
        errors.add(Rule::Limit, Place::Module, message);
        return errors.into_result();
    }
    check_module(module, &mut errors);
    if errors.is_empty() {
        reads::check_dependencies(module, &mut errors);
    }
    errors.into_result()
}

/// Checks a module that another program has written: as [`validate`] does, and that infusions have an effect.
///
/// Front ends of ours see to that, or say what they leave out; later, passes may find that nothing comes of an infusion.
pub(crate) fn validate_authored(module: &Module) -> Result<(), Vec<IrError>> {
    validate(module)?;
    let mut errors = Errors::default();
    reads::check_infusions(module, &mut errors);
    errors.into_result()
}

/// Checks a program: its module as [`validate`] does, then what lies beside it.
///
/// The limits on expressions and dependencies bind the input of the passes, not what they make of it.
pub fn validate_program(program: &Program) -> Result<(), Vec<IrError>> {
    validate_unstaged(program)?;
    let mut errors = Errors::default();
    program::check_staging(program, &mut errors);
    errors.into_result()
}

/// Checks all of a program but its stages, which can be computed only then.
pub(crate) fn validate_unstaged(program: &Program) -> Result<(), Vec<IrError>> {
    let mut errors = Errors::default();
    check_module(&program.module, &mut errors);
    if errors.is_empty() {
        program::check(program, &mut errors);
    }
    errors.into_result()
}

fn check_module(module: &Module, errors: &mut Errors) {
    declarations::check_limits(module, errors);
    if !errors.is_empty() {
        return;
    }
    declarations::check(module, errors);
    if expressions::check_structure(module, errors) {
        expressions::check_types(module, errors);
        reads::check(module, errors);
    }
}

/// One violation of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IrError {
    /// Which rule.
    pub rule: Rule,
    /// Where.
    pub place: Place,
    /// What was found, on one line.
    pub message: String,
}

impl fmt::Display for IrError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

impl core::error::Error for IrError {}

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Counts and texts are within [`limits`].
    Limit,
    /// Texts have no control characters.
    Text,
    /// Names are not empty.
    EmptyName,
    /// Names do not stand for time; names of outputs for no other column of a table.
    ReservedName,
    /// Names are not repeated within their kind.
    DuplicateName,
    /// Handles are in range.
    HandleInRange,
    /// Operands come before their users.
    OperandOrder,
    /// Calls, error models and matrix rows have the right number of arguments.
    Arity,
    /// Operands and roots have the right type.
    Type,
    /// Numbers are not NaN, and finite where infinity makes no sense.
    Number,
    /// Bounds are in order.
    Bounds,
    /// Values read nothing that is not known where they are evaluated.
    Reads,
    /// Derivatives have derivatives.
    Differentiable,
    /// A route that accepts a bolus has a destination, and what it accepts as an infusion arrives somewhere.
    Destination,
    /// An event assigns nothing twice.
    AssignedTwice,
    /// A system has the parts of its kind: diffusions only if it is stochastic, and no events then.
    Kind,
    /// Options are usable.
    Options,
    /// Spans belong to expressions and do not end before they start.
    Spans,
    /// The Jacobian is sorted.
    JacobianOrder,
    /// Stages are those of [`stages`](crate::stages()).
    Stages,
    /// Slots are sorted and hold values that are kept.
    Slots,
    /// A system is linear where it is said to be.
    Linearity,
    /// Functions of events say what the events say.
    Events,
}

/// Where a rule is violated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The module as a whole.
    Module,
    /// Its options.
    Options,
    /// A parameter.
    Parameter(Handle<Parameter>),
    /// A covariate.
    Covariate(Handle<Covariate>),
    /// A random effect.
    RandomEffect(Handle<RandomEffect>),
    /// A state.
    State(Handle<State>),
    /// A variable.
    Variable(Handle<Variable>),
    /// An event.
    Event(Handle<Event>),
    /// A switch, by position.
    Switch(usize),
    /// A route.
    Route(Handle<Route>),
    /// An output.
    Output(Handle<Output>),
    /// A secondary quantity.
    Secondary(Handle<Secondary>),
    /// An expression.
    Expression(Handle<Expr>),
    /// An entry of the Jacobian, by position among the derivatives with respect to states.
    JacobianEntry(usize),
    /// A derivative with respect to time, by position.
    TimeDerivative(usize),
    /// A slot.
    Slot(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, index) = match self {
            Self::Module => return formatter.write_str("module"),
            Self::Options => return formatter.write_str("options"),
            Self::Parameter(handle) => ("parameter", handle.index()),
            Self::Covariate(handle) => ("covariate", handle.index()),
            Self::RandomEffect(handle) => ("random effect", handle.index()),
            Self::State(handle) => ("state", handle.index()),
            Self::Variable(handle) => ("variable", handle.index()),
            Self::Event(handle) => ("event", handle.index()),
            Self::Switch(index) => ("switch", *index),
            Self::Route(handle) => ("route", handle.index()),
            Self::Output(handle) => ("output", handle.index()),
            Self::Secondary(handle) => ("secondary quantity", handle.index()),
            Self::Expression(handle) => ("expression", handle.index()),
            Self::JacobianEntry(index) => ("Jacobian entry", *index),
            Self::TimeDerivative(index) => ("time derivative", *index),
            Self::Slot(index) => ("slot", *index),
        };
        write!(formatter, "{kind} {index}")
    }
}

impl From<Root> for Place {
    fn from(root: Root) -> Self {
        match root {
            Root::Variance(handle) => Self::RandomEffect(handle),
            Root::Initial(handle) | Root::Derivative(handle) | Root::Diffusion(handle) => Self::State(handle),
            Root::Variable(handle) => Self::Variable(handle),
            Root::EventTime(handle) | Root::EventCondition(handle) | Root::EventValue(handle) => {
                Self::Event(handle)
            }
            Root::Switch(index) => Self::Switch(index),
            Root::Lag(handle)
            | Root::Bioavailability(handle)
            | Root::Rate(handle)
            | Root::Duration(handle) => Self::Route(handle),
            Root::Output(handle) | Root::ErrorModel(handle) => Self::Output(handle),
            Root::Secondary(handle) => Self::Secondary(handle),
        }
    }
}

/// The most violations that are listed: a module that breaks more is not looked at one by one.
const LISTED: usize = 100;

/// The violations found so far.
#[derive(Default)]
struct Errors {
    /// The first of them.
    list: Vec<IrError>,
    /// How many there are.
    count: usize,
}

impl Errors {
    fn add(&mut self, rule: Rule, place: Place, message: impl Into<String>) {
        self.count += 1;
        if self.list.len() < LISTED {
            self.list.push(IrError { rule, place, message: message.into() });
        }
    }

    /// Adds a violation unless `holds`.
    fn require(&mut self, holds: bool, rule: Rule, place: Place, message: &str) {
        if !holds {
            self.add(rule, place, message);
        }
    }

    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn into_result(self) -> Result<(), Vec<IrError>> {
        if self.list.is_empty() { Ok(()) } else { Err(self.list) }
    }
}

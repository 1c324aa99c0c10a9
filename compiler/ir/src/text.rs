//! The text form: one declaration or value a line, for people and snapshots.
//!
//! Declarations come first and name their values by handle; then the values follow in the order of the
//! arena, `%12 = multiply %3, %7`. Numbers are the shortest decimals that read back as the same float. The
//! text of a [`Program`] adds to each value its stage and, if it is kept, its slot, and ends with the
//! Jacobian. Modules that do not validate can be printed too: `?` marks a handle out of range.

use core::fmt::{self, Display, Formatter};

use crate::{
    Arena, BinaryOperation, Comparison, Covariate, ErrorModelKind, Event, Expr, Handle, Input, Interpolation,
    Kind, Linearity, Logic, Module, Output, Parameter, Program, RandomEffect, Route, Secondary, Solver,
    Stage, State, Transform, Trigger, UnaryOperation, Variable, Variance,
};

/// Returns the text form of a module.
pub fn to_text(module: &Module) -> String {
    ModuleText { module, program: None, slots: Vec::new() }.to_string()
}

/// Returns the text form of a program: its module with stages, slots and Jacobian.
pub fn program_to_text(program: &Program) -> String {
    let mut slots = vec![None; program.module.expressions.len()];
    for (slot, kept) in program.staging.slots.iter().enumerate() {
        if let Some(entry) = slots.get_mut(kept.index()) {
            *entry = Some(slot);
        }
    }
    ModuleText { module: &program.module, program: Some(program), slots }.to_string()
}

struct ModuleText<'a> {
    module: &'a Module,
    program: Option<&'a Program>,
    /// The slot of each expression that is kept, by index.
    slots: Vec<Option<usize>>,
}

impl Display for ModuleText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.header(f)?;
        let module = self.module;
        module.parameters.iter().try_for_each(|(_, parameter)| write_parameter(f, parameter))?;
        module.covariates.iter().try_for_each(|(_, covariate)| write_covariate(f, covariate))?;
        module.random_effects.iter().try_for_each(|(_, effect)| self.random_effect(f, effect))?;
        module.states.iter().try_for_each(|(_, state)| write_state(f, state))?;
        module.variables.iter().try_for_each(|(_, variable)| write_variable(f, variable))?;
        module.routes.iter().try_for_each(|(_, route)| self.route(f, route))?;
        module.outputs.iter().try_for_each(|(_, output)| write_output(f, output))?;
        module.events.iter().try_for_each(|(_, event)| self.event(f, event))?;
        module.switches.iter().try_for_each(|time| writeln!(f, "switch {time:?}"))?;
        module.secondary.iter().try_for_each(|(_, secondary)| write_secondary(f, secondary))?;
        writeln!(f)?;
        module.expressions.iter().try_for_each(|(handle, _)| self.value(f, handle))?;
        self.program.map_or(Ok(()), |program| self.jacobian(f, program))
    }
}

impl ModuleText<'_> {
    fn header(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Module { name, kind, options, .. } = self.module;
        let kind = match kind {
            Kind::Ode => "ode",
            Kind::Analytical => "analytical",
            Kind::Stochastic => "sde",
        };
        writeln!(f, "model {} kind {kind}", Name(name))?;
        let solver = match options.solver {
            Solver::Automatic => "automatic",
            Solver::Explicit => "explicit",
            Solver::Stiff => "stiff",
        };
        write!(f, "options solver {solver} rtol {:?}", options.relative_tolerance)?;
        write!(f, " atol {:?} hmax {:?}", options.absolute_tolerance, options.maximum_step)?;
        write_optional(f, "time", options.time_unit.as_ref())?;
        if options.particles != 0 {
            write!(f, " particles {}", options.particles)?;
        }
        match self.program.map_or(Linearity::None, |program| program.linearity) {
            Linearity::None => {}
            Linearity::UnlessSloped => write!(f, " linear unless sloped")?,
            Linearity::Always => write!(f, " linear")?,
        }
        writeln!(f)
    }

    fn event(&self, f: &mut Formatter<'_>, event: &Event) -> fmt::Result {
        match event.trigger {
            Trigger::At(time) => write!(f, "event at {time:?}")?,
            Trigger::Every { start, interval } => write!(f, "event every {interval:?} from {start:?}")?,
            Trigger::When(condition) => write!(f, "event when {condition:?}")?,
        }
        for (state, value) in &event.states {
            write!(f, " set {} {value:?}", self.state(*state))?;
        }
        for (variable, value) in &event.variables {
            write!(f, " set {} {value:?}", self.variable(*variable))?;
        }
        for dose in &event.doses {
            write!(f, " give {} {:?}", self.label(dose.route), dose.amount)?;
            write_optional(f, "over", dose.duration.as_ref())?;
            write_optional(f, "if", dose.condition.as_ref())?;
        }
        write_optional(f, "stop", event.stop.as_ref())?;
        writeln!(f)
    }

    fn random_effect(&self, f: &mut Formatter<'_>, effect: &RandomEffect) -> fmt::Result {
        write!(f, "eta {}", Name(&effect.name))?;
        match &effect.variance {
            Variance::StandardDeviation(value) => write!(f, " sd {value:?}")?,
            Variance::Variance(value) => write!(f, " var {value:?}")?,
            Variance::CoefficientOfVariation(value) => write!(f, " cv {value:?}")?,
            Variance::CovarianceRow(row) => write!(f, " cov({})", Handles(row))?,
            Variance::CorrelationRow(row) => write!(f, " corr({})", Handles(row))?,
        }
        if let Some(covariate) = effect.per {
            write!(f, " per {}", self.covariate(covariate))?;
        }
        writeln!(f)
    }

    fn route(&self, f: &mut Formatter<'_>, route: &Route) -> fmt::Result {
        let input = match route.input {
            Input::Bolus => "bolus",
            Input::Infusion => "infusion",
            Input::Both => "both",
        };
        write!(f, "route {} {input}", Name(&route.label))?;
        if let Some(state) = route.destination {
            write!(f, " -> {}", self.state(state))?;
        }
        write_optional(f, "lag", route.lag.as_ref())?;
        write_optional(f, "bioavailability", route.bioavailability.as_ref())?;
        write_optional(f, "rate", route.rate.as_ref())?;
        write_optional(f, "duration", route.duration.as_ref())?;
        write_flag(f, "implicit", route.implicit)?;
        writeln!(f)
    }

    fn value(&self, f: &mut Formatter<'_>, handle: Handle<Expr>) -> fmt::Result {
        write!(f, "{handle:?} = ")?;
        self.expression(f, &self.module.expressions[handle])?;
        if let Some(program) = self.program {
            match program.staging.stages.get(handle.index()) {
                Some(stage) => write!(f, "  ; {}", stage_name(*stage))?,
                None => write!(f, "  ; ?")?,
            }
            if let Some(Some(slot)) = self.slots.get(handle.index()) {
                write!(f, ", slot {slot}")?;
            }
        }
        writeln!(f)
    }

    fn expression(&self, f: &mut Formatter<'_>, expression: &Expr) -> fmt::Result {
        match expression {
            Expr::Constant(value) => write!(f, "constant {value:?}"),
            Expr::Boolean(value) => write!(f, "boolean {value}"),
            Expr::Time => write!(f, "time"),
            Expr::Parameter(handle) => {
                write!(f, "parameter {}", named(&self.module.parameters, *handle, |item| &item.name))
            }
            Expr::RandomEffect(handle) => {
                write!(f, "eta {}", named(&self.module.random_effects, *handle, |item| &item.name))
            }
            Expr::Covariate(handle) => write!(f, "covariate {}", self.covariate(*handle)),
            Expr::CovariateSlope(handle) => write!(f, "slope {}", self.covariate(*handle)),
            Expr::CovariateMissing(handle) => write!(f, "missing {}", self.covariate(*handle)),
            Expr::State(handle) => write!(f, "state {}", self.state(*handle)),
            Expr::Variable(handle) => write!(f, "variable {}", self.variable(*handle)),
            Expr::EventTime => write!(f, "event_time"),
            Expr::InfusionRate(route) => write!(f, "rate {}", self.label(*route)),
            Expr::LastDoseTime(Some(route)) => write!(f, "last_dose {}", self.label(*route)),
            Expr::LastDoseTime(None) => write!(f, "last_dose"),
            Expr::DoseNumber => write!(f, "dose_number"),
            Expr::Unary(operation, operand) => write!(f, "{} {operand:?}", unary_name(*operation)),
            Expr::Binary(operation, left, right) => {
                write!(f, "{} {left:?}, {right:?}", binary_name(*operation))
            }
            Expr::Compare(comparison, left, right) => {
                write!(f, "{} {left:?}, {right:?}", comparison_name(*comparison))
            }
            Expr::Logic(Logic::And, left, right) => write!(f, "and {left:?}, {right:?}"),
            Expr::Logic(Logic::Or, left, right) => write!(f, "or {left:?}, {right:?}"),
            Expr::Select(condition, then, otherwise) => {
                write!(f, "select {condition:?}, {then:?}, {otherwise:?}")
            }
            Expr::Call(function, arguments) => write!(f, "{} {}", function.name(), Handles(arguments)),
        }
    }

    fn jacobian(&self, f: &mut Formatter<'_>, program: &Program) -> fmt::Result {
        writeln!(f)?;
        for entry in &program.jacobian.entries {
            let (row, column) = (self.state(entry.row), self.state(entry.column));
            writeln!(f, "jacobian {row}, {column} = {:?}", entry.value)?;
        }
        for (row, value) in &program.jacobian.time {
            writeln!(f, "jacobian {}, time = {value:?}", self.state(*row))?;
        }
        Ok(())
    }

    fn covariate(&self, handle: Handle<Covariate>) -> Name<'_> {
        named(&self.module.covariates, handle, |covariate| &covariate.name)
    }

    fn state(&self, handle: Handle<State>) -> Name<'_> {
        named(&self.module.states, handle, |state| &state.name)
    }

    fn variable(&self, handle: Handle<Variable>) -> Name<'_> {
        named(&self.module.variables, handle, |variable| &variable.name)
    }

    fn label(&self, handle: Handle<Route>) -> Name<'_> {
        named(&self.module.routes, handle, |route| &route.label)
    }
}

fn write_parameter(f: &mut Formatter<'_>, parameter: &Parameter) -> fmt::Result {
    write!(f, "parameter {}", Name(&parameter.name))?;
    write_optional(f, "unit", parameter.unit.as_ref())?;
    write_optional(f, "default", parameter.default.as_ref())?;
    write_optional(f, "lower", parameter.lower.as_ref())?;
    write_optional(f, "upper", parameter.upper.as_ref())?;
    write_flag(f, "log", parameter.transform == Some(Transform::Log))?;
    write_flag(f, "logit", parameter.transform == Some(Transform::Logit))?;
    write_flag(f, "fixed", parameter.fixed)?;
    write_optional(f, "label", parameter.label.as_ref())?;
    writeln!(f)
}

fn write_covariate(f: &mut Formatter<'_>, covariate: &Covariate) -> fmt::Result {
    write!(f, "covariate {}", Name(&covariate.name))?;
    let interpolation = match covariate.interpolation {
        None => "data",
        Some(Interpolation::Linear) => "linear",
        Some(Interpolation::LastForward) => "locf",
        Some(Interpolation::NextBackward) => "nocb",
        Some(Interpolation::Constant) => "const",
    };
    write!(f, " {interpolation}")?;
    write_optional(f, "unit", covariate.unit.as_ref())?;
    write_optional(f, "default", covariate.default.as_ref())?;
    if !covariate.categories.is_empty() {
        write!(f, " categories {:?}", covariate.categories)?;
    }
    write_flag(f, "tested_for_missing", covariate.tested_for_missing)?;
    write_optional(f, "label", covariate.label.as_ref())?;
    writeln!(f)
}

fn write_state(f: &mut Formatter<'_>, state: &State) -> fmt::Result {
    write!(f, "state {}", Name(&state.name))?;
    write_optional(f, "unit", state.unit.as_ref())?;
    write!(f, " initial {:?}", state.initial)?;
    write_flag(f, "steady", state.steady)?;
    write!(f, " derivative {:?}", state.derivative)?;
    write_optional(f, "diffusion", state.diffusion.as_ref())?;
    writeln!(f)
}

fn write_variable(f: &mut Formatter<'_>, variable: &Variable) -> fmt::Result {
    write!(f, "variable {}", Name(&variable.name))?;
    write_optional(f, "unit", variable.unit.as_ref())?;
    writeln!(f, " initial {:?}", variable.initial)
}

fn write_output(f: &mut Formatter<'_>, output: &Output) -> fmt::Result {
    write!(f, "output {}", Name(&output.name))?;
    write_optional(f, "unit", output.unit.as_ref())?;
    write!(f, " value {:?}", output.value)?;
    if let Some(model) = &output.error_model {
        write!(f, " error {}({})", error_model_name(model.kind), Handles(&model.arguments))?;
        write_optional(f, "lloq", model.lower_limit.as_ref())?;
        write_optional(f, "uloq", model.upper_limit.as_ref())?;
    }
    writeln!(f)
}

fn write_secondary(f: &mut Formatter<'_>, secondary: &Secondary) -> fmt::Result {
    writeln!(f, "secondary {} value {:?}", Name(&secondary.name), secondary.value)
}

fn write_optional<T: fmt::Debug>(f: &mut Formatter<'_>, word: &str, value: Option<&T>) -> fmt::Result {
    value.map_or(Ok(()), |value| write!(f, " {word} {value:?}"))
}

fn write_flag(f: &mut Formatter<'_>, word: &str, present: bool) -> fmt::Result {
    if present { write!(f, " {word}") } else { Ok(()) }
}

fn named<'a, T>(arena: &'a Arena<T>, handle: Handle<T>, name: impl Fn(&'a T) -> &'a String) -> Name<'a> {
    arena.get(handle).map_or(Name("?"), |item| Name(name(item)))
}

/// A name: bare where it is a word, possibly with an index, else quoted.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '[' | ']' | '?');
        if !self.0.is_empty() && self.0.chars().all(is_plain) {
            return f.write_str(self.0);
        }
        write!(f, "{:?}", self.0)
    }
}

/// Handles with commas between them.
struct Handles<'a>(&'a [Handle<Expr>]);

impl Display for Handles<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, handle) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{handle:?}")?;
        }
        Ok(())
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Constant => "constant",
        Stage::Parameters => "parameters",
        Stage::Covariates => "covariates",
        Stage::Event => "event",
        Stage::Interpolated => "interpolated",
        Stage::Time => "time",
        Stage::State => "state",
    }
}

fn unary_name(operation: UnaryOperation) -> &'static str {
    match operation {
        UnaryOperation::Negate => "negate",
        UnaryOperation::Absolute => "absolute",
        UnaryOperation::SquareRoot => "square_root",
        UnaryOperation::Floor => "floor",
        UnaryOperation::Ceiling => "ceiling",
        UnaryOperation::Truncate => "truncate",
        UnaryOperation::Not => "not",
    }
}

fn binary_name(operation: BinaryOperation) -> &'static str {
    match operation {
        BinaryOperation::Add => "add",
        BinaryOperation::Subtract => "subtract",
        BinaryOperation::Multiply => "multiply",
        BinaryOperation::Divide => "divide",
        BinaryOperation::Minimum => "minimum",
        BinaryOperation::Maximum => "maximum",
    }
}

fn comparison_name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "equal",
        Comparison::NotEqual => "not_equal",
        Comparison::Less => "less",
        Comparison::LessEqual => "less_equal",
        Comparison::Greater => "greater",
        Comparison::GreaterEqual => "greater_equal",
    }
}

fn error_model_name(kind: ErrorModelKind) -> &'static str {
    match kind {
        ErrorModelKind::Continuous => "continuous",
        ErrorModelKind::Additive => "additive",
        ErrorModelKind::Proportional => "proportional",
        ErrorModelKind::Combined => "combined",
        ErrorModelKind::CombinedSum => "combined_sum",
        ErrorModelKind::LogNormal => "lognormal",
        ErrorModelKind::AssayLambda => "assay_lambda",
        ErrorModelKind::AssayGamma => "assay_gamma",
    }
}

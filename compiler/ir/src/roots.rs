//! Ways into a module: making one, and walking the expressions that it keeps alive.

use crate::{
    Arena, Covariate, Event, Expr, Handle, Interpolation, Kind, Module, Options, Output, RandomEffect, Route,
    Secondary, State, Trigger, Type, Variable, Variance,
};

/// What a declaration wants an expression for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// Part of the variance of a random effect.
    Variance(Handle<RandomEffect>),
    /// The initial value of a state.
    Initial(Handle<State>),
    /// The time derivative of a state.
    Derivative(Handle<State>),
    /// The diffusion of a state.
    Diffusion(Handle<State>),
    /// The initial value of a variable.
    Variable(Handle<Variable>),
    /// A time or an interval of an event.
    EventTime(Handle<Event>),
    /// What an event depends on: its condition, that of one of its doses, or whether it stops (Boolean).
    EventCondition(Handle<Event>),
    /// A value that an event assigns or gives.
    EventValue(Handle<Event>),
    /// The time of a switch, by position.
    Switch(usize),
    /// The lag time of a route.
    Lag(Handle<Route>),
    /// The bioavailability of a route.
    Bioavailability(Handle<Route>),
    /// The modelled rate of a route.
    Rate(Handle<Route>),
    /// The modelled duration of a route.
    Duration(Handle<Route>),
    /// The value of an output.
    Output(Handle<Output>),
    /// An argument or a limit of the error model of an output.
    ErrorModel(Handle<Output>),
    /// The value of a secondary quantity.
    Secondary(Handle<Secondary>),
}

impl Module {
    /// Makes a module that declares nothing, with [unset](Options::unset) options.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind: Kind::Ode,
            parameters: Arena::new(),
            covariates: Arena::new(),
            random_effects: Arena::new(),
            states: Arena::new(),
            variables: Arena::new(),
            routes: Arena::new(),
            outputs: Arena::new(),
            events: Arena::new(),
            switches: Vec::new(),
            secondary: Arena::new(),
            expressions: Arena::new(),
            spans: Vec::new(),
            options: Options::unset(),
        }
    }

    /// Calls `visit` with each expression that a declaration names, in the order of the declarations.
    pub fn for_each_root(&self, mut visit: impl FnMut(Root, Handle<Expr>)) {
        for (handle, effect) in self.random_effects.iter() {
            effect.variance.for_each_root(|value| visit(Root::Variance(handle), value));
        }
        for (handle, state) in self.states.iter() {
            visit(Root::Initial(handle), state.initial);
            visit(Root::Derivative(handle), state.derivative);
            if let Some(diffusion) = state.diffusion {
                visit(Root::Diffusion(handle), diffusion);
            }
        }
        for (handle, variable) in self.variables.iter() {
            visit(Root::Variable(handle), variable.initial);
        }
        for (handle, route) in self.routes.iter() {
            let properties = [
                (Root::Lag(handle), route.lag),
                (Root::Bioavailability(handle), route.bioavailability),
                (Root::Rate(handle), route.rate),
                (Root::Duration(handle), route.duration),
            ];
            for (root, value) in properties {
                if let Some(value) = value {
                    visit(root, value);
                }
            }
        }
        for (handle, output) in self.outputs.iter() {
            visit(Root::Output(handle), output.value);
            if let Some(model) = &output.error_model {
                let limits = model.lower_limit.iter().chain(&model.upper_limit);
                model
                    .arguments
                    .iter()
                    .chain(limits)
                    .for_each(|value| visit(Root::ErrorModel(handle), *value));
            }
        }
        for (handle, event) in self.events.iter() {
            event.for_each_root(handle, &mut visit);
        }
        for (index, time) in self.switches.iter().enumerate() {
            visit(Root::Switch(index), *time);
        }
        for (handle, secondary) in self.secondary.iter() {
            visit(Root::Secondary(handle), secondary.value);
        }
    }

    /// Replaces each expression that a declaration names by what `map` gives for it, in the order of
    /// [`for_each_root`](Self::for_each_root).
    pub fn map_roots(&mut self, mut map: impl FnMut(Handle<Expr>) -> Handle<Expr>) {
        for effect in self.random_effects.values_mut() {
            effect.variance.for_each_root_mut(|value| *value = map(*value));
        }
        for state in self.states.values_mut() {
            state.initial = map(state.initial);
            state.derivative = map(state.derivative);
            if let Some(diffusion) = &mut state.diffusion {
                *diffusion = map(*diffusion);
            }
        }
        for variable in self.variables.values_mut() {
            variable.initial = map(variable.initial);
        }
        for route in self.routes.values_mut() {
            let properties =
                [&mut route.lag, &mut route.bioavailability, &mut route.rate, &mut route.duration];
            properties.into_iter().flatten().for_each(|value| *value = map(*value));
        }
        for output in self.outputs.values_mut() {
            output.value = map(output.value);
            if let Some(model) = &mut output.error_model {
                let limits = model.lower_limit.iter_mut().chain(&mut model.upper_limit);
                model.arguments.iter_mut().chain(limits).for_each(|value| *value = map(*value));
            }
        }
        for event in self.events.values_mut() {
            event.map_roots(&mut map);
        }
        for time in &mut self.switches {
            *time = map(*time);
        }
        for secondary in self.secondary.values_mut() {
            secondary.value = map(secondary.value);
        }
    }
}

impl Module {
    /// Returns for each expression, by index, whether some root is computed from it or is it.
    pub fn needed_by(&self, roots: impl IntoIterator<Item = Handle<Expr>>) -> Vec<bool> {
        let mut needed = vec![false; self.expressions.len()];
        for root in roots {
            needed[root.index()] = true;
        }
        // Operands come before their users.
        for (handle, expression) in self.expressions.iter().rev() {
            if needed[handle.index()] {
                expression.for_each_operand(|operand| needed[operand.index()] = true);
            }
        }
        needed
    }

    /// Returns the time derivatives of the states, in their order.
    pub fn derivatives(&self) -> impl Iterator<Item = Handle<Expr>> + '_ {
        self.states.iter().map(|(_, state)| state.derivative)
    }

    /// Returns the states that no time derivative reads, be it in a comparison: they only add up what others do.
    pub fn accumulators(&self) -> Vec<Handle<State>> {
        let needed = self.needed_by(self.derivatives());
        let mut is_read = vec![false; self.states.len()];
        for (handle, expression) in self.expressions.iter() {
            if let Expr::State(state) = expression {
                is_read[state.index()] |= needed[handle.index()];
            }
        }
        self.states.handles().filter(|state| !is_read[state.index()]).collect()
    }
}

impl Root {
    /// Returns the type that its expression must have.
    pub const fn expected_type(self) -> Type {
        match self {
            Self::EventCondition(_) => Type::Boolean,
            _ => Type::Real,
        }
    }
}

impl Event {
    fn for_each_root(&self, handle: Handle<Self>, visit: &mut impl FnMut(Root, Handle<Expr>)) {
        match self.trigger {
            Trigger::At(time) => visit(Root::EventTime(handle), time),
            Trigger::Every { start, interval } => {
                visit(Root::EventTime(handle), start);
                visit(Root::EventTime(handle), interval);
            }
            Trigger::When(condition) => visit(Root::EventCondition(handle), condition),
        }
        let assigned = self.states.iter().map(|(_, value)| value);
        for value in assigned.chain(self.variables.iter().map(|(_, value)| value)) {
            visit(Root::EventValue(handle), *value);
        }
        for dose in &self.doses {
            if let Some(condition) = dose.condition {
                visit(Root::EventCondition(handle), condition);
            }
            visit(Root::EventValue(handle), dose.amount);
            if let Some(duration) = dose.duration {
                visit(Root::EventValue(handle), duration);
            }
        }
        if let Some(stop) = self.stop {
            visit(Root::EventCondition(handle), stop);
        }
    }

    fn map_roots(&mut self, map: &mut impl FnMut(Handle<Expr>) -> Handle<Expr>) {
        match &mut self.trigger {
            Trigger::At(value) | Trigger::When(value) => *value = map(*value),
            Trigger::Every { start, interval } => {
                *start = map(*start);
                *interval = map(*interval);
            }
        }
        let assigned = self.states.iter_mut().map(|(_, value)| value);
        for value in assigned.chain(self.variables.iter_mut().map(|(_, value)| value)) {
            *value = map(*value);
        }
        for dose in &mut self.doses {
            if let Some(condition) = &mut dose.condition {
                *condition = map(*condition);
            }
            dose.amount = map(dose.amount);
            if let Some(duration) = &mut dose.duration {
                *duration = map(*duration);
            }
        }
        if let Some(stop) = &mut self.stop {
            *stop = map(*stop);
        }
    }
}

/// Returns the type of each expression of a module, by index.
///
/// Operands that do not come before their user count as reals; `validate` rejects them.
pub fn types(module: &Module) -> Vec<Type> {
    let mut types: Vec<Type> = Vec::with_capacity(module.expressions.len());
    for (_, expression) in module.expressions.iter() {
        let result =
            expression.result_type(|operand| types.get(operand.index()).copied().unwrap_or(Type::Real));
        types.push(result);
    }
    types
}

impl Covariate {
    /// Returns whether the value may move between records: linear covariates, and those whose
    /// interpolation the data decide.
    pub fn may_slope(&self) -> bool {
        matches!(self.interpolation, None | Some(Interpolation::Linear))
    }
}

impl Variance {
    fn for_each_root(&self, mut visit: impl FnMut(Handle<Expr>)) {
        match self {
            Self::StandardDeviation(value) | Self::Variance(value) | Self::CoefficientOfVariation(value) => {
                visit(*value);
            }
            Self::CovarianceRow(row) | Self::CorrelationRow(row) => row.iter().copied().for_each(visit),
        }
    }

    fn for_each_root_mut(&mut self, mut visit: impl FnMut(&mut Handle<Expr>)) {
        match self {
            Self::StandardDeviation(value) | Self::Variance(value) | Self::CoefficientOfVariation(value) => {
                visit(value);
            }
            Self::CovarianceRow(row) | Self::CorrelationRow(row) => row.iter_mut().for_each(visit),
        }
    }
}

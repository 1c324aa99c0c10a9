//! Equations: what states lose, gain and exchange.

use super::Sort;
use super::writer::{Scope, Writer};

/// The terms of the right-hand side, a list a state.
pub(super) struct Right(Vec<Vec<String>>);

impl Right {
    pub(super) fn new(states: &[String]) -> Self {
        Self(vec![Vec::new(); states.len()])
    }

    pub(super) fn add(&mut self, state: usize, term: String) {
        if let Some(terms) = self.0.get_mut(state) {
            terms.push(term);
        }
    }
}

impl Writer<'_> {
    /// Writes the equations.
    pub(super) fn equations(&mut self, sort: Sort, mut right: Right) {
        self.roughness = if self.chance(0.3) { 0.3 } else { 0.0 };
        let stiff = sort == Sort::General && self.chance(0.2);
        if self.states.len() > 20 {
            return self.chain(sort, right);
        }
        for state in 0..self.states.len() {
            let name = self.states[state].clone();
            if self.chance(0.85) {
                let loss = self.flow(sort, &name);
                right.add(state, format!("-{loss}"));
            }
            if self.states.len() > 1 && self.chance(0.6) {
                let target = (state + 1 + self.random.below(self.states.len() - 1)) % self.states.len();
                let (flow, scale) = (self.flow(sort, &name), self.random.magnitude(20.0, 2e3));
                let flow = if stiff && self.chance(0.5) { format!("{scale:.0} * {flow}") } else { flow };
                right.add(state, format!("-{flow}"));
                right.add(target, flow);
            }
            if self.chance(0.3) {
                let gain = self.gain(sort);
                right.add(state, gain);
            }
        }
        for (state, terms) in right.0.into_iter().enumerate() {
            self.equation(state, &terms);
        }
        if sort == Sort::Stochastic {
            self.noise();
        }
        self.roughness = 0.5;
    }

    /// Writes the equations of a long chain, most of them by a loop.
    fn chain(&mut self, sort: Sort, right: Right) {
        let arrays = self.arrays.clone();
        for (name, size) in &arrays {
            let (rate, last) = (self.rate_constant(), size - 1);
            let flow = if sort == Sort::Linear || self.chance(0.5) { "" } else { " / (1 + abs(x))" };
            let flow = |index: &str| {
                format!("{rate} * {name}[{index}]{}", flow.replace('x', &format!("{name}[{index}]")))
            };
            self.line(format!("ddt({name}[0]) = -({})", flow("0")));
            self.line(format!("for i in 1..{size} {{ ddt({name}[i]) = {} - {} }}", flow("i - 1"), flow("i")));
            self.line(format!("ddt({name}[{last}]) += -0.1 * {name}[{last}] + 0.01 * {name}[3]"));
        }
        for (state, terms) in right.0.into_iter().enumerate() {
            let name = self.states[state].clone();
            if !name.contains('[') {
                self.line(format!("ddt({name}) = -0.3 * {name}"));
            }
            for term in terms {
                self.line(format!("ddt({name}) += {term}"));
            }
        }
    }

    /// Writes one equation, as one sum or several.
    fn equation(&mut self, state: usize, terms: &[String]) {
        let name = self.states[state].clone();
        let word = self.pick(&["ddt", "ddt", "dx"]);
        let Some((first, rest)) = terms.split_first() else {
            return self.line(format!("{word}({name}) = 0"));
        };
        if self.chance(0.6) {
            let sum = rest.iter().fold(first.clone(), |sum, term| match term.strip_prefix('-') {
                Some(term) => format!("{sum} - {term}"),
                None => format!("{sum} + {term}"),
            });
            return self.line(format!("{word}({name}) = {sum}"));
        }
        self.line(format!("{word}({name}) = {first}"));
        for term in rest {
            // A dose must not stand under a condition that reads states, so it stands under none.
            let is_dose = ["bolus", "infusion", "dose"].iter().any(|word| term.starts_with(word));
            if is_dose || self.chance(0.7) {
                self.line(format!("ddt({name}) += {term}"));
            } else {
                let condition = self.window();
                self.line(format!("if ({condition}) {{ ddt({name}) += {term} }}"));
            }
        }
    }

    /// Returns what flows out of a state.
    fn flow(&mut self, sort: Sort, state: &str) -> String {
        let rate = self.rate_constant();
        if sort == Sort::Linear {
            return match self.random.below(5) {
                0 => format!("{rate} * (if ({}) 1 else {}) * {state}", self.window(), self.number(0.1, 2.0)),
                1 => format!("{rate} * {} * {state}", self.above_zero(Scope::Settled, 1)),
                2 => format!("{rate} * {} * {state}", self.above_zero(Scope::Covariates, 1)),
                _ => format!("{rate} * {state}"),
            };
        }
        match self.random.below(7) {
            0 => format!("{rate} * {state} / ({} + abs({state}))", self.number(0.5, 4.0)),
            1 => format!("{rate} * (1.1 + {}) * {state}", self.bounded(Scope::Full, 2)),
            2 => format!("{rate} * {} * {state}", self.above_zero(Scope::Timed, 1)),
            3 => format!("{rate} * {state} * exp(-abs({}))", self.leaf(Scope::Full)),
            4 => format!("(if ({}) {rate} else 0.3) * {state}", self.window()),
            _ => format!("{rate} * {state}"),
        }
    }

    /// Returns what enters a state from outside.
    fn gain(&mut self, sort: Sort) -> String {
        if sort == Sort::Linear {
            return format!("{} * {}", self.rate_constant(), self.bounded(Scope::Covariates, 1));
        }
        let scope = self.pick(&[Scope::Timed, Scope::Full]);
        let gain = format!("{} * {}", self.rate_constant(), self.bounded(scope, 2));
        if self.chance(0.04) { format!("{gain} + 0.1 * {}", self.real(Scope::Full, 2)) } else { gain }
    }

    /// Gives some states noise, at least the last.
    fn noise(&mut self) {
        let last = self.states.len() - 1;
        for (index, state) in self.states.clone().into_iter().enumerate() {
            if index < last && self.chance(0.5) {
                continue;
            }
            let scale = self.number(0.05, 0.4);
            let noise = match self.random.below(5) {
                0 => format!("{scale} * {state}"),
                1 => format!("{scale} * sqrt(abs({state}))"),
                2 => format!("{scale} * {}", self.bounded(Scope::Full, 1)),
                3 => format!("{scale} * {}", self.bounded(Scope::Timed, 1)),
                _ => scale,
            };
            self.line(format!("noise({state}) = {noise}"));
        }
    }
}

//! Blocks of the model: at times, again and again, and on conditions.

use super::Sort;
use super::writer::{Scope, Writer};

impl Writer<'_> {
    /// Writes some events; a stochastic model has none.
    pub(super) fn events(&mut self, sort: Sort) {
        if sort == Sort::Stochastic || self.chance(0.5) {
            return;
        }
        if let Some(variable) = self.variables.first().cloned().filter(|_| self.random.chance(0.05)) {
            // Events that set one another off.
            self.line(format!("when ({variable} + t > 3) {{ {variable} = -t }}"));
            self.line(format!("when ({variable} + t < 1 && t > 3) {{ {variable} = 4 }}"));
        }
        for _ in 0..=self.random.below(3) {
            match self.random.below(3) {
                0 => {
                    let (start, word) = (self.number(0.0, 20.0), self.pick(&["at t =", "at"]));
                    let shift = self.bounded(Scope::Covariates, 1);
                    self.line(format!("{word} {start} + {shift} {{"));
                }
                1 => {
                    let (interval, factor) = (self.number(2.0, 8.0), self.bounded(Scope::Settled, 1));
                    let start = self.pick(&["", " from 1.5", " from -3"]);
                    self.line(format!("every {interval} + {factor}{start} {{"));
                }
                _ => {
                    let condition = self.awaited();
                    self.line(format!("when ({condition}) {{"));
                }
            }
            for _ in 0..=self.random.below(3) {
                self.action();
            }
            self.line("}");
        }
    }

    /// Returns a condition on states that changes now and then.
    fn awaited(&mut self) -> String {
        let states = self.states.clone();
        let (state, border) = (self.pick(&states), self.number(0.1, 8.0));
        match self.random.below(5) {
            0 => format!("{state} < {border} && t > {}", self.random.below(6)),
            1 => format!("{state} > {border} || {}", self.window()),
            2 => format!("{} > 0.5", self.bounded(Scope::Full, 1)),
            3 => self.window(),
            _ => format!("{state} {} {border}", self.pick(&["<", "<=", ">", ">="])),
        }
    }

    /// Writes one statement of a block.
    fn action(&mut self) {
        let statement = self.statement();
        if self.chance(0.75) {
            return self.line(format!("  {statement}"));
        }
        let condition = self.condition(Scope::Full, 1);
        let other = self.statement();
        self.line(format!("  if ({condition}) {{ {statement} }} else {{ {other} }}"));
    }

    fn statement(&mut self) -> String {
        let (states, variables, routes) = (self.states.clone(), self.variables.clone(), self.routes.clone());
        match self.random.below(10) {
            0..=2 => {
                let (state, value) = (self.pick(&states), self.bounded(Scope::Full, 1));
                match self.random.below(3) {
                    0 => format!("{state} = 0.5 * {state} + {value}"),
                    1 => format!("{state} += {value}"),
                    _ => {
                        let local = self.fresh("z");
                        format!("let {local} = {value}; {state} = 2 * {local}")
                    }
                }
            }
            3..=5 if !variables.is_empty() => {
                let (variable, value) = (self.pick(&variables), self.bounded(Scope::Full, 1));
                let operator = self.pick(&["=", "+="]);
                format!("{variable} {operator} {value}")
            }
            6 if self.chance(0.3) => "stop()".to_owned(),
            _ => {
                let route = self.pick(&routes);
                let amount = self.above_zero(Scope::Full, 1);
                if route.takes_infusion && (!route.takes_bolus || self.chance(0.5)) {
                    return format!("give({}, 3 * {amount}, {})", route.label, self.number(0.2, 2.0));
                }
                format!("give({}, 3 * {amount})", route.label)
            }
        }
    }
}

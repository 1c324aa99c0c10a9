//! Everything of a model but its equations and events.

use super::Sort;
use super::dynamics::Right;
use super::writer::{Covariate, Route, Scope, Writer};

/// A structure with a name: what it is called, what it reads, how many states it has.
type Structure = (&'static str, &'static [&'static str], usize);

/// All of them.
const STRUCTURES: [Structure; 12] = [
    ("one_compartment", &["ke"], 1),
    ("one_compartment_cl", &["cl", "v"], 1),
    ("one_compartment_with_absorption", &["ka", "ke"], 2),
    ("one_compartment_cl_with_absorption", &["ka", "cl", "v"], 2),
    ("two_compartments", &["ke", "kcp", "kpc"], 2),
    ("two_compartments_cl", &["cl", "q", "vc", "vp"], 2),
    ("two_compartments_with_absorption", &["ke", "ka", "kcp", "kpc"], 3),
    ("two_compartments_cl_with_absorption", &["ka", "cl", "q", "vc", "vp"], 3),
    ("three_compartments", &["k10", "k12", "k13", "k21", "k31"], 3),
    ("three_compartments_cl", &["cl", "q2", "q3", "vc", "v2", "v3"], 3),
    ("three_compartments_with_absorption", &["ka", "k10", "k12", "k13", "k21", "k31"], 4),
    ("three_compartments_cl_with_absorption", &["ka", "cl", "q2", "q3", "vc", "v2", "v3"], 4),
];

/// Functions in the order of their numbers.
const NEIGHBOURS: [&str; 6] = ["sin", "cos", "tan", "asin", "acos", "atan"];

impl Writer<'_> {
    /// Writes name, kind and options.
    pub(super) fn header(&mut self, sort: Sort) {
        self.line("name = drawn");
        match sort {
            Sort::Structure => self.line("kind = analytical"),
            Sort::Stochastic => {
                let particles = 2 + self.random.below(12);
                self.line(format!("kind = sde\nparticles = {particles}"));
                let step = self.number(0.2, 0.9);
                self.line(format!("option hmax = {step}"));
            }
            Sort::General | Sort::Linear => {}
        }
        if sort == Sort::General {
            let solver = self.pick(&["auto", "auto", "auto", "explicit", "stiff", "stiff"]);
            let relative = self.magnitude(1e-6, 1e-3);
            self.line(format!("option solver = {solver}, rtol = {relative}, atol = 1e-5"));
        }
        if self.chance(0.05) {
            self.line("option doses = any");
        }
    }

    /// Writes parameters, constants, random effects and functions.
    pub(super) fn parameters(&mut self) {
        for _ in 0..2 + self.random.below(4) {
            let (name, value) = (self.fresh("p"), self.magnitude(0.05, 2.0));
            let rest = self.pick(&["", "", " in 0..100 @log", " @fixed", " \"a label\""]);
            self.line(format!("param {name} = {value}{rest}"));
            self.positive.push(name.clone());
            self.offer(Scope::Settled, name);
        }
        if self.chance(0.3) {
            let name = self.fresh("open");
            self.line(format!("params = {name}"));
            self.offer(Scope::Settled, name);
        }
        if self.chance(0.3) {
            let (name, a, b) = (self.fresh("pa"), self.number(0.1, 2.0), self.number(0.1, 2.0));
            self.line(format!("param {name}[2] = [{a}, {b}]"));
            for index in 0..2 {
                self.positive.push(format!("{name}[{index}]"));
                self.offer(Scope::Settled, format!("{name}[{index}]"));
            }
        }
        if self.chance(0.3) {
            let (name, value) = (self.fresh("n"), self.number(0.5, 2.0));
            self.line(format!("const {name} = {value}"));
            self.positive.push(name.clone());
            self.offer(Scope::Settled, name);
        }
        for _ in 0..self.random.below(3) {
            let name = self.fresh("eta");
            self.line(format!("eta {name} ~ sd(0.2)"));
            self.positive.push(format!("exp({name})"));
            self.offer(Scope::Settled, name);
        }
        if self.chance(0.3) {
            let (name, value) = (self.fresh("f"), self.number(0.2, 2.0));
            let body =
                self.pick(&["x * exp(-abs(y))", "x / (1 + y^2)", "if (x < y) x else y^2 / (1 + abs(x))"]);
            self.line(format!("fun {name}(x, y) = ({body}) * {value}"));
            self.functions.push(name);
        }
    }

    /// Writes covariates.
    pub(super) fn covariates(&mut self) {
        for _ in 0..self.random.below(4) {
            let name = self.fresh("w");
            let mode = self.pick(&["", " @linear", " @linear", " @locf", " @nocb", " @const"]);
            let default =
                if self.chance(0.4) { format!(" = {}", self.number(0.5, 1.5)) } else { String::new() };
            let set = self.pick(&["", "", "", " in 0.2..3"]);
            self.line(format!("cov {name}{mode}{set}{default}"));
            let may_be_missing = self.chance(0.4);
            self.covariates.push(Covariate { name, may_be_missing });
        }
    }

    /// Declares states; returns the structure, if there is one.
    pub(super) fn states(&mut self, sort: Sort) -> Option<Structure> {
        let structure = (sort == Sort::Structure).then(|| self.pick(&STRUCTURES));
        let count = structure.map_or_else(|| 1 + self.random.below(6), |(_, _, count)| count);
        if structure.is_none() && count > 2 && self.chance(0.4) {
            // Large systems have sparse Jacobians, and are too large for an exact solution.
            let large = sort != Sort::Stochastic && self.chance(0.1);
            let (name, size) = (self.fresh("tr"), if large { 26 } else { 2 + self.random.below(3) });
            self.line(format!("state {name}[{size}]"));
            self.states.extend((0..size).map(|index| format!("{name}[{index}]")));
            self.arrays.push((name, size));
        }
        while self.states.len() < count {
            let name = self.fresh("s");
            self.line(format!("state {name}"));
            self.states.push(name);
        }
        structure
    }

    /// Declares routes, some of them as terms of equations.
    pub(super) fn routes(&mut self, sort: Sort, right: &mut Right) {
        for _ in 0..=self.random.below(3) {
            let label = self.fresh("r");
            let destination = self.random.below(self.states.len());
            let word = self.pick(&["bolus", "infusion", "dose"]);
            if sort != Sort::Structure && self.chance(0.15) {
                let factor = if word == "bolus" && self.chance(0.5) { " * 0.8" } else { "" };
                right.add(destination, format!("{word}({label}){factor}"));
            } else {
                let state = self.states[destination].clone();
                self.line(format!("{word}({label}) -> {state}"));
            }
            let (takes_bolus, takes_infusion) = (word != "infusion", word != "bolus");
            self.routes.push(Route { label, takes_bolus, takes_infusion });
        }
    }

    /// Declares variables.
    pub(super) fn variables(&mut self, sort: Sort) {
        let most = if sort == Sort::Stochastic { 1 } else { 3 };
        for _ in 0..self.random.below(most) {
            let (name, value) = (self.fresh("v"), self.bounded(Scope::Covariates, 1));
            self.line(format!("var {name} = {value}"));
            self.variables.push(name.clone());
            self.offer(Scope::Timed, name);
        }
    }

    /// Writes derived values, each after those that it may read.
    pub(super) fn derived(&mut self, sort: Sort) {
        for scope in [Scope::Settled, Scope::Covariates, Scope::Timed, Scope::Full] {
            // What reads states would make equations that read it nonlinear.
            for _ in 0..self.random.below(3) {
                let name = self.fresh("d");
                self.assignment(&name, scope);
                self.offer(scope, name);
            }
        }
        if self.chance(0.3) {
            let (name, value) = (self.fresh("c"), self.above_zero(Scope::Covariates, 1));
            self.line(format!("{name} = {value}"));
            self.positive.push(name);
        }
        if sort != Sort::Linear && self.chance(0.15) {
            let (name, value) = (self.fresh("da"), self.bounded(Scope::Full, 1));
            self.line(format!("array {name}[3]\nfor i in 0..3 {{ {name}[i] = {value} * (i + 1) }}"));
            self.line(format!("{name}[1] += 0.5"));
            self.offer(Scope::Full, format!("{name}[2]"));
            self.offer(Scope::Full, format!("{name}[1]"));
        }
    }

    /// Assigns a derived value, sometimes in branches.
    fn assignment(&mut self, name: &str, scope: Scope) {
        let depth = 1 + self.random.below(2);
        let value = self.real(scope, depth);
        if self.chance(0.75) {
            return self.line(format!("{name} = {value}"));
        }
        let (condition, other) = (self.condition(scope, 1), self.bounded(scope, 1));
        if self.chance(0.5) {
            return self.line(format!("if ({condition}) {{ {name} = {value} }} else {{ {name} = {other} }}"));
        }
        let (second, last) = (self.condition(scope, 1), self.leaf(scope));
        self.line(format!("if ({condition}) {{\n  let x = {value}\n  {name} = x * 0.5 + sin(x)"));
        self.line(format!("}} else if ({second}) {{\n  {name} = {other}\n}} else {{\n  {name} = {last}\n}}"));
    }

    /// Writes properties of routes.
    pub(super) fn properties(&mut self) {
        for Route { label, takes_infusion, .. } in self.routes.clone() {
            if self.chance(0.35) {
                let factor = self.bounded(Scope::Timed, 1);
                let lag = if self.chance(0.97) { format!("abs({factor})") } else { factor };
                let scale = self.number(0.1, 4.0);
                self.line(format!("lag({label}) = {scale} * {lag}"));
            }
            if self.chance(0.3) {
                let value = self.above_zero(Scope::Timed, 1);
                self.line(format!("fa({label}) = {value}"));
            }
            for word in ["rate", "dur"] {
                if takes_infusion && self.chance(0.4) {
                    let (value, scale) = (self.above_zero(Scope::Timed, 1), self.number(0.5, 4.0));
                    self.line(format!("{word}({label}) = {scale} * {value}"));
                }
            }
        }
    }

    /// Writes initial values.
    pub(super) fn initial_values(&mut self, sort: Sort) {
        let steady = sort != Sort::Stochastic && self.chance(0.1);
        for state in self.states.clone() {
            if steady && self.chance(0.5) {
                self.line(format!("init({state}) = steady"));
            } else if self.chance(0.4) {
                let (value, scale) = (self.bounded(Scope::Timed, 1), self.number(0.5, 10.0));
                self.line(format!("init({state}) = {scale} * {value}"));
            }
        }
    }

    /// Names a structure and gives it what it reads.
    pub(super) fn structure(&mut self, (name, reads, _): Structure) {
        self.line(format!("structure = {name}"));
        for input in reads {
            let value = match self.random.below(4) {
                0 => self.magnitude(0.05, 2.0),
                1 => self.above_zero(Scope::Covariates, 1),
                2 => format!("(if ({}) {} else 0.7)", self.window(), self.number(0.1, 1.0)),
                _ => self.rate_constant(),
            };
            self.line(format!("{input} = {value}"));
        }
    }

    /// Writes outputs.
    pub(super) fn outputs(&mut self) {
        for index in 0..=self.random.below(3) {
            let states = self.states.clone();
            let state = self.pick(&states);
            let value = match self.random.below(5) {
                0 => format!("{state} / ({})", self.rate_constant()),
                1 => self.bounded(Scope::Full, 2),
                2 => self.real(Scope::Full, 2),
                3 => format!("{state} * {}", self.bounded(Scope::Full, 2)),
                _ => state,
            };
            let error = self.pick(&["", "", " ~ proportional(0.1)", " ~ combined(0.1, 0.2)"]);
            let name = format!("y{index}");
            self.line(format!("out({name}) = {value}{error}"));
            self.offer(Scope::Full, name);
        }
        if self.chance(0.2) {
            let (condition, a, b) =
                (self.condition(Scope::Full, 1), self.leaf(Scope::Full), self.leaf(Scope::Full));
            self.line(format!("if ({condition}) {{ out(branch) = {a} }} else {{ out(branch) = {b} }}"));
        }
        if self.chance(0.15) {
            self.neighbours();
        }
    }

    /// Writes outputs that look like a run over arrays: functions beside one another, of the same value or of values beside
    /// one another.
    fn neighbours(&mut self) {
        let value = self.bounded(Scope::Full, 1);
        let backwards = self.chance(0.3);
        let several = self.chance(0.5);
        for (index, function) in NEIGHBOURS.iter().enumerate() {
            let function = if backwards { NEIGHBOURS[NEIGHBOURS.len() - 1 - index] } else { *function };
            let state = self.states.get(if several { index } else { 0 }).cloned().unwrap_or_default();
            let argument =
                if state.is_empty() { value.clone() } else { format!("{value} / (1 + {state} * {state})") };
            self.line(format!("out(row{index}) = {function}({argument})"));
        }
    }

    /// Writes secondary quantities.
    pub(super) fn secondary(&mut self) {
        if self.chance(0.1) {
            let value = self.rate_constant();
            self.line(format!("secondary {{\n  half = ln(2) / ({value})\n}}"));
        }
    }
}

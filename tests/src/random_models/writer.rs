//! The text in the making, with the names that expressions may read.

use core::fmt::Display;

use crate::random::Random;

/// What an expression may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// What stands still while nothing happens: parameters, random effects, constants.
    Settled,
    /// Covariates as well.
    Covariates,
    /// Time, the history of doses and variables as well.
    Timed,
    /// States and infusion rates as well.
    Full,
}

/// A route with the doses that it takes.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) label: String,
    pub(super) takes_bolus: bool,
    pub(super) takes_infusion: bool,
}

/// A covariate; one that may be missing is read behind a question.
#[derive(Clone, Debug)]
pub(super) struct Covariate {
    pub(super) name: String,
    pub(super) may_be_missing: bool,
}

/// A model in the making.
pub(super) struct Writer<'r> {
    pub(super) random: &'r mut Random,
    pub(super) text: String,
    /// Scalars by the least scope that may read them.
    names: Vec<(Scope, String)>,
    /// Names of positive numbers that stand still.
    pub(super) positive: Vec<String>,
    pub(super) covariates: Vec<Covariate>,
    pub(super) states: Vec<String>,
    /// State arrays with their sizes.
    pub(super) arrays: Vec<(String, usize)>,
    pub(super) routes: Vec<Route>,
    pub(super) variables: Vec<String>,
    /// Functions of two arguments.
    pub(super) functions: Vec<String>,
    /// How often functions with jumps stand where a solver meets them.
    pub(super) roughness: f64,
    count: usize,
}

impl<'r> Writer<'r> {
    pub(super) fn new(random: &'r mut Random) -> Self {
        Self {
            random,
            text: String::new(),
            names: Vec::new(),
            positive: Vec::new(),
            covariates: Vec::new(),
            states: Vec::new(),
            arrays: Vec::new(),
            routes: Vec::new(),
            variables: Vec::new(),
            functions: Vec::new(),
            roughness: 0.5,
            count: 0,
        }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: impl Display) {
        self.text.push_str(&line.to_string());
        self.text.push('\n');
    }

    /// Returns a name that nothing has yet.
    pub(super) fn fresh(&mut self, stem: &str) -> String {
        self.count += 1;
        format!("{stem}{}", self.count)
    }

    /// Lets expressions of a scope, and of all wider ones, read a name.
    pub(super) fn offer(&mut self, scope: Scope, name: impl Into<String>) {
        self.names.push((scope, name.into()));
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.random.chance(probability)
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        self.random.pick(from)
    }

    /// Returns a number between two with three digits, as text.
    pub(super) fn number(&mut self, low: f64, high: f64) -> String {
        digits(self.random.between(low, high))
    }

    /// Returns a number of any order of magnitude between two, as text.
    pub(super) fn magnitude(&mut self, low: f64, high: f64) -> String {
        digits(self.random.magnitude(low, high))
    }

    /// Returns something positive that stands still, as it may stand in a product.
    pub(super) fn rate_constant(&mut self) -> String {
        if self.positive.is_empty() || self.chance(0.2) {
            return self.magnitude(0.02, 2.0);
        }
        let positive = self.positive.clone();
        let first = self.pick(&positive);
        match self.random.below(6) {
            0 => format!("{first} / {}", self.pick(&positive)),
            1 => format!("{first} * {}", self.number(0.2, 1.5)),
            _ => first,
        }
    }

    /// Returns something that a scope may read.
    pub(super) fn leaf(&mut self, scope: Scope) -> String {
        let group = self.random.below(10);
        match group {
            0 => self.number(-3.0, 3.0),
            1 => self.special(),
            2 if scope >= Scope::Timed => self.clock(),
            3 if scope >= Scope::Covariates => self.covariate(),
            4 | 5 if scope == Scope::Full && !self.states.is_empty() => {
                let states = self.states.clone();
                self.pick(&states)
            }
            6 if scope == Scope::Full => self.infusion_rate(),
            _ => {
                let names = self.names.iter().filter(|(least, _)| *least <= scope);
                let names: Vec<String> = names.map(|(_, name)| name.clone()).collect();
                if names.is_empty() { self.number(0.1, 2.0) } else { self.pick(&names) }
            }
        }
    }

    /// Returns a number at which rules for simplification, or functions, may do something of their own.
    fn special(&mut self) -> String {
        let extreme = self.chance(0.02);
        let numbers = if extreme {
            ["1e300", "1e-300", "1e18", "inf", "(-inf)"]
        } else {
            ["0", "1", "(-1)", "2", "0.5"]
        };
        self.pick(&numbers).to_owned()
    }

    /// Returns time or something of the history of doses; what is infinite before the first dose is seldom bare.
    fn clock(&mut self) -> String {
        let label = match self.routes.first() {
            Some(route) if self.random.chance(0.4) => route.label.clone(),
            _ => String::new(),
        };
        match self.random.below(8) {
            0 | 1 => "t".to_owned(),
            2 => "dosenum()".to_owned(),
            3 | 4 => format!("min(tad({label}), 20)"),
            5 => format!("max(tlast({label}), -5)"),
            6 => "(t / 24)".to_owned(),
            _ if self.chance(0.15) => format!("tad({label})"),
            _ => "time".to_owned(),
        }
    }

    fn covariate(&mut self) -> String {
        let covariates = self.covariates.clone();
        if covariates.is_empty() {
            return self.number(0.5, 2.0);
        }
        let Covariate { name, may_be_missing } = self.pick(&covariates);
        if may_be_missing && self.chance(0.97) {
            return format!("(if (is_missing({name})) {} else {name})", self.number(0.5, 2.0));
        }
        name
    }

    fn infusion_rate(&mut self) -> String {
        let infusions = self.routes.iter().filter(|route| route.takes_infusion);
        let labels: Vec<String> = infusions.map(|route| route.label.clone()).collect();
        if labels.is_empty() || self.chance(0.7) {
            return self.number(-1.0, 1.0);
        }
        format!("rate({})", self.pick(&labels))
    }
}

/// Writes a number with three digits.
fn digits(number: f64) -> String {
    let text = format!("{number:.2e}");
    // A sign in front of a number belongs into parentheses: `2^-3` may stand, `a - -3` reads badly.
    if number < 0.0 { format!("({text})") } else { text }
}

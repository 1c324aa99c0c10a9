//! Random expressions as text. All of them may stand as an operand.

use super::writer::{Scope, Writer};

/// Where a function has a value.
#[derive(Clone, Copy)]
enum Domain {
    Any,
    NotNegative,
    Positive,
    /// Between 0 and 1, without them.
    Share,
    /// Between −1 and 1.
    Sine,
    /// Small enough for the function not to overflow.
    Small,
    SmallPositive,
}

/// Functions of one argument.
const SMOOTH: [(&str, Domain); 28] = [
    ("exp", Domain::Small),
    ("expm1", Domain::Small),
    ("ln", Domain::Positive),
    ("log", Domain::Positive),
    ("log2", Domain::Positive),
    ("log10", Domain::Positive),
    ("log1p", Domain::NotNegative),
    ("sqrt", Domain::Positive),
    ("cbrt", Domain::Positive),
    ("sin", Domain::Any),
    ("cos", Domain::Any),
    ("tan", Domain::Sine),
    ("asin", Domain::Sine),
    ("acos", Domain::Sine),
    ("atan", Domain::Any),
    ("sinh", Domain::Small),
    ("cosh", Domain::Small),
    ("tanh", Domain::Any),
    ("erf", Domain::Any),
    ("erfc", Domain::Any),
    ("phi", Domain::Any),
    ("gamma", Domain::SmallPositive),
    ("lgamma", Domain::Positive),
    ("logit", Domain::Share),
    ("expit", Domain::Any),
    ("ramp", Domain::Any),
    ("abs", Domain::Any),
    ("-", Domain::Any),
];

/// Functions of one argument that jump.
const ROUGH: [&str; 6] = ["floor", "ceil", "trunc", "round", "sign", "step"];

impl Writer<'_> {
    /// Returns a real expression.
    pub(super) fn real(&mut self, scope: Scope, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(scope);
        }
        let below = depth - 1;
        match self.random.below(16) {
            0..=3 => {
                let operator = self.pick(&["+", "-", "*"]);
                format!("({} {operator} {})", self.real(scope, below), self.real(scope, below))
            }
            4 => {
                let divisor =
                    if self.chance(0.9) { self.above_zero(scope, below) } else { self.real(scope, below) };
                format!("({} / {divisor})", self.real(scope, below))
            }
            5..=7 => self.call(scope, below),
            8 => self.power(scope, below),
            9 => self.of_two(scope, below),
            10 | 11 if self.chance(self.roughness) => self.choice(scope, below),
            12 if self.chance(self.roughness) => self.rough(scope, below),
            13 => self.table(scope, below),
            _ => self.leaf(scope),
        }
    }

    /// Returns an expression whose values are mostly between −1 and 1.
    pub(super) fn bounded(&mut self, scope: Scope, depth: usize) -> String {
        let inner = self.real(scope, depth);
        match self.random.below(8) {
            0 => format!("sin({inner})"),
            1 => format!("cos({inner})"),
            2 => format!("expit({inner})"),
            3 => format!("erf({inner})"),
            4 => format!("(atan({inner}) / 2)"),
            5 => format!("min(max({inner}, -1), 1)"),
            6 => format!("exp(-abs({inner}))"),
            _ => format!("tanh({inner})"),
        }
    }

    /// Returns an expression whose values are mostly above 0, neither small nor large.
    pub(super) fn above_zero(&mut self, scope: Scope, depth: usize) -> String {
        match self.random.below(4) {
            0 => format!("(0.5 + abs({}))", self.real(scope, depth)),
            1 => format!("exp({})", self.bounded(scope, depth)),
            2 => format!("(1.5 + {})", self.bounded(scope, depth)),
            _ => self.rate_constant_operand(),
        }
    }

    fn rate_constant_operand(&mut self) -> String {
        format!("({})", self.rate_constant())
    }

    /// Returns a condition.
    pub(super) fn condition(&mut self, scope: Scope, depth: usize) -> String {
        let timed = scope >= Scope::Timed;
        match self.random.below(12) {
            0 if depth > 0 => {
                let operator = self.pick(&["&&", "||"]);
                format!(
                    "({} {operator} {})",
                    self.condition(scope, depth - 1),
                    self.condition(scope, depth - 1)
                )
            }
            1 if depth > 0 => format!("!({})", self.condition(scope, depth - 1)),
            2 | 3 if timed => self.window(),
            4 if timed => format!("(dosenum() >= {})", self.random.below(4)),
            5 if scope >= Scope::Covariates && !self.covariates.is_empty() => self.question(),
            6 if depth > 0 => format!("({} != 0)", self.real(scope, depth - 1)),
            7 => self.pick(&["true", "false"]).to_owned(),
            _ => {
                let operator = self.pick(&["<", "<=", ">", ">="]);
                let depth = depth.saturating_sub(1);
                format!("({} {operator} {})", self.real(scope, depth), self.number(-1.0, 3.0))
            }
        }
    }

    /// Returns a condition of time alone, whose borders the solver knows.
    pub(super) fn window(&mut self) -> String {
        let (start, length) = (self.random.below(20), 1 + self.random.below(6));
        match self.random.below(5) {
            0 => format!("(t > {start}.5)"),
            1 => format!("(t > {start} && t < {})", start + length),
            2 => format!("(mod(t, {}) < {length})", length + 3),
            3 => format!("(tad() < {length})"),
            _ => format!("(floor(t / {length}) == {})", self.random.below(5)),
        }
    }

    /// Asks something of a covariate.
    fn question(&mut self) -> String {
        let covariates = self.covariates.clone();
        let name = self.pick(&covariates).name;
        if self.chance(0.4) {
            format!("is_missing({name})")
        } else {
            format!("({name} > {})", self.number(0.5, 1.5))
        }
    }

    fn call(&mut self, scope: Scope, depth: usize) -> String {
        let (name, domain) = self.pick(&SMOOTH);
        // Some arguments are anything, so that some results are no numbers.
        let domain = if self.chance(0.04) { Domain::Any } else { domain };
        let argument = self.argument(scope, depth, domain);
        if name == "-" { format!("(-{argument})") } else { format!("{name}({argument})") }
    }

    fn argument(&mut self, scope: Scope, depth: usize, domain: Domain) -> String {
        match domain {
            Domain::Any => self.real(scope, depth),
            Domain::NotNegative => format!("abs({})", self.real(scope, depth)),
            Domain::Positive => self.above_zero(scope, depth),
            Domain::Share => format!("(0.5 + 0.45 * {})", self.bounded(scope, depth)),
            Domain::Sine => format!("(0.99 * {})", self.bounded(scope, depth)),
            Domain::Small => format!("({} * {})", self.number(0.5, 3.0), self.bounded(scope, depth)),
            Domain::SmallPositive => format!("({} + {})", self.number(1.2, 5.0), self.bounded(scope, depth)),
        }
    }

    fn power(&mut self, scope: Scope, depth: usize) -> String {
        match self.random.below(8) {
            0 => format!("{}^{}", self.bounded(scope, depth), 2 + self.random.below(4)),
            1 => format!("{}^-{}", self.above_zero(scope, depth), 1 + self.random.below(3)),
            2 => format!("{}^0.5", self.above_zero(scope, depth)),
            3 => format!("{}^{}", self.above_zero(scope, depth), self.number(0.2, 2.5)),
            4 => format!("{}**{}", self.above_zero(scope, depth), self.bounded(scope, depth)),
            5 => format!("pow({}, {})", self.above_zero(scope, depth), self.bounded(scope, depth)),
            6 => format!("2^-{}", self.bounded(scope, depth)),
            _ => format!("(-{}^2)", self.bounded(scope, depth)),
        }
    }

    fn of_two(&mut self, scope: Scope, depth: usize) -> String {
        let (a, b) = (self.real(scope, depth), self.real(scope, depth));
        let functions = self.functions.clone();
        match self.random.below(10) {
            0 => format!("hypot({a}, {b})"),
            1 => format!("atan2({a}, {b})"),
            2 | 3 => format!("min({a}, {b})"),
            4 | 5 => format!("max({a}, {b}, {})", self.number(-1.0, 1.0)),
            6 => format!("smoothstep({a}, {})", self.number(0.5, 4.0)),
            _ if functions.is_empty() => format!("({a} - {b})"),
            _ => format!("{}({a}, {b})", self.pick(&functions)),
        }
    }

    fn rough(&mut self, scope: Scope, depth: usize) -> String {
        let argument = self.real(scope, depth);
        match self.random.below(9) {
            0 => format!("mod({argument}, {})", self.number(0.5, 4.0)),
            1 => format!("idiv({argument}, {})", self.number(0.5, 4.0)),
            2 => format!("mod({argument}, {})", self.above_zero(scope, depth)),
            _ => format!("{}({argument})", self.pick(&ROUGH)),
        }
    }

    fn choice(&mut self, scope: Scope, depth: usize) -> String {
        let condition = self.condition(scope, depth);
        let (a, b) = (self.real(scope, depth), self.real(scope, depth));
        match self.random.below(3) {
            0 => format!("if_else({condition}, {a}, {b})"),
            1 => {
                let other = self.condition(scope, 0);
                format!("(if ({condition}) {a} else if ({other}) {b} else {})", self.leaf(scope))
            }
            _ => format!("(if ({condition}) {a} else {b})"),
        }
    }

    /// Reads a table, or sums an array.
    fn table(&mut self, scope: Scope, depth: usize) -> String {
        let arrays = self.arrays.clone();
        if scope == Scope::Full && !arrays.is_empty() && self.chance(0.6) {
            let (name, _) = self.pick(&arrays);
            return format!("({}({name}) / length({name}))", self.pick(&["sum", "sum", "prod"]));
        }
        let argument = self.real(scope, depth);
        let (a, b, c) = (self.number(-2.0, 2.0), self.number(-2.0, 2.0), self.number(-2.0, 2.0));
        format!("interp({argument}, [0, 1.5, 6], [{a}, {b}, {c}])")
    }
}

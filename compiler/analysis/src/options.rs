//! `option name = value, …`.

use indexmap::IndexMap;
use pmc_diagnostics::Span;
use pmc_grammar::ast::{Expr, ExprKind, ItemKind, OptionSetting};
use pmc_ir::Solver;

use crate::analyser::Analyser;
use crate::value::Value;

const OPTIONS: [&str; 8] = ["dialect", "units", "time", "solver", "rtol", "atol", "hmax", "doses"];

/// Names of solvers, among them those of other tools; each chooses the nearest of ours.
const SOLVERS: [(&str, Solver); 11] = [
    ("auto", Solver::Automatic),
    ("explicit", Solver::Explicit),
    ("tsit5", Solver::Explicit),
    ("tsit45", Solver::Explicit),
    ("dopri5", Solver::Explicit),
    ("stiff", Solver::Stiff),
    ("rodas5p", Solver::Stiff),
    ("bdf", Solver::Stiff),
    ("trbdf2", Solver::Stiff),
    ("tr_bdf2", Solver::Stiff),
    ("esdirk34", Solver::Stiff),
];

impl<'a> Analyser<'a> {
    /// Reads all options.
    pub(crate) fn read_options(&mut self) {
        let mut seen: IndexMap<&'a str, Span> = IndexMap::new();
        for item in &self.model.items {
            let ItemKind::Options(settings) = &item.kind else { continue };
            for setting in settings {
                match seen.insert(&setting.name.text, setting.span) {
                    Some(first) => {
                        let option = format!("option `{}`", setting.name.text);
                        self.diags.said_twice(setting.span, &option, first);
                    }
                    None => self.read_option(setting),
                }
            }
        }
    }

    fn read_option(&mut self, setting: &OptionSetting) {
        let value = &setting.value;
        match setting.name.text.as_str() {
            "solver" => {
                let names = SOLVERS.map(|(name, _)| name);
                if let Some(word) = self.option_word(value, "solver", &names)
                    && let Some((_, solver)) = SOLVERS.iter().find(|(name, _)| *name == word)
                {
                    self.options.solver = *solver;
                }
            }
            "rtol" => {
                if let Some(number) = self.option_number(value, "rtol") {
                    self.options.relative_tolerance = number;
                }
            }
            "atol" => {
                if let Some(number) = self.option_number(value, "atol") {
                    self.options.absolute_tolerance = number;
                }
            }
            "hmax" => {
                if let Some(number) = self.option_number(value, "hmax") {
                    self.options.maximum_step = number;
                }
            }
            "time" => match &value.kind {
                ExprKind::Name(unit) | ExprKind::Text(unit) => self.options.time_unit = Some(unit.clone()),
                _ => self.diags.option_value(value.span, "time", "a unit such as `h` or `d`"),
            },
            "doses" => {
                let word = self.option_word(value, "doses", &["any", "declared"]);
                self.doses_anywhere = word == Some("any");
            }
            "units" => {
                if self.option_word(value, "units", &["check", "text"]) == Some("check") {
                    self.diags.units_not_checked(setting.span);
                }
            }
            "dialect" => {
                if self.option_word(value, "dialect", &["pharmsol", "pmc"]) == Some("pharmsol") {
                    self.diags.dialect_not_supported(value.span);
                }
            }
            other => self.diags.unknown_option(setting.name.span, other, &OPTIONS),
        }
    }

    /// Returns the word that an option is set to, if it is one of those allowed.
    fn option_word<'b>(&mut self, value: &'b Expr, option: &str, words: &[&str]) -> Option<&'b str> {
        match &value.kind {
            ExprKind::Name(word) | ExprKind::Text(word) => {
                if words.contains(&word.as_str()) {
                    return Some(word);
                }
                self.diags.unknown_option_word(value.span, option, word, words);
            }
            ExprKind::Error => {}
            _ => self.diags.option_value(value.span, option, &format!("one of `{}`", words.join("`, `"))),
        }
        None
    }

    /// Returns the positive number that an option is set to.
    fn option_number(&mut self, value: &Expr, option: &str) -> Option<f64> {
        let number = match self.evaluate(value) {
            Value::Scalar(handle) => self.graph.number(handle),
            Value::Error => return None,
            Value::Affine(_) | Value::Array(_) => None,
        };
        let number = number.filter(|number| *number > 0.0 && (number.is_finite() || option == "hmax"));
        if number.is_none() {
            self.diags.option_value(value.span, option, "a positive number");
        }
        number
    }
}

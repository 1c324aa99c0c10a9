//! Random effects: `eta (a, b) ~ cov(…) per occasion`.

use pmc_grammar::ast::{ItemKind, RandomEffects};
use pmc_ir as ir;
use pmc_ir::{Handle, Variance};

use crate::analyser::Analyser;
use crate::graph::Reads;
use crate::names::Symbol;

const DISTRIBUTIONS: [&str; 5] = ["sd", "var", "cv", "cov", "corr"];

impl Analyser<'_> {
    /// Declares all random effects. The spread of one may read constants and parameters.
    pub(crate) fn declare_random_effects(&mut self) {
        for item in &self.model.items {
            if let ItemKind::RandomEffects(effects) = &item.kind {
                self.declare_block(effects);
            }
        }
    }

    fn declare_block(&mut self, effects: &RandomEffects) {
        let per = effects.per.as_ref().and_then(|name| {
            match self.names.get(&name.text).map(|entry| entry.symbol) {
                Some(Symbol::Covariate(index)) => Some(Handle::from_index(index)),
                Some(Symbol::Poisoned) => None,
                Some(symbol) => {
                    self.diags.not_a_covariate(name.span, &name.text, symbol.describe());
                    None
                }
                None => {
                    self.unknown_name(&name.text, name.span);
                    None
                }
            }
        });
        let variances = self.variances(effects);
        for (index, name) in effects.names.iter().enumerate() {
            let symbol = Symbol::RandomEffect(self.random_effects.len());
            let Some(variance) = variances.as_ref().and_then(|list| list.get(index)).cloned() else {
                self.names.declare(name, Symbol::Poisoned, &mut self.diags);
                continue;
            };
            if self.names.declare(name, symbol, &mut self.diags) {
                self.random_effects.push(ir::RandomEffect { name: name.text.clone(), variance, per });
            }
        }
    }

    /// Returns the spread of each effect; `None` if something was reported.
    fn variances(&mut self, effects: &RandomEffects) -> Option<Vec<Variance>> {
        let count = effects.names.len();
        let distribution = &effects.distribution;
        let expected = match distribution.text.as_str() {
            "sd" | "var" | "cv" => count,
            "cov" | "corr" => count * (count + 1) / 2,
            other => {
                self.diags.unknown_distribution(distribution.span, other, &DISTRIBUTIONS);
                return None;
            }
        };
        let mut arguments = Vec::with_capacity(effects.arguments.len());
        for argument in &effects.arguments {
            if let Some(name) = &argument.name {
                self.diags.named_argument(name.span, &distribution.text);
                return None;
            }
            let value = self.real(&argument.value)?;
            let allowed = self.graph.reads(value);
            let others = Reads::STATE.and(Reads::RATE).and(Reads::TIME).and(Reads::COVARIATE);
            let others = others.and(Reads::VARIABLE);
            if allowed.any(others.and(Reads::DOSE_HISTORY).and(Reads::RANDOM_EFFECT)) {
                self.diags.not_a_parameter_expression(argument.value.span, "a random effect");
                return None;
            }
            arguments.push(value);
        }
        if arguments.len() != expected {
            let found = arguments.len();
            self.diags.wrong_spread_count(distribution.span, &distribution.text, found, expected, count);
            return None;
        }
        Some(rows(&distribution.text, &arguments, count))
    }
}

/// Distributes the arguments over the effects.
///
/// `cov` lists the lower triangle row by row; `corr` lists all standard deviations, then the correlations
/// below the diagonal row by row.
fn rows(distribution: &str, arguments: &[Handle<ir::Expr>], count: usize) -> Vec<Variance> {
    (0..count)
        .map(|row| match distribution {
            "sd" => Variance::StandardDeviation(arguments[row]),
            "var" => Variance::Variance(arguments[row]),
            "cv" => Variance::CoefficientOfVariation(arguments[row]),
            "cov" => {
                let start = row * (row + 1) / 2;
                Variance::CovarianceRow(arguments[start..=start + row].to_vec())
            }
            _ => {
                let start = count + row * row.saturating_sub(1) / 2;
                let mut entries = arguments[start..start + row].to_vec();
                entries.push(arguments[row]);
                Variance::CorrelationRow(entries)
            }
        })
        .collect()
}

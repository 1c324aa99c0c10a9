//! Exact solutions of linear models, from the textbook, to hold the solvers against.
//!
//! Source: Gibaldi and Perrier, *Pharmacokinetics*, second edition, 1982, chapters 1 and 2. Everything is
//! written as a sum of exponentials, with its own arithmetic (the standard library's), so that nothing of the
//! kernel is used to judge the kernel.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

/// A sum of decaying exponentials `Σ coefficient · exp(−rate · t)`: the response to a unit bolus.
#[derive(Clone, Debug)]
pub struct Response {
    terms: Vec<(f64, f64)>,
}

impl Response {
    /// The amount in one compartment after a unit bolus into it, eliminated at rate `k`.
    pub fn one_compartment(k: f64) -> Self {
        Self { terms: vec![(1.0, k)] }
    }

    /// The amount in the central one of two compartments after a unit bolus into it.
    pub fn two_compartments(k10: f64, k12: f64, k21: f64) -> Self {
        let (alpha, beta) = macro_rates(k10, k12, k21);
        Self { terms: vec![((alpha - k21) / (alpha - beta), alpha), ((k21 - beta) / (alpha - beta), beta)] }
    }

    /// The same after first-order absorption at rate `ka` of a unit dose: the convolution with `ka·exp(−ka·t)`.
    pub fn absorbed(&self, ka: f64) -> Self {
        let mut terms = Vec::new();
        for (coefficient, rate) in &self.terms {
            let factor = coefficient * ka / (ka - rate);
            terms.push((factor, *rate));
            terms.push((-factor, ka));
        }
        Self { terms }
    }

    /// The value at time `t` after a unit bolus; 0 before it.
    pub fn bolus(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 0.0;
        }
        self.terms.iter().map(|(coefficient, rate)| coefficient * (-rate * t).exp()).sum()
    }

    /// The value at time `t` after the start of an infusion at unit rate that lasts `duration`.
    pub fn infusion(&self, t: f64, duration: f64) -> f64 {
        if t < 0.0 {
            return 0.0;
        }
        let infused = t.min(duration);
        let after = t - infused;
        self.terms
            .iter()
            .map(|(coefficient, rate)| {
                -coefficient / rate * (-rate * infused).exp_m1() * (-rate * after).exp()
            })
            .sum()
    }
}

/// Returns the two macro rate constants of a two-compartment model, the larger first.
fn macro_rates(k10: f64, k12: f64, k21: f64) -> (f64, f64) {
    let sum = k10 + k12 + k21;
    let root = (sum * sum - 4.0 * k10 * k21).sqrt();
    let alpha = f64::midpoint(sum, root);
    (alpha, k10 * k21 / alpha)
}

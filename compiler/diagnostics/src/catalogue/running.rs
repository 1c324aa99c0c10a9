//! `PK20xx`: run time.
//!
//! The first twenty codes are the status codes of the plugin contract with 2000 added to their absolute
//! value.

use crate::{Diagnostic, Diagnostics, Severity};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (2001, "the handle of an instance is stale"),
    (2002, "a plugin refused a pointer or length"),
    (2003, "a plugin could not read its configuration"),
    (2004, "unknown parameter"),
    (2005, "parameter without a value"),
    (2006, "a plugin has no room left"),
    (2007, "a value became infinite or not a number"),
    (2008, "the solver's step became too small"),
    (2009, "limit of solver steps reached"),
    (2010, "a plugin does not support what was asked"),
    (2011, "malformed schedule"),
    (2012, "time runs backwards"),
    (2013, "too many doses pending or running"),
    (2014, "a plugin found an output buffer too small"),
    (2015, "covariate without a value"),
    (2016, "impossible dose"),
    (2017, "unknown name in a configuration"),
    (2018, "a value is not finite or out of range"),
    (2019, "no steady state found"),
    (2020, "events follow one another without end"),
    (2040, "a plugin trapped"),
    (2041, "budget of instructions used up"),
    (2042, "a plugin broke the contract"),
    (2043, "a plugin lacks a capability"),
    (2044, "a plugin could not be started"),
    (2050, "more subjects failed than are listed"),
    (2051, "parameter outside its bounds"),
    (2052, "lag time reduced at steady state"),
    (2053, "option of stochastic models only"),
];

impl Diagnostics {
    /// A computation that could not go on; `place` says where, for example which subject.
    pub fn run_failed(&mut self, code: u16, place: &str, message: &str, help: Option<&str>) {
        let text = if place.is_empty() { message.to_owned() } else { format!("{place}: {message}") };
        let diagnostic = Diagnostic::error_without_span(code, text);
        self.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    /// A value outside what the model calls sensible.
    pub fn parameter_outside_bounds(&mut self, name: &str, value: f64, bounds: &str) {
        let message = format!("the value {value} of `{name}` is outside {bounds}");
        let diagnostic = Diagnostic::error_without_span(2051, message)
            .help("the model declares these bounds; it runs with the value as given");
        self.push(Diagnostic { severity: Severity::Warning, ..diagnostic });
    }

    /// Lag times that do not fit into the interval of a steady state; `subjects` are the first of `count`.
    pub fn lag_reduced(&mut self, subjects: &[&str], count: usize) {
        let noun = if count == 1 { "subject" } else { "subjects" };
        let rest = count.saturating_sub(subjects.len());
        let rest = if rest == 0 { String::new() } else { format!(" and {rest} more") };
        let message = format!(
            "{noun} {}{rest}: a lag time is as long as the interval II of a steady state or longer",
            subjects.join(", ")
        );
        let diagnostic = Diagnostic::error_without_span(2052, message)
            .help("it was reduced by whole intervals, which keeps the rhythm of the doses; check lag and II");
        self.push(Diagnostic { severity: Severity::Warning, ..diagnostic });
    }

    /// Options that only stochastic models have, for one that is none.
    pub fn not_stochastic(&mut self, options: &[&str], name: &str) {
        let verb = if options.len() == 1 { "needs" } else { "need" };
        let message = format!("{} {verb} a stochastic model, and `{name}` is none", options.join(", "));
        self.push(
            Diagnostic::error_without_span(2053, message)
                .help("leave it out: without `kind = sde` each subject has one path, which is not random"),
        );
    }

    /// Failures that are not listed one by one.
    pub fn more_run_failures(&mut self, count: usize) {
        let subjects = if count == 1 { "subject" } else { "subjects" };
        self.push(Diagnostic::error_without_span(2050, format!("{count} more {subjects} failed")));
    }
}

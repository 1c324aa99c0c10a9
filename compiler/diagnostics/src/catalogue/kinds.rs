//! `PK12xx`: kinds of system: structures, noise, starts at equilibrium.

use super::types::suggest;
use crate::{Diagnostic, Diagnostics, Span};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (1201, "analytical model without a structure"),
    (1202, "unknown structure"),
    (1203, "structure with other states"),
    (1204, "structure without its inputs"),
    (1205, "input of a structure reads a state"),
    (1206, "equation in an analytical model"),
    (1207, "covariate is held between records"),
    (1208, "number of particles out of range"),
    (1209, "number of particles not given"),
    (1210, "stochastic model without noise"),
    (1211, "start at equilibrium under a condition"),
    (1212, "noise that reads another random state"),
];

impl Diagnostics {
    /// `kind = analytical` without `structure = …`.
    pub fn structure_missing(&mut self, span: Span) {
        self.push(
            Diagnostic::error(1201, span, "an analytical model names its structure, and this one does not")
                .help("write `structure = one_compartment` or another one, or `kind = ode` with equations"),
        );
    }

    /// `structure = …` with an unknown word.
    pub fn unknown_structure(&mut self, span: Span, word: &str, known: &[&str]) {
        let diagnostic = Diagnostic::error(1202, span, format!("there is no structure `{word}`"));
        self.push(suggest(diagnostic, span, word, known));
    }

    /// A number of states that does not fit the structure.
    pub fn structure_states_differ(
        &mut self,
        span: Span,
        structure: &str,
        found: usize,
        expected: &[&str],
        states: Option<Span>,
    ) {
        let count = expected.len();
        let (noun, verb) = if found == 1 { ("state", "is") } else { ("states", "are") };
        let diagnostic = Diagnostic::error(
            1203,
            span,
            format!("{found} {noun} {verb} declared, and `{structure}` has {count}"),
        );
        let diagnostic = match states {
            Some(place) => diagnostic.secondary(place, "declared here"),
            None => diagnostic,
        };
        let example = expected.join(", ");
        self.push(
            diagnostic
                .help(format!("declare its states in this order, under any names: `states = {example}`")),
        );
    }

    /// Names that a structure reads and that the model has not, or that are no numbers.
    pub fn structure_inputs_missing(&mut self, span: Span, structure: &str, missing: &[&str], all: &[&str]) {
        let list =
            |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let first = missing.first().copied().unwrap_or_default();
        self.push(
            Diagnostic::error(1204, span, format!("`{structure}` needs {}", list(missing)))
                .label(format!("reads {}", list(all)))
                .help(format!(
                    "each is a parameter, a covariate, a constant or a derived value: declare it, or write `{first} = …`"
                )),
        );
    }

    /// An input of a structure that changes with the state.
    pub fn structure_input_reads_state(&mut self, span: Span, structure: &str, name: &str) {
        self.push(
            Diagnostic::error(1205, span, format!("`{name}` depends on a state, and `{structure}` reads it"))
                .label("the equations of a structure are linear in the states")
                .help("write `kind = ode` and the equations, or compute it from parameters and covariates"),
        );
    }

    /// `ddt(x) = …` in an analytical model.
    pub fn equation_in_analytical(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(1206, span, format!("an equation for `{name}` in an analytical model"))
                .label("the structure has its equations")
                .help("remove it, or remove the structure and write all equations"),
        );
    }

    /// A linear covariate that the inputs of a structure read.
    pub fn covariate_held(&mut self, span: Span, name: &str, structure: &str) {
        self.push(
            Diagnostic::note(1207, span, format!("`{name}` is held at its next value between records"))
                .label(format!("`{structure}` reads it, and its rates stand still between records"))
                .help("write `@nocb`, which is what happens, or `kind = ode` with equations for a straight line"),
        );
    }

    /// `particles = …` with a number that is too small or too large.
    pub fn particles_out_of_range(&mut self, span: Span, found: i64, limit: u32) {
        self.push(
            Diagnostic::error(1208, span, format!("the number of particles is {found}"))
                .help(format!("write a whole number from 1 to {limit}")),
        );
    }

    /// A stochastic model that does not say how many particles to use.
    pub fn particles_not_given(&mut self, span: Span, default: u32) {
        self.push(
            Diagnostic::note(1209, span, format!("the number of particles is not given; {default} are used"))
                .help(format!("write `particles = {default}`, or more for less scatter")),
        );
    }

    /// `kind = sde` of which no state has noise.
    pub fn no_noise(&mut self, span: Span) {
        self.push(
            Diagnostic::warning(1210, span, "a stochastic model without noise")
                .help("write `noise(x) = …` for a state, or `kind = ode`"),
        );
    }

    /// A noise that is not diagonal: it reads a state with noise of its own.
    pub fn noise_of_another_state(&mut self, span: Span, name: &str, other: &str) {
        self.push(
            Diagnostic::warning(
                1212,
                span,
                format!("the noise of `{name}` reads `{other}`, which has noise as well"),
            )
            .label("paths then converge with the square root of the step, order 1/2")
            .help(
                "predict with half of `option hmax` as well, to see what the step contributes; \
                     a noise that reads no random state but its own has order 3/2",
            ),
        );
    }

    /// `init(x) = steady` that only some paths reach, or with `+=`.
    pub fn steady_under_condition(&mut self, span: Span, name: &str) {
        self.push(
            Diagnostic::error(1211, span, format!("`{name}` starts at equilibrium only on some paths"))
                .help(format!("write `init({name}) = steady` outside the `if`, with `=`")),
        );
    }
}

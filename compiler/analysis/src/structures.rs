//! Analytical models: the equations of a named structure.
//!
//! A structure is a set of linear equations whose rates come from names of the model. What makes them exact
//! is not decided here: passes find out that they are linear. Rates stand still between records, so that
//! covariates that they read are held there at their next value.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{ItemKind, Name};
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Handle, UnaryOperation};

use crate::analyser::Analyser;
use crate::graph::Reads;
use crate::names::Symbol;
use crate::slots::Slot;
use crate::value::Value;

/// Rates of transfer: what leaves the first state for the second, or the system.
type Flow = (usize, Option<usize>, Rate);

/// A rate constant.
#[derive(Clone, Copy)]
enum Rate {
    /// An input.
    Of(&'static str),
    /// A clearance by a volume.
    Ratio(&'static str, &'static str),
}

/// A named set of linear equations.
struct Structure {
    name: &'static str,
    /// The names that it reads.
    inputs: &'static [&'static str],
    /// Its states, in order, under the names that the documentation gives them.
    states: &'static [&'static str],
    flows: &'static [Flow],
}

const ONE: &[&str] = &["central"];
const ONE_ABSORBED: &[&str] = &["depot", "central"];
const TWO: &[&str] = &["central", "peripheral"];
const TWO_ABSORBED: &[&str] = &["depot", "central", "peripheral"];
const THREE: &[&str] = &["central", "first", "second"];
const THREE_ABSORBED: &[&str] = &["depot", "central", "first", "second"];

const STRUCTURES: [Structure; 12] = {
    use Rate::{Of, Ratio};
    [
        Structure { name: "one_compartment", inputs: &["ke"], states: ONE, flows: &[(0, None, Of("ke"))] },
        Structure {
            name: "one_compartment_cl",
            inputs: &["cl", "v"],
            states: ONE,
            flows: &[(0, None, Ratio("cl", "v"))],
        },
        Structure {
            name: "one_compartment_with_absorption",
            inputs: &["ka", "ke"],
            states: ONE_ABSORBED,
            flows: &[(0, Some(1), Of("ka")), (1, None, Of("ke"))],
        },
        Structure {
            name: "one_compartment_cl_with_absorption",
            inputs: &["ka", "cl", "v"],
            states: ONE_ABSORBED,
            flows: &[(0, Some(1), Of("ka")), (1, None, Ratio("cl", "v"))],
        },
        Structure {
            name: "two_compartments",
            inputs: &["ke", "kcp", "kpc"],
            states: TWO,
            flows: &[(0, None, Of("ke")), (0, Some(1), Of("kcp")), (1, Some(0), Of("kpc"))],
        },
        Structure {
            name: "two_compartments_cl",
            inputs: &["cl", "q", "vc", "vp"],
            states: TWO,
            flows: &[
                (0, None, Ratio("cl", "vc")),
                (0, Some(1), Ratio("q", "vc")),
                (1, Some(0), Ratio("q", "vp")),
            ],
        },
        Structure {
            name: "two_compartments_with_absorption",
            inputs: &["ke", "ka", "kcp", "kpc"],
            states: TWO_ABSORBED,
            flows: &[
                (0, Some(1), Of("ka")),
                (1, None, Of("ke")),
                (1, Some(2), Of("kcp")),
                (2, Some(1), Of("kpc")),
            ],
        },
        Structure {
            name: "two_compartments_cl_with_absorption",
            inputs: &["ka", "cl", "q", "vc", "vp"],
            states: TWO_ABSORBED,
            flows: &[
                (0, Some(1), Of("ka")),
                (1, None, Ratio("cl", "vc")),
                (1, Some(2), Ratio("q", "vc")),
                (2, Some(1), Ratio("q", "vp")),
            ],
        },
        Structure {
            name: "three_compartments",
            inputs: &["k10", "k12", "k13", "k21", "k31"],
            states: THREE,
            flows: &[
                (0, None, Of("k10")),
                (0, Some(1), Of("k12")),
                (0, Some(2), Of("k13")),
                (1, Some(0), Of("k21")),
                (2, Some(0), Of("k31")),
            ],
        },
        Structure {
            name: "three_compartments_cl",
            inputs: &["cl", "q2", "q3", "vc", "v2", "v3"],
            states: THREE,
            flows: &[
                (0, None, Ratio("cl", "vc")),
                (0, Some(1), Ratio("q2", "vc")),
                (0, Some(2), Ratio("q3", "vc")),
                (1, Some(0), Ratio("q2", "v2")),
                (2, Some(0), Ratio("q3", "v3")),
            ],
        },
        Structure {
            name: "three_compartments_with_absorption",
            inputs: &["ka", "k10", "k12", "k13", "k21", "k31"],
            states: THREE_ABSORBED,
            flows: &[
                (0, Some(1), Of("ka")),
                (1, None, Of("k10")),
                (1, Some(2), Of("k12")),
                (1, Some(3), Of("k13")),
                (2, Some(1), Of("k21")),
                (3, Some(1), Of("k31")),
            ],
        },
        Structure {
            name: "three_compartments_cl_with_absorption",
            inputs: &["ka", "cl", "q2", "q3", "vc", "v2", "v3"],
            states: THREE_ABSORBED,
            flows: &[
                (0, Some(1), Of("ka")),
                (1, None, Ratio("cl", "vc")),
                (1, Some(2), Ratio("q2", "vc")),
                (1, Some(3), Ratio("q3", "vc")),
                (2, Some(1), Ratio("q2", "v2")),
                (3, Some(1), Ratio("q3", "v3")),
            ],
        },
    ]
};

impl Analyser<'_> {
    /// Gives the states of an analytical model the equations of its structure.
    pub(crate) fn run_structure(&mut self) {
        if self.kind != ir::Kind::Analytical {
            return;
        }
        if self.equations_of_structure().is_none() {
            for index in 0..self.states.len() {
                let state = &self.states[index];
                self.slots.set(state.derivative, Slot::poisoned(state.span));
            }
        }
    }

    fn equations_of_structure(&mut self) -> Option<()> {
        let model = self.model;
        let word: Option<&Name> = model.items.iter().find_map(|item| match &item.kind {
            ItemKind::Structure(name) => Some(name),
            _ => None,
        });
        let Some(word) = word else {
            if !self.incomplete {
                self.diags.structure_missing(self.kind_span);
            }
            return None;
        };
        let Some(structure) = STRUCTURES.iter().find(|structure| structure.name == word.text) else {
            let known = STRUCTURES.map(|structure| structure.name);
            self.diags.unknown_structure(word.span, &word.text, &known);
            return None;
        };
        let fits = self.check_states(structure, word.span);
        let inputs = self.structure_inputs(structure, word.span)?;
        if !fits {
            return None;
        }
        self.hold_covariates(structure, &inputs);
        let mut derivatives: Vec<Option<Handle<ir::Expr>>> = vec![None; structure.states.len()];
        for (source, target, rate) in structure.flows {
            let rate = self.rate_constant(structure, &inputs, *rate, word.span);
            let amount = self.graph.add(ir::Expr::State(Handle::from_index(*source)), word.span);
            let flow = self.graph.binary(BinaryOperation::Multiply, rate, amount, word.span);
            derivatives[*source] = Some(self.less(derivatives[*source], flow, word.span));
            if let Some(target) = *target {
                derivatives[target] = Some(self.plus(derivatives[target], flow, word.span));
            }
        }
        for (index, derivative) in derivatives.into_iter().enumerate() {
            if let Some(derivative) = derivative {
                self.slots.set(self.states[index].derivative, Slot::full(derivative, word.span));
            }
        }
        Some(())
    }

    fn check_states(&mut self, structure: &Structure, span: Span) -> bool {
        let fits = self.states.len() == structure.states.len();
        if !fits && !self.incomplete {
            let declared = self.states.first().map(|state| state.span);
            let found = self.states.len();
            self.diags.structure_states_differ(span, structure.name, found, structure.states, declared);
        }
        fits
    }

    /// Returns the values that a structure reads, in the order of its inputs; `None` if something was
    /// reported.
    fn structure_inputs(&mut self, structure: &Structure, span: Span) -> Option<Vec<Handle<ir::Expr>>> {
        let is_missing = |name: &&&str| !self.is_structure_input(name);
        let missing: Vec<&str> = structure.inputs.iter().filter(is_missing).copied().collect();
        if !missing.is_empty() {
            if !self.incomplete {
                self.diags.structure_inputs_missing(span, structure.name, &missing, structure.inputs);
            }
            return None;
        }
        let mut values = Vec::with_capacity(structure.inputs.len());
        let mut sound = true;
        for name in structure.inputs {
            let Value::Scalar(value) = self.name_value(name, span) else {
                sound = false;
                continue;
            };
            if self.graph.reads(value).any(Reads::STATE) {
                let place = self.graph.span(value);
                self.diags.structure_input_reads_state(place, structure.name, name);
                sound = false;
            }
            values.push(value);
        }
        sound.then_some(values)
    }

    /// Returns whether a name is one number that a structure can read.
    fn is_structure_input(&self, name: &str) -> bool {
        match self.names.get(name).map(|entry| entry.symbol) {
            Some(Symbol::Parameter { size, .. } | Symbol::Variable { size, .. }) => size.is_none(),
            Some(Symbol::Constant(index)) => !matches!(self.constants.get(index), Some(Value::Array(_))),
            Some(Symbol::Covariate(_) | Symbol::RandomEffect(_) | Symbol::Derived(_) | Symbol::Poisoned) => {
                true
            }
            _ => false,
        }
    }

    /// Holds covariates that the inputs read at their next value.
    fn hold_covariates(&mut self, structure: &Structure, inputs: &[Handle<ir::Expr>]) {
        for index in self.graph.covariates_read(inputs.iter().copied()) {
            let covariate = &mut self.covariates[index];
            if !covariate.may_slope() {
                continue;
            }
            let stated = covariate.interpolation.replace(ir::Interpolation::NextBackward);
            if stated.is_some()
                && let Some(entry) = self.names.get(&covariate.name)
            {
                self.diags.covariate_held(entry.span, &covariate.name, structure.name);
            }
        }
    }

    fn rate_constant(
        &mut self,
        structure: &Structure,
        inputs: &[Handle<ir::Expr>],
        rate: Rate,
        span: Span,
    ) -> Handle<ir::Expr> {
        let input = |name: &str| {
            let position = structure.inputs.iter().position(|input| *input == name);
            position.and_then(|position| inputs.get(position)).copied()
        };
        let value = match rate {
            Rate::Of(name) => input(name),
            Rate::Ratio(clearance, volume) => {
                input(clearance).zip(input(volume)).map(|(clearance, volume)| {
                    self.graph.binary(BinaryOperation::Divide, clearance, volume, span)
                })
            }
        };
        value.unwrap_or_else(|| unreachable!("structures name their own inputs"))
    }

    fn plus(
        &mut self,
        sum: Option<Handle<ir::Expr>>,
        flow: Handle<ir::Expr>,
        span: Span,
    ) -> Handle<ir::Expr> {
        match sum {
            Some(sum) => self.graph.binary(BinaryOperation::Add, sum, flow, span),
            None => flow,
        }
    }

    fn less(
        &mut self,
        sum: Option<Handle<ir::Expr>>,
        flow: Handle<ir::Expr>,
        span: Span,
    ) -> Handle<ir::Expr> {
        match sum {
            Some(sum) => self.graph.binary(BinaryOperation::Subtract, sum, flow, span),
            None => self.graph.unary(UnaryOperation::Negate, flow, span),
        }
    }
}

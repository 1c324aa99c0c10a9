//! Residual-error models: `out(…) = f ~ proportional(b, lloq = x)`.

use pmc_grammar::ast::{Argument, ErrorModel};
use pmc_ir as ir;
use pmc_ir::{ErrorModelKind, Handle};

use crate::analyser::Analyser;
use crate::graph::Reads;

/// Names, kinds and numbers of arguments.
const MODELS: [(&str, ErrorModelKind, usize); 7] = [
    ("continuous", ErrorModelKind::Continuous, 0),
    ("additive", ErrorModelKind::Additive, 1),
    ("proportional", ErrorModelKind::Proportional, 1),
    ("combined", ErrorModelKind::Combined, 2),
    ("combined1", ErrorModelKind::CombinedSum, 2),
    ("lognormal", ErrorModelKind::LogNormal, 1),
    ("assay", ErrorModelKind::AssayLambda, 4),
];

impl Analyser<'_> {
    /// Reads an error model; `None` if something was reported.
    pub(crate) fn error_model(&mut self, model: &ErrorModel) -> Option<ir::ErrorModel> {
        let name = &model.name;
        let Some((_, kind, count)) = MODELS.iter().find(|(known, ..)| *known == name.text).copied() else {
            self.diags.unknown_error_model(name.span, &name.text, &MODELS.map(|(name, ..)| name));
            return None;
        };
        let mut read = ir::ErrorModel { kind, arguments: Vec::new(), lower_limit: None, upper_limit: None };
        let mut scale = None;
        let mut sound = true;
        for argument in &model.arguments {
            let value = self.error_argument(argument);
            sound &= value.is_some();
            let Some(value) = value else { continue };
            match argument.name.as_ref().map(|name| name.text.as_str()) {
                None => read.arguments.push(value),
                Some("lloq") => read.lower_limit = Some(value),
                Some("uloq") => read.upper_limit = Some(value),
                Some("lambda") if kind == ErrorModelKind::AssayLambda => {
                    scale = Some((ErrorModelKind::AssayLambda, value));
                }
                Some("gamma") if kind == ErrorModelKind::AssayLambda => {
                    scale = Some((ErrorModelKind::AssayGamma, value));
                }
                Some(other) => {
                    let span = argument.name.as_ref().map_or(model.span, |name| name.span);
                    self.diags.unknown_error_argument(span, &name.text, other);
                    sound = false;
                }
            }
        }
        if !sound {
            return None;
        }
        if read.arguments.len() != count {
            let found = read.arguments.len();
            self.diags.wrong_argument_count(model.span, &name.text, found, &count.to_string());
            return None;
        }
        if kind == ErrorModelKind::AssayLambda {
            let Some((chosen, value)) = scale else {
                self.diags.assay_without_scale(model.span);
                return None;
            };
            read.kind = chosen;
            read.arguments.push(value);
        }
        Some(read)
    }

    /// Evaluates an argument, which must be a constant or depend on parameters only.
    fn error_argument(&mut self, argument: &Argument) -> Option<Handle<ir::Expr>> {
        let value = self.real(&argument.value)?;
        let others = Reads::STATE
            .and(Reads::RATE)
            .and(Reads::TIME)
            .and(Reads::COVARIATE)
            .and(Reads::RANDOM_EFFECT)
            .and(Reads::DOSE_HISTORY)
            .and(Reads::VARIABLE);
        if self.graph.reads(value).any(others) {
            self.diags.not_a_parameter_expression(argument.value.span, "an error model");
            return None;
        }
        Some(value)
    }
}

//! What kind of system a model is, and the parts of the language that this release does not run.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{ItemKind, Statement, StatementKind, Target, TargetKind};

use crate::analyser::Analyser;
use crate::walk::for_each_statement;

enum Kind {
    Ode,
    Stochastic(Span),
    ClosedForm(Span),
    Unknown,
}

impl Analyser<'_> {
    /// Reports a kind that this release does not run; returns whether the analysis can go on.
    pub(crate) fn check_kind(&mut self) -> bool {
        match self.stated_kind().unwrap_or_else(|| self.inferred_kind()) {
            Kind::Ode => true,
            Kind::Stochastic(span) => {
                self.diags.stochastic_not_supported(span);
                false
            }
            Kind::ClosedForm(span) => {
                self.diags.closed_form_not_supported(span);
                false
            }
            Kind::Unknown => false,
        }
    }

    fn stated_kind(&mut self) -> Option<Kind> {
        let mut first: Option<(Kind, Span)> = None;
        for item in &self.model.items {
            let ItemKind::Kind(name) = &item.kind else { continue };
            if let Some((_, span)) = &first {
                self.diags.said_twice(name.span, "kind", *span);
                continue;
            }
            let kind = match name.text.as_str() {
                "ode" => Kind::Ode,
                "sde" => Kind::Stochastic(name.span),
                "analytical" => Kind::ClosedForm(name.span),
                other => {
                    self.diags.unknown_kind(name.span, other);
                    Kind::Unknown
                }
            };
            first = Some((kind, name.span));
        }
        first.map(|(kind, _)| kind)
    }

    fn inferred_kind(&self) -> Kind {
        let mut noise = None;
        let mut structure = None;
        for item in &self.model.items {
            match &item.kind {
                ItemKind::Particles(_) => noise = noise.or(Some(item.span)),
                ItemKind::Structure(name) => structure = structure.or(Some(name.span)),
                _ => for_each_statement(item, &mut |statement| {
                    noise = noise.or_else(|| noise_target(statement));
                }),
            }
        }
        match (noise, structure) {
            (Some(span), _) => Kind::Stochastic(span),
            (None, Some(span)) => Kind::ClosedForm(span),
            (None, None) => Kind::Ode,
        }
    }

    /// Reports items that belong to another kind or that this release does not run.
    pub(crate) fn check_unsupported_items(&mut self) {
        let mut name: Option<Span> = None;
        for item in &self.model.items {
            match &item.kind {
                ItemKind::Name(word) => match name {
                    Some(first) => self.diags.said_twice(word.span, "the name", first),
                    None => name = Some(word.span),
                },
                ItemKind::When(_) => self.diags.event_not_supported(item.span, "when"),
                ItemKind::At(_) => self.diags.event_not_supported(item.span, "at"),
                ItemKind::Every(_) => self.diags.event_not_supported(item.span, "every"),
                ItemKind::Variables(_) => self.diags.variable_not_supported(item.span),
                ItemKind::Particles(_) => self.diags.not_in_an_ode(item.span, "`particles`", "sde"),
                ItemKind::Structure(name) => {
                    self.diags.not_in_an_ode(name.span, "a closed form", "analytical");
                }
                _ => {}
            }
        }
    }
}

fn noise_target(statement: &Statement) -> Option<Span> {
    let StatementKind::Assign(assign) = &statement.kind else { return None };
    match &assign.target {
        Target::Call { function: TargetKind::Noise, function_span, .. } => Some(*function_span),
        _ => None,
    }
}

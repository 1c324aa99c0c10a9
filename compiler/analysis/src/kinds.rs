//! What kind of system a model is, and which of its parts belong to another.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Expr, ItemKind, Statement, StatementKind, Target, TargetKind};
use pmc_ir as ir;

use crate::analyser::Analyser;
use crate::walk::for_each_statement;

/// How many particles stand for the distribution of a stochastic system if the model does not say.
const PARTICLES: u32 = 1_000;

impl Analyser<'_> {
    /// Finds out the kind; returns whether the analysis can go on.
    pub(crate) fn check_kind(&mut self) -> bool {
        let kind = match self.stated_kind() {
            Some(stated) => stated,
            None => Some(self.inferred_kind()),
        };
        if let Some((kind, span)) = kind {
            self.kind = kind;
            self.kind_span = span;
        }
        kind.is_some()
    }

    /// Returns the kind that the model states; `Some(None)` for one that there is not.
    #[expect(clippy::option_option, reason = "a model that states no kind and one that is wrong differ")]
    fn stated_kind(&mut self) -> Option<Option<(ir::Kind, Span)>> {
        let mut first: Option<(Option<ir::Kind>, Span)> = None;
        for item in &self.model.items {
            let ItemKind::Kind(name) = &item.kind else { continue };
            if let Some((_, span)) = &first {
                self.diags.said_twice(name.span, "kind", *span);
                continue;
            }
            let kind = match name.text.as_str() {
                "ode" => Some(ir::Kind::Ode),
                "sde" => Some(ir::Kind::Stochastic),
                "analytical" => Some(ir::Kind::Analytical),
                other => {
                    self.diags.unknown_kind(name.span, other);
                    None
                }
            };
            first = Some((kind, name.span));
        }
        first.map(|(kind, span)| kind.map(|kind| (kind, span)))
    }

    fn inferred_kind(&self) -> (ir::Kind, Span) {
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
            (Some(span), _) => (ir::Kind::Stochastic, span),
            (None, Some(span)) => (ir::Kind::Analytical, span),
            (None, None) => (ir::Kind::Ode, self.model.span),
        }
    }

    /// Returns the kind in words, with its article.
    pub(crate) const fn kind_in_words(&self) -> &'static str {
        match self.kind {
            ir::Kind::Ode => "an ode",
            ir::Kind::Analytical => "an analytical",
            ir::Kind::Stochastic => "an sde",
        }
    }

    /// Reads the number of particles; reports parts that are said twice or belong to another kind.
    pub(crate) fn check_parts(&mut self) {
        let mut name: Option<Span> = None;
        let mut particles: Option<Span> = None;
        let mut structure: Option<Span> = None;
        for item in &self.model.items {
            let (place, first, what) = match &item.kind {
                ItemKind::Name(word) => (word.span, &mut name, "the name"),
                ItemKind::Particles(_) => (item.span, &mut particles, "the number of particles"),
                ItemKind::Structure(word) => (word.span, &mut structure, "the structure"),
                _ => continue,
            };
            if let Some(first) = first {
                self.diags.said_twice(place, what, *first);
                continue;
            }
            *first = Some(place);
            match &item.kind {
                ItemKind::Particles(_) if self.kind != ir::Kind::Stochastic => {
                    self.diags.not_in_this_kind(item.span, "`particles`", self.kind_in_words(), "sde");
                }
                ItemKind::Particles(count) => self.read_particles(count),
                ItemKind::Structure(word) if self.kind != ir::Kind::Analytical => {
                    self.diags.not_in_this_kind(word.span, "a structure", self.kind_in_words(), "analytical");
                }
                _ => {}
            }
        }
        if self.kind == ir::Kind::Stochastic && particles.is_none() {
            self.options.particles = PARTICLES;
            self.diags.particles_not_given(self.kind_span, PARTICLES);
        }
    }

    fn read_particles(&mut self, count: &Expr) {
        let Some(number) = self.whole_number(count) else { return };
        match u32::try_from(number) {
            Ok(particles) if 0 < particles && particles <= ir::limits::PARTICLES => {
                self.options.particles = particles;
            }
            _ => self.diags.particles_out_of_range(count.span, number, ir::limits::PARTICLES),
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

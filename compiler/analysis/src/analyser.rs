//! The state of an analysis and its phases.

use indexmap::IndexMap;
use pmc_diagnostics::{Diagnostics, Severity, Span};
use pmc_grammar::ast;
use pmc_ir as ir;

use crate::events::Block;
use crate::functions::{Frame, Functions};
use crate::graph::Graph;
use crate::names::{Local, Names};
use crate::routes::Routes;
use crate::slots::{SlotId, Slots};
use crate::value::Value;
use crate::variables::{FirstValue, VariableEntry};

/// A state component under construction.
pub(crate) struct StateEntry {
    /// The name with its index.
    pub(crate) name: String,
    /// The unit as written.
    pub(crate) unit: Option<String>,
    /// The slot of its initial value.
    pub(crate) initial: SlotId,
    /// The slot of its derivative.
    pub(crate) derivative: SlotId,
    /// The slot of its diffusion.
    pub(crate) diffusion: SlotId,
    /// Whether it starts at equilibrium.
    pub(crate) steady: bool,
    /// Where the state is declared.
    pub(crate) span: Span,
}

/// An output under construction.
pub(crate) struct OutputEntry {
    /// The name.
    pub(crate) name: String,
    /// The unit as written.
    pub(crate) unit: Option<String>,
    /// The slot of its value.
    pub(crate) slot: SlotId,
    /// How observations scatter around it, and where that is written.
    pub(crate) error_model: Option<(ir::ErrorModel, Span)>,
    /// Where it is declared or first assigned.
    pub(crate) span: Span,
}

/// An equation of which the right side is being evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Equation {
    /// Whose derivative it gives; `None` if that was reported as unknown.
    pub(crate) state: Option<usize>,
}

/// The state of an analysis.
pub(crate) struct Analyser<'a> {
    pub(crate) model: &'a ast::Model,
    pub(crate) spelling: ast::Spelling,
    pub(crate) diags: Diagnostics,
    pub(crate) kind: ir::Kind,
    /// Where the kind is stated, or what it was inferred from.
    pub(crate) kind_span: Span,
    pub(crate) graph: Graph,
    pub(crate) names: Names,
    pub(crate) functions: Functions<'a>,
    pub(crate) slots: Slots,
    pub(crate) routes: Routes,
    pub(crate) constants: Vec<Value>,
    pub(crate) parameters: Vec<ir::Parameter>,
    pub(crate) covariates: Vec<ir::Covariate>,
    pub(crate) random_effects: Vec<ir::RandomEffect>,
    pub(crate) states: Vec<StateEntry>,
    pub(crate) variables: Vec<VariableEntry>,
    /// First values of variables that are not evaluated yet.
    pub(crate) first_values: Vec<FirstValue<'a>>,
    pub(crate) events: Vec<ir::Event>,
    /// The block of an event that is being run.
    pub(crate) block: Option<Block>,
    /// Whether the current expression is the condition of an event.
    pub(crate) in_trigger: bool,
    pub(crate) outputs: Vec<OutputEntry>,
    pub(crate) secondary: Vec<(String, SlotId)>,
    pub(crate) options: ir::Options,
    /// Whether `option doses = any` opens every state to doses.
    pub(crate) doses_anywhere: bool,
    /// Names that are declared but not evaluated yet, with a word for their kind.
    pub(crate) declared_later: IndexMap<&'a str, &'static str>,
    /// Where each derived value is first assigned.
    pub(crate) assigned_at: IndexMap<SlotId, Span>,
    /// How many blocks are around the current statement.
    pub(crate) blocks: usize,
    /// Names of the blocks around the current statement.
    pub(crate) locals: Vec<Local>,
    /// Calls of user functions around the current expression.
    pub(crate) frames: Vec<Frame>,
    /// The equation being evaluated, if the current expression is the right side of one.
    pub(crate) equation: Option<Equation>,
    /// The section around the current statement.
    pub(crate) section: Option<ast::SectionKind>,
    /// How deep the current expression is nested, expanded functions included.
    pub(crate) depth: usize,
    /// Loop iterations and expression nodes visited so far.
    pub(crate) work: usize,
    /// Whether text that could not be read may have held declarations.
    pub(crate) incomplete: bool,
}

impl<'a> Analyser<'a> {
    /// Makes an analysis of a model.
    pub(crate) fn new(model: &'a ast::Model, spelling: ast::Spelling) -> Self {
        Self {
            model,
            spelling,
            diags: Diagnostics::new(),
            kind: ir::Kind::Ode,
            kind_span: model.span,
            graph: Graph::default(),
            names: Names::default(),
            functions: Functions::default(),
            slots: Slots::default(),
            routes: Routes::default(),
            constants: Vec::new(),
            parameters: Vec::new(),
            covariates: Vec::new(),
            random_effects: Vec::new(),
            states: Vec::new(),
            variables: Vec::new(),
            first_values: Vec::new(),
            events: Vec::new(),
            block: None,
            in_trigger: false,
            outputs: Vec::new(),
            secondary: Vec::new(),
            options: ir::Options::unset(),
            doses_anywhere: false,
            declared_later: IndexMap::new(),
            assigned_at: IndexMap::new(),
            blocks: 0,
            locals: Vec::new(),
            frames: Vec::new(),
            equation: None,
            section: None,
            depth: 0,
            work: 0,
            incomplete: crate::walk::has_error_nodes(model),
        }
    }

    /// Runs all phases.
    pub(crate) fn run(mut self) -> (Option<ir::Module>, Diagnostics) {
        if !self.check_kind() {
            return (None, self.diags);
        }
        self.declare();
        self.check_parts();
        self.read_options();
        self.register_assigned_names();
        self.declare_random_effects();
        self.register_routes();
        self.lint_names();
        self.run_statements();
        self.run_structure();
        self.run_first_values();
        self.run_events();
        self.check_lists();
        let module = self.finish();
        self.diags.sort();
        (module, self.diags)
    }

    /// Returns the number of errors so far.
    pub(crate) fn error_count(&self) -> usize {
        self.diags.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }
}

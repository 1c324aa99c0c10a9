//! The expressions built so far: each distinct one once, folded where its operands are constants.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use pmc_diagnostics::Span;
use pmc_ir::{
    BinaryOperation, Comparison, Expr, Function, Handle, Logic, Real, SourceSpan, Type, UnaryOperation,
    limits,
};

use crate::fold;

/// What an expression reads, directly or through its operands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads(u16);

impl Reads {
    pub(crate) const TIME: Self = Self(1);
    pub(crate) const PARAMETER: Self = Self(2);
    pub(crate) const RANDOM_EFFECT: Self = Self(4);
    pub(crate) const COVARIATE: Self = Self(8);
    pub(crate) const STATE: Self = Self(16);
    pub(crate) const RATE: Self = Self(32);
    pub(crate) const DOSE_HISTORY: Self = Self(64);
    pub(crate) const VARIABLE: Self = Self(128);

    /// Returns whether any of `others` is read.
    pub(crate) const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Returns whether nothing is read.
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns what either reads.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[derive(Clone, Copy)]
struct Fact {
    kind: Type,
    reads: Reads,
}

/// The expressions of a model under construction.
#[derive(Default)]
pub(crate) struct Graph {
    expressions: IndexSet<Expr>,
    facts: Vec<Fact>,
    spans: Vec<SourceSpan>,
    full: bool,
}

impl Graph {
    /// Adds an expression, or finds the equal one that is there already.
    pub(crate) fn add(&mut self, expression: Expr, span: Span) -> Handle<Expr> {
        match fold::simplify(&expression, self) {
            fold::Simplified::Existing(handle) => handle,
            fold::Simplified::New(simpler) => self.insert(simpler, span),
            fold::Simplified::Unchanged => self.insert(expression, span),
        }
    }

    fn insert(&mut self, expression: Expr, span: Span) -> Handle<Expr> {
        if let Some(index) = self.expressions.get_index_of(&expression) {
            return Handle::from_index(index);
        }
        if self.expressions.len() >= limits::EXPRESSIONS {
            self.full = true;
            return Handle::from_index(0);
        }
        self.facts.push(self.fact(&expression));
        self.spans.push(SourceSpan { start: span.start, end: span.end });
        let (index, _) = self.expressions.insert_full(expression);
        Handle::from_index(index)
    }

    fn fact(&self, expression: &Expr) -> Fact {
        let mut reads = match expression {
            Expr::Time => Reads::TIME,
            Expr::Parameter(_) => Reads::PARAMETER,
            Expr::RandomEffect(_) => Reads::RANDOM_EFFECT,
            Expr::Covariate(_) | Expr::CovariateMissing(_) | Expr::CovariateSlope(_) => Reads::COVARIATE,
            Expr::State(_) => Reads::STATE,
            Expr::InfusionRate(_) => Reads::RATE,
            Expr::LastDoseTime(_) | Expr::DoseNumber => Reads::DOSE_HISTORY,
            Expr::Variable(_) => Reads::VARIABLE,
            _ => Reads::default(),
        };
        expression.for_each_operand(|operand| reads = reads.and(self.reads(operand)));
        Fact { kind: expression.result_type(|operand| self.kind(operand)), reads }
    }

    /// Returns whether the limit was met; what was added since is meaningless.
    pub(crate) const fn is_full(&self) -> bool {
        self.full
    }

    /// Returns an expression.
    pub(crate) fn get(&self, handle: Handle<Expr>) -> &Expr {
        &self.expressions[handle.index()]
    }

    /// Returns the type of an expression.
    pub(crate) fn kind(&self, handle: Handle<Expr>) -> Type {
        self.facts[handle.index()].kind
    }

    /// Returns what an expression reads.
    pub(crate) fn reads(&self, handle: Handle<Expr>) -> Reads {
        self.facts[handle.index()].reads
    }

    /// Returns where an expression was first written.
    pub(crate) fn span(&self, handle: Handle<Expr>) -> Span {
        let span = self.spans[handle.index()];
        Span::new(span.start, span.end)
    }

    /// Returns the value of a constant.
    pub(crate) fn number(&self, handle: Handle<Expr>) -> Option<f64> {
        match self.get(handle) {
            Expr::Constant(Real(value)) => Some(*value),
            _ => None,
        }
    }

    /// Returns the value of a Boolean constant.
    pub(crate) fn truth(&self, handle: Handle<Expr>) -> Option<bool> {
        match self.get(handle) {
            Expr::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the value of a constant that is a whole number.
    pub(crate) fn integer(&self, handle: Handle<Expr>) -> Option<i64> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        self.number(handle)
            .filter(|value| value.fract() == 0.0 && value.abs() <= EXACT)
            .map(|value| value as i64)
    }

    /// Adds a number.
    pub(crate) fn constant(&mut self, value: f64, span: Span) -> Handle<Expr> {
        self.add(Expr::Constant(Real(value)), span)
    }

    /// Adds an operation on one operand.
    pub(crate) fn unary(
        &mut self,
        operation: UnaryOperation,
        operand: Handle<Expr>,
        span: Span,
    ) -> Handle<Expr> {
        self.add(Expr::Unary(operation, operand), span)
    }

    /// Adds an operation on two reals.
    pub(crate) fn binary(
        &mut self,
        operation: BinaryOperation,
        left: Handle<Expr>,
        right: Handle<Expr>,
        span: Span,
    ) -> Handle<Expr> {
        self.add(Expr::Binary(operation, left, right), span)
    }

    /// Adds a comparison.
    pub(crate) fn compare(
        &mut self,
        comparison: Comparison,
        left: Handle<Expr>,
        right: Handle<Expr>,
        span: Span,
    ) -> Handle<Expr> {
        self.add(Expr::Compare(comparison, left, right), span)
    }

    /// Adds a connective.
    pub(crate) fn logic(
        &mut self,
        logic: Logic,
        left: Handle<Expr>,
        right: Handle<Expr>,
        span: Span,
    ) -> Handle<Expr> {
        self.add(Expr::Logic(logic, left, right), span)
    }

    /// Adds a selection.
    pub(crate) fn select(
        &mut self,
        condition: Handle<Expr>,
        then: Handle<Expr>,
        otherwise: Handle<Expr>,
        span: Span,
    ) -> Handle<Expr> {
        self.add(Expr::Select(condition, then, otherwise), span)
    }

    /// Adds a call.
    pub(crate) fn call(
        &mut self,
        function: Function,
        arguments: Vec<Handle<Expr>>,
        span: Span,
    ) -> Handle<Expr> {
        self.add(Expr::Call(function, arguments), span)
    }

    /// Returns the indices of the routes whose rates the given expressions read, directly or not.
    pub(crate) fn routes_read(&self, roots: impl Iterator<Item = Handle<Expr>>) -> IndexSet<usize> {
        let mut routes = IndexSet::new();
        self.walk(roots, Reads::RATE, |expression| {
            if let Expr::InfusionRate(route) = expression {
                routes.insert(route.index());
            }
        });
        routes
    }

    /// Returns the indices of the covariates whose values the given expressions read, directly or not, in
    /// order.
    pub(crate) fn covariates_read(&self, roots: impl Iterator<Item = Handle<Expr>>) -> BTreeSet<usize> {
        let mut covariates = BTreeSet::new();
        self.walk(roots, Reads::COVARIATE, |expression| {
            if let Expr::Covariate(covariate) = expression {
                covariates.insert(covariate.index());
            }
        });
        covariates
    }

    /// Returns the first comparison that decides a condition, alone or within connectives, and for which
    /// `is_sought` holds.
    pub(crate) fn comparison_in(
        &self,
        condition: Handle<Expr>,
        is_sought: impl Fn(Comparison, Handle<Expr>, Handle<Expr>) -> bool,
    ) -> Option<Handle<Expr>> {
        let mut pending = vec![condition];
        let mut seen = IndexSet::new();
        while let Some(current) = pending.pop() {
            if self.kind(current) != Type::Boolean || !seen.insert(current) {
                continue;
            }
            let expression = self.get(current);
            if let Expr::Compare(comparison, left, right) = expression
                && is_sought(*comparison, *left, *right)
            {
                return Some(current);
            }
            expression.for_each_operand(|operand| pending.push(operand));
        }
        None
    }

    /// Calls `visit` with each expression that the roots reach and that reads any of `reads`.
    fn walk(&self, roots: impl Iterator<Item = Handle<Expr>>, reads: Reads, mut visit: impl FnMut(&Expr)) {
        let mut marked = vec![false; self.expressions.len()];
        for root in roots {
            marked[root.index()] = true;
        }
        for index in (0..marked.len()).rev().filter(|index| self.facts[*index].reads.any(reads)) {
            if marked[index] {
                let expression = &self.expressions[index];
                expression.for_each_operand(|operand| marked[operand.index()] = true);
                visit(expression);
            }
        }
    }

    /// Gives up the expressions and their places.
    pub(crate) fn into_parts(self) -> (Vec<Expr>, Vec<SourceSpan>) {
        (self.expressions.into_iter().collect(), self.spans)
    }
}

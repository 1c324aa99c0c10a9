//! Helpers of the grammar's actions: nodes with the nesting limit.

use pmc_diagnostics::{Diagnostics, Label, Span};

use crate::ast::{
    Argument, Attribute, AttributeKind, BinaryOperator, Declaration, Expr, ExprKind, ItemKind, Name,
    Statement, StatementKind, UnaryOperator,
};
use crate::explain::Explainer;
use crate::limits::NESTING;
use crate::recover::Unread;
use crate::terminal::Declared;

/// A node with the height of the tree below it; a leaf has 0.
#[derive(Clone, Debug)]
pub(crate) struct Deep<T> {
    /// The node.
    pub(crate) node: T,
    /// The number of levels below.
    pub(crate) depth: usize,
}

impl<T> Deep<T> {
    /// Makes a node with nothing below it.
    pub(crate) fn leaf(node: T) -> Self {
        Self { node, depth: 0 }
    }

    /// Changes the node and keeps the height.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Deep<U> {
        Deep { node: change(self.node), depth: self.depth }
    }
}

impl<T> Deep<Vec<T>> {
    /// Gathers nodes into a list with the height of the highest.
    pub(crate) fn all(nodes: Vec<Deep<T>>) -> Self {
        let depth = nodes.iter().map(|node| node.depth).max().unwrap_or(0);
        Self { node: nodes.into_iter().map(|node| node.node).collect(), depth }
    }

    /// Adds a node at the end.
    pub(crate) fn with(mut self, last: Deep<T>) -> Self {
        self.node.push(last.node);
        Self { node: self.node, depth: self.depth.max(last.depth) }
    }
}

/// Adds an element at the end of a list.
pub(crate) fn list<T>(mut elements: Vec<T>, last: T) -> Vec<T> {
    elements.push(last);
    elements
}

/// What the actions share: the findings, and the text to explain them by.
pub(crate) struct Nodes<'source> {
    explainer: Explainer<'source>,
    diagnostics: Diagnostics,
    too_deep: bool,
}

impl<'source> Nodes<'source> {
    /// Starts on a text without nodes.
    pub(crate) fn new(explainer: Explainer<'source>, diagnostics: Diagnostics) -> Self {
        // Where reading stopped, the depth has been reported if it was the reason.
        let too_deep = explainer.is_stopped();
        Self { explainer, diagnostics, too_deep }
    }

    /// Reports what the parser could not read.
    pub(crate) fn report(&mut self, error: &Unread<'source>) {
        self.explainer.report(&mut self.diagnostics, error);
    }

    /// Hands out the findings.
    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        self.diagnostics
    }

    /// Makes `left operator right`.
    pub(crate) fn binary(
        &mut self,
        left: Deep<Expr>,
        operator: BinaryOperator,
        operator_span: Span,
        right: Deep<Expr>,
    ) -> Deep<Expr> {
        let (span, depth) = (left.node.span.to(right.node.span), left.depth.max(right.depth));
        let (left, right) = (Box::new(left.node), Box::new(right.node));
        self.expression(span, depth, ExprKind::Binary { operator, operator_span, left, right })
    }

    /// Makes `operator operand`.
    pub(crate) fn unary(&mut self, span: Span, operator: UnaryOperator, operand: Deep<Expr>) -> Deep<Expr> {
        let kind = ExprKind::Unary { operator, operand: Box::new(operand.node) };
        self.expression(span, operand.depth, kind)
    }

    /// Makes `if (condition) then else otherwise`.
    pub(crate) fn conditional(
        &mut self,
        span: Span,
        condition: Deep<Expr>,
        then: Deep<Expr>,
        otherwise: Deep<Expr>,
    ) -> Deep<Expr> {
        let depth = condition.depth.max(then.depth).max(otherwise.depth);
        let kind = ExprKind::Conditional {
            condition: Box::new(condition.node),
            then: Box::new(then.node),
            otherwise: Box::new(otherwise.node),
        };
        self.expression(span, depth, kind)
    }

    /// Makes `base[index]`.
    pub(crate) fn index(&mut self, span: Span, base: Deep<Expr>, index: Deep<Expr>) -> Deep<Expr> {
        let depth = base.depth.max(index.depth);
        let kind = ExprKind::Index { base: Box::new(base.node), index: Box::new(index.node) };
        self.expression(span, depth, kind)
    }

    /// Makes `function(arguments)`.
    pub(crate) fn call(&mut self, span: Span, function: Name, arguments: Deep<Vec<Argument>>) -> Deep<Expr> {
        self.expression(span, arguments.depth, ExprKind::Call { function, arguments: arguments.node })
    }

    /// Makes `(inner)`.
    pub(crate) fn parenthesised(&mut self, span: Span, inner: Deep<Expr>) -> Deep<Expr> {
        self.expression(span, inner.depth, ExprKind::Parenthesised(Box::new(inner.node)))
    }

    /// Makes `[elements]`.
    pub(crate) fn array(&mut self, span: Span, elements: Vec<Deep<Expr>>) -> Deep<Expr> {
        let elements = Deep::all(elements);
        self.expression(span, elements.depth, ExprKind::Array(elements.node))
    }

    /// Makes a number.
    pub(crate) fn number(span: Span, (value, text): (f64, &str)) -> Deep<Expr> {
        Self::atom(span, ExprKind::Number { value, text: text.to_owned() })
    }

    /// Makes an expression without parts.
    pub(crate) fn atom(span: Span, kind: ExprKind) -> Deep<Expr> {
        Deep::leaf(Expr { kind, span })
    }

    /// Makes an `if` statement.
    pub(crate) fn conditional_statement(
        &mut self,
        span: Span,
        condition: Expr,
        then: Deep<Vec<Statement>>,
        otherwise: Option<Deep<Vec<Statement>>>,
    ) -> Deep<Statement> {
        let otherwise = otherwise.unwrap_or(Deep::leaf(Vec::new()));
        let depth = then.depth.max(otherwise.depth);
        let kind = StatementKind::If { condition, then: then.node, otherwise: otherwise.node };
        self.statement(span, depth, kind)
    }

    /// Makes a statement above others; one too deep becomes an error node.
    pub(crate) fn statement(&mut self, span: Span, below: usize, kind: StatementKind) -> Deep<Statement> {
        if below < NESTING {
            return Deep { node: Statement { kind, span }, depth: below + 1 };
        }
        self.report_depth(span);
        Deep::leaf(Statement { kind: StatementKind::Error, span })
    }

    /// Makes the item that a list such as `params = a, b` stands for, and reports what is no plain name.
    pub(crate) fn listed(&mut self, declared: Declared, declarations: Vec<Declaration>) -> ItemKind {
        for declaration in &declarations {
            let size = declaration.size.iter().map(|size| size.span);
            let size = size.filter(|_| declared != Declared::States);
            let unit = declaration.unit.iter().map(|unit| unit.span);
            let allowed = |attribute: &&Attribute| {
                declared == Declared::Covariates && matches!(attribute.kind, AttributeKind::Annotation(_))
            };
            let attributes = declaration.attributes.iter().filter(|attribute| !allowed(attribute));
            if let Some(span) = size.chain(unit).chain(attributes.map(|attribute| attribute.span)).next() {
                let (list, declaration) = match declared {
                    Declared::Covariates => ("covariates", "cov"),
                    Declared::States => ("states", "state"),
                    _ => ("params", "param"),
                };
                self.diagnostics.detail_in_plain_list(span, list, declaration);
            }
        }
        Self::declared(declared, declarations)
    }

    /// Makes the item of `analytical { structure = … }`, which holds one structure.
    pub(crate) fn structure(&mut self, block: Span, structures: Vec<Name>) -> ItemKind {
        let is_inside = |label: &Label| block.start <= label.span.start && label.span.end <= block.end;
        let reported = self.diagnostics.iter().any(|found| found.primary.as_ref().is_some_and(is_inside));
        let mut structures = structures.into_iter();
        let Some(structure) = structures.next() else {
            if !reported {
                let end = Span::new(block.end.saturating_sub(1), block.end);
                self.diagnostics.unexpected_text(end, "`}`", Some("`structure = …`"));
            }
            return ItemKind::Error;
        };
        for second in structures {
            let found = format!("a second structure, `{}`", second.text);
            self.diagnostics.unexpected_text(second.span, &found, Some("one"));
        }
        ItemKind::Structure(structure)
    }

    /// Makes the item that declares.
    pub(crate) fn declared(declared: Declared, declarations: Vec<Declaration>) -> ItemKind {
        match declared {
            Declared::Parameters => ItemKind::Parameters(declarations),
            Declared::Covariates => ItemKind::Covariates(declarations),
            Declared::States => ItemKind::States(declarations),
            Declared::Arrays => ItemKind::Arrays(declarations),
            Declared::Constants => ItemKind::Constants(declarations),
            Declared::Variables => ItemKind::Variables(declarations),
        }
    }

    fn expression(&mut self, span: Span, below: usize, kind: ExprKind) -> Deep<Expr> {
        if below < NESTING {
            return Deep { node: Expr { kind, span }, depth: below + 1 };
        }
        self.report_depth(span);
        Self::atom(span, ExprKind::Error)
    }

    fn report_depth(&mut self, span: Span) {
        if !self.too_deep {
            self.too_deep = true;
            self.diagnostics.nested_too_deeply(span, NESTING);
        }
    }
}

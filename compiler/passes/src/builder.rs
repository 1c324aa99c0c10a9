//! Rebuilding an arena expression by expression, and adding to one.

use core::mem;

use pmc_ir as ir;

/// An arena under construction, with the spans of its expressions.
///
/// What is added gets the span that was set last.
pub(crate) struct Builder {
    expressions: ir::Arena<ir::Expr>,
    /// As long as `expressions`, or empty if the module has none.
    spans: Vec<ir::SourceSpan>,
    has_spans: bool,
    span: ir::SourceSpan,
}

impl Builder {
    /// Takes the expressions of a module in order to add to them; [`finish`](Self::finish) gives them back.
    pub(crate) fn extend(module: &mut ir::Module) -> Self {
        let expressions = mem::take(&mut module.expressions);
        let mut spans = mem::take(&mut module.spans);
        let has_spans = !spans.is_empty();
        if has_spans {
            spans.resize(expressions.len(), ir::SourceSpan::default());
        }
        Self { expressions, spans, has_spans, span: ir::SourceSpan::default() }
    }

    /// Gives the expressions to a module.
    pub(crate) fn finish(self, module: &mut ir::Module) {
        module.expressions = self.expressions;
        module.spans = self.spans;
    }

    /// Sets the span of what is added next to that of an expression that is there.
    pub(crate) fn at(&mut self, handle: ir::Handle<ir::Expr>) {
        self.span = self.spans.get(handle.index()).copied().unwrap_or_default();
    }

    /// Adds an expression.
    pub(crate) fn push(&mut self, expression: ir::Expr) -> ir::Handle<ir::Expr> {
        if self.has_spans {
            self.spans.push(self.span);
        }
        self.expressions.push(expression)
    }

    /// Adds a number.
    pub(crate) fn constant(&mut self, value: f64) -> ir::Handle<ir::Expr> {
        self.push(ir::Expr::Constant(ir::Real(value)))
    }

    /// Adds an operation on one operand.
    pub(crate) fn unary(
        &mut self,
        operation: ir::UnaryOperation,
        x: ir::Handle<ir::Expr>,
    ) -> ir::Handle<ir::Expr> {
        self.push(ir::Expr::Unary(operation, x))
    }

    /// Adds an operation on two operands.
    pub(crate) fn binary(
        &mut self,
        operation: ir::BinaryOperation,
        x: ir::Handle<ir::Expr>,
        y: ir::Handle<ir::Expr>,
    ) -> ir::Handle<ir::Expr> {
        self.push(ir::Expr::Binary(operation, x, y))
    }

    /// Returns an expression that is there.
    pub(crate) fn get(&self, handle: ir::Handle<ir::Expr>) -> &ir::Expr {
        &self.expressions[handle]
    }

    /// Returns the number that an expression is, if it is one.
    pub(crate) fn as_constant(&self, handle: ir::Handle<ir::Expr>) -> Option<f64> {
        match self.get(handle) {
            ir::Expr::Constant(value) => Some(value.0),
            _ => None,
        }
    }

    /// Returns the truth value that an expression is, if it is one.
    pub(crate) fn as_boolean(&self, handle: ir::Handle<ir::Expr>) -> Option<bool> {
        match self.get(handle) {
            ir::Expr::Boolean(value) => Some(*value),
            _ => None,
        }
    }
}

/// Replaces each expression, in order, by what `rule` adds for it, and all roots accordingly.
///
/// `rule` gets the expression with its operands replaced, and returns the value that stands for it: one that
/// it adds, or one that is there already.
pub(crate) fn rebuild(
    module: &mut ir::Module,
    jacobian: &mut ir::Jacobian,
    mut rule: impl FnMut(&mut Builder, ir::Expr) -> ir::Handle<ir::Expr>,
) {
    let source = mem::take(&mut module.expressions);
    let spans = mem::take(&mut module.spans);
    let mut builder = Builder {
        expressions: ir::Arena::new(),
        spans: Vec::with_capacity(spans.len()),
        has_spans: !spans.is_empty(),
        span: ir::SourceSpan::default(),
    };
    let mut map: Vec<ir::Handle<ir::Expr>> = Vec::with_capacity(source.len());
    for (handle, expression) in source.iter() {
        builder.span = spans.get(handle.index()).copied().unwrap_or_default();
        let expression = expression.map_operands(|operand| map[operand.index()]);
        map.push(rule(&mut builder, expression));
    }
    builder.finish(module);
    map_roots(module, jacobian, |root| map[root.index()]);
}

/// Replaces all roots of a module and its Jacobian.
pub(crate) fn map_roots(
    module: &mut ir::Module,
    jacobian: &mut ir::Jacobian,
    map: impl Fn(ir::Handle<ir::Expr>) -> ir::Handle<ir::Expr>,
) {
    module.map_roots(&map);
    jacobian.entries.iter_mut().for_each(|entry| entry.value = map(entry.value));
    jacobian.time.iter_mut().for_each(|(_, value)| *value = map(*value));
}

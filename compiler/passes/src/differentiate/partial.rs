//! Partial derivatives of single values, with their signs and ones kept apart.

use pmc_ir as ir;

use crate::builder::Builder;

/// A partial derivative that is not identically zero: ±1 or ± a value.
///
/// Signs and ones cost nothing until a derivative is [made](Partial::value) a value, and most never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partial {
    negative: bool,
    /// The magnitude; `None` is 1.
    value: Option<ir::Handle<ir::Expr>>,
}

impl Partial {
    /// The derivative of a leaf with respect to itself.
    pub(crate) const ONE: Self = Self { negative: false, value: None };

    /// Makes a derivative of a value.
    pub(crate) const fn of(value: ir::Handle<ir::Expr>) -> Self {
        Self { negative: false, value: Some(value) }
    }

    /// Returns the derivative with the opposite sign.
    pub(crate) const fn negated(self) -> Self {
        Self { negative: !self.negative, value: self.value }
    }

    /// Returns the product of two.
    pub(crate) fn times(self, other: Self, builder: &mut Builder) -> Self {
        let value = match (self.value, other.value) {
            (Some(x), Some(y)) => Some(builder.binary(ir::BinaryOperation::Multiply, x, y)),
            (x, y) => x.or(y),
        };
        Self { negative: self.negative != other.negative, value }
    }

    /// Returns the sum of two, or `None` if they cancel.
    pub(crate) fn plus(self, other: Self, builder: &mut Builder) -> Option<Self> {
        if self.negative == other.negative {
            let (x, y) = (self.magnitude(builder), other.magnitude(builder));
            let value = Some(builder.binary(ir::BinaryOperation::Add, x, y));
            return Some(Self { negative: self.negative, value });
        }
        if self.value == other.value {
            return None;
        }
        let (positive, negative) = if self.negative { (other, self) } else { (self, other) };
        let (x, y) = (positive.magnitude(builder), negative.magnitude(builder));
        Some(Self::of(builder.binary(ir::BinaryOperation::Subtract, x, y)))
    }

    /// Returns the choice between two, of which either may be zero.
    pub(crate) fn select(
        condition: ir::Handle<ir::Expr>,
        then: Option<Self>,
        otherwise: Option<Self>,
        builder: &mut Builder,
    ) -> Option<Self> {
        if then == otherwise {
            return then;
        }
        let negative = [then, otherwise].into_iter().flatten().all(|partial| partial.negative);
        let mut branch = |partial: Option<Self>| match partial {
            Some(partial) if negative => partial.magnitude(builder),
            Some(partial) => partial.value(builder),
            None => builder.constant(0.0),
        };
        let (then, otherwise) = (branch(then), branch(otherwise));
        let value = Some(builder.push(ir::Expr::Select(condition, then, otherwise)));
        Some(Self { negative, value })
    }

    /// Returns the derivative as a value.
    pub(crate) fn value(self, builder: &mut Builder) -> ir::Handle<ir::Expr> {
        match (self.negative, self.value) {
            (false, _) => self.magnitude(builder),
            (true, None) => builder.constant(-1.0),
            (true, Some(value)) => builder.unary(ir::UnaryOperation::Negate, value),
        }
    }

    fn magnitude(self, builder: &mut Builder) -> ir::Handle<ir::Expr> {
        self.value.unwrap_or_else(|| builder.constant(1.0))
    }
}

//! The Jacobian by symbolic rules.

mod functions;
mod partial;

use core::ops::Range;

use pmc_ir as ir;

use self::partial::Partial;
use crate::builder::Builder;

type Value = ir::Handle<ir::Expr>;

/// Adds the partial derivatives of all state derivatives to a module and returns where they are.
///
/// Forward and sparse: each value carries its derivatives with respect to those states that it depends on,
/// and to time, so that rows of the Jacobian share what they have in common. The work is bounded by
/// [`limits::DEPENDENCIES`](ir::limits::DEPENDENCIES).
///
/// Time counts where it is read, and through covariates that may be on a slope: their derivative is
/// [`Expr::CovariateSlope`](ir::Expr::CovariateSlope). Everything else that the frame holds stands still
/// between events. Conditions have no derivative: at a switch the branch taken counts. At a tie the
/// derivative of `min` and `max` is that of the first operand.
pub fn differentiate(module: &mut ir::Module) -> ir::Jacobian {
    let needed = needed(module);
    let sloped: Vec<bool> = module.covariates.iter().map(|(_, covariate)| covariate.may_slope()).collect();

    let builder = Builder::extend(module);
    let mut tape =
        Tape { builder, time: module.states.len(), sloped, pool: Vec::new(), gradients: Vec::new() };
    for (index, is_needed) in needed.into_iter().enumerate() {
        let start = tape.pool.len();
        if is_needed {
            tape.differentiate(ir::Handle::from_index(index));
        }
        tape.gradients.push(start..tape.pool.len());
    }
    let mut jacobian = ir::Jacobian::default();
    for (row, state) in module.states.iter() {
        tape.write_row(row, state.derivative, &mut jacobian);
    }
    tape.builder.finish(module);
    jacobian
}

/// Returns for each expression whether the derivative of some state is made of its derivatives.
fn needed(module: &ir::Module) -> Vec<bool> {
    let mut needed = vec![false; module.expressions.len()];
    module.states.iter().for_each(|(_, state)| needed[state.derivative.index()] = true);
    for (handle, expression) in module.expressions.iter().rev() {
        if !needed[handle.index()] {
            continue;
        }
        match expression {
            ir::Expr::Compare(..) | ir::Expr::Logic(..) => {}
            ir::Expr::Select(_, then, otherwise) => {
                needed[then.index()] = true;
                needed[otherwise.index()] = true;
            }
            other => other.for_each_operand(|operand| needed[operand.index()] = true),
        }
    }
    needed
}

/// Derivatives of values with respect to columns: states by index, and time.
struct Tape {
    builder: Builder,
    /// The column of time: the number of states.
    time: usize,
    /// Whether a covariate may be on a slope, by index.
    sloped: Vec<bool>,
    /// The derivatives of all values so far: columns in ascending order within a value.
    pool: Vec<(usize, Partial)>,
    /// Where in `pool` the derivatives of each value are.
    gradients: Vec<Range<usize>>,
}

impl Tape {
    /// Adds the derivatives of a value to the pool. Those of its operands are there already.
    fn differentiate(&mut self, own: Value) {
        self.builder.at(own);
        match self.builder.get(own).clone() {
            ir::Expr::Time => self.pool.push((self.time, Partial::ONE)),
            ir::Expr::State(state) => self.pool.push((state.index(), Partial::ONE)),
            ir::Expr::Covariate(covariate) => {
                if self.sloped.get(covariate.index()).copied().unwrap_or(false) {
                    let slope = self.builder.push(ir::Expr::CovariateSlope(covariate));
                    self.pool.push((self.time, Partial::of(slope)));
                }
            }
            ir::Expr::Unary(operation, x) => {
                let factor = self.if_varies(x, |builder| functions::of_unary(builder, operation, own, x));
                self.push_sum((x, factor), (own, None));
            }
            ir::Expr::Binary(operation, x, y) => self.binary(operation, own, x, y),
            ir::Expr::Select(condition, then, otherwise) => self.push_choice(condition, then, otherwise),
            ir::Expr::Call(function, arguments) => self.call(function, own, &arguments),
            ir::Expr::Constant(_)
            | ir::Expr::Boolean(_)
            | ir::Expr::Parameter(_)
            | ir::Expr::RandomEffect(_)
            | ir::Expr::CovariateSlope(_)
            | ir::Expr::CovariateMissing(_)
            | ir::Expr::InfusionRate(_)
            | ir::Expr::LastDoseTime(_)
            | ir::Expr::DoseNumber
            | ir::Expr::Variable(_)
            | ir::Expr::EventTime
            | ir::Expr::Compare(..)
            | ir::Expr::Logic(..) => {}
        }
    }

    fn binary(&mut self, operation: ir::BinaryOperation, own: Value, x: Value, y: Value) {
        match operation {
            ir::BinaryOperation::Add => self.push_sum((x, Some(Partial::ONE)), (y, Some(Partial::ONE))),
            ir::BinaryOperation::Subtract => {
                self.push_sum((x, Some(Partial::ONE)), (y, Some(Partial::ONE.negated())));
            }
            ir::BinaryOperation::Multiply => {
                self.push_sum((x, Some(Partial::of(y))), (y, Some(Partial::of(x))));
            }
            ir::BinaryOperation::Divide => {
                if !self.varies(x) && !self.varies(y) {
                    return;
                }
                let inverse = functions::reciprocal(&mut self.builder, 1.0, y);
                let of_denominator =
                    self.if_varies(y, |builder| Some(functions::of_denominator(builder, own, inverse)));
                self.push_sum((x, Some(Partial::of(inverse))), (y, of_denominator));
            }
            ir::BinaryOperation::Minimum => self.push_extreme(ir::Comparison::LessEqual, x, y),
            ir::BinaryOperation::Maximum => self.push_extreme(ir::Comparison::GreaterEqual, x, y),
        }
    }

    fn call(&mut self, function: ir::Function, own: Value, arguments: &[Value]) {
        let mut terms = [(own, None); 2];
        for (position, (argument, term)) in arguments.iter().zip(&mut terms).enumerate() {
            let factor = self.if_varies(*argument, |builder| {
                functions::of_function(builder, function, own, arguments, position)
            });
            *term = (*argument, factor);
        }
        self.push_sum(terms[0], terms[1]);
    }

    /// Returns whether a value has any derivative.
    fn varies(&self, value: Value) -> bool {
        self.gradients.get(value.index()).is_some_and(|range| !range.is_empty())
    }

    fn if_varies(
        &mut self,
        value: Value,
        factor: impl FnOnce(&mut Builder) -> Option<Partial>,
    ) -> Option<Partial> {
        if self.varies(value) { factor(&mut self.builder) } else { None }
    }

    /// Adds the derivatives of x·f + y·g, given the values x and y and their factors; `None` is 0.
    fn push_sum(&mut self, (x, f): (Value, Option<Partial>), (y, g): (Value, Option<Partial>)) {
        self.merge(x, y, |builder, of_x, of_y| {
            let scale = |partial: Option<Partial>, factor: Option<Partial>, builder: &mut Builder| {
                Some(partial?.times(factor?, builder))
            };
            let left = scale(of_x, f, builder);
            let right = scale(of_y, g, builder);
            match (left, right) {
                (Some(left), Some(right)) => left.plus(right, builder),
                (left, right) => left.or(right),
            }
        });
    }

    fn push_choice(&mut self, condition: Value, then: Value, otherwise: Value) {
        self.merge(then, otherwise, |builder, of_then, of_otherwise| {
            Partial::select(condition, of_then, of_otherwise, builder)
        });
    }

    fn push_extreme(&mut self, comparison: ir::Comparison, x: Value, y: Value) {
        if self.varies(x) || self.varies(y) {
            let condition = self.builder.push(ir::Expr::Compare(comparison, x, y));
            self.push_choice(condition, x, y);
        }
    }

    /// Adds what `combine` makes of the derivatives of two values, column by column.
    fn merge(
        &mut self,
        x: Value,
        y: Value,
        combine: impl Fn(&mut Builder, Option<Partial>, Option<Partial>) -> Option<Partial>,
    ) {
        let range = |value: Value| self.gradients.get(value.index()).cloned().unwrap_or(0..0);
        let (mut left, mut right) = (range(x), range(y));
        loop {
            let column_at = |range: &Range<usize>| (!range.is_empty()).then(|| self.pool[range.start].0);
            let (of_x, of_y) = (column_at(&left), column_at(&right));
            let Some(column) = of_x.into_iter().chain(of_y).min() else { return };
            let take = |range: &mut Range<usize>, found: Option<usize>| {
                let position = if found == Some(column) { range.next() } else { None };
                position.map(|position| self.pool[position].1)
            };
            let (of_x, of_y) = (take(&mut left, of_x), take(&mut right, of_y));
            if let Some(partial) = combine(&mut self.builder, of_x, of_y) {
                self.pool.push((column, partial));
            }
        }
    }

    /// Makes the derivatives of a right-hand side entries of the Jacobian.
    fn write_row(&mut self, row: ir::Handle<ir::State>, derivative: Value, jacobian: &mut ir::Jacobian) {
        self.builder.at(derivative);
        let range = self.gradients.get(derivative.index()).cloned().unwrap_or(0..0);
        for (column, partial) in &self.pool[range] {
            let value = partial.value(&mut self.builder);
            if *column == self.time {
                jacobian.time.push((row, value));
            } else {
                jacobian.entries.push(ir::JacobianEntry {
                    row,
                    column: ir::Handle::from_index(*column),
                    value,
                });
            }
        }
    }
}

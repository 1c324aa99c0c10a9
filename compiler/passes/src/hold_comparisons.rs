//! Comparisons with time that change at known times.

use pmc_ir as ir;

use crate::builder::Builder;
use crate::dead_code::spread;

type Value = ir::Handle<ir::Expr>;

/// How deep a comparison is searched for time; beyond, it is left alone.
const MAXIMUM_DEPTH: u32 = 64;

/// Lets right-hand sides change their branch at times that solvers know beforehand.
///
/// A comparison `a < b` whose sides are affine in time, with coefficients that stand still between events,
/// changes at one time T. In drifts and diffusions it becomes a comparison of
/// [`Expr::EventTime`](ir::Expr::EventTime) with T, and T one of the [switches](ir::Module::switches) at which
/// an event happens. So all evaluations of a step see one branch, and the step after T the other. At T itself
/// it has the value that it has just after: equality makes no difference to an integral. Outputs and
/// everything else keep the comparison as it is written.
pub fn hold_comparisons(module: &mut ir::Module) {
    let stages = ir::stages(module);
    let mut live = vec![false; module.expressions.len()];
    for (_, state) in module.states.iter() {
        live[state.derivative.index()] = true;
        if let Some(diffusion) = state.diffusion {
            live[diffusion.index()] = true;
        }
    }
    spread(module, &mut live);
    let mut hold = Hold { builder: Builder::extend(module), stages, event_time: None, switches: Vec::new() };
    let mut held: Vec<Value> = (0..live.len()).map(ir::Handle::from_index).collect();
    for index in (0..live.len()).filter(|index| live[*index]) {
        let own = ir::Handle::from_index(index);
        hold.builder.at(own);
        let expression = hold.builder.get(own).clone();
        if let Some(value) = hold.comparison(&expression) {
            held[index] = value;
            continue;
        }
        let mapped = expression.map_operands(|operand| held[operand.index()]);
        if mapped != expression {
            held[index] = hold.builder.push(mapped);
        }
    }
    let Hold { builder, switches, .. } = hold;
    builder.finish(module);
    for state in module.states.values_mut() {
        state.derivative = held[state.derivative.index()];
        state.diffusion = state.diffusion.map(|diffusion| held[diffusion.index()]);
    }
    for time in switches {
        if !module.switches.contains(&time) && module.switches.len() < ir::limits::SWITCHES {
            module.switches.push(time);
        }
    }
}

/// A number, or a value that stands still between events.
#[derive(Clone, Copy)]
enum Coefficient {
    Number(f64),
    Value(Value),
}

/// `slope * time + offset`.
#[derive(Clone, Copy)]
struct Line {
    slope: Coefficient,
    offset: Coefficient,
}

struct Hold {
    builder: Builder,
    /// Stages of the expressions that were there before.
    stages: Vec<ir::Stage>,
    event_time: Option<Value>,
    switches: Vec<Value>,
}

impl Hold {
    /// Returns what stands for a comparison that changes at a known time.
    fn comparison(&mut self, expression: &ir::Expr) -> Option<Value> {
        let ir::Expr::Compare(comparison, left, right) = expression else { return None };
        let rising = match comparison {
            ir::Comparison::Less | ir::Comparison::LessEqual => false,
            ir::Comparison::Greater | ir::Comparison::GreaterEqual => true,
            ir::Comparison::Equal | ir::Comparison::NotEqual => return None,
        };
        let reads_time = |value: &Value| self.stages[value.index()] == ir::Stage::Time;
        if !reads_time(left) && !reads_time(right) {
            return None;
        }
        let (left, right) = (self.line(*left, 0)?, self.line(*right, 0)?);
        // left < right means slope * time < offset.
        let slope = self.combine(ir::BinaryOperation::Subtract, left.slope, right.slope);
        let offset = self.combine(ir::BinaryOperation::Subtract, right.offset, left.offset);
        if let Coefficient::Number(0.0) = slope {
            return None;
        }
        let quotient = self.combine(ir::BinaryOperation::Divide, offset, slope);
        let border = self.value(quotient);
        self.switches.push(border);
        let now = self.event_time();
        Some(match slope {
            Coefficient::Number(slope) => self.passed(now, border, rising == (0.0 < slope)),
            Coefficient::Value(slope) => {
                self.passed_either_way(*comparison, [now, border, slope], offset, rising)
            }
        })
    }

    /// Adds whether an event has passed a border, or not.
    fn passed(&mut self, now: Value, border: Value, passed: bool) -> Value {
        let comparison = if passed { ir::Comparison::GreaterEqual } else { ir::Comparison::Less };
        self.builder.push(ir::Expr::Compare(comparison, now, border))
    }

    /// Adds the comparison for a slope whose sign is known at run time only.
    fn passed_either_way(
        &mut self,
        comparison: ir::Comparison,
        [now, border, slope]: [Value; 3],
        offset: Coefficient,
        rising: bool,
    ) -> Value {
        let zero = self.builder.constant(0.0);
        let offset = self.value(offset);
        let upward = self.passed(now, border, rising);
        let downward = self.passed(now, border, !rising);
        let level = self.builder.push(ir::Expr::Compare(comparison, zero, offset));
        let descends = self.builder.push(ir::Expr::Compare(ir::Comparison::Less, slope, zero));
        let ascends = self.builder.push(ir::Expr::Compare(ir::Comparison::Greater, slope, zero));
        let otherwise = self.builder.push(ir::Expr::Select(descends, downward, level));
        self.builder.push(ir::Expr::Select(ascends, upward, otherwise))
    }

    /// Returns a value as a line, if it is one.
    fn line(&mut self, value: Value, depth: u32) -> Option<Line> {
        if self.stages[value.index()] <= ir::Stage::Event {
            let offset = match self.builder.as_constant(value) {
                Some(number) => Coefficient::Number(number),
                None => Coefficient::Value(value),
            };
            return Some(Line { slope: Coefficient::Number(0.0), offset });
        }
        if depth > MAXIMUM_DEPTH || self.stages[value.index()] != ir::Stage::Time {
            return None;
        }
        match *self.builder.get(value) {
            ir::Expr::Time => {
                Some(Line { slope: Coefficient::Number(1.0), offset: Coefficient::Number(0.0) })
            }
            ir::Expr::Unary(ir::UnaryOperation::Negate, x) => {
                let line = self.line(x, depth + 1)?;
                Some(self.scaled(ir::BinaryOperation::Multiply, line, Coefficient::Number(-1.0)))
            }
            ir::Expr::Binary(operation, x, y) => {
                let (x, y) = (self.line(x, depth + 1)?, self.line(y, depth + 1)?);
                self.operation(operation, x, y)
            }
            _ => None,
        }
    }

    fn operation(&mut self, operation: ir::BinaryOperation, x: Line, y: Line) -> Option<Line> {
        let is_still = |line: &Line| matches!(line.slope, Coefficient::Number(0.0));
        match operation {
            ir::BinaryOperation::Add | ir::BinaryOperation::Subtract => Some(Line {
                slope: self.combine(operation, x.slope, y.slope),
                offset: self.combine(operation, x.offset, y.offset),
            }),
            ir::BinaryOperation::Multiply if is_still(&x) => Some(self.scaled(operation, y, x.offset)),
            ir::BinaryOperation::Multiply | ir::BinaryOperation::Divide if is_still(&y) => {
                Some(self.scaled(operation, x, y.offset))
            }
            _ => None,
        }
    }

    fn scaled(&mut self, operation: ir::BinaryOperation, line: Line, factor: Coefficient) -> Line {
        Line {
            slope: self.combine(operation, line.slope, factor),
            offset: self.combine(operation, line.offset, factor),
        }
    }

    /// Returns the result of an operation, without a new value where an identity gives it.
    fn combine(&mut self, operation: ir::BinaryOperation, x: Coefficient, y: Coefficient) -> Coefficient {
        use ir::BinaryOperation::{Add, Divide, Multiply, Subtract};
        match (operation, x, y) {
            (_, Coefficient::Number(x), Coefficient::Number(y)) => {
                Coefficient::Number(crate::arithmetic::apply_binary(operation, x, y))
            }
            (Add | Subtract, x, Coefficient::Number(0.0))
            | (Multiply | Divide, x, Coefficient::Number(1.0)) => x,
            (Add, Coefficient::Number(0.0), y) | (Multiply, Coefficient::Number(1.0), y) => y,
            (_, x, y) => {
                let (x, y) = (self.value(x), self.value(y));
                Coefficient::Value(self.builder.binary(operation, x, y))
            }
        }
    }

    fn value(&mut self, coefficient: Coefficient) -> Value {
        match coefficient {
            Coefficient::Number(number) => self.builder.constant(number),
            Coefficient::Value(value) => value,
        }
    }

    fn event_time(&mut self) -> Value {
        *self.event_time.get_or_insert_with(|| self.builder.push(ir::Expr::EventTime))
    }
}

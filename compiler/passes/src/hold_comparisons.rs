//! Comparisons with time that change at known times.

use pmc_ir as ir;

use crate::builder::Builder;

type Value = ir::Handle<ir::Expr>;

/// How deep a comparison is searched for time; beyond, it is left alone.
const MAXIMUM_DEPTH: u32 = 64;

/// Lets right-hand sides jump only at times that solvers know beforehand.
///
/// A comparison `a < b` whose sides are affine in time, with coefficients that stand still between events,
/// changes at one time T. In drifts and diffusions it becomes a comparison of
/// [`Expr::EventTime`](ir::Expr::EventTime) with T, and T one of the [switches](ir::Module::switches) at which
/// an event happens. So all evaluations of a step see one branch, and the step after T the other. At T itself
/// it has the value that it has just after: equality makes no difference to an integral. Likewise `floor` and
/// `ceil` of what is affine in time stand still until it passes the next whole number. Where `min`, `max` and
/// `abs` of such values have a kink there is a switch, too; nothing else changes for these.
///
/// What events wait for has switches as well, so that no step passes over a time at which it may change. There,
/// equality matters, and it keeps what is written, as do outputs and everything else.
pub fn hold_comparisons(module: &mut ir::Module) {
    let stages = ir::stages(module);
    let diffusions = module.states.iter().filter_map(|(_, state)| state.diffusion);
    let conditions = module.events.iter().filter_map(|(_, event)| match event.trigger {
        ir::Trigger::When(condition) => Some(condition),
        _ => None,
    });
    let live = module.needed_by(module.derivatives().chain(diffusions).chain(conditions));
    let mut hold = Hold {
        builder: Builder::extend(module),
        is_still: stages.into_iter().map(|stage| stage <= ir::Stage::Event).collect(),
        held: (0..live.len()).map(ir::Handle::from_index).collect(),
        lines: vec![Found::NotAsked; live.len()],
        event_time: None,
        room: ir::limits::SWITCHES.saturating_sub(module.switches.len()),
        switches: Vec::new(),
    };
    for index in (0..live.len()).filter(|index| live[*index]) {
        hold.visit(ir::Handle::from_index(index));
    }
    let Hold { builder, held, switches, .. } = hold;
    builder.finish(module);
    for state in module.states.values_mut() {
        state.derivative = held[state.derivative.index()];
        state.diffusion = state.diffusion.map(|diffusion| held[diffusion.index()]);
    }
    module.switches.extend(switches);
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

/// What is known of a value as a line.
#[derive(Clone, Copy)]
enum Found {
    NotAsked,
    Known(Option<Line>),
}

struct Hold {
    builder: Builder,
    /// What stands for each of the expressions that were there before.
    held: Vec<Value>,
    /// Whether that stands still between events.
    is_still: Vec<bool>,
    /// What has been found of each as a line; a value that is used often is looked at once.
    lines: Vec<Found>,
    event_time: Option<Value>,
    /// How many switches there may be beside those that the module has.
    room: usize,
    switches: Vec<Value>,
}

impl Hold {
    /// Finds what stands for an expression; its operands have been visited.
    fn visit(&mut self, own: Value) {
        if self.is_still[own.index()] {
            return;
        }
        self.builder.at(own);
        let expression = self.builder.get(own).clone();
        let can_switch = self.switches.len() < self.room;
        let replacement = match &expression {
            ir::Expr::Compare(comparison, left, right) if can_switch => {
                self.comparison(*comparison, *left, *right)
            }
            ir::Expr::Unary(ir::UnaryOperation::Absolute, x) if can_switch => {
                let zero = Line { slope: Coefficient::Number(0.0), offset: Coefficient::Number(0.0) };
                let lines = self.lines(*x);
                self.kinks(&lines, &[zero]);
                None
            }
            ir::Expr::Binary(ir::BinaryOperation::Minimum | ir::BinaryOperation::Maximum, x, y)
                if can_switch =>
            {
                let (left, right) = (self.lines(*x), self.lines(*y));
                self.kinks(&left, &right);
                None
            }
            ir::Expr::Unary(operation, x) if can_switch => self.whole_number(*operation, *x),
            _ => None,
        };
        if let Some(value) = replacement {
            self.held[own.index()] = value;
            self.is_still[own.index()] = true;
            return;
        }
        let mut operands = 0;
        let mut moving = 0;
        expression.for_each_operand(|operand| {
            operands += 1;
            moving += usize::from(!self.is_still[operand.index()]);
        });
        self.is_still[own.index()] = 0 < operands && moving == 0;
        let mapped = expression.map_operands(|operand| self.held[operand.index()]);
        if mapped != expression {
            self.held[own.index()] = self.builder.push(mapped);
        }
    }

    /// Returns what stands for a comparison that changes at a known time.
    fn comparison(&mut self, comparison: ir::Comparison, left: Value, right: Value) -> Option<Value> {
        let rising = match comparison {
            ir::Comparison::Less | ir::Comparison::LessEqual => false,
            ir::Comparison::Greater | ir::Comparison::GreaterEqual => true,
            ir::Comparison::Equal | ir::Comparison::NotEqual => return None,
        };
        let (left, right) = (self.line(left, 0)?, self.line(right, 0)?);
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
                self.passed_either_way(comparison, [now, border, slope], offset, rising)
            }
        })
    }

    /// Adds switches where lines cross of which one becomes the smaller or larger one.
    ///
    /// Nothing jumps there, but what is level up to a kink says nothing of what follows.
    fn kinks(&mut self, left: &[Line], right: &[Line]) {
        use ir::BinaryOperation::{Divide, Subtract};
        for (left, right) in left.iter().flat_map(|left| right.iter().map(move |right| (left, right))) {
            let slope = self.combine(Subtract, left.slope, right.slope);
            let offset = self.combine(Subtract, right.offset, left.offset);
            if !matches!(slope, Coefficient::Number(0.0)) && self.switches.len() < self.room {
                let border = self.combine(Divide, offset, slope);
                let border = self.value(border);
                self.switches.push(border);
            }
        }
    }

    /// Returns the lines of which a value is made, where it is the smaller or larger one of two.
    fn lines(&mut self, value: Value) -> Vec<Line> {
        if let Some(line) = self.line(value, 0) {
            return vec![line];
        }
        match *self.builder.get(value) {
            ir::Expr::Binary(ir::BinaryOperation::Minimum | ir::BinaryOperation::Maximum, x, y) => {
                [self.line(x, 0), self.line(y, 0)].into_iter().flatten().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns what stands for `floor` or `ceil` of a line.
    fn whole_number(&mut self, operation: ir::UnaryOperation, x: Value) -> Option<Value> {
        let is_ceiling = match operation {
            ir::UnaryOperation::Floor => false,
            ir::UnaryOperation::Ceiling => true,
            _ => return None,
        };
        // Kept apart, a divisor leaves `floor((t - a) / b)` with borders that are exact where a and b are.
        let (line, divisor) = match *self.builder.get(x) {
            ir::Expr::Binary(ir::BinaryOperation::Divide, y, divisor) if self.is_still[divisor.index()] => {
                (self.line(y, 0)?, self.line(divisor, 0)?.offset)
            }
            _ => (self.line(x, 0)?, Coefficient::Number(1.0)),
        };
        let slope = self.combine(ir::BinaryOperation::Divide, line.slope, divisor);
        if matches!(line.slope, Coefficient::Number(0.0)) || matches!(slope, Coefficient::Number(0.0)) {
            return None;
        }
        // ceil(x) = -floor(-x).
        let line = if is_ceiling { self.negated(line) } else { line };
        let slope = if is_ceiling { self.opposite(slope) } else { slope };
        let floor = match slope {
            Coefficient::Number(slope) => {
                let rising = if slope < 0.0 { self.negated(line) } else { line };
                let floor = self.rising_floor(rising, divisor);
                if slope < 0.0 { self.mirrored(floor) } else { floor }
            }
            Coefficient::Value(slope) => self.floor_either_way(line, divisor, slope),
        };
        Some(if is_ceiling { self.builder.unary(ir::UnaryOperation::Negate, floor) } else { floor })
    }

    /// Adds the floor of a line over a divisor, for a slope whose sign is known at run time only.
    fn floor_either_way(&mut self, line: Line, divisor: Coefficient, slope: Value) -> Value {
        let zero = self.builder.constant(0.0);
        let descends = self.builder.push(ir::Expr::Compare(ir::Comparison::Less, slope, zero));
        // The sizes of slope and divisor, not the numbers or their negatives: −0 would count as falling.
        let [size, width] = [line.slope, divisor].map(|coefficient| match coefficient {
            Coefficient::Number(number) => Coefficient::Number(number.abs()),
            Coefficient::Value(value) => {
                Coefficient::Value(self.builder.unary(ir::UnaryOperation::Absolute, value))
            }
        });
        let divisor = self.value(divisor);
        let is_negative = self.builder.push(ir::Expr::Compare(ir::Comparison::Less, divisor, zero));
        let ascends = self.builder.unary(ir::UnaryOperation::Not, descends);
        let turns = self.builder.push(ir::Expr::Select(is_negative, ascends, descends));
        let opposite = self.opposite(line.offset);
        let (then, otherwise) = (self.value(opposite), self.value(line.offset));
        let offset = self.builder.push(ir::Expr::Select(turns, then, otherwise));
        let rising = Line { slope: size, offset: Coefficient::Value(offset) };
        let floor = self.rising_floor(rising, width);
        let mirrored = self.mirrored(floor);
        self.builder.push(ir::Expr::Select(descends, mirrored, floor))
    }

    /// Adds the largest whole number that a line over a divisor, which does not fall, has reached at the last
    /// event.
    ///
    /// The next switch is the time at which it reaches the one above. There, the quotient may be rounded to
    /// either side of that number; so the time is computed anew, with the same operations, and compared.
    fn rising_floor(&mut self, line: Line, divisor: Coefficient) -> Value {
        use ir::BinaryOperation::{Add, Divide, Multiply};
        let now = self.event_time();
        let product = self.combine(Multiply, line.slope, Coefficient::Value(now));
        let sum = self.combine(Add, product, line.offset);
        let quotient = self.combine(Divide, sum, divisor);
        let quotient = self.value(quotient);
        let rounded = self.builder.unary(ir::UnaryOperation::Floor, quotient);
        let (next, border) = self.next_whole(rounded, line, divisor);
        let is_reached = self.passed(now, border, true);
        let floor = self.builder.push(ir::Expr::Select(is_reached, next, rounded));
        let (_, border) = self.next_whole(floor, line, divisor);
        self.switches.push(border);
        floor
    }

    /// Adds the whole number after another one, and the time at which a line over a divisor reaches it.
    fn next_whole(&mut self, number: Value, line: Line, divisor: Coefficient) -> (Value, Value) {
        use ir::BinaryOperation::{Add, Divide, Multiply, Subtract};
        let one = self.builder.constant(1.0);
        let next = self.builder.binary(Add, number, one);
        let scaled = self.combine(Multiply, Coefficient::Value(next), divisor);
        let distance = self.combine(Subtract, scaled, line.offset);
        let border = self.combine(Divide, distance, line.slope);
        (next, self.value(border))
    }

    /// Adds floor(−x) just after an event, for the floor of an x that rises.
    fn mirrored(&mut self, floor: Value) -> Value {
        let minus_one = self.builder.constant(-1.0);
        self.builder.binary(ir::BinaryOperation::Subtract, minus_one, floor)
    }

    fn negated(&mut self, line: Line) -> Line {
        Line { slope: self.opposite(line.slope), offset: self.opposite(line.offset) }
    }

    fn opposite(&mut self, coefficient: Coefficient) -> Coefficient {
        self.combine(ir::BinaryOperation::Multiply, coefficient, Coefficient::Number(-1.0))
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
        if let Some(Found::Known(found)) = self.lines.get(value.index()) {
            return *found;
        }
        let found = self.find_line(value, depth);
        if let Some(place) = self.lines.get_mut(value.index()) {
            *place = Found::Known(found);
        }
        found
    }

    fn find_line(&mut self, value: Value, depth: u32) -> Option<Line> {
        if self.is_still[value.index()] {
            let value = self.held[value.index()];
            let offset = match self.builder.as_constant(value) {
                Some(number) => Coefficient::Number(number),
                None => Coefficient::Value(value),
            };
            return Some(Line { slope: Coefficient::Number(0.0), offset });
        }
        if depth > MAXIMUM_DEPTH {
            return None;
        }
        match *self.builder.get(value) {
            ir::Expr::Time => {
                Some(Line { slope: Coefficient::Number(1.0), offset: Coefficient::Number(0.0) })
            }
            ir::Expr::Unary(ir::UnaryOperation::Negate, x) => {
                let line = self.line(x, depth + 1)?;
                Some(self.negated(line))
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
                let number = operation.apply(x, y);
                if !number.is_nan() {
                    return Coefficient::Number(number);
                }
                // A module holds no constant that is not a number.
                let (x, y) = (self.builder.constant(x), self.builder.constant(y));
                Coefficient::Value(self.builder.binary(operation, x, y))
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

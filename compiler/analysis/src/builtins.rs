//! Built-in functions, written out in operations of the intermediate representation.

use pmc_diagnostics::Span;
use pmc_grammar::ast::{Argument, ExprKind, Name};
use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Comparison, Function, Handle, UnaryOperation};

use crate::analyser::Analyser;
use crate::value::{Sequence, Value};

type Number = Handle<ir::Expr>;

/// A built-in function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    /// A function of the kernel's mathematics.
    Kernel(Function),
    /// An operation on one number.
    Unary(UnaryOperation),
    /// `min` or `max` of two or more.
    Extreme(BinaryOperation),
    /// One that expands to several operations of numbers.
    Expanded(Expansion),
    /// `sum(array)`.
    Sum,
    /// `prod(array)`.
    Product,
    /// `length(array)`.
    Length,
    /// `interp(x, xs, ys)`.
    Interpolate,
    /// `if_else(c, a, b)`.
    Choose,
}

/// Functions that expand to several operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expansion {
    /// The sign: −1, 0 or 1.
    Sign,
    /// a − b·⌊a/b⌋.
    Modulo,
    /// ⌊a/b⌋.
    IntegerDivide,
    /// The standard normal distribution function.
    Phi,
    /// ln(p / (1 − p)).
    Logit,
    /// 1 / (1 + e^(−x)).
    Expit,
    /// 1 from zero on, 0 below.
    Step,
    /// max(x, 0).
    Ramp,
    /// The cubic that rises from 0 at −w/2 to 1 at w/2.
    SmoothStep,
}

/// All built-in functions by name.
const BUILTINS: [(&str, Builtin); 46] = [
    ("abs", Builtin::Unary(UnaryOperation::Absolute)),
    ("ceil", Builtin::Unary(UnaryOperation::Ceiling)),
    ("exp", Builtin::Kernel(Function::Exp)),
    ("floor", Builtin::Unary(UnaryOperation::Floor)),
    ("ln", Builtin::Kernel(Function::Log)),
    ("log", Builtin::Kernel(Function::Log)),
    ("log10", Builtin::Kernel(Function::Log10)),
    ("log2", Builtin::Kernel(Function::Log2)),
    ("max", Builtin::Extreme(BinaryOperation::Maximum)),
    ("min", Builtin::Extreme(BinaryOperation::Minimum)),
    ("pow", Builtin::Kernel(Function::Pow)),
    ("round", Builtin::Kernel(Function::Round)),
    ("sin", Builtin::Kernel(Function::Sin)),
    ("cos", Builtin::Kernel(Function::Cos)),
    ("tan", Builtin::Kernel(Function::Tan)),
    ("sqrt", Builtin::Unary(UnaryOperation::SquareRoot)),
    ("expm1", Builtin::Kernel(Function::Expm1)),
    ("log1p", Builtin::Kernel(Function::Log1p)),
    ("sinh", Builtin::Kernel(Function::Sinh)),
    ("cosh", Builtin::Kernel(Function::Cosh)),
    ("tanh", Builtin::Kernel(Function::Tanh)),
    ("asin", Builtin::Kernel(Function::Asin)),
    ("acos", Builtin::Kernel(Function::Acos)),
    ("atan", Builtin::Kernel(Function::Atan)),
    ("atan2", Builtin::Kernel(Function::Atan2)),
    ("sign", Builtin::Expanded(Expansion::Sign)),
    ("trunc", Builtin::Unary(UnaryOperation::Truncate)),
    ("mod", Builtin::Expanded(Expansion::Modulo)),
    ("idiv", Builtin::Expanded(Expansion::IntegerDivide)),
    ("hypot", Builtin::Kernel(Function::Hypot)),
    ("cbrt", Builtin::Kernel(Function::Cbrt)),
    ("erf", Builtin::Kernel(Function::Erf)),
    ("erfc", Builtin::Kernel(Function::Erfc)),
    ("gamma", Builtin::Kernel(Function::Gamma)),
    ("lgamma", Builtin::Kernel(Function::LogGamma)),
    ("phi", Builtin::Expanded(Expansion::Phi)),
    ("logit", Builtin::Expanded(Expansion::Logit)),
    ("expit", Builtin::Expanded(Expansion::Expit)),
    ("sum", Builtin::Sum),
    ("prod", Builtin::Product),
    ("length", Builtin::Length),
    ("step", Builtin::Expanded(Expansion::Step)),
    ("ramp", Builtin::Expanded(Expansion::Ramp)),
    ("smoothstep", Builtin::Expanded(Expansion::SmoothStep)),
    ("interp", Builtin::Interpolate),
    ("if_else", Builtin::Choose),
];

impl Builtin {
    /// Finds a built-in function by name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        BUILTINS.iter().find(|(known, _)| *known == name).map(|(_, builtin)| *builtin)
    }

    /// Returns the names of all built-in functions.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        BUILTINS.iter().map(|(name, _)| *name)
    }

    /// Returns the smallest and, unless there is none, the largest number of arguments.
    const fn arity(self) -> (usize, Option<usize>) {
        match self {
            Self::Kernel(function) => (function.arity(), Some(function.arity())),
            Self::Extreme(_) => (2, None),
            Self::Expanded(Expansion::Modulo | Expansion::IntegerDivide | Expansion::SmoothStep) => {
                (2, Some(2))
            }
            Self::Unary(_) | Self::Expanded(_) | Self::Sum | Self::Product | Self::Length => (1, Some(1)),
            Self::Interpolate | Self::Choose => (3, Some(3)),
        }
    }
}

impl Analyser<'_> {
    /// Evaluates a call of a built-in function.
    pub(crate) fn builtin_value(
        &mut self,
        builtin: Builtin,
        function: &Name,
        arguments: &[Argument],
        span: Span,
    ) -> Value {
        let (least, most) = builtin.arity();
        if arguments.len() < least || most.is_some_and(|most| arguments.len() > most) {
            let expected = if most.is_none() { format!("{least} or more") } else { least.to_string() };
            self.diags.wrong_argument_count(span, &function.text, arguments.len(), &expected);
            return Value::Error;
        }
        match (builtin, arguments) {
            (Builtin::Sum, [array]) => self.fold_array(array, BinaryOperation::Add, span),
            (Builtin::Product, [array]) => self.fold_array(array, BinaryOperation::Multiply, span),
            (Builtin::Length, [array]) => match self.array_argument(array) {
                Some((sequence, _)) => Value::Scalar(self.graph.constant(sequence.length() as f64, span)),
                None => Value::Error,
            },
            (Builtin::Interpolate, [x, xs, ys]) => self.interpolation(&x.value, &xs.value, &ys.value, span),
            (Builtin::Choose, [condition, then, otherwise]) => {
                self.conditional_value(&condition.value, &then.value, &otherwise.value, span)
            }
            _ => self.numeric_builtin(builtin, arguments, span),
        }
    }

    fn numeric_builtin(&mut self, builtin: Builtin, arguments: &[Argument], span: Span) -> Value {
        let values: Vec<Option<Number>> =
            arguments.iter().map(|argument| self.real(&argument.value)).collect();
        let Some(values) = values.into_iter().collect::<Option<Vec<Number>>>() else {
            return Value::Error;
        };
        let value = match (builtin, values.as_slice()) {
            (Builtin::Kernel(Function::Pow), [base, exponent]) => {
                let base_span = arguments[0].value.span;
                return self.power_of(*base, *exponent, base_span, span);
            }
            (Builtin::Kernel(function), _) => self.graph.call(function, values, span),
            (Builtin::Unary(operation), [operand]) => self.graph.unary(operation, *operand, span),
            (Builtin::Extreme(operation), [first, rest @ ..]) => {
                rest.iter().fold(*first, |value, operand| self.graph.binary(operation, value, *operand, span))
            }
            (Builtin::Expanded(expansion), [operand]) => self.expand_one(expansion, *operand, span),
            (Builtin::Expanded(expansion), [left, right]) => self.expand_two(expansion, *left, *right, span),
            _ => unreachable!("the number of arguments was checked"),
        };
        Value::Scalar(value)
    }

    fn expand_one(&mut self, expansion: Expansion, x: Number, span: Span) -> Number {
        let graph = &mut self.graph;
        let zero = graph.constant(0.0, span);
        let one = graph.constant(1.0, span);
        match expansion {
            Expansion::Sign => {
                // Zero and NaN are their own sign.
                let minus_one = graph.constant(-1.0, span);
                let negative = graph.compare(Comparison::Less, x, zero, span);
                let positive = graph.compare(Comparison::Greater, x, zero, span);
                let otherwise = graph.select(negative, minus_one, x, span);
                graph.select(positive, one, otherwise, span)
            }
            Expansion::Phi => {
                let root = graph.constant(core::f64::consts::SQRT_2, span);
                let half = graph.constant(0.5, span);
                let minus = graph.unary(UnaryOperation::Negate, x, span);
                let scaled = graph.binary(BinaryOperation::Divide, minus, root, span);
                let tail = graph.call(Function::Erfc, vec![scaled], span);
                graph.binary(BinaryOperation::Multiply, half, tail, span)
            }
            Expansion::Logit => {
                let minus = graph.unary(UnaryOperation::Negate, x, span);
                let log = graph.call(Function::Log, vec![x], span);
                let complement = graph.call(Function::Log1p, vec![minus], span);
                graph.binary(BinaryOperation::Subtract, log, complement, span)
            }
            Expansion::Expit => {
                let minus = graph.unary(UnaryOperation::Negate, x, span);
                let power = graph.call(Function::Exp, vec![minus], span);
                let sum = graph.binary(BinaryOperation::Add, one, power, span);
                graph.binary(BinaryOperation::Divide, one, sum, span)
            }
            Expansion::Step => {
                let reached = graph.compare(Comparison::GreaterEqual, x, zero, span);
                graph.select(reached, one, zero, span)
            }
            Expansion::Ramp => graph.binary(BinaryOperation::Maximum, x, zero, span),
            Expansion::Modulo | Expansion::IntegerDivide | Expansion::SmoothStep => {
                unreachable!("takes two arguments")
            }
        }
    }

    fn expand_two(&mut self, expansion: Expansion, a: Number, b: Number, span: Span) -> Number {
        let graph = &mut self.graph;
        let ratio = graph.binary(BinaryOperation::Divide, a, b, span);
        if expansion == Expansion::SmoothStep {
            let numbers = [0.0, 0.5, 1.0, 2.0, 3.0].map(|value| graph.constant(value, span));
            let [zero, half, one, two, three] = numbers;
            let centred = graph.binary(BinaryOperation::Add, ratio, half, span);
            let above = graph.binary(BinaryOperation::Maximum, centred, zero, span);
            let u = graph.binary(BinaryOperation::Minimum, above, one, span);
            let square = graph.binary(BinaryOperation::Multiply, u, u, span);
            let twice = graph.binary(BinaryOperation::Multiply, two, u, span);
            let rest = graph.binary(BinaryOperation::Subtract, three, twice, span);
            return graph.binary(BinaryOperation::Multiply, square, rest, span);
        }
        let quotient = graph.unary(UnaryOperation::Floor, ratio, span);
        if expansion == Expansion::IntegerDivide {
            return quotient;
        }
        let whole = graph.binary(BinaryOperation::Multiply, b, quotient, span);
        graph.binary(BinaryOperation::Subtract, a, whole, span)
    }

    fn fold_array(&mut self, argument: &Argument, operation: BinaryOperation, span: Span) -> Value {
        let Some((sequence, name)) = self.array_argument(argument) else { return Value::Error };
        let Some(elements) = self.elements(&sequence, name, argument.value.span) else {
            return Value::Error;
        };
        let folded =
            elements.into_iter().reduce(|value, element| self.graph.binary(operation, value, element, span));
        folded.map_or(Value::Error, Value::Scalar)
    }

    /// Evaluates an argument that must be an array; the name is for messages.
    pub(crate) fn array_argument<'b>(&mut self, argument: &'b Argument) -> Option<(Sequence, &'b str)> {
        let name = match &argument.value.kind {
            ExprKind::Name(name) => name.as_str(),
            _ => "array",
        };
        match self.evaluate(&argument.value) {
            Value::Array(sequence) => return Some((sequence, name)),
            Value::Scalar(_) | Value::Affine(_) => self.diags.array_expected(argument.value.span),
            Value::Error => {}
        }
        None
    }
}

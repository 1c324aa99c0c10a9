//! The instructions of a register program.

/// The number of a register.
pub(crate) type Register = u32;

/// One step: what to compute of which registers, and where it goes. Registers that an operation does not read are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// What to compute.
    pub operation: Operation,
    /// Where it goes.
    pub out: Register,
    /// The operands, in order.
    pub operands: [Register; 4],
}

/// What an instruction computes of its operands `a`, `b`, `c` and `d`.
///
/// Truth values are 1 and 0. An operation that stands for two rounds each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// `a`.
    Copy,
    /// `-a`.
    Negate,
    /// `|a|`.
    Absolute,
    /// `√a`.
    SquareRoot,
    /// The largest whole number not above `a`.
    Floor,
    /// The smallest whole number not below `a`.
    Ceiling,
    /// The whole part of `a`.
    Truncate,
    /// Whether `a` is false.
    Not,
    /// A function of `a`; the second operand is its number among all functions.
    Call,
    /// A function of `a` and `b`; the third operand is its number among all functions.
    CallTwo,
    /// `a + b`.
    Add,
    /// `a - b`.
    Subtract,
    /// `a * b`.
    Multiply,
    /// `a / b`.
    Divide,
    /// The smaller of `a` and `b`.
    Minimum,
    /// The larger of `a` and `b`.
    Maximum,
    /// Whether `a` and `b` hold.
    And,
    /// Whether `a` or `b` holds.
    Or,
    /// Whether `a == b`.
    Equal,
    /// Whether `a != b`.
    NotEqual,
    /// Whether `a < b`.
    Less,
    /// Whether `a <= b`.
    LessEqual,
    /// `b` where `a` holds, else `c`.
    Select,
    /// `c` where `a == b`, else `d`.
    SelectEqual,
    /// `c` where `a != b`, else `d`.
    SelectNotEqual,
    /// `c` where `a < b`, else `d`.
    SelectLess,
    /// `c` where `a <= b`, else `d`.
    SelectLessEqual,
    /// `-(a * b)`.
    NegatedProduct,
    /// `a * b + c`.
    ProductPlus,
    /// `a * b - c`.
    ProductMinus,
    /// `c - a * b`.
    MinusProduct,
    /// `a * b * c`.
    ProductTimes,
    /// `a * b / c`.
    ProductOver,
    /// `a / b * c`.
    QuotientTimes,
    /// `a / b + c`.
    QuotientPlus,
    /// `a / b - c`.
    QuotientMinus,
    /// `c - a / b`.
    MinusQuotient,
    /// `c / (a + b)`.
    OverSum,
    /// `(a + b) * c`.
    SumTimes,
    /// `(a - b) * c`.
    DifferenceTimes,
    /// `a + b + c`.
    SumPlus,
    /// `a + b - c`.
    SumMinus,
    /// `a - b - c`.
    DifferenceMinus,
    /// `a - b + c`.
    DifferencePlus,
    /// `c - (a - b)`.
    MinusDifference,
    /// `c - (a + b)`.
    MinusSum,
    /// `a * b + c * d`.
    ProductPlusProduct,
    /// `a * b - c * d`.
    ProductMinusProduct,
}

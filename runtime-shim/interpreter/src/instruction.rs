//! The instructions of a register program.

/// Where an operand lies: an element of one of the arrays that a function works on.
///
/// The number is the offset of the element in bytes, if elements have eight, plus the number of the space; offsets of
/// elements of eight bytes have three bits to spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Operand(u32);

/// The arrays that a function works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// Values on their way.
    Register = 0,
    /// The frame.
    Frame = 1,
    /// The states.
    State = 2,
    /// The results.
    Out = 3,
    /// The partial derivatives with respect to time.
    TimeDerivative = 4,
    /// Time, the only element.
    Time = 5,
    /// Constants.
    Constant = 6,
}

/// Number of spaces, and of those that there could be.
pub(crate) const SPACES: usize = 8;

/// Most elements of a space.
pub(crate) const ELEMENTS: u32 = 1 << 29;

impl Operand {
    /// Names an element of a space; the caller makes sure that it lies below [`ELEMENTS`].
    pub(crate) const fn new(space: Space, element: u32) -> Self {
        Self(element << 3 | space as u32)
    }

    /// Returns the number of the space, below [`SPACES`].
    pub(crate) const fn space(self) -> usize {
        self.0 as usize % SPACES
    }

    /// Returns the number of the element.
    pub(crate) const fn element(self) -> usize {
        (self.0 >> 3) as usize
    }
}

/// One step: what to compute of which operands, and where it goes.
///
/// Truth values are 1 and 0. What takes three operands stands for two operations that follow one another, each rounded
/// by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Instruction {
    /// `a`.
    Copy { out: Operand, a: Operand },
    /// `-a`.
    Negate { out: Operand, a: Operand },
    /// `|a|`.
    Absolute { out: Operand, a: Operand },
    /// `√a`.
    SquareRoot { out: Operand, a: Operand },
    /// The largest whole number not above `a`.
    Floor { out: Operand, a: Operand },
    /// The smallest whole number not below `a`.
    Ceiling { out: Operand, a: Operand },
    /// The whole part of `a`.
    Truncate { out: Operand, a: Operand },
    /// Whether `a` is false.
    Not { out: Operand, a: Operand },
    /// A function of one argument.
    Call { out: Operand, a: Operand, function: fn(f64) -> f64 },
    /// `a + b`.
    Add { out: Operand, a: Operand, b: Operand },
    /// `a - b`.
    Subtract { out: Operand, a: Operand, b: Operand },
    /// `a * b`.
    Multiply { out: Operand, a: Operand, b: Operand },
    /// `a / b`.
    Divide { out: Operand, a: Operand, b: Operand },
    /// The smaller.
    Minimum { out: Operand, a: Operand, b: Operand },
    /// The larger.
    Maximum { out: Operand, a: Operand, b: Operand },
    /// Whether both hold.
    And { out: Operand, a: Operand, b: Operand },
    /// Whether one holds.
    Or { out: Operand, a: Operand, b: Operand },
    /// `-(a * b)`.
    NegatedProduct { out: Operand, a: Operand, b: Operand },
    /// A function of two arguments.
    CallTwo { out: Operand, a: Operand, b: Operand, function: fn(f64, f64) -> f64 },
    /// Whether a comparison holds.
    Compare { comparison: pmc_ir::Comparison, out: Operand, a: Operand, b: Operand },
    /// `b` where `a` holds, else `c`.
    Select { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `d` where `a < b`, else `e`; the comparison may be another one.
    CompareSelect {
        comparison: pmc_ir::Comparison,
        out: Operand,
        a: Operand,
        b: Operand,
        c: Operand,
        d: Operand,
    },
    /// `a * b + c`.
    ProductPlus { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a * b - c`.
    ProductMinus { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `c - a * b`.
    MinusProduct { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a * b * c`.
    ProductTimes { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a * b / c`.
    ProductOver { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a / b * c`.
    QuotientTimes { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a / b + c`.
    QuotientPlus { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `c - a / b`.
    MinusQuotient { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `c / (a + b)`.
    OverSum { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `(a + b) * c`.
    SumTimes { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `(a - b) * c`.
    DifferenceTimes { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a + b + c`.
    SumPlus { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a + b - c`.
    SumMinus { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a - b - c`.
    DifferenceMinus { out: Operand, a: Operand, b: Operand, c: Operand },
    /// `a - b + c`.
    DifferencePlus { out: Operand, a: Operand, b: Operand, c: Operand },
}

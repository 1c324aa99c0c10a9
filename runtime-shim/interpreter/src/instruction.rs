//! The instructions of a register program.

/// The number of a register.
pub(crate) type Register = u32;

/// One step: what to compute of which registers, and where it goes. Registers that an operation does not read are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// What to compute.
    pub operation: Operation,
    /// The number of the function that is called among all functions; 0 where none is.
    pub function: u32,
    /// Where it goes.
    pub out: Register,
    /// The operands, in order.
    pub operands: [Register; 4],
}

impl Instruction {
    /// Returns how far the registers of an instruction are from those of this one.
    pub(crate) fn distance(&self, next: &Self) -> Stride {
        Stride {
            out: next.out.wrapping_sub(self.out),
            operands: core::array::from_fn(|place| next.operands[place].wrapping_sub(self.operands[place])),
        }
    }
}

impl Operation {
    /// Returns whether the operation says how often to do the next one.
    pub(crate) const fn repeats(self) -> bool {
        matches!(self, Self::Repeat | Self::Accumulate)
    }

    /// Returns whether there is a way to keep the third operand at hand while the operation is repeated.
    pub(crate) const fn accumulates(self) -> bool {
        matches!(self, Self::ProductPlus | Self::MinusProduct | Self::QuotientPlus | Self::MinusQuotient)
    }

    /// Returns how many operands are read from registers, from the first on.
    pub(crate) const fn operands(self) -> usize {
        match self {
            Self::Repeat | Self::Accumulate => 0,
            Self::Copy
            | Self::Negate
            | Self::Absolute
            | Self::SquareRoot
            | Self::Floor
            | Self::Ceiling
            | Self::Truncate
            | Self::Not
            | Self::Call => 1,
            Self::CallTwo
            | Self::Add
            | Self::Subtract
            | Self::Multiply
            | Self::Divide
            | Self::Minimum
            | Self::Maximum
            | Self::And
            | Self::Or
            | Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessEqual
            | Self::NegatedProduct => 2,
            Self::SelectEqual
            | Self::SelectNotEqual
            | Self::SelectLess
            | Self::SelectLessEqual
            | Self::ProductPlusProduct
            | Self::ProductMinusProduct => 4,
            _ => 3,
        }
    }
}

/// How far registers move from one instruction to the next; wraps round where they move down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stride {
    /// The register of the result.
    pub out: Register,
    /// The registers of the operands.
    pub operands: [Register; 4],
}

/// Registers of a function that hold arrays of its caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrays {
    /// The first one that holds a state.
    pub states: Register,
    /// How many do.
    pub count: u32,
    /// The first one of a result.
    pub results: Register,
    /// Number of results.
    pub places: usize,
}

/// An instruction, or one with how often it is done.
pub(crate) struct Unit<'i> {
    /// How often, and with which strides.
    pub by: Option<&'i Instruction>,
    /// What is done, the first time.
    pub first: &'i Instruction,
}

/// Returns what a list of instructions does, in order.
pub(crate) fn units(instructions: &[Instruction]) -> impl Iterator<Item = Unit<'_>> {
    let mut rest = instructions.iter();
    core::iter::from_fn(move || {
        let first = rest.next()?;
        if first.operation.repeats() {
            return Some(Unit { by: Some(first), first: rest.next()? });
        }
        Some(Unit { by: None, first })
    })
}

impl Unit<'_> {
    /// Returns how often it is done.
    #[inline]
    pub(crate) fn times(&self) -> u32 {
        self.by.map_or(1, |by| by.out)
    }

    /// Returns how far registers move each time.
    #[inline]
    pub(crate) fn stride(&self) -> Stride {
        match self.by {
            None => Stride { out: 0, operands: [0; 4] },
            Some(by) => Stride { out: u32::from(by.operation == Operation::Repeat), operands: by.operands },
        }
    }

    /// Returns the registers that it reads, after it has been done so many times.
    pub(crate) fn operands(&self, time: u32) -> impl Iterator<Item = Register> {
        let strides = self.stride().operands;
        let registers = self.first.operands.into_iter().zip(strides);
        registers
            .take(self.first.operation.operands())
            .map(move |(register, stride)| register.wrapping_add(stride.wrapping_mul(time)))
    }
}

/// What an instruction computes of its operands `a`, `b`, `c` and `d`.
///
/// Truth values are 1 and 0. An operation that stands for two rounds each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// The instruction after this one, as often as the number of this one's result says. Each time the result goes one
    /// register further, and the operands move by the numbers of this one's operands.
    Repeat,
    /// The same, with a result that stays where it is, is the third operand each time, and none of the others.
    Accumulate,
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
    /// A function of `a`.
    Call,
    /// A function of `a` and `b`.
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

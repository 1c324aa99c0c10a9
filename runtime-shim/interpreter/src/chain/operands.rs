//! Which registers instructions read and write.

use crate::instruction::{Operation, Register, Unit};

impl Operation {
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

impl Unit<'_> {
    /// Returns in how many registers it leaves results.
    pub(crate) fn width(&self) -> usize {
        if self.stride().out == 0 { 1 } else { self.times() as usize }
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

//! A function for each operation, in each way that it is done and for each destination.

use pmc_kernel::lanes::Lanes;

use super::ways::{Memory, Way, abreast, accumulated, load, load_few, once, repeated};
use super::{Destination, Link, Run};
use crate::compute::Number;
use crate::instruction::Operation;

/// What registers may hold, with the functions for it.
pub(crate) trait Linked: Number {
    /// Returns what loads so many states.
    fn load(states: u32) -> Run<Self>;

    /// Returns what does an operation and where it puts the result.
    fn find(way: Way, operation: Operation, to: Destination) -> Run<Self>;
}

/// Writes a function of the signature of links.
macro_rules! link {
    ([$($feature:meta)?], $number:ty, |$at:ident, $memory:ident| $body:expr) => {{
        $(#[$feature])?
        unsafe fn run(
            $at: *const Link<$number>,
            registers: *mut $number,
            out: *mut $number,
            states: *const $number,
        ) -> *const Link<$number> {
            let $memory = Memory { registers, out, states };
            // SAFETY: what the caller has promised.
            unsafe { $body }
        }
        run
    }};
}

/// Finds the function for an operation of a list; everything else is a mistake of ours.
macro_rules! find {
    ($operation:expr, $to:expr, $number:ty, $way:ident, $features:tt, [$($name:ident)*]) => {
        match ($operation, $to) {
            $(
                (Operation::$name, Destination::Register) => {
                    link!($features, $number, |at, memory| {
                        $way(Operation::$name, Destination::Register, at, memory)
                    })
                }
                (Operation::$name, Destination::Result) => {
                    link!($features, $number, |at, memory| {
                        $way(Operation::$name, Destination::Result, at, memory)
                    })
                }
                (Operation::$name, Destination::Both) => {
                    link!($features, $number, |at, memory| {
                        $way(Operation::$name, Destination::Both, at, memory)
                    })
                }
            )*
            _ => unreachable!("only some operations add up, and repetitions are not nested"),
        }
    };
}

/// Finds the function for any operation but those that say how to do others.
macro_rules! find_any {
    ($operation:expr, $to:expr, $number:ty, $way:ident, $features:tt) => {
        find!(
            $operation, $to, $number, $way, $features,
            [
                Copy Negate Absolute SquareRoot Floor Ceiling Truncate Not Call CallTwo Add Subtract Multiply Divide
                Minimum Maximum And Or Equal NotEqual Less LessEqual Select SelectEqual SelectNotEqual SelectLess
                SelectLessEqual NegatedProduct ProductPlus ProductMinus MinusProduct ProductTimes ProductOver
                QuotientTimes QuotientPlus QuotientMinus MinusQuotient OverSum SumTimes DifferenceTimes SumPlus
                SumMinus DifferenceMinus DifferencePlus MinusDifference MinusSum ProductPlusProduct
                ProductMinusProduct
            ]
        )
    };
}

/// Finds the function for what adds up.
macro_rules! find_sum {
    ($operation:expr, $to:expr, $number:ty, $features:tt) => {
        find!(
            $operation, $to, $number, accumulated, $features,
            [ProductPlus MinusProduct QuotientPlus MinusQuotient]
        )
    };
}

impl Linked for f64 {
    fn load(states: u32) -> Run<Self> {
        match states {
            0 => link!([], f64, |at, memory| load_few::<_, 0>(at, memory)),
            1 => link!([], f64, |at, memory| load_few::<_, 1>(at, memory)),
            2 => link!([], f64, |at, memory| load_few::<_, 2>(at, memory)),
            3 => link!([], f64, |at, memory| load_few::<_, 3>(at, memory)),
            4 => link!([], f64, |at, memory| load_few::<_, 4>(at, memory)),
            5 => link!([], f64, |at, memory| load_few::<_, 5>(at, memory)),
            6 => link!([], f64, |at, memory| load_few::<_, 6>(at, memory)),
            7 => link!([], f64, |at, memory| load_few::<_, 7>(at, memory)),
            8 => link!([], f64, |at, memory| load_few::<_, 8>(at, memory)),
            _ => link!([], f64, |at, memory| load(at, memory)),
        }
    }

    fn find(way: Way, operation: Operation, to: Destination) -> Run<Self> {
        match way {
            Way::Once => find_any!(operation, to, f64, once, []),
            Way::Repeated => find_any!(operation, to, f64, repeated, []),
            Way::Abreast => find_any!(operation, to, f64, abreast, []),
            Way::Accumulated => find_sum!(operation, to, f64, []),
        }
    }
}

impl Linked for Lanes {
    fn load(_: u32) -> Run<Self> {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            return link!([target_feature(enable = "avx2")], Lanes, |at, memory| load(at, memory));
        }
        link!([], Lanes, |at, memory| load(at, memory))
    }

    fn find(way: Way, operation: Operation, to: Destination) -> Run<Self> {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            return find_wide(way, operation, to);
        }
        match way {
            Way::Once => find_any!(operation, to, Lanes, once, []),
            Way::Repeated | Way::Abreast => find_any!(operation, to, Lanes, repeated, []),
            Way::Accumulated => find_sum!(operation, to, Lanes, []),
        }
    }
}

/// Returns functions for processors whose vectors hold four numbers: the same operations, so the same bits, but more of them at
/// once.
#[cfg(target_arch = "x86_64")]
fn find_wide(way: Way, operation: Operation, to: Destination) -> Run<Lanes> {
    match way {
        Way::Once => find_any!(operation, to, Lanes, once, [target_feature(enable = "avx2")]),
        Way::Repeated | Way::Abreast => {
            find_any!(operation, to, Lanes, repeated, [target_feature(enable = "avx2")])
        }
        Way::Accumulated => find_sum!(operation, to, Lanes, [target_feature(enable = "avx2")]),
    }
}

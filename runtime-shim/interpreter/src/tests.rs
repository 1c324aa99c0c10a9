//! Both forms of programs, for one subject and for several, do the same.
#![allow(unsafe_code, reason = "registers are counted below")]

use pmc_kernel::lanes::{LANES, Lanes};

use crate::chain::Chain;
use crate::instruction::{Arrays, Instruction, Operation, Register};
use crate::repeat::repeat;
use crate::walk::Walk;

const ALL: [Operation; 48] = [
    Operation::Copy,
    Operation::Negate,
    Operation::Absolute,
    Operation::SquareRoot,
    Operation::Floor,
    Operation::Ceiling,
    Operation::Truncate,
    Operation::Not,
    Operation::Call,
    Operation::CallTwo,
    Operation::Add,
    Operation::Subtract,
    Operation::Multiply,
    Operation::Divide,
    Operation::Minimum,
    Operation::Maximum,
    Operation::And,
    Operation::Or,
    Operation::Equal,
    Operation::NotEqual,
    Operation::Less,
    Operation::LessEqual,
    Operation::Select,
    Operation::SelectEqual,
    Operation::SelectNotEqual,
    Operation::SelectLess,
    Operation::SelectLessEqual,
    Operation::NegatedProduct,
    Operation::ProductPlus,
    Operation::ProductMinus,
    Operation::MinusProduct,
    Operation::ProductTimes,
    Operation::ProductOver,
    Operation::QuotientTimes,
    Operation::QuotientPlus,
    Operation::QuotientMinus,
    Operation::MinusQuotient,
    Operation::OverSum,
    Operation::SumTimes,
    Operation::DifferenceTimes,
    Operation::SumPlus,
    Operation::SumMinus,
    Operation::DifferenceMinus,
    Operation::DifferencePlus,
    Operation::MinusDifference,
    Operation::MinusSum,
    Operation::ProductPlusProduct,
    Operation::ProductMinusProduct,
];

/// Constants, then states, results, a register that nothing has, temporaries.
const CONSTANTS: u32 = 6;
const STATES: u32 = 11;
const RESULTS: u32 = 24;
const TEMPORARIES: u32 = 24;
const ARRAYS: Arrays =
    Arrays { states: CONSTANTS, count: STATES, results: CONSTANTS + STATES, places: RESULTS as usize };
const FIRST_TEMPORARY: u32 = ARRAYS.results + RESULTS + 1;
const REGISTERS: u32 = FIRST_TEMPORARY + TEMPORARIES;

/// Numbers that look random; Knuth's linear congruence.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }

    /// Returns a register that holds something, or the other half where that does not matter.
    fn readable(&mut self) -> Register {
        match self.below(4) {
            0 => self.below(CONSTANTS),
            1 => CONSTANTS + self.below(STATES),
            2 => ARRAYS.results + self.below(RESULTS),
            _ => FIRST_TEMPORARY + self.below(TEMPORARIES),
        }
    }

    fn writable(&mut self) -> Register {
        if self.below(2) == 0 {
            ARRAYS.results + self.below(RESULTS)
        } else {
            FIRST_TEMPORARY + self.below(TEMPORARIES)
        }
    }

    fn instruction(&mut self, operation: Operation) -> Instruction {
        let function = match operation {
            Operation::Call => self.below(6),
            Operation::CallTwo => 6,
            _ => 0,
        };
        let mut operands = [0; 4];
        for operand in operands.iter_mut().take(operation.operands()) {
            *operand = self.readable();
        }
        Instruction { operation, function, out: self.writable(), operands }
    }

    /// Returns some times an instruction whose registers move on, none of them beyond its array.
    fn run(&mut self, operation: Operation) -> Vec<Instruction> {
        let first = self.instruction(operation);
        let times = 1 + self.below(7);
        let strides: [u32; 4] = core::array::from_fn(|_| [0, 1, 1, u32::MAX, 2][self.below(5) as usize]);
        let out = u32::from(self.below(4) > 0);
        let at = |time: u32| Instruction {
            out: first.out + out * time,
            operands: core::array::from_fn(|place| {
                first.operands[place].wrapping_add(strides[place].wrapping_mul(time))
            }),
            ..first
        };
        let reads = operation.operands();
        let fits = |instruction: &Instruction| {
            let last = if first.out < FIRST_TEMPORARY { FIRST_TEMPORARY - 2 } else { REGISTERS - 1 };
            instruction.out <= last
                && instruction.operands[..reads].iter().all(|operand| *operand < REGISTERS)
        };
        let unread = |mut instruction: Instruction| {
            instruction.operands[reads..].fill(0);
            instruction
        };
        (0..times).map(at).take_while(fits).map(unread).collect()
    }

    /// Returns instructions that add up.
    fn sum(&mut self, operation: Operation) -> Vec<Instruction> {
        let out = FIRST_TEMPORARY + self.below(TEMPORARIES);
        let first = self.below(CONSTANTS);
        let at =
            |time| Instruction { operation, function: 0, out, operands: [first, CONSTANTS + time, out, 0] };
        (0..STATES).map(at).collect()
    }

    fn program(&mut self) -> Vec<Instruction> {
        let mut program = Vec::new();
        for _ in 0..=self.below(60) {
            let operation = ALL[self.below(ALL.len() as u32) as usize];
            match self.below(8) {
                0 => program.extend(self.run(operation)),
                1 if operation.accumulates() => program.extend(self.sum(operation)),
                _ => program.push(self.instruction(operation)),
            }
        }
        program
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    // All that is not a number is the same: hosts may have any of them.
    values.iter().map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect()
}

/// Returns the results of the links, one subject.
fn linked(program: &[Instruction], start: &[f64], states: &[f64]) -> Vec<u64> {
    let mut registers = start.to_vec();
    let mut out = vec![0.0; RESULTS as usize];
    let chain = Chain::new(program, ARRAYS);
    // SAFETY: there are as many as the constants above say.
    unsafe { chain.run(registers.as_mut_ptr(), out.as_mut_ptr(), states.as_ptr()) };
    bits(&out)
}

/// Returns the results of the walk.
fn walked(program: &[Instruction], start: &[f64], states: &[f64]) -> Vec<u64> {
    let mut registers = start.to_vec();
    let mut out = vec![0.0; RESULTS as usize];
    let walk = Walk::new(program, ARRAYS);
    // SAFETY: as above.
    unsafe { walk.run(registers.as_mut_ptr(), out.as_mut_ptr(), states.as_ptr()) };
    bits(&out)
}

/// Returns the results of the links for several subjects, by subject.
fn abreast(program: &[Instruction], starts: &[Vec<f64>], states: &[Vec<f64>]) -> Vec<Vec<u64>> {
    let lanes = |columns: &[Vec<f64>]| -> Vec<Lanes> {
        (0..columns[0].len()).map(|row| Lanes(core::array::from_fn(|lane| columns[lane][row]))).collect()
    };
    let (mut registers, states) = (lanes(starts), lanes(states));
    let mut out = vec![Lanes::all(0.0); RESULTS as usize];
    let chain = Chain::new(program, ARRAYS);
    // SAFETY: as above.
    unsafe { chain.run(registers.as_mut_ptr(), out.as_mut_ptr(), states.as_ptr()) };
    (0..LANES).map(|lane| bits(&out.iter().map(|lanes| lanes.0[lane]).collect::<Vec<_>>())).collect()
}

#[test]
fn all_forms_of_a_program_do_the_same() {
    let mut numbers = Numbers(20_261_127);
    for _ in 0..2_000 {
        let plain = numbers.program();
        // All results are written, so that none shows what was there before.
        let write = |place| Instruction {
            operation: Operation::Copy,
            function: 0,
            out: ARRAYS.results + place,
            operands: [CONSTANTS + place % STATES, 0, 0, 0],
        };
        let plain: Vec<Instruction> = (0..RESULTS).map(write).chain(plain).collect();
        let program = repeat(&plain);
        let mut value = || f64::from(numbers.below(4_000)) / 500.0 - 3.0;
        let starts: Vec<Vec<f64>> = (0..LANES).map(|_| (0..REGISTERS).map(|_| value()).collect()).collect();
        let states: Vec<Vec<f64>> = (0..LANES).map(|_| (0..STATES).map(|_| value()).collect()).collect();
        let together = abreast(&program, &starts, &states);
        for ((start, state), together) in starts.iter().zip(&states).zip(together) {
            let expected = walked(&plain, start, state);
            assert_eq!(walked(&program, start, state), expected, "runs in the walk: {program:?}");
            assert_eq!(linked(&plain, start, state), expected, "links: {plain:?}");
            assert_eq!(linked(&program, start, state), expected, "runs of links: {program:?}");
            assert_eq!(together, expected, "several subjects: {program:?}");
        }
    }
}

#[test]
fn calls_of_neighbouring_functions_are_no_run() {
    let call = |place: u32| Instruction {
        operation: Operation::Call,
        function: place,
        out: ARRAYS.results + place,
        operands: [0; 4],
    };
    let plain: Vec<Instruction> = (0..6).map(call).collect();
    assert_eq!(*repeat(&plain), *plain);
    let alike: Vec<Instruction> = (0..6).map(|place| Instruction { function: 3, ..call(place) }).collect();
    assert_eq!(repeat(&alike).len(), 2, "{alike:?}");
}

#[test]
fn long_runs_that_cannot_be_repeated_are_looked_at_once() {
    // Each multiplies what the one before it has left: neither moves on nor adds up. At a look a pair, quadratic time
    // would take hours.
    let product = Instruction {
        operation: Operation::Multiply,
        function: 0,
        out: FIRST_TEMPORARY,
        operands: [FIRST_TEMPORARY, 0, 0, 0],
    };
    let plain = vec![product; 3_000_000];
    assert_eq!(*repeat(&plain), *plain);
}

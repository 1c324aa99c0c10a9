//! From the graph of expressions to the instructions of one function.
//!
//! 1. Count how often each value is used, from the results down to what the function may load.
//! 2. Decide which values are computed along with their users.
//! 3. Write one instruction a value, in the order of the graph, into a register that is free by then, or right into the
//!    register of a result.
//! 4. Number the registers: constants, elements of the frame, time, states, results, values on their way.
//!
//! Both sides of a selection are computed. Each step is one walk over the handles; nothing recurses.

use pmc_abi::frame::FrameLayout;
use pmc_backend::{Leaf, Place, Source};
use pmc_ir::{BinaryOperation, Expr, Function, Handle, Implementation, Logic, UnaryOperation};

use crate::fuse::{self, Fused};
use crate::instruction::{Arrays, Instruction, Operation, Register};
use crate::numbering::{Numbering, Operand};
use crate::program::Program;
use crate::registers::Places;

/// The instructions of one function, with what its registers hold when it starts.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    /// What to do, in order.
    pub instructions: Box<[Instruction]>,
    /// The same, ready to run.
    pub program: Program<f64>,
    /// Where the states and the results are.
    pub arrays: Arrays,
    /// The first registers hold these for ever.
    pub constants: Box<[f64]>,
    /// The registers after them hold these elements of the frame.
    pub frame: Box<[u32]>,
    /// The register after them holds time.
    pub time: Register,
    /// Where each result goes.
    pub places: Box<[Place]>,
    /// Number of registers.
    pub registers: usize,
}

/// The functions of a model are too large, or too many of them are made of too many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// What may still be written, so that translation takes seconds and memory below a gigabyte, whatever the program.
pub(crate) struct Budget {
    /// Values that may be looked at, function by function.
    values: u64,
    /// Instructions that may be written.
    instructions: u64,
}

impl Budget {
    /// Makes the budget of a model.
    pub(crate) const fn new() -> Self {
        Self { values: 1 << 26, instructions: 1 << 23 }
    }
}

/// Takes from a budget; fails if there is not as much.
fn spend(budget: &mut u64, amount: usize) -> Result<(), TooLarge> {
    *budget = budget.checked_sub(amount as u64).ok_or(TooLarge)?;
    Ok(())
}

/// Writes the function that delivers `results`.
pub(crate) fn translate(
    budget: &mut Budget,
    source: &Source<'_>,
    readable_slots: u32,
    results: &[(Place, Handle<Expr>)],
) -> Result<Code, TooLarge> {
    let length = results.iter().map(|(_, value)| value.index() + 1).max().unwrap_or(0);
    spend(&mut budget.values, length)?;
    let scope = Scope { source, readable_slots };
    let uses = scope.count_uses(length, results);
    let fused = scope.choose_fused(&uses, results);
    let mut translation = Translation {
        last_use: scope.find_last_uses(&uses, &fused),
        scope,
        uses,
        fused,
        places: vec![None; length],
        temporaries: Places::default(),
        numbering: Numbering::default(),
        instructions: Vec::new(),
    };
    translation.write(results);
    let Translation { numbering, instructions, temporaries, .. } = translation;
    spend(&mut budget.instructions, instructions.len())?;
    Ok(numbering.finish(&instructions, results, temporaries.used()))
}

/// A function's view of the graph.
struct Scope<'a> {
    source: &'a Source<'a>,
    readable_slots: u32,
}

/// Whether and how each value is computed.
#[derive(Clone)]
enum Choice {
    /// Nothing needs it, or its users compute it along with themselves.
    Skipped,
    /// By itself.
    Alone,
    /// Along with operands.
    Fused(Fused),
}

impl Scope<'_> {
    fn leaf(&self, value: Handle<Expr>) -> Option<Leaf> {
        self.source.leaf(value, self.readable_slots)
    }

    /// Returns whether a value has to be computed here.
    fn is_computed(&self, value: Handle<Expr>) -> bool {
        matches!(self.leaf(value), None | Some(Leaf::Sloped(..)))
    }

    /// Calls `visit` with each operand of a value that is computed from others.
    fn for_each_operand(&self, value: Handle<Expr>, visit: impl FnMut(Handle<Expr>)) {
        if self.leaf(value).is_none() {
            self.source.expression(value).for_each_operand(visit);
        }
    }

    /// Calls `visit` with each value that is read when a value is computed.
    fn for_each_read(&self, value: Handle<Expr>, choice: &Choice, visit: impl FnMut(Handle<Expr>)) {
        match choice {
            Choice::Skipped => {}
            Choice::Alone => self.for_each_operand(value, visit),
            Choice::Fused(fused) => fused.reads.into_iter().for_each(visit),
        }
    }

    fn count_uses(&self, length: usize, results: &[(Place, Handle<Expr>)]) -> Vec<u32> {
        let mut uses = vec![0_u32; length];
        for (_, value) in results {
            uses[value.index()] += 1;
        }
        for index in (0..length).rev() {
            if 0 < uses[index] {
                self.for_each_operand(Handle::from_index(index), |operand| uses[operand.index()] += 1);
            }
        }
        uses
    }

    /// Decides how values are computed.
    fn choose_fused(&self, uses: &[u32], results: &[(Place, Handle<Expr>)]) -> Vec<Choice> {
        let mut is_result = vec![false; uses.len()];
        for (_, value) in results {
            is_result[value.index()] = true;
        }
        let mut choices = vec![Choice::Skipped; uses.len()];
        let mut absorbed = vec![0_u32; uses.len()];
        for index in (0..uses.len()).filter(|index| 0 < uses[*index]) {
            let value = Handle::from_index(index);
            if !self.is_computed(value) {
                continue;
            }
            let inner = |operand: Handle<Expr>| {
                let at = operand.index();
                let plain = matches!(choices[at], Choice::Alone) && !is_result[at];
                let worth = uses[at] == 1 || (uses[at] == 2 && self.is_product_of_leaves(operand));
                (plain && worth).then(|| self.source.expression(operand))
            };
            let found = if self.leaf(value).is_none() {
                fuse::fuse(self.source.expression(value), inner)
            } else {
                None
            };
            choices[index] = found.map_or(Choice::Alone, |fused| {
                fused.inner.into_iter().flatten().for_each(|operand| absorbed[operand.index()] += 1);
                Choice::Fused(fused)
            });
        }
        for (choice, (absorbed, uses)) in choices.iter_mut().zip(absorbed.iter().zip(uses)) {
            if 0 < *uses && absorbed == uses {
                *choice = Choice::Skipped;
            }
        }
        choices
    }

    /// Returns whether a value is so cheap that two users may both compute it along with themselves.
    fn is_product_of_leaves(&self, value: Handle<Expr>) -> bool {
        match *self.source.expression(value) {
            Expr::Binary(BinaryOperation::Multiply, a, b) => !self.is_computed(a) && !self.is_computed(b),
            _ => false,
        }
    }

    /// Finds until when each value has to be kept.
    fn find_last_uses(&self, uses: &[u32], choices: &[Choice]) -> Vec<usize> {
        let mut last_use: Vec<usize> = (0..uses.len()).collect();
        for (index, choice) in choices.iter().enumerate() {
            self.for_each_read(Handle::from_index(index), choice, |read| last_use[read.index()] = index);
        }
        last_use
    }
}

/// A function being written.
struct Translation<'a> {
    scope: Scope<'a>,
    /// How often each value is used, results included.
    uses: Vec<u32>,
    fused: Vec<Choice>,
    /// The last value that reads each value; itself if none does.
    last_use: Vec<usize>,
    /// Where each value that has been computed stands.
    places: Vec<Option<Operand>>,
    temporaries: Places,
    numbering: Numbering,
    instructions: Vec<Draft>,
}

/// An [`Instruction`] whose registers have no numbers yet.
pub(crate) struct Draft {
    pub(crate) operation: Operation,
    pub(crate) function: u32,
    pub(crate) out: Operand,
    pub(crate) operands: [Option<Operand>; 4],
}

impl Draft {
    fn new(operation: Operation, out: Operand, operands: &[Operand]) -> Self {
        Self {
            operation,
            function: 0,
            out,
            operands: core::array::from_fn(|place| operands.get(place).copied()),
        }
    }
}

impl Translation<'_> {
    /// Writes the instructions.
    fn write(&mut self, results: &[(Place, Handle<Expr>)]) {
        let mut order: Vec<usize> = (0..results.len()).collect();
        order.sort_by_key(|result| results[*result].1);
        let mut next = order.into_iter().peekable();
        for index in 0..self.uses.len() {
            let value = Handle::from_index(index);
            let is_it = |result: &usize| results[*result].1 == value;
            if !matches!(self.fused[index], Choice::Skipped) {
                let out = next.next_if(is_it).map(|result| Operand::Result(result as u32));
                self.compute(value, out);
            }
            while let Some(result) = next.next_if(is_it) {
                let from = self.operand(value);
                self.instructions.push(Draft::new(Operation::Copy, Operand::Result(result as u32), &[from]));
            }
        }
    }

    /// Writes the computation of a value to a place or, if there is none, to a temporary.
    fn compute(&mut self, value: Handle<Expr>, out: Option<Operand>) {
        let choice = core::mem::replace(&mut self.fused[value.index()], Choice::Alone);
        let (operation, operands) = match (&choice, self.scope.leaf(value)) {
            (_, Some(Leaf::Sloped(start, slope))) => return self.compute_sloped(value, out, start, slope),
            (Choice::Fused(fused), _) => {
                (fused.operation, fused.reads.map(|read| self.operand(read)).to_vec())
            }
            _ => self.plain(value),
        };
        let mut dying: Vec<Handle<Expr>> = Vec::new();
        self.scope.for_each_read(value, &choice, |read| {
            if let Err(place) = dying.binary_search(&read) {
                dying.insert(place, read);
            }
        });
        for read in dying {
            if let Some(Operand::Temporary(place)) = self.places[read.index()]
                && self.last_use[read.index()] == value.index()
            {
                self.temporaries.give(place);
            }
        }
        let out = self.settle(value, out);
        let function = self.function(value);
        self.instructions.push(Draft { function, ..Draft::new(operation, out, &operands) });
    }

    /// Writes the value of a covariate on a slope.
    fn compute_sloped(&mut self, value: Handle<Expr>, out: Option<Operand>, start: u32, slope: u32) {
        let out = self.settle(value, out);
        let mut frame = |element| self.numbering.frame(element);
        let [start, slope, origin] = [frame(start), frame(slope), frame(FrameLayout::SEGMENT_START)];
        self.instructions.push(Draft::new(Operation::Subtract, out, &[Operand::Time, origin]));
        self.instructions.push(Draft::new(Operation::ProductPlus, out, &[slope, out, start]));
    }

    /// Decides where a value goes.
    fn settle(&mut self, value: Handle<Expr>, out: Option<Operand>) -> Operand {
        let out = out.unwrap_or_else(|| Operand::Temporary(self.temporaries.take()));
        self.places[value.index()] = Some(out);
        out
    }

    /// Returns the operation of a value that is computed by itself, with its operands.
    fn plain(&mut self, value: Handle<Expr>) -> (Operation, Vec<Operand>) {
        match *self.scope.source.expression(value) {
            Expr::Unary(operation, a) => (unary(operation), vec![self.operand(a)]),
            Expr::Binary(operation, a, b) => (binary(operation), vec![self.operand(a), self.operand(b)]),
            Expr::Compare(comparison, a, b) => {
                let (operation, a, b) = fuse::comparison(comparison, a, b);
                (operation, vec![self.operand(a), self.operand(b)])
            }
            Expr::Logic(logic, a, b) => {
                let operation = match logic {
                    Logic::And => Operation::And,
                    Logic::Or => Operation::Or,
                };
                (operation, vec![self.operand(a), self.operand(b)])
            }
            Expr::Select(a, b, c) => {
                (Operation::Select, vec![self.operand(a), self.operand(b), self.operand(c)])
            }
            Expr::Call(function, ref arguments) => {
                let operands = arguments.iter().map(|argument| self.operand(*argument)).collect();
                match function.implementation() {
                    Implementation::One(_) => (Operation::Call, operands),
                    Implementation::Two(_) => (Operation::CallTwo, operands),
                }
            }
            _ => unreachable!("leaves have no operands and are loaded"),
        }
    }

    /// Returns where a value stands.
    fn operand(&mut self, value: Handle<Expr>) -> Operand {
        if let Some(place) = self.places[value.index()] {
            return place;
        }
        match self.scope.leaf(value) {
            Some(Leaf::Constant(number)) => self.numbering.constant(number),
            Some(Leaf::Boolean(truth)) => self.numbering.constant(if truth { 1.0 } else { 0.0 }),
            Some(Leaf::Time) => Operand::Time,
            Some(Leaf::Frame(element) | Leaf::FrameBoolean(element)) => self.numbering.frame(element),
            Some(Leaf::State(element)) => self.numbering.state(element),
            Some(Leaf::Sloped(..)) | None => unreachable!("operands are computed before their users"),
        }
    }

    /// Returns the number of the function that a value calls, 0 if it calls none.
    fn function(&self, value: Handle<Expr>) -> u32 {
        let Expr::Call(function, _) = self.scope.source.expression(value) else { return 0 };
        Function::ALL.iter().position(|known| known == function).unwrap_or_default() as u32
    }
}

const fn unary(operation: UnaryOperation) -> Operation {
    match operation {
        UnaryOperation::Negate => Operation::Negate,
        UnaryOperation::Absolute => Operation::Absolute,
        UnaryOperation::SquareRoot => Operation::SquareRoot,
        UnaryOperation::Floor => Operation::Floor,
        UnaryOperation::Ceiling => Operation::Ceiling,
        UnaryOperation::Truncate => Operation::Truncate,
        UnaryOperation::Not => Operation::Not,
    }
}

const fn binary(operation: BinaryOperation) -> Operation {
    match operation {
        BinaryOperation::Add => Operation::Add,
        BinaryOperation::Subtract => Operation::Subtract,
        BinaryOperation::Multiply => Operation::Multiply,
        BinaryOperation::Divide => Operation::Divide,
        BinaryOperation::Minimum => Operation::Minimum,
        BinaryOperation::Maximum => Operation::Maximum,
    }
}

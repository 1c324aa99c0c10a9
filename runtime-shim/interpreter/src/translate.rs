//! From the graph of expressions to the instructions of one function.
//!
//! 1. Count how often each value is used, from the results down to what the function may load.
//! 2. Decide which values are computed along with their only user.
//! 3. Write one instruction a value, in the order of the graph, into a register that is free by then, or right into its
//!    place among the results.
//!
//! Both sides of a selection are computed. Each step is one walk over the handles; nothing recurses.

use pmc_abi::frame::FrameLayout;
use pmc_backend::{Leaf, Place, Source};
use pmc_ir::{self as ir, BinaryOperation, Expr, Handle, Implementation, Logic, UnaryOperation};

use crate::fuse;
use crate::instruction::{ELEMENTS, Instruction, Operand, SPACES, Space};
use crate::registers::{Constants, Registers};

/// The instructions of one function.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    /// What to do, in order.
    pub instructions: Box<[Instruction]>,
    /// For each space one past the last element that is read or written.
    pub extent: [usize; SPACES],
}

/// Writes the function that delivers `results`.
pub(crate) fn translate(
    source: &Source<'_>,
    constants: &mut Constants,
    readable_slots: u32,
    results: &[(Place, Handle<Expr>)],
) -> Code {
    let length = results.iter().map(|(_, value)| value.index() + 1).max().unwrap_or(0);
    let mut translation = Translation {
        source,
        constants,
        readable_slots,
        uses: vec![0; length],
        absorbed: vec![None; length],
        last_use: vec![0; length],
        places: vec![None; length],
        registers: Registers::default(),
        code: Code { instructions: Box::new([]), extent: [0; SPACES] },
        instructions: Vec::new(),
    };
    translation.count_uses(results);
    translation.choose_absorbed(results);
    translation.find_last_uses();
    translation.write(results);
    let Translation { mut code, instructions, registers, .. } = translation;
    code.extent[Space::Register as usize] = registers.used() as usize;
    code.instructions = instructions.into_boxed_slice();
    code
}

/// A function being written.
struct Translation<'a> {
    source: &'a Source<'a>,
    constants: &'a mut Constants,
    readable_slots: u32,
    /// How often each value is used, results included.
    uses: Vec<u32>,
    /// The user that computes a value along with itself.
    absorbed: Vec<Option<Handle<Expr>>>,
    /// The last value that needs each value; itself for those that nobody needs any more.
    last_use: Vec<usize>,
    /// Where each value that has been computed stands.
    places: Vec<Option<Operand>>,
    registers: Registers,
    code: Code,
    instructions: Vec<Instruction>,
}

impl Translation<'_> {
    /// Returns whether a value has to be computed here.
    fn is_computed(&self, value: Handle<Expr>) -> bool {
        matches!(self.source.leaf(value, self.readable_slots), None | Some(Leaf::Sloped(..)))
    }

    /// Calls `visit` with each operand of a value that is computed from others.
    fn for_each_operand(&self, value: Handle<Expr>, visit: impl FnMut(Handle<Expr>)) {
        if self.source.leaf(value, self.readable_slots).is_none() {
            self.source.expression(value).for_each_operand(visit);
        }
    }

    fn count_uses(&mut self, results: &[(Place, Handle<Expr>)]) {
        let mut uses = core::mem::take(&mut self.uses);
        for (_, value) in results {
            uses[value.index()] += 1;
        }
        for index in (0..uses.len()).rev() {
            if 0 < uses[index] {
                self.for_each_operand(Handle::from_index(index), |operand| uses[operand.index()] += 1);
            }
        }
        self.uses = uses;
    }

    /// Decides which values are computed along with their only user.
    fn choose_absorbed(&mut self, results: &[(Place, Handle<Expr>)]) {
        let mut is_result = vec![false; self.uses.len()];
        for (_, value) in results {
            is_result[value.index()] = true;
        }
        let mut absorbs = vec![false; self.uses.len()];
        for index in 0..self.uses.len() {
            let value = Handle::from_index(index);
            if self.uses[index] == 0 || self.source.leaf(value, self.readable_slots).is_some() {
                continue;
            }
            let inner = |operand: Handle<Expr>| {
                let at = operand.index();
                let free = self.uses[at] == 1 && !is_result[at] && !absorbs[at] && self.is_computed(operand);
                free.then(|| self.source.expression(operand))
            };
            let outer = self.source.expression(value);
            let found = fuse::pair(outer, inner)
                .map(|pair| pair.inner)
                .or_else(|| fuse::negated_product(outer, inner))
                .or_else(|| fuse::compared(outer, inner));
            if let Some(operand) = found {
                absorbs[index] = true;
                self.absorbed[operand.index()] = Some(value);
            }
        }
    }

    /// Finds until when each value has to be kept.
    fn find_last_uses(&mut self) {
        let mut last_use: Vec<usize> = (0..self.uses.len()).collect();
        for (index, absorbed) in self.absorbed.iter().enumerate() {
            if 0 < self.uses[index] {
                // The operands of an absorbed value are needed when its user is computed.
                let user = absorbed.map_or(index, Handle::index);
                self.for_each_operand(Handle::from_index(index), |operand| {
                    last_use[operand.index()] = last_use[operand.index()].max(user);
                });
            }
        }
        self.last_use = last_use;
    }

    /// Writes the instructions.
    fn write(&mut self, results: &[(Place, Handle<Expr>)]) {
        let mut results = results.to_vec();
        results.sort_by_key(|(_, value)| *value);
        let mut next = results.into_iter().peekable();
        for index in 0..self.uses.len() {
            let value = Handle::from_index(index);
            if 0 < self.uses[index] && self.absorbed[index].is_none() && self.is_computed(value) {
                let out = next.next_if(|(_, result)| *result == value).map(|(place, _)| operand(place));
                self.compute(value, out);
            }
            while let Some((place, _)) = next.next_if(|(_, result)| *result == value) {
                let a = self.operand(value);
                self.push(Instruction::Copy { out: operand(place), a });
                self.touch(operand(place));
            }
        }
    }

    /// Writes the computation of a value to a place or, if there is none, to a register.
    fn compute(&mut self, value: Handle<Expr>, out: Option<Operand>) {
        let expression = self.source.expression(value);
        let sloped = match self.source.leaf(value, self.readable_slots) {
            Some(Leaf::Sloped(start, slope)) => Some([start, slope]),
            _ => None,
        };
        let make = if sloped.is_some() { None } else { Some(self.instruction(value, expression)) };
        self.release_operands(value);
        let out = out.unwrap_or_else(|| Operand::new(Space::Register, self.registers.take()));
        self.touch(out);
        self.places[value.index()] = Some(out);
        if let Some([start, slope]) = sloped {
            let frame = |element| Operand::new(Space::Frame, element);
            let [start, slope, origin] = [start, slope, FrameLayout::SEGMENT_START].map(frame);
            let time = Operand::new(Space::Time, 0);
            for read in [start, slope, origin, time] {
                self.touch(read);
            }
            self.push(Instruction::Subtract { out, a: time, b: origin });
            self.push(Instruction::ProductPlus { out, a: slope, b: out, c: start });
        }
        if let Some(make) = make {
            self.push(make(out));
        }
    }

    /// Gives back the registers of operands that nothing needs after a value.
    fn release_operands(&mut self, value: Handle<Expr>) {
        let mut released: Vec<Handle<Expr>> = Vec::new();
        let mut within: Vec<Handle<Expr>> = Vec::new();
        self.for_each_operand(value, |operand| {
            let is_absorbed = self.absorbed[operand.index()] == Some(value);
            if is_absorbed { within.push(operand) } else { released.push(operand) }
        });
        for inner in within {
            self.for_each_operand(inner, |operand| released.push(operand));
        }
        released.sort_unstable();
        released.dedup();
        for operand in released {
            if let Some(place) = self.places[operand.index()]
                && place.space() == Space::Register as usize
                && self.last_use[operand.index()] == value.index()
            {
                self.registers.give(place.element() as u32);
            }
        }
    }

    /// Returns what makes the instruction of a value once it is known where the value goes.
    fn instruction(&mut self, value: Handle<Expr>, expression: &Expr) -> Box<dyn Fn(Operand) -> Instruction> {
        let absorbed = |operand: Handle<Expr>| {
            let is_mine = self.absorbed[operand.index()] == Some(value);
            is_mine.then(|| self.source.expression(operand))
        };
        if let Some(pair) = fuse::pair(expression, absorbed) {
            let [a, b] = self.both(pair.inner);
            let c = self.operand(pair.other);
            return Box::new(move |out| (pair.join)(out, a, b, c));
        }
        if let Some(product) = fuse::negated_product(expression, absorbed) {
            let [a, b] = self.both(product);
            return Box::new(move |out| Instruction::NegatedProduct { out, a, b });
        }
        if let (Some(condition), Expr::Select(_, then, otherwise)) =
            (fuse::compared(expression, absorbed), expression)
            && let Expr::Compare(comparison, ..) = *self.source.expression(condition)
        {
            let [a, b] = self.both(condition);
            let (c, d) = (self.operand(*then), self.operand(*otherwise));
            return Box::new(move |out| Instruction::CompareSelect { comparison, out, a, b, c, d });
        }
        self.plain_instruction(expression)
    }

    /// Returns what makes the instruction of a value that absorbs none of its operands.
    fn plain_instruction(&mut self, expression: &Expr) -> Box<dyn Fn(Operand) -> Instruction> {
        match *expression {
            Expr::Unary(operation, a) => {
                let a = self.operand(a);
                Box::new(move |out| unary(operation, out, a))
            }
            Expr::Binary(operation, a, b) => {
                let (a, b) = (self.operand(a), self.operand(b));
                Box::new(move |out| binary(operation, out, a, b))
            }
            Expr::Compare(comparison, a, b) => {
                let (a, b) = (self.operand(a), self.operand(b));
                Box::new(move |out| Instruction::Compare { comparison, out, a, b })
            }
            Expr::Logic(logic, a, b) => {
                let (a, b) = (self.operand(a), self.operand(b));
                Box::new(move |out| match logic {
                    Logic::And => Instruction::And { out, a, b },
                    Logic::Or => Instruction::Or { out, a, b },
                })
            }
            Expr::Select(a, b, c) => {
                let (a, b, c) = (self.operand(a), self.operand(b), self.operand(c));
                Box::new(move |out| Instruction::Select { out, a, b, c })
            }
            Expr::Call(function, ref arguments) => {
                let mut operands = arguments.iter().map(|argument| self.operand(*argument));
                let nothing = Operand::new(Space::Time, 0);
                let a = operands.next().unwrap_or(nothing);
                let b = operands.next().unwrap_or(a);
                Box::new(move |out| match function.implementation() {
                    Implementation::One(function) => Instruction::Call { out, a, function },
                    Implementation::Two(function) => Instruction::CallTwo { out, a, b, function },
                })
            }
            ref leaf => unreachable!("{leaf:?} has no operands and is loaded"),
        }
    }

    /// Returns the operands of an operation on two values.
    fn both(&mut self, value: Handle<Expr>) -> [Operand; 2] {
        match *self.source.expression(value) {
            Expr::Binary(_, a, b) | Expr::Compare(_, a, b) => [self.operand(a), self.operand(b)],
            ref other => unreachable!("{other:?} is no pair of operands"),
        }
    }

    /// Returns where a value stands.
    fn operand(&mut self, value: Handle<Expr>) -> Operand {
        let operand = self.places[value.index()].unwrap_or_else(|| {
            match self.source.leaf(value, self.readable_slots) {
                Some(Leaf::Constant(number)) => self.constants.place(number),
                Some(Leaf::Boolean(truth)) => self.constants.place(if truth { 1.0 } else { 0.0 }),
                Some(Leaf::Time) => Operand::new(Space::Time, 0),
                Some(Leaf::Frame(element) | Leaf::FrameBoolean(element)) => {
                    Operand::new(Space::Frame, element)
                }
                Some(Leaf::State(element)) => Operand::new(Space::State, element),
                Some(Leaf::Sloped(..)) | None => unreachable!("operands are computed before their users"),
            }
        });
        self.touch(operand);
        operand
    }

    /// Notes that an element is read or written.
    fn touch(&mut self, operand: Operand) {
        let extent = &mut self.code.extent[operand.space()];
        *extent = (*extent).max(operand.element() + 1);
    }

    fn push(&mut self, instruction: Instruction) {
        self.instructions.push(instruction);
    }
}

/// Returns the element of an array that a function writes to.
const fn operand(place: Place) -> Operand {
    match place {
        Place::Frame(element) => Operand::new(Space::Frame, element),
        Place::Out(element) => Operand::new(Space::Out, element),
        Place::TimeDerivative(element) => Operand::new(Space::TimeDerivative, element),
    }
}

fn unary(operation: UnaryOperation, out: Operand, a: Operand) -> Instruction {
    match operation {
        UnaryOperation::Negate => Instruction::Negate { out, a },
        UnaryOperation::Absolute => Instruction::Absolute { out, a },
        UnaryOperation::SquareRoot => Instruction::SquareRoot { out, a },
        UnaryOperation::Floor => Instruction::Floor { out, a },
        UnaryOperation::Ceiling => Instruction::Ceiling { out, a },
        UnaryOperation::Truncate => Instruction::Truncate { out, a },
        UnaryOperation::Not => Instruction::Not { out, a },
    }
}

fn binary(operation: BinaryOperation, out: Operand, a: Operand, b: Operand) -> Instruction {
    match operation {
        BinaryOperation::Add => Instruction::Add { out, a, b },
        BinaryOperation::Subtract => Instruction::Subtract { out, a, b },
        BinaryOperation::Multiply => Instruction::Multiply { out, a, b },
        BinaryOperation::Divide => Instruction::Divide { out, a, b },
        BinaryOperation::Minimum => Instruction::Minimum { out, a, b },
        BinaryOperation::Maximum => Instruction::Maximum { out, a, b },
    }
}

// Every array that a validated program works on has fewer elements than an operand can name: the Jacobian is the largest.
const _: () = assert!(ir::limits::STATES * ir::limits::STATES < ELEMENTS as usize);

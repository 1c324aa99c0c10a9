//! From a plan to instructions, with a stack of tasks instead of recursion.

use std::collections::BTreeMap;

use pmc_abi::frame::FrameLayout;
use pmc_ir::{self as ir, Expr, Handle, Type, UnaryOperation};
use wasm_encoder::{BlockType, Function, ValType};

use super::body::Body;
use super::entry::Entry;
use super::instruction;
use super::plan::{Plan, Root, Statement, Target};
use super::regions::Region;
use super::source::{Base, ELEMENT, Leaf, Scope};

/// The indices of the kernel's mathematical functions.
pub(crate) type Mathematics = BTreeMap<ir::Function, u32>;

/// Returns the body of a function that delivers `roots`, which are sorted by value.
pub(super) fn emit(scope: &Scope<'_>, entry: &Entry, mathematics: &Mathematics, roots: &[Root]) -> Function {
    let plan = Plan::new(scope, roots);
    let locals = vec![None; plan.uses.len()];
    let body = Body::new(entry.parameters.len() as u32);
    let mut emitter = Emitter { scope, entry, mathematics, roots, plan, locals, body, tasks: Vec::new() };
    emitter.run();
    emitter.body.finish()
}

/// What is left to write.
#[derive(Clone, Copy)]
enum Task {
    /// All steps of a region.
    Steps(Region),
    /// A value on the stack: from its local or computed.
    Push(Handle<Expr>),
    /// A value on the stack, computed.
    Compute(Handle<Expr>),
    /// The instruction of a value whose operands are on the stack.
    Apply(Handle<Expr>),
    /// The move of a computed value to its local.
    Keep(Handle<Expr>),
    /// The address to which a root goes.
    Address(usize),
    /// The store of a root whose address and value are on the stack.
    Store(usize),
    /// The jump on a condition, with the type of the result.
    If(ValType),
    /// The boundary between branches.
    Else,
    /// The end of branches.
    End,
}

/// A function being written.
struct Emitter<'a> {
    scope: &'a Scope<'a>,
    entry: &'a Entry,
    mathematics: &'a Mathematics,
    roots: &'a [Root],
    plan: Plan,
    locals: Vec<Option<u32>>,
    body: Body,
    tasks: Vec<Task>,
}

impl Emitter<'_> {
    /// Works until nothing is left.
    fn run(&mut self) {
        self.tasks.push(Task::Steps(Region::ROOT));
        while let Some(task) = self.tasks.pop() {
            self.work(task);
        }
    }

    /// Does one task.
    fn work(&mut self, task: Task) {
        match task {
            Task::Steps(region) => self.schedule(region),
            Task::Push(value) => self.push(value),
            Task::Compute(value) => self.compute(value),
            Task::Apply(value) => self.apply(value),
            Task::Keep(value) => {
                let of = self.value_type(value);
                self.locals[value.index()] = Some(self.body.define(of));
            }
            Task::Address(root) => self.address(root),
            Task::Store(root) => self.store(root),
            Task::If(of) => {
                self.body.sink().if_(BlockType::Result(of));
            }
            Task::Else => {
                self.body.sink().else_();
            }
            Task::End => {
                self.body.sink().end();
            }
        }
    }

    /// Schedules the steps of a region.
    fn schedule(&mut self, region: Region) {
        let statements = core::mem::take(&mut self.plan.statements[region.index()]);
        let mut waiting = statements.into_iter().rev().peekable();
        while let Some(statement) = waiting.next() {
            match statement {
                Statement::Define(value) => {
                    self.tasks.extend([Task::Keep(value), Task::Compute(value)]);
                }
                Statement::Deliver(root) => {
                    let value = self.roots[root].value;
                    self.tasks.extend([Task::Store(root), Task::Push(value)]);
                    if waiting.next_if_eq(&Statement::Define(value)).is_some() {
                        self.tasks.extend([Task::Keep(value), Task::Compute(value)]);
                    }
                    self.tasks.push(Task::Address(root));
                }
            }
        }
    }

    /// Puts a value on the stack, from its local if it has one.
    fn push(&mut self, value: Handle<Expr>) {
        let Some(local) = self.locals[value.index()] else {
            return self.compute(value);
        };
        let left = &mut self.plan.uses[value.index()];
        *left -= 1;
        if *left == 0 {
            self.body.take(local);
        } else {
            self.body.get(local);
        }
    }

    /// Computes a value onto the stack.
    fn compute(&mut self, value: Handle<Expr>) {
        if let Some(leaf) = self.scope.leaf(value) {
            return self.load(leaf);
        }
        if let Expr::Select(condition, then, otherwise) = *self.scope.source.expression(value) {
            return match self.plan.branches.get(&value).copied() {
                Some(branches) => self.tasks.extend([
                    Task::End,
                    Task::Push(otherwise),
                    Task::Steps(branches.otherwise),
                    Task::Else,
                    Task::Push(then),
                    Task::Steps(branches.then),
                    Task::If(self.value_type(value)),
                    Task::Push(condition),
                ]),
                None => self.choose(value, condition, then, otherwise),
            };
        }
        self.tasks.push(Task::Apply(value));
        let first = self.tasks.len();
        self.scope.for_each_operand(value, |operand| self.tasks.push(Task::Push(operand)));
        self.tasks[first..].reverse();
    }

    /// Computes both sides and takes one of them.
    ///
    /// A negated condition is not negated: the sides change places. This is also what keeps the output clear
    /// of a mistake in wasmi 2.0.0, see `crate::link::template`.
    fn choose(
        &mut self,
        value: Handle<Expr>,
        mut condition: Handle<Expr>,
        mut then: Handle<Expr>,
        mut otherwise: Handle<Expr>,
    ) {
        while self.locals[condition.index()].is_none()
            && self.scope.leaf(condition).is_none()
            && let Expr::Unary(UnaryOperation::Not, operand) = *self.scope.source.expression(condition)
        {
            condition = operand;
            core::mem::swap(&mut then, &mut otherwise);
        }
        self.tasks.extend([
            Task::Apply(value),
            Task::Push(condition),
            Task::Push(otherwise),
            Task::Push(then),
        ]);
    }

    /// Writes the instruction of a value whose operands are on the stack.
    fn apply(&mut self, value: Handle<Expr>) {
        let mut sink = self.body.sink();
        match self.scope.source.expression(value) {
            Expr::Unary(operation, _) => instruction::unary(&mut sink, *operation),
            Expr::Binary(operation, ..) => instruction::binary(&mut sink, *operation),
            Expr::Compare(comparison, ..) => instruction::compare(&mut sink, *comparison),
            Expr::Logic(logic, ..) => instruction::logic(&mut sink, *logic),
            Expr::Select(..) => {
                sink.select();
            }
            Expr::Call(function, _) => {
                sink.call(self.mathematics[function]);
            }
            leaf => unreachable!("{leaf:?} has no operands and is loaded"),
        }
    }

    /// Writes a value that needs no operands.
    fn load(&mut self, leaf: Leaf) {
        match leaf {
            Leaf::Constant(number) => {
                self.body.sink().f64_const(number.into());
            }
            Leaf::Boolean(truth) => {
                self.body.sink().i32_const(i32::from(truth));
            }
            Leaf::Time => self.body.get(self.time()),
            Leaf::Load(base, offset) => self.load_from(base, offset),
            Leaf::LoadBoolean(base, offset) => {
                self.load_from(base, offset);
                self.body.sink().f64_const(0.0.into()).f64_ne();
            }
            Leaf::Sloped(value, slope) => {
                self.load_from(Base::Frame, value);
                self.load_from(Base::Frame, slope);
                self.body.get(self.time());
                self.load_from(Base::Frame, u64::from(FrameLayout::SEGMENT_START) * ELEMENT);
                self.body.sink().f64_sub().f64_mul().f64_add();
            }
        }
    }

    /// Writes the load of an `f64`.
    fn load_from(&mut self, base: Base, offset: u64) {
        match base {
            Base::Frame => self.body.get(self.entry.frame),
            Base::State => self.body.get(
                self.entry.state.expect("validated: initial values and properties of routes read no states"),
            ),
            Base::Memory => {
                self.body.sink().i32_const(0);
            }
        }
        self.body.sink().f64_load(instruction::at(offset));
    }

    /// Returns the parameter that holds time.
    fn time(&self) -> u32 {
        self.entry.time.expect("staged: values of stages without time do not read it")
    }

    /// Writes the address to which a root goes.
    fn address(&mut self, root: usize) {
        match self.roots[root].target {
            Target::Parameter(parameter, _) => self.body.get(parameter),
            Target::Memory(_) => {
                self.body.sink().i32_const(0);
            }
            Target::Result => {}
        }
    }

    /// Stores a root whose address and value are on the stack.
    fn store(&mut self, root: usize) {
        let Root { value, target } = self.roots[root];
        let offset = match target {
            Target::Parameter(_, offset) => offset,
            Target::Memory(address) => u64::from(address),
            Target::Result => return,
        };
        let mut sink = self.body.sink();
        if self.scope.source.type_of(value) == Type::Boolean {
            sink.f64_convert_i32_s();
        }
        sink.f64_store(instruction::at(offset));
    }

    /// Returns the type of a value on the stack.
    fn value_type(&self, value: Handle<Expr>) -> ValType {
        match self.scope.source.type_of(value) {
            Type::Real => ValType::F64,
            Type::Boolean => ValType::I32,
        }
    }
}

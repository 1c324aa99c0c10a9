//! How an operation is done, and how states come into registers.
#![allow(clippy::inline_always, reason = "each link is a function of its own, for one operation")]

use super::{Destination, Link};
use crate::compute::{Number, compute, several, three_together};
use crate::instruction::{Operation, Register, Unit};

/// Numbers of one subject that are worked on at once.
const QUAD: usize = 4;

/// As many numbers.
#[derive(Clone, Copy)]
struct Quad([f64; QUAD]);

several!(Quad, Quad, QUAD);

/// How often an operation is done, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Once.
    Once,
    /// Again and again, with registers that move on.
    Repeated,
    /// The same where no time waits for another one, so that some can be done at once.
    Abreast,
    /// Again and again, with its result as an operand.
    Accumulated,
}

impl Way {
    /// Returns how a unit is done.
    pub(super) fn of(unit: &Unit<'_>) -> Self {
        match unit.by {
            None => Self::Once,
            Some(by) if by.operation == Operation::Accumulate => Self::Accumulated,
            Some(_) if is_independent(unit) => Self::Abreast,
            Some(_) => Self::Repeated,
        }
    }
}

/// Returns whether operands stand still or move one register at a time, and none where the unit writes.
fn is_independent(unit: &Unit<'_>) -> bool {
    let times = unit.times();
    let written = unit.first.out..unit.first.out.saturating_add(times);
    let apart = |(first, last): (Register, Register)| {
        let is_step = last == first || last.wrapping_sub(first) == times.saturating_sub(1);
        is_step && (last < written.start || written.end <= first)
    };
    unit.operands(0).zip(unit.operands(times.saturating_sub(1))).all(apart)
}

/// Registers, results and states, as links are given them.
#[derive(Clone, Copy)]
pub(super) struct Memory<N> {
    pub(super) registers: *mut N,
    pub(super) out: *mut N,
    pub(super) states: *const N,
}

impl<N: Copy> Memory<N> {
    #[inline(always)]
    unsafe fn register(self, register: Register) -> *mut N {
        // SAFETY: the caller of `Chain::run` has promised that the register exists.
        unsafe { self.registers.add(register as usize) }
    }

    /// Writes what has been computed: one number, or several side by side.
    #[inline(always)]
    unsafe fn write<V: Copy>(self, to: Destination, register: Register, result: u32, value: V) {
        if to != Destination::Result {
            // SAFETY: as above.
            unsafe { self.register(register).cast::<V>().write_unaligned(value) };
        }
        if to != Destination::Register {
            // SAFETY: `Chain::new` has counted the results, and the caller of `Chain::run` has room for them.
            unsafe { self.out.add(result as usize).cast::<V>().write_unaligned(value) };
        }
    }

    /// Goes on with the next link.
    #[inline(always)]
    unsafe fn go_on(self, next: *const Link<N>) -> *const Link<N> {
        // SAFETY: a link that goes on is followed by another one.
        unsafe { ((*next).run)(next, self.registers, self.out, self.states) }
    }
}

/// Loads states into registers.
#[inline(always)]
pub(super) unsafe fn load<N: Copy>(at: *const Link<N>, memory: Memory<N>) -> *const Link<N> {
    // SAFETY: the caller of `Chain::run` has promised that both exist.
    unsafe {
        let Link { out, result, .. } = *at;
        core::ptr::copy_nonoverlapping(memory.states, memory.register(out), result as usize);
        memory.go_on(at.add(1))
    }
}

/// Loads a few states one by one: a call for a vector costs more, and a vector that has just been written in parts is slow to
/// read in one.
#[inline(always)]
pub(super) unsafe fn load_few<N: Copy, const STATES: usize>(
    at: *const Link<N>,
    memory: Memory<N>,
) -> *const Link<N> {
    // SAFETY: as for `load`.
    unsafe {
        let first = memory.register((*at).out);
        for state in 0..STATES {
            // Volatile, so that the compiler leaves them one by one.
            first.add(state).write_volatile(*memory.states.add(state));
        }
        memory.go_on(at.add(1))
    }
}

/// Does an operation once.
#[inline(always)]
pub(super) unsafe fn once<N: Number>(
    operation: Operation,
    to: Destination,
    at: *const Link<N>,
    memory: Memory<N>,
) -> *const Link<N> {
    // SAFETY: the link is one of the chain that runs, with registers that exist.
    unsafe {
        let link = &*at;
        let function = || link.operands[operation.operands()];
        let value = compute(operation, function, |operand| *memory.register(link.operands[operand]));
        memory.write(to, link.out, link.result, value);
        memory.go_on(at.add(1))
    }
}

/// Does an operation again and again, with registers that move on.
#[inline(always)]
pub(super) unsafe fn repeated<N: Number>(
    operation: Operation,
    to: Destination,
    at: *const Link<N>,
    memory: Memory<N>,
) -> *const Link<N> {
    // SAFETY: as for `once`; a link that repeats is followed by what it repeats. Pointers that have moved on once more than
    // needed are not read.
    unsafe {
        let (by, first) = (&*at, &*at.add(1));
        let function = || first.operands[operation.operands()];
        let [mut a, mut b, mut c, mut d] = [core::ptr::null(); 4];
        for (operand, from) in [&mut a, &mut b, &mut c, &mut d].into_iter().enumerate() {
            if operand < operation.operands() {
                *from = memory.register(first.operands[operand]).cast_const();
            }
        }
        let [a_by, b_by, c_by, d_by] = by.operands.map(|stride| stride.cast_signed() as isize);
        for time in 0..by.out {
            let value = compute(operation, function, |operand| *[a, b, c, d][operand]);
            memory.write(to, first.out.wrapping_add(time), first.result.wrapping_add(time), value);
            (a, b) = (a.wrapping_offset(a_by), b.wrapping_offset(b_by));
            (c, d) = (c.wrapping_offset(c_by), d.wrapping_offset(d_by));
        }
        memory.go_on(at.add(2))
    }
}

/// Does the same for one subject and operands that stand still or move one register at a time, none where the unit writes:
/// four times at once.
#[inline(always)]
pub(super) unsafe fn abreast(
    operation: Operation,
    to: Destination,
    at: *const Link<f64>,
    memory: Memory<f64>,
) -> *const Link<f64> {
    // SAFETY: as for `repeated`.
    unsafe {
        let (by, first) = (&*at, &*at.add(1));
        let function = || first.operands[operation.operands()];
        // What stands still is spread out, so that all operands are read alike.
        let mut spread = [[0.0; QUAD]; 4];
        let mut from = [core::ptr::null::<f64>(); 4];
        let mut moves = [0; 4];
        for operand in 0..operation.operands() {
            from[operand] = memory.register(first.operands[operand]);
            moves[operand] = by.operands[operand] as usize;
            if moves[operand] == 0 {
                spread[operand] = [*from[operand]; QUAD];
                from[operand] = spread[operand].as_ptr();
            }
        }
        let mut time = 0;
        while time + QUAD as u32 <= by.out {
            let read = |operand: usize| from[operand].cast::<Quad>().read_unaligned();
            let value = compute(operation, function, read);
            memory.write(to, first.out.wrapping_add(time), first.result.wrapping_add(time), value);
            for operand in 0..operation.operands() {
                from[operand] = from[operand].wrapping_add(moves[operand] * QUAD);
            }
            time += QUAD as u32;
        }
        while time < by.out {
            let value = compute(operation, function, |operand| *from[operand]);
            memory.write(to, first.out.wrapping_add(time), first.result.wrapping_add(time), value);
            for operand in 0..operation.operands() {
                from[operand] = from[operand].wrapping_add(moves[operand]);
            }
            time += 1;
        }
        memory.go_on(at.add(2))
    }
}

/// Adds up products or quotients. The sum is not written in between: from memory it would come several times later than
/// an addition takes.
#[inline(always)]
pub(super) unsafe fn accumulated<N: Number>(
    operation: Operation,
    to: Destination,
    at: *const Link<N>,
    memory: Memory<N>,
) -> *const Link<N> {
    // SAFETY: as for `repeated`.
    unsafe {
        let (by, first) = (&*at, &*at.add(1));
        let [mut a, mut b, sum, _] = first.operands.map(|operand| memory.register(operand).cast_const());
        let [a_by, b_by, ..] = by.operands.map(|stride| stride.cast_signed() as isize);
        let mut sum = *sum;
        for _ in 0..by.out {
            sum = three_together(operation, [*a, *b, sum]);
            (a, b) = (a.wrapping_offset(a_by), b.wrapping_offset(b_by));
        }
        memory.write(to, first.out, first.result, sum);
        memory.go_on(at.add(2))
    }
}

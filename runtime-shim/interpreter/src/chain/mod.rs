//! A program as links that call one another: what runs wherever functions are cheap to call.
//!
//! A link is a function with the registers that it works on, and goes on with the next one itself, which compilers turn
//! into a jump. So each operation has a jump of its own to the next, and nothing to look up but its operands; a loop around a
//! `match`, as in `walk`, takes about twice as long.
//!
//! - `ways`: how an operation is done: once, or again and again in one of three ways.
//! - `functions`: a function for each operation, way and destination, for one subject and for several.
//!
//! That such a call becomes a jump is no rule of the language (it needs optimisation), so chains are cut into pieces: a
//! piece is as deep as the stack can become where calls stay calls.
#![allow(unsafe_code, reason = "registers are numbered when the code is made, and counted before it runs")]

mod functions;
mod ways;

pub(crate) use self::functions::Linked;
use self::ways::Way;
use crate::instruction::{Arrays, Instruction, Register, Unit, units};

/// Links of a piece.
const PIECE: usize = 64;

/// Computes on registers, results and states, and goes on with the next link; returns where to go on at the end of a
/// piece, null at the end.
type Run<N> = unsafe fn(*const Link<N>, *mut N, *mut N, *const N) -> *const Link<N>;

/// An operation with its registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<N> {
    run: Run<N>,
    /// The register of the result, or how often the next link is done.
    out: Register,
    /// The place of the result among those of the function.
    result: u32,
    /// Registers of the operands, or how far those of the next link move each time.
    operands: [Register; 4],
}

/// Where an operation puts what it computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Into a register.
    Register,
    /// Among the results.
    Result,
    /// Both, because something reads the result again.
    Both,
}

/// Instructions as links.
#[derive(Clone, Debug)]
pub(crate) struct Chain<N>(Box<[Link<N>]>);

impl<N: Linked> Chain<N> {
    /// Links instructions.
    pub(crate) fn new(instructions: &[Instruction], arrays: Arrays) -> Self {
        let read = read_again(instructions, arrays);
        let mut links = Vec::with_capacity(instructions.len() + instructions.len() / PIECE + 2);
        let link = |run, out, result, operands| Link { run, out, result, operands };
        links.push(link(N::load(arrays.count), arrays.states, arrays.count, [0; 4]));
        for (count, unit) in units(instructions).enumerate() {
            if count % PIECE == PIECE - 1 {
                links.push(link(pause, 0, 0, [0; 4]));
            }
            let Instruction { operation, function, out, mut operands } = *unit.first;
            let result = out.wrapping_sub(arrays.results);
            let run = N::find(Way::of(&unit), operation, destination(&unit, result, &read));
            if let Some(place) = operands.get_mut(operation.operands()) {
                // Calls have an operand to spare, which says what they call.
                *place = function;
            }
            links.extend(unit.by.map(|by| link(run, by.out, 0, by.operands)));
            links.push(link(run, out, result, operands));
        }
        links.push(link(end, 0, 0, [0; 4]));
        Self(links.into_boxed_slice())
    }

    /// Loads the states and runs it; results go to `out` alone unless something reads them again.
    ///
    /// # Safety
    ///
    /// All registers that the instructions name and all states exist, and there is room for all results; they are nobody
    /// else's for the time of the call. `out` may be where the registers of the results are.
    #[inline]
    pub(crate) unsafe fn run(&self, registers: *mut N, out: *mut N, states: *const N) {
        let mut at = self.0.as_ptr();
        while !at.is_null() {
            // SAFETY: what the caller has promised; a link is followed by another one or does not go on.
            at = unsafe { ((*at).run)(at, registers, out, states) };
        }
    }
}

/// Returns where a unit puts what it computes; `result` is the place of its first result, beyond all places if it has none.
fn destination(unit: &Unit<'_>, result: u32, read: &[bool]) -> Destination {
    let width = if unit.stride().out == 0 { 1 } else { unit.times() as usize };
    match read.get(result as usize..).and_then(|places| places.get(..width)) {
        None => Destination::Register,
        Some(places) if places.contains(&true) => Destination::Both,
        Some(_) => Destination::Result,
    }
}

/// Returns of each result whether an operand stands where it does.
fn read_again(instructions: &[Instruction], arrays: Arrays) -> Vec<bool> {
    let mut read = vec![false; arrays.places];
    for unit in units(instructions) {
        for time in 0..unit.times() {
            for operand in unit.operands(time) {
                if let Some(read) = read.get_mut(operand.wrapping_sub(arrays.results) as usize) {
                    *read = true;
                }
            }
        }
    }
    read
}

/// Ends a piece.
unsafe fn pause<N>(at: *const Link<N>, _: *mut N, _: *mut N, _: *const N) -> *const Link<N> {
    // SAFETY: only the last link, which is another one, has none after it.
    unsafe { at.add(1) }
}

/// Ends a chain.
unsafe fn end<N>(_: *const Link<N>, _: *mut N, _: *mut N, _: *const N) -> *const Link<N> {
    core::ptr::null()
}

//! Functions too large for one body, cut into pieces that run one after the other.
//!
//! Engines limit the size of a function, and compilers take more than linear time for one. A large
//! function therefore becomes a list of calls. A value that a later piece needs again is left in scratch
//! memory, which all functions share: none calls another.

use std::collections::BTreeMap;

use pmc_backend::Source;
use pmc_ir::{Expr, Handle};
use wasm_encoder::{Function, ValType};

use super::emitter::{self, Mathematics};
use super::entry::Entry;
use super::plan::{Root, Target, count_uses};
use super::source::{ELEMENT, Leaf, Scope};

/// The largest estimated size of a piece in bytes; a hundredth of what engines allow, about where their
/// optimising compilers are still fast.
const PIECE: usize = 64 << 10;

/// The most results that a piece delivers: what fills it with their addresses and what it takes to write them.
const MOST_ROOTS: usize = PIECE / 16;

/// The most values that may be looked at, function by function and piece by piece; seconds of work.
const MOST_LOOKS: u64 = 2_000_000_000;

/// The functions of a model are too large, or too many of them are made of too many values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLarge;

/// A function of the model.
pub(crate) struct ModelFunction {
    /// Its name.
    pub name: String,
    /// Types of its parameters.
    pub parameters: &'static [ValType],
    /// Types of its results.
    pub results: &'static [ValType],
    /// Its body.
    pub body: Function,
}

/// Writes functions one by one.
pub(super) struct Writer<'a> {
    /// The program.
    pub source: &'a Source<'a>,
    /// Where the kernel's mathematics is.
    pub mathematics: &'a Mathematics,
    /// The index of the first function.
    pub first_index: u32,
    /// The address of the scratch memory.
    pub scratch: u32,
    /// One past the last byte of scratch memory used so far.
    pub scratch_end: u32,
    /// What has been written.
    pub functions: Vec<ModelFunction>,
    /// How many bytes that is.
    pub code: usize,
    /// How many it may be.
    pub most_code: usize,
    /// How many values have been looked at.
    pub looks: u64,
}

impl Writer<'_> {
    /// Adds a function and returns its index.
    pub(super) fn add(&mut self, name: String, entry: &Entry, body: Function) -> u32 {
        let Entry { parameters, results, .. } = *entry;
        self.code += body.byte_len();
        self.functions.push(ModelFunction { name, parameters, results, body });
        self.first_index + self.functions.len() as u32 - 1
    }

    /// Adds the function that delivers `roots`, with its pieces, and returns its index.
    ///
    /// Fails where more has been written than may be, or too many values have been looked at.
    pub(super) fn deliver(
        &mut self,
        name: String,
        entry: &Entry,
        readable_slots: u32,
        mut roots: Vec<Root>,
    ) -> Result<u32, TooLarge> {
        roots.sort_by_key(|root| root.value);
        self.look(&roots)?;
        let mut scope = Scope { source: self.source, readable_slots, scratch: BTreeMap::new() };
        let cut = Cut::new(&scope, &roots);
        if cut.number_of_pieces() == 1 && roots.len() <= MOST_ROOTS {
            let body = emitter::emit(&scope, entry, self.mathematics, &roots);
            return Ok(self.add(name, entry, body));
        }
        let mut calls = Vec::new();
        let mut address = self.scratch;
        for piece in 0..cut.number_of_pieces() {
            // Roots are sorted by value, and so by piece.
            let start = roots.partition_point(|root| cut.piece_of(root.value) < piece);
            let end = roots.partition_point(|root| cut.piece_of(root.value) <= piece);
            let (own, late) = roots[start..end].split_at((end - start).min(MOST_ROOTS));
            let left = cut.left_by(piece, &scope, late);
            let addresses = (address..).step_by(ELEMENT as usize);
            let kept = left
                .iter()
                .zip(addresses)
                .map(|(value, at)| Root { value: *value, target: Target::Memory(at) });
            let mut own: Vec<Root> = own.iter().copied().chain(kept).collect();
            own.sort_by_key(|root| root.value);
            for (part, own) in [&own[..]].into_iter().chain(late.chunks(MOST_ROOTS)).enumerate() {
                self.look(own)?;
                let last = piece + 1 == cut.number_of_pieces() && late.is_empty();
                let entry = Entry { results: if last { entry.results } else { &[] }, ..*entry };
                let body = emitter::emit(&scope, &entry, self.mathematics, own);
                calls.push(self.add(format!("{name}.{}", calls.len() + 1), &entry, body));
                if part == 0 {
                    let addresses = (address..).step_by(ELEMENT as usize);
                    scope.scratch.extend(left.iter().copied().zip(addresses));
                    address += ELEMENT as u32 * left.len() as u32;
                }
            }
        }
        self.scratch_end = self.scratch_end.max(address);
        Ok(self.add(name, entry, sequence(entry, &calls)))
    }

    /// Counts the values that a function made for `roots`, which are sorted by value, has to look at, and fails if
    /// they or what has been written are too much.
    pub(super) fn look(&mut self, roots: &[Root]) -> Result<(), TooLarge> {
        self.looks += roots.last().map_or(0, |root| root.value.index() as u64 + 1);
        let is_small = self.looks <= MOST_LOOKS && self.code <= self.most_code;
        if is_small { Ok(()) } else { Err(TooLarge) }
    }
}

/// Returns the body of a function that hands its parameters to one function after the other.
fn sequence(entry: &Entry, calls: &[u32]) -> Function {
    let mut function = Function::new([]);
    let mut sink = function.instructions();
    for call in calls {
        for parameter in 0..entry.parameters.len() as u32 {
            sink.local_get(parameter);
        }
        sink.call(*call);
    }
    sink.end();
    function
}

/// The assignment of values to pieces.
struct Cut {
    /// How often each value is used.
    uses: Vec<u32>,
    /// One past the largest handle of each piece but the last.
    boundaries: Vec<usize>,
    /// The last piece that uses each value.
    last_use: Vec<usize>,
}

impl Cut {
    /// Cuts wherever the estimated size is reached.
    fn new(scope: &Scope<'_>, roots: &[Root]) -> Self {
        let uses = count_uses(scope, roots);
        let mut boundaries = Vec::new();
        let mut size = 0;
        for index in (0..uses.len()).filter(|index| 0 < uses[*index]) {
            let own = largest_size(scope, Handle::from_index(index));
            if PIECE < size + own {
                boundaries.push(index);
                size = 0;
            }
            size += own;
        }
        let mut cut = Self { last_use: vec![0; uses.len()], uses, boundaries };
        for index in (0..cut.uses.len()).filter(|index| 0 < cut.uses[*index]) {
            let value = Handle::from_index(index);
            let piece = cut.piece_of(value);
            scope.for_each_operand(value, |operand| cut.last_use[operand.index()] = piece);
        }
        cut
    }

    /// Returns the number of pieces.
    fn number_of_pieces(&self) -> usize {
        self.boundaries.len() + 1
    }

    /// Returns the piece that computes a value.
    fn piece_of(&self, value: Handle<Expr>) -> usize {
        self.boundaries.partition_point(|boundary| *boundary <= value.index())
    }

    /// Returns the values that a piece must leave for later ones and for results that are delivered after it.
    fn left_by(&self, piece: usize, scope: &Scope<'_>, late: &[Root]) -> Vec<Handle<Expr>> {
        let start = if piece == 0 { 0 } else { self.boundaries[piece - 1] };
        let end = self.boundaries.get(piece).copied().unwrap_or(self.uses.len());
        let is_late = |value: &Handle<Expr>| late.binary_search_by_key(value, |root| root.value).is_ok();
        (start..end)
            .filter(|index| 0 < self.uses[*index])
            .map(|index| (Handle::from_index(index), piece < self.last_use[index]))
            .filter(|(value, is_used_later)| *is_used_later || is_late(value))
            .map(|(value, _)| value)
            .filter(|value| scope.leaf(*value).is_none())
            .collect()
    }
}

/// Returns an upper bound of the bytes that the computation and keeping of a value take.
fn largest_size(scope: &Scope<'_>, value: Handle<Expr>) -> usize {
    match scope.leaf(value) {
        Some(Leaf::Constant(_) | Leaf::Boolean(_) | Leaf::Time) => return 0,
        Some(Leaf::Load(..)) => return 16,
        Some(Leaf::LoadBoolean(..)) => return 26,
        Some(Leaf::Sloped(..)) => return 40,
        None => {}
    }
    let mut size = 10;
    scope.source.expression(value).for_each_operand(|operand| {
        let immediate = matches!(scope.leaf(operand), Some(Leaf::Constant(_)));
        size += if immediate { 9 } else { 4 };
    });
    size
}

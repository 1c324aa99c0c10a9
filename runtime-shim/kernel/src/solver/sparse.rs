//! Linear systems with few entries: elimination in an order that is chosen once, without pivoting.
//!
//! The structure comes from the model's Jacobian function, which writes just the entries that are not identically
//! zero. From it `analyse` chooses pivots on the diagonal by the rule of H. M. Markowitz, Management Science 3 (1957)
//! 255–269: whichever touches the fewest entries next. It writes a plan, the list of all arithmetic that elimination and
//! substitution will do, which `run` follows. Values stay where they are in the full matrix, so there is no packing,
//! and dense elimination can take over.
//!
//! That is done here and not in the compiler, so that models by hand have it too and the contract between compiler and
//! kernel stays as it is. The price is code in every module and a fraction of a millisecond per subject, where a plan
//! is needed.
//!
//! Pivots on the diagonal are safe for compartmental models: flows out of a state dominate its column. For others there
//! is a test that does not depend on the units of the states: elimination must neither cancel a diagonal entry nor
//! blow it up.

use pmc_abi::descriptor::FEWEST_PLANNED_STATES;

use super::step::copy;

/// What is asked of the part behind [`Model::eliminate`](crate::Model::eliminate).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Writes a plan for a matrix with marks.
    Analyse,
    /// Replaces a matrix by its factors.
    Factorise,
    /// Solves for a vector.
    Solve,
}

/// A task with all that it works on.
#[derive(Debug)]
pub struct Elimination<'a> {
    /// What to do.
    pub(super) task: Task,
    /// The matrix, with room for a vector behind it.
    pub(super) values: &'a mut [f64],
    /// One element per row: scratch, or the right-hand side that becomes the solution.
    pub(super) vector: &'a mut [f64],
    /// The plan.
    pub(super) plan: &'a mut [f64],
    /// Whether it succeeded.
    pub(super) succeeded: bool,
}

impl Elimination<'_> {
    /// Does the task.
    pub fn run(&mut self) {
        self.succeeded = match self.task {
            Task::Analyse => analyse(self.values, self.vector, self.plan),
            Task::Factorise => factorise(self.values, self.vector, self.plan),
            Task::Solve => {
                solve(self.values, self.vector, self.plan);
                true
            }
        };
    }
}

/// Fewest states for which a plan is made.
const FEWEST: usize = FEWEST_PLANNED_STATES as usize;

/// Most states for which a plan is made; beyond, a place has more bits than [`pack`] gives it.
const MOST: usize = 1400;

/// Stands for an entry that nobody has written: a NaN that no computation gives.
const UNTOUCHED: f64 = f64::from_bits(0x7ff4_0000_dead_0000);

/// Largest factor by which elimination may change a diagonal entry. Errors grow by no more than its square, to 1e-8 of
/// a stage, which is itself a small part of the state.
const LARGEST_CHANGE: f64 = 1e4;

/// Bits of a place in an action.
const BITS: u32 = 21;

/// Number of elements before the lists of a plan: how many actions there are in elimination, in forward and in
/// backward substitution.
const HEAD: usize = 3;

/// Returns the number of `f64`s of a plan: room for structures of which it pays.
pub(super) const fn plan_length(states: usize) -> usize {
    if FEWEST <= states && states <= MOST { HEAD + states * states / 2 } else { 0 }
}

/// Fills a matrix with marks that the model's Jacobian function overwrites.
pub(super) fn clear(matrix: &mut [f64]) {
    matrix.fill(UNTOUCHED);
}

/// Packs the places of an action: `values[a] -= values[b] * values[c]`, but `values[a] *= values[c]` if `a` is `b`, and
/// `values[a] = 1 / values[a]` if all are the same.
///
/// Stored by its bits, because conversions would cost more than the arithmetic.
fn pack(a: usize, b: usize, c: usize) -> f64 {
    f64::from_bits(a as u64 | (b as u64) << BITS | (c as u64) << (2 * BITS))
}

/// The lists of a plan under construction.
struct Lists<'a> {
    elimination: &'a mut [f64],
    /// Forward substitution from its start, backward substitution from its end, in reverse.
    substitution: &'a mut [f64],
    counts: [usize; HEAD],
    /// Whether everything has found room.
    room: bool,
}

const ELIMINATION: usize = 0;
const FORWARD: usize = 1;
const BACKWARD: usize = 2;

impl Lists<'_> {
    #[inline(never)]
    fn push(&mut self, list: usize, a: usize, b: usize, c: usize) {
        let counts = &mut self.counts;
        let count = counts[list];
        let places = if list == ELIMINATION { &mut *self.elimination } else { &mut *self.substitution };
        let place = if list == BACKWARD { places.len().wrapping_sub(count + 1) } else { count };
        counts[list] = count + 1;
        self.room &= list == ELIMINATION || counts[FORWARD] + counts[BACKWARD] <= places.len();
        match places.get_mut(place) {
            Some(place) => *place = pack(a, b, c),
            None => self.room = false,
        }
    }
}

/// Does what a list of actions says to the values of a matrix and of the vector behind it.
#[inline(never)]
fn run(values: &mut [f64], actions: &[f64]) {
    for action in actions {
        let bits = action.to_bits();
        let mask = (1 << BITS) - 1;
        let [a, b, c] = [bits, bits >> BITS, bits >> (2 * BITS)].map(|places| (places & mask) as usize);
        let (Some(left), Some(right)) = (values.get(b), values.get(c)) else { return };
        let product = left * right;
        let Some(value) = values.get_mut(a) else { return };
        *value = if a != b {
            *value - product
        } else if a != c {
            product
        } else {
            1.0 / *value
        };
    }
}

/// Writes a plan for a matrix with marks; returns whether there is room for it. `costs` has one element per row and
/// is overwritten.
#[inline(never)]
pub(super) fn analyse(marks: &mut [f64], costs: &mut [f64], plan: &mut [f64]) -> bool {
    let n = costs.len();
    let Some((head, lists)) = plan.split_first_chunk_mut::<HEAD>() else { return false };
    let (elimination, substitution) = lists.split_at_mut(lists.len() / 2);
    let mut lists = Lists { elimination, substitution, counts: [0, 0, 0], room: true };
    costs.fill(0.0);
    for number in 0..n {
        costs[number] = cost(marks, costs, number);
    }
    for _ in 0..n {
        if !lists.room {
            // Nothing that follows makes it smaller, and where many entries are it would take long to see.
            return false;
        }
        let pivot = cheapest(costs);
        costs[pivot] = f64::INFINITY;
        let (diagonal, vector) = (pivot * n + pivot, n * n);
        lists.push(ELIMINATION, diagonal, diagonal, diagonal);
        lists.push(BACKWARD, vector + pivot, vector + pivot, diagonal);
        for row in 0..n {
            let below = row * n + pivot;
            if is_open(marks, costs, row, below) {
                lists.push(ELIMINATION, below, below, diagonal);
                lists.push(FORWARD, vector + row, below, vector + pivot);
                for column in 0..n {
                    if is_open(marks, costs, column, pivot * n + column) {
                        lists.push(ELIMINATION, row * n + column, below, pivot * n + column);
                        marks[row * n + column] = 0.0;
                    }
                }
            }
        }
        for other in 0..n {
            let beside = is_open(marks, costs, other, pivot * n + other);
            if beside {
                lists.push(BACKWARD, vector + pivot, pivot * n + other, vector + other);
            }
            if beside || is_open(marks, costs, other, other * n + pivot) {
                costs[other] = cost(marks, costs, other);
            }
        }
    }
    *head = lists.counts.map(|count| f64::from_bits(count as u64));
    lists.room
}

/// Returns the number of the smallest cost.
fn cheapest(costs: &[f64]) -> usize {
    let mut best = (0, f64::INFINITY);
    for (number, cost) in costs.iter().enumerate() {
        if *cost < best.1 {
            best = (number, *cost);
        }
    }
    best.0
}

/// Returns whether an entry of a row or column that is still to be eliminated is not zero.
#[inline(never)]
fn is_open(marks: &[f64], costs: &[f64], number: usize, at: usize) -> bool {
    costs[number] < f64::INFINITY && marks[at].to_bits() != UNTOUCHED.to_bits()
}

/// Returns how many entries elimination with a pivot would touch.
#[inline(never)]
fn cost(marks: &[f64], costs: &[f64], pivot: usize) -> f64 {
    let n = costs.len();
    let (mut rows, mut columns) = (0, 0);
    for other in 0..n {
        rows += u32::from(is_open(marks, costs, other, other * n + pivot));
        columns += u32::from(is_open(marks, costs, other, pivot * n + other));
    }
    f64::from(rows * columns)
}

/// Replaces a matrix, the first `n * n` values, by its factors; returns whether that was safe.
///
/// Reciprocals of the pivots stand on the diagonal; the lower triangle is divided by them. `diagonal` has `n` elements
/// and is overwritten.
#[inline(never)]
pub(super) fn factorise(values: &mut [f64], diagonal: &mut [f64], plan: &[f64]) -> bool {
    let Some((head, lists)) = plan.split_first_chunk::<HEAD>() else { return false };
    let stride = diagonal.len() + 1;
    let mut at = 0;
    for entry in &mut *diagonal {
        *entry = values.get(at).copied().unwrap_or(0.0);
        at += stride;
    }
    let length = head[0].to_bits() as usize;
    run(values, lists.get(..length).unwrap_or_default());
    at = 0;
    let mut safe = true;
    for entry in diagonal {
        let change = (*entry * values.get(at).unwrap_or(&0.0)).abs();
        safe &= 1.0 / LARGEST_CHANGE < change && change < LARGEST_CHANGE;
        at += stride;
    }
    safe
}

/// Replaces the right-hand side of a factorised system by its solution; behind the factors there is room for it.
#[inline(never)]
pub(super) fn solve(values: &mut [f64], vector: &mut [f64], plan: &[f64]) {
    let (_, room) = values.split_at_mut(vector.len() * vector.len());
    copy(room, vector);
    let Some((head, lists)) = plan.split_first_chunk::<HEAD>() else { return };
    let [_, forward, backward] = head.map(|count| count.to_bits() as usize);
    let lists = &lists[lists.len() / 2..];
    run(values, lists.get(..forward).unwrap_or_default());
    run(values, lists.get(lists.len().saturating_sub(backward)..).unwrap_or_default());
    let (_, room) = values.split_at(vector.len() * vector.len());
    copy(vector, room);
}

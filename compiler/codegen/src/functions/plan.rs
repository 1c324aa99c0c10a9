//! Where each value of a function is computed, and whether it is kept in a local.
//!
//! 1. Count uses, from the roots down to what the function may load.
//! 2. Assign each value to the innermost branch that holds all its uses.
//! 3. Keep what is used twice, or what would make the operand stack too high, in a local.
//!
//! Operands have smaller handles than their users, so each step is one walk over the handles; nothing
//! recurses, however deep the expressions are.

use std::collections::BTreeMap;

use pmc_ir::{BinaryOperation, Expr, Handle, UnaryOperation};

use super::regions::{Branches, JUMP_COST, Region, Regions};
use super::source::{Leaf, Scope};

/// The most values that one expression leaves on the operand stack.
const MAXIMUM_STACK: u32 = 32;

/// Where a result goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To memory: an offset in bytes from the address in a parameter.
    Parameter(u32, u64),
    /// To memory: an absolute address.
    Memory(u32),
    /// To the operand stack, as the result of the function; at most one root, and the last.
    Result,
}

/// A value that a function exists to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Root {
    /// The value.
    pub value: Handle<Expr>,
    /// Where it goes.
    pub target: Target,
}

/// A step of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// Computes a value into a local.
    Define(Handle<Expr>),
    /// Delivers a root, by its number.
    Deliver(usize),
}

/// The plan of a function.
pub(super) struct Plan {
    /// How often each value is used.
    pub uses: Vec<u32>,
    /// The selections that jump.
    pub branches: BTreeMap<Handle<Expr>, Branches>,
    /// The steps of each region, in order.
    pub statements: Vec<Vec<Statement>>,
}

impl Plan {
    /// Plans the computation of `roots`, which are sorted by value.
    pub(super) fn new(scope: &Scope<'_>, roots: &[Root]) -> Self {
        let uses = count_uses(scope, roots);
        let mut placement = Placement::new(scope, &uses);
        placement.assign(roots);
        let Placement { region, regions, mut branches, .. } = placement;
        let number_of_regions = regions.len();
        let settled = regions.settle();
        branches.retain(|_, pair| settled[pair.then.index()] == pair.then);
        let kept = choose_kept(scope, &uses, &branches);
        let mut statements = vec![Vec::new(); number_of_regions];
        let mut next_root = roots.iter().enumerate().peekable();
        for (index, region) in region.iter().enumerate() {
            let value = Handle::from_index(index);
            if kept[index] {
                let region = region.map_or(Region::ROOT, |region| settled[region.index()]);
                statements[region.index()].push(Statement::Define(value));
            }
            while let Some((number, _)) = next_root.next_if(|(_, root)| root.value == value) {
                statements[0].push(Statement::Deliver(number));
            }
        }
        Self { uses, branches, statements }
    }
}

/// Returns how often each value is used, roots included, up to the largest root.
pub(super) fn count_uses(scope: &Scope<'_>, roots: &[Root]) -> Vec<u32> {
    let length = roots.iter().map(|root| root.value.index() + 1).max().unwrap_or(0);
    let mut uses = vec![0_u32; length];
    for root in roots {
        uses[root.value.index()] += 1;
    }
    for index in (0..length).rev() {
        if 0 < uses[index] {
            scope.for_each_operand(Handle::from_index(index), |operand| uses[operand.index()] += 1);
        }
    }
    uses
}

/// The assignment of values to regions.
struct Placement<'a> {
    scope: &'a Scope<'a>,
    uses: &'a [u32],
    /// An upper bound of the cost of each value with all its operands, as if nothing were shared.
    tree_costs: Vec<u32>,
    region: Vec<Option<Region>>,
    regions: Regions,
    branches: BTreeMap<Handle<Expr>, Branches>,
}

impl<'a> Placement<'a> {
    /// Prepares the assignment.
    fn new(scope: &'a Scope<'a>, uses: &'a [u32]) -> Self {
        let mut tree_costs = vec![0_u32; uses.len()];
        for index in (0..uses.len()).filter(|index| 0 < uses[*index]) {
            let value = Handle::from_index(index);
            let mut cost = own_cost(scope, value);
            scope.for_each_operand(value, |operand| cost = cost.saturating_add(tree_costs[operand.index()]));
            tree_costs[index] = cost;
        }
        let region = vec![None; uses.len()];
        Self { scope, uses, tree_costs, region, regions: Regions::new(), branches: BTreeMap::new() }
    }

    /// Assigns every used value; users come before operands.
    fn assign(&mut self, roots: &[Root]) {
        for root in roots {
            self.region[root.value.index()] = Some(Region::ROOT);
        }
        for index in (0..self.uses.len()).rev() {
            let Some(region) = self.region[index] else { continue };
            let value = Handle::from_index(index);
            let scope = self.scope;
            self.regions.charge(region, own_cost(scope, value));
            if scope.leaf(value).is_some() {
                continue;
            }
            if let Expr::Select(condition, then, otherwise) = *scope.source.expression(value)
                && let Some(branches) = self.split(region, then, otherwise)
            {
                self.branches.insert(value, branches);
                self.join(condition, region);
                self.join(then, branches.then);
                self.join(otherwise, branches.otherwise);
            } else {
                scope.for_each_operand(value, |operand| self.join(operand, region));
            }
        }
    }

    /// Makes branches for a selection, if they may save something.
    fn split(&mut self, region: Region, then: Handle<Expr>, otherwise: Handle<Expr>) -> Option<Branches> {
        let cost = self.tree_costs[then.index()].saturating_add(self.tree_costs[otherwise.index()]);
        if cost <= JUMP_COST {
            return None;
        }
        self.regions.split(region)
    }

    /// Notes that a value is used in a region.
    fn join(&mut self, operand: Handle<Expr>, region: Region) {
        let place = &mut self.region[operand.index()];
        *place = Some(place.map_or(region, |known| self.regions.common(known, region)));
    }
}

/// Returns which values are kept in locals.
fn choose_kept(scope: &Scope<'_>, uses: &[u32], branches: &BTreeMap<Handle<Expr>, Branches>) -> Vec<bool> {
    let mut kept = vec![false; uses.len()];
    let mut heights = vec![1_u32; uses.len()];
    for index in (0..uses.len()).filter(|index| 0 < uses[*index]) {
        let value = Handle::from_index(index);
        let jumps = branches.contains_key(&value);
        let mut height = stack_height(scope, value, jumps, &heights);
        if MAXIMUM_STACK < height {
            scope.for_each_operand(value, |operand| {
                if scope.leaf(operand).is_none() {
                    kept[operand.index()] = true;
                    heights[operand.index()] = 1;
                }
            });
            height = stack_height(scope, value, jumps, &heights);
        }
        kept[index] = 1 < uses[index] && !scope.leaf(value).is_some_and(Leaf::is_immediate);
        heights[index] = if kept[index] { 1 } else { height };
    }
    kept
}

/// Returns how high the operand stack grows while a value is computed.
fn stack_height(scope: &Scope<'_>, value: Handle<Expr>, jumps: bool, heights: &[u32]) -> u32 {
    if matches!(scope.leaf(value), Some(Leaf::Sloped(..))) {
        return 4;
    }
    let (mut below, mut height) = (0, 2);
    scope.for_each_operand(value, |operand| {
        height = height.max(below + heights[operand.index()]);
        below += u32::from(!jumps);
    });
    height
}

/// Returns about how long a value takes when its operands are at hand, in additions.
fn own_cost(scope: &Scope<'_>, value: Handle<Expr>) -> u32 {
    match scope.leaf(value) {
        Some(Leaf::Constant(_) | Leaf::Boolean(_) | Leaf::Time) => return 0,
        Some(Leaf::Load(..) | Leaf::LoadBoolean(..)) => return 1,
        Some(Leaf::Sloped(..)) => return 5,
        None => {}
    }
    match scope.source.expression(value) {
        Expr::Call(..) => 20,
        Expr::Binary(BinaryOperation::Divide, ..) | Expr::Unary(UnaryOperation::SquareRoot, _) => 4,
        _ => 1,
    }
}

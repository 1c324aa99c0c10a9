//! The branches of lazy selections, as a tree of regions.
//!
//! A value is computed in the innermost region that holds all its uses. Region 0 is the function itself;
//! each lazy selection adds two, one a branch.

/// How deeply branches nest at most; deeper selections compute both sides.
const MAXIMUM_DEPTH: u32 = 48;

/// A pair of branches is worth a jump when what it saves costs more than this; picked by gut feeling to
/// be about a mispredicted jump, in additions.
pub(super) const JUMP_COST: u32 = 8;

/// The number of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region(u32);

/// The two branches of a lazy selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Branches {
    /// Entered if the condition holds.
    pub then: Region,
    /// Entered otherwise.
    pub otherwise: Region,
}

/// A region.
struct Node {
    parent: Region,
    depth: u32,
    /// The cost of the values computed here, branches within included.
    cost: u32,
}

/// All regions of a function.
pub(super) struct Regions {
    nodes: Vec<Node>,
}

impl Region {
    /// The function itself.
    pub(super) const ROOT: Self = Self(0);

    /// Returns the number, for tables beside the tree.
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Regions {
    /// Makes the tree of a function without branches.
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node { parent: Region::ROOT, depth: 0, cost: 0 }] }
    }

    /// Returns the number of regions.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds the branches of a selection that is computed in `parent`, unless they would nest too deeply.
    pub(super) fn split(&mut self, parent: Region) -> Option<Branches> {
        let depth = self.nodes[parent.index()].depth + 1;
        if depth > MAXIMUM_DEPTH {
            return None;
        }
        let then = Region(self.nodes.len() as u32);
        let otherwise = Region(then.0 + 1);
        self.nodes.push(Node { parent, depth, cost: 0 });
        self.nodes.push(Node { parent, depth, cost: 0 });
        Some(Branches { then, otherwise })
    }

    /// Adds to the cost of a region.
    pub(super) fn charge(&mut self, region: Region, cost: u32) {
        let total = &mut self.nodes[region.index()].cost;
        *total = total.saturating_add(cost);
    }

    /// Returns the innermost region around both.
    pub(super) fn common(&self, mut left: Region, mut right: Region) -> Region {
        while left != right {
            let (left_node, right_node) = (&self.nodes[left.index()], &self.nodes[right.index()]);
            if left_node.depth >= right_node.depth {
                left = left_node.parent;
            } else {
                right = right_node.parent;
            }
        }
        left
    }

    /// Dissolves the branches that are not worth a jump, and returns for each region the one in which its
    /// values are computed: itself or, if dissolved, the nearest around it that is not.
    pub(super) fn settle(mut self) -> Vec<Region> {
        for index in (1..self.nodes.len()).rev() {
            let Node { parent, cost, .. } = self.nodes[index];
            self.charge(parent, cost);
        }
        let mut settled = vec![Region::ROOT];
        for pair in self.nodes[1..].chunks_exact(2) {
            let worth = pair.iter().fold(0_u32, |sum, node| sum.saturating_add(node.cost)) > JUMP_COST;
            for node in pair {
                let itself = Region(settled.len() as u32);
                settled.push(if worth { itself } else { settled[node.parent.index()] });
            }
        }
        settled
    }
}

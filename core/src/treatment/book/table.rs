//! The book in the form that answers.

use super::cells::{AxisCells, Cells};
use super::diagram::{Diagram, Next};
use crate::data::Value;
use crate::tier::RiskTier;

/// A sound [`ActionBook`](super::ActionBook), resolved for speed: every state has exactly one row.
#[derive(Debug)]
pub struct ActionTable {
    axes: Vec<Finder>,
    /// By node: its axis, and where its branches begin.
    nodes: Vec<(u32, u32)>,
    branches: Vec<Step>,
    root: Step,
}

/// From a value to the branch of a node.
#[derive(Debug)]
struct Finder {
    cells: Cells,
    class_of: Vec<u32>,
}

/// Where a branch leads: to a node, or with the highest bit set to a row.
type Step = u32;

const ROW: Step = 1 << 31;

impl ActionTable {
    /// None when some state has not exactly one row.
    pub(super) fn new(axes: Vec<AxisCells>, diagram: Diagram) -> Option<Self> {
        let step = |next: &Next| match next {
            Next::Gap | Next::Overlap => None,
            Next::Row(row) => Some(ROW | u32::from(*row)),
            Next::Node(node) => Some(*node),
        };
        Some(ActionTable {
            nodes: diagram.nodes.iter().map(|node| (node.axis, node.first)).collect(),
            branches: diagram.branches.iter().map(step).collect::<Option<_>>()?,
            root: step(&diagram.root)?,
            axes: axes.into_iter().map(|axis| Finder { cells: axis.cells, class_of: axis.class_of }).collect(),
        })
    }

    /// The index of the row that answers for a state. `value(axis)` gives the value of the axis with this index; it is
    /// asked only for what matters, and never for the tier. NaN, infinite numbers and values of another kind count as
    /// missing.
    #[inline]
    #[must_use]
    pub fn row<'v>(&self, tier: RiskTier, value: impl Fn(usize) -> Value<'v>) -> u16 {
        let mut step = self.root;
        while step & ROW == 0 {
            let (axis, first) = self.nodes[step as usize];
            let finder = &self.axes[axis as usize];
            let class = finder.class_of[finder.cells.locate(tier, || value(axis as usize))];
            step = self.branches[(first + class) as usize];
        }
        step as u16
    }
}

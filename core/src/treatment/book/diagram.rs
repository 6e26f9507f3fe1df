//! The decision diagram of a book: every state leads to the rows that admit it.

use std::collections::HashMap;

use super::cells::AxisCells;
use super::rows::RowSet;
use crate::error::{Error, Problem, Result};

/// The most sets of rows that are split: the nodes, and those that turn out to be none.
const MAX_SPLITS: usize = 1_000_000;

/// The most branches that are followed while it is built: time and memory are in proportion to them.
const MAX_BRANCHES: usize = 10_000_000;

/// Where a branch leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Next {
    /// No row admits the states.
    Gap,
    /// At least two rows admit each of the states.
    Overlap,
    /// This row alone admits the states.
    Row(u16),
    /// The node with this index looks at the next axis.
    Node(u32),
}

/// Looks at one axis and has one branch for each of its classes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) axis: u32,
    /// Where its branches begin in [`Diagram::branches`].
    pub(super) first: u32,
}

/// A diagram whose branches lead only to nodes that come before.
#[derive(Debug)]
pub(super) struct Diagram {
    pub(super) nodes: Vec<Node>,
    pub(super) branches: Vec<Next>,
    pub(super) root: Next,
    /// The rows that are the only ones for some state.
    pub(super) sole: RowSet,
}

impl Diagram {
    /// Splits the states axis by axis. Two splits with the same rows left on the same axis are one node: what follows
    /// depends on nothing else.
    pub(super) fn new(axes: &[AxisCells], rows: usize) -> Result<Self> {
        let mut possible = RowSet::all(rows);
        axes.iter().for_each(|axis| possible.keep(&axis.possible));
        let mut free = vec![RowSet::all(rows); axes.len() + 1];
        for axis in (0..axes.len()).rev() {
            free[axis] = free[axis + 1].and(&axes[axis].open);
        }
        let mut builder = Builder {
            axes,
            free,
            known: vec![HashMap::new(); axes.len()],
            splits: 0,
            followed: 0,
            nodes: Vec::new(),
            branches: Vec::new(),
            sole: RowSet::none(rows),
        };
        let root = builder.split(0, possible)?;
        Ok(Diagram { nodes: builder.nodes, branches: builder.branches, root, sole: builder.sole })
    }

    /// The branches of a node, by class.
    pub(super) fn branches_of(&self, node: Node, classes: usize) -> &[Next] {
        &self.branches[node.first as usize..node.first as usize + classes]
    }
}

struct Builder<'a> {
    axes: &'a [AxisCells],
    /// The rows that admit everything on all axes from this one on.
    free: Vec<RowSet>,
    /// By axis: where a set of rows leads. Only looked up, never listed.
    known: Vec<HashMap<RowSet, Next>>,
    splits: usize,
    followed: usize,
    nodes: Vec<Node>,
    branches: Vec<Next>,
    sole: RowSet,
}

impl Builder<'_> {
    /// Where the states lead that `rows` are left for when the axes before `axis` have been looked at.
    fn split(&mut self, mut axis: usize, rows: RowSet) -> Result<Next> {
        let mut left = rows.iter();
        let (first, several) = (left.next(), left.next().is_some());
        drop(left);
        let Some(first) = first else { return Ok(Next::Gap) };
        while axis < self.axes.len() && rows.within(&self.axes[axis].open) {
            axis += 1;
        }
        if several && rows.and(&self.free[axis]).count() > 1 {
            return Ok(Next::Overlap);
        }
        if axis == self.axes.len() {
            self.sole.insert(first);
            return Ok(Next::Row(first as u16));
        }
        if let Some(known) = self.known[axis].get(&rows) {
            return Ok(*known);
        }
        let classes = &self.axes[axis].classes;
        self.splits += 1;
        self.followed += classes.len();
        if self.splits > MAX_SPLITS || self.followed > MAX_BRANCHES {
            return Err(Error::config(
                Problem::new(
                    "the rows cut the states into too many pieces to be checked",
                    "use fewer rows or axes, share bounds between rows, or split the book",
                )
                .field("treatment.rows"),
            ));
        }
        let mut branches: Vec<Next> = Vec::with_capacity(classes.len());
        let mut before: Option<(RowSet, Next)> = None;
        for class in classes {
            let part = rows.and(class);
            // Neighbouring classes often leave the same rows.
            let next = match &before {
                Some((same, next)) if *same == part => *next,
                _ => {
                    let next = self.split(axis + 1, part.clone())?;
                    before = Some((part, next));
                    next
                }
            };
            branches.push(next);
        }
        let next = match branches.split_first() {
            Some((first, rest)) if rest.iter().all(|next| next == first) => *first,
            _ => {
                self.nodes.push(Node { axis: axis as u32, first: self.branches.len() as u32 });
                self.branches.extend(branches);
                Next::Node(self.nodes.len() as u32 - 1)
            }
        };
        self.known[axis].insert(rows, next);
        Ok(next)
    }
}

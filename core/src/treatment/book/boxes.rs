//! States written as boxes: for each axis the parts that belong to it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::Serialize;

use super::allowed::Allowed;
use super::cells::AxisCells;
use super::diagram::{Diagram, Next};
use super::stored::ActionBook;

/// All states that lie in the given part of each axis, in the form of [`ActionRow::when`](super::ActionRow::when): a row
/// with this `when` answers exactly for them. Its text is for readers: `tier A or B, utilisation from 0.3 below 0.7`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateBox {
    /// The parts by name of the axis; an axis that is not named belongs with all its values.
    pub when: BTreeMap<String, Vec<Allowed>>,
    /// The same in words, in the order of the axes.
    pub text: String,
}

impl fmt::Display for StateBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StateBox {
    /// `parts` gives the parts of an axis by its index; none for all of it.
    pub(super) fn new(book: &ActionBook, parts: impl Fn(usize) -> Option<Vec<Allowed>>) -> Self {
        let (mut when, mut texts) = (BTreeMap::new(), Vec::new());
        for (i, axis) in book.axes.iter().enumerate() {
            if let Some(parts) = parts(i) {
                let words: Vec<String> = parts.iter().map(ToString::to_string).collect();
                texts.push(format!("{} {}", axis.name, words.join(" or ")));
                when.insert(axis.name.clone(), parts);
            }
        }
        let text = if texts.is_empty() { "every state".to_owned() } else { texts.join(", ") };
        StateBox { when, text }
    }
}

/// Where a branch of [`Gaps`] leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum To {
    /// To states with an answer.
    Answered,
    /// To states without one.
    Unanswered,
    /// To another node.
    Node(u32),
}

/// Where a branch leads, with all classes that it is for, in rising order.
type Group = (To, Vec<usize>);

/// The diagram of the unanswered states alone. Splits that differ in who answers, but not in whether anyone does, are one
/// node, so that a gap is not listed in more pieces than it has.
pub(super) struct Gaps {
    /// By node: its axis, and the classes of each different branch that leads to a gap.
    nodes: Vec<(usize, Vec<Group>)>,
    /// By node: how many boxes its unanswered states are.
    boxes: Vec<u64>,
    root: To,
}

impl Gaps {
    pub(super) fn new(diagram: &Diagram, axes: &[AxisCells]) -> Self {
        let mut gaps = Gaps { nodes: Vec::new(), boxes: Vec::new(), root: To::Answered };
        let mut known: HashMap<(u32, Vec<To>), To> = HashMap::new();
        let mut merged: Vec<To> = Vec::with_capacity(diagram.nodes.len());
        let lead = |next: Next, merged: &[To]| match next {
            Next::Gap => To::Unanswered,
            Next::Overlap | Next::Row(_) => To::Answered,
            Next::Node(node) => merged[node as usize],
        };
        for node in &diagram.nodes {
            let classes = axes[node.axis as usize].classes.len();
            let branches: Vec<To> = diagram.branches_of(*node, classes).iter().map(|next| lead(*next, &merged)).collect();
            let same = branches.iter().all(|to| Some(to) == branches.first());
            merged.push(match branches.first() {
                Some(to) if same => *to,
                _ => {
                    *known.entry((node.axis, branches)).or_insert_with_key(|(axis, branches)| gaps.push(*axis as usize, branches))
                }
            });
        }
        gaps.root = lead(diagram.root, &merged);
        gaps
    }

    fn push(&mut self, axis: usize, branches: &[To]) -> To {
        let mut groups: Vec<Group> = Vec::new();
        let mut place: HashMap<To, usize> = HashMap::new();
        for (class, to) in branches.iter().enumerate().filter(|(_, to)| **to != To::Answered) {
            let at = *place.entry(*to).or_insert(groups.len());
            if at == groups.len() {
                groups.push((*to, Vec::new()));
            }
            groups[at].1.push(class);
        }
        self.boxes.push(groups.iter().map(|(to, _)| self.count(*to)).fold(0, u64::saturating_add));
        self.nodes.push((axis, groups));
        To::Node(self.nodes.len() as u32 - 1)
    }

    fn count(&self, to: To) -> u64 {
        match to {
            To::Answered => 0,
            To::Unanswered => 1,
            To::Node(node) => self.boxes[node as usize],
        }
    }

    /// How many disjoint boxes the unanswered states are; [`u64::MAX`] for that many and more.
    pub(super) fn total(&self) -> u64 {
        self.count(self.root)
    }

    /// The first `most` of these boxes.
    pub(super) fn list(&self, book: &ActionBook, axes: &[AxisCells], most: usize) -> Vec<StateBox> {
        let mut found = Vec::new();
        self.walk(self.root, &mut vec![None; axes.len()], most, &mut |path| {
            found.push(StateBox::new(book, |axis| {
                path[axis].map(|classes| axes[axis].parts_of(&book.axes[axis].of, |class| classes.binary_search(&class).is_ok()))
            }));
            found.len()
        });
        found
    }

    /// Calls `found` with the classes of each box by axis until it answers `most`; true when it has.
    fn walk<'a>(
        &'a self,
        to: To,
        path: &mut Vec<Option<&'a Vec<usize>>>,
        most: usize,
        found: &mut impl FnMut(&[Option<&'a Vec<usize>>]) -> usize,
    ) -> bool {
        match to {
            To::Answered => false,
            To::Unanswered => found(path) >= most,
            To::Node(node) => {
                let (axis, groups) = &self.nodes[node as usize];
                let full = groups.iter().any(|(to, classes)| {
                    path[*axis] = Some(classes);
                    self.walk(*to, path, most, found)
                });
                path[*axis] = None;
                full
            }
        }
    }
}

//! Union–find whose steps can be taken back.

/// What is known of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) size: u32,
    /// Index of its first entity.
    pub(super) first: u32,
    /// Days since 1970-01-01.
    pub(super) first_seen: i32,
    pub(super) bad: u32,
    pub(super) shared: u32,
}

/// One step: the root that changed, what it was, and what was put under it, if anything.
#[derive(Debug)]
struct Step {
    root: u32,
    before: Facts,
    child: Option<u32>,
}

/// Union by size without path compression, so that each step touches two places and can be taken back. Which root wins
/// shows in no result: facts add up and minima do not know an order.
#[derive(Debug)]
pub(super) struct Forest {
    parent: Vec<u32>,
    facts: Vec<Facts>,
    steps: Vec<Step>,
}

impl Forest {
    /// Every entity by itself; `first_seen` by entity.
    pub(super) fn new(first_seen: &[i32]) -> Self {
        let alone = |(entity, &first_seen): (usize, &i32)| Facts { size: 1, first: entity as u32, first_seen, bad: 0, shared: 0 };
        let facts: Vec<Facts> = first_seen.iter().enumerate().map(alone).collect();
        Forest { parent: (0..facts.len() as u32).collect(), facts, steps: Vec::new() }
    }

    fn root(&self, mut entity: u32) -> u32 {
        while self.parent[entity as usize] != entity {
            entity = self.parent[entity as usize];
        }
        entity
    }

    /// The group of an entity.
    pub(super) fn facts(&self, entity: u32) -> Facts {
        self.facts[self.root(entity) as usize]
    }

    /// Joins two groups.
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (mut root, mut child) = (a, b);
        if self.facts[a as usize].size < self.facts[b as usize].size {
            (root, child) = (b, a);
        }
        let (before, other) = (self.facts[root as usize], self.facts[child as usize]);
        self.steps.push(Step { root, before, child: Some(child) });
        self.parent[child as usize] = root;
        self.facts[root as usize] = Facts {
            size: before.size + other.size,
            first: before.first.min(other.first),
            first_seen: before.first_seen.min(other.first_seen),
            bad: before.bad + other.bad,
            shared: before.shared + other.shared,
        };
    }

    /// Changes what is known of the group of an entity.
    pub(super) fn change(&mut self, entity: u32, change: impl FnOnce(&mut Facts)) {
        let root = self.root(entity);
        let facts = &mut self.facts[root as usize];
        self.steps.push(Step { root, before: *facts, child: None });
        change(facts);
    }

    /// Where [`Forest::back_to`] returns to.
    pub(super) fn mark(&self) -> usize {
        self.steps.len()
    }

    /// Takes back every step since `mark`, the last one first.
    pub(super) fn back_to(&mut self, mark: usize) {
        while self.steps.len() > mark {
            let Some(step) = self.steps.pop() else { return };
            self.facts[step.root as usize] = step.before;
            if let Some(child) = step.child {
                self.parent[child as usize] = child;
            }
        }
    }
}

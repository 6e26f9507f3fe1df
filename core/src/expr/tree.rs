//! The typed tree between the parsed text and the program.

use super::MAX_INSTRUCTIONS;
use super::op::{List, Op};
use super::screen::{problem, too_long};
use crate::data::{Date, Kind};
use crate::error::{Error, Result};

/// One typed part of an expression.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// What it yields; nothing while it consists of NULL only and the context has not settled it.
    pub(super) kind: Option<Kind>,
    /// One-based character position of its first token.
    pub(super) at: usize,
    /// Instructions it needs.
    pub(super) size: usize,
    pub(super) form: Form,
}

#[derive(Debug, Clone)]
pub(super) enum Form {
    Null,
    Number(f64),
    Category(String),
    Date(Date),
    Flag(bool),
    Slot(usize),
    In(Box<Node>, List),
    /// An operation over its operands; see [`Op::operands`] for more than it takes at once.
    Apply(Op, Vec<Node>),
}

impl Node {
    pub(super) fn leaf(kind: impl Into<Option<Kind>>, at: usize, form: Form) -> Self {
        Node { kind: kind.into(), at, size: 1, form }
    }

    pub(super) fn within(value: Node, list: List) -> Result<Self> {
        let (at, size) = (value.at, value.size + 1);
        Node { kind: Some(Kind::Flag), at, size, form: Form::In(Box::new(value), list) }.bounded()
    }

    pub(super) fn apply(op: Op, kind: impl Into<Option<Kind>>, at: usize, operands: Vec<Node>) -> Result<Self> {
        let step = op.operands().saturating_sub(1).max(1);
        let applied = (operands.len().saturating_sub(1) / step).max(1);
        let size = applied + operands.iter().map(|node| node.size).sum::<usize>();
        Node { kind: kind.into(), at, size, form: Form::Apply(op, operands) }.bounded()
    }

    fn bounded(self) -> Result<Self> {
        if self.size > MAX_INSTRUCTIONS { Err(too_long(self.at)) } else { Ok(self) }
    }

    /// The same node, which must yield `kind`.
    pub(super) fn expect(mut self, kind: Kind) -> Result<Self> {
        match self.kind {
            Some(found) if found == kind => Ok(self),
            Some(found) => Err(wrong_kind(self.at, kind.name(), found)),
            None => {
                self.settle(kind);
                Ok(self)
            }
        }
    }

    fn settle(&mut self, kind: Kind) {
        if self.kind.is_none() {
            self.kind = Some(kind);
            if let Form::Apply(_, operands) = &mut self.form {
                // The conditions of a selection are flags already, so they are left alone.
                operands.iter_mut().for_each(|operand| operand.settle(kind));
            }
        }
    }
}

fn article(kind: Kind) -> String {
    format!("a {}", kind.name())
}

pub(super) fn wrong_kind(at: usize, expected: &str, found: Kind) -> Error {
    let remedy = match found {
        Kind::Flag => "compare or combine flags with AND, OR, NOT, or turn one into a value with CASE WHEN",
        _ => "nothing is converted by itself; quotes make text, DATE 'YYYY-MM-DD' makes a date",
    };
    problem(at, format!("a {expected} was expected, this is {}", article(found)), remedy)
}

/// Gives all `nodes` one kind, that of the first which has one; nothing when none has.
pub(super) fn unify(nodes: Vec<Node>) -> Result<(Option<Kind>, Vec<Node>)> {
    match nodes.iter().find_map(|node| node.kind) {
        None => Ok((None, nodes)),
        Some(kind) => Ok((Some(kind), nodes.into_iter().map(|node| node.expect(kind)).collect::<Result<_>>()?)),
    }
}

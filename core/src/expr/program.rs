//! The resolved form of an expression: a short postfix program over a fixed stack.

use arrayvec::ArrayVec;

use super::MAX_STACK;
use super::kernels::{self, Cell};
use super::op::{List, Op, arithmetic_kernel, comparison_kernel, holds, level_in, number_kernel, pick_kernel};
use super::screen::problem;
use super::tree::{Form, Node};
use crate::data::{Date, Kind, Value};
use crate::error::Result;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Instruction {
    Missing(Kind),
    Number(f64),
    Date(Date),
    Flag(bool),
    Category(String),
    Load(usize, Kind),
    /// The number of a slot beside a literal: what most conditions are, so that they take one step in place of three.
    Compare(Op, usize, f64),
    In(List),
    Apply(Op),
}

/// A short postfix program over a fixed stack, without jumps: every branch of a CASE is computed and
/// one is taken, which no one can tell from outside since computing has no effects.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    pub(super) instructions: Vec<Instruction>,
    depth: usize,
}

type Stack<'v, const N: usize> = ArrayVec<Value<'v>, N>;

/// Most expressions need only this much of the stack.
const SHALLOW: usize = 8;

impl Program {
    pub(super) fn compile(node: Node, reads: &mut Vec<usize>) -> Result<Self> {
        let at = node.at;
        let mut builder = Builder { instructions: Vec::with_capacity(node.size), height: 0, depth: 0, reads };
        builder.node(node);
        let Builder { instructions, depth, .. } = builder;
        if depth > MAX_STACK {
            let what = format!("the expression needs a stack deeper than {MAX_STACK}");
            return Err(problem(at, what, "compute a part of it in a field of its own"));
        }
        Ok(Program { instructions, depth })
    }

    /// Number of instructions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Whether there are no instructions; never so for a parsed expression.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }

    /// The value for one record. `load` yields the cell of a slot of the [`Scope`](super::Scope); a cell of
    /// another kind than the scope says, or an infinite number, reads as missing. Allocates nothing.
    pub fn eval<'v>(&'v self, load: impl Fn(usize) -> Value<'v>) -> Value<'v> {
        if self.depth <= SHALLOW { self.run::<SHALLOW>(&load) } else { self.run::<MAX_STACK>(&load) }
    }

    /// Compiled once for all callers: every operation lies in it.
    fn run<'v, const N: usize>(&'v self, load: &dyn Fn(usize) -> Value<'v>) -> Value<'v> {
        let mut stack = Stack::<N>::new();
        for instruction in &self.instructions {
            let value = match instruction {
                Instruction::Missing(_) => Value::Missing,
                Instruction::Number(x) => Value::Number(*x),
                Instruction::Date(day) => Value::Date(*day),
                Instruction::Flag(flag) => Value::Flag(*flag),
                Instruction::Category(level) => Value::Category(level),
                Instruction::Load(slot, kind) => clean(load(*slot), *kind),
                Instruction::Compare(op, slot, x) => compare(*op, f64::read(clean(load(*slot), Kind::Number)), *x),
                Instruction::In(list) => within(list, pop(&mut stack)),
                Instruction::Apply(op) => apply(*op, &mut stack),
            };
            // The compiler of programs bounds the height, so there is room.
            let _ = stack.try_push(value);
        }
        pop(&mut stack)
    }
}

#[inline(always)]
fn pop<'v, const N: usize>(stack: &mut Stack<'v, N>) -> Value<'v> {
    stack.pop().unwrap_or_default()
}

/// The cell as its kind; what the kind cannot hold is missing.
#[inline(always)]
fn clean(value: Value<'_>, kind: Kind) -> Value<'_> {
    match kind {
        Kind::Number => f64::read(value).value(),
        Kind::Date => i32::read(value).value(),
        Kind::Flag => u8::read(value).value(),
        Kind::Category => <Option<&str>>::read(value).value(),
    }
}

fn compare<'v>(op: Op, a: f64, b: f64) -> Value<'v> {
    comparison_kernel!(op, f => f(a, b)).value()
}

fn within<'v>(list: &'v List, value: Value<'v>) -> Value<'v> {
    match (list, value) {
        (List::Numbers(list), Value::Number(x)) => holds(list, x),
        (List::Days(list), Value::Date(day)) => holds(list, day.days()),
        (List::Flags(list), Value::Flag(flag)) => holds(list, u8::from(flag)),
        (List::Levels(list), Value::Category(level)) => level_in(list, Some(level)),
        _ => kernels::UNKNOWN,
    }
    .value()
}

/// Runs `$then` on operands of one kind as scalars named alike; `$else` when one of them is missing.
macro_rules! alike {
    (($($x:ident),+), $then:expr, $else:expr) => {
        match ($($x),+) {
            ($(Value::Number($x)),+) => $then,
            ($(Value::Date($x)),+) => { $(let $x = $x.days();)+ $then }
            ($(Value::Flag($x)),+) => { $(let $x = u8::from($x);)+ $then }
            ($(Value::Category($x)),+) => { $(let $x = Some($x);)+ $then }
            _ => $else,
        }
    };
}

#[inline(always)]
fn apply<'v, const N: usize>(op: Op, stack: &mut Stack<'v, N>) -> Value<'v> {
    let b = pop(stack);
    match op {
        Op::Negate | Op::Abs | Op::Sqrt | Op::Ln | Op::Exp | Op::Floor | Op::Ceil | Op::Round => {
            number_kernel!(op, f => f(f64::read(b))).value()
        }
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide => {
            let a = f64::read(pop(stack));
            arithmetic_kernel!(op, f => f(a, f64::read(b))).value()
        }
        Op::Not => kernels::not(u8::read(b)).value(),
        Op::And => kernels::and(u8::read(pop(stack)), u8::read(b)).value(),
        Op::Or => kernels::or(u8::read(pop(stack)), u8::read(b)).value(),
        Op::IsTrue => kernels::is_true(u8::read(b)).value(),
        Op::IsFalse => kernels::is_false(u8::read(b)).value(),
        Op::IsMissing => Value::Flag(matches!(b, Value::Missing)),
        Op::Equal | Op::Unequal | Op::Less | Op::AtMost | Op::Greater | Op::AtLeast => {
            let a = pop(stack);
            alike!((a, b), comparison_kernel!(op, f => f(a, b)), kernels::UNKNOWN).value()
        }
        Op::Between => {
            let low = pop(stack);
            let x = pop(stack);
            between(x, low, b).value()
        }
        Op::Coalesce | Op::Least | Op::Greatest => match (pop(stack), b) {
            (Value::Missing, only) | (only, Value::Missing) => only,
            (a, b) => alike!((a, b), pick_kernel!(op, f => f(a, b)).value(), Value::Missing),
        },
        Op::Select => {
            let condition = u8::read(pop(stack));
            kernels::select(pop(stack), condition, b)
        }
        Op::DaysBetween => kernels::days_between(i32::read(pop(stack)), i32::read(b)).value(),
        Op::MonthsBetween => kernels::months_between(i32::read(pop(stack)), i32::read(b)).value(),
        Op::Year => kernels::year(i32::read(b)).value(),
        Op::Month => kernels::month(i32::read(b)).value(),
    }
}

fn between(x: Value<'_>, low: Value<'_>, high: Value<'_>) -> u8 {
    match (x, low, high) {
        (Value::Date(_), ..) => kernels::between(i32::read(x), i32::read(low), i32::read(high)),
        _ => kernels::between(f64::read(x), f64::read(low), f64::read(high)),
    }
}

/// Slot and literal of a comparison of a number with a literal.
fn against_literal(op: Op, operands: &[Node]) -> Option<(usize, f64)> {
    let [Node { form: Form::Slot(slot), kind: Some(Kind::Number), .. }, Node { form: Form::Number(x), .. }] = operands else {
        return None;
    };
    let compares = matches!(op, Op::Equal | Op::Unequal | Op::Less | Op::AtMost | Op::Greater | Op::AtLeast);
    compares.then_some((*slot, *x))
}

struct Builder<'r> {
    instructions: Vec<Instruction>,
    height: usize,
    depth: usize,
    reads: &'r mut Vec<usize>,
}

impl Builder<'_> {
    fn node(&mut self, node: Node) {
        // A kind that nothing settled belongs to a part whose kind nothing reads.
        let kind = node.kind.unwrap_or(Kind::Number);
        match node.form {
            Form::Null => self.push(Instruction::Missing(kind)),
            Form::Number(x) => self.push(Instruction::Number(x)),
            Form::Category(level) => self.push(Instruction::Category(level)),
            Form::Date(day) => self.push(Instruction::Date(day)),
            Form::Flag(flag) => self.push(Instruction::Flag(flag)),
            Form::Slot(slot) => {
                self.reads.push(slot);
                self.push(Instruction::Load(slot, kind));
            }
            Form::In(value, list) => {
                self.node(*value);
                self.instructions.push(Instruction::In(list));
            }
            Form::Apply(op, operands) => {
                if let Some((slot, x)) = against_literal(op, &operands) {
                    self.reads.push(slot);
                    self.push(Instruction::Compare(op, slot, x));
                    return;
                }
                let step = op.operands().saturating_sub(1);
                for (i, operand) in operands.into_iter().enumerate() {
                    self.node(operand);
                    if step == 0 || (i > 0 && i % step == 0) {
                        self.instructions.push(Instruction::Apply(op));
                        self.height = self.height.saturating_sub(step);
                    }
                }
            }
        }
    }

    fn push(&mut self, instruction: Instruction) {
        self.instructions.push(instruction);
        self.height += 1;
        self.depth = self.depth.max(self.height);
    }
}

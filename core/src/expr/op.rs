//! The operations of a program, each tied to its kernel in one place.

use super::kernels::{self, Cell};
use super::tree::Form;
use crate::data::Kind;

/// What one step does with the operands on top of the stack. Kinds were settled before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Negate,
    Abs,
    Sqrt,
    Ln,
    Exp,
    Floor,
    Ceil,
    Round,
    Add,
    Subtract,
    Multiply,
    Divide,
    Not,
    And,
    Or,
    IsTrue,
    IsFalse,
    IsMissing,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Between,
    Coalesce,
    Least,
    Greatest,
    /// Takes the value so far, a condition and the value to take when it holds.
    Select,
    DaysBetween,
    MonthsBetween,
    Year,
    Month,
}

impl Op {
    /// How many operands one step takes. A [`Form::Apply`] with more repeats the step from the left.
    pub(super) fn operands(self) -> usize {
        match self {
            Op::Negate | Op::Abs | Op::Sqrt | Op::Ln | Op::Exp | Op::Floor | Op::Ceil | Op::Round => 1,
            Op::Not | Op::IsTrue | Op::IsFalse | Op::IsMissing | Op::Year | Op::Month => 1,
            Op::Between | Op::Select => 3,
            _ => 2,
        }
    }
}

/// The sorted literals after IN.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum List {
    Numbers(Vec<f64>),
    Days(Vec<i32>),
    Flags(Vec<u8>),
    Levels(Vec<String>),
}

impl List {
    pub(super) fn new(kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::Date) => List::Days(Vec::new()),
            Some(Kind::Flag) => List::Flags(Vec::new()),
            Some(Kind::Category) => List::Levels(Vec::new()),
            Some(Kind::Number) | None => List::Numbers(Vec::new()),
        }
    }

    /// Adds a literal; false when `form` is none of this kind.
    pub(super) fn push(&mut self, form: Form) -> bool {
        match (self, form) {
            (List::Numbers(list), Form::Number(x)) => list.push(x),
            (List::Days(list), Form::Date(day)) => list.push(day.days()),
            (List::Flags(list), Form::Flag(flag)) => list.push(u8::from(flag)),
            (List::Levels(list), Form::Category(level)) => list.push(level),
            _ => return false,
        }
        true
    }

    pub(super) fn sort(&mut self) {
        match self {
            List::Numbers(list) => list.sort_by(f64::total_cmp),
            List::Days(list) => list.sort_unstable(),
            List::Flags(list) => list.sort_unstable(),
            List::Levels(list) => list.sort_unstable(),
        }
    }
}

/// Whether `x` is one of the sorted `list`. Both zeros are neighbours in it, so either is found.
#[inline]
pub(super) fn holds<'v, T: Cell<'v>, L: PartialOrd<T>>(list: &[L], x: T) -> u8 {
    if x.is_missing() {
        return kernels::UNKNOWN;
    }
    u8::from(list.get(list.partition_point(|y| *y < x)).is_some_and(|y| *y == x))
}

#[inline]
pub(super) fn level_in(list: &[String], level: Option<&str>) -> u8 {
    match level {
        None => kernels::UNKNOWN,
        Some(level) => u8::from(list.binary_search_by(|known| known.as_str().cmp(level)).is_ok()),
    }
}

/// One number kernel over one operand, under the name `$f`.
macro_rules! number_kernel {
    ($op:expr, $f:ident => $then:expr) => {
        match $op {
            Op::Negate => {
                let $f = kernels::negate;
                $then
            }
            Op::Abs => {
                let $f = kernels::abs;
                $then
            }
            Op::Sqrt => {
                let $f = kernels::sqrt;
                $then
            }
            Op::Ln => {
                let $f = kernels::ln;
                $then
            }
            Op::Exp => {
                let $f = kernels::exp;
                $then
            }
            Op::Floor => {
                let $f = kernels::floor;
                $then
            }
            Op::Ceil => {
                let $f = kernels::ceil;
                $then
            }
            _ => {
                let $f = kernels::round;
                $then
            }
        }
    };
}

/// One number kernel over two operands.
macro_rules! arithmetic_kernel {
    ($op:expr, $f:ident => $then:expr) => {
        match $op {
            Op::Add => {
                let $f = kernels::add;
                $then
            }
            Op::Subtract => {
                let $f = kernels::subtract;
                $then
            }
            Op::Multiply => {
                let $f = kernels::multiply;
                $then
            }
            _ => {
                let $f = kernels::divide;
                $then
            }
        }
    };
}

/// One comparison kernel over two operands of one kind.
macro_rules! comparison_kernel {
    ($op:expr, $f:ident => $then:expr) => {
        match $op {
            Op::Equal => {
                let $f = kernels::equal;
                $then
            }
            Op::Unequal => {
                let $f = kernels::unequal;
                $then
            }
            Op::Less => {
                let $f = kernels::less;
                $then
            }
            Op::AtMost => {
                let $f = kernels::at_most;
                $then
            }
            Op::Greater => {
                let $f = kernels::greater;
                $then
            }
            _ => {
                let $f = kernels::at_least;
                $then
            }
        }
    };
}

/// One kernel that picks among operands of one kind.
macro_rules! pick_kernel {
    ($op:expr, $f:ident => $then:expr) => {
        match $op {
            Op::Coalesce => {
                let $f = kernels::coalesce;
                $then
            }
            Op::Least => {
                let $f = kernels::least;
                $then
            }
            _ => {
                let $f = kernels::greatest;
                $then
            }
        }
    };
}

pub(super) use {arithmetic_kernel, comparison_kernel, number_kernel, pick_kernel};

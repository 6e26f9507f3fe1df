//! Column evaluation: the same kernels over blocks of rows.

use super::kernels::{self, Cell};
use super::op::{List, Op, arithmetic_kernel, comparison_kernel, holds, level_in, number_kernel, pick_kernel};
use super::program::{Instruction, Program};
use crate::data::{Kind, Value};
use crate::parallel::wide;

/// Rows of a block that keep a program's intermediate columns in the cache of one core.
pub const BLOCK: usize = 1_024;

/// A block of cells of one kind, each with its own marker of missing.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockColumn<'v> {
    /// Numbers; NaN is missing.
    Number(Vec<f64>),
    /// Flags: [`FALSE`](super::FALSE), [`TRUE`](super::TRUE), [`UNKNOWN`](super::UNKNOWN) for missing.
    Flag(Vec<u8>),
    /// Days since 1970-01-01; [`NO_DAY`](super::NO_DAY) is missing.
    Date(Vec<i32>),
    /// Levels; `None` is missing.
    Category(Vec<Option<&'v str>>),
}

impl<'v> BlockColumn<'v> {
    /// A block with no rows yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Number => BlockColumn::Number(Vec::new()),
            Kind::Flag => BlockColumn::Flag(Vec::new()),
            Kind::Date => BlockColumn::Date(Vec::new()),
            Kind::Category => BlockColumn::Category(Vec::new()),
        }
    }

    /// A block of the given cells; a cell of another kind is missing.
    pub fn of(kind: Kind, cells: impl IntoIterator<Item = Value<'v>>) -> Self {
        let mut block = BlockColumn::new(kind);
        cells.into_iter().for_each(|cell| block.push(cell));
        block
    }

    /// Adds a row; a cell of another kind is missing.
    pub fn push(&mut self, cell: Value<'v>) {
        match self {
            BlockColumn::Number(rows) => rows.push(Cell::read(cell)),
            BlockColumn::Flag(rows) => rows.push(Cell::read(cell)),
            BlockColumn::Date(rows) => rows.push(Cell::read(cell)),
            BlockColumn::Category(rows) => rows.push(Cell::read(cell)),
        }
    }

    /// Removes all rows and keeps the memory.
    pub fn clear(&mut self) {
        match self {
            BlockColumn::Number(rows) => rows.clear(),
            BlockColumn::Flag(rows) => rows.clear(),
            BlockColumn::Date(rows) => rows.clear(),
            BlockColumn::Category(rows) => rows.clear(),
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            BlockColumn::Number(rows) => rows.len(),
            BlockColumn::Flag(rows) => rows.len(),
            BlockColumn::Date(rows) => rows.len(),
            BlockColumn::Category(rows) => rows.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the cells are.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            BlockColumn::Number(_) => Kind::Number,
            BlockColumn::Flag(_) => Kind::Flag,
            BlockColumn::Date(_) => Kind::Date,
            BlockColumn::Category(_) => Kind::Category,
        }
    }

    /// The cell in `row`; [`Value::Missing`] beyond the end.
    #[must_use]
    pub fn value(&self, row: usize) -> Value<'v> {
        match self {
            BlockColumn::Number(rows) => rows.get(row).map_or(Value::Missing, |cell| kernels::finite(*cell).value()),
            BlockColumn::Flag(rows) => rows.get(row).map_or(Value::Missing, |cell| cell.value()),
            BlockColumn::Date(rows) => rows.get(row).map_or(Value::Missing, |cell| cell.value()),
            BlockColumn::Category(rows) => rows.get(row).map_or(Value::Missing, |cell| cell.value()),
        }
    }
}

/// Memory for column evaluation, to be kept from block to block: after the first block nothing is allocated.
#[derive(Debug, Default)]
pub struct Scratch<'v> {
    stack: Vec<BlockColumn<'v>>,
    numbers: Vec<Vec<f64>>,
    flags: Vec<Vec<u8>>,
    days: Vec<Vec<i32>>,
    levels: Vec<Vec<Option<&'v str>>>,
}

impl Program {
    /// The values for `rows` records, best at most [`BLOCK`] at a time: the same bits as [`Program::eval`]
    /// gives record by record. `load` yields the column of a slot of the [`Scope`](super::Scope); a column of
    /// another kind than the scope says reads as missing, and so do rows beyond its end.
    ///
    /// ```
    /// use scoreline::{Kind, Value, expr::{BlockColumn, Expr, Scope, Scratch}};
    /// let mut scope = Scope::new();
    /// scope.push("income", Kind::Number)?;
    /// let expr = Expr::parse("income >= 3000", &scope)?;
    /// let income = BlockColumn::Number(vec![4_200.0, f64::NAN, 800.0]);
    /// let mut scratch = Scratch::default();
    /// let result = expr.program().eval_block(3, |_slot| &income, &mut scratch);
    /// assert_eq!(*result, BlockColumn::Flag(vec![1, 2, 0]));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    pub fn eval_block<'v, 'b, 's>(
        &'v self,
        rows: usize,
        load: impl Fn(usize) -> &'b BlockColumn<'v>,
        scratch: &'s mut Scratch<'v>,
    ) -> &'s BlockColumn<'v>
    where
        'v: 'b,
    {
        while let Some(old) = scratch.stack.pop() {
            scratch.keep(old);
        }
        for instruction in &self.instructions {
            let column = match instruction {
                Instruction::Missing(kind) => scratch.missing(*kind, rows),
                Instruction::Number(x) => BlockColumn::Number(filled(&mut scratch.numbers, rows, *x)),
                Instruction::Date(day) => BlockColumn::Date(filled(&mut scratch.days, rows, day.days())),
                Instruction::Flag(flag) => BlockColumn::Flag(filled(&mut scratch.flags, rows, u8::from(*flag))),
                Instruction::Category(level) => BlockColumn::Category(filled(&mut scratch.levels, rows, Some(level.as_str()))),
                Instruction::Load(slot, kind) => scratch.copy(load(*slot), *kind, rows),
                Instruction::Compare(op, slot, x) => scratch.compare(*op, load(*slot), *x, rows),
                Instruction::In(list) => scratch.within(list),
                Instruction::Apply(op) => scratch.apply(*op),
            };
            scratch.stack.push(column);
        }
        scratch.stack.last().unwrap_or(&EMPTY)
    }
}

static EMPTY: BlockColumn<'static> = BlockColumn::Flag(Vec::new());

fn empty<T>(pool: &mut Vec<Vec<T>>) -> Vec<T> {
    let mut rows = pool.pop().unwrap_or_default();
    rows.clear();
    rows
}

fn filled<T: Copy>(pool: &mut Vec<Vec<T>>, rows: usize, cell: T) -> Vec<T> {
    let mut column = empty(pool);
    column.resize(rows, cell);
    column
}

/// The first `rows` cells through `clean`, made up with `missing`.
fn copied<T: Copy>(pool: &mut Vec<Vec<T>>, from: &[T], rows: usize, missing: T, clean: impl Fn(T) -> T) -> Vec<T> {
    let mut column = empty(pool);
    column.extend(from.iter().take(rows).map(|cell| clean(*cell)));
    column.resize(rows, missing);
    column
}

fn map<T: Copy>(cells: &mut [T], f: impl Fn(T) -> T) {
    cells.iter_mut().for_each(|cell| *cell = f(*cell));
}

fn zip<A: Copy, B: Copy>(a: &mut [A], b: &[B], f: impl Fn(A, B) -> A) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a = f(*a, *b));
}

#[inline(always)]
fn map_to<A: Copy, R>(pool: &mut Vec<Vec<R>>, a: &[A], f: impl Fn(A) -> R) -> Vec<R> {
    let mut column = empty(pool);
    column.extend(a.iter().map(|a| f(*a)));
    column
}

fn zip_to<A: Copy, R>(pool: &mut Vec<Vec<R>>, a: &[A], b: &[A], f: impl Fn(A, A) -> R) -> Vec<R> {
    let mut column = empty(pool);
    column.extend(a.iter().zip(b).map(|(a, b)| f(*a, *b)));
    column
}

fn between_to<'v, T: Cell<'v>>(pool: &mut Vec<Vec<u8>>, x: &[T], low: &[T], high: &[T]) -> Vec<u8> {
    let mut column = empty(pool);
    column.extend(x.iter().zip(low).zip(high).map(|((x, low), high)| kernels::between(*x, *low, *high)));
    column
}

fn select_into<T: Copy>(other: &mut [T], conditions: &[u8], chosen: &[T]) {
    other.iter_mut().zip(conditions).zip(chosen).for_each(|((other, condition), chosen)| {
        *other = kernels::select(*other, *condition, *chosen);
    });
}

/// Runs `$then` on the rows of two columns of one kind and wraps what it makes of the first.
macro_rules! alike {
    ($a:expr, $b:expr, |$x:ident, $y:ident| $then:expr) => {
        match (&mut $a, &$b) {
            (BlockColumn::Number($x), BlockColumn::Number($y)) => $then,
            (BlockColumn::Date($x), BlockColumn::Date($y)) => $then,
            (BlockColumn::Flag($x), BlockColumn::Flag($y)) => $then,
            (BlockColumn::Category($x), BlockColumn::Category($y)) => $then,
            _ => Default::default(),
        }
    };
}

impl<'v> Scratch<'v> {
    fn keep(&mut self, column: BlockColumn<'v>) {
        match column {
            BlockColumn::Number(rows) => self.numbers.push(rows),
            BlockColumn::Flag(rows) => self.flags.push(rows),
            BlockColumn::Date(rows) => self.days.push(rows),
            BlockColumn::Category(rows) => self.levels.push(rows),
        }
    }

    /// The top of the stack; programs are built so that there is one.
    fn pop(&mut self) -> BlockColumn<'v> {
        self.stack.pop().unwrap_or(BlockColumn::Flag(Vec::new()))
    }

    fn missing(&mut self, kind: Kind, rows: usize) -> BlockColumn<'v> {
        match kind {
            Kind::Number => BlockColumn::Number(filled(&mut self.numbers, rows, Cell::MISSING)),
            Kind::Flag => BlockColumn::Flag(filled(&mut self.flags, rows, Cell::MISSING)),
            Kind::Date => BlockColumn::Date(filled(&mut self.days, rows, Cell::MISSING)),
            Kind::Category => BlockColumn::Category(filled(&mut self.levels, rows, None)),
        }
    }

    fn copy(&mut self, from: &BlockColumn<'v>, kind: Kind, rows: usize) -> BlockColumn<'v> {
        match (from, kind) {
            (BlockColumn::Number(from), Kind::Number) => {
                BlockColumn::Number(copied(&mut self.numbers, from, rows, Cell::MISSING, kernels::finite))
            }
            (BlockColumn::Flag(from), Kind::Flag) => {
                BlockColumn::Flag(copied(&mut self.flags, from, rows, Cell::MISSING, kernels::known))
            }
            (BlockColumn::Date(from), Kind::Date) => {
                BlockColumn::Date(copied(&mut self.days, from, rows, Cell::MISSING, |day| day))
            }
            (BlockColumn::Category(from), Kind::Category) => {
                BlockColumn::Category(copied(&mut self.levels, from, rows, None, |level| level))
            }
            _ => self.missing(kind, rows),
        }
    }

    /// Numbers beside a literal.
    fn compare(&mut self, op: Op, from: &BlockColumn<'v>, x: f64, rows: usize) -> BlockColumn<'v> {
        let BlockColumn::Number(from) = from else { return self.missing(Kind::Flag, rows) };
        let (from, flags) = (from.get(..rows).unwrap_or(from), &mut self.flags);
        let mut found = comparison_kernel!(op, f => wide(|| map_to(flags, from, |cell| f(kernels::finite(cell), x))));
        found.resize(rows, Cell::MISSING);
        BlockColumn::Flag(found)
    }

    fn within(&mut self, list: &List) -> BlockColumn<'v> {
        let column = self.pop();
        let flags = &mut self.flags;
        let result = match (list, &column) {
            (List::Numbers(list), BlockColumn::Number(rows)) => map_to(flags, rows, |x| holds(list, x)),
            (List::Days(list), BlockColumn::Date(rows)) => map_to(flags, rows, |x| holds(list, x)),
            (List::Flags(list), BlockColumn::Flag(rows)) => map_to(flags, rows, |x| holds(list, x)),
            (List::Levels(list), BlockColumn::Category(rows)) => map_to(flags, rows, |x| level_in(list, x)),
            _ => Vec::new(),
        };
        self.keep(column);
        BlockColumn::Flag(result)
    }

    fn apply(&mut self, op: Op) -> BlockColumn<'v> {
        match op {
            Op::Negate | Op::Abs | Op::Sqrt | Op::Ln | Op::Exp | Op::Floor | Op::Ceil | Op::Round => {
                let mut column = self.pop();
                if let BlockColumn::Number(rows) = &mut column {
                    number_kernel!(op, f => map(rows, f));
                }
                column
            }
            Op::Not => self.change_flags(kernels::not),
            Op::IsTrue => self.change_flags(kernels::is_true),
            Op::IsFalse => self.change_flags(kernels::is_false),
            Op::IsMissing => {
                let column = self.pop();
                let flags = &mut self.flags;
                let result = match &column {
                    BlockColumn::Number(rows) => map_to(flags, rows, kernels::is_missing),
                    BlockColumn::Flag(rows) => map_to(flags, rows, kernels::is_missing),
                    BlockColumn::Date(rows) => map_to(flags, rows, kernels::is_missing),
                    BlockColumn::Category(rows) => map_to(flags, rows, kernels::is_missing),
                };
                self.keep(column);
                BlockColumn::Flag(result)
            }
            Op::Year => self.of_days(kernels::year),
            Op::Month => self.of_days(kernels::month),
            Op::Between | Op::Select => self.three(op),
            _ => self.two(op),
        }
    }

    fn change_flags(&mut self, f: impl Fn(u8) -> u8) -> BlockColumn<'v> {
        let mut column = self.pop();
        if let BlockColumn::Flag(rows) = &mut column {
            map(rows, f);
        }
        column
    }

    fn of_days(&mut self, f: impl Fn(i32) -> f64) -> BlockColumn<'v> {
        let column = self.pop();
        let result = match &column {
            BlockColumn::Date(rows) => map_to(&mut self.numbers, rows, f),
            _ => Vec::new(),
        };
        self.keep(column);
        BlockColumn::Number(result)
    }

    fn two(&mut self, op: Op) -> BlockColumn<'v> {
        let b = self.pop();
        let mut a = self.pop();
        let separate = match op {
            Op::Equal | Op::Unequal | Op::Less | Op::AtMost | Op::Greater | Op::AtLeast => {
                let flags = &mut self.flags;
                Some(BlockColumn::Flag(alike!(a, b, |x, y| comparison_kernel!(op, f => zip_to(flags, x, y, f)))))
            }
            Op::DaysBetween | Op::MonthsBetween => {
                let numbers = &mut self.numbers;
                Some(BlockColumn::Number(match (&a, &b) {
                    (BlockColumn::Date(x), BlockColumn::Date(y)) if op == Op::DaysBetween => {
                        zip_to(numbers, x, y, kernels::days_between)
                    }
                    (BlockColumn::Date(x), BlockColumn::Date(y)) => zip_to(numbers, x, y, kernels::months_between),
                    _ => Vec::new(),
                }))
            }
            Op::Coalesce | Op::Least | Op::Greatest => {
                alike!(a, b, |x, y| pick_kernel!(op, f => zip(x, y, f)));
                None
            }
            _ => {
                match (&mut a, &b) {
                    (BlockColumn::Number(x), BlockColumn::Number(y)) => arithmetic_kernel!(op, f => zip(x, y, f)),
                    (BlockColumn::Flag(x), BlockColumn::Flag(y)) if op == Op::And => zip(x, y, kernels::and),
                    (BlockColumn::Flag(x), BlockColumn::Flag(y)) => zip(x, y, kernels::or),
                    _ => {}
                }
                None
            }
        };
        self.keep(b);
        match separate {
            None => a,
            Some(result) => {
                self.keep(a);
                result
            }
        }
    }

    fn three(&mut self, op: Op) -> BlockColumn<'v> {
        let c = self.pop();
        let b = self.pop();
        let mut a = self.pop();
        if op == Op::Select {
            if let BlockColumn::Flag(conditions) = &b {
                alike!(a, c, |x, y| select_into(x, conditions, y));
            }
            self.keep(b);
            self.keep(c);
            return a;
        }
        let result = match (&a, &b, &c) {
            (BlockColumn::Number(x), BlockColumn::Number(low), BlockColumn::Number(high)) => {
                between_to(&mut self.flags, x, low, high)
            }
            (BlockColumn::Date(x), BlockColumn::Date(low), BlockColumn::Date(high)) => between_to(&mut self.flags, x, low, high),
            _ => Vec::new(),
        };
        self.keep(a);
        self.keep(b);
        self.keep(c);
        BlockColumn::Flag(result)
    }
}

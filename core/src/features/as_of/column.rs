//! Values of one kind in memory of their own: what side tables hold, and what comes out of a join.

use std::collections::HashMap;

use crate::data::{Column, Date, Kind, Validity, Value};

/// Values of one kind, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum JoinedColumn {
    /// Numbers; NaN is missing.
    Number(Vec<f64>),
    /// Levels by their place in `levels`; -1 is missing.
    Category {
        /// One place a row.
        codes: Vec<i32>,
        /// The levels that occur, in the order of their first row.
        levels: Vec<String>,
    },
    /// Calendar days.
    Date {
        /// Days since 1970-01-01; 0 where the day is missing.
        days: Vec<i32>,
        /// Rows that hold a day: a bit each, least bit first.
        validity: Vec<u8>,
    },
    /// True, false or missing.
    Flag(Vec<Option<bool>>),
}

impl JoinedColumn {
    /// What the values are.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            JoinedColumn::Number(_) => Kind::Number,
            JoinedColumn::Category { .. } => Kind::Category,
            JoinedColumn::Date { .. } => Kind::Date,
            JoinedColumn::Flag(_) => Kind::Flag,
        }
    }

    /// The cell in `row`; [`Value::Missing`] beyond the end.
    #[must_use]
    pub fn value(&self, row: usize) -> Value<'_> {
        let found = match self {
            JoinedColumn::Number(values) => values.get(row).filter(|x| !x.is_nan()).map(|x| Value::Number(*x)),
            JoinedColumn::Category { codes, levels } => {
                let level = codes.get(row).and_then(|code| levels.get(usize::try_from(*code).ok()?));
                level.map(|level| Value::Category(level))
            }
            JoinedColumn::Date { days, validity } => {
                let day = days.get(row).filter(|_| Validity::new(validity, 0).is_valid(row));
                day.map(|day| Value::Date(Date::from_days(*day)))
            }
            JoinedColumn::Flag(flags) => flags.get(row).copied().flatten().map(Value::Flag),
        };
        found.unwrap_or_default()
    }

    /// The same as a column that batches take; it borrows from this.
    #[must_use]
    pub fn column(&self) -> Column<'_> {
        match self {
            JoinedColumn::Number(values) => Column::numbers(values),
            JoinedColumn::Category { codes, levels } => {
                let levels = levels.iter().map(|level| level.as_str().into()).collect();
                Column::Dictionary { codes: codes.into(), levels, validity: None }
            }
            JoinedColumn::Date { days, validity } => {
                Column::Date { values: days.into(), validity: Some(Validity::new(validity, 0)) }
            }
            JoinedColumn::Flag(flags) => Column::Flag(flags.clone()),
        }
    }
}

/// A column that grows value by value.
pub(super) struct Growing<'a> {
    column: JoinedColumn,
    /// Codes of the levels.
    known: HashMap<&'a str, i32>,
}

impl<'a> Growing<'a> {
    pub(super) fn new(kind: Kind) -> Self {
        let column = match kind {
            Kind::Number => JoinedColumn::Number(Vec::new()),
            Kind::Category => JoinedColumn::Category { codes: Vec::new(), levels: Vec::new() },
            Kind::Date => JoinedColumn::Date { days: Vec::new(), validity: Vec::new() },
            Kind::Flag => JoinedColumn::Flag(Vec::new()),
        };
        Growing { column, known: HashMap::new() }
    }

    /// Adds a value; one of another kind is missing.
    pub(super) fn push(&mut self, value: Value<'a>) {
        match &mut self.column {
            JoinedColumn::Number(values) => values.push(if let Value::Number(x) = value { x } else { f64::NAN }),
            JoinedColumn::Category { codes, levels } => codes.push(value.level().map_or(-1, |level| {
                *self.known.entry(level).or_insert_with(|| {
                    levels.push(level.to_owned());
                    levels.len() as i32 - 1
                })
            })),
            JoinedColumn::Date { days, validity } => {
                let row = days.len();
                validity.resize(row / 8 + 1, 0);
                if let (Some(day), Some(bits)) = (value.date(), validity.last_mut()) {
                    *bits |= 1 << (row % 8);
                    days.push(day.days());
                } else {
                    days.push(0);
                }
            }
            JoinedColumn::Flag(flags) => flags.push(if let Value::Flag(flag) = value { Some(flag) } else { None }),
        }
    }

    pub(super) fn finish(self) -> JoinedColumn {
        self.column
    }
}

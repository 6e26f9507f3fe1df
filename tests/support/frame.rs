//! Owned columns, from which batches borrow.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use scoreline::{Batch, Column, Date, Kind, Schema, Validity, Value};

/// Owned columns of equal length.
#[derive(Debug, Clone)]
pub struct Frame {
    rows: usize,
    columns: Vec<(String, Owned)>,
}

#[derive(Debug, Clone)]
enum Owned {
    Number(Vec<f64>),
    Text(Vec<Option<String>>),
    Dictionary { codes: Vec<i32>, levels: Vec<String> },
    /// Days and the Arrow bitmap of those that are known.
    Date(Vec<i32>, Vec<u8>),
    Flag(Vec<Option<bool>>),
}

impl Frame {
    /// The columns of `schema` from rows of values of the right kinds.
    #[must_use]
    pub fn new(schema: &Schema, rows: &[Vec<Value<'_>>]) -> Self {
        let mut frame = Frame { rows: rows.len(), columns: Vec::new() };
        for (at, field) in schema.fields.iter().enumerate() {
            let cells: Vec<Value<'_>> = rows.iter().map(|row| row.get(at).copied().unwrap_or_default()).collect();
            frame.columns.push((field.name.clone(), Owned::new(field.kind, &cells)));
        }
        frame
    }

    /// With a number column.
    #[must_use]
    pub fn with(mut self, name: &str, values: Vec<f64>) -> Self {
        assert_eq!(values.len(), self.rows);
        self.columns.push((name.to_owned(), Owned::Number(values)));
        self
    }

    /// Without a column.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.columns.retain(|(known, _)| known != name);
        self
    }

    /// With text columns as dictionaries of codes instead.
    #[must_use]
    pub fn encoded(mut self) -> Self {
        for (_, column) in &mut self.columns {
            if let Owned::Text(values) = column {
                let mut known: BTreeMap<&str, i32> = values.iter().flatten().map(|level| (level.as_str(), 0)).collect();
                known.values_mut().enumerate().for_each(|(code, entry)| *entry = code as i32);
                let codes = values.iter().map(|level| level.as_ref().map_or(-1, |level| known[level.as_str()])).collect();
                let levels = known.keys().map(|level| (*level).to_owned()).collect();
                *column = Owned::Dictionary { codes, levels };
            }
        }
        self
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The numbers of a column.
    #[must_use]
    pub fn numbers(&self, name: &str) -> &[f64] {
        match self.columns.iter().find(|(known, _)| known == name) {
            Some((_, Owned::Number(values))) => values,
            _ => panic!("there is no number column {name}"),
        }
    }

    /// Rows `rows`, in their order.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Self {
        self.take(&rows.collect::<Vec<_>>())
    }

    /// The rows `at`, in that order.
    #[must_use]
    pub fn take(&self, at: &[usize]) -> Self {
        let columns = self.columns.iter().map(|(name, column)| (name.clone(), column.take(at))).collect();
        Frame { rows: at.len(), columns }
    }

    /// A batch that borrows every column.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        self.columns.iter().fold(Batch::new(self.rows), |batch, (name, column)| batch.with(name, column.column()).unwrap())
    }
}

impl Owned {
    fn new(kind: Kind, cells: &[Value<'_>]) -> Self {
        match kind {
            Kind::Number => Owned::Number(cells.iter().map(|cell| cell.as_number()).collect()),
            Kind::Category => Owned::Text(cells.iter().map(|cell| if let Value::Category(level) = cell { Some((*level).to_owned()) } else { None }).collect()),
            Kind::Flag => Owned::Flag(cells.iter().map(|cell| if let Value::Flag(flag) = cell { Some(*flag) } else { None }).collect()),
            Kind::Date => {
                let mut known = vec![0; cells.len().div_ceil(8)];
                let days = cells.iter().enumerate().map(|(row, cell)| match cell {
                    Value::Date(day) => {
                        known[row / 8] |= 1 << (row % 8);
                        day.days()
                    }
                    _ => 0,
                });
                Owned::Date(days.collect(), known)
            }
        }
    }

    fn column(&self) -> Column<'_> {
        match self {
            Owned::Number(values) => Column::numbers(&values[..]),
            Owned::Text(values) => Column::text(values.iter().map(|level| level.as_deref())),
            Owned::Dictionary { codes, levels } => Column::Dictionary { codes: Cow::Borrowed(codes), levels: levels.iter().map(|level| Cow::Borrowed(level.as_str())).collect(), validity: None },
            Owned::Date(days, known) => Column::Date { values: Cow::Borrowed(days), validity: Some(Validity::new(known, 0)) },
            Owned::Flag(values) => Column::Flag(values.clone()),
        }
    }

    fn take(&self, at: &[usize]) -> Self {
        match self {
            Owned::Number(values) => Owned::Number(at.iter().map(|&row| values[row]).collect()),
            Owned::Text(values) => Owned::Text(at.iter().map(|&row| values[row].clone()).collect()),
            Owned::Dictionary { codes, levels } => Owned::Dictionary { codes: at.iter().map(|&row| codes[row]).collect(), levels: levels.clone() },
            Owned::Date(days, known) => {
                let cells: Vec<Value<'_>> = at.iter().map(|&row| if known[row / 8] >> (row % 8) & 1 == 1 { Value::Date(Date::from_days(days[row])) } else { Value::Missing }).collect();
                Owned::new(Kind::Date, &cells)
            }
            Owned::Flag(values) => Owned::Flag(at.iter().map(|&row| values[row]).collect()),
        }
    }
}

//! One column of a batch: borrowed where the caller's layout allows it.

use std::borrow::Cow;

use super::schema::{Field, Kind};
use super::value::{Date, Value};
use crate::error::{Error, Problem, Result};

/// Which rows of a column hold a value: an Arrow validity bitmap (bit set = valid, least bit first).
#[derive(Debug, Clone, Copy)]
pub struct Validity<'a> {
    bits: &'a [u8],
    offset: usize,
}

impl<'a> Validity<'a> {
    /// A bitmap whose first row is at bit `offset`. Rows beyond the bitmap count as missing.
    #[must_use]
    pub fn new(bits: &'a [u8], offset: usize) -> Self {
        Validity { bits, offset }
    }

    pub(crate) fn is_valid(&self, row: usize) -> bool {
        let bit = self.offset + row;
        self.bits.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    }
}

/// A column of one kind.
#[derive(Debug, Clone)]
pub enum Column<'a> {
    /// Numbers; NaN and rows outside the validity are missing.
    Number {
        /// One number a row.
        values: Cow<'a, [f64]>,
        /// Rows that hold a value; all, when absent.
        validity: Option<Validity<'a>>,
    },
    /// Levels by dictionary code; a code outside the dictionary is missing.
    Dictionary {
        /// One index into `levels` a row.
        codes: Cow<'a, [i32]>,
        /// The levels.
        levels: Vec<Cow<'a, str>>,
        /// Rows that hold a value; all, when absent.
        validity: Option<Validity<'a>>,
    },
    /// Levels as text, one a row.
    Text(Vec<Option<Cow<'a, str>>>),
    /// Calendar days as days since 1970-01-01.
    Date {
        /// One day a row.
        values: Cow<'a, [i32]>,
        /// Rows that hold a value; all, when absent.
        validity: Option<Validity<'a>>,
    },
    /// True, false or missing.
    Flag(Vec<Option<bool>>),
}

impl<'a> Column<'a> {
    /// A number column over borrowed or owned values; NaN is missing.
    pub fn numbers(values: impl Into<Cow<'a, [f64]>>) -> Self {
        Column::Number { values: values.into(), validity: None }
    }

    /// A category column over borrowed text.
    pub fn text(values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        Column::Text(values.into_iter().map(|level| level.map(Cow::Borrowed)).collect())
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Column::Number { values, .. } => values.len(),
            Column::Dictionary { codes, .. } => codes.len(),
            Column::Text(values) => values.len(),
            Column::Date { values, .. } => values.len(),
            Column::Flag(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the values are.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Column::Number { .. } => Kind::Number,
            Column::Dictionary { .. } | Column::Text(_) => Kind::Category,
            Column::Date { .. } => Kind::Date,
            Column::Flag(_) => Kind::Flag,
        }
    }

    /// Refuses a column of another kind than `field`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field.
    pub fn check_kind(&self, field: &Field) -> Result<()> {
        if self.kind() == field.kind {
            return Ok(());
        }
        let what = format!("a column of kind {} was expected, it is of kind {}", field.kind.name(), self.kind().name());
        Err(Error::data(Problem::new(what, "convert the column, or declare the field's kind as it is").field(&field.name)))
    }

    /// The cell in `row`; [`Value::Missing`] beyond the end.
    #[must_use]
    pub fn value(&self, row: usize) -> Value<'_> {
        let valid = |validity: &Option<Validity<'_>>| validity.is_none_or(|v| v.is_valid(row));
        match self {
            Column::Number { values, validity } => match values.get(row) {
                Some(&x) if !x.is_nan() && valid(validity) => Value::Number(x),
                _ => Value::Missing,
            },
            Column::Dictionary { codes, levels, validity } => {
                let level = codes.get(row).and_then(|&code| levels.get(usize::try_from(code).ok()?));
                match level {
                    Some(level) if valid(validity) => Value::Category(level),
                    _ => Value::Missing,
                }
            }
            Column::Text(values) => match values.get(row) {
                Some(Some(level)) => Value::Category(level),
                _ => Value::Missing,
            },
            Column::Date { values, validity } => match values.get(row) {
                Some(&days) if valid(validity) => Value::Date(Date::from_days(days)),
                _ => Value::Missing,
            },
            Column::Flag(values) => match values.get(row) {
                Some(&Some(flag)) => Value::Flag(flag),
                _ => Value::Missing,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validity_reads_the_arrow_bitmap_with_offset() {
        let bits = [0b0000_1011u8];
        let values = [1.0, 2.0, f64::NAN];
        let column = Column::Number { values: Cow::Borrowed(&values), validity: Some(Validity::new(&bits, 1)) };
        assert_eq!(column.value(0), Value::Number(1.0));
        assert_eq!(column.value(1), Value::Missing);
        assert_eq!(column.value(2), Value::Missing);
        assert_eq!(column.value(3), Value::Missing);
    }

    #[test]
    fn dictionary_codes_outside_the_levels_are_missing() {
        let column = Column::Dictionary { codes: Cow::Owned(vec![0, -1, 5]), levels: vec!["a".into()], validity: None };
        assert_eq!(column.value(0), Value::Category("a"));
        assert_eq!(column.value(1), Value::Missing);
        assert_eq!(column.value(2), Value::Missing);
    }
}

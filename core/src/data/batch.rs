//! Equal-length named columns.

use super::column::Column;
use super::schema::{Field, nearest};
use crate::error::{Error, Problem, Result};

/// Equal-length named columns, in any order. Columns that nothing reads are ignored.
///
/// ```
/// use scoreline::{Batch, Column};
/// let income = [4_200.0, f64::NAN];
/// let batch = Batch::new(2).with("income", Column::numbers(&income[..])).unwrap();
/// assert_eq!(batch.rows(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    rows: usize,
    columns: Vec<(String, Column<'a>)>,
}

impl<'a> Batch<'a> {
    /// A batch of `rows` rows with no columns yet.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Batch { rows, columns: Vec::new() }
    }

    /// Adds a column.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the length differs from the batch's or the
    /// name is taken.
    pub fn with(mut self, name: impl Into<String>, column: Column<'a>) -> Result<Self> {
        self.push(name, column)?;
        Ok(self)
    }

    /// Adds a column in place.
    ///
    /// # Errors
    /// As for [`Batch::with`]; the batch is then as before.
    pub fn push(&mut self, name: impl Into<String>, column: Column<'a>) -> Result<()> {
        let name = name.into();
        if column.len() != self.rows {
            let what = format!("the column has {} rows where {} were expected", column.len(), self.rows);
            return Err(Error::data(Problem::new(what, "pass columns of equal length").field(name)));
        }
        if self.columns.iter().any(|(taken, _)| *taken == name) {
            return Err(Error::data(Problem::new("the column occurs twice", "pass each column once").field(name)));
        }
        self.columns.push((name, column));
        Ok(())
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns with their names, in the order they were added.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Column<'a>)> {
        self.columns.iter().map(|(name, column)| (name.as_str(), column))
    }

    /// The column called `name`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when it is absent.
    pub fn column(&self, name: &str) -> Result<&Column<'a>> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, column)| column).ok_or_else(|| {
            let names: Vec<&str> = self.columns.iter().map(|(known, _)| known.as_str()).collect();
            Error::data(
                Problem::new("the column is missing", format!("add it to the batch ({})", nearest(name, &names))).field(name),
            )
        })
    }

    /// The column of `field`, of its kind.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when it is absent or of another kind.
    pub fn column_of(&self, field: &Field) -> Result<&Column<'a>> {
        let column = self.column(&field.name)?;
        column.check_kind(field)?;
        Ok(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Kind;

    #[test]
    fn wrong_length_name_and_kind_are_refused() {
        let batch = Batch::new(2).with("a", Column::numbers(vec![1.0, 2.0])).unwrap();
        assert!(batch.clone().with("b", Column::numbers(vec![1.0])).is_err());
        assert!(batch.clone().with("a", Column::numbers(vec![1.0, 2.0])).is_err());
        assert!(batch.column("b").unwrap_err().to_string().contains("did you mean 'a'?"));
        assert!(batch.column_of(&Field::new("a", Kind::Category)).is_err());
    }
}

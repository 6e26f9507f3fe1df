//! Flows from the columns of a table.

use serde::{Deserialize, Serialize};

use super::Flow;
use crate::data::{Batch, Field, Kind, Value};
use crate::error::{Error, Problem, Result};

/// Which columns hold what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowColumns {
    /// Column of the day.
    pub date: String,
    /// Column of the amount: outflows with a minus.
    pub amount: String,
    /// Column of the category, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl FlowColumns {
    /// The columns with the kinds they must have.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = vec![Field::new(&self.date, Kind::Date), Field::new(&self.amount, Kind::Number)];
        fields.extend(self.category.iter().map(|name| Field::new(name, Kind::Category)));
        fields
    }

    /// The flows of a table.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with field and row when a column is missing or of another kind, and when
    /// day or amount of a row is missing.
    pub fn flows(&self, batch: &Batch<'_>) -> Result<Vec<Flow>> {
        let dates = batch.column_of(&Field::new(&self.date, Kind::Date))?;
        let amounts = batch.column_of(&Field::new(&self.amount, Kind::Number))?;
        let categories = self.category.as_ref().map(|name| batch.column_of(&Field::new(name, Kind::Category))).transpose()?;
        let flow = |row| {
            let needed = |field: &str| {
                let problem = Problem::new("a value is needed in every row", "leave the row out, or fill it in");
                Error::data(problem.field(field).row(row))
            };
            let Value::Date(date) = dates.value(row) else { return Err(needed(&self.date)) };
            let Value::Number(amount) = amounts.value(row) else { return Err(needed(&self.amount)) };
            let category = categories.and_then(|column| column.value(row).level()).map(str::to_owned);
            Ok(Flow { date, amount, category })
        };
        (0..batch.rows()).map(flow).collect()
    }
}

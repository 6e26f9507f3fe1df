//! Link records from the columns of a table.

use serde::{Deserialize, Serialize};

use super::LinkRecord;
use crate::data::{Batch, Column, Field, Kind};
use crate::error::{Error, Problem, Problems, Result};

/// Which columns hold what. In the **wide** form each attribute is a column; in the **long** form two columns name attribute
/// and value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkColumns {
    /// Column of the entity's name.
    pub entity: String,
    /// Column of the day on which the row was first seen.
    pub seen: String,
    /// Column of the day on which the entity became known as bad; missing for the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bad_since: Option<String>,
    /// Where attributes and values stand.
    pub form: LinkForm,
}

/// Where attributes and values stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum LinkForm {
    /// One column for each attribute, named as the attribute.
    Wide {
        /// The columns.
        attributes: Vec<String>,
    },
    /// One column that names the attribute and one with its value.
    Long {
        /// Column of the attribute.
        attribute: String,
        /// Column of the value.
        value: String,
    },
}

impl LinkColumns {
    /// The columns with the kinds they must have, each once.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when a column is named twice or there is no attribute.
    pub fn fields(&self) -> Result<Vec<Field>> {
        let mut fields = vec![Field::new(&self.entity, Kind::Category), Field::new(&self.seen, Kind::Date)];
        fields.extend(self.bad_since.iter().map(|name| Field::new(name, Kind::Date)));
        let mut problems = Problems::default();
        match &self.form {
            LinkForm::Wide { attributes } => {
                problems.require(!attributes.is_empty(), "attributes", "there is no attribute", "name one column or more");
                fields.extend(attributes.iter().map(|name| Field::new(name, Kind::Category)));
            }
            LinkForm::Long { attribute, value } => {
                fields.extend([attribute, value].map(|name| Field::new(name, Kind::Category)));
            }
        }
        for (at, field) in fields.iter().enumerate() {
            let fresh = fields[..at].iter().all(|earlier| earlier.name != field.name);
            problems.require(fresh, &field.name, "the column is named twice", "name each column once");
        }
        problems.into_result()?;
        Ok(fields)
    }

    /// The records of a table.
    ///
    /// # Errors
    /// As [`LinkColumns::fields`]; [`InvalidData`](crate::ErrorCode::InvalidData) with field and row when a column is missing or
    /// of another kind, or when entity, day or attribute of a row is missing.
    pub fn records<'b>(&self, batch: &'b Batch<'_>) -> Result<Vec<LinkRecord<'b>>> {
        let fields = self.fields()?;
        let columns: Vec<&Column<'_>> = fields.iter().map(|field| batch.column_of(field)).collect::<Result<_>>()?;
        let bad_since = self.bad_since.as_ref().and_then(|_| columns.get(2));
        let values = columns.get(2 + usize::from(bad_since.is_some())..).unwrap_or_default();
        let named = fields.get(fields.len() - values.len()..).unwrap_or_default();
        let named: Vec<&'b str> = named.iter().map(|field| own_name(batch, &field.name)).collect();
        let (Some(entities), Some(days)) = (columns.first(), columns.get(1)) else {
            return Err(Error::internal("a column was lost"));
        };
        let mut records = Vec::with_capacity(batch.rows());
        for row in 0..batch.rows() {
            let entity = needed(entities.value(row).level(), &self.entity, row)?;
            let seen = needed(days.value(row).date(), &self.seen, row)?;
            let bad_since = bad_since.and_then(|column| column.value(row).date());
            let mut push = |attribute, value| records.push(LinkRecord { entity, attribute, value, seen, bad_since });
            match (&self.form, values) {
                (LinkForm::Long { attribute, .. }, [attributes, held]) => {
                    push(needed(attributes.value(row).level(), attribute, row)?, held.value(row).level());
                }
                _ => named.iter().zip(values).for_each(|(name, column)| push(name, column.value(row).level())),
            }
        }
        Ok(records)
    }
}

/// The name as the batch holds it, so that records borrow from one place only.
fn own_name<'b>(batch: &'b Batch<'_>, name: &str) -> &'b str {
    batch.columns().map(|(known, _)| known).find(|known| *known == name).unwrap_or_default()
}

fn needed<T>(found: Option<T>, field: &str, row: usize) -> Result<T> {
    let problem = || Problem::new("a value is needed in every row", "leave the row out, or fill it in").field(field).row(row);
    found.ok_or_else(|| Error::data(problem()))
}

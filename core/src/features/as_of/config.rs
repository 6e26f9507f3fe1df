//! What is asked: side tables, and the fields that are joined from them, as plain data.

use serde::{Deserialize, Serialize};

use crate::data::Field;

/// The most side tables of a set.
pub const MAX_SIDE_TABLES: usize = 64;
/// The most joined fields of a set.
pub const MAX_JOINED: usize = 512;

/// Side tables, and the fields that are joined from them as of a date.
///
/// ```
/// use scoreline::features::as_of::AsOfSet;
/// let set: AsOfSet = serde_json::from_str(r#"{
///   "tables": [{
///     "name": "unemployment", "key": ["region"], "period": "month", "published": "released", "max_age": 120,
///     "fields": [{"name": "rate", "kind": "number", "unit": "%"}]
///   }],
///   "joins": [
///     {"name": "unemployment_rate", "table": "unemployment", "value": {"type": "field", "of": "rate"}},
///     {"name": "unemployment_age", "table": "unemployment", "value": {"type": "age"}}
///   ]
/// }"#).unwrap();
/// assert!(set.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOfSet {
    /// The side tables; 1 to 64.
    pub tables: Vec<SideTable>,
    /// The joined fields, in the order of the results; at most 512.
    pub joins: Vec<JoinedField>,
}

/// A table of figures, each with the day on which it became known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideTable {
    /// Name, as joined fields call it.
    pub name: String,
    /// Columns that say whom a row is about, text or whole numbers; none for a series that holds for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Columns of the rows that are asked for with the same keys, in the same order, where they have other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub row_key: Vec<String>,
    /// Column with the day that a figure is about, such as the end of its month. Of the rows known on a day, the one with the
    /// latest period counts. Without it a figure is about the day in `published`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Column with the day on which a row was published. A source that gives periods only names the column of the period, and
    /// the usual delay in `lag_days`.
    pub published: String,
    /// Days after `published` from which on a row is known, 0 to 36,525.
    #[serde(default)]
    pub lag_days: u32,
    /// Days after which a figure is too old and counts as missing, counted from its period; 0 to 36,525.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// What happens to rows of the same key, period and day of publication. Rows that differ in that day are versions of a
    /// figure, and the last one known counts.
    #[serde(default)]
    pub duplicates: Duplicates,
    /// The columns that can be joined. A missing field of the row that counts is missing: older rows do not fill it.
    #[serde(default)]
    pub fields: Vec<Field>,
}

/// What happens to a second row of the same key, period and day of publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// It is an error.
    #[default]
    Refuse,
    /// The first one counts, in the order of the rows.
    First,
    /// The last one counts, in the order of the rows.
    Last,
}

/// One field of the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinedField {
    /// Name, unique in the set and no key of the rows.
    pub name: String,
    /// The side table.
    pub table: String,
    /// What is taken of its row.
    pub value: JoinedValue,
}

/// What is taken of the row that counts; missing when no row does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum JoinedValue {
    /// A field, of the same kind. Its codes for missing values become missing; special codes stay.
    Field {
        /// One of the fields of the side table.
        of: String,
    },
    /// Days from the period of the figure to the as-of date; negative for a forecast.
    Age,
}

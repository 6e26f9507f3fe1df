//! A set of joins, resolved: which keys the rows must have, and which field of which table each result is.

use super::config::{AsOfSet, JoinedValue, SideTable};
use crate::data::{Field, Kind, nearest};
use crate::error::{Error, Problem, Result};

/// A set of joins that is ready to be computed.
///
/// ```
/// use scoreline::features::as_of::{AsOfPlan, AsOfSet, SideRows};
/// use scoreline::{Batch, Column, Date, Threads, Value};
/// let set: AsOfSet = serde_json::from_str(r#"{
///   "tables": [{
///     "name": "unemployment", "key": ["region"], "period": "month", "published": "released",
///     "fields": [{"name": "rate", "kind": "number"}]
///   }],
///   "joins": [{"name": "unemployment_rate", "table": "unemployment", "value": {"type": "field", "of": "rate"}}]
/// }"#).unwrap();
/// let plan = AsOfPlan::new(&set)?;
///
/// // The figure of January, its revision, and the figure of February.
/// let day = |text: &str| Date::parse(text).unwrap();
/// let days = |texts: &[&str]| Column::Date { values: texts.iter().map(|text| day(text).days()).collect(), validity: None };
/// let rows = Batch::new(3)
///     .with("region", Column::text([Some("north"); 3]))?
///     .with("month", days(&["2026-01-31", "2026-01-31", "2026-02-28"]))?
///     .with("released", days(&["2026-02-10", "2026-03-05", "2026-03-10"]))?
///     .with("rate", Column::numbers(vec![5.1, 5.3, 5.0]))?;
/// let index = plan.index(&[SideRows { table: "unemployment", batches: &[rows] }])?;
///
/// let loans = Batch::new(4).with("region", Column::text([Some("north"); 4]))?;
/// let as_of = days(&["2026-02-09", "2026-02-10", "2026-03-09", "2026-03-10"]);
/// let found = index.join(&[loans], &as_of, Threads::One)?;
/// let rates: Vec<Value> = (0..4).map(|row| found.columns[0].value(row)).collect();
/// assert_eq!(rates, [Value::Missing, Value::Number(5.1), Value::Number(5.3), Value::Number(5.0)]);
/// // One record, from the same index.
/// assert_eq!(index.lookup(&[Value::Category("north")][..], day("2026-03-09"))?, [Value::Number(5.3)]);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct AsOfPlan {
    set: AsOfSet,
    /// The columns of the rows that hold keys, each once.
    keys: Vec<String>,
    pub(super) tables: Vec<TablePlan>,
    pub(super) joins: Vec<ResolvedJoin>,
}

/// One side table.
#[derive(Debug, Clone)]
pub(super) struct TablePlan {
    pub(super) table: SideTable,
    /// Its keys by their place among the keys of the rows.
    pub(super) keys: Vec<usize>,
    /// The fields that are joined, each once.
    pub(super) fields: Vec<Field>,
}

/// One result.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResolvedJoin {
    pub(super) table: usize,
    /// Its place among the joined fields of the table; `None` for the age.
    pub(super) field: Option<usize>,
}

impl AsOfPlan {
    /// Resolves every joined field.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of the set.
    pub fn new(set: &AsOfSet) -> Result<Self> {
        set.validate()?;
        let mut keys: Vec<String> = Vec::new();
        let mut tables = Vec::with_capacity(set.tables.len());
        for table in &set.tables {
            let mut places = Vec::with_capacity(table.key.len());
            for name in table.row_key() {
                places.push(place_of(&mut keys, |known| known == name, || name.clone()));
            }
            tables.push(TablePlan { table: table.clone(), keys: places, fields: Vec::new() });
        }
        let mut joins = Vec::with_capacity(set.joins.len());
        for join in &set.joins {
            let table = tables.iter().position(|plan| plan.table.name == join.table);
            let Some((at, plan)) = table.and_then(|at| Some((at, tables.get_mut(at)?))) else { continue };
            let field = match &join.value {
                JoinedValue::Age => None,
                JoinedValue::Field { of } => {
                    let Some(field) = plan.table.fields.iter().find(|field| field.name == *of) else { continue };
                    Some(place_of(&mut plan.fields, |known| known.name == *of, || field.clone()))
                }
            };
            joins.push(ResolvedJoin { table: at, field });
        }
        Ok(AsOfPlan { set: set.clone(), keys, tables, joins })
    }

    /// The set of joins.
    #[must_use]
    pub fn set(&self) -> &AsOfSet {
        &self.set
    }

    /// Names of the joined fields, in the order of the results.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.set.joins.iter().map(|join| join.name.as_str())
    }

    /// The columns that hold the keys of the rows that are asked for, in the order of a record.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The joined fields as a schema takes them: with kind, unit, description, special codes and sensitivity of their source.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let field = |(name, join): (&str, &ResolvedJoin)| match join.field.and_then(|at| self.tables[join.table].fields.get(at)) {
            Some(source) => Field { name: name.to_owned(), missing: Vec::new(), ..source.clone() },
            None => Field { unit: Some("days".to_owned()), ..Field::new(name, Kind::Number) },
        };
        self.names().zip(&self.joins).map(field).collect()
    }

    /// The place of a side table.
    pub(super) fn table(&self, name: &str) -> Result<usize> {
        self.tables.iter().position(|plan| plan.table.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.tables.iter().map(|plan| plan.table.name.as_str()).collect();
            Error::data(Problem::new("there is no such side table", nearest(name, &names)).field(name))
        })
    }
}

/// The place of an item in a list, to which it is added when it is new.
fn place_of<T>(list: &mut Vec<T>, same: impl Fn(&T) -> bool, item: impl FnOnce() -> T) -> usize {
    list.iter().position(same).unwrap_or_else(|| {
        list.push(item());
        list.len() - 1
    })
}

//! What a table holds: its columns in words, and a schema from their types.

use arrow_schema::DataType;
use scoreline::{Error, ErrorCode, Field, Problem, Schema, Value};

use super::column::{kind, unreadable};
use super::input::{Input, Wanted};

/// Name, kind and number of missing values of each column that can be read.
pub(crate) fn describe(input: &Input) -> Result<Vec<(String, &'static str, usize)>, Error> {
    let readable = input.columns().filter_map(|(name, array)| Some((name.to_owned(), kind(array.data_type())?)));
    let mut columns: Vec<(String, &'static str, usize)> = Vec::new();
    let readable: Vec<_> = readable.collect();
    columns.extend(readable.iter().map(|(name, kind)| (name.clone(), kind.name(), 0)));
    let wanted = Wanted::Columns(readable.into_iter().map(|(name, kind)| (name, Some(kind))).collect());
    for (before, batch) in input.batches(&wanted)? {
        for (name, _, missing) in &mut columns {
            let column = batch.column(name).map_err(|error| error.after_rows(before))?;
            *missing += (0..batch.rows()).filter(|row| column.value(*row) == Value::Missing).count();
        }
    }
    Ok(columns)
}

/// One field for each column but those of `others` (target, weight, key) and the index of a pandas table: text and
/// dictionaries are categories, and so on.
///
/// # Errors
/// `InvalidData` listing every column whose type says nothing of its kind.
pub(crate) fn infer(input: &Input, others: &[&str]) -> Result<Schema, Error> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut fields = Vec::new();
    for (name, array) in input.columns() {
        if others.contains(&name) || is_index(name) {
            continue;
        }
        match (kind(array.data_type()), array.data_type()) {
            (Some(kind), _) => fields.push(Field::new(name, kind)),
            (None, DataType::Null) => {
                let problem = Problem::new("the column holds no value that shows its kind", "leave it out, or declare a schema");
                problems.push(problem.field(name));
            }
            (None, other) => problems.extend(unreadable(other).in_field(name).problems().iter().cloned()),
        }
    }
    if problems.is_empty() { Ok(Schema { fields }) } else { Err(Error::new(ErrorCode::InvalidData, problems)) }
}

/// Whether pandas made this column out of its index.
fn is_index(name: &str) -> bool {
    name.strip_prefix("__index_level_").is_some_and(|rest| rest.ends_with("__"))
}

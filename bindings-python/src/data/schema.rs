//! A schema from the types of a table.

use arrow_schema::DataType;
use scoreline::{Error, ErrorCode, Field, Problem, Schema};

use super::column::{kind, unreadable};
use super::input::Input;

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

//! Fields of a schema that are computed before a record reaches the pipeline.

use crate::data::{Field, Schema};
use crate::error::{Problems, Result};

/// Refuses fields that the schema does not declare, or declares as another kind or less or more sensitive.
pub(crate) fn declared(computed: &[Field], schema: &Schema) -> Result<()> {
    let mut problems = Problems::default();
    for field in computed {
        let known = schema.fields.iter().find(|known| known.name == field.name);
        let alike = known.is_some_and(|known| known.kind == field.kind);
        let what = format!("it is computed and no {} of the schema", field.kind.name());
        problems.require(alike, &field.name, &what, "list it among the fields, with its kind");
        let open = known.is_none_or(|known| known.sensitivity == field.sensitivity);
        problems.require(open, &field.name, "it is computed, and the schema differs in sensitivity", "declare the same for both");
    }
    problems.into_result()
}

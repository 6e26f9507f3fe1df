//! Tags that last.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::features::tags::{TagConfig, TagRules, TagSet, difference};
use scoreline::features::{Feature, FeaturePlan};
use scoreline::{Error, Problem, Schema, Value};

use crate::data::{Cell, day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// The tags of a record on a day; `config`, `schema`, `features` and `before` are JSON.
#[pyfunction]
pub(crate) fn tags<'py>(
    record: &Bound<'py, PyDict>,
    config: &str,
    schema: &str,
    features: &str,
    as_of: &Bound<'py, PyAny>,
    before: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (config, schema): (TagConfig, Schema) = (setting("rules", config)?, setting("schema", schema)?);
        let (features, before): (Vec<Feature>, TagSet) = (setting("features", features)?, setting("before", before)?);
        let plan = FeaturePlan::new(&schema, &features)?;
        let rules = TagRules::new(&plan, &config)?;
        let as_of = day(Some(as_of))?.ok_or_else(|| Error::data(Problem::new("a day is needed", "pass as_of").field("as_of")))?;
        let mut cells = Vec::new();
        cells.resize_with(schema.fields.len(), || Cell::Missing);
        for (name, value) in record {
            let name: String = name
                .extract()
                .map_err(|_| Error::data(Problem::new("the names of fields are text", "pass a dict of values by field name")))?;
            let slot = plan.slot(&name)?;
            let cell = cells.get_mut(slot).ok_or_else(|| {
                Error::data(Problem::new("a feature cannot be passed", "leave it out: it is computed").field(&name))
            })?;
            *cell = Cell::read(&value).map_err(|fault| fault.in_field(&name))?;
        }
        let mut values: Vec<Value<'_>> = Vec::with_capacity(cells.len());
        for (field, cell) in schema.fields.iter().zip(&cells) {
            values.push(cell.value(field.kind).map_err(|error| error.in_field(&field.name))?);
        }
        plain(record.py(), &rules.evaluate(&values, as_of, &before)?)
    })
}

/// Names of the tags valid on the day of their evaluation; `tags` is the JSON of a set.
#[pyfunction]
pub(crate) fn valid_tags(tags: &str) -> Result<Vec<String>, Fault> {
    guard(|| {
        let tags: TagSet = setting("tags", tags)?;
        Ok(tags.valid().map(str::to_owned).collect())
    })
}

/// Tags gained, lost and kept; both sets are JSON.
#[pyfunction]
pub(crate) fn tag_difference<'py>(py: Python<'py>, before: &str, after: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (before, after): (TagSet, TagSet) = (setting("before", before)?, setting("after", after)?);
        plain(py, &difference(&before, &after))
    })
}

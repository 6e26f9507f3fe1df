//! Groups by shared contacts.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::features::links::{self as core, LinkColumns, LinkQuery, LinkSettings};
use scoreline::{Date, Error, Kind, Problem, Schema, Value};

use crate::data::{Input, Single, Wanted, day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// The groups of `entities` as of a day each, or of every entity seen by one day; `columns` and `settings` are JSON.
#[pyfunction]
#[pyo3(signature = (table, columns, settings, as_of, entities = None))]
pub(crate) fn links<'py>(
    table: &Bound<'py, PyAny>,
    columns: &str,
    settings: &str,
    as_of: &Bound<'py, PyAny>,
    entities: Option<&Bound<'py, PyAny>>,
) -> Result<(Bound<'py, PyDict>, Bound<'py, PyAny>), Fault> {
    guard(|| {
        let py = table.py();
        let (columns, settings): (LinkColumns, LinkSettings) = (setting("columns", columns)?, setting("links", settings)?);
        let wanted = Wanted::columns(&Schema { fields: columns.fields()? }, []);
        let input = Input::read(table, &wanted)?;
        let asked = match entities {
            Some(entities) => {
                Some((Single::read("entities", entities, Some(Kind::Category))?, Single::read("as_of", as_of, Some(Kind::Date))?))
            }
            None => None,
        };
        let day = if asked.is_none() { day(Some(as_of))? } else { None };
        let batches = input.batches(&wanted)?;
        let mut records = Vec::new();
        for (before, batch) in &batches {
            let read = columns.records(batch).map_err(|error| input.advise(error, &wanted).after_rows(*before))?;
            records.extend(read);
        }
        let pairs = asked.as_ref().map(|(entities, days)| Ok::<_, Error>((entities.column()?, days.column()?))).transpose()?;
        let queries: Vec<LinkQuery<'_>> = match (&pairs, day) {
            (Some((entities, days)), _) => {
                if entities.len() != days.len() {
                    let problem = Problem::new("entities and days differ in length", "pass one day for each entity");
                    return Err(Error::data(problem.field("as_of")).into());
                }
                let query = |row| match (entities.value(row), days.value(row)) {
                    (Value::Category(entity), Value::Date(as_of)) => Ok(LinkQuery { entity, as_of }),
                    _ => Err(Error::data(Problem::new("entity or day is missing", "pass both").field("entities").row(row))),
                };
                (0..entities.len()).map(query).collect::<Result<_, _>>()?
            }
            (None, Some(as_of)) => {
                core::entities_seen(&records, as_of).into_iter().map(|entity| LinkQuery { entity, as_of }).collect()
            }
            (None, None) => return Err(Error::data(Problem::new("a day is needed", "pass as_of").field("as_of")).into()),
        };
        let report = py.detach(|| core::links(&records, &queries, &settings))?;
        let groups = &report.groups;
        let found = PyDict::new(py);
        found.set_item("entity", queries.iter().map(|query| query.entity).collect::<Vec<_>>())?;
        found.set_item("as_of", queries.iter().map(|query| query.as_of.to_string()).collect::<Vec<_>>())?;
        found.set_item("group", groups.iter().map(|one| one.map(|g| g.group)).collect::<Vec<_>>())?;
        found.set_item("size", groups.iter().map(|one| one.map(|g| g.size)).collect::<Vec<_>>())?;
        let first_seen = |date: Date| date.to_string();
        found.set_item("first_seen", groups.iter().map(|one| one.map(|g| first_seen(g.first_seen))).collect::<Vec<_>>())?;
        found.set_item("bad", groups.iter().map(|one| one.map(|g| g.bad)).collect::<Vec<_>>())?;
        found.set_item("bad_others", groups.iter().map(|one| one.map(|g| g.bad_others)).collect::<Vec<_>>())?;
        found.set_item("bad_share", groups.iter().map(|one| one.map(|g| g.bad_share)).collect::<Vec<_>>())?;
        let share_others = groups.iter().map(|one| one.and_then(|g| g.bad_share_others)).collect::<Vec<_>>();
        found.set_item("bad_share_others", share_others)?;
        found.set_item("shared_values", groups.iter().map(|one| one.map(|g| g.shared_values)).collect::<Vec<_>>())?;
        Ok((found, plain(py, &report.hubs)?))
    })
}

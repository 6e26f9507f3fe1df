//! Inputs of rules against fraud.

use pyo3::prelude::*;
use scoreline::features::fraud::{ListEntry, ListForm, ListMatch, MatchList, OutlierModel};
use scoreline::{Column, Error, Kind, Value};

use crate::data::{Input, Single, Wanted};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// Whether values stand on a list, and on which; `form` is JSON.
#[pyfunction]
#[allow(clippy::type_complexity)]
pub(crate) fn list_match(
    values: &Bound<'_, PyAny>,
    entries: Vec<(String, String)>,
    form: &str,
) -> Result<(Vec<Option<bool>>, Vec<Option<String>>), Fault> {
    guard(|| {
        let form: ListForm = setting("form", form)?;
        let entries: Vec<ListEntry> = entries.into_iter().map(|(value, code)| ListEntry { value, code }).collect();
        let list = MatchList::new(form, &entries)?;
        let values = Single::read("values", values, Some(Kind::Category))?;
        let values = values.column()?;
        let find = |row| match values.value(row) {
            Value::Category(value) => list.find(Some(value)),
            _ => list.find(None),
        };
        let code = |found: ListMatch<'_>| match found {
            ListMatch::Hit { code } => Some(code.to_owned()),
            _ => None,
        };
        Ok((0..values.len()).map(find).map(|found| (found.flag(), code(found))).unzip())
    })
}

/// The columns of a table as numbers, in the order of `fields`.
pub(crate) fn columns(data: &Bound<'_, PyAny>, fields: &[String]) -> Result<Vec<Vec<f64>>, Fault> {
    let wanted = Wanted::Columns(fields.iter().map(|name| (name.clone(), Some(Kind::Number))).collect());
    let input = Input::read(data, &wanted)?;
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); fields.len()];
    for (_, batch) in input.batches(&wanted)? {
        for (name, values) in fields.iter().zip(&mut found) {
            let column: &Column<'_> = batch.column(name).map_err(|error| input.advise(error, &wanted))?;
            values.extend((0..column.len()).map(|row| column.value(row).as_number()));
        }
    }
    Ok(found)
}

/// What is usual in the columns of a table.
#[pyfunction]
pub(crate) fn fit_outliers<'py>(data: &Bound<'py, PyAny>, fields: Vec<String>) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let values = columns(data, &fields)?;
        let named: Vec<(&str, &[f64])> = fields.iter().map(String::as_str).zip(values.iter().map(Vec::as_slice)).collect();
        plain(data.py(), &data.py().detach(|| OutlierModel::fit(&named))?)
    })
}

/// How far each row lies from what is usual, and by which field; `model` is JSON.
#[pyfunction]
#[allow(clippy::type_complexity)]
pub(crate) fn outlier_scores(data: &Bound<'_, PyAny>, model: &str) -> Result<(Vec<Option<f64>>, Vec<Option<String>>), Fault> {
    guard(|| {
        let model: OutlierModel = setting("model", model)?;
        let fields: Vec<String> = model.fields.iter().map(|field| field.name.clone()).collect();
        let values = columns(data, &fields)?;
        let rows = values.first().map_or(0, Vec::len);
        let found = data.py().detach(|| {
            let case = |row: usize| values.iter().map(|column| column.get(row).copied().unwrap_or(f64::NAN)).collect::<Vec<_>>();
            Ok::<_, Error>((0..rows).map(|row| model.score(&case(row))).collect::<Vec<_>>())
        })?;
        let name = |field: usize| fields.get(field).cloned();
        Ok(found.into_iter().map(|one| (one.map(|one| one.score), one.and_then(|one| name(one.field)))).unzip())
    })
}

//! Tables of Python as batches.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use scoreline::{Batch, Column, Error, ErrorCode, Kind, Problem, Schema};

use super::{column, list};
use crate::arrow;
use crate::error::Fault;

/// Which columns a call reads, and the kinds of their fields where they are known.
pub(crate) enum Wanted {
    /// Every column: the schema is still to be inferred.
    All,
    /// These; other columns of the table are not touched.
    Columns(BTreeMap<String, Option<Kind>>),
}

impl Wanted {
    /// The fields of `schema` and the columns `others`.
    pub(crate) fn columns<'a>(schema: &Schema, others: impl IntoIterator<Item = &'a str>) -> Self {
        let fields = schema.fields.iter().map(|field| (field.name.clone(), Some(field.kind)));
        Wanted::Columns(others.into_iter().map(|name| (name.to_owned(), None)).chain(fields).collect())
    }

    /// These and more columns.
    pub(crate) fn with(&self, more: impl IntoIterator<Item = (String, Kind)>) -> Self {
        match self {
            Wanted::All => Wanted::All,
            Wanted::Columns(kinds) => {
                let more = more.into_iter().map(|(name, kind)| (name, Some(kind)));
                Wanted::Columns(kinds.clone().into_iter().chain(more).collect())
            }
        }
    }

    fn kind(&self, name: &str) -> Option<Option<Kind>> {
        match self {
            Wanted::All => Some(None),
            Wanted::Columns(kinds) => kinds.get(name).copied(),
        }
    }
}

/// A table in one or more parts of any number of rows.
pub(crate) struct Input {
    parts: Vec<Part>,
}

/// Columns of equal length.
struct Part {
    rows: usize,
    /// Names of all columns, read or not.
    names: Vec<String>,
    columns: Vec<(String, ArrayRef)>,
}

impl Input {
    /// Reads anything that exports Arrow, a table of pandas, a dict of columns, or a list of these.
    pub(crate) fn read(data: &Bound<'_, PyAny>, wanted: &Wanted) -> Result<Self, Fault> {
        let mut input = Input { parts: Vec::new() };
        if data.is_instance_of::<PyList>() || data.is_instance_of::<PyTuple>() {
            for item in data.try_iter()? {
                input.add(&item?, wanted)?;
            }
        } else {
            input.add(data, wanted)?;
        }
        Ok(input)
    }

    fn add(&mut self, data: &Bound<'_, PyAny>, wanted: &Wanted) -> Result<(), Fault> {
        if let Ok(columns) = data.cast::<PyDict>() {
            self.parts.push(Part::from_dict(columns, wanted)?);
            return Ok(());
        }
        if let Some(columns) = of_pandas(data)? {
            self.parts.push(Part::from_dict(&columns, wanted)?);
            return Ok(());
        }
        let Some(arrays) = arrow::arrays(data)? else {
            let remedy = "pass a table of pyarrow, polars, pandas or duckdb, a dict of columns, or a list of these";
            return Err(Error::data(Problem::new("a table was expected", remedy)).into());
        };
        for array in arrays {
            self.parts.push(Part::from_struct(&array, wanted)?);
        }
        Ok(())
    }

    /// The same in parts of at most `rows` rows, which share their memory with the whole.
    pub(crate) fn in_pieces(self, rows: usize) -> Self {
        let parts = self.parts.into_iter().flat_map(|part| part.in_pieces(rows)).collect();
        Input { parts }
    }

    /// The parts as batches that borrow from this, each with the number of rows before it.
    pub(crate) fn batches(&self, wanted: &Wanted) -> Result<Vec<(usize, Batch<'_>)>, Error> {
        let mut before = 0;
        let mut batches = Vec::new();
        for part in &self.parts {
            batches.push((before, part.batch(wanted).map_err(|error| error.after_rows(before))?));
            before += part.rows;
        }
        Ok(batches)
    }

    /// Names and types of the columns; those of the first part.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, &ArrayRef)> {
        self.parts.iter().take(1).flat_map(|part| &part.columns).map(|(name, array)| (name.as_str(), array))
    }

    /// The error for a missing column, with advice from the names of all columns, when `error` is about one.
    pub(crate) fn advise(&self, error: Error, wanted: &Wanted) -> Error {
        let named = error.problems().first().and_then(|problem| problem.field.clone());
        let missing = named.filter(|name| error.code() == ErrorCode::InvalidData && wanted.kind(name).is_some());
        let part = self.parts.iter().find(|part| missing.as_ref().is_some_and(|missing| !part.names.contains(missing)));
        let (Some(missing), Some(part)) = (missing, part) else { return error };
        let empty = |batch: Batch<'static>, name: &String| batch.clone().with(name, Column::numbers(Vec::new())).unwrap_or(batch);
        part.names.iter().fold(Batch::new(0), empty).column(&missing).err().unwrap_or(error)
    }
}

/// The columns of a pandas table, when their names are different texts. Through Arrow, pandas would make a bitmap of what
/// is missing for each of them, which takes longer than most work on the column.
fn of_pandas<'py>(data: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyDict>>, Fault> {
    let py = data.py();
    let Ok(pandas) = py.import("sys")?.getattr("modules")?.get_item("pandas") else { return Ok(None) };
    if !data.is_instance(&pandas.getattr("DataFrame")?)? {
        return Ok(None);
    }
    let columns = PyDict::new(py);
    for name in data.getattr("columns")?.try_iter()? {
        let name = name?;
        if !name.is_instance_of::<PyString>() || columns.contains(&name)? {
            return Ok(None);
        }
        columns.set_item(&name, data.get_item(&name)?)?;
    }
    Ok(Some(columns))
}

impl Part {
    fn from_dict(columns: &Bound<'_, PyDict>, wanted: &Wanted) -> Result<Self, Fault> {
        let mut part = Part { rows: 0, names: Vec::new(), columns: Vec::new() };
        for (name, values) in columns {
            let name: String =
                name.extract().map_err(|_| Error::data(Problem::new("the names of columns are text", "rename the columns")))?;
            if let Some(kind) = wanted.kind(&name) {
                let array = list::array(&values, kind).map_err(|fault| fault.in_field(&name))?;
                part.rows = part.columns.first().map_or(array.len(), |_| part.rows);
                part.columns.push((name.clone(), array));
            }
            part.names.push(name);
        }
        Ok(part)
    }

    fn from_struct(array: &ArrayRef, wanted: &Wanted) -> Result<Self, Error> {
        let Some(table) = array.as_struct_opt().filter(|table| table.null_count() == 0) else {
            let problem = Problem::new("a table was expected, not a single column", "pass a table, or a dict of columns by name");
            return Err(Error::data(problem));
        };
        let names: Vec<String> = table.column_names().into_iter().map(str::to_owned).collect();
        let read = names.iter().zip(table.columns()).filter(|(name, _)| wanted.kind(name).is_some());
        let columns = read.map(|(name, array)| (name.clone(), array.clone())).collect();
        Ok(Part { rows: table.len(), columns, names })
    }

    fn in_pieces(self, rows: usize) -> Vec<Self> {
        if self.rows <= rows {
            return vec![self];
        }
        let piece = |from: usize| {
            let count = rows.min(self.rows - from);
            let columns = self.columns.iter().map(|(name, array)| (name.clone(), array.slice(from, count))).collect();
            Part { rows: count, names: self.names.clone(), columns }
        };
        (0..self.rows).step_by(rows).map(piece).collect()
    }

    fn batch(&self, wanted: &Wanted) -> Result<Batch<'_>, Error> {
        let mut batch = Batch::new(self.rows);
        for (name, array) in self.columns.iter().filter(|(name, _)| wanted.kind(name).is_some()) {
            let kind = wanted.kind(name).flatten();
            batch = batch.with(name, column::column(array, kind).map_err(|error| error.in_field(name))?)?;
        }
        Ok(batch)
    }
}

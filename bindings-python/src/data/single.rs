//! One column by itself.

use arrow_array::{Array, ArrayRef};
use pyo3::prelude::*;
use scoreline::{Batch, Column, Error, Kind, Labels};

use super::{column, list};
use crate::error::Fault;

/// A column of Python: a numpy array, a list, an Arrow array, a series.
pub(crate) struct Single {
    name: &'static str,
    array: ArrayRef,
    expected: Option<Kind>,
}

impl Single {
    /// Reads `values`; `name` is the argument they were passed as, `expected` the kind of their field where it is known.
    pub(crate) fn read(name: &'static str, values: &Bound<'_, PyAny>, expected: Option<Kind>) -> Result<Self, Fault> {
        let array = list::array(values, expected).map_err(|fault| fault.in_field(name))?;
        Ok(Single { name, array, expected })
    }

    /// The same of an argument that may be left out.
    pub(crate) fn read_optional(name: &'static str, values: Option<&Bound<'_, PyAny>>) -> Result<Option<Self>, Fault> {
        values.map(|values| Single::read(name, values, Some(Kind::Number))).transpose()
    }

    /// The kind of the values; numbers when there are none.
    pub(crate) fn kind(&self) -> Kind {
        self.expected.or_else(|| column::kind(self.array.data_type())).unwrap_or(Kind::Number)
    }

    /// The column, borrowed where the memory is what the library reads.
    pub(crate) fn column(&self) -> Result<Column<'_>, Error> {
        column::column(self.array.as_ref(), Some(self.kind())).map_err(|error| error.in_field(self.name))
    }

    /// The values as numbers; NaN where one is missing.
    pub(crate) fn numbers(&self) -> Result<Vec<f64>, Error> {
        let column = self.column()?;
        if let Column::Number { values, validity: None } = column {
            return Ok(values.into_owned());
        }
        Ok((0..column.len()).map(|row| column.value(row).as_number()).collect())
    }
}

/// Outcomes and case weights of as many rows as `target` has.
pub(crate) fn labels(target: &Single, weight: Option<&Single>) -> Result<Labels, Error> {
    read(target.array.len(), target.name, target.column()?, weight)
}

/// Case weights of `rows` rows without outcomes, in units of 2⁻²⁰.
pub(crate) fn weights(rows: usize, weight: Option<&Single>) -> Result<Option<Vec<u64>>, Error> {
    let Some(weight) = weight else { return Ok(None) };
    Ok(Some(read(rows, "y", Column::numbers(vec![0.0; rows]), Some(weight))?.weight))
}

fn read(rows: usize, name: &str, target: Column<'_>, weight: Option<&Single>) -> Result<Labels, Error> {
    let mut batch = Batch::new(rows).with(name, target)?;
    if let Some(weight) = weight {
        batch = batch.with(weight.name, weight.column()?)?;
    }
    Labels::read(&batch, name, weight.map(|weight| weight.name), None)
}

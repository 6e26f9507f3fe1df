//! Needs that flows announce.

use pyo3::prelude::*;
use scoreline::Schema;
use scoreline::features::needs::{self as core, FlowColumns, NeedSettings, RaisedNeed};
use scoreline::{Error, Problem};

use crate::data::{Input, Wanted, day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// The needs of one customer as of a day; `columns`, `raised` and `settings` are JSON.
#[pyfunction]
#[pyo3(signature = (table, columns, as_of, raised, settings, balance = None))]
pub(crate) fn needs<'py>(
    table: &Bound<'py, PyAny>,
    columns: &str,
    as_of: &Bound<'py, PyAny>,
    raised: &str,
    settings: &str,
    balance: Option<f64>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let py = table.py();
        let columns: FlowColumns = setting("columns", columns)?;
        let (raised, settings): (Vec<RaisedNeed>, NeedSettings) = (setting("raised", raised)?, setting("needs", settings)?);
        let wanted = Wanted::columns(&Schema { fields: columns.fields() }, []);
        let input = Input::read(table, &wanted)?;
        let as_of = day(Some(as_of))?.ok_or_else(|| Error::data(Problem::new("a day is needed", "pass as_of").field("as_of")))?;
        let report = py.detach(|| {
            let mut flows = Vec::new();
            for (before, batch) in input.batches(&wanted)? {
                flows.extend(columns.flows(&batch).map_err(|error| input.advise(error, &wanted).after_rows(before))?);
            }
            core::needs(&flows, as_of, balance, &raised, &settings)
        })?;
        plain(py, &report)
    })
}

//! In life: the action book, relief and roll rates.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::Error;
use scoreline::treatment::{ActionBook, ReliefPolicy, ReliefTerms, RollConfig, RunningLoan};

use crate::data::{Cell, Input, Wanted, day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting, text};

/// What a check of a book finds: as JSON, as text, and whether the book is sound. `book` is JSON.
#[pyfunction]
pub(crate) fn check_book(py: Python<'_>, book: &str) -> Result<(String, String, bool), Fault> {
    guard(|| {
        let book: ActionBook = setting("book", book)?;
        let report = py.detach(|| book.check())?;
        Ok((text(&report)?, report.to_string(), report.is_sound()))
    })
}

/// A sound book, ready to answer.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct ActionTable {
    book: ActionBook,
    table: scoreline::treatment::ActionTable,
}

#[pymethods]
impl ActionTable {
    /// From the JSON of a book.
    #[new]
    fn new(py: Python<'_>, book: &str) -> Result<Self, Fault> {
        guard(|| {
            let book: ActionBook = setting("book", book)?;
            let table = py.detach(|| book.resolve())?;
            Ok(ActionTable { book, table })
        })
    }

    /// The row that answers for a state, a dict of values by axis, and the day of the next review after `as_of`.
    #[pyo3(signature = (state, as_of = None))]
    fn answer<'py>(
        &self,
        state: &Bound<'py, PyDict>,
        as_of: Option<&Bound<'py, PyAny>>,
    ) -> Result<(Bound<'py, PyAny>, Option<String>), Fault> {
        guard(|| {
            let schema = self.book.state_schema();
            let mut cells: Vec<(String, usize, Cell<'py>)> = Vec::with_capacity(state.len());
            for (name, value) in state {
                let name: String = name.extract()?;
                let at = schema.find(&name)?;
                let cell = Cell::read(&value).map_err(|fault| fault.in_field(&name))?;
                cells.push((name, at, cell));
            }
            let mut named = Vec::with_capacity(cells.len());
            for (name, at, cell) in &cells {
                let kind = schema.fields.get(*at).map(|field| field.kind);
                let kind = kind.ok_or_else(|| Error::internal("an axis has no field"))?;
                named.push((name.as_str(), cell.value(kind).map_err(|error| error.in_field(name))?));
            }
            let (tier, values) = self.book.state(named)?;
            let row = self.table.row(tier, |axis| values.get(axis).copied().unwrap_or_default());
            let row = self.book.rows.get(usize::from(row)).ok_or_else(|| Error::internal("a state has no row"))?;
            let review = day(as_of)?.map(|as_of| row.next_review(as_of).to_string());
            Ok((plain(state.py(), row)?, review))
        })
    }
}

/// Roll rates of a table; `config` is the JSON of a `RollConfig`.
#[pyfunction]
pub(crate) fn roll_rates<'py>(py: Python<'py>, data: &Bound<'py, PyAny>, config: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: RollConfig = setting("roll_rates", config)?;
        let names = [&config.now, &config.next].into_iter().chain(&config.amount);
        let wanted = Wanted::Columns(names.map(|name| (name.clone(), None)).collect());
        let input = Input::read(data, &wanted)?;
        let rates = py.detach(|| {
            let batches: Vec<_> = input.batches(&wanted)?.into_iter().map(|(_, batch)| batch).collect();
            scoreline::treatment::roll_rates(&batches, &config).map_err(|error| input.advise(error, &wanted))
        })?;
        plain(py, &rates)
    })
}

/// A restructured loan beside the old one; all three are JSON.
#[pyfunction]
pub(crate) fn restructure<'py>(py: Python<'py>, loan: &str, terms: &str, policy: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (loan, terms): (RunningLoan, ReliefTerms) = (setting("loan", loan)?, setting("terms", terms)?);
        let policy: ReliefPolicy = setting("policy", policy)?;
        plain(py, &scoreline::treatment::restructure(&loan, &terms, &policy)?)
    })
}

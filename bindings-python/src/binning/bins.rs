//! Bins for a binary target, with the counts behind them.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use scoreline::binning::{BinningConfig, Editor, FeatureBins, ObservedCounts, observe};
use scoreline::{Column, Error, Field, Kind, Labels, Problem, Threads, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Values, again};
use crate::arrow::Numbers;
use crate::data::{Input, Single, Wanted, labels};
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Table;
use crate::plain::{plain, setting, text};

/// The bins of one column, with the counts they rest on: to look at, to edit and to apply.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Bins {
    field: Field,
    capacity: usize,
    config: BinningConfig,
    editor: Mutex<Editor>,
}

/// The same as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    field: Field,
    capacity: usize,
    binning: BinningConfig,
    bins: FeatureBins,
    counts: ObservedCounts,
}

/// Bins `values` for the outcomes `target`. `config`, `special` and `missing` are JSON.
#[pyfunction]
#[pyo3(signature = (
    values, target, name, config, special, missing, kind = None, weight = None, period = None, capacity = None, threads = 0
))]
#[expect(clippy::too_many_arguments, reason = "the arguments of one Python call")]
pub(crate) fn bin(
    values: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    name: &str,
    config: &str,
    special: &str,
    missing: &str,
    kind: Option<&str>,
    weight: Option<&Bound<'_, PyAny>>,
    period: Option<&Bound<'_, PyAny>>,
    capacity: Option<usize>,
    threads: usize,
) -> Result<Bins, Fault> {
    guard(|| {
        let config: BinningConfig = setting("binning", config)?;
        let Values { single, field } = Values::read(values, name, kind, (special, missing))?;
        let capacity = capacity.unwrap_or(scoreline::stats::DEFAULT_CAPACITY);
        let target = Single::read("y", target, None)?;
        let weight = Single::read_optional("weight", weight)?;
        let period = period.map(|period| Single::read("period", period, Some(Kind::Category))).transpose()?;
        values.py().detach(|| {
            let rows = Rows { column: single.column()?, labels: labels(&target, weight.as_ref())?, capacity, threads };
            let counts = rows.count(&field, &rows.labels)?;
            let periods = period.map_or_else(|| Ok(Vec::new()), |period| rows.count_by(&field, &period.column()?))?;
            let periods: Vec<(&str, &ObservedCounts)> = periods.iter().map(|(name, counts)| (name.as_str(), counts)).collect();
            let bins = counts.bin_over_time(&field.name, &periods, &config)?;
            Ok(Bins::new(Stored { field, capacity, binning: config, bins, counts })?)
        })
    })
}

/// A column with its outcomes, and how to count it.
struct Rows<'a> {
    column: Column<'a>,
    labels: Labels,
    capacity: usize,
    threads: usize,
}

impl Rows<'_> {
    fn count(&self, field: &Field, labels: &Labels) -> Result<ObservedCounts, Error> {
        observe(field, &self.column, labels, self.capacity, Threads::from_count(self.threads))
    }

    /// The counts of each period: the rows of all others weigh nothing.
    fn count_by(&self, field: &Field, periods: &Column<'_>) -> Result<Vec<(String, ObservedCounts)>, Error> {
        let wrong = |what: &str| Error::data(Problem::new(what, "give each row the name of its period").field("period"));
        if periods.len() != self.column.len() {
            return Err(wrong("the column and its periods differ in length"));
        }
        let period = |row: usize| match periods.value(row) {
            Value::Category(name) => Ok(name),
            _ => Err(wrong("the name of a period was expected").at_row(row)),
        };
        let of: Vec<&str> = (0..periods.len()).map(period).collect::<Result<_, _>>()?;
        let names: BTreeSet<&str> = of.iter().copied().collect();
        let counted = names.into_iter().map(|name| {
            let weight = of.iter().zip(&self.labels.weight).map(|(of, weight)| if *of == name { *weight } else { 0 });
            let labels = Labels { weight: weight.collect(), ..self.labels.clone() };
            Ok((name.to_owned(), self.count(field, &labels)?))
        });
        counted.collect()
    }
}

impl Bins {
    fn new(stored: Stored) -> Result<Self, Error> {
        let Stored { field, capacity, binning: config, bins, counts } = stored;
        let editor = Mutex::new(Editor::new(counts, bins, config.clone())?);
        Ok(Bins { field, capacity, config, editor })
    }

    /// A panic on the way leaves the editor as it was: an edit is stored by a single push.
    fn editor(&self) -> MutexGuard<'_, Editor> {
        self.editor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> FeatureBins {
        self.editor().bins().clone()
    }
}

#[pymethods]
impl Bins {
    /// Reads what ``to_json`` wrote.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Fault> {
        guard(|| Ok(Bins::new(setting("bins", text)?)?))
    }

    /// Field, settings, bins and counts as text. Edits stay on record; what was undone is gone.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| {
            let (bins, counts) = {
                let editor = self.editor();
                (editor.bins().clone(), editor.observed().clone())
            };
            let (field, binning) = (self.field.clone(), self.config.clone());
            Ok(text(&Stored { field, capacity: self.capacity, binning, bins, counts })?)
        })
    }

    /// The bins as they stand in a model file.
    fn bins<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.now()))
    }

    /// The field that was binned.
    fn field<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.field))
    }

    /// The table of the bins on their own rows, as plain values and as text.
    fn report<'py>(&self, py: Python<'py>, level: f64) -> Result<(Bound<'py, PyAny>, String), Fault> {
        guard(|| {
            let report = self.now().report(level)?;
            Ok((plain(py, &report)?, report.to_string()))
        })
    }

    /// The table of these bins on other rows.
    #[pyo3(signature = (values, target, level, weight = None, threads = 0))]
    fn report_on<'py>(
        &self,
        values: &Bound<'py, PyAny>,
        target: &Bound<'py, PyAny>,
        level: f64,
        weight: Option<&Bound<'py, PyAny>>,
        threads: usize,
    ) -> Result<(Bound<'py, PyAny>, String), Fault> {
        guard(|| {
            let single = again(values, &self.field)?;
            let target = Single::read("y", target, None)?;
            let weight = Single::read_optional("weight", weight)?;
            let report = values.py().detach(|| {
                let labels = labels(&target, weight.as_ref())?;
                let rows = Rows { column: single.column()?, labels, capacity: self.capacity, threads };
                self.now().report_on(&rows.count(&self.field, &rows.labels)?, level)
            })?;
            Ok((plain(values.py(), &report)?, report.to_string()))
        })
    }

    /// The weight of evidence of each value.
    #[pyo3(signature = (values, threads = 0))]
    fn woe(&self, values: &Bound<'_, PyAny>, threads: usize) -> Result<Numbers, Fault> {
        guard(|| {
            let single = again(values, &self.field)?;
            let woe = values.py().detach(|| {
                let column = single.column()?;
                self.now().transform(&self.field, &column, Threads::from_count(threads))
            })?;
            Ok(Numbers::from(woe))
        })
    }

    /// What an edit would lead to; `edit` is the JSON of a `BinEdit`.
    fn preview<'py>(&self, py: Python<'py>, edit: &str) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let preview = self.editor().preview(&setting("edit", edit)?)?;
            plain(py, &json!({ "bins": preview.bins, "broken": preview.broken }))
        })
    }

    /// Makes an edit and returns its record; `request` is the JSON of an `EditRequest`.
    fn apply<'py>(&self, py: Python<'py>, request: &str) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let request = setting("edit", request)?;
            let record = self.editor().apply(request)?.edits.last().cloned();
            plain(py, &record)
        })
    }

    /// Takes the last edit back and returns its record.
    fn undo<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let record = self.editor().undo();
            plain(py, &record)
        })
    }

    /// Makes the edit again that was taken back last.
    fn redo(&self) -> Result<bool, Fault> {
        guard(|| Ok(self.editor().redo()))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<(Bound<'py, PyAny>, (String,)), Fault> {
        guard(|| Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,))))
    }
}

/// The weights of evidence of several columns of a table, each under the name of its field.
#[pyfunction]
#[pyo3(signature = (table, bins, threads = 0))]
pub(crate) fn woe(table: &Bound<'_, PyAny>, bins: Vec<Py<Bins>>, threads: usize) -> Result<Table, Fault> {
    guard(|| {
        let bins: Vec<&Bins> = bins.iter().map(Py::get).collect();
        let wanted = bins.iter().map(|bins| (bins.field.name.clone(), Some(bins.field.kind)));
        let wanted = Wanted::Columns(wanted.collect());
        let input = Input::read(table, &wanted)?;
        let threads = Threads::from_count(threads);
        let table = table.py().detach(|| {
            if let Some(twice) =
                (1..bins.len()).find(|&at| bins[..at].iter().any(|other| other.field.name == bins[at].field.name))
            {
                let problem = Problem::new("two bins have the same name", "pass each column once");
                return Err(Error::config(problem.field(&bins[twice].field.name)));
            }
            let parts = input.batches(&wanted)?.into_iter().map(|(before, batch)| {
                let columns = bins.iter().map(|bins| {
                    let column = batch.column_of(&bins.field).map_err(|error| input.advise(error, &wanted))?;
                    let woe = bins.now().transform(&bins.field, column, threads).map_err(|error| error.after_rows(before))?;
                    Ok((bins.field.name.clone(), woe))
                });
                Ok((before, columns.collect::<Result<_, Error>>()?))
            });
            Table::numbers(parts.collect::<Result<_, Error>>()?)
        })?;
        Ok(table)
    })
}

//! Settings of memory compared over histories.

use pyo3::prelude::*;
use scoreline::tier::RiskTier;
use scoreline::tier::frontier::{FrontierConfig, HistoryRow, Setting};
use scoreline::{Column, Error, Kind, Problem, Threads, Value};

use crate::data::Single;
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// The columns of a history.
struct Columns {
    entity: Single,
    day: Single,
    measure: Single,
    floor: Option<Single>,
    event: Option<Single>,
}

impl Columns {
    fn read<'py>(
        (entity, day, measure): (&Bound<'py, PyAny>, &Bound<'py, PyAny>, &Bound<'py, PyAny>),
        (floor, event): (Option<&Bound<'py, PyAny>>, Option<&Bound<'py, PyAny>>),
    ) -> Result<Self, Fault> {
        Ok(Columns {
            entity: Single::read("entity", entity, None)?,
            day: Single::read("day", day, Some(Kind::Date))?,
            measure: Single::read("measure", measure, Some(Kind::Number))?,
            floor: floor.map(|floor| Single::read("floor", floor, Some(Kind::Category))).transpose()?,
            event: event.map(|event| Single::read("event", event, Some(Kind::Date))).transpose()?,
        })
    }

    /// What `work` makes of the rows.
    fn rows<R>(&self, work: impl FnOnce(&[HistoryRow<'_>]) -> Result<R, Error>) -> Result<R, Error> {
        let (entity, day, measure) = (self.entity.column()?, self.day.column()?, self.measure.column()?);
        let optional = |single: &Option<Single>| -> Result<Option<usize>, Error> {
            single.as_ref().map(|single| single.column().map(|column| column.len())).transpose()
        };
        let lengths = [Some(day.len()), Some(measure.len()), optional(&self.floor)?, optional(&self.event)?];
        if lengths.into_iter().flatten().any(|length| length != entity.len()) {
            let problem = Problem::new("the columns of the history differ in length", "pass one of each a row");
            return Err(Error::data(problem.field("entity")));
        }
        let floor = self.floor.as_ref().map(Single::column).transpose()?;
        let event = self.event.as_ref().map(Single::column).transpose()?;
        let wrong = |field: &str, row: usize, what: &str| Error::data(Problem::new(what, "correct it").field(field).row(row));
        let date = |column: &Column<'_>, row: usize| match column.value(row) {
            Value::Date(date) => Some(date),
            _ => None,
        };
        let row = |row: usize| {
            let floor = match floor.as_ref().map_or(Value::Missing, |floor| floor.value(row)) {
                Value::Category(letter) => {
                    let tier = RiskTier::ALL.into_iter().find(|tier| tier.to_string() == letter);
                    Some(tier.ok_or_else(|| wrong("floor", row, "A, B, C, D or nothing was expected"))?)
                }
                _ => None,
            };
            Ok(HistoryRow {
                entity: entity.value(row),
                day: date(&day, row).ok_or_else(|| wrong("day", row, "the day is missing"))?,
                measure: measure.value(row).as_number(),
                floor,
                event: event.as_ref().and_then(|event| date(event, row)),
            })
        };
        work(&(0..entity.len()).map(row).collect::<Result<Vec<_>, Error>>()?)
    }
}

/// Histories under every setting; `config` is JSON.
#[pyfunction]
#[pyo3(signature = (entity, day, measure, floor, event, config, threads))]
pub(crate) fn tier_frontier<'py>(
    entity: &Bound<'py, PyAny>,
    day: &Bound<'py, PyAny>,
    measure: &Bound<'py, PyAny>,
    floor: Option<&Bound<'py, PyAny>>,
    event: Option<&Bound<'py, PyAny>>,
    config: &str,
    threads: usize,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: FrontierConfig = setting("frontier", config)?;
        let columns = Columns::read((entity, day, measure), (floor, event))?;
        let found = entity.py().detach(|| columns.rows(|rows| config.run(rows, Threads::from_count(threads))))?;
        plain(entity.py(), &found)
    })
}

/// The migration of histories by period under one setting; `config` and `chosen` are JSON.
#[pyfunction]
#[pyo3(signature = (entity, day, measure, floor, event, config, chosen))]
pub(crate) fn tier_history<'py>(
    entity: &Bound<'py, PyAny>,
    day: &Bound<'py, PyAny>,
    measure: &Bound<'py, PyAny>,
    floor: Option<&Bound<'py, PyAny>>,
    event: Option<&Bound<'py, PyAny>>,
    config: &str,
    chosen: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (config, chosen): (FrontierConfig, Setting) = (setting("frontier", config)?, setting("setting", chosen)?);
        let columns = Columns::read((entity, day, measure), (floor, event))?;
        let found = entity.py().detach(|| columns.rows(|rows| config.history(chosen, rows)))?;
        plain(entity.py(), &found)
    })
}

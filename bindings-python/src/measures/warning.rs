//! Early warning.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::features::{Feature, FeaturePlan, ProtectedUse};
use scoreline::treatment::warning::{
    self as core, Cusum, Ewma, FatigueReport, SignalPack, TuneConfig, WarningPolicy, WarningRecord, WarningRules,
};
use scoreline::{Column, Error, Kind, Problem, Schema, Value};

use crate::data::{Input, Single, Wanted};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// The level of every row with what led to it; `policy`, `schema`, `features` and `protected_use` are JSON.
#[pyfunction]
pub(crate) fn warning_levels<'py>(
    data: &Bound<'py, PyAny>,
    policy: &str,
    schema: &str,
    features: &str,
    protected_use: &str,
) -> Result<Bound<'py, PyDict>, Fault> {
    guard(|| {
        let (policy, schema): (WarningPolicy, Schema) = (setting("policy", policy)?, setting("schema", schema)?);
        let features: Vec<Feature> = setting("features", features)?;
        let protected_use: Vec<ProtectedUse> = setting("protected_use", protected_use)?;
        let rules = WarningRules::new(&FeaturePlan::new(&schema, &features)?, &policy, &protected_use)?;
        let wanted = Wanted::columns(&schema, []);
        let input = Input::read(data, &wanted)?;
        let levels = data.py().detach(|| {
            let mut levels = Vec::new();
            for (before, batch) in input.batches(&wanted)? {
                levels.extend(rules.evaluate_batch(&batch).map_err(|error| input.advise(error, &wanted).after_rows(before))?);
            }
            Ok::<_, Error>(levels)
        })?;
        let codes = |bits: u64| -> Vec<&str> {
            let all = policy.indicators.iter().enumerate();
            all.filter(|(at, _)| bits >> at & 1 == 1).map(|(_, one)| one.code.as_str()).collect()
        };
        let found = PyDict::new(data.py());
        found.set_item("level", levels.iter().map(|one| u32::from(one.level)).collect::<Vec<_>>())?;
        found.set_item("severity", levels.iter().map(|one| one.severity).collect::<Vec<_>>())?;
        found.set_item("refer", levels.iter().map(|one| one.refer).collect::<Vec<_>>())?;
        found.set_item("hits", levels.iter().map(|one| codes(one.hits.hits)).collect::<Vec<_>>())?;
        found.set_item("missing", levels.iter().map(|one| codes(one.hits.missing)).collect::<Vec<_>>())?;
        let response = |level: u8| policy.response(level).map(|response| response.code.as_str());
        found.set_item("response", levels.iter().map(|one| response(one.level)).collect::<Vec<_>>())?;
        Ok(found)
    })
}

/// The change of a series over periods, absolute or relative.
#[pyfunction]
pub(crate) fn series_change(series: &Bound<'_, PyAny>, periods: usize, relative: bool) -> Result<Option<f64>, Fault> {
    guard(|| {
        let series = Single::read("series", series, Some(Kind::Number))?.numbers()?;
        Ok(if relative { core::relative_change(&series, periods) } else { core::change(&series, periods) })
    })
}

/// How far values lie from those of their peers.
#[pyfunction]
pub(crate) fn peer_scores(values: &Bound<'_, PyAny>, groups: &Bound<'_, PyAny>, least: usize) -> Result<Vec<Option<f64>>, Fault> {
    guard(|| {
        let values = Single::read("values", values, Some(Kind::Number))?.numbers()?;
        let groups = Single::read("groups", groups, Some(Kind::Category))?;
        let groups = groups.column()?;
        let group = |row| match groups.value(row) {
            Value::Category(group) => Some(group),
            _ => None,
        };
        Ok(core::peer_scores(&values, &(0..groups.len()).map(group).collect::<Vec<_>>(), least)?)
    })
}

/// The cumulative sums of a series; `config` is JSON.
#[pyfunction]
pub(crate) fn cusum<'py>(series: &Bound<'py, PyAny>, config: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: Cusum = setting("cusum", config)?;
        plain(series.py(), &config.run(&Single::read("series", series, Some(Kind::Number))?.numbers()?)?)
    })
}

/// The moving averages of a series with their limits; `config` is JSON.
#[pyfunction]
pub(crate) fn ewma<'py>(series: &Bound<'py, PyAny>, config: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: Ewma = setting("ewma", config)?;
        plain(series.py(), &config.run(&Single::read("series", series, Some(Kind::Number))?.numbers()?)?)
    })
}

/// The names of the samples of signals.
#[pyfunction]
pub(crate) fn signal_packs() -> Result<Vec<&'static str>, Fault> {
    guard(|| Ok(SignalPack::names()))
}

/// A sample of signals.
#[pyfunction]
pub(crate) fn signal_pack<'py>(py: Python<'py>, name: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(py, &SignalPack::load(name)?))
}

/// The rows of a history.
fn records<'a>(
    names: &'a Column<'_>,
    periods: Vec<u32>,
    severities: Vec<f64>,
    events: Vec<Option<u32>>,
) -> Result<Vec<WarningRecord<'a>>, Error> {
    if [names.len(), severities.len(), events.len()].into_iter().any(|length| length != periods.len()) {
        let problem = Problem::new("entities, periods, severities and events differ in length", "pass one of each a row");
        return Err(Error::data(problem.field("periods")));
    }
    let record = |(row, ((period, severity), event)): (usize, ((u32, f64), Option<u32>))| match names.value(row) {
        Value::Category(entity) => Ok(WarningRecord { entity, period, severity, event }),
        _ => Err(Error::data(Problem::new("the entity is missing", "name it").field("entities").row(row))),
    };
    periods.into_iter().zip(severities).zip(events).enumerate().map(record).collect()
}

/// Who alerted how often in a history, and for what.
#[pyfunction]
pub(crate) fn alert_fatigue<'py>(
    entities: &Bound<'py, PyAny>,
    periods: Vec<u32>,
    severities: &Bound<'py, PyAny>,
    events: Vec<Option<u32>>,
    threshold: f64,
    within: u32,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let entities_read = Single::read("entities", entities, Some(Kind::Category))?;
        let severities = Single::read("severities", severities, Some(Kind::Number))?.numbers()?;
        let names = entities_read.column()?;
        let records = records(&names, periods, severities, events)?;
        plain(entities.py(), &entities.py().detach(|| FatigueReport::of(&records, threshold, within))?)
    })
}

/// Thresholds from the past and what they gave; `config` is JSON.
#[pyfunction]
pub(crate) fn tune_warning<'py>(
    entities: &Bound<'py, PyAny>,
    periods: Vec<u32>,
    severities: &Bound<'py, PyAny>,
    events: Vec<Option<u32>>,
    config: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: TuneConfig = setting("tune", config)?;
        let entities_read = Single::read("entities", entities, Some(Kind::Category))?;
        let severities = Single::read("severities", severities, Some(Kind::Number))?.numbers()?;
        let names = entities_read.column()?;
        let records = records(&names, periods, severities, events)?;
        let report = entities.py().detach(|| config.tune(&records))?;
        plain(entities.py(), &report)
    })
}

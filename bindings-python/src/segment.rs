//! Customer segments: layers, fifths, clusters.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, UInt8Array};
use pyo3::prelude::*;
use scoreline::features::{Feature, FeaturePlan};
use scoreline::segment::{self as core, KMeans, KMeansConfig, LayerConfig, LayerRules, Rfm, RfmScore, StabilityConfig};
use scoreline::{Error, Kind, Problem, Schema, Threads};

use crate::data::{Input, Single, Wanted};
use crate::error::Fault;
use crate::guard::guard;
use crate::measures::columns;
use crate::pipeline::Table;
use crate::plain::{plain, setting};

/// The layer of every row, as the column `layer` of a table, and rows by layer; all settings are JSON.
#[pyfunction]
pub(crate) fn segment_layers<'py>(
    data: &Bound<'py, PyAny>,
    config: &str,
    schema: &str,
    features: &str,
) -> Result<(Table, Bound<'py, PyAny>), Fault> {
    guard(|| {
        let (config, schema): (LayerConfig, Schema) = (setting("layers", config)?, setting("schema", schema)?);
        let features: Vec<Feature> = setting("features", features)?;
        let rules = LayerRules::new(&FeaturePlan::new(&schema, &features)?, &config)?;
        let wanted = Wanted::columns(&schema, []);
        let input = Input::read(data, &wanted)?;
        let assigned = data.py().detach(|| {
            let mut assigned = Vec::new();
            for (before, batch) in input.batches(&wanted)? {
                assigned.extend(rules.assign_batch(&batch).map_err(|error| input.advise(error, &wanted).after_rows(before))?);
            }
            Ok::<_, Error>(assigned)
        })?;
        let layers: DictionaryArray<Int32Type> = assigned.iter().map(|&at| rules.names().get(at).map(String::as_str)).collect();
        Ok((Table::arrays([("layer".to_owned(), Arc::new(layers) as _)])?, plain(data.py(), &rules.totals(&assigned))?))
    })
}

fn numbers(name: &'static str, values: &Bound<'_, PyAny>) -> Result<Vec<f64>, Fault> {
    Ok(Single::read(name, values, Some(Kind::Number))?.numbers()?)
}

/// Where the fifths of three columns begin.
#[pyfunction]
pub(crate) fn rfm_fit<'py>(
    recency: &Bound<'py, PyAny>,
    frequency: &Bound<'py, PyAny>,
    monetary: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (days, counts) = (numbers("recency", recency)?, numbers("frequency", frequency)?);
        plain(recency.py(), &Rfm::fit(&days, &counts, &numbers("monetary", monetary)?)?)
    })
}

/// The scores of customers and their codes; `rfm` is JSON.
#[pyfunction]
pub(crate) fn rfm_scores(
    rfm: &str,
    recency: &Bound<'_, PyAny>,
    frequency: &Bound<'_, PyAny>,
    monetary: &Bound<'_, PyAny>,
) -> Result<Table, Fault> {
    guard(|| {
        let rfm: Rfm = setting("rfm", rfm)?;
        let (days, counts) = (numbers("recency", recency)?, numbers("frequency", frequency)?);
        let amounts = numbers("monetary", monetary)?;
        if counts.len() != days.len() || amounts.len() != days.len() {
            let problem = Problem::new("recency, frequency and monetary differ in length", "pass one of each a customer");
            return Err(Error::data(problem.field("recency")).into());
        }
        let rows = days.iter().zip(&counts).zip(&amounts);
        let scores: Vec<RfmScore> = rows.map(|((days, count), amount)| rfm.score(*days, *count, *amount)).collect();
        let column = |of: fn(&RfmScore) -> Option<u8>| -> ArrayRef { Arc::new(scores.iter().map(of).collect::<UInt8Array>()) };
        let codes: Vec<Option<String>> = scores.iter().map(|score| score.code()).collect();
        let codes: DictionaryArray<Int32Type> = codes.iter().map(Option::as_deref).collect();
        Ok(Table::arrays([
            ("recency".to_owned(), column(|score| score.recency)),
            ("frequency".to_owned(), column(|score| score.frequency)),
            ("monetary".to_owned(), column(|score| score.monetary)),
            ("code".to_owned(), Arc::new(codes) as _),
        ])?)
    })
}

/// Clusters of the rows of a table, and their centres in the units of the fields; `config` is JSON.
#[pyfunction]
pub(crate) fn kmeans_fit<'py>(
    data: &Bound<'py, PyAny>,
    fields: Vec<String>,
    config: &str,
    threads: usize,
) -> Result<(Bound<'py, PyAny>, Vec<Vec<f64>>), Fault> {
    guard(|| {
        let config: KMeansConfig = setting("kmeans", config)?;
        let values = columns(data, &fields)?;
        let model = data.py().detach(|| config.fit(&named(&fields, &values), Threads::from_count(threads)))?;
        Ok((plain(data.py(), &model)?, model.centre_values()))
    })
}

/// The cluster of every row; `model` is JSON.
#[pyfunction]
pub(crate) fn kmeans_assign(data: &Bound<'_, PyAny>, model: &str) -> Result<Vec<usize>, Fault> {
    guard(|| {
        let model: KMeans = setting("model", model)?;
        let fields: Vec<String> = model.fields.iter().map(|field| field.name.clone()).collect();
        let values = columns(data, &fields)?;
        Ok(data.py().detach(|| model.assign(&values.iter().map(Vec::as_slice).collect::<Vec<_>>()))?)
    })
}

/// How stable the clusters of a table are; `config` is JSON.
#[pyfunction]
pub(crate) fn kmeans_stability<'py>(
    data: &Bound<'py, PyAny>,
    fields: Vec<String>,
    config: &str,
    threads: usize,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: StabilityConfig = setting("stability", config)?;
        let values = columns(data, &fields)?;
        let found = data.py().detach(|| config.measure(&named(&fields, &values), Threads::from_count(threads)))?;
        plain(data.py(), &found)
    })
}

fn named<'a>(fields: &'a [String], values: &'a [Vec<f64>]) -> Vec<(&'a str, &'a [f64])> {
    fields.iter().map(String::as_str).zip(values.iter().map(Vec::as_slice)).collect()
}

/// How alike two groupings are.
#[pyfunction]
pub(crate) fn adjusted_rand(first: Vec<usize>, second: Vec<usize>) -> Result<f64, Fault> {
    guard(|| Ok(core::adjusted_rand(&first, &second)?))
}

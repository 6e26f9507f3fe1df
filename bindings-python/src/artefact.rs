//! The pipeline in one file.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::pricing::{Price, expected_loss};
use scoreline::tier::{ByTier, RiskTier};
use scoreline::{Date, Error, Problem};

use crate::data::day;
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Scorer;

/// A fitted pipeline with hash and known answers.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Artefact(Arc<scoreline::Artefact>);

impl From<scoreline::Artefact> for Artefact {
    fn from(artefact: scoreline::Artefact) -> Self {
        Artefact(Arc::new(artefact))
    }
}

#[pymethods]
impl Artefact {
    /// Reads and verifies a file.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> Result<Self, Fault> {
        guard(|| Ok(Artefact::from(py.detach(|| scoreline::Artefact::load(path))?)))
    }

    /// Reads and verifies a file's text.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> Result<Self, Fault> {
        guard(|| Ok(Artefact::from(py.detach(|| scoreline::Artefact::from_json(text))?)))
    }

    /// A pipeline that rests on an expert card alone; `config` is the JSON of the configuration.
    #[staticmethod]
    fn expert_only(py: Python<'_>, config: &str) -> Result<Self, Fault> {
        guard(|| {
            let config = scoreline::PipelineConfig::from_json(config)?;
            Ok(Artefact::from(py.detach(|| scoreline::Artefact::new(&scoreline::Pipeline::expert_only(&config)?))?))
        })
    }

    /// Takes over an edited text: the artefact anew, and what changed in its known answers.
    #[staticmethod]
    fn reseal(py: Python<'_>, text: &str) -> Result<(Self, Vec<(usize, String)>), Fault> {
        guard(|| {
            let (artefact, changes) = py.detach(|| scoreline::Artefact::reseal(text))?;
            Ok((Artefact::from(artefact), changes.into_iter().map(|change| (change.check, change.what)).collect()))
        })
    }

    /// Writes the file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> Result<(), Fault> {
        guard(|| Ok(py.detach(|| self.0.save(path))?))
    }

    /// The file's text.
    fn to_json(&self, py: Python<'_>) -> Result<String, Fault> {
        guard(|| Ok(py.detach(|| self.0.to_json())?))
    }

    /// SHA-256, in hex, of the file's canonical text.
    #[getter]
    fn hash(&self) -> Result<&str, Fault> {
        guard(|| Ok(self.0.hash()))
    }

    /// The pipeline resolved for speed.
    fn scorer(&self, py: Python<'_>) -> Result<Scorer, Fault> {
        guard(|| Scorer::new(py, self.0.clone()))
    }

    /// What a loan costs in each tier, as dicts; empty when the pipeline has no prices.
    #[pyo3(signature = (amount, term_months, as_of = None))]
    fn prices<'py>(
        &self,
        py: Python<'py>,
        amount: f64,
        term_months: f64,
        as_of: Option<&Bound<'py, PyAny>>,
    ) -> Result<Vec<Bound<'py, PyDict>>, Fault> {
        guard(|| {
            let pipeline = self.0.pipeline();
            let Some(pricing) = &pipeline.pricing else { return Ok(Vec::new()) };
            let as_of = match day(as_of)? {
                Some(day) => day,
                None if pricing.caps.is_empty() => Date::from_days(0),
                None => {
                    let problem = Problem::new("the day of the decision is needed: rate caps are dated", "pass as_of");
                    return Err(Error::data(problem.field("as_of")).into());
                }
            };
            let pd = |tier| pipeline.tiers.iter().find(|seen| seen.tier == tier).map_or(f64::NAN, |seen| seen.pd);
            let pds = ByTier::from(RiskTier::ALL.map(pd));
            let table = pricing.resolve(pds, as_of)?;
            let row = |tier: RiskTier| {
                let (row, pd) = (PyDict::new(py), *pds.get(tier));
                row.set_item("tier", tier.letter())?;
                row.set_item("pd", pd)?;
                row.set_item("expected_loss", expected_loss(pd, pricing.lgd))?;
                match table.price(tier, amount, term_months) {
                    Price::Quote { rate, raroc, bound } => {
                        row.set_item("rate", rate)?;
                        row.set_item("raroc", raroc)?;
                        row.set_item("rate_bound", bound.name())?;
                    }
                    Price::NoLegalPrice { needed, cap } => {
                        row.set_item("rate_needed", needed)?;
                        row.set_item("rate_cap", cap)?;
                    }
                    Price::Unknown => {}
                }
                Ok(row)
            };
            RiskTier::ALL.into_iter().map(row).collect()
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<(Bound<'py, PyAny>, (String,)), Fault> {
        guard(|| Ok((slf.get_type().getattr("from_json")?, (slf.get().0.to_json()?,))))
    }
}

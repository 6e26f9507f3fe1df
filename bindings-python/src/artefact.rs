//! The pipeline in one file.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::model::{Coefficient, Logistic};
use scoreline::pipeline::CardParts;
use scoreline::pricing::{Price, expected_loss};
use scoreline::tier::{ByTier, RiskTier};
use scoreline::{Date, Error, Problem};

use crate::data::day;
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Scorer;
use crate::plain::plain;

/// A fitted pipeline with hash and known answers.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Artefact(Arc<scoreline::Artefact>);

impl Artefact {
    pub(crate) fn pipeline(&self) -> &scoreline::Pipeline {
        self.0.pipeline()
    }

    /// The card of a segment, or of the rows that are in none.
    fn card(&self, segment: Option<&str>) -> Result<CardParts<'_>, Error> {
        let unknown = || Problem::new("there is no such segment", "name one of the pipeline's segments").field("segment");
        self.0.pipeline().cards().find(|card| card.segment == segment).ok_or_else(|| Error::config(unknown()))
    }
}

/// The regression behind a card.
fn logistic(card: CardParts<'_>) -> Result<&Logistic, Error> {
    let remedy = "see the tables of the model, or train without boost";
    card.model.logistic().ok_or_else(|| Error::config(Problem::new("a boosted card has no coefficients", remedy).field("boost")))
}

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

    /// The fields that a decision can ever read, as dicts: `field` and `purposes`.
    fn minimal_data<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.0.pipeline().minimal_data()?))
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

    /// Intercept and coefficients with standard error, Wald test and interval at `level`; of the card of `segment`, or of
    /// the one of all other rows.
    #[pyo3(signature = (level, segment = None))]
    fn coefficients<'py>(&self, py: Python<'py>, level: f64, segment: Option<&str>) -> Result<Vec<Bound<'py, PyDict>>, Fault> {
        guard(|| {
            let model = logistic(self.card(segment)?)?;
            let row = |coefficient: &Coefficient| {
                let (row, (low, high)) = (PyDict::new(py), coefficient.interval(level));
                row.set_item("variable", &coefficient.variable)?;
                row.set_item("value", coefficient.value)?;
                row.set_item("standard_error", coefficient.standard_error)?;
                row.set_item("z", coefficient.z())?;
                row.set_item("p_value", coefficient.p_value())?;
                row.set_item("low", low)?;
                row.set_item("high", high)?;
                Ok(row)
            };
            std::iter::once(&model.intercept).chain(&model.coefficients).map(row).collect()
        })
    }

    /// What the model of a card is worth as a whole.
    #[pyo3(signature = (segment = None))]
    fn model_statistics<'py>(&self, py: Python<'py>, segment: Option<&str>) -> Result<Bound<'py, PyDict>, Fault> {
        guard(|| {
            let model = logistic(self.card(segment)?)?;
            let (found, ratio) = (PyDict::new(py), model.likelihood_ratio());
            found.set_item("rows", model.rows)?;
            found.set_item("events", model.events)?;
            found.set_item("iterations", model.iterations)?;
            found.set_item("log_likelihood", model.log_likelihood)?;
            found.set_item("null_log_likelihood", model.null_log_likelihood)?;
            found.set_item("likelihood_ratio", ratio.chi2)?;
            found.set_item("degrees", ratio.degrees)?;
            found.set_item("p_value", ratio.p)?;
            found.set_item("aic", model.aic())?;
            found.set_item("bic", model.bic())?;
            found.set_item("mcfadden", model.mcfadden())?;
            Ok(found)
        })
    }

    /// Ranges, neutral points and the bound on rounding of a card.
    #[pyo3(signature = (segment = None))]
    fn card_facts<'py>(&self, py: Python<'py>, segment: Option<&str>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let card = self.card(segment)?;
            plain(py, &card.scorecard.facts(card.bins, card.model)?)
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<(Bound<'py, PyAny>, (String,)), Fault> {
        guard(|| Ok((slf.get_type().getattr("from_json")?, (slf.get().0.to_json()?,))))
    }
}

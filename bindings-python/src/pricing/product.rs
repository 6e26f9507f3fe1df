//! Products: one loan quoted, a catalogue matched with a need, the ladder.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::pricing::{self, CountryPack, CreditRisk, Matcher, Need, PastPrice, Product, QuoteRequest, RankBy};
use scoreline::{Date, Error, Value};
use serde::Deserialize;

use super::schedule::named;
use crate::data::{Cell, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting, text};

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    need: Need,
    risk: CreditRisk,
    packs: Vec<CountryPack>,
    past: BTreeMap<String, Vec<PastPrice>>,
}

impl Asked {
    fn on(&self, day: Date) -> QuoteRequest<'_> {
        QuoteRequest { need: &self.need, risk: &self.risk, packs: &self.packs, day, past: &self.past }
    }
}

/// A price under a product, or why there is none; `product` and `asked` are JSON.
#[pyfunction]
pub(crate) fn quote_product<'py>(product: &str, asked: &str, day: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (product, asked): (Product, Asked) = (setting("product", product)?, setting("request", asked)?);
        plain(day.py(), &pricing::quote(&product, &asked.on(needed_day(day)?))?)
    })
}

/// A product that has been checked, as JSON with every setting.
#[pyfunction]
pub(crate) fn check_product(product: &str) -> Result<String, Fault> {
    guard(|| {
        let product: Product = setting("product", product)?;
        product.validate()?;
        Ok(text(&product)?)
    })
}

/// A catalogue that has been checked, ready to match.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Catalogue(Matcher);

#[pymethods]
impl Catalogue {
    /// From JSON.
    #[new]
    fn new(catalogue: &str) -> Result<Self, Fault> {
        guard(|| Ok(Catalogue(setting::<pricing::Catalogue>("catalogue", catalogue)?.resolve()?)))
    }

    /// As JSON, with every setting.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| Ok(text(self.0.catalogue())?))
    }

    /// The products that can never be offered on a day; `packs` is JSON.
    fn unreachable<'py>(&self, packs: &str, day: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let packs: Vec<CountryPack> = setting("packs", packs)?;
            plain(day.py(), &self.0.catalogue().unreachable(&packs, needed_day(day)?)?)
        })
    }

    /// Offers and dropped products for a dict of fields; `asked` is JSON, `rank` the name of a `RankBy`.
    fn match_products<'py>(
        &self,
        profile: &Bound<'py, PyDict>,
        asked: &str,
        day: &Bound<'py, PyAny>,
        rank: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let asked: Asked = setting("request", asked)?;
            let (day, rank) = (needed_day(day)?, named::<RankBy>("rank", rank)?);
            let matched = self.on_record(profile, |record| self.0.match_products(record, &asked.on(day), rank))?;
            plain(profile.py(), &matched)
        })
    }

    /// The products that the ladder has for a dict of fields.
    #[pyo3(signature = (held, profile))]
    fn next_products<'py>(&self, held: Option<&str>, profile: &Bound<'py, PyDict>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(profile.py(), &self.on_record(profile, |record| self.0.next_products(held, record))?))
    }
}

impl Catalogue {
    /// What `work` makes of a dict of fields as a record of the schema; fields that are not there are missing.
    fn on_record<T>(&self, profile: &Bound<'_, PyDict>, work: impl FnOnce(&[Value<'_>]) -> Result<T, Error>) -> Result<T, Fault> {
        let schema = &self.0.catalogue().schema;
        let mut cells: Vec<Option<Cell<'_>>> = schema.fields.iter().map(|_| None).collect();
        for (name, value) in profile {
            let name: String = name.extract()?;
            let cell = Cell::read(&value).map_err(|fault| fault.in_field(&name))?;
            if let Some(place) = cells.get_mut(schema.find(&name)?) {
                *place = Some(cell);
            }
        }
        let mut record = vec![Value::Missing; cells.len()];
        for ((field, cell), value) in schema.fields.iter().zip(&cells).zip(&mut record) {
            if let Some(cell) = cell {
                *value = cell.value(field.kind).map_err(|error| error.in_field(&field.name))?;
            }
        }
        Ok(work(&record)?)
    }
}

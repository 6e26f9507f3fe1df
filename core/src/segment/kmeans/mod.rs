//! k-means: groups around centres of standardised figures.

mod config;
mod fit;
mod points;

use serde::{Deserialize, Serialize};

pub use config::{KMeansConfig, KMeansMissing, MAX_CLUSTERS};
pub(super) use fit::cluster;
pub(super) use points::{Points, nearest};

use crate::error::{Error, Problem, Result};

/// Groups of rows around centres, learnt by [`KMeansConfig::fit`]; it places new rows. Clusters are in the order of their
/// centres, first field first, so that equal groupings have equal numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KMeans {
    /// The fields, in the order of the values of a row.
    pub fields: Vec<KMeansField>,
    /// What a missing value is.
    pub missing: KMeansMissing,
    /// The centre of each cluster in standard deviations from the mean, by field.
    pub centres: Vec<Vec<f64>>,
    /// Rows of each cluster.
    pub sizes: Vec<u64>,
    /// The sum of the squared distances of all rows to their centres, in standard deviations.
    pub inertia: f64,
}

/// How the values of a field are standardised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KMeansField {
    /// Its name.
    pub name: String,
    /// Mean of the known values.
    pub mean: f64,
    /// Their standard deviation, with division by their number, above 0.
    pub sd: f64,
}

impl KMeans {
    /// The cluster of a row: the one with the nearest centre, of equally near ones the first.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) unless there is one finite value for each field, or a missing one (NaN) where
    /// that was declared.
    pub fn place(&self, row: &[f64]) -> Result<usize> {
        if row.len() != self.fields.len() {
            let what = format!("{} values were expected", self.fields.len());
            return Err(Error::data(Problem::new(what, "pass one value for each field of the model")));
        }
        let point: Vec<f64> =
            self.fields.iter().zip(row).map(|(field, value)| field.standardise(*value, self.missing)).collect::<Result<_>>()?;
        Ok(nearest(&self.centres, &point).0)
    }

    /// The clusters of rows given by column, in the order of [`KMeans::fields`].
    ///
    /// # Errors
    /// As [`KMeans::place`], with the row; and when the columns differ in length.
    pub fn assign(&self, columns: &[&[f64]]) -> Result<Vec<usize>> {
        let points = Points::new(&self.fields, columns, self.missing)?;
        Ok(points.rows().map(|point| nearest(&self.centres, point).0).collect())
    }

    /// The centres in the units of the fields.
    #[must_use]
    pub fn centre_values(&self) -> Vec<Vec<f64>> {
        let value = |(field, at): (&KMeansField, &f64)| field.mean + field.sd * at;
        self.centres.iter().map(|centre| self.fields.iter().zip(centre).map(value).collect()).collect()
    }
}

impl KMeansField {
    fn standardise(&self, value: f64, missing: KMeansMissing) -> Result<f64> {
        let problem = |what: &str, remedy: &str| Err(Error::data(Problem::new(what, remedy).field(&self.name)));
        match missing {
            _ if value.is_finite() => Ok((value - self.mean) / self.sd),
            KMeansMissing::Mean if value.is_nan() => Ok(0.0),
            KMeansMissing::Refuse if value.is_nan() => {
                problem("the value is missing", "leave the row out, or declare that missing values count as the mean")
            }
            _ => problem("a finite number was expected", "correct it"),
        }
    }
}

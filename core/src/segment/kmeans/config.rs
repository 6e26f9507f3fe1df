//! What is asked of k-means.

use serde::{Deserialize, Serialize};

use super::fit::cluster;
use super::{KMeans, KMeansField, Points};
use crate::error::{Error, Problem, Problems, Result};
use crate::parallel::Threads;
use crate::stats::ExactSum;

/// The most clusters.
pub const MAX_CLUSTERS: usize = 20;

/// How rows are grouped.
///
/// ```
/// use scoreline::Threads;
/// use scoreline::segment::KMeansConfig;
/// let income = [1.0, 1.2, 0.8, 9.0, 9.5, 8.5, 1.1, 9.1];
/// let balance = [5.0, 4.0, 6.0, 90.0, 80.0, 99.0, 60.0, 10.0];
/// let config = KMeansConfig { clusters: 2, ..KMeansConfig::default() };
/// let columns: [(&str, &[f64]); 2] = [("income", &income), ("balance", &balance)];
/// let model = config.fit(&columns, Threads::One)?;
/// assert_eq!(model.sizes, [4, 4]);
/// assert_eq!(model.assign(&[&income, &balance])?, [0, 0, 0, 1, 1, 1, 0, 1]);
/// assert_eq!(model.place(&[2.0, 0.0])?, 0);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KMeansConfig {
    /// Clusters, 2 to [`MAX_CLUSTERS`]; 4 by default.
    pub clusters: usize,
    /// Starts, of which the best is kept, 1 to 1,000; 10 by default. More of them find better groups where several are nearly as
    /// good.
    pub starts: u32,
    /// Seed of the random choice of first centres; the same seed always gives the same groups.
    pub seed: u64,
    /// What a missing value is; refused by default.
    pub missing: KMeansMissing,
}

/// What a missing value (NaN) is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KMeansMissing {
    /// An error.
    #[default]
    Refuse,
    /// The mean of the known values of its field.
    Mean,
}

impl Default for KMeansConfig {
    fn default() -> Self {
        KMeansConfig { clusters: 4, starts: 10, seed: 0, missing: KMeansMissing::Refuse }
    }
}

impl KMeansConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let clusters = (2..=MAX_CLUSTERS).contains(&self.clusters);
        problems.require(clusters, "kmeans.clusters", "must lie between 2 and 20", "use for example 4");
        let starts = (1..=1_000).contains(&self.starts);
        problems.require(starts, "kmeans.starts", "must lie between 1 and 1,000", "use for example 10");
        problems.into_result()
    }

    /// Groups the rows of columns: standardised, k-means++ for the first centres (Arthur and Vassilvitskii 2007), Lloyd's steps
    /// until no row moves, the best of several starts. `threads` do not change the result; the order of the rows may change its
    /// last bits.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`KMeansConfig::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) without columns, when two have the same name or differ in length, for a
    /// constant column, and with the row of a value that is not finite or missing where that is refused;
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) with fewer different rows than clusters;
    /// [`NotConverged`](crate::ErrorCode::NotConverged) when rows still move after 1,000 steps.
    pub fn fit(&self, columns: &[(&str, &[f64])], threads: Threads) -> Result<KMeans> {
        self.validate()?;
        let (fields, points) = self.read(columns)?;
        let (centres, labels, inertia) = cluster(&points, self, threads)?;
        let mut sizes = vec![0u64; centres.len()];
        labels.iter().for_each(|&label| sizes[label] += 1);
        Ok(KMeans { fields, missing: self.missing, centres, sizes, inertia })
    }

    /// The fields with their scales, and the standardised rows.
    pub(in crate::segment) fn read(&self, columns: &[(&str, &[f64])]) -> Result<(Vec<KMeansField>, Points)> {
        let again = |(at, (name, _)): (usize, &(&str, &[f64]))| columns.iter().take(at).any(|(other, _)| other == name);
        if columns.is_empty() || columns.iter().enumerate().any(again) {
            let problem = Problem::new("columns of different names were expected", "pass each column once");
            return Err(Error::data(problem.field("columns")));
        }
        let mut fields = Vec::with_capacity(columns.len());
        for (name, values) in columns {
            let (mean, sd) = moments(values);
            // A spread that is nothing beside the mean is what rounding leaves of a constant.
            let usable = sd.is_finite() && sd > mean.abs() * 1e-12;
            if !usable {
                let problem = Problem::new("the values have no finite spread above 0", "leave the field out, or scale it");
                return Err(Error::data(problem.field(*name)));
            }
            fields.push(KMeansField { name: (*name).to_owned(), mean, sd });
        }
        let values: Vec<&[f64]> = columns.iter().map(|(_, values)| *values).collect();
        let points = Points::new(&fields, &values, self.missing)?;
        Ok((fields, points))
    }
}

/// Mean and standard deviation of the finite values, from exact sums.
fn moments(values: &[f64]) -> (f64, f64) {
    let finite = || values.iter().filter(|value| value.is_finite());
    let sum = |of: &dyn Fn(f64) -> f64| {
        let mut sum = ExactSum::default();
        finite().for_each(|&value| sum.add(of(value)));
        sum.value()
    };
    let count = finite().count().max(1) as f64;
    let mean = sum(&|value| value) / count;
    (mean, (sum(&|value| (value - mean) * (value - mean)) / count).sqrt())
}

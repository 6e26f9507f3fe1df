//! Whether clusters are there at all: what becomes of them when the rows are drawn again.

use serde::{Deserialize, Serialize};

use super::adjusted_rand;
use super::kmeans::{KMeansConfig, cluster, nearest};
use crate::error::{Problems, Result};
use crate::math::Random;
use crate::parallel::Threads;

/// How the stability of clusters is measured: rows are drawn with replacement as often as there are rows, clustered, and all rows
/// are placed in what was found; the adjusted Rand index says how far that agrees with the clusters of the rows as they are.
///
/// ```
/// use scoreline::Threads;
/// use scoreline::segment::{KMeansConfig, StabilityConfig};
/// let two: Vec<f64> = (0..40).map(|i| f64::from(i % 2 * 100 + i)).collect();
/// let kmeans = KMeansConfig { clusters: 2, starts: 3, ..KMeansConfig::default() };
/// let config = StabilityConfig { kmeans, resamples: 20, level: 0.95 };
/// let found = config.measure(&[("x", &two)], Threads::One)?;
/// assert_eq!((found.mean, found.low, found.high), (1.0, 1.0, 1.0));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StabilityConfig {
    /// The clusters; the seed also draws the rows.
    pub kmeans: KMeansConfig,
    /// How often rows are drawn, 2 to 10,000; 100 is usual.
    pub resamples: u32,
    /// Share of the indices that lie within the interval, in (0, 1); 0.95 is usual.
    pub level: f64,
}

/// How stable clusters are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// Mean adjusted Rand index: 1 for clusters that always come back, about 0 for those that chance made.
    pub mean: f64,
    /// Lower end of the interval between quantiles of the indices.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The index of each resample, in their order.
    pub indices: Vec<f64>,
}

impl StabilityConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.absorb("kmeans", self.kmeans.validate());
        let resamples = (2..=10_000).contains(&self.resamples);
        problems.require(resamples, "stability.resamples", "must lie between 2 and 10,000", "use for example 100");
        let level = self.level > 0.0 && self.level < 1.0;
        problems.require(level, "stability.level", "must lie between 0 and 1", "use for example 0.95");
        problems.into_result()
    }

    /// The stability of the clusters of columns. All draws are standardised as the rows as they are. `threads` do not change the
    /// result.
    ///
    /// # Errors
    /// As [`StabilityConfig::validate`] and [`KMeansConfig::fit`], the latter also for a draw with too few different rows.
    pub fn measure(&self, columns: &[(&str, &[f64])], threads: Threads) -> Result<Stability> {
        self.validate()?;
        let (_, points) = self.kmeans.read(columns)?;
        let (_, labels, _) = cluster(&points, &self.kmeans, threads)?;
        // Not the stream that gives the starts their seeds.
        let mut seeds = Random::new(!self.kmeans.seed);
        let seeds: Vec<u64> = (0..self.resamples).map(|_| seeds.bits()).collect();
        let indices = threads.map(seeds, |seed| {
            let mut random = Random::new(seed);
            let drawn = points.pick((0..points.len()).map(|_| random.below(points.len())));
            let config = KMeansConfig { seed: random.bits(), ..self.kmeans };
            let (centres, _, _) = cluster(&drawn, &config, Threads::One)?;
            let placed: Vec<usize> = points.rows().map(|point| nearest(&centres, point).0).collect();
            adjusted_rand(&labels, &placed)
        })?;
        let mut sorted = indices.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - self.level) / 2.0;
        Ok(Stability {
            mean: indices.iter().sum::<f64>() / indices.len() as f64,
            low: quantile(&sorted, tail),
            high: quantile(&sorted, 1.0 - tail),
            indices,
        })
    }
}

/// The quantile of rising values, on the line between the two around place `share · (n − 1)` (type 7 of Hyndman and Fan 1996).
fn quantile(rising: &[f64], share: f64) -> f64 {
    let place = share * rising.len().saturating_sub(1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    match (rising.get(below), rising.get(above)) {
        (Some(low), Some(high)) => low + (place - below as f64) * (high - low),
        _ => f64::NAN,
    }
}

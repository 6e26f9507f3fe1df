//! Customer segments: who belongs together, by rule or by figures.
//!
//! Three ways that can stand side by side. [`LayerConfig`]: named rules in order, of which the first that holds wins, so that
//! totals by layer always add up. [`Rfm`]: fifths of recency, frequency and amount. [`KMeansConfig`]: groups around centres of
//! standardised figures, the same for the same seed on every machine; [`StabilityConfig`] says by resampling whether such groups
//! are there at all, with [`adjusted_rand`] for how alike two groupings are.

mod kmeans;
mod layers;
mod rand_index;
mod rfm;
mod stability;
#[cfg(test)]
mod tests;

pub use kmeans::{KMeans, KMeansConfig, KMeansField, KMeansMissing, MAX_CLUSTERS};
pub use layers::{Layer, LayerConfig, LayerMissing, LayerRules, LayerTotal, MAX_LAYERS};
pub use rand_index::adjusted_rand;
pub use rfm::{Rfm, RfmScore};
pub use stability::{Stability, StabilityConfig};

//! Bins for a target with several classes, such as the outcome of a loan: repaid, cured, restructured, written off.
//!
//! The bins tell the classes apart as well as possible. The objective is either the mean over the classes of the
//! information value of that class against all others, or the Jensen–Shannon divergence of the classes' distributions
//! over the bins (see [`MulticlassObjective`]). Both are convex and positively homogeneous in the counts of a bin, so that
//! joining bins never gains, and the search with its certificate is the one for other targets.
//!
//! Numbers are cut in their order, with or without a monotone rate for each class. Levels of a category have no order, and
//! with three classes or more no single order is known to hold the best groups; they are ordered along the direction in
//! which their class shares differ most (the first principal component, after Coppersmith, Hong and Hosking,
//! *Partitioning nominal attributes in decision trees*, 1999; with two classes that is the order of the event rate). The
//! certificate of a category speaks of groups that follow this order.

mod bins;
mod config;
mod curve;
mod fit;
mod order;
#[cfg(test)]
mod tests;

pub use bins::{MulticlassBin, MulticlassBins};
pub use config::{ClassTrend, MulticlassConfig, MulticlassObjective};
pub use fit::{bin, bin_column};

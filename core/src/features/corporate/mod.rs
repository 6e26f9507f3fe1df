//! Companies: financial statements, ratios, and the bankruptcy scores of Altman and Ohlson.
//!
//! | what | direct, with terms and named reasons | as [`Feature`](super::Feature)s of a pipeline |
//! |---|---|---|
//! | liquidity, leverage, coverage, profitability, efficiency, growth | [`ratios`] | [`ratio_features`] |
//! | Z, Z′, Z″, emerging-market score (Altman 1968, 1983, 1995, 2005) | [`AltmanModel::score`] | [`AltmanModel::feature`] |
//! | O and its probability (Ohlson 1980) | [`OhlsonConfig::score`] | [`OhlsonConfig::features`] |
//!
//! Both ways run the same texts of the [expression language](crate::expr) and give the same bits. A ratio whose
//! denominator is zero or negative is missing for a named reason; no result is ever infinite or NaN.

mod altman;
mod catalogue;
mod formula;
mod naming;
mod ohlson;
mod ratios;
mod score;
mod statement;
#[cfg(test)]
mod tests;

pub use altman::{AltmanModel, AltmanScore, AltmanZone, SalesWeight};
pub use catalogue::{Family, RATIOS, Ratio};
pub use formula::MissingReason;
pub use naming::ratio_features;
pub use ohlson::{OhlsonConfig, OhlsonScore};
pub use ratios::{RatioResult, RatioValue, ratios};
pub use score::Term;
pub use statement::{ITEMS, Item, Statement};

//! How steady, how mixed and how seasonal: figures of a monthly series or of amounts by category.
//!
//! All are plain arithmetic on exact sums: the order of records changes no bit.

mod income;
mod mix;
mod season;
#[cfg(test)]
mod tests;

pub use income::{IncomeStability, income_stability};
pub use mix::{CategoryMix, CategoryShare, ShareChange, ShareShift, category_mix, share_shift};
pub use season::{Forecast, ForecastPoint, SEASON_MONTHS, Seasonality, seasonal_forecast, seasonality};

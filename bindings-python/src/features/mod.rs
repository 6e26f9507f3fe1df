//! Figures of behaviour: thin calls of the library.

mod link;
mod need;
mod stability;
mod tag;

pub(crate) use link::links;
pub(crate) use need::needs;
pub(crate) use stability::{category_mix, income_stability, monthly_sums, seasonal_forecast, seasonality, share_shift};
pub(crate) use tag::{tag_difference, tags, valid_tags};

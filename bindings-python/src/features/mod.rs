//! Figures of behaviour: thin calls of the library.

mod linked;
mod needed;
mod stability;
mod tagged;

pub(crate) use linked::links;
pub(crate) use needed::needs;
pub(crate) use stability::{category_mix, income_stability, monthly_sums, seasonal_forecast, seasonality, share_shift};
pub(crate) use tagged::{tag_difference, tags, valid_tags};

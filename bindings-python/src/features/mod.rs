//! Figures of behaviour: thin calls of the library.

mod links;
mod needs;
mod stability;
mod tags;

pub(crate) use links::links;
pub(crate) use needs::needs;
pub(crate) use stability::{category_mix, income_stability, monthly_sums, seasonal_forecast, seasonality, share_shift};
pub(crate) use tags::{tag_difference, tags, valid_tags};

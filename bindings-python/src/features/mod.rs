//! Figures of behaviour and of side tables: thin calls of the library.

mod as_of;
mod link;
mod need;
mod stability;
mod tag;

pub(crate) use as_of::{AsOf, SideIndex};
pub(crate) use link::links;
pub(crate) use need::needs;
pub(crate) use stability::{category_mix, income_stability, monthly_sums, seasonal_forecast, seasonality, share_shift};
pub(crate) use tag::{tag_difference, tags, valid_tags};

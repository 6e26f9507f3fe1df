//! What a lender measures around tiers: thin calls of the library.

mod exposure;
mod fraud;
mod frontier;
mod tier;
mod warning;

pub(crate) use exposure::{allot, breaches, concentration, headroom};
pub(crate) use fraud::{columns, fit_outliers, list_match, outlier_scores};
pub(crate) use frontier::{tier_frontier, tier_history};
pub(crate) use tier::{
    breaker_check, concentration_test, grade_concentration, master_scale, master_scale_check, master_scale_grades,
    master_scale_mean, master_scale_of_bounds, migration, migration_figures, migration_merge, tier_cuts,
};
pub(crate) use warning::{
    alert_fatigue, cusum, ewma, peer_scores, series_change, signal_pack, signal_packs, tune_warning, warning_levels,
};

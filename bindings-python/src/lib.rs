//! The native half of the Python module `scoreline`. It converts inputs and outputs, maps errors and releases the
//! interpreter lock; everything that decides anything is in the crate `scoreline`.
#![deny(clippy::undocumented_unsafe_blocks)]

mod arrow;
mod artefact;
mod authority;
mod binning;
mod calculation;
mod capital;
mod corporate;
mod data;
mod error;
mod events;
mod features;
mod guard;
mod list;
mod loss;
mod measures;
mod model;
mod pipeline;
mod plain;
mod portfolio;
mod pricing;
mod profile;
mod segment;
mod treatment;

use pyo3::prelude::*;
use scoreline::{Date, PipelineConfig};

use crate::data::{Input, Wanted};
use crate::error::Fault;
use crate::guard::guard;

/// The release of the library.
#[pyfunction]
fn version() -> Result<&'static str, Fault> {
    guard(|| Ok(env!("CARGO_PKG_VERSION")))
}

/// Days since 1970-01-01 of a calendar day written as `YYYY-MM-DD`.
#[pyfunction]
fn parse_date(text: &str) -> Result<i32, Fault> {
    guard(|| Ok(Date::parse(text)?.days()))
}

/// What the library sees in a table: name and kind of each column that it can read, and how many values are missing.
#[pyfunction]
fn describe(data: &Bound<'_, PyAny>) -> Result<Vec<(String, &'static str, usize)>, Fault> {
    guard(|| Ok(data::describe(&Input::read(data, &Wanted::All)?)?))
}

/// Checks the form of a configuration.
#[pyfunction]
fn check_config(text: &str) -> Result<(), Fault> {
    guard(|| Ok(PipelineConfig::from_json(text)?.validate()?))
}

/// What `scoreline` imports as `scoreline._scoreline`.
#[pymodule]
mod _scoreline {
    #[pymodule_export]
    use super::arrow::Numbers;
    #[pymodule_export]
    use super::artefact::Artefact;
    #[pymodule_export]
    use super::authority::{check_ladder, ladder_rung, ladder_rungs};
    #[pymodule_export]
    use super::binning::{Bins, ContinuousBins, MulticlassBins, bin, bin_continuous, bin_multiclass, woe};
    #[pymodule_export]
    use super::calculation::{calculate, calculate_lines, calculations};
    #[pymodule_export]
    use super::capital::{
        foundation_lgd, irb_capital, irb_columns, irb_floored, irb_framework, irb_frameworks, split_loan, standardised_weight,
        worst_case_default_rate,
    };
    #[pymodule_export]
    use super::corporate::{
        altman, altman_feature, altman_terms, corporate_catalogue, corporate_fields, corporate_ratio_features, corporate_ratios,
        ohlson, ohlson_features,
    };
    #[pymodule_export]
    use super::events::{WindowState, Windows};
    #[pymodule_export]
    use super::features::{
        AsOf, SideIndex, category_mix, income_stability, links, monthly_sums, needs, seasonal_forecast, seasonality, share_shift,
        tag_difference, tags, valid_tags,
    };
    #[pymodule_export]
    use super::list::{export_list, open_list};
    #[pymodule_export]
    use super::loss::{
        commitment_ead, divide_loss, drawdown_factor, drawdown_pool, exposure_at_default, guaranteed, pd_curve,
        pd_curve_constant, pd_curve_migration, pd_curve_transitions, pd_hazards, pd_survival_at, recovery_lgd,
    };
    #[pymodule_export]
    use super::measures::{
        alert_fatigue, allot, breaches, breaker_check, concentration, concentration_test, cusum, ewma, fit_outliers,
        grade_concentration, headroom, list_match, master_scale, master_scale_check, master_scale_grades, master_scale_mean,
        master_scale_of_bounds, migration, migration_figures, migration_merge, outlier_scores, peer_scores, series_change,
        signal_pack, signal_packs, tier_cuts, tier_frontier, tier_history, tune_warning, warning_levels,
    };
    #[pymodule_export]
    use super::model::{
        Calibration, auc_interval, central_tendency_shift, estimate_prior, fit_calibration, low_default_pds, pd_interval,
        prior_shift, reject_augment, reject_band, sample_size, shrinkage_strength, shrunken_woe, upper_bound,
    };
    #[pymodule_export]
    use super::pipeline::{
        Decision, DecisionChain, Pass, Reason, ReviewRun, Reviews, Scorer, Table, Trainer, apply_playbook, dry_run, fit,
        infer_schema, merge, search,
    };
    #[pymodule_export]
    use super::portfolio::{
        conditional_matrix, conditional_pds, expected_credit_loss, fit_state, ifrs9_book, ifrs9_stage, provision_matrix,
        repricing_gap, reverse_stress, state_of, stress, vintages, weighted_loss,
    };
    #[pymodule_export]
    use super::pricing::{
        Catalogue, Schedule, allocate, annualised_irr, best_price, cap_breaches, cap_pack, cap_packs, capm_hurdle, caps_on,
        check_product, day_count, eu_apr, eu_years, guarded_price, inconsistencies, lifetime_at, lifetime_rate, lifetime_rates,
        lifetime_waterfall, price_frontier, price_ladder, quote_product, rate, rates, reg_z_allows, reg_z_apr, single_period,
        single_period_rate, take_up, unit_periods, weighted_hurdle, xirr,
    };
    #[pymodule_export]
    use super::profile::{compare_profiles, profile};
    #[pymodule_export]
    use super::segment::{adjusted_rand, kmeans_assign, kmeans_fit, kmeans_stability, rfm_fit, rfm_scores, segment_layers};
    #[pymodule_export]
    use super::treatment::{ActionTable, check_book, restructure, roll_rates};
    #[pymodule_export]
    use super::{check_config, describe, parse_date, version};
}

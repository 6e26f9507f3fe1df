//! Settings of the rules, with their ranges.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};

/// Settings of every rule.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NeedSettings {
    /// Purchases that come back every year.
    pub seasonal_peak: SeasonalPeakSettings,
    /// Outflows on a new level.
    pub step_up: StepUpSettings,
    /// Balances about to fall below zero.
    pub cash_gap: CashGapSettings,
    /// Outflows beyond all custom.
    pub abnormal_outflow: AbnormalOutflowSettings,
}

/// Purchases that come back every year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeasonalPeakSettings {
    /// A peak is this many times the mean month of its year: 1.1 to 12; 2.
    pub ratio: f64,
    /// Years in which the month was a peak: 2 to 50; 2.
    pub min_years: u32,
    /// How many months ahead to look: 1 to 11; 3.
    pub lead_months: u32,
    /// Categories that are purchases; all outflows when empty.
    pub categories: Vec<String>,
    /// Least confidence, 0 to 1; 0.5.
    pub min_confidence: f64,
    /// Days of rest after one was raised: 0 to 3,660; 180.
    pub cool_down_days: u32,
}

/// Outflows on a new level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StepUpSettings {
    /// The last 3 months are this many times the mean before: 1.05 to 20; 1.4.
    pub ratio: f64,
    /// Difference in pooled standard errors: 1 to 50; 4.
    pub min_distance: f64,
    /// Days of rest after one was raised: 0 to 3,660; 180.
    pub cool_down_days: u32,
}

/// Balances about to fall below zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CashGapSettings {
    /// Months after the current one to look at: 1 to 11; 3.
    pub horizon_months: u32,
    /// Least confidence, 0.5 to 1; 0.8.
    pub min_confidence: f64,
    /// Days of rest after one was raised: 0 to 3,660; 30.
    pub cool_down_days: u32,
}

/// Outflows beyond all custom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AbnormalOutflowSettings {
    /// Median absolute deviations beyond the median: 3 to 100; 8.
    pub deviations: f64,
    /// Times the median, and times the same month a year earlier: 1.1 to 100; 2.
    pub ratio: f64,
    /// Days back that are recent: 1 to 92; 31.
    pub recent_days: u32,
    /// Least confidence, 0 to 1; 0.9.
    pub min_confidence: f64,
    /// Days of rest after one was raised: 0 to 3,660; 60.
    pub cool_down_days: u32,
}

impl Default for SeasonalPeakSettings {
    fn default() -> Self {
        let categories = Vec::new();
        SeasonalPeakSettings { ratio: 2.0, min_years: 2, lead_months: 3, categories, min_confidence: 0.5, cool_down_days: 180 }
    }
}

impl Default for StepUpSettings {
    fn default() -> Self {
        StepUpSettings { ratio: 1.4, min_distance: 4.0, cool_down_days: 180 }
    }
}

impl Default for CashGapSettings {
    fn default() -> Self {
        CashGapSettings { horizon_months: 3, min_confidence: 0.8, cool_down_days: 30 }
    }
}

impl Default for AbnormalOutflowSettings {
    fn default() -> Self {
        AbnormalOutflowSettings { deviations: 8.0, ratio: 2.0, recent_days: 31, min_confidence: 0.9, cool_down_days: 60 }
    }
}

impl NeedSettings {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every setting that is out of range.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let mut within = |field: &str, value: f64, low: f64, high: f64| {
            let ok = (low..=high).contains(&value);
            problems.require(ok, field, "the setting is out of range", &format!("choose {low} to {high}"));
        };
        let s = &self.seasonal_peak;
        within("seasonal_peak.ratio", s.ratio, 1.1, 12.0);
        within("seasonal_peak.min_years", s.min_years.into(), 2.0, 50.0);
        within("seasonal_peak.lead_months", s.lead_months.into(), 1.0, 11.0);
        within("seasonal_peak.min_confidence", s.min_confidence, 0.0, 1.0);
        within("seasonal_peak.cool_down_days", s.cool_down_days.into(), 0.0, 3_660.0);
        let s = &self.step_up;
        within("step_up.ratio", s.ratio, 1.05, 20.0);
        within("step_up.min_distance", s.min_distance, 1.0, 50.0);
        within("step_up.cool_down_days", s.cool_down_days.into(), 0.0, 3_660.0);
        let s = &self.cash_gap;
        within("cash_gap.horizon_months", s.horizon_months.into(), 1.0, 11.0);
        within("cash_gap.min_confidence", s.min_confidence, 0.5, 1.0);
        within("cash_gap.cool_down_days", s.cool_down_days.into(), 0.0, 3_660.0);
        let s = &self.abnormal_outflow;
        within("abnormal_outflow.deviations", s.deviations, 3.0, 100.0);
        within("abnormal_outflow.ratio", s.ratio, 1.1, 100.0);
        within("abnormal_outflow.recent_days", s.recent_days.into(), 1.0, 92.0);
        within("abnormal_outflow.min_confidence", s.min_confidence, 0.0, 1.0);
        within("abnormal_outflow.cool_down_days", s.cool_down_days.into(), 0.0, 3_660.0);
        problems.into_result()
    }
}

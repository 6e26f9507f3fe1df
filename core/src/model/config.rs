//! What is asked of the logistic regression and of the choice of its variables.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};

/// The most variables that one regression takes.
pub const MAX_VARIABLES: usize = 128;

/// Settings of the logistic regression and of what enters it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelConfig {
    /// Variables with less information value stay out; 0 or more.
    pub min_iv: f64,
    /// The most variables of the card; 1 to 128. The weakest of more than that leave.
    pub max_variables: usize,
    /// Passes over all the data before giving up; 1 to 100.
    pub max_iterations: u32,
    /// Largest absolute component of the gradient at the optimum, in rows; greater than 0.
    pub tolerance: f64,
    /// Which of the variables stay.
    pub selection: SelectionConfig,
}

impl Default for ModelConfig {
    fn default() -> Self {
        ModelConfig {
            min_iv: 0.02,
            max_variables: 20,
            max_iterations: 25,
            tolerance: 1e-6,
            selection: SelectionConfig::default(),
        }
    }
}

/// How variables are chosen. Every check beyond [`ModelConfig::min_iv`] and the sign is off by default.
///
/// The order is: forced out, information value, correlation, variance inflation, method, length, sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SelectionConfig {
    /// An information value above this is suspicious (Siddiqi: 0.5); more than `min_iv`.
    pub max_iv: Option<f64>,
    /// What happens to a suspicious variable.
    pub suspicious: Action,
    /// Of two variables whose weights of evidence correlate more than this (in absolute value) the one of lower
    /// information value leaves; between 0 and 1.
    pub max_correlation: Option<f64>,
    /// While a variance inflation factor exceeds this, the variable with the largest leaves; more than 1. A variable that
    /// others give exactly leaves in any case.
    pub max_vif: Option<f64>,
    /// What happens to a variable whose coefficient says the opposite of its bins; of several that leave the worst leaves
    /// first, and the choice is made again without it.
    pub signs: Action,
    /// How a subset is searched for.
    pub method: Method,
    /// Variables that stay whatever the checks say; what they break is flagged.
    pub forced_in: Vec<String>,
    /// Variables that never enter.
    pub forced_out: Vec<String>,
}

impl Default for SelectionConfig {
    fn default() -> Self {
        SelectionConfig {
            max_iv: None,
            suspicious: Action::Flag,
            max_correlation: None,
            max_vif: None,
            signs: Action::Drop,
            method: Method::None,
            forced_in: Vec::new(),
            forced_out: Vec::new(),
        }
    }
}

/// What happens to a variable that breaks a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It stays, and is listed.
    Flag,
    /// It leaves.
    Drop,
}

/// How a subset of variables is searched for, on the quadratic approximation of the likelihood at the optimum of all.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// All variables stay.
    #[default]
    None,
    /// One variable enters or leaves at a time.
    Stepwise {
        /// Where the search starts and which way it goes.
        direction: Direction,
        /// What decides.
        criterion: Criterion,
    },
    /// Variables whose coefficient is not 0 under the elastic-net penalty of the best cross-validated loss; their
    /// coefficients are then estimated without penalty.
    ElasticNet {
        /// Share of the absolute penalty (lasso), above 0 to 1; the rest is the squared one.
        alpha: f64,
        /// Folds of the cross-validation; 2 to 20.
        folds: u32,
        /// Which penalty of the path is taken.
        penalty: Penalty,
    },
}

/// The way of a stepwise search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From nothing; variables only enter.
    Forward,
    /// From everything; variables only leave.
    Backward,
    /// From nothing; after each entry variables may leave again.
    Both,
}

/// What decides about a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Criterion {
    /// The p-value of the coefficient.
    PValue {
        /// A variable enters below this; above 0, at most `leave`.
        enter: f64,
        /// A variable leaves above this; below 1.
        leave: f64,
    },
    /// Akaike's criterion falls: 2 for each variable.
    Aic,
    /// Schwarz's criterion falls: ln(rows) for each variable.
    Bic,
}

/// Which penalty of the path is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// The one of least loss.
    Best,
    /// The largest whose loss is within one standard error of the least: fewer variables.
    #[default]
    OneStandardError,
}

impl ModelConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.min_iv >= 0.0, "model.min_iv", "must be 0 or more", "use for example 0.02");
        problems.require(
            (1..=MAX_VARIABLES).contains(&self.max_variables),
            "model.max_variables",
            "must lie between 1 and 128",
            "use for example 20",
        );
        problems.require(
            (1..=100).contains(&self.max_iterations),
            "model.max_iterations",
            "must lie between 1 and 100",
            "use for example 25",
        );
        problems.require(
            self.tolerance > 0.0 && self.tolerance.is_finite(),
            "model.tolerance",
            "must be positive",
            "use for example 1e-6",
        );
        self.selection.check(self, &mut problems);
        problems.into_result()
    }
}

impl SelectionConfig {
    /// Folds that the pass at the optimum must keep apart; 0 when the method needs none.
    #[must_use]
    pub fn folds(&self) -> u32 {
        if let Method::ElasticNet { folds, .. } = self.method { folds } else { 0 }
    }

    /// Whether a pass at the null model is needed: correlations and variance inflation come from it.
    #[must_use]
    pub fn needs_null(&self) -> bool {
        self.max_correlation.is_some() || self.max_vif.is_some()
    }

    fn check(&self, model: &ModelConfig, problems: &mut Problems) {
        problems.require(
            self.max_iv.is_none_or(|iv| iv > model.min_iv),
            "model.selection.max_iv",
            "must exceed model.min_iv",
            "use for example 0.5",
        );
        problems.require(
            self.max_correlation.is_none_or(|r| r > 0.0 && r < 1.0),
            "model.selection.max_correlation",
            "must lie between 0 and 1",
            "use for example 0.7",
        );
        problems.require(
            self.max_vif.is_none_or(|vif| vif > 1.0),
            "model.selection.max_vif",
            "must exceed 1",
            "use for example 5",
        );
        match self.method {
            Method::Stepwise { criterion: Criterion::PValue { enter, leave }, .. } => problems.require(
                enter > 0.0 && enter <= leave && leave < 1.0,
                "model.selection.method",
                "0 < enter ≤ leave < 1 is required, or a variable would enter and leave for ever",
                "use for example 0.05 and 0.1",
            ),
            Method::ElasticNet { alpha, folds, .. } => {
                problems.require(
                    alpha > 0.0 && alpha <= 1.0,
                    "model.selection.method.alpha",
                    "must be above 0 and at most 1: without an absolute penalty no coefficient becomes 0",
                    "use for example 0.5",
                );
                problems.require(
                    (2..=20).contains(&folds),
                    "model.selection.method.folds",
                    "must lie between 2 and 20",
                    "use for example 5",
                );
            }
            Method::None | Method::Stepwise { .. } => {}
        }
        problems.require(
            !self.forced_in.iter().any(|name| self.forced_out.contains(name)),
            "model.selection.forced_in",
            "a variable is forced in and out",
            "list it once",
        );
        problems.require(
            self.forced_in.len() <= model.max_variables,
            "model.selection.forced_in",
            "more variables are forced in than model.max_variables allows",
            "raise model.max_variables",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_listed() {
        let config = ModelConfig {
            min_iv: -1.0,
            max_variables: 0,
            selection: SelectionConfig {
                max_iv: Some(-2.0),
                max_correlation: Some(1.0),
                max_vif: Some(f64::NAN),
                method: Method::ElasticNet { alpha: 0.0, folds: 1, penalty: Penalty::Best },
                forced_in: vec!["a".into()],
                forced_out: vec!["a".into()],
                ..SelectionConfig::default()
            },
            ..ModelConfig::default()
        };
        assert_eq!(config.validate().unwrap_err().problems().len(), 9);
        ModelConfig::default().validate().unwrap();
    }

    #[test]
    fn settings_have_the_stored_form_of_the_other_stages() {
        let text = r#"{"max_vif": 5, "method": {"type": "stepwise", "direction": "both",
            "criterion": {"type": "p_value", "enter": 0.05, "leave": 0.1}}}"#;
        let config: SelectionConfig = serde_json::from_str(text).unwrap();
        assert_eq!(config.max_vif, Some(5.0));
        assert_eq!(serde_json::from_str::<SelectionConfig>(&serde_json::to_string(&config).unwrap()).unwrap(), config);
        assert!(serde_json::from_str::<SelectionConfig>(r#"{"max_viv": 5}"#).is_err());
    }
}

//! The fitted model.

use serde::{Deserialize, Serialize};

/// A fitted logistic regression: log-odds of the **event** = intercept + Σ coefficient · WoE.
///
/// With WoE = ln(share of non-events / share of events), a sound coefficient is negative, near −1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logistic {
    /// Constant term.
    pub intercept: Coefficient,
    /// One entry a variable, in the order of the card.
    pub coefficients: Vec<Coefficient>,
    /// Log-likelihood at the optimum.
    pub log_likelihood: f64,
    /// Log-likelihood of the intercept alone.
    pub null_log_likelihood: f64,
    /// Newton steps taken.
    pub iterations: u32,
    /// Weight of the rows trained on.
    pub rows: f64,
    /// Weight of the events among them.
    pub events: f64,
}

/// An estimate with its standard error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coefficient {
    /// Name of the variable, `intercept` for the constant.
    pub variable: String,
    /// Maximum-likelihood estimate, stored to 12 significant digits.
    pub value: f64,
    /// Square root of the diagonal of the inverse Fisher information.
    pub standard_error: f64,
}

impl Logistic {
    /// Intercept and coefficients, in that order.
    #[must_use]
    pub fn beta(&self) -> Vec<f64> {
        std::iter::once(&self.intercept).chain(&self.coefficients).map(|coefficient| coefficient.value).collect()
    }
}

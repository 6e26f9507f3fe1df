//! Which variables enter the card: what left, where, and why.

mod elastic_net;
mod screen;
mod select;
mod stepwise;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use elastic_net::{PenaltyPoint, penalised};
pub use screen::{Screening, screen_iv, screen_redundant};
pub use select::{Selected, select};
pub use stepwise::Step;

use super::quadratic::Quadratic;

/// Why a variable left the card, or what is remarkable about one that stayed: one line of the funnel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The variable.
    pub variable: String,
    /// The check that found it.
    pub stage: Stage,
    /// The figure the check looked at: information value, correlation, variance inflation factor, p-value or change of
    /// the criterion, coefficient. Absent where there is none, or where it is infinite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<f64>,
    /// The variable it correlates with most, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// What is said of the variable, a sentence without its subject.
    pub reason: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}", self.variable, self.reason)
    }
}

/// The checks, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Listed in `forced_out`.
    ForcedOut,
    /// Information value too low or suspiciously high.
    Iv,
    /// More candidates than one regression takes.
    Candidates,
    /// Correlates with a variable of higher information value.
    Correlation,
    /// Variance inflation.
    Vif,
    /// Stepwise search.
    Stepwise,
    /// A boosted card has no use for it.
    Boosting,
    /// Elastic net.
    ElasticNet,
    /// More variables than the card may have.
    MaxVariables,
    /// The coefficient says the opposite of the bins.
    Sign,
}

impl Finding {
    pub(crate) fn new(variable: &str, stage: Stage, figure: f64, reason: String) -> Self {
        let figure = figure.is_finite().then(|| super::newton::round_significant(figure));
        Finding { variable: variable.to_owned(), stage, figure, with: None, reason }
    }

    fn with(mut self, other: Option<&str>) -> Self {
        self.with = other.map(str::to_owned);
        self
    }
}

/// Of the variables at positions `among`, the one that correlates most with `j` in absolute value, and the correlation.
fn closest(correlation: &ndarray::Array2<f64>, j: usize, among: &[usize]) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for &k in among.iter().filter(|&&k| k != j) {
        let r = correlation[[j, k]];
        if best.is_none_or(|(_, most)| r.abs() > most.abs()) {
            best = Some((k, r));
        }
    }
    best
}

/// Whether each variable is forced to stay.
fn forced(quadratic: &Quadratic, names: &[String]) -> Vec<bool> {
    quadratic.variables.iter().map(|variable| names.contains(variable)).collect()
}

/// Four significant digits, for sentences.
fn short(x: f64) -> String {
    format!("{x:.3e}").parse::<f64>().unwrap_or(x).to_string()
}

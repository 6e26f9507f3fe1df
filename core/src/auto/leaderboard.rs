//! What a search tells of every configuration.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Every configuration of a search, the winner first: then those judged on all folds by falling AUC, those stopped after
/// the first fold, those refused, and those not tried. It is written as a Markdown table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaderboard {
    /// The configurations.
    pub trials: Vec<Trial>,
    /// Cells that were read: rows × candidate fields × passes over the data, also those that only divide and count; boosting
    /// counts as 50 passes.
    pub work: u64,
}

/// One configuration and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// What was changed, in words; `as asked` for the configuration that the search started from.
    pub name: String,
    /// The same as a JSON merge patch (RFC 7396) on that configuration.
    pub settings: Json,
    /// What became of it.
    pub status: Status,
    /// Why, a sentence without its subject.
    pub reason: String,
    /// Mean AUC over the folds it was judged on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
    /// Standard error of that mean, from two folds on: √((1/n + 1/(k − 1))·s²) for n folds in all, k in a division, and the
    /// variance s² between folds, as folds share what they train on (Nadeau and Bengio 2003).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_error: Option<f64>,
    /// Mean log loss over the same folds, nats a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<f64>,
    /// The folds one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folds: Vec<FoldScore>,
    /// Whether the card is a boosted one.
    pub boosted: bool,
    /// Variables of the card; the median over the folds, as for pairs and bins. All 0 when there is no card.
    pub variables: usize,
    /// Tables of two variables.
    pub pairs: usize,
    /// Bins of all variables, those of special codes and missing values included.
    pub bins: usize,
    /// Cells that were read for it.
    pub work: u64,
}

/// What became of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is the winner.
    Won,
    /// It was judged on all folds and lost.
    Lost,
    /// It did not go beyond the folds it was judged on.
    Stopped,
    /// It gives no card, or none that may be used.
    Refused,
    /// The budget was spent before.
    NotTried,
}

/// A card on rows that it has not seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoldScore {
    /// Area under the ROC curve.
    pub auc: f64,
    /// Log loss, nats a row.
    pub log_loss: f64,
}

impl fmt::Display for Leaderboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| # | card | AUC | log loss | variables | bins | cells read | verdict |")?;
        writeln!(f, "|--:|---|---|--:|--:|--:|--:|---|")?;
        for (at, trial) in self.trials.iter().enumerate() {
            let auc = match (trial.auc, trial.standard_error) {
                (Some(auc), Some(error)) => format!("{auc:.4} ± {error:.4}"),
                (Some(auc), None) => format!("{auc:.4}"),
                _ => String::new(),
            };
            let loss = trial.log_loss.map_or_else(String::new, |loss| format!("{loss:.4}"));
            let size = |count: usize| if trial.auc.is_some() { count.to_string() } else { String::new() };
            let verdict = match trial.status {
                Status::Won => "wins",
                Status::Lost => "loses",
                Status::Stopped => "stopped",
                Status::Refused => "refused",
                Status::NotTried => "not tried",
            };
            writeln!(
                f,
                "| {} | {} | {auc} | {loss} | {} | {} | {} | {verdict}: {} |",
                at + 1,
                cell(&trial.name),
                size(trial.variables),
                size(trial.bins),
                trial.work,
                cell(&trial.reason)
            )?;
        }
        Ok(())
    }
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

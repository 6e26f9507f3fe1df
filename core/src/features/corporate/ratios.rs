//! The ratios of one statement, each with its value or the reason why it has none.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::catalogue::{Family, RATIOS};
use super::formula::{Formula, MissingReason};
use super::statement::{Statement, cells};
use crate::error::Result;

/// One ratio of a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RatioResult {
    /// Name, as in [`RATIOS`].
    pub name: String,
    /// What it tells about.
    pub family: Family,
    /// The value, in the unit of the [`Ratio`](super::Ratio), or why there is none.
    #[serde(flatten)]
    pub value: RatioValue,
}

/// A finite number, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatioValue {
    /// A finite number.
    Value(f64),
    /// There is no number.
    Missing(MissingReason),
}

impl RatioValue {
    /// The number, if there is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            RatioValue::Value(x) => Some(*x),
            RatioValue::Missing(_) => None,
        }
    }
}

/// Resolved once: the texts are constants.
static FORMULAS: LazyLock<Result<Vec<Formula>>> =
    LazyLock::new(|| RATIOS.iter().map(|ratio| Formula::new(ratio.value, ratio.denominators)).collect());

/// Every ratio of [`RATIOS`], in order. Growth needs `prior`, the statement of the year before; without it growth is missing.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) naming every item that is infinite.
///
/// ```
/// use scoreline::features::corporate::{MissingReason, RatioValue, Statement, ratios};
/// let year = Statement {
///     current_assets: Some(500.0),
///     current_liabilities: Some(300.0),
///     net_income: Some(90.0),
///     equity: Some(-20.0),
///     ..Statement::default()
/// };
/// let found = ratios(&year, None)?;
/// let value = |name: &str| found.iter().find(|ratio| ratio.name == name).map(|ratio| ratio.value.clone());
/// assert_eq!(value("current_ratio"), Some(RatioValue::Value(500.0 / 300.0)));
/// let reason = MissingReason::NegativeEquity { denominator: "equity".to_owned() };
/// assert_eq!(value("return_on_equity"), Some(RatioValue::Missing(reason)));
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn ratios(year: &Statement, prior: Option<&Statement>) -> Result<Vec<RatioResult>> {
    let cells = cells(year, prior)?;
    let formulas = FORMULAS.as_ref().map_err(Clone::clone)?;
    let result = |(ratio, formula): (&super::Ratio, &Formula)| RatioResult {
        name: ratio.name.to_owned(),
        family: ratio.family,
        value: formula.evaluate(&cells).map_or_else(RatioValue::Missing, RatioValue::Value),
    };
    Ok(RATIOS.iter().zip(formulas).map(result).collect())
}

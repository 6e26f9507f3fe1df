//! Ohlson's O-score: the log-odds of bankruptcy within a year.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::naming::Naming;
use super::score::{Term, TermDefinition, evaluate, expression, sum};
use super::statement::{Statement, cells};
use crate::data::Schema;
use crate::error::{Error, Problem, Problems, Result};
use crate::features::Feature;
use crate::math::logistic;

/// Model 1 of Ohlson (1980, Journal of Accounting Research 18): bankruptcy within one year.
///
/// O = −1.32 − 0.407 SIZE + 6.03 TLTA − 1.43 WCTA + 0.0757 CLCA − 1.72 OENEG − 2.37 NITA − 1.83 FUTL + 0.285 INTWO −
/// 0.521 CHIN, where SIZE is the natural logarithm of total assets, in dollars, over the GNP price index (1968 = 100).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OhlsonConfig {
    /// The price index of every statement, 1968 = 100, above 0. Left out, each statement has its own `price_index`. The paper
    /// takes the index of the year before the balance sheet's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_index: Option<f64>,
    /// How many dollars one unit of the statement is, above 0: 1,000 for statements in thousands.
    pub unit: f64,
}

impl Default for OhlsonConfig {
    fn default() -> Self {
        OhlsonConfig { price_index: None, unit: 1.0 }
    }
}

/// A score with what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OhlsonScore {
    /// −1.32.
    pub intercept: f64,
    /// The nine terms.
    pub terms: Vec<Term>,
    /// Log-odds of bankruptcy within a year; higher is riskier.
    pub score: f64,
    /// Their probability, in [0, 1]: that of the paper's sample, which a bank calibrates to its own.
    pub probability: f64,
}

const INTERCEPT: f64 = -1.32;
const SCORE: &str = "ohlson_o";
const PROBABILITY: &str = "ohlson_pd";

impl OhlsonConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let index = self.price_index.is_none_or(positive);
        problems.require(index, "ohlson.price_index", "must be a finite number above 0", "1968 is 100");
        problems.require(positive(self.unit), "ohlson.unit", "must be a finite number above 0", "use 1000 for thousands");
        problems.into_result()
    }

    /// The score of a statement; `prior` is that of the year before, of which only the net income counts.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`validate`](Self::validate);
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every item that is missing or infinite, and every denominator that
    /// is not above zero.
    ///
    /// ```
    /// use scoreline::features::corporate::{OhlsonConfig, Statement};
    /// let year = Statement {
    ///     total_assets: Some(500e6),
    ///     total_liabilities: Some(200e6),
    ///     current_assets: Some(170e6),
    ///     current_liabilities: Some(80e6),
    ///     net_income: Some(40e6),
    ///     funds_from_operations: Some(60e6),
    ///     price_index: Some(150.0),
    ///     ..Statement::default()
    /// };
    /// let before = Statement { net_income: Some(35e6), ..Statement::default() };
    /// let found = OhlsonConfig::default().score(&year, &before)?;
    /// assert!((found.score + 6.016_039_5).abs() < 1e-7 && (found.probability - 0.002_433_4).abs() < 1e-7);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    pub fn score(&self, year: &Statement, prior: &Statement) -> Result<OhlsonScore> {
        self.validate()?;
        let terms = evaluate(&self.terms(), &cells(year, Some(prior))?)?;
        let score = sum(Some(INTERCEPT), &terms);
        if !score.is_finite() {
            let problem = Problem::new("the score is beyond the range of a double", "check the unit of the amounts");
            return Err(Error::data(problem.field(SCORE)));
        }
        Ok(OhlsonScore { intercept: INTERCEPT, terms, score, probability: logistic(score) })
    }

    /// Two derived features over `schema`, `ohlson_o` and `ohlson_pd`, missing where [`score`](Self::score) is an error.
    /// `fields` tells which field of the schema holds an item, where it is not called like the item.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`validate`](Self::validate), and naming every item that the
    /// schema does not hold as a number.
    pub fn features(&self, schema: &Schema, fields: &BTreeMap<String, String>) -> Result<Vec<Feature>> {
        self.validate()?;
        let naming = Naming::new(schema, fields)?;
        let score = expression(Some(INTERCEPT), &self.terms());
        // e^-o beyond the range of a double is missing: the probability is then 0.
        let probability = format!("CASE WHEN {SCORE} IS NOT NULL THEN COALESCE(1 / (1 + EXP(-{SCORE})), 0) END");
        Ok(vec![
            naming.feature(SCORE, &score, "log-odds", "Ohlson's O (1980): log-odds of bankruptcy within a year")?,
            naming.feature(PROBABILITY, &probability, "share", "probability that belongs to Ohlson's O")?,
        ])
    }

    fn terms(&self) -> Vec<TermDefinition> {
        let OhlsonConfig { price_index, unit } = self;
        let term = |name, definition, weight, value: &str, denominators| TermDefinition {
            name,
            definition,
            value: value.to_owned(),
            denominators,
            weight,
        };
        let size = match price_index {
            Some(index) => (format!("LN(total_assets * {unit:?} / {index:?})"), &["total_assets"][..]),
            None => (format!("LN(total_assets * {unit:?} / price_index)"), &["total_assets", "price_index"][..]),
        };
        vec![
            term("size", "ln(total assets / price index)", -0.407, &size.0, size.1),
            term("tlta", "total liabilities / total assets", 6.03, "total_liabilities / total_assets", &["total_assets"]),
            term(
                "wcta",
                "working capital / total assets",
                -1.43,
                "(current_assets - current_liabilities) / total_assets",
                &["total_assets"],
            ),
            term(
                "clca",
                "current liabilities / current assets",
                0.0757,
                "current_liabilities / current_assets",
                &["current_assets"],
            ),
            term(
                "oeneg",
                "1 if total liabilities exceed total assets, else 0",
                -1.72,
                "CASE WHEN total_liabilities > total_assets THEN 1 ELSE 0 END",
                &[],
            ),
            term("nita", "net income / total assets", -2.37, "net_income / total_assets", &["total_assets"]),
            term(
                "futl",
                "funds from operations / total liabilities",
                -1.83,
                "funds_from_operations / total_liabilities",
                &["total_liabilities"],
            ),
            term(
                "intwo",
                "1 if net income was negative in both years, else 0",
                0.285,
                "CASE WHEN net_income < 0 AND prior_net_income < 0 THEN 1 ELSE 0 END",
                &[],
            ),
            term(
                "chin",
                "change of net income / sum of its absolute values in both years",
                -0.521,
                "(net_income - prior_net_income) / (ABS(net_income) + ABS(prior_net_income))",
                &["ABS(net_income) + ABS(prior_net_income)"],
            ),
        ]
    }
}

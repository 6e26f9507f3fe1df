//! Altman's Z-scores: how far a company is from the companies that went bankrupt.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::naming::Naming;
use super::score::{Term, TermDefinition, evaluate, expression, sum, weigh};
use super::statement::{Statement, cells};
use crate::data::Schema;
use crate::error::{Error, Problem, Result};
use crate::features::Feature;

/// One of Altman's four scores. Higher is safer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum AltmanModel {
    /// Z = 1.2 X1 + 1.4 X2 + 3.3 X3 + 0.6 X4 + 0.999 X5 for listed manufacturers, X4 over the market value of equity;
    /// distress below 1.81, safe above 2.99 (Altman 1968, Journal of Finance 23).
    Z {
        /// The weight of X5.
        #[serde(default)]
        sales_weight: SalesWeight,
    },
    /// Z′ = 0.717 X1 + 0.847 X2 + 3.107 X3 + 0.420 X4 + 0.998 X5 for private companies, X4 over the book value of equity;
    /// distress below 1.23, safe above 2.90 (Altman 1983, Corporate Financial Distress).
    ZPrime,
    /// Z″ = 6.56 X1 + 3.26 X2 + 6.72 X3 + 1.05 X4 for all industries, X4 over the book value of equity; distress below 1.10,
    /// safe above 2.60 (Altman, Hartzell & Peck 1995).
    ZDoublePrime,
    /// EM = 3.25 + Z″ for emerging markets, with the zones of Z″ moved by 3.25 (Altman 2005, Emerging Markets Review 6).
    Em,
}

impl Default for AltmanModel {
    fn default() -> Self {
        AltmanModel::Z { sales_weight: SalesWeight::Original }
    }
}

/// The weight of sales to total assets in Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SalesWeight {
    /// 0.999, as in 1968.
    #[default]
    Original,
    /// 1.0, as most later texts have it.
    Rounded,
}

/// Where a score lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AltmanZone {
    /// Below the lower bound: most such companies of the study went bankrupt.
    Distress,
    /// Between the bounds, or on one of them: both outcomes were seen.
    Grey,
    /// Above the upper bound.
    Safe,
}

/// A score with what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AltmanScore {
    /// The model.
    pub model: AltmanModel,
    /// 3.25 for EM, otherwise 0.
    pub intercept: f64,
    /// X1 to X5; X1 to X4 for Z″ and EM.
    pub terms: Vec<Term>,
    /// Intercept plus contributions. Any finite number, as a rule between −5 and 10.
    pub score: f64,
    /// Where the score lies.
    pub zone: AltmanZone,
}

impl AltmanModel {
    /// Every model, with the original weight of sales.
    pub const ALL: [AltmanModel; 4] =
        [AltmanModel::Z { sales_weight: SalesWeight::Original }, AltmanModel::ZPrime, AltmanModel::ZDoublePrime, AltmanModel::Em];

    /// The score of a statement.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every item that is missing or infinite, and with total assets or total
    /// liabilities that are not above zero.
    ///
    /// ```
    /// use scoreline::features::corporate::{AltmanModel, AltmanZone, Statement};
    /// let year = Statement {
    ///     current_assets: Some(500.0),
    ///     current_liabilities: Some(300.0),
    ///     total_assets: Some(1_200.0),
    ///     total_liabilities: Some(720.0),
    ///     equity: Some(480.0),
    ///     retained_earnings: Some(260.0),
    ///     ebit: Some(150.0),
    ///     ..Statement::default()
    /// };
    /// let found = AltmanModel::ZDoublePrime.score(&year)?;
    /// assert!((found.score - 3.339_667).abs() < 1e-6); // 6.56/6 + 3.26·0.216667 + 6.72/8 + 1.05/1.5
    /// assert_eq!(found.zone, AltmanZone::Safe);
    /// let error = AltmanModel::ZPrime.score(&year).unwrap_err();
    /// assert_eq!(error.problems()[0].field.as_deref(), Some("sales"));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    pub fn score(self, year: &Statement) -> Result<AltmanScore> {
        self.conclude(evaluate(&self.terms(), &cells(year, None)?)?)
    }

    /// The score from X1 to X5 themselves; Z″ and EM take X1 to X4.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when their number differs or one is not finite.
    pub fn score_terms(self, x: &[f64]) -> Result<AltmanScore> {
        let definitions = self.terms();
        if x.len() != definitions.len() || x.iter().any(|x| !x.is_finite()) {
            let what = format!("{} finite numbers were expected", definitions.len());
            return Err(Error::data(Problem::new(what, "Z and Z′ take X1 to X5, Z″ and EM X1 to X4").field("x")));
        }
        self.conclude(weigh(&definitions, x))
    }

    fn conclude(self, terms: Vec<Term>) -> Result<AltmanScore> {
        let score = sum(self.intercept(), &terms);
        if !score.is_finite() {
            let problem = Problem::new("the score is beyond the range of a double", "check the unit of the amounts");
            return Err(Error::data(problem.field(self.name())));
        }
        Ok(AltmanScore { model: self, intercept: self.intercept().unwrap_or_default(), terms, score, zone: self.zone(score) })
    }

    /// Where a score lies.
    #[must_use]
    pub fn zone(self, score: f64) -> AltmanZone {
        let (low, high) = match self {
            AltmanModel::Z { .. } => (1.81, 2.99),
            AltmanModel::ZPrime => (1.23, 2.90),
            AltmanModel::ZDoublePrime => (1.10, 2.60),
            AltmanModel::Em => (4.35, 5.85),
        };
        if score < low {
            AltmanZone::Distress
        } else if score > high {
            AltmanZone::Safe
        } else {
            AltmanZone::Grey
        }
    }

    /// Name of its feature: `altman_z`, `altman_z_prime`, `altman_z_double_prime` or `altman_em`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AltmanModel::Z { .. } => "altman_z",
            AltmanModel::ZPrime => "altman_z_prime",
            AltmanModel::ZDoublePrime => "altman_z_double_prime",
            AltmanModel::Em => "altman_em",
        }
    }

    /// The score as a derived feature over `schema`, missing where [`score`](Self::score) is an error. `fields` tells which
    /// field of the schema holds an item, where it is not called like the item.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) naming every item that the schema does not hold as a number.
    pub fn feature(self, schema: &Schema, fields: &BTreeMap<String, String>) -> Result<Feature> {
        let definition = match self {
            AltmanModel::Z { .. } => "Altman's Z (1968); distress below 1.81, safe above 2.99",
            AltmanModel::ZPrime => "Altman's Z' for private companies (1983); distress below 1.23, safe above 2.90",
            AltmanModel::ZDoublePrime => "Altman's Z'' for all industries (1995); distress below 1.10, safe above 2.60",
            AltmanModel::Em => "Altman's score for emerging markets (2005); distress below 4.35, safe above 5.85",
        };
        let text = expression(self.intercept(), &self.terms());
        Naming::new(schema, fields)?.feature(self.name(), &text, "score", definition)
    }

    fn intercept(self) -> Option<f64> {
        (self == AltmanModel::Em).then_some(3.25)
    }

    fn terms(self) -> Vec<TermDefinition> {
        let (weights, market): (&[f64], bool) = match self {
            AltmanModel::Z { sales_weight: SalesWeight::Original } => (&[1.2, 1.4, 3.3, 0.6, 0.999], true),
            AltmanModel::Z { sales_weight: SalesWeight::Rounded } => (&[1.2, 1.4, 3.3, 0.6, 1.0], true),
            AltmanModel::ZPrime => (&[0.717, 0.847, 3.107, 0.42, 0.998], false),
            AltmanModel::ZDoublePrime | AltmanModel::Em => (&[6.56, 3.26, 6.72, 1.05], false),
        };
        let equity = if market {
            ("x4", "market value of equity / total liabilities", "market_equity / total_liabilities")
        } else {
            ("x4", "book value of equity / total liabilities", "equity / total_liabilities")
        };
        let parts = [
            ("x1", "working capital / total assets", "(current_assets - current_liabilities) / total_assets"),
            ("x2", "retained earnings / total assets", "retained_earnings / total_assets"),
            ("x3", "EBIT / total assets", "ebit / total_assets"),
            equity,
            ("x5", "sales / total assets", "sales / total_assets"),
        ];
        let term = |((name, definition, value), &weight): ((&'static str, &'static str, &str), &f64)| {
            let denominators: &[&str] = if name == "x4" { &["total_liabilities"] } else { &["total_assets"] };
            TermDefinition { name, definition, value: value.to_owned(), denominators, weight }
        };
        parts.into_iter().zip(weights).map(term).collect()
    }
}

//! How much capital a loan binds, as a pricing policy stores it.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::Capital;
use super::formula::{Falling, expected_loss, loss_rate};
use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};
use crate::math::norm_inv;

/// Capital of "other retail" exposures under the internal-ratings approach (Basel CRE31; Basel II paragraph 330):
///
/// R = 0.03·v + 0.16·(1 − v) with v = (1 − e^(−35·PD)) / (1 − e^(−35));
/// K = LGD·Φ[(Φ⁻¹(PD) + √R·Φ⁻¹(confidence)) / √(1 − R)] − PD·LGD. No floors and no maturity term.
///
/// ```
/// use scoreline::pricing::{BASEL_CONFIDENCE, irb_other_retail};
/// let capital = irb_other_retail(0.01, 0.45, BASEL_CONFIDENCE)?;
/// assert!((capital.risk_weight - 0.4577).abs() < 1e-4); // Basel II Annex 5: 45.77 %
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when PD or LGD lies outside [0, 1] or the confidence outside (0, 1).
pub fn irb_other_retail(pd: f64, lgd: f64, confidence: f64) -> Result<Capital> {
    for (name, value) in [("pd", pd), ("lgd", lgd)] {
        if !(0.0..=1.0).contains(&value) {
            return Err(Error::data(
                Problem::new("a fraction in [0, 1] was expected", "pass a fraction, not percent").field(name),
            ));
        }
    }
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Error::data(Problem::new("a level in (0, 1) was expected", "Basel uses 0.999").field("confidence")));
    }
    let correlation = Falling::other_retail().at(pd);
    // At PD 0 and 1 the quantile is infinite and the loss rate is the PD: no capital, as in the limit.
    let stressed = loss_rate(pd, correlation, norm_inv(confidence));
    let k = (lgd * stressed - pd * lgd).max(0.0);
    let expected_loss = expected_loss(pd, lgd);
    Ok(Capital { correlation, maturity_adjustment: 0.0, k, risk_weight: 12.5 * k, expected_loss })
}

/// How much capital a loan binds. Every parameter is stated in the file.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CapitalModel {
    /// [`irb_other_retail`] after input floors.
    IrbOtherRetail {
        /// Confidence level; Basel: 0.999.
        confidence: f64,
        /// Least PD that enters the formula; CRE32: 0.0005.
        pd_floor: f64,
        /// Least LGD that enters the formula; CRE32: 0.30 when unsecured.
        lgd_floor: f64,
    },
    /// The same share of every exposure, for example from an internal capital model.
    FixedShare {
        /// Capital per unit of exposure, in (0, 1].
        share: f64,
    },
}

impl CapitalModel {
    /// The capital K per unit of exposure for a PD and an LGD.
    ///
    /// # Errors
    /// As [`irb_other_retail`].
    pub fn k(&self, pd: f64, lgd: f64) -> Result<f64> {
        match *self {
            CapitalModel::IrbOtherRetail { confidence, pd_floor, lgd_floor } => {
                Ok(irb_other_retail(pd.max(pd_floor), lgd.max(lgd_floor), confidence)?.k)
            }
            CapitalModel::FixedShare { share } => Ok(share),
        }
    }

    pub(crate) fn check(&self, problems: &mut Problems) {
        match *self {
            CapitalModel::IrbOtherRetail { confidence, pd_floor, lgd_floor } => {
                let level = confidence > 0.5 && confidence < 1.0;
                problems.require(level, "pricing.capital.confidence", "must lie in (0.5, 1)", "Basel uses 0.999");
                let shares = (0.0..1.0).contains(&pd_floor) && (0.0..=1.0).contains(&lgd_floor);
                problems.require(shares, "pricing.capital", "a floor lies outside [0, 1)", "CRE32 uses 0.0005 and 0.30");
            }
            CapitalModel::FixedShare { share } => {
                let usable = share > 0.0 && share <= 1.0;
                problems.require(usable, "pricing.capital.share", "must lie in (0, 1]", "use for example 0.08");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::BASEL_CONFIDENCE;
    use super::*;

    #[test]
    fn golden_risk_weights() {
        let file: serde_json::Value =
            serde_json::from_str(include_str!("../../../../tests/golden/irb_other_retail.json")).unwrap();
        let cases = file["cases"].as_array().unwrap();
        let mut published = 0;
        for case in cases {
            let number = |part: &str, name: &str| case[part][name].as_f64();
            let (pd, lgd) = (number("inputs", "pd").unwrap(), number("inputs", "lgd").unwrap());
            let capital = irb_other_retail(pd, lgd, BASEL_CONFIDENCE).unwrap();
            let exact = |got: f64, name: &str| {
                let want = number("expected", name).unwrap();
                assert!((got - want).abs() <= number("tol", "rw").unwrap() * want, "{} {name}: {got} {want}", case["id"]);
            };
            exact(capital.risk_weight, "rw");
            exact(capital.k, "k");
            exact(capital.correlation, "R");
            if let Some(printed) = number("expected", "rw_pct_published") {
                assert!((100.0 * capital.risk_weight - printed).abs() <= 0.01, "{}", case["id"]);
                published += 1;
            }
        }
        assert_eq!((cases.len(), published), (56, 43));
    }

    #[test]
    fn the_ends_need_no_capital_and_nonsense_is_refused() {
        for pd in [0.0, 1.0] {
            assert_eq!(irb_other_retail(pd, 0.45, BASEL_CONFIDENCE).unwrap().k, 0.0);
        }
        for (pd, lgd, level) in
            [(-0.1, 0.5, 0.999), (1.1, 0.5, 0.999), (f64::NAN, 0.5, 0.999), (0.1, 2.0, 0.999), (0.1, 0.5, 1.0)]
        {
            assert!(irb_other_retail(pd, lgd, level).is_err());
        }
    }

    /// Golden case `floor_other_retail_*` and CRE32: PD 0.01 % is raised to 0.05 %, LGD to 30 %.
    #[test]
    fn floors_are_applied_before_the_formula() {
        let model = CapitalModel::IrbOtherRetail { confidence: BASEL_CONFIDENCE, pd_floor: 0.0005, lgd_floor: 0.30 };
        assert_eq!(model.k(0.0001, 0.1).unwrap(), irb_other_retail(0.0005, 0.30, BASEL_CONFIDENCE).unwrap().k);
        assert_eq!(model.k(0.02, 0.6).unwrap(), irb_other_retail(0.02, 0.6, BASEL_CONFIDENCE).unwrap().k);
    }

    #[test]
    fn the_file_states_every_parameter() {
        let text = r#"{"type":"irb_other_retail","confidence":0.999,"pd_floor":0.0005,"lgd_floor":0.3}"#;
        let model: CapitalModel = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&model).unwrap(), text);
        assert!(serde_json::from_str::<CapitalModel>(r#"{"type":"irb_other_retail","confidence":0.999}"#).is_err());
    }
}

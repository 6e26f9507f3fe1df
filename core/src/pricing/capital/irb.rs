//! Capital of one exposure under the internal-ratings approach.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::Capital;
use super::formula::{Falling, expected_loss, loss_rate, maturity_slope, singular};
use super::framework::{IrbClass, IrbFramework, LgdFloors, Security};
use crate::data::decimal;
use crate::error::{Error, ErrorCode, Problem, Problems, Result};
use crate::math::norm_inv;

/// Maturity of the foundation approach in years, and of its repo-style transactions (CRE32.44).
const FOUNDATION_MATURITY: f64 = 2.5;
const REPO_MATURITY: f64 = 0.5;

/// Who estimates the LGD of corporates, banks and sovereigns. Retail always has own estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IrbApproach {
    /// The supervisor: [`IrbFramework::foundation_lgd`], no LGD floor, a maturity of 2.5 years.
    Foundation,
    /// The bank: LGD floors, the maturity of the exposure between 1 and 5 years.
    Advanced,
}

/// What the capital of a book is computed by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IrbRules {
    /// Floors, scaling and the rest.
    pub framework: IrbFramework,
    /// Approach for corporates, banks and sovereigns.
    pub approach: IrbApproach,
    /// Declares that an LGD above 1 is meant, as when the cost of recovery is more than what it brings; up to 2.
    #[serde(default)]
    pub lgd_above_one: bool,
}

impl IrbRules {
    /// Own estimates of LGD for everything.
    #[must_use]
    pub fn advanced(framework: IrbFramework) -> Self {
        IrbRules { framework, approach: IrbApproach::Advanced, lgd_above_one: false }
    }

    /// Supervisory LGD for all that is not retail.
    #[must_use]
    pub fn foundation(framework: IrbFramework) -> Self {
        IrbRules { framework, approach: IrbApproach::Foundation, lgd_above_one: false }
    }
}

/// One exposure. What its class has no use for is not read: maturity of retail, turnover of what is no company.
#[apply(f64 => #[serde(deserialize_with = "decimal")], Option<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IrbExposure {
    /// Its class.
    pub class: IrbClass,
    /// Probability of default within a year, in [0, 1], before the floor. Of a defaulted exposure it is not read.
    pub pd: f64,
    /// Loss given default, a fraction of the exposure in [0, 1], before the floor.
    pub lgd: f64,
    /// Effective maturity in years. Own estimates: needed, and taken between 1 and 5. Foundation: nothing or 2.5, or 0.5
    /// for repo-style transactions.
    #[serde(default)]
    pub maturity: Option<f64>,
    /// Yearly sales of the group in millions of the framework's currency; nothing when the company is not small.
    #[serde(default)]
    pub turnover: Option<f64>,
    /// What secures it; decides on the LGD floor.
    #[serde(default)]
    pub security: Security,
    /// Which share of it is secured, in [0, 1].
    #[serde(default = "whole")]
    pub secured_share: f64,
    /// Whether it is in default.
    #[serde(default)]
    pub defaulted: bool,
    /// Best estimate of the expected loss of a defaulted exposure, a fraction; needed with own estimates of LGD.
    #[serde(default)]
    pub best_estimate: Option<f64>,
}

fn whole() -> f64 {
    1.0
}

impl IrbExposure {
    /// A performing, unsecured exposure; set the other fields as needed.
    #[must_use]
    pub fn new(class: IrbClass, pd: f64, lgd: f64) -> Self {
        IrbExposure {
            class,
            pd,
            lgd,
            maturity: None,
            turnover: None,
            security: Security::Unsecured,
            secured_share: 1.0,
            defaulted: false,
            best_estimate: None,
        }
    }
}

/// Correlation of a class.
#[derive(Debug, Clone, Copy)]
enum Correlation {
    Fixed(f64),
    Falling(Falling, f64),
}

/// What the formula needs of a class.
#[derive(Debug, Clone, Copy)]
struct Terms {
    correlation: Correlation,
    pd_floor: f64,
    lgd_floors: LgdFloors,
    foundation: bool,
}

/// Rules made ready: quantile and terms of the classes are computed once.
///
/// ```
/// use scoreline::pricing::capital::{Irb, IrbClass, IrbExposure, IrbFramework, IrbRules};
/// let irb = Irb::new(&IrbRules::advanced(IrbFramework::named("basel2")?))?;
/// let firm = IrbExposure { maturity: Some(2.5), turnover: Some(5.0), ..IrbExposure::new(IrbClass::Corporate, 0.01, 0.45) };
/// assert!((irb.capital(&firm)?.risk_weight - 0.7240).abs() < 1e-4); // Basel II Annex 5: 72.40 %
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Irb {
    terms: [Terms; IrbClass::ALL.len()],
    quantile: f64,
    scaling: f64,
    size: (f64, f64),
    greatest_lgd: f64,
}

impl Irb {
    /// Makes rules ready.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every number of the framework that is out of range.
    pub fn new(rules: &IrbRules) -> Result<Self> {
        let mut problems = Problems::default();
        rules.framework.check(&mut problems);
        problems.into_result()?;
        let framework = &rules.framework;
        let terms = IrbClass::ALL.map(|class| Terms {
            correlation: match class {
                IrbClass::Mortgage => Correlation::Fixed(0.15),
                IrbClass::QrreTransactor | IrbClass::QrreRevolver => Correlation::Fixed(0.04),
                IrbClass::OtherRetail => Correlation::Falling(Falling::other_retail(), 1.0),
                IrbClass::FinancialInstitution => Correlation::Falling(Falling::corporate(), 1.25),
                _ => Correlation::Falling(Falling::corporate(), 1.0),
            },
            pd_floor: *framework.pd_floors.get(class),
            lgd_floors: *framework.lgd_floors.get(class),
            foundation: rules.approach == IrbApproach::Foundation && !class.is_retail(),
        });
        Ok(Irb {
            terms,
            quantile: norm_inv(framework.confidence),
            scaling: framework.scaling,
            size: (framework.firm_size.least, framework.firm_size.most),
            greatest_lgd: if rules.lgd_above_one { 2.0 } else { 1.0 },
        })
    }

    /// The asset correlation R of a class at a PD, with the firm-size adjustment (CRE31.5 to 31.8, 31.14 to 31.16). `pd` in
    /// [0, 1], `turnover` in millions.
    #[must_use]
    pub fn correlation(&self, class: IrbClass, pd: f64, turnover: Option<f64>) -> f64 {
        let base = match self.terms[class as usize].correlation {
            Correlation::Fixed(value) => return value,
            Correlation::Falling(falling, factor) => factor * falling.at(pd),
        };
        match turnover {
            Some(turnover) if class.has_size() => {
                let (least, most) = self.size;
                base - 0.04 * (1.0 - (turnover.clamp(least, most) - least) / (most - least))
            }
            _ => base,
        }
    }

    /// PD and LGD of an exposure after their floors.
    ///
    /// # Errors
    /// As [`Irb::capital`].
    pub fn floored(&self, exposure: &IrbExposure) -> Result<(f64, f64)> {
        self.check(exposure)?;
        Ok(self.raised(exposure))
    }

    #[inline]
    fn raised(&self, exposure: &IrbExposure) -> (f64, f64) {
        let terms = &self.terms[exposure.class as usize];
        let floor = if terms.foundation { 0.0 } else { terms.lgd_floors.floor(exposure.security, exposure.secured_share) };
        (exposure.pd.max(terms.pd_floor), exposure.lgd.max(floor))
    }

    /// Capital of one exposure (CRE31; in default CRE31.3 and CRE35). A PD of 1 or, where there is no floor, of 0 needs none,
    /// as in the limit of the formula. The scaling of the framework is not applied to defaulted exposures.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every field that is missing or out of range, and for a PD without
    /// floor so small that the maturity adjustment has no meaning.
    #[inline]
    pub fn capital(&self, exposure: &IrbExposure) -> Result<Capital> {
        if !self.is_fine(exposure) {
            self.check(exposure)?;
        }
        let (pd, lgd) = self.raised(exposure);
        if exposure.defaulted {
            return Ok(self.defaulted(exposure));
        }
        let correlation = self.correlation(exposure.class, pd, exposure.turnover);
        let expected_loss = expected_loss(pd, lgd);
        let base = (lgd * loss_rate(pd, correlation, self.quantile) - expected_loss).max(0.0);
        let (slope, adjustment) = if exposure.class.is_retail() || pd == 0.0 {
            (0.0, 1.0)
        } else {
            let slope = maturity_slope(pd);
            let (above, below) = (1.0 + (self.maturity(exposure) - 2.5) * slope, 1.0 - 1.5 * slope);
            if !(above > 0.0 && below > 0.0) {
                return Err(singular());
            }
            (slope, above / below)
        };
        let k = base * adjustment;
        Ok(Capital { correlation, maturity_adjustment: slope, k, risk_weight: 12.5 * k * self.scaling, expected_loss })
    }

    fn maturity(&self, exposure: &IrbExposure) -> f64 {
        let maturity = exposure.maturity.unwrap_or(FOUNDATION_MATURITY);
        if self.terms[exposure.class as usize].foundation { maturity } else { maturity.clamp(1.0, 5.0) }
    }

    fn defaulted(&self, exposure: &IrbExposure) -> Capital {
        let (k, expected_loss) = match exposure.best_estimate {
            Some(best) if !self.terms[exposure.class as usize].foundation => ((exposure.lgd - best).max(0.0), best),
            _ => (0.0, exposure.lgd),
        };
        Capital { correlation: 0.0, maturity_adjustment: 0.0, k, risk_weight: 12.5 * k, expected_loss }
    }

    /// Whether nothing is wrong; the quick form of [`Irb::check`].
    #[inline]
    fn is_fine(&self, exposure: &IrbExposure) -> bool {
        let [pd, lgd, share, maturity, turnover, best] = self.facts(exposure);
        pd & lgd & share & maturity & turnover & best
    }

    #[inline]
    fn facts(&self, exposure: &IrbExposure) -> [bool; 6] {
        let foundation = self.terms[exposure.class as usize].foundation;
        let maturity = exposure.class.is_retail()
            || exposure.defaulted
            || match exposure.maturity {
                None => foundation,
                Some(years) if foundation => years == FOUNDATION_MATURITY || years == REPO_MATURITY,
                Some(years) => years > 0.0 && years.is_finite(),
            };
        let best = !exposure.defaulted
            || foundation
            || exposure.best_estimate.is_some_and(|best| (0.0..=self.greatest_lgd).contains(&best));
        [
            exposure.defaulted || (0.0..=1.0).contains(&exposure.pd),
            (0.0..=self.greatest_lgd).contains(&exposure.lgd),
            (0.0..=1.0).contains(&exposure.secured_share),
            maturity,
            !exposure.class.has_size() || exposure.turnover.is_none_or(|sales| sales >= 0.0 && sales.is_finite()),
            best,
        ]
    }

    #[cold]
    fn check(&self, exposure: &IrbExposure) -> Result<()> {
        let foundation = self.terms[exposure.class as usize].foundation;
        let fraction = "write a fraction, not percent";
        let maturity = if foundation {
            ("maturity", "the foundation approach has 2.5 years, or 0.5 for repo-style transactions", "leave it out")
        } else {
            ("maturity", "a number of years above 0 is needed", "pass the effective maturity, CRE32.47")
        };
        let lgd = if self.greatest_lgd > 1.0 {
            ("lgd", "must lie in [0, 2]", fraction)
        } else {
            ("lgd", "must lie in [0, 1]", "write a fraction, not percent; set `lgd_above_one` when more is meant")
        };
        let texts = [
            ("pd", "must lie in [0, 1]", fraction),
            lgd,
            ("secured_share", "must lie in [0, 1]", fraction),
            maturity,
            ("turnover", "must be a finite number, at least 0", "pass millions, or nothing for a large company"),
            (
                "best_estimate",
                "a fraction is needed for an exposure in default",
                "pass the best estimate of its expected loss, CRE36.86",
            ),
        ];
        let wrong = self.facts(exposure).into_iter().zip(texts).filter(|(fine, _)| !fine);
        let problems: Vec<Problem> = wrong.map(|(_, (field, what, remedy))| Problem::new(what, remedy).field(field)).collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::new(ErrorCode::InvalidData, problems)) }
    }
}

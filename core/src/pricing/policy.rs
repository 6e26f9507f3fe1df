//! The stored pricing policy: costs, hurdle, and the dated caps of the law.

use serde::{Deserialize, Serialize};

use super::capital::CapitalModel;
use super::money::{MAX_DECIMALS, is_currency};
use super::raroc::FundingBase;
use super::table::PriceTable;
use crate::data::Date;
use crate::error::{Error, Problem, Problems, Result};
use crate::tier::ByTier;

/// What a loan must earn, and what it may cost. Rates are fractions per year, nominal with monthly payments.
///
/// ```
/// use scoreline::Date;
/// use scoreline::pricing::{Price, PricingPolicy};
/// use scoreline::tier::RiskTier;
/// let policy: PricingPolicy = serde_json::from_str(r#"{
///     "currency": "CNY", "decimals": 2, "amount": "requested_amount", "term_months": "requested_term",
///     "funding_rate": 0.032, "funding_base": "ead", "opex_rate": 0.015, "fixed_cost": 0, "fees_rate": 0, "lgd": 0.6,
///     "capital": {"type": "fixed_share", "share": 0.08}, "capital_benefit_rate": 0.025, "tax": 0.25, "hurdle": 0.12,
///     "floor_rate": 0.05, "rate_step": 0.0001,
///     "caps": [{"name": "4 x LPR", "rate": 0.154, "from": "2020-08-20", "source": "SPC Fa Shi [2020] No. 6"}]
/// }"#)?;
/// let table = policy.resolve([0.01, 0.03, 0.08, 0.2].into(), Date::parse("2020-09-01")?)?;
/// let Price::Quote { rate, .. } = table.price(RiskTier::B, 50_000.0, 36.0) else { panic!() };
/// assert_eq!(rate, 0.0758); // 3.2 % + 1.5 % + 1.8 % + 1.08 %
/// // Tier D needs 17.78 %, which is above the cap.
/// assert!(matches!(table.price(RiskTier::D, 50_000.0, 36.0), Price::NoLegalPrice { cap: 0.154, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PricingPolicy {
    /// Currency of every amount, an ISO 4217 code such as `EUR`.
    pub currency: String,
    /// Decimals of the currency, 0 to [`MAX_DECIMALS`].
    pub decimals: u32,
    /// Requested amount: an expression over the fields, in the currency.
    pub amount: String,
    /// Requested term in months: an expression over the fields.
    pub term_months: String,
    /// Funding rate (transfer price).
    pub funding_rate: f64,
    /// What the funding rate is paid on.
    pub funding_base: FundingBase,
    /// Operating cost as a fraction of the loan per year.
    pub opex_rate: f64,
    /// Operating cost per loan and year, in the currency.
    pub fixed_cost: f64,
    /// Fees that the borrower pays, a fraction of the loan per year; they count towards the caps.
    pub fees_rate: f64,
    /// Loss given default, in (0, 1].
    pub lgd: f64,
    /// Capital that a loan binds.
    pub capital: CapitalModel,
    /// What the capital itself earns. Must be 0 when the funding base is the exposure less the capital.
    pub capital_benefit_rate: f64,
    /// Tax on income, in [0, 1).
    pub tax: f64,
    /// RAROC after tax that a price must reach.
    pub hurdle: f64,
    /// Least quoted rate.
    pub floor_rate: f64,
    /// Quoted rates are rounded up to a multiple of this; one must be a whole number of steps, as with 0.0001.
    pub rate_step: f64,
    /// Highest all-in rates. Empty: the policy declares that there is none.
    #[serde(default)]
    pub caps: Vec<RateCap>,
}

/// A highest all-in rate with the time it is in force and where it comes from. Caps are data, not constants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateCap {
    /// Name, for example `4 x LPR`.
    pub name: String,
    /// Highest nominal rate plus fees per year, in (0, 10].
    pub rate: f64,
    /// First day in force.
    pub from: Date,
    /// Last day in force; nothing while no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Law, contract or decision that sets it.
    pub source: String,
}

impl RateCap {
    /// Whether the cap is in force on `date`; the first and the last day are included.
    #[must_use]
    pub fn in_force(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }
}

impl PricingPolicy {
    /// The lowest cap in force on `date`, or none when the policy declares no caps at all.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when caps are declared but none is in force on `date`: a gap
    /// in the file is not a gap in the law.
    pub fn cap_on(&self, date: Date) -> Result<Option<f64>> {
        let lowest = self.caps.iter().filter(|cap| cap.in_force(date)).map(|cap| cap.rate).reduce(f64::min);
        if lowest.is_none() && !self.caps.is_empty() {
            let what = format!("no rate cap is in force on {date}, though caps are declared");
            let problem = Problem::new(what, "add the cap of that day with its source, or correct the date");
            return Err(Error::config(problem.field("pricing.caps")));
        }
        Ok(lowest)
    }

    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(
            is_currency(&self.currency),
            "pricing.currency",
            "not an ISO 4217 code",
            "use three capital letters, for example EUR",
        );
        problems.require(self.decimals <= MAX_DECIMALS, "pricing.decimals", "too many decimals", "use 0 to 6");
        for (place, text) in [("pricing.amount", &self.amount), ("pricing.term_months", &self.term_months)] {
            problems.require(!text.trim().is_empty(), place, "an expression is needed", "name the field that holds it");
        }
        for (place, rate) in [
            ("pricing.funding_rate", self.funding_rate),
            ("pricing.opex_rate", self.opex_rate),
            ("pricing.fees_rate", self.fees_rate),
            ("pricing.capital_benefit_rate", self.capital_benefit_rate),
            ("pricing.hurdle", self.hurdle),
            ("pricing.floor_rate", self.floor_rate),
        ] {
            problems.require((0.0..=1.0).contains(&rate), place, "must lie in [0, 1]", "write a fraction per year, not percent");
        }
        let money = self.fixed_cost >= 0.0 && self.fixed_cost.is_finite();
        problems.require(money, "pricing.fixed_cost", "must be a finite amount, at least 0", "use 0 when there is none");
        problems.require(self.lgd > 0.0 && self.lgd <= 1.0, "pricing.lgd", "must lie in (0, 1]", "write a fraction, not percent");
        problems.require((0.0..1.0).contains(&self.tax), "pricing.tax", "must lie in [0, 1)", "write a fraction, not percent");
        self.capital.check(&mut problems);
        problems.require(
            self.funding_base == FundingBase::Ead || self.capital_benefit_rate == 0.0,
            "pricing.capital_benefit_rate",
            "counts the capital twice: it already reduces the funding",
            "set it to 0 or use the funding base `ead`",
        );
        problems.require(
            steps_per_unit(self.rate_step).is_some(),
            "pricing.rate_step",
            "1 must be a whole number of steps, at most 1,000,000",
            "use for example 0.0001",
        );
        for (i, cap) in self.caps.iter().enumerate() {
            let place = format!("pricing.caps[{i}]");
            problems.require(!cap.name.trim().is_empty(), &place, "a cap needs a name", "name it");
            problems.require(!cap.source.trim().is_empty(), &place, "a cap needs a source", "cite the law or decision");
            problems.require(cap.rate <= 10.0, &place, "the rate must lie in (0, 10]", "write a fraction per year, not percent");
            problems.require(
                cap.rate > self.fees_rate,
                &place,
                "the fees alone reach the cap",
                "lower fees_rate or correct the cap",
            );
            let ordered = cap.until.is_none_or(|until| cap.from <= until);
            problems.require(ordered, &place, "ends before it begins", "correct `from` or `until`");
        }
        problems.into_result()
    }

    /// The policy as a table of prices for the PD per year of each tier, with the caps in force on `date`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`PricingPolicy::validate`] and [`PricingPolicy::cap_on`], and
    /// when a PD lies outside (0, 1) or leaves no capital to earn a return on.
    pub fn resolve(&self, grade_pd: ByTier<f64>, date: Date) -> Result<PriceTable> {
        self.validate()?;
        PriceTable::new(self, grade_pd, self.cap_on(date)?)
    }
}

/// How many steps make 1, when that is a whole number.
pub(super) fn steps_per_unit(step: f64) -> Option<f64> {
    let count = 1.0 / step;
    let whole = count.round();
    ((1.0..=1e6).contains(&whole) && (count - whole).abs() <= 1e-9 * whole).then_some(whole)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::pricing) fn policy() -> PricingPolicy {
        PricingPolicy {
            currency: "CNY".into(),
            decimals: 2,
            amount: "amount".into(),
            term_months: "term".into(),
            funding_rate: 0.032,
            funding_base: FundingBase::Ead,
            opex_rate: 0.015,
            fixed_cost: 0.0,
            fees_rate: 0.0,
            lgd: 0.6,
            capital: CapitalModel::FixedShare { share: 0.08 },
            capital_benefit_rate: 0.025,
            tax: 0.25,
            hurdle: 0.12,
            floor_rate: 0.05,
            rate_step: 0.0001,
            caps: Vec::new(),
        }
    }

    pub(in crate::pricing) fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn cap(rate: f64, from: &str, until: Option<&str>) -> RateCap {
        RateCap { name: "c".into(), rate, from: day(from), until: until.map(day), source: "s".into() }
    }

    /// DOMAIN of Chinese private lending: 24 % until 19 August 2020, then 4 × 3.85 % (SPC Fa Shi [2015] 18, [2020] 6).
    #[test]
    fn the_lowest_cap_in_force_counts_and_a_gap_is_an_error() {
        let caps = vec![
            cap(0.24, "2015-09-01", Some("2020-08-19")),
            cap(4.0 * 0.0385, "2020-08-20", None),
            cap(0.36, "2016-01-01", None),
        ];
        let policy = PricingPolicy { caps, ..policy() };
        for (date, want) in [("2015-09-01", 0.24), ("2020-08-19", 0.24), ("2020-08-20", 0.154), ("2026-01-01", 0.154)] {
            assert_eq!(policy.cap_on(day(date)).unwrap(), Some(want), "{date}");
        }
        let error = policy.resolve([0.01; 4].into(), day("2015-08-31")).unwrap_err();
        assert_eq!(error.problems()[0].field.as_deref(), Some("pricing.caps"));
        assert_eq!(self::policy().cap_on(day("1990-01-01")).unwrap(), None);
    }

    #[test]
    fn every_problem_is_listed() {
        assert_eq!(policy().validate(), Ok(()));
        let bad = PricingPolicy {
            currency: "yuan".into(),
            decimals: 7,
            amount: String::new(),
            funding_rate: f64::NAN,
            funding_base: FundingBase::EadLessCapital,
            lgd: 0.0,
            tax: 1.0,
            rate_step: 0.0003,
            fixed_cost: -1.0,
            capital: CapitalModel::FixedShare { share: 0.0 },
            caps: vec![cap(0.0, "2020-02-01", Some("2020-01-01"))],
            ..policy()
        };
        assert_eq!(bad.validate().unwrap_err().problems().len(), 12);
    }

    #[test]
    fn files_round_trip_and_refuse_unknown_fields() {
        let policy = PricingPolicy { caps: vec![cap(0.24, "2015-09-01", Some("2020-08-19"))], ..policy() };
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<PricingPolicy>(&text).unwrap(), policy);
        assert!(serde_json::from_str::<PricingPolicy>(&text.replace("\"tax\"", "\"taxes\"")).is_err());
    }

    #[test]
    fn steps_divide_one() {
        assert_eq!([0.0001, 0.00125, 0.001, 0.01, 1.0].map(steps_per_unit), [10_000.0, 800.0, 1_000.0, 100.0, 1.0].map(Some));
        assert_eq!([0.0, -0.1, 0.0003, 3.0, 1e-9, f64::NAN].map(steps_per_unit), [None; 6]);
    }
}

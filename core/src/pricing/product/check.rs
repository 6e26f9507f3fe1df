//! Checks of a product and of what is asked: every problem at once.

use super::need::{CreditRisk, Need, QuoteRequest};
use super::terms::{Product, ProductCosts};
use crate::error::{Problem, Problems, Result};
use crate::pricing::money::{MAX_DECIMALS, is_currency};
use crate::pricing::policy::steps_per_unit;
use crate::pricing::{Charge, CountryPack, MAX_MONTHS, Money, PdPath, Repayment, ScheduleTerms};

const FRACTION: &str = "write a fraction, not percent";
const YEARLY: &str = "write a fraction per year, not percent";

/// Takes over the problems of a part: where a field begins with `from`, with `to` in its place.
pub(super) fn take(problems: &mut Problems, result: Result<()>, from: &str, to: &str) {
    let Err(error) = result else { return };
    for problem in error.problems() {
        let field = problem.field.as_deref().unwrap_or_default();
        let rest = field.strip_prefix(from).unwrap_or(field);
        problems.push(problem.clone().field(format!("{to}{rest}")));
    }
}

impl Product {
    /// Checks everything except the condition, which a [`Catalogue`](super::Catalogue) checks against its fields.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let all = &mut problems;
        all.require(!self.name.trim().is_empty(), "name", "a product needs a name", "give it a short one");
        all.require(
            is_currency(&self.currency),
            "currency",
            "not an ISO 4217 code",
            "use three capital letters, for example EUR",
        );
        all.require(self.decimals <= MAX_DECIMALS, "decimals", "too many decimals", "use 0 to 6");
        let tags = self.purposes.iter().all(|tag| !tag.trim().is_empty());
        all.require(tags, "purposes", "a tag is empty", "write a word, or leave the tag out");
        let condition = !self.eligibility.trim().is_empty();
        all.require(condition, "eligibility", "a condition is needed", "write `true` when everyone may have it");

        self.check_amount("amount.low", self.amount.low, all);
        self.check_amount("amount.high", self.amount.high, all);
        let (low, high) = (self.amount.low, self.amount.high);
        let order = low.decimals() != high.decimals() || low.minor() <= high.minor();
        all.require(order, "amount", "no amount lies in the range", "let `low` be at most `high`");
        let known = self.months.iter().all(|months| (1..=MAX_MONTHS).contains(months));
        let rising = self.months.windows(2).all(|pair| pair[0] < pair[1]);
        let terms = known && rising && !self.months.is_empty();
        all.require(terms, "months", "rising terms of 1 to 1,200 months were expected", "list each term once");
        let mut kinds = self.repayments.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let once = kinds.len() == self.repayments.len() && !kinds.is_empty();
        all.require(once, "repayments", "ways to repay were expected, each once", "list for example `equal_instalment`");

        let rates = self.rates;
        let inside = rates.low >= 0.0 && rates.high <= 10.0;
        all.require(inside && rates.low <= rates.high, "rates", "rates with 0 ≤ low ≤ high ≤ 10 were expected", YEARLY);
        let steps = self.rate_step.is_none_or(|step| steps_per_unit(step).is_some());
        all.require(steps, "rate_step", "1 must be a whole number of steps, at most 1,000,000", "use for example 0.0001");
        self.check_charges(all);
        let ltv = self.max_ltv.is_none_or(|ltv| ltv > 0.0 && ltv <= 10.0);
        all.require(ltv, "max_ltv", "must lie in (0, 10]", FRACTION);
        for (at, law) in self.laws.iter().enumerate() {
            let named = ![&law.jurisdiction, &law.product].iter().any(|text| text.trim().is_empty());
            let remedy = "name the letters of the pack and the product in it";
            all.require(named, &format!("laws[{at}]"), "jurisdiction and product are needed", remedy);
        }
        self.costs.check(all);
        if let Some(Charge::Fixed { amount }) = self.costs.origination {
            self.check_amount("costs.origination", amount, all);
        }
        self.check_hurdle(all);
        if let Some(take_up) = &self.take_up {
            take(all, take_up.validate(), "", "");
        }
        if let Some(guard) = &self.guard {
            take(all, guard.validate(), "", "");
        }
        problems.into_result()
    }

    fn check_amount(&self, place: &str, amount: Money, problems: &mut Problems) {
        problems.require(amount.minor() > 0, place, "an amount must be above 0", "correct it");
        let same = amount.decimals() == self.decimals;
        problems.require(same, place, "the amount has other decimals than the product", "write it with `decimals` decimals");
    }

    /// Fees and promotions as the shortest schedule at the highest rate sees them.
    fn check_charges(&self, problems: &mut Problems) {
        let (principal, periods) = (self.amount.low, self.months.iter().copied().min().unwrap_or(1));
        let mut sample = ScheduleTerms::new(principal, self.rates.high, periods, Repayment::EqualPrincipal);
        (sample.fees, sample.promotions) = (self.fees.clone(), self.promotions.clone());
        let Err(error) = sample.validate() else { return };
        for problem in error.problems() {
            let of_charges =
                problem.field.as_deref().is_some_and(|field| field.starts_with("fees") || field.starts_with("promo"));
            if of_charges {
                problems.push(problem.clone());
            }
        }
    }

    fn check_hurdle(&self, problems: &mut Problems) {
        let hurdle = (0.0..=10.0).contains(&self.hurdle);
        problems.require(hurdle, "hurdle", "must lie in [0, 10]", YEARLY);
        let above = self.costs.funding.points.iter().all(|point| point.rate.is_nan() || self.hurdle >= point.rate);
        let remedy = "raise the hurdle, or correct the funding rate: capital must earn more than what it replaces";
        problems.require(!hurdle || above, "hurdle", "the hurdle lies below the funding rate", remedy);
    }
}

impl ProductCosts {
    fn check(&self, problems: &mut Problems) {
        take(problems, self.funding.validate(), "ftp", "costs.funding");
        for (place, value) in [("costs.opex", self.opex), ("costs.capital_benefit", self.capital_benefit)] {
            problems.require((0.0..=1.0).contains(&value), place, "must lie in [0, 1]", YEARLY);
        }
        problems.require((0.0..=1.0).contains(&self.lgd), "costs.lgd", "must lie in [0, 1]", FRACTION);
        for (place, value) in [("costs.tax", self.tax), ("costs.prepayment", self.prepayment)] {
            problems.require((0.0..1.0).contains(&value), place, "must lie in [0, 1)", FRACTION);
        }
        if let Some(Charge::ShareOfPrincipal { share } | Charge::ShareOfBalance { share }) = self.origination {
            problems.require(share > 0.0 && share <= 1.0, "costs.origination", "the share must lie in (0, 1]", FRACTION);
        }
        let mut capital = Problems::default();
        self.capital.check(&mut capital);
        take(problems, capital.into_result(), "pricing", "costs");
    }
}

impl Need {
    /// Checks amounts, currency and term.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let all = &mut problems;
        all.require(self.amount.minor() > 0, "amount", "must be above 0", "give the amount that is asked for");
        all.require(
            is_currency(&self.currency),
            "currency",
            "not an ISO 4217 code",
            "use three capital letters, for example EUR",
        );
        all.require((1..=MAX_MONTHS).contains(&self.months), "months", "must lie in 1 … 1200", "give the term in months");
        if let Some(value) = self.collateral {
            all.require(value.minor() > 0, "collateral", "must be above 0", "give its value, or leave it out");
            let same = value.decimals() == self.amount.decimals();
            all.require(same, "collateral", "has other decimals than the amount", "write both with the same decimals");
        }
        problems.into_data()
    }
}

impl CreditRisk {
    pub(super) fn check(&self, months: u32, problems: &mut Problems) {
        match &self.pd {
            PdPath::Yearly { pd } => {
                problems.require(*pd > 0.0 && *pd < 1.0, "pd", "must lie in (0, 1)", "pass a fraction per year, not percent");
            }
            PdPath::Monthly { hazards } => {
                let usable = hazards.len() >= months as usize && hazards.iter().all(|hazard| (0.0..1.0).contains(hazard));
                let what = "a share in [0, 1) was expected for each month of the term";
                problems.require(usable, "pd.hazards", what, "pass the share of those alive that default in the month");
            }
        }
        if let Some(response) = self.response {
            let at = (0.0..=10.0).contains(&response.at);
            problems.require(at, "response.at", "must lie in [0, 10]", YEARLY);
            let slope = (0.0..=100.0).contains(&response.slope);
            let remedy = "give the change of the log-odds per unit of rate";
            problems.require(slope, "response.slope", "must lie in [0, 100]", remedy);
        }
    }
}

impl QuoteRequest<'_> {
    /// Checks what is asked: packs, need, risk and day.
    pub(super) fn validate(&self) -> Result<()> {
        self.packs.iter().try_for_each(CountryPack::validate)?;
        let mut problems = Problems::default();
        problems.absorb("need", self.need.validate());
        self.risk.check(self.need.months, &mut problems);
        if !self.day.is_in_range() {
            problems.push(Problem::new("the day is out of range", "use days from 0001-01-01 to 9999-12-31").field("day"));
        }
        problems.into_data()
    }
}

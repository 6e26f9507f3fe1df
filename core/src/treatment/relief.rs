//! Relief: what a restructured loan is worth beside the old one, and what it means for the debtor.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Problems, Result};
use crate::math::powi;
use crate::pricing::{MAX_DECIMALS, MAX_MONTHS, Money, annuity_factor, annuity_payment};

/// Above this loss of present value a restructuring of a debtor in difficulty is a default: 1 %, the most that EBA/GL/2016/07,
/// paragraph 51, allows.
pub const DIMINISHED_OBLIGATION: f64 = 0.01;

/// A loan as it stands, repaid in equal monthly instalments of which the next is due in a month. Amounts are in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunningLoan {
    /// Principal that is not repaid, above 0.
    pub balance: f64,
    /// Nominal rate per year, in [0, 10].
    pub rate: f64,
    /// Instalments that are left, 1 to [`MAX_MONTHS`].
    pub months: u32,
    /// Interest and fees that are due and not paid, at least 0.
    #[serde(default)]
    pub arrears: f64,
    /// Days past due.
    #[serde(default)]
    pub days_past_due: u32,
    /// Whether the debtor is known to be in difficulty, or about to be, though nothing may be past due.
    #[serde(default)]
    pub in_difficulty: bool,
}

/// What is to change. Arrears that are not waived are added to the balance.
///
/// By default nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReliefTerms {
    /// The new nominal rate per year, in [0, 10]; the old one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// How many instalments are paid, after the holiday; as many as are left when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Months without payment before the first instalment falls due a month later; at most [`MAX_MONTHS`] with `months`.
    pub holiday_months: u32,
    /// Whether no interest is charged for the holiday; otherwise it is added to the balance.
    pub interest_free_holiday: bool,
    /// Share of the arrears that is waived, in [0, 1].
    pub waived_share: f64,
    /// Share of the balance that is waived, in [0, 1).
    pub waived_principal: f64,
}

/// How much relief may be given, and how it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliefPolicy {
    /// The most present value that may be lost, as a share of the old one, in [0, 1].
    pub max_npv_loss: f64,
    /// The greatest share of interest and fees that may be waived, in [0, 1]: that of the
    /// [row](super::ActionRow::waiver_cap) that answers for the account.
    pub waiver_cap: f64,
    /// Nominal rate per year at which both schedules are discounted, compounded monthly, in [0, 10]; the old rate of the
    /// loan when absent. For the test of diminished obligation it is the original effective rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_rate: Option<f64>,
    /// Loss of present value, as a share, above which the obligation counts as diminished, in
    /// [0, [`DIMINISHED_OBLIGATION`]].
    #[serde(default = "one_percent")]
    pub diminished_above: f64,
    /// Decimals of the currency.
    #[serde(default = "cents")]
    pub decimals: u32,
}

fn one_percent() -> f64 {
    DIMINISHED_OBLIGATION
}

fn cents() -> u32 {
    2
}

/// A cap that refuses a restructuring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReliefCap {
    /// [`ReliefPolicy::max_npv_loss`].
    NpvLoss,
    /// [`ReliefPolicy::waiver_cap`].
    Waiver,
}

/// The restructured loan beside the old one. What is less than half a minor unit of the currency does not count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReliefOutcome {
    /// The old instalment.
    pub instalment_before: Money,
    /// The new instalment, after the holiday.
    pub instalment_after: Money,
    /// New instalment / old instalment − 1; below 0 when it falls.
    pub payment_shock: f64,
    /// Present value of the arrears and the old instalments.
    pub npv_before: f64,
    /// Present value of the new instalments.
    pub npv_after: f64,
    /// What the lender loses of the present value; below 0 for a gain.
    pub npv_loss: Money,
    /// The same as a share of the old present value.
    pub npv_loss_share: f64,
    /// Interest and fees that are waived.
    pub waived: Money,
    /// The caps that refuse the restructuring; none when it may be granted.
    pub refused_by: Vec<ReliefCap>,
    /// Whether it is a forbearance: a change in favour of a debtor who is past due or in difficulty, **with or without a
    /// loss** (Regulation (EU) 680/2014, annex V, 163–165; EBA Q&A 2016_2826).
    pub forborne: bool,
    /// Whether the obligation of a debtor in difficulty is diminished by more than the threshold, which is a default
    /// (EBA/GL/2016/07, paragraphs 49–52).
    pub diminished: bool,
}

/// Compares a loan with what it is to become.
///
/// Both schedules are discounted at one rate *d* per month: the old one is worth arrears + instalment · a(*d*, *n*), the new
/// one (1 + *d*)⁻ʰ · instalment′ · a(*d*, *n*′), with the annuity factor a and *h* months of holiday.
///
/// ```
/// use scoreline::treatment::{ReliefCap, ReliefPolicy, ReliefTerms, RunningLoan, restructure};
/// let loan: RunningLoan = serde_json::from_str(
///     r#"{"balance": 10000, "rate": 0.12, "months": 24, "arrears": 300, "days_past_due": 35}"#,
/// )?;
/// let policy: ReliefPolicy = serde_json::from_str(r#"{"max_npv_loss": 0.05, "waiver_cap": 0.3}"#)?;
/// let terms = ReliefTerms { months: Some(36), waived_share: 0.5, ..ReliefTerms::default() };
/// let outcome = restructure(&loan, &terms, &policy)?;
/// assert_eq!((outcome.instalment_before.to_string(), outcome.instalment_after.to_string()), ("470.73".into(), "337.13".into()));
/// assert_eq!((outcome.npv_loss.to_string(), outcome.waived.to_string()), ("150.00".into(), "150.00".into()));
/// assert_eq!(outcome.refused_by, [ReliefCap::Waiver]);
/// assert!(outcome.forborne && outcome.diminished);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with everything that is out of range in the loan,
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for terms and policy, or when amounts are too large for the currency.
pub fn restructure(loan: &RunningLoan, terms: &ReliefTerms, policy: &ReliefPolicy) -> Result<ReliefOutcome> {
    loan.validate()?;
    terms.validate(loan)?;
    policy.validate()?;
    let (old, new) = (loan.rate / 12.0, terms.rate.unwrap_or(loan.rate) / 12.0);
    let discount = policy.discount_rate.unwrap_or(loan.rate) / 12.0;
    let months = terms.months.unwrap_or(loan.months);

    let before = annuity_payment(loan.balance, old, loan.months);
    let npv_before = loan.arrears + before * annuity_factor(discount, loan.months);

    let waived = terms.waived_share * loan.arrears;
    let kept = loan.balance * (1.0 - terms.waived_principal) + (loan.arrears - waived);
    let grown = if terms.interest_free_holiday { kept } else { kept * powi(1.0 + new, terms.holiday_months) };
    let after = annuity_payment(grown, new, months);
    let npv_after = after * annuity_factor(discount, months) / powi(1.0 + discount, terms.holiday_months);

    let loss = npv_before - npv_after;
    let money = |amount: f64| Money::round_half_up(amount, policy.decimals).ok_or_else(too_large);
    let above = |share: f64| Ok::<bool, Error>(money(loss - share * npv_before)?.minor() > 0);
    let npv_loss = money(loss)?;
    let mut refused_by = Vec::new();
    if above(policy.max_npv_loss)? {
        refused_by.push(ReliefCap::NpvLoss);
    }
    if money(waived - policy.waiver_cap * loan.arrears)?.minor() > 0 {
        refused_by.push(ReliefCap::Waiver);
    }
    // Arrears that are not asked for at once are a concession too.
    let eased = loan.arrears > 0.0
        || terms.waived_principal > 0.0
        || terms.holiday_months + months > loan.months
        || new < old
        || npv_loss.minor() > 0;
    let forborne = eased && (loan.days_past_due > 0 || loan.in_difficulty);
    Ok(ReliefOutcome {
        instalment_before: money(before)?,
        instalment_after: money(after)?,
        payment_shock: after / before - 1.0,
        npv_before,
        npv_after,
        npv_loss,
        npv_loss_share: loss / npv_before,
        waived: money(waived)?,
        refused_by,
        forborne,
        diminished: forborne && above(policy.diminished_above)?,
    })
}

fn too_large() -> Error {
    let mut problems = Problems::default();
    problems.require(false, "decimals", "the amounts do not fit the currency", "use fewer decimals or a larger unit");
    problems.into_result().err().unwrap_or_else(|| Error::internal("a problem was lost"))
}

const RATE: &str = "write a fraction per year";

fn is_rate(rate: f64) -> bool {
    (0.0..=10.0).contains(&rate)
}

impl RunningLoan {
    fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let amount = |x: f64| x >= 0.0 && x.is_finite();
        problems.require(
            amount(self.balance) && self.balance > 0.0,
            "balance",
            "must be a finite amount above 0",
            "there is nothing to restructure without",
        );
        problems.require(is_rate(self.rate), "rate", "must lie in [0, 10]", RATE);
        problems.require(
            (1..=MAX_MONTHS).contains(&self.months),
            "months",
            "must lie in 1 to 1,200",
            "count the instalments that are left",
        );
        problems.require(amount(self.arrears), "arrears", "must be a finite amount, at least 0", "use 0 for none");
        problems.into_result().map_err(|error| Error::new(ErrorCode::InvalidData, error.problems().to_vec()))
    }
}

impl ReliefTerms {
    fn validate(&self, loan: &RunningLoan) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.rate.is_none_or(is_rate), "terms.rate", "must lie in [0, 10]", RATE);
        let months = self.months.unwrap_or(loan.months);
        let all = months >= 1 && months.saturating_add(self.holiday_months) <= MAX_MONTHS;
        problems.require(all, "terms.months", "months and holiday together must lie in 1 to 1,200", "shorten them");
        problems.require((0.0..=1.0).contains(&self.waived_share), "terms.waived_share", "must lie in [0, 1]", "write a share");
        let principal = (0.0..1.0).contains(&self.waived_principal);
        problems.require(principal, "terms.waived_principal", "must lie in [0, 1)", "write a share below 1");
        problems.into_result()
    }
}

impl ReliefPolicy {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        for (place, share) in [("max_npv_loss", self.max_npv_loss), ("waiver_cap", self.waiver_cap)] {
            problems.require((0.0..=1.0).contains(&share), place, "must lie in [0, 1]", "write a share");
        }
        problems.require(self.discount_rate.is_none_or(is_rate), "discount_rate", "must lie in [0, 10]", RATE);
        let threshold = (0.0..=DIMINISHED_OBLIGATION).contains(&self.diminished_above);
        problems.require(threshold, "diminished_above", "must lie in [0, 0.01]", "the guideline allows at most 1 %");
        problems.require(self.decimals <= MAX_DECIMALS, "decimals", "a currency has at most 6 decimals", "use for example 2");
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loan(balance: f64, rate: f64, months: u32, arrears: f64) -> RunningLoan {
        RunningLoan { balance, rate, months, arrears, days_past_due: 40, in_difficulty: false }
    }

    fn policy() -> ReliefPolicy {
        ReliefPolicy { max_npv_loss: 1.0, waiver_cap: 1.0, discount_rate: None, diminished_above: 0.01, decimals: 2 }
    }

    /// Month by month: what is paid, discounted, and what is left at the end.
    fn simulated(
        owed: f64,
        rate: f64,
        pays: impl Fn(u32) -> f64,
        accrues: impl Fn(u32) -> bool,
        months: u32,
        discount: f64,
    ) -> (f64, f64) {
        let (mut balance, mut value, mut factor) = (owed, 0.0, 1.0);
        for month in 1..=months {
            factor /= 1.0 + discount / 12.0;
            balance += if accrues(month) { balance * rate / 12.0 } else { 0.0 };
            balance -= pays(month);
            value += pays(month) * factor;
        }
        (value, balance)
    }

    #[test]
    fn a_published_deferral() {
        // zeb, "EBA's new definition of default" (2025): two years' deferral at an effective rate of 5 % cost 9 to 10 %.
        let terms = ReliefTerms { holiday_months: 24, interest_free_holiday: true, ..ReliefTerms::default() };
        let outcome = restructure(&loan(100_000.0, 0.05, 60, 0.0), &terms, &policy()).unwrap();
        assert!(outcome.npv_loss_share > 0.09 && outcome.npv_loss_share < 0.10, "{outcome:?}");
        assert!((outcome.npv_loss_share - (1.0 - 1.0 / powi(1.0 + 0.05 / 12.0, 24))).abs() < 1e-12);
        assert!(outcome.diminished && outcome.payment_shock.abs() < 1e-12);
    }

    #[test]
    fn every_concession_to_a_debtor_in_difficulty_is_forbearance() {
        let late = loan(10_000.0, 0.1, 24, 0.0);
        let longer = ReliefTerms { months: Some(36), ..ReliefTerms::default() };
        let outcome = restructure(&late, &longer, &policy()).unwrap();
        assert!(outcome.forborne && !outcome.diminished && outcome.npv_loss.minor() == 0, "a concession without loss");
        let well = RunningLoan { days_past_due: 0, ..late };
        assert!(!restructure(&well, &longer, &policy()).unwrap().forborne);
        assert!(restructure(&RunningLoan { in_difficulty: true, ..well }, &longer, &policy()).unwrap().forborne);
        for same in [ReliefTerms::default(), ReliefTerms { months: Some(12), ..ReliefTerms::default() }] {
            assert!(!restructure(&late, &same, &policy()).unwrap().forborne, "nothing eases");
        }
        let dearer = ReliefTerms { rate: Some(0.15), ..ReliefTerms::default() };
        assert!(!restructure(&late, &dearer, &policy()).unwrap().forborne);
    }

    #[test]
    fn caps_refuse_and_are_named_and_their_own_value_passes() {
        let late = loan(9_000.0, 0.12, 24, 1_000.0);
        let terms = ReliefTerms { waived_share: 0.4, waived_principal: 0.1, ..ReliefTerms::default() };
        let outcome = |max_npv_loss, waiver_cap| {
            restructure(&late, &terms, &ReliefPolicy { max_npv_loss, waiver_cap, ..policy() }).unwrap()
        };
        // 400 of interest and 900 of principal of 10,000.
        assert_eq!(outcome(0.13, 0.4).refused_by, []);
        assert_eq!(outcome(0.129, 0.4).refused_by, [ReliefCap::NpvLoss]);
        assert_eq!(outcome(0.129, 0.39).refused_by, [ReliefCap::NpvLoss, ReliefCap::Waiver]);
        assert_eq!(
            (outcome(0.13, 0.4).npv_loss.to_string(), outcome(0.13, 0.4).waived.to_string()),
            ("1300.00".into(), "400.00".into())
        );
        let one_percent = ReliefTerms { waived_principal: 0.01, ..ReliefTerms::default() };
        let just = |terms| restructure(&loan(10_000.0, 0.12, 24, 0.0), &terms, &policy()).unwrap().diminished;
        assert!(!just(one_percent) && just(ReliefTerms { waived_principal: 0.0101, ..one_percent }));
    }

    #[test]
    fn every_problem_is_listed() {
        let bad = RunningLoan { balance: 0.0, rate: f64::NAN, months: 0, arrears: -1.0, days_past_due: 0, in_difficulty: false };
        let error = restructure(&bad, &ReliefTerms::default(), &policy()).unwrap_err();
        assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidData, 4));
        let terms =
            ReliefTerms { rate: Some(-0.1), months: Some(0), waived_share: 1.1, waived_principal: 1.0, ..ReliefTerms::default() };
        let error = restructure(&loan(1.0, 0.1, 12, 0.0), &terms, &policy()).unwrap_err();
        assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidConfig, 4));
        let wrong =
            ReliefPolicy { max_npv_loss: 1.1, waiver_cap: -0.1, discount_rate: Some(11.0), diminished_above: 0.02, decimals: 7 };
        assert_eq!(wrong.validate().unwrap_err().problems().len(), 5);
        assert!(restructure(&loan(1e300, 0.1, 12, 0.0), &ReliefTerms::default(), &policy()).is_err());
        assert!(serde_json::from_str::<ReliefTerms>(r#"{"month": 3}"#).is_err());
    }

    proptest! {
        #[test]
        fn at_the_old_rate_only_what_is_waived_is_lost(
            balance in 100.0..1e6f64, rate in 0.0..0.4f64, months in 1u32..240, arrears in 0.0..1e4f64,
            longer in 0u32..120, holiday in 0u32..24, waived_share in 0.0..=1.0f64, waived_principal in 0.0..0.9f64,
        ) {
            let terms = ReliefTerms {
                months: Some(months + longer), holiday_months: holiday, waived_share, waived_principal, ..ReliefTerms::default()
            };
            let outcome = restructure(&loan(balance, rate, months, arrears), &terms, &policy()).unwrap();
            let given = waived_share * arrears + waived_principal * balance;
            prop_assert!((outcome.npv_before - outcome.npv_after - given).abs() < 1e-9 * (balance + arrears));
            prop_assert!((outcome.npv_before - balance - arrears).abs() < 1e-9 * (balance + arrears));
        }

        #[test]
        fn schedules_agree_with_a_simulation_month_by_month(
            balance in 100.0..1e6f64, rate in 0.0..0.4f64, months in 1u32..120, arrears in 0.0..1e4f64, new_rate in 0.0..0.4f64,
            new_months in 1u32..120, holiday in 0u32..24, free: bool, discount in 0.0..0.3f64, waived_share in 0.0..=1.0f64,
        ) {
            let terms = ReliefTerms {
                rate: Some(new_rate), months: Some(new_months), holiday_months: holiday, interest_free_holiday: free,
                waived_share, waived_principal: 0.0,
            };
            let policy = ReliefPolicy { discount_rate: Some(discount), decimals: 6, ..policy() };
            let outcome = restructure(&loan(balance, rate, months, arrears), &terms, &policy).unwrap();
            let number = |money: Money| money.minor() as f64 / 1e6;
            let (old, new) = (number(outcome.instalment_before), number(outcome.instalment_after));
            let (value, left) = simulated(balance, rate, |_| old, |_| true, months, discount);
            let slack = 1e-9 * (balance + arrears) + 1e-3;
            prop_assert!((value + arrears - outcome.npv_before).abs() < slack && left.abs() < slack);
            let owed = balance + arrears * (1.0 - waived_share);
            let pays = |month| if month > holiday { new } else { 0.0 };
            let (value, left) = simulated(owed, new_rate, pays, |month| month > holiday || !free, holiday + new_months, discount);
            prop_assert!((value - outcome.npv_after).abs() < slack && left.abs() < slack, "{} {}", value, outcome.npv_after);
            prop_assert!((outcome.payment_shock - (new / old - 1.0)).abs() < 1e-4);
        }
    }
}

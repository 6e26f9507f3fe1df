//! Equal instalments.

use super::money::Money;
use super::schedule::{Repayment, ScheduleTerms};

/// The longest term in months that is priced.
pub const MAX_MONTHS: u32 = 1_200;

/// The term as a whole number of months in 1 … [`MAX_MONTHS`]; none for anything else, including NaN.
#[inline]
#[must_use]
pub fn whole_months(term: f64) -> Option<u32> {
    (term >= 1.0 && term <= f64::from(MAX_MONTHS) && term == term.trunc()).then_some(term as u32)
}

/// Present value of 1 paid at the end of each of `n` periods at `i` per period: (1 − (1+i)⁻ⁿ) / i, and `n` at `i` = 0.
///
/// `i` is a fraction per period above −1. Summed by doubling, so it is as exact near `i` = 0 as elsewhere.
///
/// ```
/// use scoreline::pricing::annuity_factor;
/// assert!((annuity_factor(0.01, 36) - 30.107505037273).abs() < 1e-10);
/// assert_eq!(annuity_factor(0.0, 36), 36.0);
/// ```
#[must_use]
pub fn annuity_factor(i: f64, n: u32) -> f64 {
    // sum = 1 + v + … + v^(m−1) and power = v^m, where m are the leading bits of n read so far.
    let v = 1.0 / (1.0 + i);
    let (mut sum, mut power) = (0.0, 1.0);
    for bit in (0..u32::BITS - n.leading_zeros()).rev() {
        sum *= 1.0 + power;
        power *= power;
        if n >> bit & 1 == 1 {
            sum = 1.0 + v * sum;
            power *= v;
        }
    }
    v * sum
}

/// The level payment at the end of each of `n` periods that repays `principal` at `i` per period (等额本息):
/// P·i / (1 − (1+i)⁻ⁿ), and P/n at `i` = 0. Unrounded; infinite or NaN for `n` = 0.
///
/// ```
/// use scoreline::pricing::annuity_payment;
/// assert!((annuity_payment(1_000_000.0, 0.049 / 12.0, 360) - 5307.267206).abs() < 1e-6);
/// ```
#[must_use]
pub fn annuity_payment(principal: f64, i: f64, n: u32) -> f64 {
    principal / annuity_factor(i, n)
}

/// A loan in equal instalments, rounded to minor units; [`ScheduleTerms`] tell every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnuityPlan {
    /// Every instalment but the last.
    pub payment: Money,
    /// The last instalment, which clears the balance.
    pub last_payment: Money,
    /// All interest.
    pub total_interest: Money,
}

/// The plan for `principal` at `rate` per year over `months`: the payment and each month's interest are rounded half
/// up to minor units, and the last payment clears the balance.
///
/// None when the principal is not above 0, the rate lies outside [0, 10], an amount does not fit, `months` is outside
/// 1 … [`MAX_MONTHS`], or the rounded payment does not exceed the interest or repays the loan before the last month.
#[must_use]
pub fn annuity_plan(principal: Money, rate: f64, months: u32) -> Option<AnnuityPlan> {
    let schedule = ScheduleTerms::new(principal, rate, months, Repayment::EqualInstalment).schedule().ok()?;
    let (first, last) = (schedule.rows.first()?, schedule.rows.last()?);
    let repays = schedule.rows.iter().all(|row| row.principal.minor() > 0);
    repays.then_some(AnnuityPlan { payment: first.payment, last_payment: last.payment, total_interest: schedule.totals.interest })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::math::powi;

    #[test]
    fn golden_annuities() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../../tests/golden/annuity.json")).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let number = |part: &str, name: &str| case[part][name].as_f64();
            let (principal, rate) = (number("inputs", "principal").unwrap(), number("inputs", "annual_rate").unwrap());
            let n = case["inputs"]["n"].as_u64().unwrap() as u32;
            let payment = annuity_payment(principal, rate / 12.0, n);
            let tol = case["tol"].as_f64().unwrap();
            if let Some(published) = number("expected", "payment_published") {
                assert!((payment - published).abs() < tol && (payment - number("expected", "payment").unwrap()).abs() < 1e-8);
                let interest = payment * f64::from(n) - principal;
                assert!((interest - number("expected", "total_interest_published").unwrap()).abs() < tol);
            }
            if let Some(last) = number("expected", "last_payment") {
                let plan = annuity_plan(Money::round_half_up(principal, 2).unwrap(), rate, n).unwrap();
                let cents = |x: f64| Money::round_half_up(x, 2).unwrap();
                assert_eq!(plan.payment, cents(number("expected", "payment").unwrap()));
                assert_eq!(plan.last_payment, cents(last));
                assert_eq!(plan.total_interest, cents(number("expected", "total_interest").unwrap()));
            }
        }
    }

    #[test]
    fn what_cannot_be_a_plan_is_none() {
        let money = |minor| Money::new(minor, 2).unwrap();
        for (principal, rate, months) in
            [(0, 0.1, 12), (100, -0.1, 12), (100, f64::NAN, 12), (100, 0.1, 0), (100, 0.1, 1_201), (5, 0.0, 12)]
        {
            assert_eq!(annuity_plan(money(principal), rate, months), None);
        }
        for term in [0.0, 0.5, 12.5, 1_201.0, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(whole_months(term), None);
        }
        assert_eq!((whole_months(1.0), whole_months(1_200.0)), (Some(1), Some(1_200)));
    }

    proptest! {
        #[test]
        fn payments_repay_the_loan(i in 0.0..0.05f64, n in 1u32..480) {
            let payment = annuity_payment(1.0, i, n);
            let balance = (0..n).fold(1.0, |balance, _| balance * (1.0 + i) - payment);
            prop_assert!(balance.abs() < 1e-9 * powi(1.0 + i, n), "{}", balance);
        }

        #[test]
        fn a_plan_pays_principal_and_interest_to_the_cent(minor in 100_000i64..1_000_000_000, rate in 0.0..0.4, months in 1u32..121) {
            let plan = annuity_plan(Money::new(minor, 2).unwrap(), rate, months).unwrap();
            let paid = plan.payment.minor() * i64::from(months - 1) + plan.last_payment.minor();
            prop_assert_eq!(paid, minor + plan.total_interest.minor());
        }
    }
}

//! Checks of the terms of a schedule: every problem at once.

use super::calendar::is_frequency;
use super::terms::{Charge, Promotion, Repayment, ScheduleTerms};
use crate::error::{Problems, Result};
use crate::pricing::annuity::MAX_MONTHS;
use crate::pricing::money::Money;

/// Rates and shares are read as whole multiples of this part of 1.
pub(super) const PARTS: i64 = 1_000_000_000_000;

/// The most that a rate may be.
const MAX_RATE: f64 = 10.0;

/// A rate or share in [0, 10] in parts of 10⁻¹².
pub(super) fn parts(rate: f64) -> i64 {
    (rate * PARTS as f64).round() as i64
}

const FRACTION: &str = "write a fraction, not percent";

impl ScheduleTerms {
    /// Checks everything that can be seen without making the schedule.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let all = &mut problems;
        all.require(self.principal.minor() > 0, "principal", "must be above 0", "give the amount that is drawn at the start");
        all.require(
            (0.0..=MAX_RATE).contains(&self.rate),
            "rate",
            "must lie in [0, 10]",
            "write a fraction per year, not percent",
        );
        let counted = (1..=MAX_MONTHS).contains(&self.periods);
        all.require(counted, "periods", "must lie in 1 … 1200", "give the number of payments");
        let frequency = is_frequency(self.frequency);
        all.require(
            frequency,
            "frequency",
            "not a number of payments per year that is known",
            "use 12, 6, 4, 3, 2, 1, 52, 26 or 13",
        );
        if let (Some(calendar), true) = (&self.calendar, counted && frequency) {
            calendar.check(self.periods, self.frequency, all);
        }
        let grace = self.grace.map_or(0, |grace| grace.periods);
        let fewer = self.grace.is_none() || (1..self.periods).contains(&grace);
        all.require(fewer, "grace.periods", "must be at least 1 and fewer than all", "leave periods for the repayment");
        self.check_repayment(self.periods.saturating_sub(grace), all);
        for (at, drawdown) in self.drawdowns.iter().enumerate() {
            let place = format!("drawdowns[{at}]");
            let inside = (1..self.periods).contains(&drawdown.after);
            all.require(inside, &place, "lies outside the schedule", "let `after` be 1 or more and below `periods`");
            self.check_amount(&place, drawdown.amount, all);
        }
        self.check_fees(all);
        self.check_promotions(all);
        problems.into_result()
    }

    fn check_amount(&self, place: &str, amount: Money, problems: &mut Problems) {
        problems.require(amount.minor() > 0, place, "an amount must be above 0", "give it, or leave the entry out");
        let same = amount.decimals() == self.principal.decimals();
        problems.require(
            same,
            place,
            "an amount has other decimals than the principal",
            "write all amounts with the same decimals",
        );
    }

    fn check_repayment(&self, periods: u32, problems: &mut Problems) {
        match &self.repayment {
            Repayment::EqualInstalment | Repayment::EqualPrincipal | Repayment::InterestOnly => {}
            Repayment::Balloon { amount } => {
                let place = "repayment.amount";
                self.check_amount(place, *amount, problems);
                let drawn = self.drawdowns.iter().map(|drawdown| i128::from(drawdown.amount.minor())).sum::<i128>();
                let at_most = i128::from(amount.minor()) <= i128::from(self.principal.minor()) + drawn;
                problems.require(at_most, place, "more is left than is drawn", "lower it: the balance may not grow");
            }
            Repayment::Step { share, every } => {
                let share = *share > -1.0 && *share <= MAX_RATE;
                problems.require(share, "repayment.share", "must lie in (-1, 10]", FRACTION);
                problems.require(*every >= 1, "repayment.every", "must be at least 1", "count the payments between steps");
            }
            Repayment::Given { segments } => {
                for (at, segment) in segments.iter().enumerate() {
                    self.check_amount(&format!("repayment.segments[{at}]"), segment.payment, problems);
                }
                let sum: u64 = segments.iter().map(|segment| u64::from(segment.periods)).sum();
                let what = "the segments do not make up the periods after grace";
                problems.require(sum == u64::from(periods), "repayment.segments", what, "let their periods add up");
            }
        }
    }

    fn check_fees(&self, problems: &mut Problems) {
        for (at, fee) in self.fees.iter().enumerate() {
            let place = format!("fees[{at}]");
            let named = !fee.name.trim().is_empty() && self.fees.iter().take(at).all(|other| other.name != fee.name);
            problems.require(named, &place, "a fee needs a name of its own", "name it");
            match fee.charge {
                Charge::Fixed { amount } => self.check_amount(&place, amount, problems),
                Charge::ShareOfPrincipal { share } | Charge::ShareOfBalance { share } => {
                    problems.require(share > 0.0 && share <= 1.0, &place, "the share must lie in (0, 1]", FRACTION);
                }
            }
        }
    }

    fn check_promotions(&self, problems: &mut Problems) {
        for (at, promotion) in self.promotions.iter().enumerate() {
            let place = format!("promotions[{at}]");
            let mut require = |ok: bool, what: &str, remedy: &str| problems.require(ok, &place, what, remedy);
            let inside = |period: u32| (1..=self.periods).contains(&period);
            let period = "names periods outside the schedule";
            match promotion {
                Promotion::InterestFree { periods } => require(inside(*periods), period, "use 1 up to `periods`"),
                Promotion::RateDiscount { from, to, discount } => {
                    require(inside(*from) && inside(*to) && from <= to, period, "use 1 up to `periods`, `from` up to `to`");
                    require(*discount > 0.0 && *discount <= self.rate, "must lie above 0 and up to the rate", FRACTION);
                }
                Promotion::FeeWaiver { fee, share, periods } => {
                    require(self.fees.iter().any(|known| known.name == *fee), "waives a fee that is not there", "name a fee");
                    require(*share > 0.0 && *share <= 1.0, "the share must lie in (0, 1]", FRACTION);
                    require(periods.is_none_or(inside), period, "use 1 up to `periods`, or nothing for all");
                }
            }
        }
    }
}

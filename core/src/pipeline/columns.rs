//! Decisions of a batch, column by column.

use super::answer::{Decision, MAX_REASONS, NO_REASON, Reasons};
use crate::decision::Outcome;
use crate::error::{Error, ErrorCode};
use crate::pricing::{Money, Price, RateBound};
use crate::tier::RiskTier;

/// Absent money in a column of minor units.
pub const NO_MONEY: i64 = i64::MIN;

/// Absent tier, outcome or limit candidate in a column.
pub const NONE: u8 = u8::MAX;

/// Declares equal-length columns, and the same columns as parts that threads can fill.
macro_rules! columns {
    ($(#[$meta:meta])* $owned:ident, $parts:ident { $($(#[$doc:meta])* $name:ident: $kind:ty = $empty:expr),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $owned {
            $($(#[$doc])* pub $name: Vec<$kind>,)+
            /// Rows that could not be decided, with the reason, in rising order.
            pub errors: Vec<(usize, Error)>,
            /// Decimals of the money columns.
            pub decimals: u32,
        }

        /// Rows of the columns, to be filled.
        pub(super) struct $parts<'a> {
            $(pub(super) $name: &'a mut [$kind],)+
        }

        impl $owned {
            pub(super) fn new(rows: usize, decimals: u32) -> Self {
                $owned { $($name: vec![$empty; rows],)+ errors: Vec::new(), decimals }
            }

            pub(super) fn parts(&mut self) -> $parts<'_> {
                $parts { $($name: &mut self.$name,)+ }
            }
        }

        impl<'a> $parts<'a> {
            pub(super) fn split_at(self, rows: usize) -> (Self, Self) {
                $(let $name = self.$name.split_at_mut(rows);)+
                ($parts { $($name: $name.0,)+ }, $parts { $($name: $name.1,)+ })
            }
        }
    };
}

columns! {
    /// Decisions of a batch: one entry a row in each column. A row with a `status` other than 0 holds only
    /// absent values, and its error is in `errors`.
    Decisions, DecisionParts {
        /// 0, or the number of the row's [`ErrorCode`].
        status: u8 = 0,
        /// Score points.
        score: f64 = f64::NAN,
        /// Probability of the event.
        pd: f64 = f64::NAN,
        /// Index of the tier, 0 for A; [`NONE`] when absent.
        tier: u8 = NONE,
        /// 0 approve, 1 refer, 2 decline; [`NONE`] when absent.
        outcome: u8 = NONE,
        /// Limit in minor units; [`NO_MONEY`] when absent.
        limit: i64 = NO_MONEY,
        /// Limit candidate that binds; [`NONE`] when absent.
        binding: u8 = NONE,
        /// Amount offered in minor units; [`NO_MONEY`] when absent.
        amount: i64 = NO_MONEY,
        /// Monthly instalment in minor units; [`NO_MONEY`] when absent.
        instalment: i64 = NO_MONEY,
        /// Rate per year; NaN when absent.
        rate: f64 = f64::NAN,
        /// RAROC at the rate; NaN when absent.
        raroc: f64 = f64::NAN,
        /// Rate that would earn the hurdle, when no legal price exists; else NaN.
        rate_needed: f64 = f64::NAN,
        /// Cap that stands in the way, when no legal price exists; else NaN.
        rate_cap: f64 = f64::NAN,
        /// Reasons as indices, 255 where there is none.
        reasons: [u8; MAX_REASONS] = [NO_REASON; MAX_REASONS],
        /// Number of levels never seen in training.
        unseen: u8 = 0,
    }
}

impl DecisionParts<'_> {
    pub(super) fn set(&mut self, row: usize, decision: &Decision) {
        let minor = |money: Option<Money>| money.map_or(NO_MONEY, Money::minor);
        self.score[row] = decision.score;
        self.pd[row] = decision.pd;
        self.tier[row] = decision.tier.map_or(NONE, |tier| tier.index() as u8);
        self.outcome[row] = decision.outcome.map_or(NONE, |outcome| outcome.index() as u8);
        self.limit[row] = minor(decision.limit);
        self.binding[row] = decision.binding.unwrap_or(NONE);
        self.amount[row] = minor(decision.amount);
        self.instalment[row] = minor(decision.instalment);
        match decision.price {
            Some(Price::Quote { rate, raroc, .. }) => (self.rate[row], self.raroc[row]) = (rate, raroc),
            Some(Price::NoLegalPrice { needed, cap }) => (self.rate_needed[row], self.rate_cap[row]) = (needed, cap),
            Some(Price::Unknown) | None => {}
        }
        self.reasons[row] = decision.reasons.0;
        self.unseen[row] = decision.unseen;
    }
}

impl Decisions {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.status.len()
    }

    /// The decision of one row; `None` beyond the end.
    ///
    /// # Errors
    /// The error of the row.
    pub fn get(&self, row: usize) -> Option<Result<Decision, &Error>> {
        if *self.status.get(row)? != 0 {
            let at = self.errors.binary_search_by_key(&row, |(row, _)| *row).ok()?;
            return Some(Err(&self.errors[at].1));
        }
        let money = |minor: i64| if minor == NO_MONEY { None } else { Money::new(minor, self.decimals) };
        let price = if !self.rate[row].is_nan() {
            Some(Price::Quote { rate: self.rate[row], raroc: self.raroc[row] })
        } else if !self.rate_needed[row].is_nan() {
            Some(Price::NoLegalPrice { needed: self.rate_needed[row], cap: self.rate_cap[row] })
        } else {
            None
        };
        Some(Ok(Decision {
            score: self.score[row],
            pd: self.pd[row],
            tier: RiskTier::from_index(usize::from(self.tier[row])),
            outcome: Outcome::from_index(usize::from(self.outcome[row])),
            limit: money(self.limit[row]),
            binding: Some(self.binding[row]).filter(|&binding| binding != NONE),
            amount: money(self.amount[row]),
            instalment: money(self.instalment[row]),
            price,
            reasons: Reasons(self.reasons[row]),
            unseen: self.unseen[row],
        }))
    }

    pub(super) fn fail(&mut self, errors: Vec<(usize, Error)>) {
        for (row, error) in &errors {
            self.status[*row] = status(error.code());
        }
        self.errors = errors;
    }
}

/// The status of a row with this error; every code fits a byte.
pub(super) fn status(code: ErrorCode) -> u8 {
    code.number() as u8
}

columns! {
    /// Scores of a batch: the part of a decision that needs no policy but the tiers.
    Scores, ScoreParts {
        /// 0, or the number of the row's [`ErrorCode`].
        status: u8 = 0,
        /// Score points; NaN for a row that could not be scored.
        score: f64 = f64::NAN,
        /// Probability of the event.
        pd: f64 = f64::NAN,
        /// Index of the tier after rules, 0 for A; [`NONE`] when absent.
        tier: u8 = NONE,
    }
}

//! Decisions of a batch, column by column.

use super::answer::Decision;
use crate::data::Date;
use crate::decision::{MAX_REASONS, Outcome};
use crate::error::Error;
use crate::pricing::{Money, Price, RateBound};
use crate::tier::{ClientClass, RiskTier};

/// Absent money in a column of minor units.
pub const NO_MONEY: i64 = i64::MIN;

/// Absent tier, outcome, limit candidate or reason in a column.
pub const NONE: u8 = u8::MAX;

/// Room for `rows` entries of any content. The system hands out new zeros page by page, when they are first written: by the thread
/// that fills them.
pub(super) fn make_room<T: Clone + Default>(column: &mut Vec<T>, rows: usize) {
    if column.capacity() < rows {
        *column = vec![T::default(); rows];
    } else {
        column.resize(rows, T::default());
    }
}

/// Declares equal-length columns, and the same columns as parts that threads can fill.
macro_rules! columns {
    ($(#[$meta:meta])* $owned:ident, $parts:ident { $($(#[$doc:meta])* $name:ident: $kind:ty = $empty:expr),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $owned {
            $($(#[$doc])* pub $name: Vec<$kind>,)+
            /// Rows that could not be decided, with the reason, in rising order.
            pub errors: Vec<(usize, Error)>,
            /// Decimals of the money columns.
            pub decimals: u32,
            /// The day as of which the rows were computed, where one was given.
            pub as_of: Option<Date>,
        }

        /// Rows of the columns, to be filled.
        pub(in crate::pipeline) struct $parts<'a> {
            $(pub(in crate::pipeline) $name: &'a mut [$kind],)+
        }

        impl $owned {
            /// Bytes that a row takes in the columns.
            pub const ROW_BYTES: usize = 0 $(+ size_of::<$kind>())+;

            /// Makes room for `rows` rows. What the memory held before is overwritten row by row.
            pub(in crate::pipeline) fn reset(&mut self, rows: usize, decimals: u32, as_of: Option<Date>) {
                $($crate::pipeline::columns::make_room(&mut self.$name, rows);)+
                self.errors.clear();
                self.decimals = decimals;
                self.as_of = as_of;
            }

            /// Adds the rows of another part of the same table.
            pub fn append(&mut self, mut other: Self) {
                let before = self.rows();
                if before == 0 {
                    *self = other;
                    return;
                }
                $(self.$name.append(&mut other.$name);)+
                self.errors.extend(other.errors.into_iter().map(|(row, error)| (row + before, error.after_rows(before))));
                self.decimals = other.decimals;
                self.as_of = other.as_of;
            }

            /// Number of rows.
            #[must_use]
            pub fn rows(&self) -> usize {
                self.status.len()
            }

            pub(in crate::pipeline) fn fail(&mut self, errors: Vec<(usize, Error)>) {
                for (row, error) in &errors {
                    self.status[*row] = error.code().number() as u8;
                }
                self.errors = errors;
            }

            pub(in crate::pipeline) fn parts(&mut self) -> $parts<'_> {
                $parts { $($name: &mut self.$name,)+ }
            }
        }

        impl<'a> $parts<'a> {
            /// Makes every part of a row absent.
            pub(in crate::pipeline) fn clear(&mut self, row: usize) {
                $(self.$name[row] = $empty;)+
            }

            pub(in crate::pipeline) fn split_at(self, rows: usize) -> (Self, Self) {
                $(let $name = self.$name.split_at_mut(rows);)+
                ($parts { $($name: $name.0,)+ }, $parts { $($name: $name.1,)+ })
            }
        }
    };
}

pub(super) use columns;

columns! {
    /// Decisions of a batch: one entry a row in each column. A row with a `status` other than 0 holds only
    /// absent values, and its error is in `errors`.
    Decisions, DecisionParts {
        /// 0, or the number of the row's [`ErrorCode`](crate::ErrorCode).
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
        /// What the rate rests on: 0 the hurdle, 1 the floor, 2 the cap; [`NONE`] when absent.
        rate_bound: u8 = NONE,
        /// RAROC at the rate; NaN when absent.
        raroc: f64 = f64::NAN,
        /// Rate that would earn the hurdle, when no legal price exists; else NaN.
        rate_needed: f64 = f64::NAN,
        /// Cap that stands in the way, when no legal price exists; else NaN.
        rate_cap: f64 = f64::NAN,
        /// Reasons as indices, 255 where there is none.
        reasons: [u8; MAX_REASONS] = [NONE; MAX_REASONS],
        /// Number of levels never seen in training.
        unseen: u8 = 0,
        /// Score of the expert card, 0 to 100; NaN when absent.
        expert_score: f64 = f64::NAN,
        /// Index of the client class, 0 for A; [`NONE`] when absent.
        client_class: u8 = NONE,
    }
}

impl DecisionParts<'_> {
    /// Overwrites every part of a row.
    pub(super) fn set(&mut self, row: usize, decision: &Decision) {
        self.status[row] = 0;
        let minor = |money: Option<Money>| money.map_or(NO_MONEY, Money::minor);
        self.score[row] = decision.score;
        self.pd[row] = decision.pd;
        self.tier[row] = decision.tier.map_or(NONE, |tier| tier.index() as u8);
        self.outcome[row] = decision.outcome.map_or(NONE, |outcome| outcome.index() as u8);
        self.limit[row] = minor(decision.limit);
        self.binding[row] = decision.binding.unwrap_or(NONE);
        self.amount[row] = minor(decision.amount);
        self.instalment[row] = minor(decision.instalment);
        let nan = f64::NAN;
        (self.rate[row], self.raroc[row], self.rate_bound[row], self.rate_needed[row], self.rate_cap[row]) = match decision.price
        {
            Some(Price::Quote { rate, raroc, bound }) => (rate, raroc, bound.index() as u8, nan, nan),
            Some(Price::NoLegalPrice { needed, cap }) => (nan, nan, NONE, needed, cap),
            Some(Price::Unknown) | None => (nan, nan, NONE, nan, nan),
        };
        self.reasons[row] = [NONE; MAX_REASONS];
        for (column, reason) in self.reasons[row].iter_mut().zip(decision.reasons.as_slice()) {
            *column = *reason;
        }
        self.unseen[row] = decision.unseen;
        self.expert_score[row] = decision.expert_score.unwrap_or(f64::NAN);
        self.client_class[row] = decision.client_class.map_or(NONE, |class| class.index() as u8);
    }
}

impl Decisions {
    /// The decisions, row by row.
    ///
    /// # Errors
    /// Each item is the decision or the error of its row.
    pub fn iter(&self) -> impl Iterator<Item = Result<Decision, &Error>> {
        (0..self.rows()).filter_map(|row| self.get(row))
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
        let price = if let Some(bound) = RateBound::from_index(usize::from(self.rate_bound[row])) {
            Some(Price::Quote { rate: self.rate[row], raroc: self.raroc[row], bound })
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
            reasons: self.reasons[row].iter().filter(|&&reason| reason != NONE).copied().collect(),
            unseen: self.unseen[row],
            expert_score: Some(self.expert_score[row]).filter(|score| !score.is_nan()),
            client_class: ClientClass::from_index(usize::from(self.client_class[row])),
        }))
    }
}

columns! {
    /// Scores of a batch: the part of a decision that needs no policy but the tiers.
    Scores, ScoreParts {
        /// 0, or the number of the row's [`ErrorCode`](crate::ErrorCode).
        status: u8 = 0,
        /// Score points; NaN for a row that could not be scored.
        score: f64 = f64::NAN,
        /// Probability of the event.
        pd: f64 = f64::NAN,
        /// Index of the tier after rules, 0 for A; [`NONE`] when absent.
        tier: u8 = NONE,
    }
}

//! Reviewing a whole book: the same path as for an account, a block of rows at a time.

use super::Review;
use crate::data::{Batch, Date};
use crate::decision::MAX_REASONS;
use crate::error::{Error, Problem, Result};
use crate::expr::BlockColumn;
use crate::limit::{Line, LineChange};
use crate::model::BLOCK;
use crate::parallel::Threads;
use crate::pipeline::batch::{Worker, cut};
use crate::pipeline::columns::{NO_MONEY, NONE, columns};
use crate::pipeline::pass::blocks;
use crate::pipeline::rule_bits::RuleBits;
use crate::pipeline::scorer::Scorer;
use crate::pricing::Money;
use crate::tier::{Held, RiskTier, Standing};

/// Absent day in a column of days since 1970-01-01.
pub const NO_DAY: i32 = i32::MIN;

/// Absent row of the action book in a column.
pub const NO_ACTION: u16 = u16::MAX;

/// What is known of the accounts of a batch from the run before, one entry a row in each column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accounts<'a> {
    /// Letter of the tier, `A` to `D`; a space for an account that has none yet.
    pub tiers: &'a [u8],
    /// The day since which the account has it, as days since 1970-01-01; [`NO_DAY`] for an account that has none yet.
    pub since: &'a [i32],
}

impl Accounts<'_> {
    /// The entry in `tiers` of a tier given as text: its letter, a space for none or a blank text, and for a text of another length
    /// what is no letter of ours, so that its row is refused.
    #[must_use]
    pub fn letter(tier: Option<&str>) -> u8 {
        match tier.map(str::as_bytes) {
            None => b' ',
            Some([letter]) => *letter,
            Some(text) if text.trim_ascii().is_empty() => b' ',
            Some(_) => b'?',
        }
    }

    fn check(&self, rows: usize) -> Result<()> {
        for (field, found) in [("previous_tier", self.tiers.len()), ("since", self.since.len())] {
            if found != rows {
                let what = "the column must have one entry for each row of the batch";
                return Err(Error::data(Problem::new(what, "pass columns of one length").field(field)));
            }
        }
        Ok(())
    }

    /// The tier that a row has.
    #[inline]
    fn standing(&self, row: usize) -> Result<Option<Standing>> {
        let (letter, since) = (self.tiers.get(row).copied().unwrap_or(b' '), self.since.get(row).copied().unwrap_or(NO_DAY));
        standing(letter, since)
    }
}

/// The tier that an account has, from its letter and its first day.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) for another letter, and for a tier without its first day.
#[inline]
fn standing(letter: u8, since: i32) -> Result<Option<Standing>> {
    let Some(tier) = RiskTier::from_letter(char::from(letter)) else {
        if letter == b' ' {
            return Ok(None);
        }
        let what = "a tier letter from A to D was expected, or a space for an account without a tier";
        return Err(Error::data(Problem::new(what, "correct the tier of the run before").field("previous_tier")));
    };
    if since == NO_DAY {
        let what = "the account has a tier but no day since which it has it";
        return Err(Error::data(Problem::new(what, "pass the day that the run before gave").field("since")));
    }
    Ok(Some(Standing { tier, since: Date::from_days(since).in_range("since")? }))
}

columns! {
    /// Reviews of a batch: one entry a row in each column. A row with a `status` other than 0 holds only absent values, and
    /// its error is in `errors`. The columns are those of [`Review`].
    Reviews, ReviewParts {
        /// 0, or the number of the row's [`ErrorCode`](crate::ErrorCode).
        status: u8 = 0,
        /// Score points.
        score: f64 = f64::NAN,
        /// Probability of the event.
        pd: f64 = f64::NAN,
        /// Index of the new tier, 0 for A; [`NONE`] when absent.
        tier: u8 = NONE,
        /// Index of the tier before; [`NONE`] when there was none.
        previous: u8 = NONE,
        /// Days since 1970-01-01; [`NO_DAY`] when absent.
        since: i32 = NO_DAY,
        /// Index of the indicated tier; [`NONE`] when absent.
        indicated: u8 = NONE,
        /// Index in [`Held::ALL`]; [`NONE`] when absent.
        held: u8 = NONE,
        /// 1 when a strong rule made the tier worse.
        forced: u8 = 0,
        /// 1 when a person must look.
        refer: u8 = 0,
        /// 1 when a strong rule declines.
        decline: u8 = 0,
        /// Distance to the next better border.
        to_better: f64 = f64::NAN,
        /// Distance to the next worse border.
        to_worse: f64 = f64::NAN,
        /// Strong rules that hit, as bits.
        strong: u64 = 0,
        /// Strong rules whose condition could not be told, as bits.
        missing: u64 = 0,
        /// Weak rules that hit, as bits.
        weak: u64 = 0,
        /// Overlays that hit, as bits.
        overlays: u64 = 0,
        /// Overlays that would hit, had they not ended, as bits.
        expired: u64 = 0,
        /// Level of early warning; [`NONE`] when absent.
        warning: u8 = NONE,
        /// Indicators of early warning that hit, as bits.
        indicators: u64 = 0,
        /// Limit in minor units; [`NO_MONEY`] when absent.
        limit: i64 = NO_MONEY,
        /// Index in [`LineChange::ALL`]; [`NONE`] when absent.
        change: u8 = NONE,
        /// Code of what decided about the limit; [`NONE`] when absent.
        binding: u8 = NONE,
        /// Row of the action book; [`NO_ACTION`] when absent.
        action: u16 = NO_ACTION,
        /// Days since 1970-01-01; [`NO_DAY`] when absent.
        next_review: i32 = NO_DAY,
        /// Reasons as indices, 255 where there is none.
        reasons: [u8; MAX_REASONS] = [NONE; MAX_REASONS],
        /// Number of levels never seen in training.
        unseen: u8 = 0,
    }
}

impl ReviewParts<'_> {
    /// Overwrites every part of a row.
    fn set(&mut self, row: usize, review: &Review) {
        self.status[row] = 0;
        self.score[row] = review.score;
        self.pd[row] = review.pd;
        self.tier[row] = review.tier.index() as u8;
        self.previous[row] = review.previous.map_or(NONE, |tier| tier.index() as u8);
        self.since[row] = review.since.days();
        self.indicated[row] = review.indicated.index() as u8;
        self.held[row] = review.held.index() as u8;
        self.forced[row] = u8::from(review.forced);
        self.refer[row] = u8::from(review.refer);
        self.decline[row] = u8::from(review.decline);
        self.to_better[row] = review.to_better;
        self.to_worse[row] = review.to_worse;
        self.strong[row] = review.strong;
        self.missing[row] = review.missing;
        self.weak[row] = review.weak;
        self.overlays[row] = review.overlays;
        self.expired[row] = review.expired;
        self.warning[row] = review.warning.unwrap_or(NONE);
        self.indicators[row] = review.indicators;
        self.limit[row] = review.limit.map_or(NO_MONEY, Money::minor);
        self.change[row] = review.change.map_or(NONE, |change| change.index() as u8);
        self.binding[row] = review.binding.unwrap_or(NONE);
        self.action[row] = review.action.unwrap_or(NO_ACTION);
        self.next_review[row] = review.next_review.map_or(NO_DAY, Date::days);
        self.reasons[row] = [NONE; MAX_REASONS];
        for (column, reason) in self.reasons[row].iter_mut().zip(review.reasons.as_slice()) {
            *column = *reason;
        }
        self.unseen[row] = review.unseen;
    }
}

impl Reviews {
    /// The review of one row; `None` beyond the end.
    ///
    /// # Errors
    /// The error of the row.
    pub fn get(&self, row: usize) -> Option<std::result::Result<Review, &Error>> {
        if *self.status.get(row)? != 0 {
            let at = self.errors.binary_search_by_key(&row, |(row, _)| *row).ok()?;
            return Some(Err(&self.errors[at].1));
        }
        let tier = |index: u8| RiskTier::from_index(usize::from(index));
        let day = |days: i32| (days != NO_DAY).then(|| Date::from_days(days));
        Some(Ok(Review {
            score: self.score[row],
            pd: self.pd[row],
            tier: tier(self.tier[row])?,
            previous: tier(self.previous[row]),
            since: day(self.since[row])?,
            indicated: tier(self.indicated[row])?,
            held: Held::ALL.get(usize::from(self.held[row])).copied()?,
            forced: self.forced[row] != 0,
            refer: self.refer[row] != 0,
            decline: self.decline[row] != 0,
            to_better: self.to_better[row],
            to_worse: self.to_worse[row],
            strong: self.strong[row],
            missing: self.missing[row],
            weak: self.weak[row],
            overlays: self.overlays[row],
            expired: self.expired[row],
            warning: Some(self.warning[row]).filter(|&level| level != NONE),
            indicators: self.indicators[row],
            limit: if self.limit[row] == NO_MONEY { None } else { Money::new(self.limit[row], self.decimals) },
            change: LineChange::ALL.get(usize::from(self.change[row])).copied(),
            binding: Some(self.binding[row]).filter(|&binding| binding != NONE),
            action: Some(self.action[row]).filter(|&action| action != NO_ACTION),
            next_review: day(self.next_review[row]),
            reasons: self.reasons[row].iter().filter(|&&reason| reason != NONE).copied().collect(),
            unseen: self.unseen[row],
        }))
    }
}

impl Scorer {
    /// Reviews every account of a batch on the day `today`; without `accounts` none has a tier yet. A row with a value that
    /// its field does not allow, an unknown tier letter or a day after `today` gets the status of its error and loses nothing
    /// of the others. The result does not depend on `threads`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the pipeline has no risk tiers;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is missing, of the wrong kind or of another length.
    pub fn review_batch(
        &self,
        batch: &Batch<'_>,
        accounts: Option<Accounts<'_>>,
        today: Date,
        threads: Threads,
    ) -> Result<Reviews> {
        let mut reviews = Reviews::default();
        self.review_batch_into(batch, accounts, today, threads, &mut reviews)?;
        Ok(reviews)
    }

    /// [`Scorer::review_batch`] into the memory of earlier reviews, which saves its allocation.
    ///
    /// # Errors
    /// As [`Scorer::review_batch`]; `reviews` is then as it was.
    pub fn review_batch_into(
        &self,
        batch: &Batch<'_>,
        accounts: Option<Accounts<'_>>,
        today: Date,
        threads: Threads,
        reviews: &mut Reviews,
    ) -> Result<()> {
        let day = self.review_day(today)?;
        accounts.map_or(Ok(()), |accounts| accounts.check(batch.rows()))?;
        let conditions = self.expressions.conditions.len();
        // The rules of the decision policy have no say about accounts in the book.
        let wanted: Vec<usize> =
            (0..self.verdicts.tier_rules()).chain(conditions..conditions + self.expressions.amounts.len()).collect();
        let review = &self.expressions.review;
        let reader = self.reader(&wanted, review.all(), batch)?;
        reviews.reset(batch.rows(), self.verdicts.decimals, Some(today));
        let tasks = cut(batch.rows(), reviews.parts(), ReviewParts::split_at);
        let errors = threads.map(tasks, |(rows, mut parts)| {
            let mut worker = Worker::new(self, &reader);
            let mut line = vec![[f64::NAN; BLOCK]; review.line.len()];
            let mut indicators = RuleBits::new(review.indicators.len());
            let mut warnings = Vec::with_capacity(BLOCK);
            let mut axes: Vec<Option<BlockColumn<'_>>> = vec![None; review.axes.len()];
            let mut errors = Vec::new();
            for block in blocks(&rows) {
                worker.score(block.clone());
                worker.evaluate(&wanted);
                for (i, expression) in review.indicators.iter().enumerate() {
                    if let BlockColumn::Flag(found) = worker.evaluate_one(expression) {
                        indicators.set(i, found);
                    }
                }
                warnings.clear();
                if let Some(table) = self.review.as_ref().and_then(|review| review.warning.as_ref()) {
                    warnings.extend((0..block.len()).map(|at| table.level_told(indicators.told(at))));
                    worker.set_warning(warnings.iter().map(|warning| f64::from(warning.level)));
                }
                for (expression, amounts) in review.line.iter().zip(&mut line) {
                    if let BlockColumn::Number(found) = worker.evaluate_one(expression) {
                        amounts[..block.len()].copy_from_slice(found);
                    }
                }
                let unless = review.unless.as_ref().map(|expression| worker.evaluate_one(expression).clone());
                for (expression, axis) in review.axes.iter().zip(&mut axes) {
                    *axis = expression.as_ref().map(|expression| worker.evaluate_one(expression).clone());
                }
                for at in 0..block.len() {
                    let row = block.start + at;
                    let reviewed = accounts.map_or(Ok(None), |accounts| accounts.standing(row)).and_then(|standing| {
                        let unless = unless.as_ref().and_then(|flags| flags.value(at).as_flag());
                        let line = Line::of(|i| line.get(i).map_or(f64::NAN, |amounts| amounts[at]), unless);
                        let axis = |i: usize| axes.get(i).and_then(Option::as_ref).map(|axis| axis.value(at)).unwrap_or_default();
                        self.conclude_review(&worker.facts(at), standing, &day, warnings.get(at).copied(), line, axis)
                    });
                    match reviewed {
                        Ok(review) => parts.set(row - rows.start, &review),
                        Err(error) => {
                            parts.clear(row - rows.start);
                            errors.push((row, error.at_row(row)));
                        }
                    }
                }
                for (row, error) in worker.errors() {
                    parts.clear(row - rows.start);
                    errors.push((row, error));
                }
            }
            // Of two errors of a row the first is kept: what the batch says of it comes after its account.
            errors.sort_by_key(|(row, _)| *row);
            errors.dedup_by_key(|(row, _)| *row);
            Ok(errors)
        })?;
        reviews.fail(errors.into_iter().flatten().collect());
        Ok(())
    }
}

//! The repricing gap of a book, and what a shift of rates does to its net interest margin.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};
use crate::pricing::{FtpCurve, MAX_MONTHS, Money};

const YEAR: f64 = 12.0;
/// Amounts below this many minor units are exact as doubles.
const EXACT: i64 = 1 << 53;

/// Assets and liabilities whose rates are next set at about the same time.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepricingBucket {
    /// Months until then, 0 to [`MAX_MONTHS`]: the middle of the bucket. What runs off and is replaced is repriced too.
    pub months: f64,
    /// Assets that are repriced, at least 0.
    pub assets: Money,
    /// Liabilities that are repriced, at least 0.
    pub liabilities: Money,
}

/// How rates move, at once and to stay.
#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RateShift {
    /// All by the same.
    Parallel {
        /// Added to each rate per year, in [−1, 1].
        shift: f64,
    },
    /// Each bucket by its own.
    Buckets {
        /// Added to the rates of each bucket, in [−1, 1].
        shifts: Vec<f64>,
    },
    /// From one curve of transfer prices to another: each bucket by the difference at its term.
    Curves {
        /// The curve today.
        before: FtpCurve,
        /// The curve to which it moves.
        after: FtpCurve,
    },
}

/// A bucket with its gap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GapRow {
    /// Months until it is repriced.
    pub months: f64,
    /// Assets.
    pub assets: Money,
    /// Liabilities.
    pub liabilities: Money,
    /// Assets less liabilities.
    pub gap: Money,
    /// The gaps up to this one.
    pub cumulative: Money,
    /// What is added to its rates.
    pub shift: f64,
    /// What that adds to net interest income within the horizon.
    pub change: Money,
}

/// The repricing gap of a book.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GapReport {
    /// The buckets.
    pub rows: Vec<GapRow>,
    /// All assets.
    pub assets: Money,
    /// All liabilities.
    pub liabilities: Money,
    /// Assets less liabilities.
    pub gap: Money,
    /// What the shift adds to net interest income within the horizon: the sum of the buckets.
    pub change: Money,
    /// The same per year, as a share of the assets: the change of the net interest margin. None without assets.
    pub margin_change: Option<f64>,
}

/// The gap of each bucket, their sums, and what a shift of rates does to net interest income within `horizon` months:
/// shift · gap · (horizon − months) / 12 for what is repriced before the horizon, and nothing for the rest, rounded half up to the
/// minor unit bucket by bucket. Volumes stay, and what is repriced moves with the curve in full. The earnings view of the Basel
/// Committee's "Interest rate risk in the banking book" (d368, April 2016); the repricing model of A. Saunders and M. Cornett,
/// "Financial Institutions Management". Values of fixed cash flows, options and behaviour are not in it.
///
/// ```
/// use scoreline::pricing::Money;
/// use scoreline::portfolio::{RateShift, RepricingBucket, repricing_gap};
/// let euro = |amount: i64| Money::new(amount * 100, 2).unwrap();
/// let bucket = |months, assets, liabilities| RepricingBucket { months, assets: euro(assets), liabilities: euro(liabilities) };
/// let book = [bucket(0.0, 400, 700), bucket(6.0, 500, 200), bucket(24.0, 300, 200)];
/// let report = repricing_gap(&book, &RateShift::Parallel { shift: 0.02 }, 12)?;
/// assert_eq!((report.rows[0].gap, report.rows[1].cumulative, report.gap), (euro(-300), euro(0), euro(100)));
/// assert_eq!((report.rows[0].change, report.rows[1].change, report.change), (euro(-6), euro(3), euro(-3)));
/// assert_eq!(report.margin_change, Some(-3.0 / 1200.0));
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with every bucket whose months do not rise or lie outside 0 to 1,200, whose amounts
/// are negative, have other decimals or reach 2⁵³ minor units in sum; for a shift outside [−1, 1] or not one for each bucket, curves
/// that are not valid, and a horizon outside 1 to 1,200 months.
pub fn repricing_gap(buckets: &[RepricingBucket], shift: &RateShift, horizon: u32) -> Result<GapReport> {
    check(buckets, shift, horizon)?;
    let decimals = buckets.first().map_or(0, |bucket| bucket.assets.decimals());
    let money = |minor: i64| Money::new(minor, decimals).ok_or_else(|| Error::internal("money of impossible scale"));
    let (mut assets, mut liabilities, mut change) = (0, 0, 0);
    let mut rows = Vec::with_capacity(buckets.len());
    for (at, bucket) in buckets.iter().enumerate() {
        let gap = bucket.assets.minor() - bucket.liabilities.minor();
        assets += bucket.assets.minor();
        liabilities += bucket.liabilities.minor();
        let shift = shift.of(at, bucket.months);
        let left = (f64::from(horizon) - bucket.months).max(0.0) / YEAR;
        let moved = Money::round_half_up(gap as f64 * shift * left, 0);
        let moved = moved.ok_or_else(|| beyond("the change is beyond the range of money"))?.minor();
        change = i64::checked_add(change, moved).ok_or_else(|| beyond("the change is beyond the range of money"))?;
        rows.push(GapRow {
            months: bucket.months,
            assets: bucket.assets,
            liabilities: bucket.liabilities,
            gap: money(gap)?,
            cumulative: money(assets - liabilities)?,
            shift,
            change: money(moved)?,
        });
    }
    Ok(GapReport {
        rows,
        assets: money(assets)?,
        liabilities: money(liabilities)?,
        gap: money(assets - liabilities)?,
        change: money(change)?,
        margin_change: (assets > 0).then(|| change as f64 / assets as f64 * (YEAR / f64::from(horizon))),
    })
}

fn beyond(what: &str) -> Error {
    Error::data(Problem::new(what, "use a larger unit").field("buckets"))
}

impl RateShift {
    /// What is added to the rates of a bucket.
    fn of(&self, at: usize, months: f64) -> f64 {
        match self {
            RateShift::Parallel { shift } => *shift,
            RateShift::Buckets { shifts } => shifts.get(at).copied().unwrap_or(0.0),
            RateShift::Curves { before, after } => after.rate_at(months) - before.rate_at(months),
        }
    }

    fn check(&self, buckets: usize, problems: &mut Problems) {
        let usable = |shift: &f64| (-1.0..=1.0).contains(shift);
        let (what, remedy) = ("must lie in [-1, 1]", "pass a fraction per year, not percent");
        match self {
            RateShift::Parallel { shift } => problems.require(usable(shift), "shift.shift", what, remedy),
            RateShift::Buckets { shifts } => {
                problems.require(shifts.iter().all(usable), "shift.shifts", what, remedy);
                let one_each = shifts.len() == buckets;
                problems.require(one_each, "shift.shifts", "a shift for each bucket was expected", "use 0 where none is");
            }
            RateShift::Curves { before, after } => {
                problems.absorb("shift.before", before.validate());
                problems.absorb("shift.after", after.validate());
            }
        }
    }
}

fn check(buckets: &[RepricingBucket], shift: &RateShift, horizon: u32) -> Result<()> {
    let mut problems = Problems::default();
    let months = (1..=MAX_MONTHS).contains(&horizon);
    problems.require(months, "horizon", "must lie between 1 and 1,200", "pass months: 12 for a year");
    problems.require(!buckets.is_empty(), "buckets", "there are no buckets", "pass assets and liabilities by months");
    shift.check(buckets.len(), &mut problems);
    let decimals = buckets.first().map(|bucket| bucket.assets.decimals());
    let mut before = -1.0;
    for (row, bucket) in buckets.iter().enumerate() {
        let mut require = |ok: bool, field: &str, what: &str, remedy: &str| {
            if !ok {
                problems.push(Problem::new(what, remedy).field(field).row(row));
            }
        };
        let within = (0.0..=f64::from(MAX_MONTHS)).contains(&bucket.months);
        require(within, "months", "must lie in [0, 1200]", "pass the months until the rates are set");
        require(!within || bucket.months > before, "months", "must be above that of the bucket before", "sort and merge buckets");
        before = bucket.months;
        for (field, amount) in [("assets", bucket.assets), ("liabilities", bucket.liabilities)] {
            require(amount.minor() >= 0, field, "an amount of at least 0 was expected", "pass what is owed to or by the bank");
            let same = Some(amount.decimals()) == decimals;
            require(same, field, "has other decimals than the first amount", "write all with the decimals of the currency");
        }
    }
    let amounts = [|bucket: &RepricingBucket| bucket.assets, |bucket: &RepricingBucket| bucket.liabilities];
    let fits = amounts.into_iter().all(|amount| {
        let sum = buckets.iter().try_fold(0i64, |sum, bucket| sum.checked_add(amount(bucket).minor()));
        sum.is_some_and(|sum| sum < EXACT)
    });
    problems.require(fits, "buckets", "the amounts reach 2^53 minor units in sum", "use a larger unit");
    problems.into_data()
}

#[cfg(test)]
mod tests;

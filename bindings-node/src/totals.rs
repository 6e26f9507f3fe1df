//! What a run came to, as plain objects.

use std::collections::BTreeMap;

use napi_derive::napi;
use scoreline::pipeline;
use scoreline::tier::{self, ByTier};

/// Accounts by tier.
#[napi(object, object_from_js = false)]
pub struct TierCounts {
    /// In tier A.
    #[napi(js_name = "A")]
    pub a: f64,
    /// In tier B.
    #[napi(js_name = "B")]
    pub b: f64,
    /// In tier C.
    #[napi(js_name = "C")]
    pub c: f64,
    /// In tier D.
    #[napi(js_name = "D")]
    pub d: f64,
}

/// Accounts by the tier before, then by the new one.
#[napi(object, object_from_js = false)]
pub struct TierMoves {
    /// From tier A.
    #[napi(js_name = "A")]
    pub a: TierCounts,
    /// From tier B.
    #[napi(js_name = "B")]
    pub b: TierCounts,
    /// From tier C.
    #[napi(js_name = "C")]
    pub c: TierCounts,
    /// From tier D.
    #[napi(js_name = "D")]
    pub d: TierCounts,
}

/// Counts and sums over the reviews of a batch or a run; those of parts add up to those of the whole.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct ReviewTotals {
    /// Rows read.
    pub rows: f64,
    /// Rows that could not be reviewed.
    pub refused: f64,
    /// Reviewed accounts that had no tier before, by their tier.
    pub first: TierCounts,
    /// Reviewed accounts by the tier before, then by the new one.
    pub moves: TierMoves,
    /// Accounts by what keeps their tier from the indicated one.
    pub held: BTreeMap<String, f64>,
    /// Accounts whose tier a strong rule made worse.
    pub forced: f64,
    /// Accounts that a person must look at.
    pub referred: f64,
    /// Accounts to which nothing is granted.
    pub declined: f64,
    /// Accounts that an overlay hit.
    pub overlaid: f64,
    /// Accounts that an overlay would hit, had it not ended.
    pub expired: f64,
    /// Accounts by level of early warning, from 0.
    pub warnings: Vec<f64>,
    /// Accounts by what becomes of their limit.
    pub changes: BTreeMap<String, f64>,
    /// Sum of the limits that follow, an exact decimal; `null` without a policy for lines.
    pub limits: Option<String>,
    /// Accounts by the row of the action book that answers.
    pub actions: BTreeMap<String, f64>,
}

/// What the breaker of a run says.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct BreakerOutcome {
    /// Share of accounts whose tier is worse after the run.
    pub downgraded: f64,
    /// Share of accounts whose tier is better.
    pub upgraded: f64,
    /// Whether a share was above what is allowed; then an operator forced the run.
    pub tripped: bool,
    /// Who allowed the run to be written whatever moves.
    pub forced_by: Option<String>,
}

/// A run that may be written.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct RunReport {
    /// Hash of the model.
    pub artefact: String,
    /// The day of the run.
    pub today: String,
    /// Number of blocks.
    pub blocks: f64,
    /// Blocks that were run again and came to the same.
    pub replayed: f64,
    /// The totals of all blocks.
    pub totals: ReviewTotals,
    /// SHA-256, in hex, over the hashes of the blocks in the order of their numbers.
    pub hash: String,
    /// What the breaker says; `null` without one.
    pub breaker: Option<BreakerOutcome>,
}

/// Exact below 2^53, far beyond any book.
fn count(count: u64) -> f64 {
    count as f64
}

impl From<ByTier<u64>> for TierCounts {
    fn from(ByTier { a, b, c, d }: ByTier<u64>) -> Self {
        TierCounts { a: count(a), b: count(b), c: count(c), d: count(d) }
    }
}

impl From<ByTier<ByTier<u64>>> for TierMoves {
    fn from(ByTier { a, b, c, d }: ByTier<ByTier<u64>>) -> Self {
        TierMoves { a: a.into(), b: b.into(), c: c.into(), d: d.into() }
    }
}

impl From<pipeline::ReviewTotals> for ReviewTotals {
    fn from(totals: pipeline::ReviewTotals) -> Self {
        let counts = |by: BTreeMap<String, u64>| by.into_iter().map(|(name, accounts)| (name, count(accounts))).collect();
        ReviewTotals {
            rows: count(totals.rows),
            refused: count(totals.refused),
            first: totals.first.into(),
            moves: totals.moves.into(),
            held: counts(totals.held),
            forced: count(totals.forced),
            referred: count(totals.referred),
            declined: count(totals.declined),
            overlaid: count(totals.overlaid),
            expired: count(totals.expired),
            warnings: totals.warnings.into_iter().map(count).collect(),
            changes: counts(totals.changes),
            limits: totals.limits.map(|money| money.to_string()),
            actions: counts(totals.actions),
        }
    }
}

impl From<tier::BreakerOutcome> for BreakerOutcome {
    fn from(tier::BreakerOutcome { downgraded, upgraded, tripped, forced_by }: tier::BreakerOutcome) -> Self {
        BreakerOutcome { downgraded, upgraded, tripped, forced_by }
    }
}

impl From<pipeline::RunReport> for RunReport {
    fn from(report: pipeline::RunReport) -> Self {
        RunReport {
            artefact: report.artefact,
            today: report.today.to_string(),
            blocks: count(report.blocks),
            replayed: count(report.replayed),
            totals: report.totals.into(),
            hash: report.hash,
            breaker: report.breaker.map(BreakerOutcome::from),
        }
    }
}

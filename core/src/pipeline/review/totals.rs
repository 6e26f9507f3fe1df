//! Control totals of a run, to reconcile what was written with what was computed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::batch::{NO_ACTION, Reviews};
use crate::data::hex;
use crate::error::{Error, Problem, Result};
use crate::limit::LineChange;
use crate::pipeline::columns::{NO_MONEY, NONE};
use crate::pipeline::scorer::Scorer;
use crate::pricing::Money;
use crate::tier::{ByTier, Held, MigrationMatrix, RiskTier};

/// Counts and sums over the reviews of a block or a run; those of parts add up to those of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewTotals {
    /// Rows read.
    pub rows: u64,
    /// Rows that could not be reviewed.
    pub refused: u64,
    /// Reviewed accounts that had no tier before, by their tier.
    pub first: ByTier<u64>,
    /// Reviewed accounts by the tier before, then by the new one.
    pub moves: ByTier<ByTier<u64>>,
    /// Accounts by what keeps their tier from the indicated one; see [`Held::name`].
    pub held: BTreeMap<String, u64>,
    /// Accounts whose tier a strong rule made worse.
    pub forced: u64,
    /// Accounts that a person must look at.
    pub referred: u64,
    /// Accounts to which nothing is granted.
    pub declined: u64,
    /// Accounts that an overlay hit.
    pub overlaid: u64,
    /// Accounts that an overlay would hit, had it not ended.
    pub expired: u64,
    /// Accounts by level of early warning, from 0.
    pub warnings: Vec<u64>,
    /// Accounts by what becomes of their limit; see [`LineChange::name`].
    pub changes: BTreeMap<String, u64>,
    /// Sum of the limits that follow; absent without a policy for lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Money>,
    /// Accounts by the row of the action book that answers.
    pub actions: BTreeMap<String, u64>,
}

impl ReviewTotals {
    /// The totals of a batch.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the sum of the limits is too large.
    pub fn of(reviews: &Reviews, scorer: &Scorer) -> Result<Self> {
        // Accounts without a tier before come last.
        let mut moves = [[0u64; 4]; 5];
        let mut held = [0u64; Held::ALL.len()];
        let mut changes = [0u64; LineChange::ALL.len()];
        let mut actions = vec![0u64; scorer.actions().len()];
        let mut totals = ReviewTotals { rows: reviews.rows() as u64, ..ReviewTotals::default() };
        let (mut sum, mut limited) = (0i128, false);
        for row in 0..reviews.rows() {
            if reviews.status[row] != 0 {
                totals.refused += 1;
                continue;
            }
            let before = if reviews.previous[row] == NONE { 4 } else { usize::from(reviews.previous[row]) };
            bump(moves.get_mut(before).map_or(&mut [], |row| &mut row[..]), usize::from(reviews.tier[row]));
            bump(&mut held, usize::from(reviews.held[row]));
            if reviews.warning[row] != NONE {
                let level = usize::from(reviews.warning[row]);
                if totals.warnings.len() <= level {
                    totals.warnings.resize(level + 1, 0);
                }
                totals.warnings[level] += 1;
            }
            bump(&mut changes, usize::from(reviews.change[row]));
            if reviews.action[row] != NO_ACTION {
                bump(&mut actions, usize::from(reviews.action[row]));
            }
            totals.forced += u64::from(reviews.forced[row]);
            totals.referred += u64::from(reviews.refer[row]);
            totals.declined += u64::from(reviews.decline[row]);
            totals.overlaid += u64::from(reviews.overlays[row] != 0);
            totals.expired += u64::from(reviews.expired[row] != 0);
            if reviews.limit[row] != NO_MONEY {
                sum += i128::from(reviews.limit[row]);
                limited = true;
            }
        }
        let by_tier = |counts: [u64; 4]| ByTier::from(counts);
        let [a, b, c, d, first] = moves.map(by_tier);
        totals.moves = [a, b, c, d].into();
        totals.first = first;
        let named = |names: &mut dyn Iterator<Item = (String, u64)>| names.filter(|(_, count)| *count > 0).collect();
        totals.held = named(&mut Held::ALL.iter().map(|held| held.name().to_owned()).zip(held));
        totals.changes = named(&mut LineChange::ALL.iter().map(|change| change.name().to_owned()).zip(changes));
        totals.actions = named(&mut scorer.actions().iter().map(|row| row.code.clone()).zip(actions));
        if limited {
            totals.limits = Some(money(sum, reviews.decimals)?);
        }
        Ok(totals)
    }

    /// Adds the totals of another part of the run.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the sum of the limits is too large;
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when the limits have other decimals.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.limits = match (self.limits, other.limits) {
            (Some(one), Some(two)) if one.decimals() == two.decimals() => {
                Some(money(i128::from(one.minor()) + i128::from(two.minor()), one.decimals())?)
            }
            (Some(_), Some(_)) => {
                let problem = Problem::new("the limits have other decimals", "merge totals of runs of one file");
                return Err(Error::incompatible(problem.field("limits")));
            }
            (one, two) => one.or(two),
        };
        for (count, more) in self.counts_mut().into_iter().zip(other.clone().counts_mut()) {
            *count += *more;
        }
        if self.warnings.len() < other.warnings.len() {
            self.warnings.resize(other.warnings.len(), 0);
        }
        self.warnings.iter_mut().zip(&other.warnings).for_each(|(count, more)| *count += more);
        let maps = [(&mut self.held, &other.held), (&mut self.changes, &other.changes), (&mut self.actions, &other.actions)];
        for (into, from) in maps {
            for (name, count) in from {
                *into.entry(name.clone()).or_default() += count;
            }
        }
        Ok(())
    }

    fn counts_mut(&mut self) -> Vec<&mut u64> {
        let mut counts = vec![
            &mut self.rows,
            &mut self.refused,
            &mut self.forced,
            &mut self.referred,
            &mut self.declined,
            &mut self.overlaid,
            &mut self.expired,
        ];
        let ByTier { a, b, c, d } = &mut self.moves;
        for ByTier { a, b, c, d } in [&mut self.first, a, b, c, d] {
            counts.extend([a, b, c, d]);
        }
        counts
    }

    /// From which tier to which, of the accounts that had one before.
    ///
    /// # Errors
    /// None for totals that were computed.
    pub fn migration(&self) -> Result<MigrationMatrix> {
        let rows: Vec<Vec<u64>> = self.moves.iter().map(|(_, row)| row.iter().map(|(_, count)| *count).collect()).collect();
        MigrationMatrix::from_counts(&rows)
    }

    /// Accounts whose tier is another one now.
    #[must_use]
    pub fn changed(&self) -> u64 {
        let moved = |(before, row): (RiskTier, &ByTier<u64>)| -> u64 {
            row.iter().filter(|(after, _)| *after != before).map(|(_, count)| *count).sum()
        };
        self.moves.iter().map(moved).sum()
    }
}

fn bump(counts: &mut [u64], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

fn money(minor: i128, decimals: u32) -> Result<Money> {
    i64::try_from(minor)
        .ok()
        .and_then(|minor| Money::new(minor, decimals))
        .ok_or_else(|| Error::data(Problem::new("the sum of the limits is too large", "run the book in parts").field("limits")))
}

impl Reviews {
    /// SHA-256, in hex, over what a run writes of each row: status, tier, first day, limit, row of the action book, next review,
    /// PD and reasons, each in little-endian bytes. Equal for equal reviews in every language.
    #[must_use]
    pub fn hash(&self) -> String {
        const ROW: usize = 32;
        let mut hasher = Sha256::new();
        let mut bytes = Vec::with_capacity(ROW * 1_024);
        for row in 0..self.rows() {
            bytes.extend_from_slice(&[self.status[row], self.tier[row]]);
            bytes.extend_from_slice(&self.since[row].to_le_bytes());
            bytes.extend_from_slice(&self.limit[row].to_le_bytes());
            bytes.extend_from_slice(&self.action[row].to_le_bytes());
            bytes.extend_from_slice(&self.next_review[row].to_le_bytes());
            bytes.extend_from_slice(&self.pd[row].to_le_bytes());
            bytes.extend_from_slice(&self.reasons[row]);
            if bytes.len() >= ROW * 1_024 {
                hasher.update(&bytes);
                bytes.clear();
            }
        }
        hex(&hasher.chain_update(&bytes).finalize())
    }
}

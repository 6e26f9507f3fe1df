//! What the passes see: exact summaries that merge in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::binning::{BinningConfig, ObservedCounts};
use crate::error::{Error, Problem, Result};
use crate::stats::{Counts, ExactSums, Patterns, Summary, ValueCounts};

/// What one pass saw of some of the rows. Merge the summaries of all rows, in any order, and hand the
/// result to [`Trainer::advance`](crate::Trainer::advance).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassSummary {
    pub(crate) training: String,
    pub(crate) pass: u32,
    pub(crate) seen: Seen,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Seen {
    /// What was seen for each card.
    Learn {
        cards: Vec<CardSeen>,
    },
    Grade(GradeSeen),
}

/// What was seen for one card, on the rows that belong to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CardSeen {
    /// Nothing: the card is there.
    Rest,
    Profile(ProfileSeen),
    Patterns(Patterns),
    /// Sums of a Newton step, by fold.
    Newton {
        folds: Vec<ExactSums>,
    },
}

/// Counts by value of every candidate, on the rows trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileSeen {
    pub(crate) rows: Counts,
    pub(crate) candidates: Vec<ObservedCounts>,
    /// The candidates by period, where periods are asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) periods: BTreeMap<String, Vec<ObservedCounts>>,
}

/// PDs by outcome, on the rows trained on and on those kept for testing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GradeSeen {
    pub(crate) rows: Counts,
    pub(crate) test_rows: Counts,
    pub(crate) pd: ValueCounts,
    pub(crate) test_pd: ValueCounts,
    /// Counts by tier of the rows trained on; empty without tiers.
    pub(crate) tiers: Vec<Counts>,
    pub(crate) test_tiers: Vec<Counts>,
    /// Sum of weight · PD by tier.
    pub(crate) tier_pd: ExactSums,
}

impl PassSummary {
    /// The largest information value that each candidate has on a card, in bins after `binning`. Only a profile tells.
    pub(crate) fn information(&self, candidates: &[String], binning: &BinningConfig) -> Result<Vec<f64>> {
        let Seen::Learn { cards } = &self.seen else { return Err(mismatch()) };
        let mut information = vec![0.0; candidates.len()];
        for card in cards {
            let CardSeen::Profile(seen) = card else { return Err(mismatch()) };
            for ((most, name), counts) in information.iter_mut().zip(candidates).zip(&seen.candidates) {
                *most = counts.bin(name, binning)?.iv.max(*most);
            }
        }
        Ok(information)
    }
}

impl Summary for PassSummary {
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.training != other.training || self.pass != other.pass {
            return Err(mismatch());
        }
        match (&mut self.seen, &other.seen) {
            (Seen::Learn { cards }, Seen::Learn { cards: other }) => cards.merge(other),
            (Seen::Grade(seen), Seen::Grade(other)) => seen.merge(other),
            _ => Err(mismatch()),
        }
    }
}

impl Summary for Vec<CardSeen> {
    fn merge(&mut self, other: &Self) -> Result<()> {
        same_length(self, other)?;
        self.iter_mut().zip(other).try_for_each(|(seen, other)| seen.merge(other))
    }
}

impl CardSeen {
    fn merge(&mut self, other: &Self) -> Result<()> {
        match (self, other) {
            (CardSeen::Rest, CardSeen::Rest) => Ok(()),
            (CardSeen::Profile(seen), CardSeen::Profile(other)) => seen.merge(other),
            (CardSeen::Patterns(seen), CardSeen::Patterns(other)) => seen.merge(other),
            (CardSeen::Newton { folds }, CardSeen::Newton { folds: other }) => {
                same_length(folds, other)?;
                folds.iter_mut().zip(other).try_for_each(|(sums, other)| sums.merge(other))
            }
            _ => Err(mismatch()),
        }
    }
}

impl ProfileSeen {
    fn merge(&mut self, other: &Self) -> Result<()> {
        self.rows.add(other.rows);
        for (period, candidates) in &other.periods {
            match self.periods.get_mut(period) {
                Some(seen) => merge_all(seen, candidates)?,
                None => {
                    self.periods.insert(period.clone(), candidates.clone());
                }
            }
        }
        merge_all(&mut self.candidates, &other.candidates)
    }
}

impl Summary for GradeSeen {
    fn merge(&mut self, other: &Self) -> Result<()> {
        self.rows.add(other.rows);
        self.test_rows.add(other.test_rows);
        self.pd.merge(&other.pd)?;
        self.test_pd.merge(&other.test_pd)?;
        add_all(&mut self.tiers, &other.tiers)?;
        add_all(&mut self.test_tiers, &other.test_tiers)?;
        self.tier_pd.merge(&other.tier_pd)
    }
}

fn merge_all<S: Summary>(into: &mut [S], other: &[S]) -> Result<()> {
    same_length(into, other)?;
    into.iter_mut().zip(other).try_for_each(|(into, other)| into.merge(other))
}

fn add_all(into: &mut [Counts], other: &[Counts]) -> Result<()> {
    same_length(into, other)?;
    into.iter_mut().zip(other).for_each(|(into, other)| into.add(*other));
    Ok(())
}

fn same_length<T>(a: &[T], b: &[T]) -> Result<()> {
    if a.len() == b.len() { Ok(()) } else { Err(mismatch()) }
}

pub(crate) fn mismatch() -> Error {
    Error::incompatible(Problem::new(
        "the summaries belong to different trainings or passes",
        "merge only what the current pass of one training observed, and use one release everywhere",
    ))
}
